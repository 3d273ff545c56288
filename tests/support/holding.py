"""What tests that kill know of a process: which rows it has written, and that it has committed.

A test that stops a process must know where it was stopped, on a busy machine too.
"""

from collections.abc import Callable

COMMIT = "commit"
"""What is told of a transaction that was committed, as the label of a model is of a row written."""


def tell(written: Callable[[str, int], None]) -> None:
    """Call `written` with a model's label and how many rows of it were just written, by themselves
    or together, in whatever transaction that was; and with COMMIT after each commit."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.signals import post_save

    def saved(sender, created, **kwargs) -> None:
        if created:
            written(sender._meta.label_lower, 1)

    def together(queryset, rows, *args, **kwargs):
        made = write(queryset, rows, *args, **kwargs)
        written(queryset.model._meta.label_lower, len(made))
        return made

    def committed(connection) -> None:
        commit(connection)
        written(COMMIT, 1)

    post_save.connect(saved, weak=False)
    write, QuerySet.bulk_create = QuerySet.bulk_create, together
    commit, BaseDatabaseWrapper.commit = BaseDatabaseWrapper.commit, committed
