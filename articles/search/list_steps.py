"""The entries of one list, and how many of them lie before a page far down.

To skip 100,000 entries a database goes through each, which takes longer than all else of a page. So
a list has steps: the place of about each thousandth entry, counted from the oldest, since what is
published later does not move those. Readers who ask for a page far down count the steps that are
missing.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from ..models import ListChange, ListStep
from ..models.plain_sql import rows
from .engine import engine
from .rows import UNEXPIRED, last_position

_STEP = 1_000
"""Entries from one step to the next: skipping them takes about a tenth of a millisecond."""

_KEPT = timedelta(days=1)
"""Time after which steps are counted again, as articles expire without a word."""


def entries(
    facet: str,
    what: str,
    then: str = "",
    *values,
    by_date: bool = False,
    first: int = 0,
    last: int | None = None,
) -> list[tuple]:
    """Return something of the public entries of a list, from one position to another, asked for in
    SQL: Django takes longer to write that than the database to answer. `what` and `then` are
    constants."""
    # Of positions as a sum no index is used: the one by dates is, and nothing is sorted.
    position = "position + 0" if by_date else "position"
    now = timezone.now()
    last = last_position(now) if last is None else last
    return rows(
        f"SELECT {what} FROM articles_listing WHERE facet = %s "  # noqa: S608 - constants
        f"AND {position} BETWEEN %s AND %s AND {UNEXPIRED} {then}",
        [facet, first, last, now, *values],
    )


def near(facet: str, start: int) -> tuple[int, int]:
    """Return a position little newer than the entry that has `start` others before it, and how many
    of these are newer than that."""
    counted, newest = _newest_step(facet)
    ((newer,),) = entries(facet, "count(*)", first=newest + 1)
    if newer > 2 * _STEP:
        _count_on(facet)
        counted, newest = _newest_step(facet)
        ((newer,),) = entries(facet, "count(*)", first=newest + 1)
    total = counted + newer
    step = _step(
        facet, "AND counted >= %s AND position <= %s ORDER BY counted", total - start, newest
    )
    if step is None:
        return last_position(timezone.now()), 0
    return step[1], total - step[0]


def _newest_step(facet: str) -> tuple[int, int]:
    """Return how many entries there are up to the newest step, and its position."""
    return _step(facet, "ORDER BY counted DESC") or (0, -1)


_NO_POSITION = 2**63 - 1
"""Higher than that of any entry."""

_STEPS = f"""
SELECT counted, position FROM articles_liststep WHERE facet = %s AND counted_at > %s
AND position < coalesce(
(SELECT min(position) FROM articles_listchange WHERE facet = %s), {_NO_POSITION})
"""  # noqa: S608 - a constant
"""The steps of a list that can be gone by: before all that came or went since."""


def _step(facet: str, then: str, *values: int) -> tuple[int, int] | None:
    """Return how many entries there are up to the first of these steps, and its position."""
    old = connection.ops.adapt_datetimefield_value(timezone.now() - _KEPT)
    found = rows(f"{_STEPS} {then} LIMIT 1", [facet, old, facet, *values])
    return found[0] if found else None


_FORGET_STEPS = """
DELETE FROM articles_liststep WHERE facet = %s AND (counted_at <= %s
OR position >= (SELECT min(position) FROM articles_listchange WHERE facet = %s))
"""

_FORGET_CHANGES = """
DELETE FROM articles_listchange WHERE facet = %s AND NOT EXISTS (
SELECT 1 FROM articles_liststep AS step
WHERE step.facet = articles_listchange.facet AND step.position >= articles_listchange.position)
"""

_COUNT = """
WITH newest AS (
SELECT counted, position, counted_at FROM articles_liststep WHERE facet = %s AND counted_at > %s
AND position < coalesce((SELECT min(position) FROM articles_listchange WHERE facet = %s), {most})
ORDER BY counted DESC LIMIT 1
) INSERT INTO articles_liststep (facet, counted, position, counted_at)
SELECT %s, coalesce((SELECT counted FROM newest), 0) + n, position,
coalesce((SELECT counted_at FROM newest), %s) FROM (
SELECT position, row_number() OVER (ORDER BY position) AS n FROM articles_listing
WHERE facet = %s AND position > coalesce((SELECT position FROM newest), -1) AND position <= %s
AND {unexpired}
) AS found WHERE n %% {step} = 0
"""


def _count_on(facet: str) -> None:
    """Count the steps behind the newest one; all of them where there is none, or it is too old. A
    database that is busy or read-only goes without: the page takes longer.

    The step to go on from and the entries behind it are read at one moment, so that nothing can
    come or go between them. First goes what is left by somebody who changed a list and ended before
    it could be forgotten.
    """
    write, now = engine().count_without_waiting, timezone.now()
    at, old = map(connection.ops.adapt_datetimefield_value, (now, now - _KEPT))
    try:
        write(_FORGET_STEPS, [facet, old, facet])
        write(_FORGET_CHANGES, [facet])
        statement = _COUNT.format(step=_STEP, most=_NO_POSITION, unexpired=UNEXPIRED)
        write(statement, [facet, old, facet, facet, at, facet, last_position(now), now])
    except DatabaseError:
        pass


def changed(touched: Iterable[tuple[str, int]]) -> None:
    """Tell that entries came or went, by their lists and positions: what is newer is not gone by
    from the commit of this transaction on, and forgotten after it."""
    oldest: dict[str, int] = {}
    for facet, position in touched:
        oldest[facet] = min(position, oldest.get(facet, position))
    if oldest:
        rows = [ListChange(facet=facet, position=oldest[facet]) for facet in sorted(oldest)]
        told = [row.pk for row in ListChange.objects.bulk_create(rows)]
        transaction.on_commit(lambda: _forget(oldest, told), robust=True)


def _forget(oldest: dict[str, int], told: list[int]) -> None:
    with engine().counting_held():
        steps = ListStep.objects.filter(facet__in=oldest).order_by().values_list("facet")
        for facet, newest in steps.annotate(newest=Max("position")):
            if newest >= oldest[facet]:  # seldom: what is published now is behind all steps
                ListStep.objects.filter(facet=facet, position__gte=oldest[facet]).delete()
        ListChange.objects.filter(pk__in=told).delete()


def count_steps(lists: Iterable[str]) -> None:
    """Count the steps of these lists, so that no reader has to today: after a library was made, or
    indexed anew."""
    for facet in lists:
        near(facet, 0)
