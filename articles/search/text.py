"""Texts as they are matched, and the words they are cut into.

Words are cut by jieba's dictionary without guessing (rjieba, `hmm=False`): what it does not know
falls apart into characters, alike in a text and in a query. Terms of union work that it lacks are
kept by curators and stand in the index beside their parts, so a new one needs no other cut.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress
from operator import add

import rjieba
from pypinyin import lazy_pinyin

from .. import script

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"\w")

LONGEST_TOKEN = 60
"""Characters of a token at most; what is longer is no word, and indexes refuse it somewhere."""

_PARTS_OF = 5
"""Characters from which a word of the dictionary is indexed by its parts of four as well: jieba
itself gives those of two and three."""


def searchable(text: str) -> str:
    """Return the text as it is matched: simplified, half-width, lower case, 一 for 壹."""
    return script.fold(unicodedata.normalize("NFKC", text)).lower().replace("壹", "一")


def searchable_with_places(text: str) -> tuple[str, list[int] | None]:
    """Return the text as it is matched and, for each of its characters, its place in `text`.

    None in place of the places where they are the same.
    """
    matched = searchable(text)
    if len(matched) == len(text):
        return matched, None
    # Marks that combine are matched with what they stand on.
    parts, places = [], []
    for found in re.finditer(r".[\u0300-\u036f\u3099\u309a]*", text, re.S):
        part = searchable(found.group())
        parts.append(part)
        places += [found.start()] * len(part)
    places.append(len(text))
    return "".join(parts), places


def pinyin_of(text: str) -> str:
    """Return the pinyin of a text, without tones and run together: 工会 → gonghui."""
    return re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(text)).lower().replace("ü", "v"))


@cache
def _dictionary() -> rjieba.Jieba:
    return rjieba.Jieba()


def frequency(word: str) -> int:
    """Return how common a word is by the dictionary."""
    return _dictionary().suggest_freq(word)


def cut(text: str) -> list[str]:
    """Return the words of a text as it is matched, in order, marks and spaces left out."""
    return [word for word in _dictionary().cut(text, False) if _WORD.search(word)]


@dataclass(frozen=True)
class Words:
    """The words curators keep: those that search takes as one, and those that mean the same."""

    version: int
    is_stale: bool  # some texts may be cut with earlier words
    synonyms: dict[str, tuple[str, ...]]  # the others of its groups, for each word
    starts: dict[str, tuple[str, ...]]  # domain words by their first two characters, longest first
    by_pinyin: dict[str, tuple[str, ...]]

    @classmethod
    def of(
        cls, version: int, is_stale: bool, domain: Iterable[str], groups: Iterable[list[str]]
    ) -> "Words":
        synonyms: dict[str, dict[str, None]] = {}
        for group in groups:
            for word in group:
                others = (other for other in group if other != word)
                synonyms.setdefault(word, {}).update(dict.fromkeys(others))
        starts: dict[str, list[str]] = {}
        by_pinyin: dict[str, list[str]] = {}
        for word in sorted({*domain, *synonyms}, key=len, reverse=True):
            starts.setdefault(word[:2], []).append(word)
            by_pinyin.setdefault(pinyin_of(word), []).append(word)
        return cls(
            version,
            is_stale,
            {word: tuple(others) for word, others in synonyms.items()},
            {pair: tuple(found) for pair, found in starts.items()},
            {pinyin: tuple(found) for pinyin, found in by_pinyin.items()},
        )

    def _found(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield where domain words stand, overlapping ones too."""
        known = map(self.starts.__contains__, map(add, text, text[1:]))
        for at in compress(range(len(text)), known):
            for word in self.starts[text[at : at + 2]]:
                if text.startswith(word, at):
                    yield at, word

    def tokens(self, text: str) -> list[str]:
        """Return the words a text is found by: those of the dictionary, their parts, and domain
        words; each once."""
        found = dict.fromkeys(_dictionary().cut_for_search(text, False))
        for word in [word for word in found if len(word) >= _PARTS_OF and HAN.match(word)]:
            parts = (word[at : at + 4] for at in range(len(word) - 3))
            found.update(dict.fromkeys(part for part in parts if _dictionary().has_word(part)))
        found.update((word, None) for _, word in self._found(text))
        return [word[:LONGEST_TOKEN] for word in found if _WORD.search(word)]

    def cut(self, text: str) -> list[str]:
        """Return the words of a query, in order: domain words first, then the dictionary's."""
        words, end = [], 0
        for at, word in self._found(text):
            if at >= end:
                words += cut(text[end:at])
                words.append(word)
                end = at + len(word)
        return words + cut(text[end:])


@lru_cache(maxsize=2)
def _words(version: int, is_stale: bool) -> Words:
    from ..models.search import DomainWord, Synonym

    return Words.of(
        version,
        is_stale,
        DomainWord.objects.values_list("word", flat=True),
        [synonym.members for synonym in Synonym.objects.all()],
    )


def current_words() -> Words:
    """Return the words as curators keep them now; one query, more only after a change."""
    from ..models.search import SearchVersion

    return _words(*SearchVersion.current())
