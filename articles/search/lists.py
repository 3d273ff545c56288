"""Lists of articles of any length: all, or those of a tag, an author, a genre, a year, a month."""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from portal.page_store import bounds_told, no_longer_than

from ..models import Article, Listing
from ..models.page_version import EVERYTHING, LISTS, of_list, standing_until
from .engine import engine
from .list_steps import entries, near
from .query import Query
from .rows import Found, last_position, position_of

_COUNTED_ANEW = 2_000
"""Articles up to which lists are counted on each request: some milliseconds."""

_NEAR = 1000
"""Entries skipped one by one in any case."""

_AT_ONCE = 400
"""Articles of several lists together that are fetched with their count."""

_LOOKED_AT = 400
"""Newest articles of a list that are looked at for the lists they stand in beside it."""

_ONE_AT_A_TIME = 30
"""Seconds within which only one request counts a larger library; the others show the last."""


_long: set[str] = set()
"""Lists that were long when they were counted last."""

_MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of some version, `at` a time, and when it changes by itself."""

    version: int
    at: float
    until: float
    made: object


_here: OrderedDict[str, _Kept] = OrderedDict()


def kept(
    name: str,
    of: str,
    make: Callable[[], Any],
    size: Callable[[Any], int] = lambda made: 0,
    *,
    shared: bool = True,
) -> Any:
    """Return what was made of a version of a list (`page_version`), until that changes; `shared`
    with other processes.

    What was made of so many articles that it takes long, by its `size`, is kept for a while longer,
    so that making it takes no more than a hundredth of the time.
    """
    key = _key(name)
    version, now, until = standing_until((EVERYTHING, of))
    last = None
    for look in (_here.get, cache.get) if shared else (_here.get,):
        last = look(key) or last
        if last and last.version == version and now < last.until:
            _keep_here(key, last)
            return last.made
    if last and size(last.made) > _COUNTED_ANEW:
        left = last.at + _kept_for(size(last.made)) - now
        if left > 0 or not cache.add(f"{key}-lock", True, _ONE_AT_A_TIME):
            no_longer_than(max(left, 1))
            return last.made
    with bounds_told() as bounds:
        made = make()
    if bounds:
        no_longer_than(min(bounds))
        until = min(until, now + min(bounds))
    last = _Kept(version, now, until, made)
    _keep_here(key, last)
    if shared:
        cache.set(key, last, None)
    return last.made


def _keep_here(key: str, last: _Kept) -> None:
    _here[key] = last
    _here.move_to_end(key)
    if len(_here) > _MOST_KEPT:
        _here.popitem(last=False)


def forget_kept() -> None:
    """Forget what the process knows of lists."""
    _here.clear()
    _long.clear()


def _public() -> QuerySet[Listing]:
    now = timezone.now()
    return Listing.objects.filter(
        Q(expires__isnull=True) | Q(expires__gt=now), position__range=(0, last_position(now))
    )


_FACETS = (
    "(SELECT facets FROM articles_searchrow found WHERE found.article_id = "
    "articles_listing.article_id)"
)


class Listed:
    """The articles of all the given lists together, by their keys.

    One list is read from its index; several through search. `count` is how many there are, where
    the caller knows. `by_date` goes by the texts' dates instead of the time they entered the
    library, where `can_go_by_date`: from whichever end is nearer.
    """

    def __init__(self, *facets: str, count: int | None = None, by_date: bool = False):
        self._facets = facets
        self._by_date = by_date
        if count is not None:
            self._count = count

    def _entries(self, what: str, then: str = "", *values, last: int | None = None) -> list[tuple]:
        """Return something of the entries of its one list."""
        return entries(self._facet, what, then, *values, by_date=self._by_date, last=last)

    @property
    def _facet(self) -> str:
        return self._facets[0] if self._facets else ""

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
        if self._facet in _long:
            return kept(f"count-{self._facet}", of_list(self._facet), self._counted, int)
        return self._counted()

    def _counted(self) -> int:
        ((count,),) = self._entries("count(*)")
        if count > _COUNTED_ANEW:
            _long.add(self._facet)
        else:
            _long.discard(self._facet)
        return count

    def count(self) -> int:
        return self._count

    @property
    def is_counted(self) -> bool:
        """Tell whether the count is exact: that of several lists together may be an estimate."""
        return len(self._facets) < 2 or self._found.is_counted

    @property
    def can_go_by_date(self) -> bool:
        """Tell whether there is an order by date: of several lists together, if they are short."""
        return len(self._facets) < 2 or self._count <= _AT_ONCE

    @cached_property
    def beside(self) -> tuple[Counter[str], bool]:
        """Return the lists these articles stand in, with how many do in each, and whether that is
        exact: of a long list it is scaled up from the newest."""
        if len(self._facets) > 1:
            found = [match.facets for match in self._found.matches]
            return _scaled(found, self._found.total)
        name = f"beside-{self._facet}"
        return kept(name, of_list(self._facet), self._beside, lambda _: self._count)

    def _beside(self) -> tuple[Counter[str], bool]:
        found = self._entries(_FACETS, "ORDER BY position DESC LIMIT %s", _LOOKED_AT)
        return _scaled([facets for (facets,) in found if facets is not None], self._count)

    def ids(self, start: int, stop: int) -> list[int]:
        if len(self._facets) > 1:
            matches = self._found.matches
            if self._by_date and self.can_go_by_date:
                return self._dated([match.article_id for match in matches])[start:stop]
            if stop > _AT_ONCE:
                matches = engine().newest(self._query, stop)
            return [match.article_id for match in matches[start:stop]]
        return [article_id for (article_id,) in self._stretch(start, stop)]

    def _stretch(self, start: int, stop: int) -> list[tuple]:
        """Return a stretch of its one list."""
        order = "ORDER BY position DESC LIMIT %s OFFSET %s"
        if not self._by_date:
            if start < _NEAR or self._count <= _COUNTED_ANEW:
                return self._entries("article_id", order, stop - start, start)
            last, before = near(self._facet, start)
            found = self._entries("article_id", order, stop - start, start - before, last=last)
            # Fewer may be left than were counted some minutes ago: the last page shows the oldest.
            return (
                found
                or self._entries("article_id", "ORDER BY position LIMIT %s", stop - start)[::-1]
            )
        if start < _NEAR or start <= self._count // 2:
            order = f"ORDER BY dated DESC, {order.removeprefix('ORDER BY ')}"
            return self._entries("article_id", order, stop - start, start)
        stop = min(stop, self._count)  # from the other end, which is nearer
        order = "ORDER BY dated, position LIMIT %s OFFSET %s"
        return self._entries("article_id", order, stop - start, self._count - stop)[::-1]

    def _dated(self, article_ids: list[int]) -> list[int]:
        entries = Listing.objects.filter(facet=self._facets[0], article__in=article_ids)
        entries = entries.order_by("-dated", "-position")
        return list(entries.values_list("article_id", flat=True))


def newest_in(facet: str, most: int) -> list[int]:
    """Return the newest public articles of a list."""
    found = entries(facet, "article_id", "ORDER BY position DESC LIMIT %s", most)
    return [article_id for (article_id,) in found]


def neighbours(article: Article, facet: str = "") -> tuple[int | None, int | None]:
    """Return the articles published next after and next before one, among all or in a list."""
    at = position_of(article.pk, article.published_at)
    entries = _public().filter(facet=facet).values_list("article_id", flat=True)
    newer = entries.filter(position__gt=at).order_by("position").first()
    older = entries.filter(position__lt=at).order_by("-position").first()
    return newer, older


def dated_neighbours(
    article: Article, year: int, month: int | None = None
) -> tuple[int | None, int | None]:
    """Return the articles next after and next before one in the archive of a year or month, which
    goes by the day a text is filed under."""
    day, at = article.dated, position_of(article.pk, article.published_at)
    entries = _public().filter(facet=f"m{year}{month:02}" if month else f"y{year}")
    later = entries.filter(Q(dated__gt=day) | Q(dated=day, position__gt=at))
    earlier = entries.filter(Q(dated__lt=day) | Q(dated=day, position__lt=at))
    return (
        later.order_by("dated", "position").values_list("article_id", flat=True).first(),
        earlier.order_by("-dated", "-position").values_list("article_id", flat=True).first(),
    )


def _scaled(found: list[str], total: int) -> tuple[Counter[str], bool]:
    """Count the markers of some articles, as many as there would be among `total`."""
    counted = Counter(marker for markers in found for marker in markers.split())
    if total <= len(found) or not found:
        return counted, True
    return Counter({one: round(n * total / len(found)) for one, n in counted.items()}), False


def counts() -> Counter[str]:
    """Return how many public articles each list has: "" all, t5 a tag, a12 an author, y2026 and
    m202605 what is filed there, gpaper a genre. Nobody changes what is returned."""
    return kept("counts", LISTS, _counted, lambda counted: counted[""])


def _counted() -> Counter[str]:
    return Counter(dict(_public().values_list("facet").annotate(n=Count("pk")).order_by()))


def long_lists() -> list[str]:
    """Return the lists in which pages are far down."""
    return [facet for facet, count in counts().items() if count > _COUNTED_ANEW]


def are_kept(listed: Counter[str]) -> bool:
    """Tell whether the counts are of a library so large that they are kept for a while."""
    return listed[""] > _COUNTED_ANEW


def _kept_for(articles: int) -> int:
    """Return the seconds counts are kept for, so that counting takes no more than a hundredth of
    the time: half a minute for 2,000 articles, nine minutes for a million."""
    return 30 + articles // 2000


def _key(name: str) -> str:
    return f"{connection.settings_dict['NAME']}-lists-{name}".replace(" ", "")
