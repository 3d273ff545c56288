"""What is read most: counted by article and day, never by reader.

A page that is read for some seconds says so itself (static/reading.js), so pages can be cached
and programs that fetch them do not count.
"""

from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from portal.throttle import Limit, address_of

from ..models import Article, ReadCount
from ..search.engine import engine

DAYS = 30
_KEPT = timedelta(days=100)
_LISTED, _LISTED_FOR = 60, 300  # articles, some of which may be withdrawn meanwhile; seconds

OF_ONE, OF_ALL = Limit("reads of one", 5, 3600), Limit("reads", 200, 3600)
"""Readings of one article, and of all, that count from one address in an hour: an office may share
one, but nobody makes a list by pressing a key."""

_COUNT = """
INSERT INTO articles_readcount (day, article_id, reads) VALUES (%s, %s, 1)
ON CONFLICT (day, article_id) DO UPDATE SET reads = articles_readcount.reads + 1
"""
_PRUNE = "DELETE FROM articles_readcount WHERE day < %s"


def note_read(article_id: int, request: HttpRequest) -> bool:
    """Count that a public article was read; tell whether there is one. A database that is busy or
    read-only loses the count, not more."""
    if not Article.objects.published().filter(pk=article_id).exists():
        return False
    address = address_of(request)
    if OF_ONE.is_reached(address, str(article_id)) or OF_ALL.is_reached(address):
        return True
    OF_ONE.count(address, str(article_id))
    OF_ALL.count(address)
    today = timezone.localdate()
    try:
        engine().write_without_waiting(_COUNT, [today, article_id])
        if cache.add(f"reads-pruned-{today}", True, 24 * 3600):
            engine().write_without_waiting(_PRUNE, [today - _KEPT])
    except DatabaseError:
        pass
    return True


def most_read(most: int) -> list[int]:
    """Return the articles read most in the last month, the most first; made every few minutes."""
    key = f"{connection.settings_dict['NAME']}-most-read".replace(" ", "")
    listed = cache.get(key)
    if listed is None:
        lately = ReadCount.objects.filter(day__gt=timezone.localdate() - timedelta(days=DAYS))
        read = lately.values("article").annotate(n=Sum("reads")).order_by("-n", "-article")
        listed = [row["article"] for row in read[:_LISTED]]
        cache.set(key, listed, _LISTED_FOR)
    return listed[:most]
