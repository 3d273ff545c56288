"""What a reader may have meant where nothing is found: words of the same sound, titles alike."""

from functools import cache
from pathlib import Path

from django.db.models import F
from rapidfuzz.distance import Indel

from ..models import Article, Author, SearchRow
from ..text.names import pinyin_slug
from ..text.script.word_borders import frequency as known_frequency
from .engine import engine
from .meanings import LONGEST_PINYIN, by_pinyin
from .query import Group, Query, Unit, parse
from .rows import begins
from .words import HAN, current_words, cut, frequency, pinyin_of

_NEVER = Path(__file__).with_name("never_proposed.txt")
_MOST = 3
_TITLES = 200
_ALIKE = 0.5
"""Share of two titles' characters that has to agree, in order (normalised Indel similarity)."""


def nearest(query: Query) -> tuple[str, ...]:
    """Return words and titles to try instead, the likeliest first; nothing for what is quoted."""
    found: dict[str, None] = {}
    units = [unit for unit in query.units if not unit.is_phrase]
    for unit in units:
        if len(unit.text) > 1 and HAN.search(unit.text):
            found |= dict.fromkeys(_same_sound(unit.text))
    found |= dict.fromkeys(_titles("".join(unit.text for unit in units)))
    return tuple(list(found)[:_MOST])


def _same_sound(typed: str) -> list[str]:
    """Return the authors, words and rows of words that are read as what was typed and stand in a
    text readers see: 职带会 gives 职代会, 劳动和同 gives 劳动合同.

    What the dictionary has is no slip, and stays as it was typed.
    """
    if is_known(typed):
        return []
    authors = Author.objects.filter(slug=pinyin_slug(typed)).values_list("name", flat=True)
    words = map("".join, by_pinyin(pinyin_of(typed)[:LONGEST_PINYIN]))
    fitting = (word for word in (*authors, *words) if is_better(word, typed))
    return [word for word in fitting if stands(word)][:2]


def is_better(word: str, typed: str) -> bool:
    """Tell whether a word may be proposed for what was typed: one that is commoner, puts nothing in
    the place of a word of the dictionary, and is no insult."""
    if word == typed or len(word) != len(typed) or any(bad in word for bad in never_proposed()):
        return False
    at = 0
    for piece in cut(typed):
        start = typed.find(piece, at)
        at = start + len(piece)
        if len(piece) > 1 and is_known(piece) and word[start:at] != piece:
            return False
    return frequency(word) > known_frequency(typed)


def is_known(word: str) -> bool:
    """Tell whether the dictionary has a word, or curators do."""
    return known_frequency(word) > 0 or word in current_words().terms


def stands(text: str) -> bool:
    """Tell whether readers may see an article that has it, or is by who is called so."""
    query = parse(text, current_words())
    return not query.is_empty and engine().stands(query)


@cache
def never_proposed() -> frozenset[str]:
    """Return the words that are never proposed: insults, and what sounds like one."""
    lines = _NEVER.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _titles(typed: str) -> list[str]:
    """Return the titles most like what was typed, of those that begin alike in pinyin or have a
    word in common."""
    if len(typed) < 3:
        return []
    start = pinyin_of(typed)[:6]
    rows = dict(
        SearchRow.objects.annotate(at=F("position") - 0)  # so that its index is left alone
        .filter(begins("pinyin", start), at__gt=0)
        .values_list("article_id", "title")[:_TITLES]
    ) if start else {}  # fmt: skip
    words = dict.fromkeys(word for word in cut(typed) if len(word) > 1)
    if words:
        any_word = Unit(typed, (Group(tuple((word,) for word in words)),))
        for match in engine().newest(Query(typed, (any_word,)), _TITLES, in_titles=True):
            rows[match.article_id] = match.title
    sound = pinyin_of(typed)
    likeness = {
        key: max(
            Indel.normalized_similarity(typed, title),
            Indel.normalized_similarity(sound, pinyin_of(title)) - 0.1,
        )
        for key, title in rows.items()
        if 2 * min(len(typed), len(title)) >= _ALIKE * (len(typed) + len(title))  # else never alike
    }
    best = sorted((key for key in likeness if likeness[key] >= _ALIKE), key=likeness.get)[-_MOST:]
    titles = dict(Article.objects.published().filter(pk__in=best).values_list("pk", "title"))
    return [titles[key] for key in reversed(best) if key in titles]
