"""Simplified and traditional Chinese: the only module that knows OpenCC.

Character standards only (`s2tw`, `tw2s`), never vocabulary (`s2twp` turns 支持 into 支援). Plain
Python, so that the import pipeline can use it too.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import compress
from operator import add

import opencc

HANS = "zh-Hans"
HANT = "zh-Hant"
SCRIPTS = (HANS, HANT)


def _entries(name: str) -> Iterator[tuple[str, str]]:
    """Yield the entries of one of OpenCC's tables; several choices have spaces between."""
    lines = (files(opencc) / "dictionary" / f"{name}.txt").read_text("utf-8").splitlines()
    for line in lines:
        key, tab, values = line.partition("\t")
        if tab:
            yield key, values


@cache
def _table(name: str) -> dict[str, str]:
    """Return one of OpenCC's single-character tables, first choice only."""
    return {key: values.split(" ")[0] for key, values in _entries(name) if len(key) == 1}


@cache
def traditional_forms() -> frozenset[str]:
    """Return the characters that are traditional only: 會, never 工."""
    return frozenset(key for key, value in _table("TSCharacters").items() if key != value)


@cache
def simplified_forms() -> frozenset[str]:
    """Return the characters that are simplified only: 会; never 后 or 群, which are both."""
    taiwan = _table("TWVariants")
    return frozenset(
        key
        for key, values in _entries("STCharacters")
        if key not in {form for value in values.split(" ") for form in (value, taiwan.get(value))}
    )


def traditional(char: str) -> str:
    """Return the likeliest traditional form of one character, by itself."""
    form = _table("STCharacters").get(char, char)
    return _table("TWVariants").get(form, form)


_LONGEST_NAME = 4


@cache
def _kept_words() -> dict[str, str]:
    return {key: value.split(" ")[0] for key, value in _entries("TSPhrases") if len(key) > 1}


def simplified(text: str, at: int) -> str:
    """Return the simplified form of the character at `at`: 乾 is 乾 in 乾隆 and 干 in 乾净."""
    words = _kept_words()
    for length in range(_LONGEST_NAME, 1, -1):
        for start in range(max(0, at - length + 1), at + 1):
            word = words.get(text[start : start + length])
            if word and len(word) == length and start + length > at:
                return word[at - start]
    return fold(text[at])


@cache
def choices() -> dict[str, tuple[str, ...]]:
    """Return the forms of each simplified character that stands for several, likeliest first.

    里 gives 裡 and 里, 发 gives 發 and 髮. Forms are those of the Taiwan standard.
    """
    taiwan = _table("TWVariants")
    found = {}
    for key, values in _entries("STCharacters"):
        forms = tuple(dict.fromkeys(taiwan.get(value, value) for value in values.split(" ")))
        if len(key) == 1 and len(forms) > 1:
            found[key] = forms
    return found


LONGEST_PHRASE = 6
"""Characters of the longest entry looked up: what is longer only repeats shorter ones."""


@cache
def phrases() -> dict[str, str]:
    """Return what OpenCC's phrases that hold one of those characters are in Taiwan: 干部, 幹部."""
    taiwan = str.maketrans(_table("TWVariants"))
    several = frozenset(choices())
    found = {}
    for key, values in _entries("STPhrases"):
        value = values.split(" ")[0].translate(taiwan)
        if len(key) <= LONGEST_PHRASE and len(key) == len(value) and not several.isdisjoint(key):
            found[key] = value
    return found | {fold(right): right for right in _CORRECTIONS}


def detect(text: str) -> str:
    """Return the script most of the text is in; zh-Hant where nothing tells."""
    counts = Counter(text)
    present = set(counts)
    hant = sum(map(counts.__getitem__, traditional_forms() & present))
    hans = sum(map(counts.__getitem__, simplified_forms() & present))
    return HANS if hans > hant else HANT


@cache
def _folding() -> dict[int, str]:
    return str.maketrans(_table("TSCharacters"))


def fold(text: str) -> str:
    """Return the text with each character simplified: for comparing, not for reading."""
    return text.translate(_folding())


@cache
def _unfolding() -> dict[str, str]:
    forms: dict[str, str] = {}
    for char, folded in _table("TSCharacters").items():
        if char != folded:
            forms[folded] = forms.get(folded, "") + char
    return forms


def unfolded(char: str) -> str:
    """Return the characters that are folded to one: 会 is what 會 becomes."""
    return _unfolding().get(char, "")


@cache
def _merging() -> dict[int, str]:
    merged = {form: char for char, forms in choices().items() for form in forms}
    merged |= {value: key for key, value in _table("TWVariants").items()}
    return {ord(form): _table("TSCharacters").get(char, char) for form, char in merged.items()}


def comparable(text: str) -> str:
    """Return the text with all forms of a character made one, 瞭 and 了, 著 and 着: for keys.

    `fold` keeps the two apart that simplified text has both, so a text and what a conversion made
    of it would not be equal.
    """
    return fold(text).translate(_merging())


class _Link:
    """One link of a conversion: phrases and characters, each replaced once.

    Finds what the package finds, the longest phrase of a clause first and of these the leftmost,
    then the same in what is left on either side; but by looking each pair of characters up once,
    where the package tries every length at every place. No entry changes the length of a text.
    """

    def __init__(self, tables: list[str]):
        self._phrases: dict[str, str] = {}
        characters: dict[str, str] = {}
        lengths: dict[str, set[int]] = {}  # of the phrases that begin with a pair
        separators = opencc.OpenCC().split_chars_re  # the package cuts a text there first
        for key, values in (entry for name in tables for entry in _entries(name)):
            value = values.split(" ")[0]
            if len(key) == 1:
                characters[key] = value
            elif not separators.search(key):
                self._phrases[key] = value
                lengths.setdefault(key[:2], set()).add(len(key))
        self._lengths = {pair: tuple(found) for pair, found in lengths.items()}
        self._characters = str.maketrans(characters)

    def convert(self, text: str) -> str:
        plain = text.translate(self._characters)
        if not self._phrases:
            return plain
        parts, position = [], 0
        for start, end in self._places(text):
            parts += plain[position:start], self._phrases[text[start:end]]
            position = end
        parts.append(plain[position:])
        return "".join(parts)

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of the phrases to be replaced, in order."""
        known = map(self._lengths.__contains__, map(add, text, text[1:]))
        cluster: list[tuple[int, int]] = []  # spans that overlap
        reach = 0
        for at in compress(range(len(text)), known):
            for length in self._lengths[text[at : at + 2]]:
                end = at + length
                if text[at:end] in self._phrases and end <= len(text):
                    if at >= reach:
                        yield from _longest_first(cluster)
                        cluster = []
                    cluster.append((at, end))
                    reach = max(reach, end)
        yield from _longest_first(cluster)


def _longest_first(cluster: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of the spans, which overlap, that get their way."""
    if len(cluster) < 2:
        return cluster
    taken: set[int] = set()
    chosen = []
    for start, end in sorted(cluster, key=lambda span: (span[0] - span[1], span[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            chosen.append((start, end))
    return sorted(chosen)


class _Converter:
    """One of the package's conversions, by its own configuration and tables."""

    def __init__(self, configuration: str):
        path = files(opencc) / "config" / f"{configuration}.json"
        chain = json.loads(path.read_text("utf-8"))["conversion_chain"]
        self._links = [_Link(list(_tables(link["dict"]))) for link in chain]

    def convert(self, text: str) -> str:
        for link in self._links:
            text = link.convert(text)
        return text


def _tables(node: dict) -> Iterator[str]:
    """Yield the names of the tables in a part of a configuration."""
    if node["type"] == "group":
        for part in node["dicts"]:
            yield from _tables(part)
    else:
        yield node["file"].removesuffix(".txt")


@cache
def _converter(configuration: str) -> _Converter:
    return _Converter(configuration)


# Where OpenCC's dictionary takes the wrong one of two traditional forms, seen in union essays.
_CORRECTIONS = (
    *(f"{char}幹的" for char in "要該想在能肯敢"),
    *(f"{char}明了" for char in "列寫查注標講點指"),
    *(f"{char}是只" for char in "一二三四五不而就都也還總"),
    *(f"是只{char}" for char in "有能要是見不會剩在靠想為看聽說做管顧講用"),
    "余杭",
    "余姚",
    "弗羅里達",
    "臺風扇",
    "被干擾",
    "平穀物",
    "更複雜",
    "英制",
)


@cache
def _slips() -> dict[str, str]:
    """Return the corrections by what OpenCC makes of their simplified form."""
    slips = {}
    for right in _CORRECTIONS:
        slip = _converter("s2tw").convert(_converter("tw2s").convert(right))
        if slip != right:
            slips[slip] = right
    return slips


def convert(text: str, target: str, original: str | None = None) -> str:
    """Return `text` in the script `target`.

    `original` is the script it is in, found out where not given. Text already in the target
    script comes back as it is.
    """
    if (original or detect(text)) == target or text.isascii():
        return text
    converted = _converter("tw2s" if target == HANS else "s2tw").convert(text)
    if target == HANT:
        for slip, right in _slips().items():
            converted = converted.replace(slip, right)
    return converted


def searchable(text: str) -> str:
    """Return the text as it is matched: simplified, half-width, lower case, 一 for 壹."""
    return fold(unicodedata.normalize("NFKC", text)).lower().replace("壹", "一")
