"""From a query to a page of results: fetch, rank, count, and relax where nothing is found."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations, compress, groupby, islice
from operator import itemgetter

from django.db.models import Q, QuerySet

from .did_you_mean import nearest
from .engine import engine
from .query import MOST_WORDS, Query, Unit, parse
from .questions import is_light
from .ranking import ranked, texts_of
from .rows import Match
from .slips import righted
from .words import HAN, current_words, frequency, in_parts

PER_PAGE = 20
MOST_PAGES = 50

_CANDIDATES, _OF_FIRST_PAGES = PER_PAGE * MOST_PAGES, 240
"""Newest matches that are ranked: pages end there. The first ten pages rank fewer."""

_TITLES = 120
"""Newest matches by title alone that are ranked, however old they are."""

_MOST_IN_TITLES = 32
"""Words a query may stand for where old titles are looked through: more are those of several single
characters, which any title has some of."""

_VERIFIED = 200
"""Newest candidates whose texts are read to see whether a phrase stands there."""


_YEAR = re.compile(r"(?<!\S)((?:19|20)\d\d)年?(?!\S)")


_NUMBER = re.compile(r"#?(\d{1,15})")
_ADDRESS = re.compile(r"/articles/(?:article/)?(\d{1,15})(?=\D|$)")
"""What a curator copies out of an address bar: of a public page, or of the desk."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a query found.

    `total` is exact if `is_counted`; `facets` counts markers (t5, a12, y2026) among all of it, or
    is scaled up from those that are ranked. `dropped` are words left out because nothing has them
    all, `scattered` those whose characters do not stand together anywhere; `instead` are words or
    titles to try. Where few articles have all words, these `whole` come first, and then what is
    found without those `beyond`.
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
    beyond: tuple[str, ...] = ()
    whole: int = 0

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
    words = current_words()
    query = parse(text, words, facets=facets)
    if query.is_empty:
        return Results(query, [], 0, True)
    look = partial(_find, page=page, by_date=by_date, before=before)
    results = look(query.keys, asked=query)
    if not query.is_question and results.total < (_ENOUGH if query.is_said else 1):
        told = parse(text, words, facets=facets, is_told=True)
        query = told if told.is_question else query
    is_plain = not (query.filters or query.excluded or any(one.is_phrase for one in query.units))
    may_slip = is_plain and (query.is_question or not results.total)
    if may_slip and (meant := righted(query.text, words)):
        found = find(meant, facets=facets, page=page, by_date=by_date, before=before)
        if found.total:
            shown = replace(found.query, text=query.text)
            return replace(found, query=shown, instead=(meant, *found.instead))
    look = partial(look, asked=query)
    if query.is_question and results.total < _ENOUGH:
        results = _answers(query, look)
    if results.total or not query.units:
        return _with_more(replace(results, query=query), look)
    instead = (*_with_year(text), *nearest(query))
    scattered = tuple(unit.text for unit in query.units if unit.falls_apart and not unit.is_phrase)
    if scattered:
        found = look(query.keys, apart=True)
        if found.total:
            return replace(found, query=query, scattered=scattered, instead=instead)
    for fewer, left in _relaxed(query, look):
        found = _answers(fewer, look) if query.is_question else look(fewer)
        if found.total:
            return replace(found, query=fewer, dropped=left, instead=instead)
    return replace(results, query=query, instead=instead)


_ENOUGH = 10
"""Articles found up to which a question is asked with fewer words as well: who asks in a sentence
does not mean that each of its words must stand there."""


_SEVERAL, _FEW, _TRIED = 3, 3, 4
"""Words from which on more is shown where fewer articles than so many have them all; and how often
it is tried with fewer words."""


def _with_more(results: Results, look: Callable[..., Results]) -> Results:
    """Add what has the rarest words to the few articles that have all of several."""
    query = results.query
    is_plain = not (
        query.is_question or query.excluded or any(one.is_phrase for one in query.units)
    )
    if not (is_plain and 0 < results.total < _FEW and len(query.units) >= _SEVERAL):
        return results
    whole = frozenset(look(query, page=1).article_ids)
    for fewer, left in islice(_relaxed(query, look), _TRIED):
        found = look(fewer, first=whole)
        if found.total >= _FEW:
            return replace(found, query=query, beyond=left, whole=results.total)
    return results


_TELLING = (0.5, 0.15)
"""Shares of what a question tells that a text has to have, one after the other."""


def _answers(query: Query, look: Callable[..., Results]) -> Results:
    """Find what has half of what a question tells, or little of it where that is not enough."""
    found = Results(query, [], 0, True)
    standing = {unit for unit in query.units if unit.is_phrase or _stands(query, unit)}
    units = tuple(
        part
        for unit in query.units
        for part in (_loose(unit) if unit in standing else _spelled(unit, bool(standing)))
    )
    units = units or query.units
    for share in _TELLING:
        found = look(replace(query, enough=_telling(units, share)))
        if found.total >= _ENOUGH:
            break
    return found


def _spelled(unit: Unit, is_beside_others: bool) -> tuple[Unit, ...]:
    """Return what a unit that stands nowhere is made of: words without single characters, or else,
    beside what does stand, the characters that say something: 信 of 写封信. What is left with none
    tells nothing."""
    if unit.ways:
        return (unit,)
    if len(unit.groups) > 1:
        return () if unit.is_read else unit.words
    parts = in_parts(unit.text)
    said = [part for part in parts if len(part) > 1 and part != unit.text]
    if not said and is_beside_others:
        said = [one for one in unit.text if HAN.match(one) and not is_light(one)]
    known = _parts(unit) if len(parts) > 1 else parse(" ".join(said), current_words()).units
    return tuple(part for part in known if part.text in said)


def _loose(unit: Unit) -> tuple[Unit, ...]:
    """Return a unit that the words it is made of may stand for, wherever they do: 合同 and 到期."""
    parts = tuple(in_parts(unit.text))
    is_one = len(unit.groups) == 1 and not unit.is_read
    if not is_one or len(parts) < 2 or any(len(part) < 2 for part in parts):
        return (unit,)
    group = unit.groups[0]
    ways = tuple(dict.fromkeys([*group.alternatives, parts]))
    return (replace(unit, groups=(replace(group, alternatives=ways),)),)


def _telling(units: tuple[Unit, ...], share: float) -> tuple[tuple[Unit, ...], ...]:
    """Return the fewest of some words that tell together so much of what all do; phrases always."""
    always = tuple(unit for unit in units if unit.is_phrase)
    others = [unit for unit in units if not unit.is_phrase]
    wanted = share * sum(unit.tells for unit in units) - 1e-9
    found: list[tuple[Unit, ...]] = []
    for size in range(len(others) + 1):
        for some in combinations(others, size):
            one = (*always, *some)
            is_more = any(set(known) <= set(one) for known in found)
            if one and not is_more and sum(unit.tells for unit in one) >= wanted:
                found.append(one)
    return tuple(found)


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
    are all: of a large library, what is very common is looked for among the newest. The article
    whose number or address it is comes too."""
    address = _ADDRESS.search(text)
    named = address or _NUMBER.fullmatch(text.strip())
    is_number = Q(pk=int(named[1])) if named else Q(pk__in=[])
    query = parse(text, current_words())
    if address or query.is_empty:
        return articles.filter(is_number), True
    condition, is_all = engine().article_ids(query)
    return articles.filter(is_number | Q(pk__in=condition)), is_all


def newest_with(text: str, *, facets: Iterable[str], before: int | None, most: int) -> list[Match]:
    """Return what has all that `text` asks for, the newest first and no more than so many; only the
    newest thousand matches are looked at, and of those that have to be read fewer. Raises
    OperationalError if the database takes too long."""
    query = parse(text, current_words(), facets=facets)
    if query.is_empty:
        return []
    return _matches(query, _CANDIDATES, before=before)[0][:most]


def _older(matches: list[Match], before: int | None) -> list[Match]:
    return [one for one in matches if before is None or one.position < before]


def _matches(
    query: Query, most: int, *, apart: bool = False, before: int | None = None
) -> tuple[list[Match], int, bool, bool]:
    """Return the newest matches, how many there are, whether that is counted, and whether texts
    were read for it."""
    apart = apart or bool(query.enough)
    exact = [unit for unit in query.units if unit.is_phrase or (unit.falls_apart and not apart)]
    unwanted = [unit for unit in query.excluded if unit.is_read]
    is_read = bool(exact or unwanted)
    found, total, is_counted = engine().find(query, most, to_be_read=is_read)
    matches = _older(found, before)
    total -= len(found) - len(matches)
    if is_read and matches:
        read = matches[:_VERIFIED]
        kept = _verified(read, exact, unwanted)
        if len(read) < len(matches) or not is_counted:
            total, is_counted = round(total * len(kept) / len(read)), False
            total = max(total, len(kept))
        else:
            total = len(kept)
        matches = kept
    return matches, total, is_counted, is_read


def _find(
    query: Query,
    page: int,
    by_date: bool,
    *,
    asked: Query,
    apart: bool = False,
    before: int | None = None,
    first: frozenset[int] = frozenset(),
) -> Results:
    """Find what has all words, ranked by those of `asked`, of which they may be some; `apart` lets
    those the dictionary does not know stand scattered. The articles `first` go before others."""
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
            more = engine().newest(query, _TITLES, in_titles=True)
            if query.units != asked.units and asked.is_question:
                more += engine().newest(asked, _TITLES)
            more = {match.article_id: match for match in _older(more, before)}
            matches += [match for key, match in more.items() if key not in known]
        matches = ranked(matches, asked)
        if first:
            matches.sort(key=lambda match: match.article_id not in first)
    start = (page - 1) * PER_PAGE
    ids = [match.article_id for match in matches[:_CANDIDATES][start : start + PER_PAGE]]
    reachable = min(len(matches) if is_read else total, _CANDIDATES)
    return Results(query, ids, total, is_counted, facets, facets_counted, reachable=reachable)


def _verified(matches: list[Match], exact: list[Unit], unwanted: list[Unit]) -> list[Match]:
    """Return those in whose texts each unit stands as it was typed, or whose author it is, and
    none of the unwanted ones does."""
    plain = (unit for unit in exact if not (unit.facets or unit.ways))
    texts = texts_of(matches, *(unit.without_marks for unit in plain))

    def having(unit: Unit) -> set[int]:
        found = {pk for pk, (_, text) in texts.items() if unit.as_typed.search(text)}
        if unit.facets:
            marked = frozenset(unit.facets)
            found |= {
                one.article_id for one in matches if not marked.isdisjoint(one.facets.split())
            }
        return found

    kept = set.intersection({match.article_id for match in matches}, *map(having, exact))
    kept = kept.difference(*map(having, unwanted))
    return [match for match in matches if match.article_id in kept]


def _relaxed(query: Query, look: Callable[..., Results]) -> Iterator[tuple[Query, tuple[str, ...]]]:
    """Yield the query with fewer words, and those left out: what stands nowhere first, of words
    written together too, then the commonest, last nouns and what the dictionary has not but a
    text, as it was typed."""
    units, left = [], []
    for unit in query.units:
        if _stands(query, unit):
            units.append(unit)
        elif unit.is_phrase or unit.ways or len(parts := _parts(unit)) < 2:
            left.append(unit.text)
        else:
            known = [
                at < MOST_WORDS and len(one.text) > 1 and _stands(query, one)
                for at, one in enumerate(parts)
            ]
            units += compress(parts, known)
            runs = groupby(zip(parts, known, strict=True), itemgetter(1))
            left += ["".join(word.text for word, _ in run) for stands, run in runs if not stands]
    units = list(dict.fromkeys(units))
    if units and units != list(query.units):
        yield replace(query, units=tuple(units)), tuple(left)
    names = {unit for unit in units if unit.falls_apart and look(_alone(query, unit)).total}
    keys = {unit for unit in units if unit.is_key} | names
    for gone in _left_out(units, keys):
        rest = tuple(unit for unit in units if unit not in gone)
        yield replace(query, units=rest), (*left, *(unit.text for unit in gone))


def _parts(unit: Unit) -> tuple[Unit, ...]:
    """Return the words of a unit; of a term that stands nowhere, those it is made of."""
    if len(unit.groups) > 1:
        return unit.words
    return parse(" ".join(in_parts(unit.text)), current_words()).units


def _left_out(units: list[Unit], important: set[Unit]) -> Iterator[list[Unit]]:
    """Yield what to leave out of words, the commonest of the language first: one of those that are
    not important, then more of them, then one that is, then more; never all."""
    units = sorted(units, key=lambda unit: -frequency(unit.text))
    spare = [unit for unit in units if unit not in important]
    keys = [unit for unit in units if unit in important]
    if not keys:
        spare, keys = [], spare
    yield from ([unit] for unit in spare)
    yield from (spare[:size] for size in range(2, len(spare) + 1))
    if len(keys) > 1:
        yield from ([*spare, unit] for unit in keys)
        yield from ([*spare, *keys[:size]] for size in range(2, len(keys) - 1))
        for one in reversed(keys):
            yield [*spare, *(unit for unit in keys if unit != one)]
    if keys:
        for one in spare:
            yield [unit for unit in units if unit != one]


def _stands(query: Query, unit: Unit) -> bool:
    return engine().stands(_alone(query, unit))


def _alone(query: Query, unit: Unit) -> Query:
    return replace(query, units=(unit,))
