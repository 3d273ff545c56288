"""What to read after an article: found by shared tags and words, and kept ready.

An article is compared with a bounded number of others, all read through indexes: the newest of
each of its tags, and the newest that hold two of the words most its own. So the time does not grow
with the library.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from math import log

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Left

from ..models import Article, Related, Similarity, TaggedArticle
from .engine import engine
from .lists import newest_in
from .query import Group, Query, Unit
from .words import HAN, current_words, frequency

KEPT = 12
"""Related articles kept of each: twice what is shown, since some may leave the library."""

_OF_A_TAG, _BY_WORDS, _MOST_TAGS = 15, 40, 8
_READ = 6000
"""Characters read of each text: who writes about something names it early."""

_WORDS, _PAIRED = 16, 4
"""Words an article is known by, and of these the ones that are looked for, two together."""

_TAG = 0.06
"""What a shared tag counts, where all shared words together count 1."""

_LEAST = 0.12
_ALL = log(60_000_000)


def relate(article_ids: Iterable[int]) -> None:
    """Find anew what is worth reading after each of these articles, and offer them to it in turn:
    what was there before knows nothing of what came later."""
    found = {article_id: _found(article_id) for article_id in sorted(set(article_ids))}
    if found:
        _keep(found)


def _found(article_id: int) -> dict[int, float]:
    """Return the articles most like one, each with its score."""
    articles = Article.objects.annotate(text=Left("search_text", _READ))
    text = articles.filter(pk=article_id).values_list("text", flat=True).first()
    if text is None:
        return {}
    words = _own_words(text)
    tags = list(
        TaggedArticle.objects.filter(content_object=article_id)
        .order_by("tag_id")
        .values_list("tag_id", flat=True)[:_MOST_TAGS]
    )
    near = set()
    for tag in tags:
        near |= set(newest_in(f"t{tag}", _OF_A_TAG))
    pairs = tuple(combinations(list(words)[:_PAIRED], 2))
    if pairs:
        query = Query("", (Unit("", (Group(pairs),)),))
        near |= {match.article_id for match in engine().newest(query, _BY_WORDS)}
    near -= {article_id, *_copies_of(article_id)}
    shared = Counter(
        TaggedArticle.objects.filter(content_object__in=near, tag__in=tags).values_list(
            "content_object_id", flat=True
        )
    )
    whole = sum(words.values()) or 1
    scores = {}
    for other, its_text in articles.filter(pk__in=near).values_list("pk", "text"):
        alike = sum(weight for word, weight in words.items() if word in its_text) / whole
        scores[other] = round(alike + _TAG * shared[other], 4)
    best = sorted(scores, key=lambda other: (-scores[other], -other))[:KEPT]
    return {other: scores[other] for other in best if scores[other] >= _LEAST}


def _own_words(text: str) -> dict[str, float]:
    """Return the words a text is about, most telling first: frequent in it, rare elsewhere."""
    times = Counter(word for word in current_words().cut(text) if len(word) > 1 and HAN.match(word))
    weights = {
        word: (1 + log(count)) * (_ALL - log(max(1, frequency(word))))
        for word, count in times.items()
        if count > 1
    }
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS]
    return {word: weights[word] for word in best}


def _copies_of(article_id: int) -> set[int]:
    """Return the near duplicates of an article: nobody wants to read the same again."""
    pairs = Similarity.objects.of(article_id).filter(dismissed_at=None)
    return {one for pair in pairs.values_list("article_id", "other_id") for one in pair}


def _keep(found: dict[int, dict[int, float]]) -> None:
    """Write what was found for articles, and each of them for those it is nearer to than what they
    have.

    All rows are taken in one order, those that are there first: so two who save articles alike, or
    publish two lots of them, wait for each other instead of locking each other up.
    """
    with transaction.atomic():
        touched = Related.objects.filter(Q(article__in=found) | Q(other__in=found))
        touched = touched.order_by("article_id", "other_id").select_for_update(no_key=True)
        before = list(touched.values_list("pk", "article_id", "other_id"))
        Related.objects.filter(
            pk__in=[pk for pk, one, other in before if one in found and other not in found[one]]
        ).delete()
        others = {other for scores in found.values() for other in scores}
        standing: dict[int, dict[int, float]] = defaultdict(dict)
        for one, other, score in Related.objects.filter(article__in=others).values_list(
            "article_id", "other_id", "score"
        ):
            standing[one][other] = score
        pairs = {
            (one, other): score for one, scores in found.items() for other, score in scores.items()
        }
        for one, scores in found.items():
            standing[one] = dict(scores)
        for one, scores in found.items():
            for other, score in scores.items():
                rest = sorted((s for o, s in standing[other].items() if o != one), reverse=True)
                if len(rest) < KEPT or score > rest[KEPT - 1]:
                    pairs[other, one] = standing[other][one] = score
        Related.objects.bulk_create(
            [Related(article_id=a, other_id=b, score=pairs[a, b]) for a, b in sorted(pairs)],
            update_conflicts=True,
            unique_fields=["article", "other"],
            update_fields=["score"],
        )
