"""What to read after an article: found by shared tags and words, and kept ready.

An article is compared with a bounded number of others, all read through indexes: the newest of
each of its tags, and the newest that hold two of the words most its own. So the time does not grow
with the library.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from math import log

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Left

from ..models import Article, Related, Similarity, TaggedArticle
from .engine import engine
from .lists import newest_in
from .query import Group, Query, Unit
from .words import HAN, Words, current_words, frequency

KEPT = 12
"""Related articles kept of each: twice what is shown, since some may leave the library."""

_OF_A_TAG, _BY_WORDS, _MOST_TAGS = 15, 40, 8
_READ = 6000
"""Characters read of each text: who writes about something names it early."""

_WORDS, _PAIRED = 16, 4
"""Words an article is known by, and of these the ones that are looked for, two together."""

_AT_ONCE = 32
"""Articles compared together: those of one tag read the same others."""

_TAG = 0.06
"""What a shared tag counts, where all shared words together count 1."""

_LEAST = 0.12
_ALL = log(60_000_000)


def relate(article_ids: Iterable[int]) -> None:
    """Find anew what is worth reading after each of these articles, and offer them to it in turn:
    what was there before knows nothing of what came later."""
    wanted, found = sorted(set(article_ids)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        found |= _found(wanted[start : start + _AT_ONCE])
    if found:
        _keep(found)


def _found(article_ids: Sequence[int]) -> dict[int, dict[int, float]]:
    """Return the articles most like each of these, with their scores."""
    texts = _texts(article_ids)
    tags = _tags_of(article_ids)
    copies = _copies_of(article_ids)
    newest = {tag: newest_in(f"t{tag}", _OF_A_TAG) for tag in sorted({*chain(*tags.values())})}
    words, near = {}, {}
    current = current_words()
    for article_id, text in texts.items():
        words[article_id] = own = _own_words(text, current)
        among = {one for tag in tags[article_id] for one in newest[tag]}
        pairs = tuple(combinations(list(own)[:_PAIRED], 2))
        if pairs:
            query = Query("", (Unit("", (Group(pairs),)),))
            among |= {match.article_id for match in engine().newest(query, _BY_WORDS)}
        near[article_id] = among - {article_id, *copies[article_id]}
    others = set().union(*near.values())
    their_texts = _texts(others - texts.keys()) | texts
    their_tags = _all_tags_of(others)
    found = {}
    for article_id, own in words.items():
        whole, its_tags = sum(own.values()) or 1, set(tags[article_id])
        scores = {}
        for other in near[article_id] & their_texts.keys():
            text = their_texts[other]
            alike = sum(weight for word, weight in own.items() if word in text) / whole
            scores[other] = round(alike + _TAG * len(its_tags & their_tags[other]), 4)
        best = sorted(scores, key=lambda other, of=scores: (-of[other], -other))[:KEPT]
        found[article_id] = {other: scores[other] for other in best if scores[other] >= _LEAST}
    return found


def _texts(article_ids: Iterable[int]) -> dict[int, str]:
    articles = Article.objects.filter(pk__in=article_ids).annotate(text=Left("search_text", _READ))
    return dict(articles.order_by().values_list("pk", "text"))


def _tags_of(article_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the tags by which each of these is compared."""
    return defaultdict(
        list, {one: sorted(tags)[:_MOST_TAGS] for one, tags in _all_tags_of(article_ids).items()}
    )


def _all_tags_of(article_ids: Iterable[int]) -> dict[int, set[int]]:
    found = defaultdict(set)
    tagged = TaggedArticle.objects.filter(content_object__in=article_ids)
    for article_id, tag_id in tagged.values_list("content_object_id", "tag_id"):
        found[article_id].add(tag_id)
    return found


def _own_words(text: str, current: Words) -> dict[str, float]:
    """Return the words a text is about, most telling first: frequent in it, rare elsewhere."""
    weights = {
        word: (1 + log(count)) * (_ALL - log(max(1, frequency(word))))
        for word, count in current.counted(text).items()
        if count > 1 and len(word) > 1 and HAN.match(word)
    }
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS]
    return {word: weights[word] for word in best}


def _copies_of(article_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return the near duplicates of articles: nobody wants to read the same again."""
    found = defaultdict(set)
    either = Q(article__in=article_ids) | Q(other__in=article_ids)
    pairs = Similarity.objects.filter(either, dismissed_at=None)
    for one, other in pairs.values_list("article_id", "other_id"):
        found[one].add(other)
        found[other].add(one)
    return found


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
