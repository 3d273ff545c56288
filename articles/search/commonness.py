"""How common words are in the library: what PostgreSQL's ANALYZE counted, kept in the process.

The planner knows as much, but to ask it with EXPLAIN takes as long as the answer to many a query.
"""

from collections.abc import Callable
from functools import lru_cache
from time import monotonic

from django.core.cache import cache
from django.db import connection, connections

_STATISTICS_FOR = 600
"""Seconds for which what ANALYZE counted is kept: 10,000 words take some milliseconds to read."""

_OF_UNKNOWN = 0.005
"""The share of a word of which nothing is known, at most; as in PostgreSQL's ts_selfuncs.c."""


def share_of(column: str) -> Callable[[str], float]:
    """Return the function that tells which share of all articles has a lexeme in a column."""
    shares, of_others = _statistics(column, connection.alias, int(monotonic() // _STATISTICS_FOR))
    return lambda lexeme: shares.get(lexeme, of_others)


@lru_cache(maxsize=4)
def _statistics(column: str, database: str, period: int) -> tuple[dict[str, float], float]:
    """Return the share of the articles that has each of the commonest words, and that of any other
    word."""
    with connections[database].cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats "
            "WHERE schemaname = current_schema() AND tablename = 'articles_searchrow' "
            "AND attname = %s AND most_common_elems IS NOT NULL",
            [column],
        )
        words, shares = cursor.fetchone() or ([], [])
    # Behind the shares of the words stand the least and the largest of them.
    of_others = min(_OF_UNKNOWN, min(shares, default=1) / 2)
    return dict(zip(words, shares, strict=False)), of_others


def row_count() -> int:
    """Return how many rows the planner thinks there are."""
    told = "SELECT reltuples FROM pg_class WHERE oid = 'articles_searchrow'::regclass"
    return max(1, kept("rows", told))


def kept(name: str, sql: str, *values) -> int:
    """Return a number out of the database, kept for a minute: an estimate need not be exact."""
    under = key(name)
    number = cache.get(under)
    if number is None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
        number = int(row[0]) if row else 0
        cache.set(under, number, 60)
    return number


def key(name: str) -> str:
    """Return the key of what is kept of this database in the cache."""
    return f"search-{name}-{connection.settings_dict['NAME']}"
