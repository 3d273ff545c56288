"""Simplified and traditional Chinese: the only module that knows OpenCC.

Character standards only (`s2tw`, `tw2s`), never vocabulary (`s2twp` turns 支持 into 支援). Plain
Python, so that the import pipeline can use it too.
"""

from functools import cache
from importlib.resources import files

import opencc

HANS = "zh-Hans"
HANT = "zh-Hant"
SCRIPTS = (HANS, HANT)


@cache
def _table(name: str) -> dict[str, str]:
    """Return one of OpenCC's single-character tables, first choice only."""
    lines = (files(opencc) / "dictionary" / f"{name}.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {key: values.split(" ")[0] for key, values in pairs if len(key) == 1}


@cache
def traditional_forms() -> frozenset[str]:
    """Return the characters that are traditional only: 會, never 工."""
    return frozenset(key for key, value in _table("TSCharacters").items() if key != value)


@cache
def simplified_forms() -> frozenset[str]:
    """Return the characters that are simplified only: 会; never 后 or 群, which are both."""
    lines = (files(opencc) / "dictionary" / "STCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    taiwan = _table("TWVariants")
    return frozenset(
        key
        for key, values in pairs
        if key not in {form for value in values.split(" ") for form in (value, taiwan.get(value))}
    )


def detect(text: str) -> str:
    """Return the script most of the text is in; zh-Hant where nothing tells."""
    hant = sum(map(text.count, traditional_forms() & set(text)))
    hans = sum(map(text.count, simplified_forms() & set(text)))
    return HANS if hans > hant else HANT


@cache
def _folding() -> dict[int, str]:
    return str.maketrans(_table("TSCharacters"))


def fold(text: str) -> str:
    """Return the text with each character simplified: for comparing, not for reading."""
    return text.translate(_folding())


@cache
def _converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)


# Where OpenCC's dictionary takes the wrong one of two traditional forms, seen in union essays.
_CORRECTIONS = (
    *(f"{char}幹的" for char in "要該想在能肯敢"),
    *(f"{char}明了" for char in "列寫查注標講點指"),
    "是只",
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
    script comes back as it is, and lines without a character that could change are not sent
    through OpenCC, which reads only about 0.3 million characters a second.
    """
    if (original or detect(text)) == target:
        return text
    converter = _converter("tw2s" if target == HANS else "s2tw")
    done: dict[str, str] = {}
    for line in text.split("\n"):
        if line not in done:
            converted = line if line.isascii() else converter.convert(line)
            if target == HANT:
                for slip, right in _slips().items():
                    converted = converted.replace(slip, right)
            done[line] = converted
    return "\n".join(done[line] for line in text.split("\n"))
