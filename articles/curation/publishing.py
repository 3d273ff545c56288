"""Articles published and withdrawn, put into the recycle bin and taken out of it."""

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Article, Revision, Status
from ..models.article_queries import this_second
from ..search.index import index
from ..search.related import relate
from .happenings import What, tell
from .near_duplicates import find_again
from .revisions import recorded

_RELATED_AT_ONCE = 100
"""Articles related anew when published together, some 50 ms each while a curator waits; of a
larger lot `rebuild_related` finds the rest."""


def move(
    articles: QuerySet[Article],
    status: Status,
    user,
    note: str = "",
    *,
    keeps_author: bool = False,
) -> list[Article]:
    """Give these articles a status, all or none; return those that were moved.

    Publishing sets the time only where none is set: an article keeps its first. With
    `keeps_author` who changed the text last stays who did.
    """
    chosen = list(articles.values_list("pk", flat=True))
    with recorded(chosen, user, Revision.Kind.MOVED, note):
        articles = Article.objects.filter(pk__in=chosen)
        moved = list(articles.only("pk", "title", "status").order_by("pk"))
        changes = {"status": status, "modified_at": timezone.now()}
        if not keeps_author:
            changes["modified_by"] = user
        if status == Status.PUBLISHED:
            undated = articles.filter(stated_date__isnull=True, published_at__isnull=True)
            undated.update(dated=timezone.localdate())
            changes["published_at"] = Coalesce("published_at", this_second())
        articles.update(**changes)
        index(chosen, same_words=True)
        if status == Status.PUBLISHED:
            relate(chosen[:_RELATED_AT_ONCE])  # as drafts they knew of no other drafts
    return moved


def to_bin(articles: QuerySet[Article], user) -> list[int]:
    """Move these articles to the recycle bin; return the keys of those that were not in it.

    Nothing is lost, and everything that readers or search could see of them goes.
    """
    return _put(articles.outside_bin(), user, deleted_at=timezone.now(), deleted_by=user)


def from_bin(articles: QuerySet[Article], user) -> list[int]:
    """Take these articles out of the recycle bin, as they were; return the keys of those that
    were in it."""
    return _put(articles.in_bin(), user, deleted_at=None, deleted_by=None)


def _put(wanted: QuerySet[Article], user, **changes) -> list[int]:
    with transaction.atomic():
        chosen = wanted.lock()
        articles = Article.objects.filter(pk__in=chosen)
        articles.update(**changes, modified_by=user, modified_at=timezone.now())
        index(chosen, same_words=True)
        restored = changes["deleted_at"] is None
        if restored:
            find_again(articles)
        tell(What.RESTORED if restored else What.BINNED, chosen)
    return chosen
