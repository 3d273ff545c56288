"""Which articles are near duplicates: found anew as texts change, and told to their curators.

`models.similar` keeps the pairs and the index they are found by.
"""

from django.db import IntegrityError, connection
from django.db.models import Q, QuerySet

from portal.transactions import retried

from ..importing.edits import Flag
from ..models import Article, Fingerprint, Similarity, Source
from ..models.near_duplicates import CANDIDATES, NEAR_DUPLICATE
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
        source = Source.objects.filter(article=article).only("article_id", "flags").first()
        if source is not None:
            flag_similar(source)


def follow_bin(articles: QuerySet[Article], *, restored: bool) -> None:
    """Let the flags of near duplicates follow articles into the recycle bin, or out of it: then
    what was added meanwhile is looked for too."""
    chosen = set(articles.values_list("pk", flat=True))
    if restored:
        for article in articles.only("pk", "body"):
            Similarity.objects.find(article, _hashes(article), remeasure=False)
    pairs = Similarity.objects.filter(Q(article__in=chosen) | Q(other__in=chosen))
    concerned = {pk for pair in pairs.values_list("article_id", "other_id") for pk in pair}
    for source in Source.objects.filter(article__in=concerned).only("article_id", "flags"):
        flag_similar(source)


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


def similar_flags(article_id: int) -> list[Flag]:
    """Return a flag for each article the given one is a near duplicate of."""
    pairs = Similarity.objects.of(article_id).standing().select_related("article", "other")
    pairs = pairs.only("jaccard", "containment", "article__title", "other__title")
    return [pair.flag_for(article_id) for pair in pairs[:CANDIDATES]]


def flag_similar(source: Source) -> None:
    """Make the flags of near duplicates of a source say what is known of them now."""
    settled = {
        flag["message"]: flag["settled"]
        for flag in source.flags
        if flag["kind"] == NEAR_DUPLICATE and flag.get("settled")
    }
    flags = [flag for flag in source.flags if flag["kind"] != NEAR_DUPLICATE]
    for flag in (found.as_json() for found in similar_flags(source.article_id)):
        if flag["message"] in settled:
            flag["settled"] = settled[flag["message"]]
        flags.append(flag)
    if flags != source.flags:
        source.flags = flags
        source.tally()
        source.save(update_fields=["flags", "flag_kinds", "flag_count", "blocking_count"])
