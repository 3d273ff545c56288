"""From a query to a page of results: fetch, rank, count, and relax where nothing is found."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import compress, groupby, islice
from operator import itemgetter

from django.db import connection
from django.db.models import QuerySet

from .index import engine
from .near import nearest
from .query import MOST_WORDS, Query, Unit, parse
from .rows import Match, places
from .text import current_words, is_whole, searchable

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


def find(text: str, *, facets: Iterable[str] = (), page: int = 1, by_date: bool = False) -> Results:
    """Return a page of what `text` finds among the articles readers may see.

    `facets` are markers of filters chosen beside the query. Raises OperationalError if the
    database takes too long.
    """
    query = parse(text, current_words(), facets=facets)
    if query.is_empty:
        return Results(query, [], 0, True)
    results = _find(query, page, by_date)
    if results.total or not query.units:
        return results
    instead = (*_with_year(text), *nearest(query))
    scattered = tuple(unit.text for unit in query.units if unit.falls_apart and not unit.is_phrase)
    if scattered:
        found = _find(query, page, by_date, apart=True)
        if found.total:
            return replace(found, scattered=scattered, instead=instead)
    for fewer, left in _relaxed(query):
        found = _find(fewer, page, by_date)
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


def _find(query: Query, page: int, by_date: bool, *, apart: bool = False) -> Results:
    """Find what has all words; `apart` lets those the dictionary does not know stand scattered."""
    exact = [unit for unit in query.units if unit.is_phrase or (unit.falls_apart and not apart)]
    unwanted = [unit for unit in query.excluded if unit.is_read]
    most = _OF_FIRST_PAGES if page <= 10 else _CANDIDATES
    matches, total, is_counted = engine().find(query, most, to_be_read=bool(exact or unwanted))
    facets, facets_counted = Counter(), True
    if (exact or unwanted) and matches:
        read = matches[:_VERIFIED]
        kept = _verified(read, exact, unwanted)
        if len(read) < len(matches) or not is_counted:
            total, is_counted = round(total * len(kept) / len(read)), False
            total = max(total, len(kept))
        else:
            total = len(kept)
        matches = kept
    for match in matches:
        facets.update(match.facets.split())
    if total > len(matches) > 0:
        facets = Counter({one: round(n * total / len(matches)) for one, n in facets.items()})
        facets_counted = False
    if not by_date:
        is_short = 0 < query.breadth <= _MOST_IN_TITLES
        if total > len(matches) and is_short and not (exact or unwanted):
            known = {match.article_id for match in matches}
            titles = engine().newest(query, _TITLES, in_titles=True)
            matches += [match for match in titles if match.article_id not in known]
        matches = _ranked(matches, query)
    start = (page - 1) * PER_PAGE
    ids = [match.article_id for match in matches[:_CANDIDATES][start : start + PER_PAGE]]
    reachable = min(len(matches) if exact or unwanted else total, _CANDIDATES)
    return Results(query, ids, total, is_counted, facets, facets_counted, reachable=reachable)


def _texts(matches: Collection[Match]) -> dict[int, tuple[str, str]]:
    """Return summary and text as they are matched, by article."""
    if not matches:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, summary, search_text FROM articles_article "  # noqa: S608 - places only
            f"WHERE id IN ({places(matches)})",
            [match.article_id for match in matches],
        )
        return {pk: (searchable(summary), text) for pk, summary, text in cursor.fetchall()}


def _verified(matches: list[Match], exact: list[Unit], unwanted: list[Unit]) -> list[Match]:
    """Return those in whose texts each unit stands as it was typed, or whose author it is, and
    none of the unwanted ones does."""
    texts = _texts(matches)

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
    patterns = [(unit, _pattern(unit)) for unit in query.units]
    by_title = partial(_title_score, patterns=patterns, whole=whole)
    scores = {match.article_id: by_title(match) for match in matches}

    def rank(match: Match) -> tuple[float, int]:
        return (-scores[match.article_id], -match.position)

    ranked = sorted(matches, key=rank)
    best = ranked[:_READ]
    for article_id, texts in _texts(best).items():
        scores[article_id] += _text_score(*texts, patterns, whole)
    best.sort(key=rank)
    return best + ranked[_READ:]


def _pattern(unit: Unit) -> re.Pattern[str]:
    """Return the pattern of all that a unit stands for: as it was typed, what pinyin is typed for,
    and other words for it; of a name, not its characters."""
    others = [
        re.escape(text)
        for text in unit.strings
        if text != unit.text and (len(text) > 1 or len(unit.groups) == 1)
    ]
    typed = [unit.as_typed.pattern, *(others if unit.text.isascii() else [])]
    return re.compile("|".join([f"(?P<typed>{'|'.join(typed)})", *others]))


def _hits(unit: Unit, pattern: re.Pattern[str], text: str, most: int) -> list[re.Match[str]]:
    """Return where a unit stands as words of its own.

    A name may stand beside what the dictionary takes it for a part of, and a phrase anywhere.
    """
    anywhere = unit.is_phrase or unit.falls_apart
    return [
        hit
        for hit in islice(pattern.finditer(text), most)
        if anywhere or is_whole(text, *hit.span())
    ]


def _share(unit: Unit, hits: list[re.Match[str]]) -> float:
    """Return how much of a unit stands there: 1 as it was typed, less in other words or parts."""
    if any(hit["typed"] for hit in hits):
        return 1.0
    there = {hit.group() for hit in hits}
    met = sum(not there.isdisjoint(group.strings) for group in unit.groups)
    return _OTHER * met / len(unit.groups)


def _title_score(match: Match, patterns, whole: str) -> float:
    """Score title (8 a word, the whole query 12 more), and tags and authors (4 a word)."""
    score, met = 0.0, 0
    for unit, pattern in patterns:
        if pattern.search(match.title):  # a thousand titles are looked at, few have it
            share = _share(unit, _hits(unit, pattern, match.title, _IN_TITLE))
            score += 8 * share
            met += share > 0
        if unit.facets and not set(match.facets.split()).isdisjoint(unit.facets):
            score += 4
    if met == len(patterns) and whole in match.title:
        score += 12 * len(whole) / max(len(match.title), 1) + 4
    return score


def _text_score(summary: str, text: str, patterns, whole: str) -> float:
    """Score summary (2 a word) and text: the whole query, nearness, and how often it is said."""
    score = 0.0
    places = []
    for unit, pattern in patterns:
        score += 2 * _share(unit, _hits(unit, pattern, summary, _IN_TITLE))
        hits = _hits(unit, pattern, text, _IN_TEXT)
        other = _OTHER if len(unit.groups) == 1 else _PART
        often = sum(1 if hit["typed"] else other for hit in hits)
        score += min(often, 6) * 0.5
        score += 1.5 * min(1.0, 400 * often / (len(text) + 400))
        for group in unit.groups:
            strings = {*group.strings}
            places.append([hit.start() for hit in hits if hit["typed"] or hit.group() in strings])
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
