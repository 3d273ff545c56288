"""Lists of articles, newest first, of any length: all, or those of a tag, an author, a year."""

from collections import Counter
from functools import cached_property

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from ..models import Article, Listing
from .index import engine
from .query import Query
from .rows import Found, last_position, position_of

_COUNTED_ANEW = 2_000
"""Articles up to which lists are counted on each request: some milliseconds."""

_NEAR = 1000
"""Entries skipped from the newest end in any case."""

_AT_ONCE = 200
"""Articles of several lists together that are fetched with their count."""

_ONE_AT_A_TIME = 30
"""Seconds within which only one request counts a larger library; the others show the last."""


def _public() -> QuerySet[Listing]:
    now = timezone.now()
    return Listing.objects.filter(
        Q(expires__isnull=True) | Q(expires__gt=now), position__range=(0, last_position(now))
    )


class Shelf:
    """The articles of all the given lists together, for a Paginator: it counts and slices.

    One list is read from its index, from whichever end is nearer; several through search. `count`
    is how many there are, where the caller knows.
    """

    def __init__(self, in_script: str, *facets: str, count: int | None = None):
        self._in_script = in_script
        self._facets = facets
        if count is not None:
            self._count = count

    @cached_property
    def _entries(self) -> QuerySet[Listing]:
        return _public().filter(facet=self._facets[0] if self._facets else "")

    @cached_property
    def _query(self) -> Query:
        return Query("", (), required=tuple((facet,) for facet in self._facets))

    @cached_property
    def _found(self) -> Found:
        return engine().find(self._query, _AT_ONCE)

    @cached_property
    def _count(self) -> int:
        if len(self._facets) > 1:
            return self._found.total
        key = _key(f"count-{self._facets}")
        count = cache.get(key)
        if count is None:
            count = self._entries.count()
            if count > _COUNTED_ANEW:
                cache.set(key, count, _kept_for(count))
        return count

    def count(self) -> int:
        return self._count

    def __getitem__(self, wanted: slice) -> list[Article]:
        return in_order(self.ids(wanted.start or 0, wanted.stop), self._in_script)

    def ids(self, start: int, stop: int) -> list[int]:
        if len(self._facets) > 1:
            matches = self._found.matches
            if stop > _AT_ONCE:
                matches = engine().newest(self._query, stop)
            return [match.article_id for match in matches[start:stop]]
        if start < _NEAR or start <= self._count // 2:
            entries = self._entries.order_by("-position")
            skipped = start // _NEAR * _NEAR
            if skipped and self._count > _COUNTED_ANEW:
                entries = entries.filter(position__lte=self._anchor(entries, skipped))
            else:
                skipped = 0
            entries = entries[start - skipped : stop - skipped]
            return list(entries.values_list("article_id", flat=True))
        stop = min(stop, self._count)
        entries = self._entries.order_by("position")[self._count - stop : self._count - start]
        return list(entries.values_list("article_id", flat=True))[::-1]

    def _anchor(self, entries: QuerySet[Listing], skipped: int) -> int:
        """Return the position so many entries down a long list, kept as long as its count is."""
        key = _key(f"anchor-{self._facets}-{skipped}")
        position = cache.get(key)
        if position is None:
            position = entries.values_list("position", flat=True)[skipped]
            cache.set(key, position, _kept_for(self._count))
        return position


def in_order(ids: list[int], in_script: str, *, with_bodies: bool = False) -> list[Article]:
    """Return public articles as lists show them, in the order of their keys."""
    articles = Article.objects.published().for_lists(in_script, with_bodies=with_bodies)
    found = articles.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def neighbours(article: Article, in_script: str) -> tuple[Article | None, Article | None]:
    """Return the articles published next after and next before one, with their links."""
    at = position_of(article.pk, article.published_at)
    entries = _public().filter(facet="").values_list("article_id", flat=True)
    newer = entries.filter(position__gt=at).order_by("position").first()
    older = entries.filter(position__lt=at).order_by("-position").first()
    ids = [newer, older]
    found = Article.objects.published().for_links(in_script).in_bulk([pk for pk in ids if pk])
    return found.get(ids[0]), found.get(ids[1])


def counts() -> Counter[str]:
    """Return how many public articles each list has: "" all, t5 a tag, a12 an author, y2026.

    Of a larger library the counts are kept for a while.
    """
    key = _key("counts")
    kept = cache.get(key)
    if kept is not None:
        fresh = cache.get(f"{key}-fresh")
        if fresh or not cache.add(f"{key}-lock", True, _ONE_AT_A_TIME):
            return kept
    rows = _public().values_list("facet").annotate(n=Count("pk")).order_by()
    counted = Counter(dict(rows))
    if counted[""] > _COUNTED_ANEW:
        cache.set(key, counted, None)
        cache.set(f"{key}-fresh", True, _kept_for(counted[""]))
    else:
        cache.delete(key)
    return counted


def are_kept(listed: Counter[str]) -> bool:
    """Tell whether the counts are of a library so large that they are kept for a while."""
    return listed[""] > _COUNTED_ANEW


def _kept_for(articles: int) -> int:
    """Return the seconds counts are kept for, so that counting takes no more than a hundredth of
    the time: half a minute for 2,000 articles, nine minutes for a million."""
    return 30 + articles // 2000


def _key(name: str) -> str:
    return f"{connection.settings_dict['NAME']}-lists-{name}".replace(" ", "")
