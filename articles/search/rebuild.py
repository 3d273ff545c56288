"""The whole index: made anew beside a live site, and compared with the articles."""

from collections.abc import Callable

from django.db import transaction

from ..models import Article, Listing, SearchRow, SearchVersion
from .index import BATCH, engine, index, listings, rows_of
from .text import current_words


def rebuild(*, everything: bool = False, tell: Callable[[int, int], None] | None = None) -> int:
    """Index the articles that are not, or were cut with other domain words; return how many.

    Each batch is a transaction of its own: readers find the old rows until the new ones stand, and
    a rebuild that is killed goes on where it was. What is added to the words meanwhile leaves the
    index stale for the next one.
    """
    version, _ = SearchVersion.current()
    current = SearchRow.objects.filter(version=version).values("article_id")
    wanted = Article.objects.all() if everything else Article.objects.exclude(pk__in=current)
    ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        index(ids[start : start + BATCH])
        if tell:
            tell(min(start + BATCH, len(ids)), len(ids))
    if everything:
        engine().remove_strays()
    SearchVersion.objects.filter(number=version).update(indexed=version)
    return len(ids)


def differences() -> list[tuple[int, str]]:
    """Return the articles the index does not say the truth of, and what is wrong with each."""
    words = current_words()
    found: list[tuple[int, str]] = []
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            found += _differences(ids[start : start + BATCH], words)
    if strays := engine().strays():
        found.append((0, f"{strays} rows of words without an article"))
    return found


def _differences(article_ids: list[int], words) -> list[tuple[int, str]]:
    rows = list(rows_of(article_ids, words))
    standing = SearchRow.objects.in_bulk(article_ids)
    listed: dict[int, set] = {}
    for entry in Listing.objects.filter(article__in=article_ids):
        key = (entry.facet, entry.position, entry.expires)
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
        lists = {(one.facet, one.position, one.expires) for one in listings([row])}
        if listed.get(row.article_id, set()) != lists:
            found.append((row.article_id, "other lists"))
    same_version = [row for row in rows if standing.get(row.article_id)]
    found += [(pk, "other words") for pk in engine().differences(same_version)]
    return found
