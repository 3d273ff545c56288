"""Articles published and withdrawn, put into the recycle bin and taken out of it.

Nothing damaged goes out by accident: whatever puts a text before readers asks `over_flags` first,
with the flags that whoever publishes was shown and confirmed. The importer, which shows nothing to
anybody, publishes nothing that has a blocking flag.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Article, Revision, Source, Status
from ..models.article_queries import this_second
from ..models.source import flags_by_weight, token
from ..search.index import index
from ..search.related import relate
from .happenings import What, tell
from .near_duplicates import find_again
from .revisions import recorded

_RELATED_AT_ONCE = 100
"""Articles related anew when published together, some 50 ms each while a curator waits; of a
larger lot `rebuild_related` finds the rest."""

_TEXT_IS_AS_OLD = {"text_changed_at": Coalesce("text_changed_at", "modified_at")}
"""Of articles from before that was kept: their text is as old as they were until now."""


class Held(Exception):
    """Blocking flags that nobody confirmed hold back what was to be published; nothing was done.

    `flags` are those of each article, by its key.
    """

    def __init__(self, flags: dict[int, list[dict]]):
        super().__init__(flags)
        self.flags = flags


def blocking_flags(articles: Iterable[int]) -> dict[int, list[dict]]:
    """Return of each article that has any the blocking flags of its import that nobody has
    settled; `number` and `seen`, which a confirmation sends back, are put to each."""
    held = Source.objects.filter(article__in=list(articles), blocking_count__gt=0)
    return {
        article: [
            flag | {"number": number, "seen": f"{article}/{token(flag)}"}
            for number, flag in flags_by_weight(flags)
            if flag["blocking"]
        ]
        for article, flags in held.values_list("article", "flags")
    }


def unseen(flags: dict[int, list[dict]], over: Collection[str]) -> dict[int, list[dict]]:
    """Return the flags of those articles that have one which was not confirmed."""
    return {pk: its for pk, its in flags.items() if any(flag["seen"] not in over for flag in its)}


def over_flags(article: int, over: Collection[str] = ()) -> dict[str, dict]:
    """Return what the log says of an article published over the flags that were confirmed: their
    kinds, counted; nothing where there are none. Raises Held where one was not confirmed.

    The caller holds the article, so that nobody takes back what settled a flag meanwhile.
    """
    flags = blocking_flags([article])
    if held := unseen(flags, over):
        raise Held(held)
    kinds = Counter(flag["kind"] for flag in flags.get(article, ()))
    return {"over_flags": dict(kinds)} if kinds else {}


def move(
    articles: QuerySet[Article],
    status: Status,
    user,
    note: str = "",
    *,
    keeps_author: bool = False,
    over: Collection[str] = (),
) -> list[Article]:
    """Give these articles a status, all or none; return those that were moved.

    Publishing sets the time only where none is set: an article keeps its first. With
    `keeps_author` who changed the text last stays who did. Raises Held where they are to be
    published and have blocking flags other than `over`.
    """
    chosen = list(articles.values_list("pk", flat=True))
    with recorded(chosen, user, Revision.Kind.MOVED, note):
        if status == Status.PUBLISHED and (held := unseen(blocking_flags(chosen), over)):
            raise Held(held)
        articles = Article.objects.filter(pk__in=chosen)
        moved = list(articles.only("pk", "title", "status").order_by("pk"))
        changes = {"status": status, "modified_at": timezone.now(), **_TEXT_IS_AS_OLD}
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
        articles.update(**changes, modified_by=user, modified_at=timezone.now(), **_TEXT_IS_AS_OLD)
        restored = changes["deleted_at"] is None
        if restored:
            find_again(articles)
        index(chosen, same_words=True)
        tell(What.RESTORED if restored else What.BINNED, chosen)
    return chosen
