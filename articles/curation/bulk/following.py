"""What bulk runs know of articles, kept true through a change that is no matter of theirs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.models import F

from ...models import BulkItem
from .choosing import is_revised, see

_AT_ONCE = 500


@contextmanager
def followed(article_ids: Sequence[int]) -> Iterator[None]:
    """Let what becomes of these articles inside, tags or authors merged, count as seen by the runs
    that were asked about them before, and by those that may be undone; but for the articles that
    somebody had changed already."""
    waiting = BulkItem.objects.filter(outcome=BulkItem.Outcome.WAITING)
    changed = BulkItem.objects.filter(outcome=BulkItem.Outcome.CHANGED)
    times = {"base": waiting, "stamp": changed}
    unchanged = {time: [] for time in times}
    for start in range(0, len(article_ids), _AT_ONCE):
        some = article_ids[start : start + _AT_ONCE]
        for time, items in times.items():
            items = items.filter(~is_revised(), **{time: F("article__modified_at")})
            unchanged[time] += items.filter(article__in=some).values_list("pk", flat=True)
    yield
    for time, keys in unchanged.items():
        for start in range(0, len(keys), _AT_ONCE):
            see(BulkItem.objects.filter(pk__in=keys[start : start + _AT_ONCE]), time)
