"""In which order results come: by titles, tags and authors, the best of them by their texts too."""

import re
from collections.abc import Collection, Sequence

from django.db import connection

from ..models.plain_sql import one_of, rows
from ..text.script import searchable
from .answering import answer_scores
from .query import Group, Query, Unit
from .rows import Match
from .sought import IN_TEXT, Sought
from .words import in_parts

_READ = 30
"""Best candidates whose texts are read to rank them further: about 0.1 ms each."""

_NEAR = 30
"""Characters within which words count as near each other."""


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


_AS_TYPED = 3.0
"""What it counts to have a word as it was typed, where others have another word for it."""


def ranked(matches: list[Match], query: Query) -> list[Match]:
    """Return matches, best first: by title, tags and authors; the best of them by text too.

    The newer goes first where they are equal.
    """
    said = re.sub(r"\s+", "", "".join(unit.text for unit in query.units))
    most = max((unit.tells for unit in query.units), default=1) if query.is_question else 1
    sought = [
        Sought.of(unit, unit.tells / most if query.is_question else 1.0) for unit in query.units
    ]
    parts = _parts_of(query.units, most) if query.is_question else []
    # By what is scored, then by position: the newest first.
    in_order = sorted(
        [
            (-score, -match.position, match)
            for match, score in zip(
                matches, _title_scores(matches, sought, said, parts), strict=True
            )
        ]
    )
    best = [match for _, _, match in in_order[:_READ]]
    texts = texts_of(best)
    if query.is_question:
        scores = answer_scores(texts, [*sought, *parts], said, searchable(query.text))
    else:
        scores = {pk: _text_score(*both, sought, said) for pk, both in texts.items()}
    reordered = [
        (score - scores.get(match.article_id, 0), place, match)
        for score, place, match in in_order[:_READ]
    ]
    return [match for _, _, match in sorted(reordered) + in_order[_READ:]]


_IN_TITLE, _AS_PART = 8.0, 0.3
"""What it counts to have a word in the title; and what a part of a term tells, of what it would
alone."""


def _parts_of(units: tuple[Unit, ...], most: float) -> list[Sought]:
    """Return the words that the terms of a question are made of: 合同 and 到期 say something of
    合同到期."""
    known = {unit.text for unit in units}
    parts = dict.fromkeys(
        part
        for unit in units
        if len(unit.groups) == 1 and len(unit.text) > 3 and not unit.is_phrase
        for part in in_parts(unit.text)
        if len(part) > 1 and part not in known
    )
    found = []
    for part in parts:
        unit = Unit(part, (Group(((part,),)),), key_words=frozenset([part]))
        found.append(Sought.of(unit, _AS_PART * unit.tells / most)._replace(is_key=False))
    return found


def _title_scores(
    matches: list[Match], sought: list[Sought], said: str, parts: Sequence[Sought] = ()
) -> list[float]:
    """Score titles (all that was `said` 12 more), and tags and authors (4 a word)."""
    scores = []
    asked = [
        (one, one.pattern.search, one.facets if one.weight > 0.5 else frozenset()) for one in sought
    ]
    for _, _, title, facets in matches:
        score, met = 0.0, 0
        for one, stands, marks in asked:
            # Most titles have it not, which is asked here: 330 calls are a tenth of a search.
            if stands(title) and (share := one.share(title)):
                score += _IN_TITLE * share * one.weight
                met += 1
            if marks and any(map(facets.__contains__, marks)) and marks & set(facets.split()):
                score += 4
        if parts:
            score += sum(_IN_TITLE * part.share(title) * part.weight for part in parts)
        if met == len(sought) and said in title:
            score += 12 * len(said) / max(len(title), 1) + 4
        scores.append(score)
    return scores


def _text_score(summary: str, text: str, sought: list[Sought], said: str) -> float:
    """Score summary (2 a word) and text: all that was `said`, nearness, and how often."""
    score = 0.0
    places = []
    are_several = len(sought) > 1 or any(len(one.groups) > 1 for one in sought)
    for one in sought:
        score += 2 * one.share(summary)
        hits = one.hits(text, IN_TEXT)
        worth = [one.worth(word) for _, word in hits]
        typed = [one_worth == 1 for one_worth in worth]
        often = sum(worth)
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
