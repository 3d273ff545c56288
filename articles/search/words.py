"""Texts as they are matched, and the words they are cut into.

Words are cut by jieba's dictionary without guessing (rjieba, `hmm=False`): what it does not know
falls apart into characters, alike in a text and in a query. Terms of union work that it lacks are
kept by curators and stand in the index beside their parts, so a new one needs no other cut.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from math import log

from ..models import DomainWord, SearchVersion, Synonym
from ..models.search_words import members_of
from ..text.pinyin_table import without_tones
from ..text.script.word_borders import dictionary

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[A-Za-z0-9]")
_WORD = re.compile(r"\w")
"""What a word has one of; most are nothing else, which is asked first as it is faster."""

LONGEST_TOKEN = 60
"""Characters of a token at most; what is longer is no word, and indexes refuse it somewhere."""

_LIKELY, _AS_LIKELY = 5.0, 0.01
"""How much less likely a word may be with a certain part, at its beginning or end and inside, than
as it falls into words best (natural logarithm): 农民工 is with 民工 by 3.8, 科学家 with 学家 by
5.5, 发展中国家 with 中国 by 1.3."""

_ALL = log(60_000_000)
"""The words jieba's dictionary was counted from."""

_SEEN_AROUND = 4
"""Characters on either side by which to tell whether something is a word of its own."""


def pinyin_of(text: str) -> str:
    """Return the pinyin of a text, without tones and run together: 工会 → gonghui."""
    return re.sub(r"[^a-z0-9]", "", "".join(without_tones(text)).lower().replace("ü", "v"))


def frequency(word: str) -> int:
    """Return how common a word is by the dictionary."""
    return dictionary().suggest_freq(word)


@lru_cache(maxsize=32)
def _pieces(text: str) -> list[str]:
    """Return what the dictionary cuts a text into, marks and spaces too; nobody changes it.

    An article is cut for what it is found by, and again for what is like it.
    """
    return dictionary().cut(text, False)


def cut(text: str) -> list[str]:
    """Return the words of a text as it is matched, in order, marks and spaces left out."""
    return [word for word in _pieces(text) if word.isalnum() or _WORD.search(word)]


@lru_cache(maxsize=100_000)
def _parts(word: str) -> frozenset[str]:
    """Return the words that a word of the dictionary has in it: those it falls into best, those
    it begins or ends with where that is not much less likely, and the parts of these.

    So 劳动合同 and 合同 are parts of 劳动合同法, but 民政 is none of 人民政府.
    """
    size = len(word)
    likely = {}
    for start in range(size):
        for end in range(start + 1, size + 1):
            part = word[start:end]
            if part != word and (end == start + 1 or dictionary().has_word(part)):
                likely[start, end] = log(max(1, frequency(part))) - _ALL
    before, after = _best(likely, size), _best(_mirrored(likely, size), size)[::-1]
    found: set[str] = set()
    for (start, end), chance in likely.items():
        less = before[size] - (before[start] + chance + after[end])
        at_an_end = start == 0 or end == size
        if end - start > 1 and less < (_LIKELY if at_an_end else _AS_LIKELY):
            found |= {word[start:end], *_parts(word[start:end])}
    return frozenset(found)


@lru_cache(maxsize=100_000)
def _inside(word: str) -> tuple[str, ...]:
    """Return the parts a word is found by as well."""
    return tuple(sorted(_parts(word))) if len(word) > 2 and HAN.match(word) else ()


def _best(likely: dict[tuple[int, int], float], size: int) -> list[float]:
    """Return how likely the likeliest words are up to each place."""
    best = [0.0]
    for end in range(1, size + 1):
        ways = (best[start] + likely[start, end] for start in range(end) if (start, end) in likely)
        best.append(max(ways))
    return best


def _mirrored(likely: dict[tuple[int, int], float], size: int) -> dict[tuple[int, int], float]:
    return {(size - end, size - start): chance for (start, end), chance in likely.items()}


def in_parts(word: str) -> list[str]:
    """Return the words a term is made of, those of the dictionary: 差额 and 选举 of 差额选举."""
    found = cut(word)
    if len(found) > 1:
        return found
    ends = [end for end in range(2, len(word) - 1) if {word[:end], word[end:]} <= _parts(word)]
    return [word[: ends[0]], word[ends[0] :]] if ends else found


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether what stands there is words of its own: 县委 in 县委托 is not, app in happy."""
    return bool(whole(text, [(start, end)]))


def whole(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of some places where what stands there is words of its own.

    Hundreds of places of a search are looked at, a text's together: only what stands around them is
    cut, and remembered. To cut the texts themselves takes seventeen times as long.
    """
    found = []
    for start, end in spans:
        if not HAN.match(text, start):
            is_alone = not ((start and _LETTER.match(text, start - 1)) or _LETTER.match(text, end))
        elif end - start < 2:
            is_alone = True
        else:
            first = start - _SEEN_AROUND if start > _SEEN_AROUND else 0
            around = text[first : end + _SEEN_AROUND]
            is_alone = _is_whole_in(around, start - first, end - first)
        if is_alone:
            found.append((start, end))
    return found


@lru_cache(maxsize=30_000)
def _is_whole_in(text: str, start: int, end: int) -> bool:
    """Tell it of a passage: what a text is ranked by it is also quoted by, and what is looked for
    today was looked for yesterday."""
    words = dictionary().cut(text, False)
    borders = [*accumulate(map(len, words), initial=0)]
    if start in borders and end in borders:
        return True
    # 夜班车|间 may as well be 夜班|车间: what ends there is no 班车.
    goes_on = text[end - 1 : end + 1]
    if end in borders and len(goes_on) > 1 and dictionary().has_word(goes_on):
        return False
    return _at_borders(borders, words, start, end)


def _at_borders(borders: Sequence[int], words: Sequence[str], start: int, end: int) -> bool:
    """Tell whether something begins and ends where words do, or parts of words: 集体协商 in
    集体|协商会 does, 全总 in 安全|总监 does not. `borders` are the places between `words`."""
    first, last = bisect_right(borders, start) - 1, bisect_left(borders, end) - 1
    left, right = borders[first], borders[last + 1]
    if first == last:
        word, inside = words[first], words[first][start - left : end - left]
        at_an_end = start == left or end == right
        return inside in (word, *_parts(word)) or (at_an_end and not dictionary().has_word(inside))
    return (start == left or _is_part(words[first][start - left :])) and (
        end == right or _is_part(words[last][: end - borders[last]])
    )


def _stands_at(
    text: str, borders: Sequence[int], words: Sequence[str], start: int, end: int
) -> bool:
    """Tell whether a domain word stands there: one in letters between no others."""
    if text[start].isascii():
        return not any(
            char.isascii() and char.isalnum()
            for char in (text[start - 1 : start], text[end : end + 1])
        )
    return _at_borders(borders, words, start, end)


def _is_part(piece: str) -> bool:
    return len(piece) > 1 and dictionary().has_word(piece)


@dataclass(frozen=True, eq=False)
class Words:
    """The words curators keep: those that search takes as one, and those that mean the same."""

    version: int
    is_stale: bool  # some texts may be cut with earlier words
    synonyms: dict[str, tuple[str, ...]]  # what else each finds
    terms: frozenset[str]
    starts: dict[str, tuple[str, ...]]  # domain words by their first two characters, longest first
    start: re.Pattern[str]  # finds where such a pair may stand, thrice as fast as asking for each

    @cached_property
    def by_pinyin(self) -> dict[str, tuple[str, ...]]:
        """The words by their pinyin, the longest first: a search asks for them, no import."""
        found: dict[str, list[str]] = {}
        for word in sorted(self.terms, key=lambda word: (-len(word), word)):
            found.setdefault(pinyin_of(word), []).append(word)
        return {pinyin: tuple(words) for pinyin, words in found.items()}

    @classmethod
    def of(
        cls,
        version: int,
        is_stale: bool,
        domain: Iterable[str],
        groups: Iterable[tuple[list[str], bool]],
    ) -> "Words":
        """Return them from words and from groups, each told with whether it goes one way: from its
        first word to the others."""
        synonyms: dict[str, dict[str, None]] = {}
        terms = set(domain)
        for group, is_one_way in groups:
            terms.update(group)
            for word in group[:1] if is_one_way else group:
                others = (other for other in group if other != word)
                synonyms.setdefault(word, {}).update(dict.fromkeys(others))
        starts: dict[str, list[str]] = {}
        for word in sorted(terms, key=len, reverse=True):
            starts.setdefault(word[:2], []).append(word)
        return cls(
            version,
            is_stale,
            {word: tuple(others) for word, others in synonyms.items()},
            frozenset(terms),
            {pair: tuple(found) for pair, found in starts.items()},
            re.compile(f"{one_of(pair[0] for pair in starts)}(?={one_of(p[1:] for p in starts)})"),
        )

    def _standing(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield where domain words stand in a text, overlapping ones too."""
        words, borders = _pieces(text), []
        for hit in self.start.finditer(text):
            at = hit.start()
            for word in self.starts.get(text[at : at + 2], ()):
                if text.startswith(word, at):
                    borders = borders or [*accumulate(map(len, words), initial=0)]
                    if _stands_at(text, borders, words, at, at + len(word)):
                        yield at, word

    def tokens(self, text: str) -> list[str]:
        """Return the words a text is found by: those of the dictionary, their parts, and domain
        words; each once."""
        words = _pieces(text)
        found = dict.fromkeys(words)
        for word in list(found):
            for part in _inside(word):
                found[part] = None
        found.update((word, None) for _, word in _found(self, text))
        return [word[:LONGEST_TOKEN] for word in found if word.isalnum() or _WORD.search(word)]

    def cut(self, text: str) -> list[str]:
        """Return the words of a query, in order: domain words first, then the dictionary's."""
        words, end = [], 0
        for at, word in _found(self, text):
            if at >= end:
                words += cut(text[end:at])
                words.append(word)
                end = at + len(word)
        return words + cut(text[end:])

    def counted(self, text: str) -> Counter[str]:
        """Return how often each of these stands in a text; marks and spaces are counted too."""
        times, end = Counter(), 0
        for at, word in _found(self, text):
            if at >= end:
                times.update(dictionary().cut(text[end:at], False))
                times[word] += 1
                end = at + len(word)
        times.update(dictionary().cut(text[end:], False) if end else _pieces(text))
        return times


@lru_cache(maxsize=32)
def _found(words: Words, text: str) -> list[tuple[int, str]]:
    """Return where domain words stand in a text: asked twice of an article, as its pieces are."""
    return list(words._standing(text))


def one_of(characters: Iterable[str]) -> str:
    """Return the pattern of one of these characters; where there are none, of nothing."""
    some = "".join(sorted(set(characters)))
    return f"[{re.escape(some)}]" if some else "(?!)"


def first_of(alternatives: Iterable[tuple[Iterable[str], str]]) -> str:
    """Return the pattern of the first of these that fits: each is the characters it may begin with
    and the pattern of what follows.

    As branches alone they would all be tried at each character of a text; so `re` skips to a
    character that one begins with, three to five times as fast.
    """
    alternatives = list(alternatives)
    begin = one_of(char for beginning, _ in alternatives for char in beginning)
    branches = (f"(?<={one_of(beginning)}){rest}" for beginning, rest in alternatives)
    return f"{begin}(?:{'|'.join(branches)})"


@lru_cache(maxsize=2)
def _words(version: int, is_stale: bool, change: str) -> Words:
    """Return the words as they are at a change; kept by that, as a number may come again."""
    return Words.of(
        version,
        is_stale,
        DomainWord.objects.values_list("word", flat=True),
        [
            (members_of(words), one_way)
            for words, one_way in Synonym.objects.values_list("words", "one_way")
        ],
    )


def current_words() -> Words:
    """Return the words as curators keep them now; one query, more only after a change."""
    return _words(*SearchVersion.standing())
