"""`manage.py`, held at a known point: `python -m tests.support.held MODEL COUNT [its arguments]`.

This one says `held` on its standard output when it has written the COUNT-th row of MODEL
(`articles.article`), or for `commit` has committed the COUNT-th transaction, and goes on when a line
or the end comes on its standard input.
"""

import os
import sys

from .holding import tell


def main(model: str, count: int, arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    left = count

    def written(of: str, rows: int) -> None:
        nonlocal left
        if of == model:
            before, left = left, left - rows
            if before > 0 >= left:
                print("held", flush=True)
                sys.stdin.readline()

    tell(written)
    execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
