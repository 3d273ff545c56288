"""From a query to a page of results: fetch, rank, count, and relax where nothing is found."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import compress, groupby, islice
from operator import itemgetter
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from ..models.plain_sql import one_of, rows
from ..text.quotes import forms_of, in_both_forms, in_either_form
from ..text.script import searchable
from .did_you_mean import nearest
from .engine import engine
from .query import MOST_WORDS, Query, Unit, parse
from .rows import Match
from .words import current_words, first_of, is_whole

PER_PAGE = 20
MOST_PAGES = 50

_CANDIDATES, _OF_FIRST_PAGES = PER_PAGE * MOST_PAGES, 240
"""Newest matches that are ranked: pages end there. The first ten pages rank fewer."""

_TITLES = 120
"""Newest matches by title alone that are ranked, however old they are."""

_MOST_IN_TITLES = 32
"""Words a query may stand for where old titles are looked through: more are those of several single
characters, which any title has some of."""

_READ = 30
"""Best candidates whose texts are read to rank them further: about 0.1 ms each."""

_VERIFIED = 200
"""Newest candidates whose texts are read to see whether a phrase stands there."""

_NEAR = 30
"""Characters within which words count as near each other."""

_OTHER, _PART = 0.6, 0.1
"""What another word for it, and a part of it, count beside what was typed."""

_IN_TITLE, _IN_TEXT = 5, 16
"""Places looked at, of those where a word seems to stand: thirty changed no judged query."""


_YEAR = re.compile(r"(?<!\S)((?:19|20)\d\d)年?(?!\S)")


@dataclass(frozen=True, slots=True)
class Results:
    """What a query found.

    `total` is exact if `is_counted`; `facets` counts markers (t5, a12, y2026) among all of it, or
    is scaled up from those that are ranked. `dropped` are words left out because nothing has them
    all, `scattered` those whose characters do not stand together anywhere; `instead` are words or
    titles to try.
    """

    query: Query
    article_ids: list[int]
    total: int
    is_counted: bool
    facets: Counter[str] = field(default_factory=Counter)
    facets_counted: bool = True
    dropped: tuple[str, ...] = ()
    scattered: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    reachable: int = 0  # how many of them the pages go through

    @property
    def pages(self) -> int:
        return max(1, -(-self.reachable // PER_PAGE))


def find(
    text: str,
    *,
    facets: Iterable[str] = (),
    page: int = 1,
    by_date: bool = False,
    before: int | None = None,
) -> Results:
    """Return a page of what `text` finds among the articles readers may see.

    `facets` are markers of filters chosen beside the query; `before` leaves out what stands at this
    position or is newer. Raises OperationalError if the database takes too long.
    """
    query = parse(text, current_words(), facets=facets)
    if query.is_empty:
        return Results(query, [], 0, True)
    look = partial(_found, before=before)
    results = look(query, page, by_date)
    if results.total or not query.units:
        return results
    instead = (*_with_year(text), *nearest(query))
    scattered = tuple(unit.text for unit in query.units if unit.falls_apart and not unit.is_phrase)
    if scattered:
        found = look(query, page, by_date, apart=True)
        if found.total:
            return replace(found, scattered=scattered, instead=instead)
    for fewer, left in _relaxed(query):
        found = look(fewer, page, by_date)
        if found.total:
            return replace(found, query=fewer, dropped=left, instead=instead)
    return replace(results, instead=instead)


def _with_year(text: str) -> list[str]:
    """Return the query with a year that was typed as a word, 2022年, as a filter, if that finds
    something."""
    text = unicodedata.normalize("NFKC", text)
    asked = _YEAR.sub(r"年份:\1", text)
    if asked == text:
        return []
    query = parse(asked, current_words())
    return [asked] if engine().stands(query) else []


def matching(articles: QuerySet, text: str) -> tuple[QuerySet, bool]:
    """Return those of `articles`, of whatever status, that have all the words, and whether these
    are all: of a large library, what is very common is looked for among the newest."""
    query = parse(text, current_words())
    if query.is_empty:
        return articles.none(), True
    condition, is_all = engine().article_ids(query)
    return articles.filter(pk__in=condition), is_all


def newest_with(text: str, *, facets: Iterable[str], before: int | None, most: int) -> list[Match]:
    """Return what has all that `text` asks for, the newest first and no more than so many; only the
    newest thousand matches are looked at, and of those that have to be read fewer. Raises
    OperationalError if the database takes too long."""
    query = parse(text, current_words(), facets=facets)
    if query.is_empty:
        return []
    matches, _total, _is_counted, _is_read = _matches(query, _CANDIDATES, before=before)
    return matches[:most]


def _matches(
    query: Query, most: int, *, apart: bool = False, before: int | None = None
) -> tuple[list[Match], int, bool, bool]:
    """Return the newest matches, how many there are, whether that is counted, and whether texts
    were read for it."""
    exact = [unit for unit in query.units if unit.is_phrase or (unit.falls_apart and not apart)]
    unwanted = [unit for unit in query.excluded if unit.is_read]
    matches, total, is_counted = engine().find(query, most, to_be_read=bool(exact or unwanted))
    if (exact or unwanted) and matches:
        read = matches[:_VERIFIED]
        kept = _verified(read, exact, unwanted)
        if len(read) < len(matches) or not is_counted:
            total, is_counted = round(total * len(kept) / len(read)), False
            total = max(total, len(kept))
        else:
            total = len(kept)
        matches = kept
    if before is not None:
        older = [match for match in matches if match.position < before]
        total -= len(matches) - len(older)
        matches = older
    return matches, total, is_counted, bool(exact or unwanted)


def _found(
    query: Query, page: int, by_date: bool, *, apart: bool = False, before: int | None = None
) -> Results:
    """Find what has all words; `apart` lets those the dictionary does not know stand scattered."""
    most = _OF_FIRST_PAGES if page <= 10 else _CANDIDATES
    matches, total, is_counted, is_read = _matches(query, most, apart=apart, before=before)
    facets, facets_counted = Counter(), True
    facets.update(" ".join([match.facets for match in matches]).split())
    if total > len(matches) > 0:
        facets = Counter({one: round(n * total / len(matches)) for one, n in facets.items()})
        facets_counted = False
    if not by_date:
        is_short = 0 < query.breadth <= _MOST_IN_TITLES
        if total > len(matches) and is_short and not is_read:
            known = {match.article_id for match in matches}
            titles = engine().newest(query, _TITLES, in_titles=True)
            latest = math.inf if before is None else before
            matches += [
                match
                for match in titles
                if match.article_id not in known and match.position < latest
            ]
        matches = _ranked(matches, query)
    start = (page - 1) * PER_PAGE
    ids = [match.article_id for match in matches[:_CANDIDATES][start : start + PER_PAGE]]
    reachable = min(len(matches) if is_read else total, _CANDIDATES)
    return Results(query, ids, total, is_counted, facets, facets_counted, reachable=reachable)


_PLACE_IN = {"postgresql": "strpos", "sqlite": "instr"}


def _texts(matches: Collection[Match], *having: str) -> dict[int, tuple[str, str]]:
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


def _verified(matches: list[Match], exact: list[Unit], unwanted: list[Unit]) -> list[Match]:
    """Return those in whose texts each unit stands as it was typed, or whose author it is, and
    none of the unwanted ones does."""
    texts = _texts(matches, *(unit.without_marks for unit in exact if not unit.facets))

    def has(match: Match, unit: Unit) -> bool:
        return bool(
            unit.as_typed.search(texts.get(match.article_id, ("", ""))[1])
            or not set(unit.facets).isdisjoint(match.facets.split())
        )

    return [
        match
        for match in matches
        if all(has(match, unit) for unit in exact)
        and not any(has(match, unit) for unit in unwanted)
    ]


def _ranked(matches: list[Match], query: Query) -> list[Match]:
    """Return matches, best first: by title, tags and authors; the best of them by text too.

    The newer goes first where they are equal.
    """
    whole = re.sub(r"\s+", "", "".join(unit.text for unit in query.units))
    sought = [_Sought.of(unit) for unit in query.units]
    scores = {match.article_id: _title_score(match, sought, whole) for match in matches}

    def rank(match: Match) -> tuple[float, int]:
        return (-scores[match.article_id], -match.position)

    ranked = sorted(matches, key=rank)
    best = ranked[:_READ]
    for article_id, texts in _texts(best).items():
        scores[article_id] += _text_score(*texts, sought, whole)
    best.sort(key=rank)
    return best + ranked[_READ:]


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

    @classmethod
    def of(cls, unit: Unit) -> "_Sought":
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
        )

    def hits(self, text: str, most: int) -> list[tuple[int, str]]:
        """Return where it stands and how, of so many places where it seems to."""
        return [
            (hit.start(), hit.group())
            for hit in islice(self.pattern.finditer(text), most)
            if self.anywhere or is_whole(text, *hit.span())
        ]

    def share(self, text: str) -> float:
        """Return how much of it stands in a title or summary: 1 as it was typed, less in other
        words or parts."""
        there = set()
        for _, word in self.hits(text, _IN_TITLE):
            if word in self.typed:
                return 1.0
            there.add(word)
        met = sum(not there.isdisjoint(group) for group in self.groups) if there else 0
        return _OTHER * met / len(self.groups) if met else 0.0


def _title_score(match: Match, sought: list[_Sought], whole: str) -> float:
    """Score title (8 a word, the whole query 12 more), and tags and authors (4 a word)."""
    score, met = 0.0, 0
    for one in sought:
        share = one.share(match.title)
        score += 8 * share
        met += share > 0
        if one.facets and not one.facets.isdisjoint(match.facets.split()):
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
        often = sum([1 if word in one.typed else other for _, word in hits])
        score += min(often, 6) * 0.5
        score += 1.5 * min(1.0, 400 * often / (len(text) + 400))
        for group in one.groups:
            places.append([at for at, word in hits if word in one.typed or word in group])
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


def _relaxed(query: Query) -> Iterator[tuple[Query, tuple[str, ...]]]:
    """Yield the query with fewer words, and those left out: what stands nowhere first, of words
    written together too, then one after the other."""
    units, left = [], []
    for unit in query.units:
        if _stands(query, unit):
            units.append(unit)
        elif unit.is_phrase or len(unit.groups) < 2:
            left.append(unit.text)
        else:
            known = [
                at < MOST_WORDS and len(one.text) > 1 and _stands(query, one)
                for at, one in enumerate(unit.words)
            ]
            units += compress(unit.words, known)
            runs = groupby(zip(unit.words, known, strict=True), itemgetter(1))
            left += ["".join(word.text for word, _ in run) for stands, run in runs if not stands]
    units = list(dict.fromkeys(units))
    if units and left:
        yield replace(query, units=tuple(units)), tuple(left)
    if len(units) > 1:
        for unit in reversed(units):
            rest = tuple(one for one in units if one != unit)
            yield replace(query, units=rest), (*left, unit.text)
        for unit in units:
            rest = tuple(one.text for one in units if one != unit)
            yield _alone(query, unit), (*left, *rest)


def _stands(query: Query, unit: Unit) -> bool:
    return engine().stands(_alone(query, unit))


def _alone(query: Query, unit: Unit) -> Query:
    return replace(query, units=(unit,))
