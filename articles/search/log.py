"""What is looked for, counted by day; never by whom."""

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from ..models import SearchLog
from .index import engine
from .text import searchable

_LONGEST = 60


def note(query: str, hits: int) -> None:
    """Count a search. A library that is busy or read-only loses the count, not the answer."""
    text = " ".join(searchable(query).split())
    if not text or len(text) > _LONGEST:
        return
    row = SearchLog(day=timezone.localdate(), query=text, hits=min(hits, 2**31 - 1), times=1)
    try:
        with engine().without_waiting(), transaction.atomic():
            counted = SearchLog.objects.filter(day=row.day, query=text)
            if not counted.update(times=F("times") + 1, hits=row.hits):
                SearchLog.objects.bulk_create([row], ignore_conflicts=True)
    except DatabaseError:
        return
