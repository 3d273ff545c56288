"""What a reader asks for: words, quoted phrases and filters, and all they may stand for."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..names import pinyin_slug
from .text import HAN, Words, cut, searchable

MOST_CHARACTERS = 100
MOST_WORDS = 8
_HOMOPHONES = 5
_WITH_CHARACTER = 30
"""Words that stand for a query of one character, most common first."""

LONGEST_PINYIN = 48
_FILTERS = {
    "tag": "tag",
    "标签": "tag",
    "author": "author",
    "作者": "author",
    "year": "year",
    "年份": "year",
}
_PART = re.compile(
    rf"""(?:(?P<filter>{"|".join(_FILTERS)}):\s*)?
    (?:["“”「『](?P<phrase>[^"“”」』]*)["“”」』]?|(?P<word>[^\s"“”「」『』]+))""",
    re.X,
)


@dataclass(frozen=True, slots=True)
class Group:
    """A word of the query and what else may stand for it: each alternative is words, all needed."""

    alternatives: tuple[tuple[str, ...], ...]

    @property
    def strings(self) -> list[str]:
        return ["".join(words) for words in self.alternatives]


@dataclass(frozen=True)
class Unit:
    """What stands between two spaces: all its groups, or one of the tags and authors so called.

    `longer` are names of authors that only begin so: 刘明华 is not 刘明.
    """

    text: str
    groups: tuple[Group, ...]
    facets: tuple[str, ...] = ()
    is_phrase: bool = False
    longer: tuple[str, ...] = ()

    @property
    def strings(self) -> list[str]:
        """Return what the unit may look like in a text, the words as typed first."""
        whole = [self.text] if len(self.groups) > 1 and not self.text.isascii() else []
        return list(
            dict.fromkeys([*whole, *(one for group in self.groups for one in group.strings)])
        )

    @property
    def falls_apart(self) -> bool:
        """Tell whether the dictionary knows it only as characters: a name, most often."""
        first = [group.alternatives[0] for group in self.groups]
        words = [word for words in first for word in words]
        return len(words) > 1 and len(self.text) <= 8 and any(len(word) == 1 for word in words)

    @property
    def words(self) -> tuple["Unit", ...]:
        """Return the words of the unit, each as a unit of its own."""
        return tuple(Unit(group.alternatives[0][0], (group,)) for group in self.groups)

    @cached_property
    def as_typed(self) -> re.Pattern[str]:
        """Return the pattern of the unit as it was typed."""
        others = "|".join(re.escape(name[len(self.text) :]) for name in self.longer)
        return re.compile(re.escape(self.text) + (f"(?!{others})" if others else ""))


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter typed as `tag:民主管理`, and the markers it stands for: none, if nobody knows it."""

    kind: str
    text: str
    facets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """How a database writes a condition on words."""

    both_sign: str
    either_sign: str
    word: Callable[[str], str]
    marker: Callable[[str], str]
    in_column: Callable[[str, bool], str]  # a condition on words, and whether in titles alone

    def both(self, conditions: list[str]) -> str:
        return f"({self.both_sign.join(conditions)})" if len(conditions) > 1 else conditions[0]

    def either(self, conditions: list[str]) -> str:
        return f"({self.either_sign.join(conditions)})" if len(conditions) > 1 else conditions[0]


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood."""

    text: str
    units: tuple[Unit, ...]
    filters: tuple[Filter, ...] = ()
    left_out: tuple[str, ...] = ()
    required: tuple[tuple[str, ...], ...] = field(default=())  # markers: one of each

    @property
    def is_empty(self) -> bool:
        return not self.units and not self.required

    def expression(self, language: Language, *, in_titles: bool = False) -> str:
        """Return the condition in a database's own language; in titles, tags and authors do not
        stand for words."""
        parts = []
        for unit in self.units:
            groups = [
                language.either(
                    [language.both([language.word(word) for word in words]) for words in one]
                )
                for one in (group.alternatives for group in unit.groups)
            ]
            wanted = language.in_column(language.both(groups), in_titles)
            marks = [] if in_titles else [language.marker(facet) for facet in unit.facets]
            parts.append(language.either([wanted, *marks]))
        for facets in self.required:
            parts.append(language.either([language.marker(facet) for facet in facets]))
        return language.both(parts)


def parse(text: str, words: Words, *, facets: Iterable[str] = ()) -> Query:
    """Understand a query; `facets` are the markers of filters chosen beside it."""
    typed = searchable(text[:MOST_CHARACTERS])
    plain, phrases, filters = [], [], []
    for part in _PART.finditer(typed):
        value = (part["phrase"] or part["word"] or "").strip()
        if part["filter"] and value:
            filters.append(_filter(_FILTERS[part["filter"]], value))
        elif part["phrase"] is not None:
            phrases.append(value)
        else:
            plain.append(value)
    plain = _syllables(plain, words)
    wanted = dict.fromkeys(
        [(value, True) for value in phrases] + [(value, False) for value in plain]
    )
    tokens = {pair: found for pair in wanted if (found := _tokens(*pair, words))}
    kept = list(tokens)[:MOST_WORDS]
    left_out = [value for value, _ in list(tokens)[MOST_WORDS:]]
    stands_for = _stands_for(
        {token for pair in kept for token in tokens[pair] if len(token) > 1 or pair[0] == token},
        words,
    )
    units = [
        Unit(
            value,
            tuple(
                Group(((token,),)) if is_phrase else _group(token, words, stands_for)
                for token in tokens[value, is_phrase]
            ),
            is_phrase=is_phrase,
        )
        for value, is_phrase in kept
    ]
    names = _names({unit.text: _same(unit) for unit in units if not unit.is_phrase})
    units = [
        unit if unit.is_phrase else replace(
            unit,
            facets=tuple(names[unit.text]),
            longer=_longer_names(unit.text) if unit.falls_apart else (),
        )
        for unit in units
    ]  # fmt: skip
    required = [one.facets or ("none",) for one in filters] + [(facet,) for facet in facets]
    return Query(text.strip(), tuple(units), tuple(filters), tuple(left_out), tuple(required))


def _tokens(value: str, is_phrase: bool, words: Words) -> tuple[str, ...]:
    """Return the words of what was typed; a phrase without those of the curators, which may begin
    inside it and end outside."""
    return tuple(dict.fromkeys(cut(value) if is_phrase else words.cut(value)))


def _group(token: str, words: Words, stands_for: dict[str, list[tuple[str, ...]]]) -> Group:
    alternatives = {}
    read_so = [found[0] for found in stands_for.get(token, ()) if len(found) == 1]
    same = [other for word in (token, *read_so) for other in words.synonyms.get(word, ())]
    for word in (token, *same):
        alternatives[(word,)] = None
        parts = tuple(cut(word))
        # Texts cut before it was a domain word have its parts; single characters tell too little.
        if len(parts) > 1 and (words.is_stale or min(map(len, parts)) > 1):
            alternatives[parts] = None
    alternatives |= dict.fromkeys(stands_for.get(token, ()))
    return Group(tuple(alternatives))


def _filter(kind: str, value: str) -> Filter:
    from ..models import Author, Tag

    if kind == "year":
        return Filter(kind, value, (f"y{value}",) if re.fullmatch(r"(?:19|20)\d\d", value) else ())
    if kind == "tag":
        tag = Tag.objects.named(value) or Tag.objects.filter(slug=value).first()
        return Filter(kind, value, (f"t{tag.pk}",) if tag else ())
    authors = Author.objects.filter(name=value).order_by("pk") or Author.objects.filter(slug=value)
    return Filter(kind, value, tuple(f"a{author.pk}" for author in authors[:20]))


def _same(unit: Unit) -> list[str]:
    """Return what a unit of one word may be called as well: its synonyms, or what is read so."""
    if len(unit.groups) > 1 or len(unit.text) < 2:
        return []
    names = ("".join(words) for words in unit.groups[0].alternatives)
    return [name for name in names if name != unit.text]


def _names(wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the markers of tags and authors by what was typed, of which each is told with what
    means the same: a tag by a part of its name or the whole in other words, an author by the
    whole."""
    from django.db.models import Q

    from ..models import Author, Tag

    found: dict[str, list[str]] = {value: [] for value in wanted}
    others = [other for same in wanted.values() for other in same]
    meant = Q(name__in=others) | Q(aliases__name__in=others)
    for value in wanted:
        if len(value) > 1:
            meant |= Q(name__contains=value) | Q(aliases__name__contains=value)
    tags = Tag.objects.filter(meant).order_by("pk").values_list("pk", "name", "aliases__name")
    for pk, *names in tags[:50]:
        for value, same in wanted.items():
            by_name = any(name and (value in name or name in same) for name in names)
            if by_name and f"t{pk}" not in found[value]:
                found[value].append(f"t{pk}")
    authors = Author.objects.filter(name__in=[*wanted, *others]).order_by("pk")
    for pk, name in authors.values_list("pk", "name")[:50]:
        for value, same in wanted.items():
            if name == value or name in same:
                found[value].append(f"a{pk}")
    return found


def _longer_names(value: str) -> tuple[str, ...]:
    """Return the names of authors that begin as what was typed and go on."""
    from ..models import Author

    authors = Author.objects.filter(slug__startswith=f"{pinyin_slug(value)}-").order_by("slug")
    names = authors.values_list("name", flat=True)[:20]
    return tuple(dict.fromkeys(name for name in names if name.startswith(value) and name != value))


def _syllables(values: list[str], words: Words) -> list[str]:
    """Return what was typed with the parts of a word in pinyin put together: zhi dai hui."""
    from ..models.search import Term

    parts = [value for value in values if _is_pinyin(value)]
    if len(parts) < 2:
        return values
    runs = {}
    for start in range(len(values)):
        for end in range(start + 2, len(values) + 1):
            run = "".join(values[start:end])
            if _is_pinyin(run):
                runs[start, end] = run
    known = set(Term.objects.filter(pinyin__in=runs.values()).values_list("pinyin", flat=True))
    known |= words.by_pinyin.keys()
    joined, at = [], 0
    while at < len(values):
        ends = [end for (start, end), run in runs.items() if start == at and run in known]
        end = max(ends, default=at + 1)
        joined.append("".join(values[at:end]))
        at = end
    return joined


def _is_pinyin(value: str) -> bool:
    return value.isascii() and value.isalpha() and len(value) <= LONGEST_PINYIN


def _stands_for(tokens: set[str], words: Words) -> dict[str, list[tuple[str, ...]]]:
    """Return the Chinese words that pinyin stands for, and those a single character stands in."""
    found = {}
    for token in tokens:
        if _is_pinyin(token) and len(token) > 1:
            curated = [(word,) for word in words.by_pinyin.get(token, ())]
            found[token] = list(dict.fromkeys([*curated, *by_pinyin(token)]))
        elif len(token) == 1 and HAN.match(token):
            found[token] = _with_character(token)
    return found


def _with_character(character: str) -> list[tuple[str, ...]]:
    from ..models.search import Term

    terms = Term.objects.filter(word__contains=character).order_by("-weight", "word")
    return [(word,) for word in terms.values_list("word", flat=True)[:_WITH_CHARACTER]]


def by_pinyin(typed: str) -> list[tuple[str, ...]]:
    """Return the words that are read so: as one word, or else as a row of the fewest words."""
    from ..models.search import Term

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
