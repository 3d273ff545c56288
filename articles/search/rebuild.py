"""The whole index: made anew beside a live site, and compared with the articles."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from ..models import Article, Listing, SearchRow, SearchVersion
from .engine import engine
from .index import BATCH, index, listings, rows_of
from .list_steps import count_steps
from .lists import long_lists
from .words import current_words


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the index is: what the desk shows of it."""

    is_stale: bool
    is_working: bool  # a rebuild has given a sign of life
    total: int
    current: int  # cut with the words as they are now
    missing: int  # not in the index, so not found

    @property
    def waiting(self) -> int:
        return self.total - self.current - self.missing

    @property
    def state(self) -> str:
        return "working" if self.is_working else "stale" if self.is_stale else "current"


def standing() -> Standing:
    """Tell how far the index is."""
    number, is_stale = SearchVersion.current()
    working = SearchVersion.objects.held().exists()
    total, rows = Article.objects.count(), SearchRow.objects.count()
    current = SearchRow.objects.filter(version=number).count()
    return Standing(is_stale, working, total, current, max(total - rows, 0))


def rebuild(*, everything: bool = False, tell: Callable[[int, int], None] | None = None) -> int:
    """Index the articles that are not, or were cut with other domain words; return how many.

    Each batch is a transaction of its own: readers find the old rows until the new ones stand, and
    a rebuild that is killed goes on where it was. What is added to the words meanwhile leaves the
    index stale for the next one.
    """
    SearchVersion.objects.get_or_create()  # a database that was flushed has lost it
    version, _ = SearchVersion.current()
    current = SearchRow.objects.filter(version=version).values("article_id")
    wanted = Article.objects.all() if everything else Article.objects.exclude(pk__in=current)
    ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        SearchVersion.objects.sign()
        index(ids[start : start + BATCH])
        engine().let_others_write()
        if tell:
            tell(min(start + BATCH, len(ids)), len(ids))
    if everything:
        engine().remove_strays()
    SearchVersion.objects.filter(number=version).update(indexed=version)
    SearchVersion.objects.release()
    if everything:
        count_steps(long_lists())
    return len(ids)


def differences() -> list[tuple[int, str]]:
    """Return the articles the index does not say the truth of, and what is wrong with each."""
    found: list[tuple[int, str]] = []
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            found += _differences(ids[start : start + BATCH])
    if strays := engine().strays():
        found.append((0, f"{strays} rows of words without an article"))
    return found


def _differences(article_ids: list[int]) -> list[tuple[int, str]]:
    engine().hold_words()
    rows = list(rows_of(article_ids, current_words(), lock=True))
    standing = SearchRow.objects.in_bulk(article_ids)
    listed: dict[int, set] = {}
    for entry in Listing.objects.filter(article__in=article_ids):
        key = (entry.facet, entry.position, entry.dated, entry.expires)
        listed.setdefault(entry.article_id, set()).add(key)
    found = []
    for row in rows:
        kept = standing.get(row.article_id)
        if kept is None:
            found.append((row.article_id, "not indexed"))
            continue
        wanted = (row.position, row.expires, row.title, row.pinyin, " ".join(row.facets))
        if (kept.position, kept.expires, kept.title, kept.pinyin, kept.facets) != wanted:
            found.append((row.article_id, "other facts"))
        lists = {(one.facet, one.position, one.dated, one.expires) for one in listings([row])}
        if listed.get(row.article_id, set()) != lists:
            found.append((row.article_id, "other lists"))
    same_version = [row for row in rows if standing.get(row.article_id)]
    found += [(pk, "other words") for pk in engine().differences(same_version)]
    return found
