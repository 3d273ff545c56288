"""Which articles are near duplicates: found anew as texts change, and told to their curators.

`models.near_duplicates` keeps the pairs and the index they are found by.
"""

from django.db import IntegrityError, connection
from django.db.models import QuerySet

from portal.transactions import retried

from ..importing.edits import Flag
from ..models import Article, Fingerprint, Similarity
from ..models.near_duplicates import CANDIDATES
from ..text.fingerprints import fingerprints


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
    fingerprints stand as they are.
    """
    article.found_similar = False
    hashes = fingerprints(text) if signature is None else signature
    if new:
        Fingerprint.objects.add(article, hashes)
        article.found_similar = bool(Similarity.objects.find(article, hashes, remeasure=False))
    elif Fingerprint.objects.replace(article, hashes) or anew:
        article.found_similar = bool(Similarity.objects.find(article, hashes, remeasure=True))


def find_again(articles: QuerySet[Article]) -> None:
    """Look for what was added while these articles lay in the recycle bin."""
    for article in articles.only("pk", "body"):
        Similarity.objects.find(article, _hashes(article), remeasure=False)


def look_again(article: Article, signature: list[int] | None = None) -> bool:
    """Look once more for near duplicates of an article just committed; tell whether there are.

    `signature` holds its fingerprints, where the caller knows them.

    What another import was writing meanwhile is seen only now: whichever of the two commits last
    finds the other. SQLite has one writer at a time. Called outside of the transaction that stored
    the article, or it sees no more than that did.
    """
    if connection.vendor == "sqlite":
        return False

    def look() -> bool:
        if not Article.objects.filter(pk=article.pk).lock():
            return False  # deleted meanwhile
        hashes = _hashes(article) if signature is None else signature
        return bool(Similarity.objects.find(article, hashes, remeasure=False))

    # The other one of a pair may be deleted meanwhile.
    return retried(look, also=(IntegrityError,))


def _hashes(article: Article) -> list[int]:
    return list(article.fingerprints.values_list("hash", flat=True))


def similar_flags(article_id: int) -> tuple[Flag, ...]:
    """Return a flag for each article the given one is a near duplicate of.

    They are derived, and kept with no source: what is known of a pair changes with either article.
    """
    return tuple(pair.flag_for(article_id) for pair in standing_pairs(article_id))


def standing_pairs(article_id: int) -> QuerySet[Similarity]:
    """Return the pairs an article is one of that no curator has dismissed, most alike first."""
    pairs = Similarity.objects.of(article_id).standing().select_related("article", "other")
    return pairs.only("jaccard", "containment", "article__title", "other__title")[:CANDIDATES]
