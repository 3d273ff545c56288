"""What is looked for, counted by day for a year; never by whom."""

from datetime import date, timedelta

from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from portal.replicas import primary

from ..text.script import searchable
from .engine import engine

_LONGEST = 60
_KEPT = timedelta(days=400)
_MOST_HITS = 2**31 - 1
_COUNT = """
INSERT INTO articles_searchlog (day, query, hits, times) VALUES (%s, %s, %s, 1)
ON CONFLICT (day, query) DO UPDATE SET times = articles_searchlog.times + 1, hits = EXCLUDED.hits
"""
_PRUNE = "DELETE FROM articles_searchlog WHERE day < %s"


def note(query: str, hits: int) -> None:
    """Count a search. A library that is busy or read-only loses the count, not the answer."""
    text = " ".join(searchable(query).split())
    if not text or len(text) > _LONGEST:
        return
    today = timezone.localdate()
    try:
        with primary():
            _count(text, today, hits)
    except DatabaseError:
        return


def _count(text: str, today: date, hits: int) -> None:
    engine().write_without_waiting(_COUNT, [today, text, min(hits, _MOST_HITS)])
    if cache.add(f"search-log-pruned-{today}", True, 24 * 3600):
        engine().write_without_waiting(_PRUNE, [today - _KEPT])
