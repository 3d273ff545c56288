"""In which order results come: by titles, tags and authors, the best of them by their texts too."""

import re
from collections.abc import Collection
from itertools import islice
from math import log
from typing import NamedTuple

from django.db import connection

from ..models.plain_sql import one_of, rows
from ..text.quotes import forms_of, in_both_forms, in_either_form
from ..text.script import searchable
from .query import Query, Unit
from .rows import Match
from .words import first_of, whole

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
    return {pk: (summary and searchable(summary), text) for pk, summary, text in found}


_HAS_IT, _TOGETHER, _PASSAGE = 6.0, 8.0, 80
"""What it counts to have all that a question tells, and to have it in one passage of so many
characters: as much as a word in the title."""

_EVERYWHERE = 0.3
"""What a word tells that all texts have, beside one that half of them have, which tells 1."""

_AS_TYPED = 3.0
"""What it counts to have a word as it was typed, where others have another word for it."""


def ranked(matches: list[Match], query: Query) -> list[Match]:
    """Return matches, best first: by title, tags and authors; the best of them by text too.

    The newer goes first where they are equal.
    """
    said = re.sub(r"\s+", "", "".join(unit.text for unit in query.units))
    most = max((unit.tells for unit in query.units), default=1) if query.is_question else 1
    sought = [
        _Sought.of(unit, unit.tells / most if query.is_question else 1.0) for unit in query.units
    ]
    # By what is scored, then by position: the newest first.
    in_order = sorted(
        [
            (-score, -match.position, match)
            for match, score in zip(matches, _title_scores(matches, sought, said), strict=True)
        ]
    )
    best = [match for _, _, match in in_order[:_READ]]
    texts = texts_of(best)
    if query.is_question:
        scores = _answer_scores(texts, sought, said)
    else:
        scores = {pk: _text_score(*both, sought, said) for pk, both in texts.items()}
    reordered = [
        (score - scores.get(match.article_id, 0), place, match)
        for score, place, match in in_order[:_READ]
    ]
    return [match for _, _, match in sorted(reordered) + in_order[_READ:]]


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
    weight: float  # of 1: how much of a question it tells

    @classmethod
    def of(cls, unit: Unit, weight: float) -> "_Sought":
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
            weight,
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
        return _OTHER * met / len(self.groups) if met else 0.0


def _title_scores(matches: list[Match], sought: list[_Sought], said: str) -> list[float]:
    """Score titles (8 a word, all that was `said` 12 more), and tags and authors (4 a word)."""
    scores = []
    for _, _, title, facets in matches:
        score, met = 0.0, 0
        for one in sought:
            # Most titles have it not, which is asked here: 330 calls are a tenth of a search.
            if one.pattern.search(title) and (share := one.share(title)):
                score += 8 * share * one.weight
                met += 1
            if one.weight > 0.5 and one.facets and not one.facets.isdisjoint(facets.split()):
                score += 4
        if met == len(sought) and said in title:
            score += 12 * len(said) / max(len(title), 1) + 4
        scores.append(score)
    return scores


def _text_score(summary: str, text: str, sought: list[_Sought], said: str) -> float:
    """Score summary (2 a word) and text: all that was `said`, nearness, and how often."""
    score = 0.0
    places = []
    are_several = len(sought) > 1 or any(len(one.groups) > 1 for one in sought)
    for one in sought:
        score += 2 * one.share(summary)
        hits = one.hits(text, _IN_TEXT)
        other = _OTHER if len(one.groups) == 1 else _PART
        typed = [word in one.typed or one.has_typed(word) for _, word in hits]
        often = sum([1 if as_typed else other for as_typed in typed])
        score += min(often, 6) * 0.5 + (_AS_TYPED if any(typed) else 0)
        score += 1.5 * min(1.0, 400 * often / (len(text) + 400))
        for group in one.groups if are_several else ():
            places.append(
                [
                    at
                    for (at, word), as_typed in zip(hits, typed, strict=True)
                    if as_typed or word in group
                ]
            )
    if len(places) > 1:
        if said in text:
            score += 3
        if all(places):
            score += 3 * _nearness(places)
    return score


def _answer_scores(
    texts: dict[int, tuple[str, str]], sought: list[_Sought], said: str
) -> dict[int, float]:
    """Score texts beside a question: by what they have of what that tells, and how much of it in
    one passage. A word that few of them have tells more."""
    hits = {pk: [one.hits(text, _IN_TEXT) for one in sought] for pk, (_, text) in texts.items()}
    having = [sum(1 for found in hits.values() if found[at]) for at in range(len(sought))]
    weights = [
        one.weight * (_EVERYWHERE + log((len(texts) + 1) / (had + 0.5)))
        for one, had in zip(sought, having, strict=True)
    ]
    most = max(weights, default=1.0)
    weights = [weight / most for weight in weights]
    return {
        pk: _answer_score(summary, text, hits[pk], sought, weights, said)
        for pk, (summary, text) in texts.items()
    }


def _answer_score(
    summary: str,
    text: str,
    hits: list[list[tuple[int, str]]],
    sought: list[_Sought],
    weights: list[float],
    said: str,
) -> float:
    score, there = 0.0, []
    for number, (one, found, weight) in enumerate(zip(sought, hits, weights, strict=True)):
        score += 2 * weight * one.share(summary)
        if not found:
            continue
        typed = [word in one.typed or one.has_typed(word) for _, word in found]
        other = _OTHER if len(one.groups) == 1 else _PART
        worth = [weight if as_typed else weight * other for as_typed in typed]
        score += min(sum(worth), 6 * weight) * 0.5
        score += 1.5 * min(weight, 400 * sum(worth) / (len(text) + 400))
        score += _HAS_IT * max(worth) / sum(weights)
        there += [(at, number, one) for (at, _), one in zip(found, worth, strict=True)]
    if said in text and len(sought) > 1:
        score += 3
    return score + _TOGETHER * _best_passage(there) / sum(weights)


def _best_passage(there: list[tuple[int, int, float]]) -> float:
    """Return how much the most telling passage tells, each word once: of places, words and what
    they tell."""
    there.sort()
    best, first = 0.0, 0
    for last, (at, *_) in enumerate(there):
        while at - there[first][0] > _PASSAGE:
            first += 1
        worth: dict[int, float] = {}
        for _, word, weight in there[first : last + 1]:
            worth[word] = max(worth.get(word, 0.0), weight)
        best = max(best, sum(worth.values()))
    return best


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
