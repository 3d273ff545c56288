"""In which order results come: by titles, tags and authors, the best of them by their texts too."""

import re
from collections.abc import Collection
from itertools import islice
from typing import NamedTuple

from django.db import connection

from ..models.plain_sql import one_of, rows
from ..text.quotes import forms_of, in_both_forms, in_either_form
from ..text.script import searchable
from .query import Query, Unit
from .questions import EVERYWHERE
from .rows import Match
from .words import first_of, is_whole

_READ = 30
"""Best candidates whose texts are read to rank them further: about 0.1 ms each."""

_NEAR = 30
"""Characters within which words count as near each other."""

_OTHER, _PART = 0.6, 0.1
"""What another word for it, and a part of it, count beside what was typed."""

_IN_TITLE, _IN_TEXT = 5, 16
"""Places looked at, of those where a word seems to stand: thirty changed no judged query."""


_PLACE_IN = {"postgresql": "strpos", "sqlite": "instr"}


def texts_of(matches: Collection[Match], *having: str) -> dict[int, tuple[str, str]]:
    """Return summary and text as they are matched, by article, of those whose texts have these
    words."""
    if not matches:
        return {}
    has = f" AND {_PLACE_IN[connection.vendor]}(search_text, %s) > 0"
    one, keys = one_of("id", [match.article_id for match in matches])
    found = rows(
        "SELECT id, summary, search_text FROM articles_article "  # noqa: S608 - places only
        f"WHERE {one}{has * len(having)}",
        [*keys, *having],
    )
    return {pk: (searchable(summary), text) for pk, summary, text in found}


_SAYS_LITTLE = 0.2
"""What 职工 in a title counts beside other words of a question."""

_HAS_ALL = 6.0
"""What it counts to have all a question is about, where others have not: three quarters of a word
in the title."""


def ranked(
    matches: list[Match], query: Query, have_all: Collection[int] = frozenset()
) -> list[Match]:
    """Return matches, best first: by title, tags and authors; the best of them by text too.
    `have_all` are articles that have all words of a question, where others have not.

    The newer goes first where they are equal.
    """
    whole = re.sub(r"\s+", "", "".join(unit.text for unit in query.units))
    sought = [_Sought.of(unit, query.is_question) for unit in query.units]
    scores = {
        match.article_id: _title_score(match, sought, whole)
        + _HAS_ALL * (match.article_id in have_all)
        for match in matches
    }

    def rank(match: Match) -> tuple[float, int]:
        return (-scores[match.article_id], -match.position)

    in_order = sorted(matches, key=rank)
    best = in_order[:_READ]
    for article_id, texts in texts_of(best).items():
        scores[article_id] += _text_score(*texts, sought, whole)
    best.sort(key=rank)
    return best + in_order[_READ:]


class _Sought(NamedTuple):
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
    weight: float  # of its place in a title

    @classmethod
    def of(cls, unit: Unit, is_question: bool = False) -> "_Sought":
        others = [
            text
            for text in unit.strings
            if text != unit.text and (len(text) > 1 or len(unit.groups) == 1)
        ]
        rests = [(unit.text, in_either_form(re.escape(unit.text[1:])) + unit.no_longer)]
        rests += [(text, re.escape(text[1:])) for text in others]
        return cls(
            re.compile(first_of((forms_of(text[0]), rest) for text, rest in rests)),
            frozenset([*in_both_forms(unit.text), *(others if unit.text.isascii() else [])]),
            unit.is_read,
            frozenset(unit.facets),
            tuple(frozenset(group.strings) for group in unit.groups),
            _SAYS_LITTLE if is_question and unit.text in EVERYWHERE else 1.0,
        )

    def hits(self, text: str, most: int) -> list[tuple[int, str]]:
        """Return where it stands and how, of so many places where it seems to."""
        return [
            (hit.start(), hit.group())
            for hit in islice(self.pattern.finditer(text), most)
            if self.anywhere or is_whole(text, *hit.span())
        ]

    def has_typed(self, word: str) -> bool:
        """Tell whether a word is, or has, what was typed: 新任工会主席 has 工会主席."""
        return word in self.typed or any(typed in word for typed in self.typed)

    def share(self, text: str) -> float:
        """Return how much of it stands in a title or summary: 1 as it was typed, less in other
        words or parts."""
        there = set()
        for _, word in self.hits(text, _IN_TITLE):
            if self.has_typed(word):
                return 1.0
            there.add(word)
        met = sum(not there.isdisjoint(group) for group in self.groups) if there else 0
        return _OTHER * met / len(self.groups) if met else 0.0


def _title_score(match: Match, sought: list[_Sought], whole: str) -> float:
    """Score title (8 a word, the whole query 12 more), and tags and authors (4 a word)."""
    score, met = 0.0, 0
    for one in sought:
        share = one.share(match.title)
        score += 8 * share * one.weight
        met += share > 0
        if one.weight == 1 and one.facets and not one.facets.isdisjoint(match.facets.split()):
            score += 4
    if met == len(sought) and whole in match.title:
        score += 12 * len(whole) / max(len(match.title), 1) + 4
    return score


def _text_score(summary: str, text: str, sought: list[_Sought], whole: str) -> float:
    """Score summary (2 a word) and text: the whole query, nearness, and how often it is said."""
    score = 0.0
    places = []
    for one in sought:
        score += 2 * one.share(summary)
        hits = one.hits(text, _IN_TEXT)
        other = _OTHER if len(one.groups) == 1 else _PART
        often = sum([1 if one.has_typed(word) else other for _, word in hits])
        score += min(often, 6) * 0.5
        score += 1.5 * min(1.0, 400 * often / (len(text) + 400))
        for group in one.groups:
            places.append([at for at, word in hits if one.has_typed(word) or word in group])
    if len(places) > 1:
        if whole in text:
            score += 3
        if all(places):
            score += 3 * _nearness(places)
    return score


def _nearness(places: list[list[int]]) -> float:
    """Return 1 where all words stand side by side, and less the wider the narrowest stretch that
    has them all."""
    hits = sorted((at, word) for word, found in enumerate(places) for at in found)
    last: dict[int, int] = {}
    narrowest = None
    for at, word in hits:
        last[word] = at
        if len(last) == len(places):
            width = at - min(last.values())
            narrowest = width if narrowest is None else min(narrowest, width)
    return 0.0 if narrowest is None else _NEAR / (_NEAR + narrowest)
