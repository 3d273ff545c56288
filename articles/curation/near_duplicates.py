"""Which articles are near duplicates: found anew as texts change, and told to their curators.

`models.near_duplicates` keeps the pairs and the index they are found by.
"""

from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.models import QuerySet

from ..importing.edits import Flag
from ..models import Article, Fingerprint, Similarity
from ..models.near_duplicates import CANDIDATES, likeliest
from ..text.fingerprints import fingerprints

_HELD_AT_MOST = 512
"""Fingerprints of which each is held by itself, 32 an article, and 16 articles of an import at
once: PostgreSQL has room for some thousand locks. Who looks for more has all to itself."""

_ALL, _EACH = 7340572841, 734057
"""Advisory locks: of all fingerprints, and the kind of those of one each."""


def note_similar(
    article: Article,
    text: str,
    signature: list[int] | None = None,
    *,
    new: bool = False,
    anew: bool = False,
) -> None:
    """Keep an article's fingerprints and near duplicates up to date with its `text`.

    `article.found_similar` tells then whether any were found that were not known before.

    `signature` holds the fingerprints, where the caller has made them already; `new` tells that
    the article has just been added, `anew` that the pairs are to be looked for even where the
    fingerprints stand as they are, by a caller that holds all.
    """
    article.found_similar = False
    hashes = fingerprints(text) if signature is None else signature
    if new:
        Fingerprint.objects.add(article, hashes)
    elif not Fingerprint.objects.replace(article, hashes) and not anew:
        return
    if not anew:
        hold(hashes)
    article.found_similar = bool(Similarity.objects.find(article, hashes, remeasure=not new))


def note_new(signatures: Sequence[tuple[Article, list[int]]]) -> Iterator[Article]:
    """Do for articles that have just been added together, in their order, what `note_similar` does
    for one: each is compared with those before it, and yielded before those behind it are."""
    Fingerprint.objects.add_all((article.pk, hashes) for article, hashes in signatures)
    all_hashes = sorted({value for _article, hashes in signatures for value in hashes})
    hold(all_hashes)
    buckets = Fingerprint.objects.buckets(all_hashes)
    later = {article.pk for article, _hashes in signatures}
    for article, hashes in signatures:
        among = likeliest(
            [one for one in buckets.get(value, ()) if one not in later] for value in hashes
        )
        later.discard(article.pk)
        article.found_similar = bool(
            among and Similarity.objects.find(article, hashes, remeasure=False, among=among)
        )
        yield article


def find_again(articles: QuerySet[Article]) -> None:
    """Look for what was added while these articles lay in the recycle bin."""
    rows = Fingerprint.objects.filter(article__in=articles.values("pk"))
    hashes: dict[int, list[int]] = {}
    for pk, value in rows.values_list("article_id", "hash"):
        hashes.setdefault(pk, []).append(value)
    hold([value for its in hashes.values() for value in its])
    for article in articles.only("pk", "body"):
        Similarity.objects.find(article, hashes.get(article.pk, []), remeasure=False)


def hold(hashes: Sequence[int] | None = None) -> None:
    """Let nobody else look for near duplicates of texts with one of these fingerprints, or any,
    until the end of the transaction: of two who write copies at once the second sees the first's.

    What is looked for has been written before; SQLite has one writer at a time in any case.
    """
    if connection.vendor == "sqlite" or hashes == []:
        return
    with connection.cursor() as cursor:
        if hashes is None or len(hashes) > _HELD_AT_MOST:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ALL])
            return
        each = sorted({value % 2**31 for value in hashes})  # locks of two numbers have short ones
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s); "
            "SELECT pg_advisory_xact_lock(%s, one) FROM unnest(%s::int[]) AS one",
            [_ALL, _EACH, each],
        )


def similar_flags(article_id: int) -> tuple[Flag, ...]:
    """Return a flag for each article the given one is a near duplicate of.

    They are derived, and kept with no source: what is known of a pair changes with either article.
    """
    return tuple(pair.flag_for(article_id) for pair in standing_pairs(article_id))


def standing_pairs(article_id: int) -> QuerySet[Similarity]:
    """Return the pairs an article is one of that no curator has dismissed, most alike first."""
    pairs = Similarity.objects.of(article_id).standing().select_related("article", "other")
    return pairs.only("jaccard", "containment", "article__title", "other__title")[:CANDIDATES]
