"""`manage.py`, held at a known point: `python -m tests.support.held MODEL COUNT [its arguments]`.

A test that stops a process must know where it was stopped, on a busy machine too. So this one says
`held` on its standard output when it has saved the COUNT-th row of MODEL (`articles.article`), in
whatever transaction that was, and goes on when a line or the end comes on its standard input.
"""

import os
import sys


def main(model: str, count: int, arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line
    from django.db.models.signals import post_save

    left = count

    def hold(sender, created, **kwargs) -> None:
        nonlocal left
        if created and sender._meta.label_lower == model:
            left -= 1
            if left == 0:
                print("held", flush=True)
                sys.stdin.readline()

    post_save.connect(hold, weak=False)
    execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
