"""One article as both databases index it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from django.db.models import Q

_KEY_BITS = 24

MOST_TOKENS = 40_000
"""Words an article is found by at most, so that they fit the megabyte of a `tsvector`; a long book
has half as many."""


@dataclass(frozen=True, slots=True)
class Row:
    """What search keeps of an article; `position` as told in articles/models/search.py.

    `facets` are the markers of the lists it stands in: t5 a tag's, a12 an author's, y2026 and
    m202605 those of the year and month it is filed under, gpaper those of its genre.
    """

    article_id: int
    position: int
    expires: datetime | None
    title: str
    pinyin: str
    facets: tuple[str, ...]
    dated: date
    version: int
    title_tokens: list[str]
    tokens: list[str]


class Match(NamedTuple):
    """An article that a query found."""

    article_id: int
    position: int
    title: str
    facets: str


match_of = partial(tuple.__new__, Match)
"""Return the match that a row of these columns is. A search has hundreds, and `Match(*row)` would
be a call of Python each."""


class Found(NamedTuple):
    """The newest articles a query found, and how many there are in all."""

    matches: list[Match]
    total: int
    is_counted: bool  # the total is exact


def position_of(article_id: int, published_at: datetime | None) -> int:
    """Return the place of an article in the order of publication; without a time, of a draft."""
    if published_at is None:
        return -article_id
    second = max(int(published_at.timestamp()), 0)  # what is older than 1970 comes last
    return (second << _KEY_BITS) | (article_id & ((1 << _KEY_BITS) - 1))


def last_position(now: datetime) -> int:
    """Return the highest position that is published now."""
    return ((int(now.timestamp()) + 1) << _KEY_BITS) - 1


UNEXPIRED = "(expires IS NULL OR expires > %s)"
"""The condition on a row of a list or of search that it has not expired by now, in SQL."""


def places(values: Collection) -> str:
    """Return the places for these values in a statement: %s, %s, %s."""
    return ", ".join(["%s"] * len(values))


LAST = "\U0010ffff"
"""The last of all characters: from a text up to the text with it is what begins so, by the codes of
characters, which is the order of both databases' indexes."""


def begins(column: str, text: str) -> Q:
    """Return the condition for values of a column that begin with a text."""
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + LAST})
