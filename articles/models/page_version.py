"""What readers' pages show, as versions: a page whose versions stand is as it would be made.

Each name stands for something pages show: an article, a list, the collections, what search knows.
Whatever changes one of them gives it another mark, in the transaction of the change: triggers do
(`page_triggers`), so that no way in is left out. A mark is a random number. A name has one row for
each of several slots, of which a transaction takes one that no other holds: nobody waits, and the
sum of the marks that a reader sees is that of exactly those changes that are committed.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.db import connection, models

from .plain_sql import one_of, rows

EVERYTHING, LISTS, COLLECTIONS, WORDS = "*", "l", "c", "w"
"""Names: what may show on any page; the list of all articles, and with it all counts; collections;
words and names that search goes by."""

ARTICLES = 2_000
"""Names of articles, each of those whose keys have the same remainder."""


def of_article(pk: int) -> str:
    """Return the name of an article: its text, its facts and what its page leads to."""
    return f"p{pk % ARTICLES}"


def of_list(facet: str) -> str:
    """Return the name of a list, by its marker: t5, a12, y2026."""
    return f"{LISTS}{facet}"


class PageVersion(models.Model):
    """A mark of one name, in one slot. Written by triggers only."""

    name = models.CharField(max_length=32)
    slot = models.SmallIntegerField()
    mark = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["name", "slot"], name="one_mark_a_name_and_slot")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.mark}"


_NEXT = (
    "(SELECT min(published_at) FROM articles_article WHERE status = 'published' "
    "AND published_at > {now} AND deleted_at IS NULL)",
    "(SELECT min(expires_at) FROM articles_article WHERE expires_at > {now})",
)
_NOW = {
    "postgresql": "statement_timestamp()",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')",
}
_SECONDS = {
    "postgresql": "extract(epoch FROM {})::float8",
    "sqlite": "CAST(strftime('%%s', {}) AS INTEGER)",
}
_STANDING = "SELECT {columns} FROM articles_pageversion WHERE name IN ({places})"


@cache
def _query(vendor: str, names: int, with_next: bool) -> str:
    seconds, now = _SECONDS[vendor], _NOW[vendor]
    columns = ["coalesce(sum(mark), 0)", seconds.format(now)]
    if vendor == "postgresql":
        columns[0] += "::bigint"
    if with_next:
        columns += [seconds.format(one.format(now=now)) for one in _NEXT]
    return _STANDING.format(columns=", ".join(columns), places=", ".join(["%s"] * names))


def standing(names: Sequence[str]) -> tuple[int, float]:
    """Return the version of these names together, and the database's time in seconds since 1970.

    Every page that is kept asks for this before it is shown. Raises DatabaseError where there is no
    answer.
    """
    return tuple(_asked(names, False))


def each_standing(names: Collection[str]) -> dict[str, int]:
    """Return the version of each of these names that has one. Raises DatabaseError."""
    wanted, values = one_of("name", list(set(names)))
    mark = "sum(mark)::bigint" if connection.vendor == "postgresql" else "sum(mark)"
    statement = f"SELECT name, {mark} FROM articles_pageversion WHERE {wanted} GROUP BY name"  # noqa: S608 - constants
    return dict(rows(statement, values))


def standing_until(names: tuple[str, ...]) -> tuple[int, float, float]:
    """Return also when the next article appears or expires by itself: infinite where none will.
    While a page is made, what was told first holds: what comes later makes another page."""
    told = _told.get()
    if told is not None and names in told:
        return told[names]
    version, now, *moments = _asked(names, True)
    until = min((moment for moment in moments if moment is not None), default=math.inf)
    if told is not None:
        told[names] = version, now, until
    return version, now, until


_told: ContextVar[dict | None] = ContextVar("told", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Say that what is done inside makes one page, and changes nothing."""
    token = _told.set({})
    try:
        yield
    finally:
        _told.reset(token)


def _asked(names: Sequence[str], with_next: bool) -> Sequence:
    [row] = rows(_query(connection.vendor, len(names), with_next), names)
    return row
