"""Conversion: phrases where they are words of the text, characters everywhere else."""

import marshal
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from itertools import product

from ..compiled import cut
from .kept_names import in_traditional, is_name, people
from .neighbours import by_neighbours
from .opencc_tables import (
    HANS,
    HANT,
    additions,
    compatible,
    detect,
    first_choices,
    fold,
    kept,
    styled_phrase,
    taiwan,
    traditional_choices,
)
from .single_characters import Characters
from .word_borders import Words

TOLERANCE = 1.5
"""How strained a phrase may be; found by `benchmarks.conversion`."""


def _parts(phrase: str) -> Iterator[str]:
    for start in range(len(phrase) - 1):
        for end in range(start + 2, len(phrase) + 1):
            yield phrase[start:end]


Spans = dict[str, list[tuple[int, int]]]
Phrases = tuple[dict[str, str], Spans, Spans]
"""Phrases and what they become, by one of their characters that tells; how they are found: by the
pair that it begins, or ends at their end, with how far before it they begin, and their length."""
Tables = tuple[dict[str, str], dict[str, bytes]]
"""Characters and what they become; phrases by the first character of each that tells."""


def _by_telling(phrases: dict[str, str], plain: Characters) -> dict[str, Phrases]:
    found = [(key, plain.convert(key)) for key in phrases]
    telling = {
        char
        for key, becomes in found
        for char, form, other in zip(key, phrases[key], becomes, strict=True)
        if form != other
    }
    by_telling: dict[str, Phrases] = {}
    for key in phrases:
        at = next((at for at, char in enumerate(key) if char in telling), 0)
        known, beginning, ending = by_telling.setdefault(key[at], ({}, {}, {}))
        known[key] = phrases[key]
        pairs, pair = (
            (beginning, key[at : at + 2]) if at + 1 < len(key) else (ending, key[at - 1 :])
        )
        spans = pairs.setdefault(pair, [])
        if (at, len(key)) not in spans:
            spans.append((at, len(key)))
    return by_telling


class Link:
    """One link of a conversion: phrases and characters, each replaced once.

    Finds what the package finds, the longest phrase of a clause first and of these the leftmost,
    then the same in what is left on either side; but by looking only around the characters that a
    phrase tells otherwise than a table of characters, where the package tries every length at every
    place. Where `words` are asked for, only what
    ends with words counts. No entry changes the length of a text.
    """

    def __init__(
        self,
        tables: Tables,
        by_words: bool = True,
        reads: Callable[[str, str], str] = lambda text, plain: text,
    ):
        characters, self._unread = tables[0], tables[1].copy()
        self._phrases: dict[str, str] = {}
        self._beginning: Spans = {}
        self._ending: Spans = {}
        self._by_words, self._reads = by_words, reads
        self.characters = Characters(characters)
        self._telling = re.compile(f"[{''.join(sorted(self._unread))}]" if self._unread else "(?!)")

    @staticmethod
    def tables(pairs: dict[str, str], by_words: bool = True) -> Tables:
        """Return what a link goes by of all these phrases and characters."""
        phrases: dict[str, str] = {}
        characters = {key: value for key, value in pairs.items() if len(key) == 1}
        plain = Characters(characters)
        separators = import_module("opencc").OpenCC().split_chars_re  # a text is cut there first
        kept = {
            key: value
            for key, value in pairs.items()
            if len(key) > 1 and len(key) == len(value) and not separators.search(key)
        }
        telling = {key for key, value in kept.items() if value != plain.convert(key)}
        for key, value in kept.items():
            if key in telling or (not by_words or any(part in telling for part in _parts(key))):
                phrases[key] = value
        return characters, cut(_by_telling(phrases, plain))

    def convert(self, text: str) -> str:
        plain = self.characters.convert(text)
        parts, position = [], 0
        for start, end in self._places(text, plain):
            parts += plain[position:start], self._phrases[text[start:end]]
            position = end
        parts.append(plain[position:])
        return "".join(parts)

    def _places(self, text: str, plain: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of the phrases to be replaced, in order."""
        words = Words(self._reads(text, plain)) if self._by_words else None
        for cluster in self._clusters(text):
            if not words:
                yield from _chosen([(0.0, start, end) for start, end in cluster])
            elif self._tells(text, plain, cluster):
                yield from _chosen(list(self._strained(text, cluster, words)))

    def _tells(self, text: str, plain: str, cluster: list[tuple[int, int]]) -> bool:
        """Tell whether a phrase of a cluster is anything else than its characters."""
        return any(self._phrases[text[start:end]] != plain[start:end] for start, end in cluster)

    def _strained(
        self, text: str, cluster: list[tuple[int, int]], words: Words
    ) -> Iterator[tuple[float, int, int]]:
        for start, end in cluster:
            strain = words.strain(
                start, end, self._reads(text[start:end], self._phrases[text[start:end]])
            )
            if strain <= TOLERANCE:
                yield strain, start, end

    def _clusters(self, text: str) -> Iterator[list[tuple[int, int]]]:
        """Yield the spans of phrases there are, together with those they overlap."""
        cluster: list[tuple[int, int]] = []
        reach = 0
        for start, end in sorted(self._found(text)):
            if start >= reach and cluster:
                yield cluster
                cluster = []
            cluster.append((start, end))
            reach = max(reach, end)
        if cluster:
            yield cluster

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        beginning, ending, phrases = self._beginning, self._ending, self._phrases
        size, unread = len(text), self._unread
        for at in map(re.Match.start, self._telling.finditer(text)):
            if text[at] in unread:
                self._read(text[at])
            pair, before = text[at : at + 2], text[at - 1 : at + 1]
            if pair not in beginning and before not in ending:
                continue
            for offset, length in (*beginning.get(pair, ()), *ending.get(before, ())):
                start = at - offset
                end = start + length
                if start >= 0 and end <= size and text[start:end] in phrases:
                    yield start, end

    def _read(self, char: str) -> None:
        """Read the phrases of a character that tells. Each stands with one alone, and so does each
        of the pairs they are found by. Threads may read them at once: the same comes of it."""
        if kept := self._unread.get(char):
            phrases, beginning, ending = marshal.loads(kept)  # noqa: S302 - as `kept` wrote it
            self._phrases |= phrases
            self._beginning |= beginning
            self._ending |= ending
            self._unread.pop(char, None)


def _chosen(spans: list[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """Return those of the spans, which overlap, that get their way.

    The longest do, of these the least strained, of these the leftmost.
    """
    if len(spans) < 2:
        return [(start, end) for _, start, end in spans]
    ranked = sorted((start - end, strain, start, end) for strain, start, end in spans)
    taken: set[int] = set()
    chosen = []
    for _, _, start, end in ranked:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            chosen.append((start, end))
    return sorted(chosen)


_COMPATIBLE = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")

_WRITTEN = re.compile(
    r"著(?=《)(?<![看讀捧拿翻念唸抱帶寫唱照按學抄聽講說放印夾握舉圍對向朝沿隨跟靠憑依指揮盯望背有]著)"
    r"|著(?<=[ 　]著)(?=[ 　、，。,]|$)",
    re.MULTILINE,
)
"""Who wrote a book: 魯迅著《吶喊》, 高爾基 著; not 讀著《吶喊》."""

_WRITTEN_BY = re.compile(r"》[，,、 ]?[\u4e00-\u9fff]{2,4}著(?=[)）])")
"""The same behind the book, at the end of a bracket: （摘自《吶喊》，魯迅著）."""


@cache
def _into_traditional() -> Link:
    return Link(kept("into-traditional", _traditional))


@cache
def _into_simplified() -> Link:
    return Link(kept("into-simplified", _simplified), reads=lambda text, plain: plain)


def _traditional() -> Tables:
    standard = {key: values.split(" ")[0] for key, values in traditional_choices().items()}
    standard |= first_choices("STPhrases", "STPhrases_GeneratedFromRegionalPhrases")
    pairs = first_choices("TWVariants") | {key: taiwan(value) for key, value in standard.items()}
    for key, value in first_choices("TWVariantsPhrases").items():
        forms = product(*({char, fold(char)} for char in key))
        pairs |= dict.fromkeys(map("".join, forms), value)
    return Link.tables({key: styled_phrase(v) for key, v in pairs.items()} | additions(HANT))


def _simplified() -> Tables:
    """Return the tables from any traditional standard: what OpenCC does in two steps, in one."""
    standards = [str.maketrans(first_choices(name)) for name in ("TWVariants", "HKVariants")]
    pairs = {}
    for key, value in first_choices("TSPhrases", "TSCharacters").items():
        for standard in standards:
            pairs[key.translate(standard)] = value
        pairs[key] = value
    second = Link(Link.tables(pairs, by_words=False), by_words=False)
    first = first_choices(
        "TWVariantsRevPhrases", "HKVariantsRevPhrases", "TWVariantsRev", "HKVariantsRev"
    )
    pairs |= {key: second.convert(value) for key, value in first.items()}
    return Link.tables(pairs | additions(HANS))


def convert(text: str, target: str, original: str | None = None) -> str:
    """Return `text` in the script `target`.

    `original` is the script it is in, found out where not given. Text already in the target
    script comes back as it is.
    """
    if (original or detect(text)) == target or text.isascii():
        return text
    if _COMPATIBLE.search(text):
        text = text.translate(compatible())
    if target == HANT:
        return _with_names(text, _into_traditional())
    converted = _into_simplified().convert(text)
    if "著" in text:
        written = [match.start() for match in _WRITTEN.finditer(text)]
        written += [match.end() - 1 for match in _WRITTEN_BY.finditer(text)]
        converted = _with(converted, ((at, "著") for at in written))
    return converted


def _with(text: str, pieces: Iterable[tuple[int, str]]) -> str:
    """Return a text with other pieces, each as long as what it replaces, in their places.

    Of pieces at one place the last counts, of those that overlap the first.
    """
    parts, position = [], 0
    for at, piece in sorted(dict(pieces).items()):
        start = max(at, position)
        if at + len(piece) > start:
            parts += text[position:start], piece[start - at :]
            position = at + len(piece)
    parts.append(text[position:])
    return "".join(parts)


def _with_names(text: str, link: Link) -> str:
    """Return a simplified text converted, its people's names and counted animals apart."""
    converted = link.convert(text)
    places = list(by_neighbours(text))
    if places:
        converted = _with(converted, places)
    names = people(text).items()
    if not names:
        return converted
    return _with(
        converted,
        ((start, in_traditional(text[start:end], link.characters)) for start, end in names),
    )


def convert_name(name: str, target: str, original: str | None = None) -> str:
    """Return the name of an author in the script `target`: that of a person keeps its surname."""
    original = original or detect(name)
    if target == HANT and original == HANS and is_name(name):
        return in_traditional(name, _into_traditional().characters)
    return convert(name, target, original)
