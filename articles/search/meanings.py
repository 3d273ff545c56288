"""What letters and single characters of a query stand for: words of the library's own texts."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, Value
from django.db.models.functions import Replace

from ..models import Author
from ..models.search_rows import Term
from .words import HAN, Words

LONGEST_PINYIN = 48
_HOMOPHONES = 5
_MOST_AUTHORS = 200
_WITH_CHARACTER = 30
"""Words that stand for queries of one character, the commonest first; several share them."""


def joined_syllables(values: list[str], words: Words) -> list[str]:
    """Return what was typed with the parts of a word in pinyin put together: zhi dai hui."""
    parts = [value for value in values if is_pinyin(value)]
    if len(parts) < 2:
        return values
    runs = {}
    for start in range(len(values)):
        for end in range(start + 2, len(values) + 1):
            run = "".join(values[start:end])
            if is_pinyin(run):
                runs[start, end] = run
    known = set(Term.objects.filter(pinyin__in=runs.values()).values_list("pinyin", flat=True))
    known |= words.by_pinyin.keys() | authors_read_so(runs.values()).keys()
    joined, at = [], 0
    while at < len(values):
        ends = [end for (start, end), run in runs.items() if start == at and run in known]
        end = max(ends, default=at + 1)
        joined.append("".join(values[at:end]))
        at = end
    return joined


_SHORTEST_NAME = 4
"""Letters of an author's name in pinyin at least: there are none in fewer."""


def authors_read_so(typed: Iterable[str]) -> dict[str, list[int]]:
    """Return the keys of the authors whose names are read so, by the pinyin that was typed:
    shenyanqiu is 沈砚秋. Those called alike have a number at the end of their address."""
    names = {one for one in typed if len(one) >= _SHORTEST_NAME}
    if not names:
        return {}
    together = Replace("slug", Value("-"), Value(""))
    begins = reduce(or_, (Q(together__startswith=name) for name in names))
    found: dict[str, list[int]] = {}
    authors = Author.objects.annotate(together=together).filter(begins).order_by("pk")
    for key, slug in authors.values_list("pk", "together")[:_MOST_AUTHORS]:
        if (name := slug.rstrip("0123456789")) in names:
            found.setdefault(name, []).append(key)
    return found


def is_pinyin(value: str) -> bool:
    """Tell whether something may be pinyin: letters, and not too many."""
    return value.isascii() and value.isalpha() and len(value) <= LONGEST_PINYIN


def stands_for(tokens: set[str], words: Words) -> dict[str, list[tuple[str, ...]]]:
    """Return the Chinese words that pinyin stands for, and those a single character stands in."""
    found = _with_characters([token for token in tokens if len(token) == 1 and HAN.match(token)])
    for token in tokens:
        if is_pinyin(token) and len(token) > 1:
            curated = [(word,) for word in words.by_pinyin.get(token, ())]
            found[token] = list(dict.fromkeys([*curated, *by_pinyin(token)]))
    return found


def _with_characters(characters: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return the commonest words that each stands in; all words are looked through, but once."""
    if not characters:
        return {}
    most = -(-_WITH_CHARACTER // len(characters))
    stands_in = reduce(or_, (Q(word__contains=one) for one in characters))
    terms = Term.objects.filter(stands_in).order_by("-weight", "word")
    found: dict[str, list[tuple[str, ...]]] = {character: [] for character in characters}
    for word in terms.values_list("word", flat=True):
        for character in set(word).intersection(found):
            if len(found[character]) < most:
                found[character].append((word,))
    return found


def by_pinyin(typed: str) -> list[tuple[str, ...]]:
    """Return the words that are read so: as one word, or else as a row of the fewest words."""
    size = len(typed)
    pieces = {typed[i:j] for i in range(size) for j in range(i + 2, size + 1)}
    terms: dict[str, list[tuple[int, str]]] = {}
    for word, pinyin, weight in Term.objects.filter(pinyin__in=pieces).values_list(
        "word", "pinyin", "weight"
    ):
        terms.setdefault(pinyin, []).append((weight, word))
    for pinyin, found in terms.items():
        terms[pinyin] = sorted(found, reverse=True)[:_HOMOPHONES]
    if typed in terms:
        return [(word,) for _, word in terms[typed]]
    best: list[tuple[int, int, list[str]] | None] = [(0, 0, [])] + [None] * size
    for end in range(2, size + 1):
        for start in range(end - 1):
            before, found = best[start], terms.get(typed[start:end])
            if before is None or not found:
                continue
            weight, word = found[0]
            one = (before[0] - 1, min(before[1] or weight, weight), [*before[2], word])
            if best[end] is None or one[:2] > best[end][:2]:
                best[end] = one
    return [tuple(best[size][2])] if best[size] else []
