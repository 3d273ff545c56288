"""What a reader asks for: words, quoted phrases and filters, and all they may stand for."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Generic, TypeVar

from ..models import Author, AuthorAlias, Tag
from ..models.redirect import at_address
from ..text.quotes import ANY_MARK, in_either_form, in_one_form
from ..text.script import searchable
from .called import longer_names, markers_of
from .meanings import joined_syllables, stands_for
from .numbers import ways_to_write, with_numbers_apart
from .questions import EVERYWHERE, asked_about, is_key, is_light, tells
from .words import Words, cut

MOST_CHARACTERS = 100
MOST_WORDS = 8
_FILTERS = {
    "tag": "tag",
    "标签": "tag",
    "author": "author",
    "作者": "author",
    "year": "year",
    "年份": "year",
}
_MINUS = "−-"
_BARE = re.compile(rf"(?:{'|'.join(_FILTERS)}):")
_PART = re.compile(
    rf"""(?:(?<!\S)(?P<minus>[{_MINUS}])(?=[^\s{_MINUS}]))?(?:(?P<filter>{"|".join(_FILTERS)}):\s*)?
    (?:["“”](?P<phrase>[^"“”]*)["“”]?|‘(?P<within>[^"“”‘’]*)’?|(?P<word>[^\s"“”‘]+))""",
    re.X,
)


@dataclass(frozen=True, slots=True)
class Group:
    """A word of the query and what else may stand for it: each alternative is words, all needed."""

    alternatives: tuple[tuple[str, ...], ...]
    same: frozenset[str] = frozenset()  # those of one word that find it as well

    @property
    def strings(self) -> list[str]:
        return ["".join(words) for words in self.alternatives]


@dataclass(frozen=True)
class Unit:
    """What stands between two spaces: all its groups, or one of the tags and authors so called.

    `longer` are names of authors that only begin so: 刘明华 is not 刘明. `ways` are those a
    number may be written in: 第39条, 第三十九条.
    """

    text: str
    groups: tuple[Group, ...]
    facets: tuple[str, ...] = ()
    is_phrase: bool = False
    longer: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    key_words: frozenset[str] = frozenset()

    @property
    def is_key(self) -> bool:
        """Tell whether it is left out only after what is no noun and no term. What the dictionary
        does not know is the name of someone who writes here, or a slip."""
        if self.is_phrase or self.facets:
            return self.text not in EVERYWHERE
        return not self.falls_apart and bool(self.key_words)

    @property
    def tells(self) -> float:
        """Return how much of a question it tells, of 1: a rare noun most, a common verb little."""
        return tells("" if self.falls_apart else self.text, self.is_key)

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
        if self.ways:
            return True
        first = [group.alternatives[0] for group in self.groups]
        words = [word for words in first for word in words]
        return len(words) > 1 and len(self.text) <= 8 and any(len(word) == 1 for word in words)

    @property
    def is_read(self) -> bool:
        """Tell whether the index cannot tell if it stands in a text; that is read then."""
        return self.is_phrase or self.falls_apart

    @property
    def words(self) -> tuple["Unit", ...]:
        """Return the words of the unit, each as a unit of its own."""
        return tuple(
            Unit(group.alternatives[0][0], (group,), key_words=self.key_words)
            for group in self.groups
        )

    @property
    def no_longer(self) -> str:
        """Return the pattern of a place behind which no longer name goes on."""
        others = "|".join(re.escape(name[len(self.text) :]) for name in self.longer)
        return f"(?!{others})" if others else ""

    @cached_property
    def as_typed(self) -> re.Pattern[str]:
        """Return the pattern of the unit as it was typed; of a number, as it may be written."""
        if self.ways:
            return re.compile("|".join(rf"(?<!\d){re.escape(way)}" for way in self.ways))
        return re.compile(in_either_form(re.escape(self.text)) + self.no_longer)

    @property
    def without_marks(self) -> str:
        """Return the longest part without quotation marks: those may be others in a text."""
        return max(ANY_MARK.split(self.text), key=len)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter typed as `tag:民主管理`, and the markers it stands for: none, if nobody knows it."""

    kind: str
    text: str
    facets: tuple[str, ...]


Condition = TypeVar("Condition")


@dataclass(frozen=True, slots=True)
class Language(Generic[Condition]):
    """What a condition on words is made of: text, as a database writes it, or the share of all
    articles that it should hold for."""

    both: Callable[[list[Condition]], Condition]
    either: Callable[[list[Condition]], Condition]
    but_not: Callable[[Condition, Condition], Condition]
    word: Callable[[str], Condition]
    marker: Callable[[str], Condition]
    in_column: Callable[[Condition, bool], Condition]  # told whether it is for titles alone


def written(both: str, either: str, but_not: str, **parts: Callable) -> Language[str]:
    """Return the language that writes these signs between conditions; `parts` are its words."""

    def joined(sign: str) -> Callable[[list[str]], str]:
        return lambda some: f"({sign.join(some)})" if len(some) > 1 else some[0]

    return Language(
        joined(both),
        joined(either),
        lambda wanted, unwanted: f"({wanted}{but_not}({unwanted}))",
        **parts,
    )


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood. `bare` are filters with nothing behind their colon; `excluded` is what
    stood behind a minus: what it would find is left out."""

    text: str
    units: tuple[Unit, ...]
    filters: tuple[Filter, ...] = ()
    left_out: tuple[str, ...] = ()
    required: tuple[tuple[str, ...], ...] = field(default=())  # markers: one of each
    excluded: tuple[Unit, ...] = ()
    bare: tuple[str, ...] = ()
    is_question: bool = False
    enough: tuple[tuple[Unit, ...], ...] = ()  # where not all units are needed: any of these

    @property
    def is_empty(self) -> bool:
        return not self.units and not self.required

    @property
    def keys(self) -> "Query":
        """Return what a question is about: its verbs only rank what is found. Of a query that is
        none, or has nothing but verbs, all."""
        keys = tuple(unit for unit in self.units if unit.is_key)
        return replace(self, units=keys) if self.is_question and keys else self

    @property
    def is_said(self) -> bool:
        """Tell whether there are words in it as a sentence has them, and a name has not: 了, 不."""
        first = (group.alternatives[0] for unit in self.units for group in unit.groups)
        return any(is_light(word) for words in first for word in words)

    @property
    def breadth(self) -> int:
        """Return how many words it stands for in all."""
        return sum(len(group.alternatives) for unit in self.units for group in unit.groups)

    def expression(self, language: Language[Condition], *, in_titles: bool = False) -> Condition:
        """Return the condition in a language; in titles, tags and authors stand for no words."""
        return language.both(self.conditions(language, in_titles=in_titles))

    def conditions(
        self, language: Language[Condition], *, in_titles: bool = False
    ) -> list[Condition]:
        """Return the condition as several that must all hold, filters first."""
        parts = [
            language.either([language.marker(facet) for facet in facets])
            for facets in self.required
        ]
        for unit in () if self.enough else self.units:
            parts += _conditions(unit, language, in_titles)
        if self.enough:
            ways = [
                language.both(
                    [part for unit in one for part in _conditions(unit, language, in_titles)]
                )
                for one in self.enough
            ]
            parts.append(language.either(ways))
        unwanted = [
            language.both(_conditions(unit, language)) for unit in self.excluded if not unit.is_read
        ]
        if unwanted:
            parts[-1] = language.but_not(parts[-1], language.either(unwanted))
        return parts


def _conditions(
    unit: Unit, language: Language[Condition], in_titles: bool = False
) -> list[Condition]:
    """Return the conditions that must all hold for a unit: its words, or a tag or author."""
    groups = [
        language.either([language.both([language.word(word) for word in words]) for words in one])
        for one in (group.alternatives for group in unit.groups)
    ]
    marks = [] if in_titles else [language.marker(facet) for facet in unit.facets]
    if not marks:
        return [language.in_column(group, in_titles) for group in groups]
    wanted = [language.in_column(language.both(groups), in_titles)] if groups else []
    return [language.either([*wanted, *marks])]


def parse(text: str, words: Words, *, facets: Iterable[str] = (), is_told: bool = False) -> Query:
    """Understand a query; `facets` are the markers of filters chosen beside it. A sentence may be
    taken for a question that `is_told`."""
    typed = in_one_form(searchable(text[:MOST_CHARACTERS]))
    plain, phrases, filters, bare = [], [], [], []
    unwanted: list[tuple[str, bool]] = []
    barred: list[Unit] = []
    required: list[tuple[str, ...]] = []
    for part in _PART.finditer(typed):
        phrase = part["within"] if part["phrase"] is None else part["phrase"]
        value = (phrase or part["word"] or "").strip()
        if _BARE.fullmatch(value) or (part["filter"] and not value):
            bare.append(value or f"{part['filter']}:")
        elif part["filter"]:
            filters.append(_filter(_FILTERS[part["filter"]], value))
            if part["minus"]:
                barred.append(Unit(part[0].strip().lstrip(_MINUS), (), filters[-1].facets))
            else:
                required.append(filters[-1].facets or ("none",))
        elif part["minus"]:
            unwanted.append((value, phrase is not None))
        elif phrase is not None:
            phrases.append(value)
        else:
            plain.append(value)
    plain = [part for value in plain for part in with_numbers_apart(value)]
    plain, is_question = asked_about(joined_syllables(plain, words), words, is_told=is_told)
    wanted = dict.fromkeys(
        [(value, True) for value in phrases] + [(value, False) for value in plain]
    )
    tokens = {pair: found for pair in (*wanted, *unwanted) if (found := _tokens(*pair, words))}
    wanted = [pair for pair in wanted if pair in tokens]
    unwanted = [pair for pair in dict.fromkeys(unwanted) if pair in tokens][:MOST_WORDS]
    kept, left_out = wanted[:MOST_WORDS], [value for value, _ in wanted[MOST_WORDS:]]
    units = _units({pair: tokens[pair] for pair in (*kept, *unwanted)}, words)
    return Query(
        text.strip(),
        tuple(units[pair] for pair in kept),
        tuple(filters),
        tuple(left_out),
        (*required, *((facet,) for facet in facets)),
        (*(units[pair] for pair in unwanted), *(unit for unit in barred if unit.facets)),
        tuple(bare),
        is_question,
    )


def _units(
    tokens: dict[tuple[str, bool], tuple[str, ...]], words: Words
) -> dict[tuple[str, bool], Unit]:
    """Return the units of what was typed, by it and whether it is a phrase."""
    meanings = stands_for(
        {token for pair in tokens for token in tokens[pair] if len(token) > 1 or pair[0] == token},
        words,
    )
    units = {
        (value, is_phrase): Unit(
            value,
            tuple(
                Group(((token,),)) if is_phrase else _group(token, words, meanings)
                for token in found
            ),
            is_phrase=is_phrase,
            key_words=frozenset(token for token in found if is_key(token, words)),
        )
        for (value, is_phrase), found in tokens.items()
    }
    for pair, unit in units.items():
        if not unit.is_phrase and (ways := ways_to_write(unit.text)):
            written_so = Group(tuple(tuple(cut(way)) for way in ways))
            units[pair] = replace(unit, groups=(written_so,), ways=ways)
    names = markers_of({unit.text: _same(unit) for unit in units.values() if not unit.is_phrase})
    return {
        pair: unit if unit.is_phrase else replace(
            unit,
            facets=tuple(names[unit.text]),
            longer=longer_names(unit.text) if unit.falls_apart and not unit.ways else (),
        )
        for pair, unit in units.items()
    }  # fmt: skip


def _tokens(value: str, is_phrase: bool, words: Words) -> tuple[str, ...]:
    """Return the words of what was typed; a phrase without those of the curators, which may begin
    inside it and end outside."""
    return tuple(dict.fromkeys(cut(value) if is_phrase else words.cut(value)))


def _group(token: str, words: Words, meanings: dict[str, list[tuple[str, ...]]]) -> Group:
    alternatives = {}
    read_so = [found[0] for found in meanings.get(token, ()) if len(found) == 1 and token.isascii()]
    same = [other for word in (token, *read_so) for other in words.synonyms.get(word, ())]
    for word in (token, *same):
        alternatives[(word,)] = None
        parts = tuple(cut(word))
        # Texts cut before it was a domain word have its parts. Of other words for it they say too
        # little: 用 and 工 and 合同 are in any text; so do single characters.
        is_typed, are_long = word == token, min(map(len, parts), default=0) > 1
        if len(parts) > 1 and (
            (is_typed and words.is_stale) or (are_long and (is_typed or words.is_stale))
        ):
            alternatives[parts] = None
    alternatives |= dict.fromkeys(meanings.get(token, ()))
    both_ways = (other for other in same if token in words.synonyms.get(other, ()))
    return Group(tuple(alternatives), frozenset(both_ways))


def _filter(kind: str, value: str) -> Filter:
    if kind == "year":
        return Filter(kind, value, (f"y{value}",) if re.fullmatch(r"(?:19|20)\d\d", value) else ())
    if kind == "tag":
        tag = Tag.objects.named(value) or at_address(Tag, value)[0]
        return Filter(kind, value, (f"t{tag.pk}",) if tag else ())
    own = Author.objects.filter(name=value).order_by().values_list("pk")
    keys = own.union(AuthorAlias.objects.filter(name=value).order_by().values_list("author"))
    authors = [key for (key,) in keys.order_by("pk")[:20]]
    if not authors and (author := at_address(Author, value)[0]):
        authors = [author.pk]
    return Filter(kind, value, tuple(f"a{key}" for key in authors))


def _same(unit: Unit) -> list[str]:
    """Return what a unit of one word may be called as well: its synonyms, or what is read so."""
    if len(unit.groups) > 1 or len(unit.text) < 2:
        return []
    names = ("".join(words) for words in unit.groups[0].alternatives)
    return [name for name in names if name != unit.text]
