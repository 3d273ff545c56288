"""`manage.py`, held at a known point: `python -m tests.support.held MODEL COUNT [its arguments]`.

A test that stops a process must know where it was stopped, on a busy machine too. So this one says
`held` on its standard output when it has written the COUNT-th row of MODEL (`articles.article`), by
itself or together with others, in whatever transaction that was, and goes on when a line or the end
comes on its standard input.
"""

import os
import sys


def main(model: str, count: int, arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line
    from django.db.models import QuerySet
    from django.db.models.signals import post_save

    left = count

    def written(of, rows: int) -> None:
        nonlocal left
        if of._meta.label_lower == model:
            before, left = left, left - rows
            if before > 0 >= left:
                print("held", flush=True)
                sys.stdin.readline()

    def hold(sender, created, **kwargs) -> None:
        written(sender, int(created))

    def together(queryset, rows, *args, **kwargs):
        made = write(queryset, rows, *args, **kwargs)
        written(queryset.model, len(made))
        return made

    post_save.connect(hold, weak=False)
    write, QuerySet.bulk_create = QuerySet.bulk_create, together
    execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
