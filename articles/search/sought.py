"""A word of a query as it is looked for in hundreds of titles and texts."""

import re
from itertools import islice
from typing import NamedTuple

from ..text.quotes import forms_of, in_both_forms, in_either_form
from .query import Unit
from .words import first_of, whole

SAME, OTHER, PART = 0.8, 0.6, 0.1
"""What a word that means the same counts beside what was typed, one that is only found as well, and
a part of it."""

_IN_TITLE, IN_TEXT = 5, 16
"""Places looked at, of those where a word seems to stand: thirty changed no judged query."""


class Sought(NamedTuple):
    """A unit as it is looked for in hundreds of texts.

    `pattern` is of all that it stands for: as it was `typed`, what pinyin is typed for, and other
    words for it; of a name, not its characters. It has to stand there as words of its own, but a
    phrase, and a name beside what the dictionary takes it for a part of, may stand `anywhere`.
    """

    pattern: re.Pattern[str]
    typed: frozenset[str]
    anywhere: bool
    facets: frozenset[str]
    groups: tuple[frozenset[str], ...]  # what each of its words may look like
    same: frozenset[str]  # those that mean the same, not a kind or part of it
    weight: float  # of 1: how much of a question it tells
    is_key: bool

    @classmethod
    def of(cls, unit: Unit, weight: float) -> "Sought":
        others = [
            text
            for text in unit.strings
            if text != unit.text and (len(text) > 1 or len(unit.groups) == 1)
        ]
        rests = [(unit.text, in_either_form(re.escape(unit.text[1:])) + unit.no_longer)]
        rests += [(text, re.escape(text[1:])) for text in others]
        return cls(
            re.compile(first_of((forms_of(text[0]), rest) for text, rest in rests)),
            frozenset(
                [*in_both_forms(unit.text), *(others if unit.text.isascii() or unit.ways else [])]
            ),
            unit.is_read,
            frozenset(unit.facets),
            tuple(frozenset(group.strings) for group in unit.groups),
            frozenset().union(*(group.same for group in unit.groups)),
            weight,
            unit.is_key,
        )

    def hits(self, text: str, most: int) -> list[tuple[int, str]]:
        """Return where it stands and how, of so many places where it seems to."""
        spans = [hit.span() for hit in islice(self.pattern.finditer(text), most)]
        return [
            (start, text[start:end])
            for start, end in (spans if self.anywhere else whole(text, spans))
        ]

    def has_typed(self, word: str) -> bool:
        """Tell whether a word is, or has, what was typed: 新任工会主席 has 工会主席."""
        return any(typed in word for typed in self.typed)

    def worth(self, word: str) -> float:
        """Return what a word that stands there counts beside what was typed."""
        if word in self.typed or self.has_typed(word):
            return 1.0
        if len(self.groups) > 1:
            return PART
        return SAME if word in self.same else OTHER

    def share(self, text: str) -> float:
        """Return how much of it stands in a title or summary: 1 as it was typed, less in other
        words or parts."""
        if not self.pattern.search(text):
            return 0.0
        there = set()
        for _, word in self.hits(text, _IN_TITLE):
            if word in self.typed or self.has_typed(word):
                return 1.0
            there.add(word)
        met = sum(not there.isdisjoint(group) for group in self.groups) if there else 0
        if not met:
            return 0.0
        return (OTHER if there.isdisjoint(self.same) else SAME) * met / len(self.groups)
