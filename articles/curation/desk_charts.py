"""The small charts of the desk's start page: how the library grows, what is left to do, what is
read, and what is looked for in vain. Counted at most every ten minutes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..models import Article, ReadCount, SearchLog, Source

MONTHS, DAYS = 12, 30
_SECONDS = 600
WIDTH, HEIGHT = 240, 56
"""Of a chart's own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One value, and the place where it is drawn."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A row of bars; `total` is what the heading says in a number."""

    name: str
    title: object
    total: int
    bars: list[Bar]
    whole: str
    height: int = HEIGHT
    width: int = WIDTH


def charts(user) -> list[Chart]:
    """Return the charts of what a user may look at."""
    articles, log = (
        reverse(f"admin:articles_{name}_changelist") for name in ("article", "searchlog")
    )
    made = [
        ("library", _("Articles readers see"), "view_article", _library, articles),
        (
            "flags",
            _("Open flags, by month of import"),
            "view_source",
            _flags,
            f"{articles}?flags=some",
        ),
        ("reads", _("Reads in 30 days"), "view_article", _reads, ""),
        (
            "missed",
            _("Searches without a result in 30 days"),
            "view_searchlog",
            _missed,
            f"{log}?result=none",
        ),
    ]
    found = []
    for name, title, permission, count, whole in made:
        if user.has_perm(f"articles.{permission}"):
            total, points = _kept(name, count)
            found.append(Chart(name, title, total, list(_bars(points)), whole))
    return found


_Points = tuple[int, list[tuple[date, int]]]


def _kept(name: str, count: Callable[[date], _Points]) -> _Points:
    today = timezone.localdate()
    return cache.get_or_set(f"desk-chart-{name}-{today}", lambda: count(today), _SECONDS)


def _bars(points: list[tuple[date, int]]) -> Iterable[Bar]:
    most = max((value for _at, value in points), default=0) or 1
    room = WIDTH / max(len(points), 1)
    for place, (at, value) in enumerate(points):
        height = round(value / most * (HEIGHT - 2), 1)
        height = max(height, 1.5) if value else 0
        label = date_format(at, "Y-m" if len(points) == MONTHS else "m-d")
        yield Bar(
            label,
            value,
            round(place * room + room * 0.1, 1),
            round(HEIGHT - height, 1),
            round(room * 0.8, 1),
            height,
        )


def _months(today: date) -> list[date]:
    """Return the first days of the last months, this one last."""
    number = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - MONTHS + 1, number + 1)]


def _library(today: date) -> _Points:
    """Count what readers see by when it was published: how many there were at each month's end."""
    by_month = (
        Article.objects.published()
        .order_by()
        .annotate(month=TruncMonth("published_at"))
        .values_list("month")
        .annotate(n=Count("pk"))
    )
    added = {timezone.localtime(at).date(): n for at, n in by_month}
    months = _months(today)
    so_far = sum(n for at, n in added.items() if at < months[0])
    points = []
    for month in months:
        so_far += added.get(month, 0)
        points.append((month, so_far))
    return so_far, points


def _flags(today: date) -> _Points:
    """Add up what imports left to look at, by when they were made; older ones stand with the first
    month."""
    rows = (
        Source.objects.filter(flag_count__gt=0, article__deleted_at=None)
        .order_by()
        .annotate(month=TruncMonth("imported_at"))
        .values_list("month")
        .annotate(n=Sum("flag_count"))
    )
    months = _months(today)
    left = dict.fromkeys(months, 0)
    for at, n in rows:
        left[max(timezone.localtime(at).date(), months[0])] += n
    return sum(left.values()), list(left.items())


def _reads(today: date) -> _Points:
    return _by_day(today, ReadCount.objects.all(), "reads")


def _missed(today: date) -> _Points:
    return _by_day(today, SearchLog.objects.filter(hits=0), "times")


def _by_day(today: date, rows, what: str) -> _Points:
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    rows = rows.filter(day__gte=days[0], day__lte=today).order_by().values_list("day")
    counted = dict(rows.annotate(n=Sum(what)))
    points = [(day, counted.get(day, 0)) for day in days]
    return sum(value for _day, value in points), points
