"""The entries of one list, and how many of them lie behind a page far down.

To skip 100,000 entries a database goes through each, which takes longer than all else of a page. So
they are counted by era: 2²² seconds, some seven weeks, of publication. What is published now counts
into the present era alone; those that have passed are counted once and kept for a day. What is
withdrawn meanwhile shifts the pages behind it by one until then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from ..models.search import ListEra
from .index import engine
from .rows import last_position

_ERA = 46
"""Bits of a position that say when in its era: 24 of them are the article's key."""

_KEPT = timedelta(days=1)
_AT_ONCE = 300  # eras written with one statement


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
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {what} FROM articles_listing WHERE facet = %s "  # noqa: S608 - constants
            f"AND {position} BETWEEN %s AND %s AND (expires IS NULL OR expires > %s) {then}",
            [facet, first, last, now, *values],
        )
        return cursor.fetchall()


def near(facet: str, start: int) -> tuple[int, int]:
    """Return the last position of the era in which the entry lies that has `start` others before
    it, and how many of these are newer than that."""
    last = last_position(timezone.now())
    era = last >> _ERA
    ((before,),) = entries(facet, "count(*)", first=era << _ERA)
    if before > start:
        return last, 0
    last = (era << _ERA) - 1
    for passed, count in _passed(facet, era):
        if before + count > start:
            break
        last, before = (passed << _ERA) - 1, before + count
    return last, before


def _passed(facet: str, present: int) -> list[tuple[int, int]]:
    """Return the eras before the present one, newest first, and how many entries each has."""
    now = timezone.now()
    kept = ListEra.objects.filter(facet=facet, counted_at__gt=now - _KEPT).order_by("-era")
    counted = list(kept.values_list("era", "entries"))
    if counted and counted[0][0] == present - 1:
        return counted
    counted = entries(
        facet,
        f"position >> {_ERA}, count(*)",
        "GROUP BY 1 ORDER BY 1 DESC",
        last=(present << _ERA) - 1,
    )
    if not counted or counted[0][0] != present - 1:
        counted = [(present - 1, 0), *counted]  # says up to when they are counted
    try:
        for at in range(0, len(counted), _AT_ONCE):
            _keep(facet, counted[at : at + _AT_ONCE], now)
    except DatabaseError:
        pass  # busy or read-only: the next reader counts again
    return counted


def _keep(facet: str, counted: Sequence[tuple[int, int]], now: datetime) -> None:
    at = connection.ops.adapt_datetimefield_value(now)
    engine().write_without_waiting(
        "INSERT INTO articles_listera (facet, era, entries, counted_at) VALUES "  # noqa: S608
        + ", ".join(["(%s, %s, %s, %s)"] * len(counted))
        + _ANEW,
        [value for era, count in counted for value in (facet, era, count, at)],
    )


_ANEW = """
ON CONFLICT (facet, era) DO UPDATE
SET entries = EXCLUDED.entries, counted_at = EXCLUDED.counted_at
"""
_ALL = """
INSERT INTO articles_listera (facet, era, entries, counted_at)
SELECT facet, era, sum(n), %s FROM (
SELECT facet, position >> {bits} AS era, 1 AS n FROM articles_listing
WHERE position BETWEEN 0 AND %s AND (expires IS NULL OR expires > %s)
UNION ALL SELECT DISTINCT facet, %s, 0 FROM articles_listing) AS found
GROUP BY facet, era {anew}
"""


def count_all() -> None:
    """Count the passed eras of all lists: after a library was made or indexed anew, so that no
    reader has to."""
    now = timezone.now()
    present = last_position(now) >> _ERA
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            _ALL.format(bits=_ERA, anew=_ANEW), [at, (present << _ERA) - 1, now, present - 1]
        )
