"""Pinyin of characters and of words: the table of pypinyin, read where it is asked for.

The package takes 0.3 s and 57 MB of each process that imports it; its table, as it is kept here,
40 ms and 18 MB. `python -m tests.support.pinyin_table` makes the file anew of the package, and a
test holds the two together.
"""

import gzip
import re
import unicodedata
from bisect import bisect_left
from functools import cache, lru_cache
from pathlib import Path

from .compiled import compiled

DATA_FILE = Path(__file__).with_name("pinyin_table.txt.gz")
"""Words that decide where the ones next to them end, those that are not read as their characters
are with their readings behind a space; an empty line; characters with their readings."""

_HAN = re.compile(
    "[\u3007\ue815-\ue864\ufa18\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df"
    "\U0002a703-\U0002b73f\U0002b740-\U0002b81d\U0002b825-\U0002bf6e\U0002c029-\U0002ce93"
    "\U0002d016\U0002d11b-\U0002ebd9\U0002f80a-\U0002fa1f\U00030000-\U0003134a"
    "\U00031350-\U00032389]+"
)
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))


@cache
def _tables() -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Return the words in order, the readings of those that have their own, and the characters'."""
    return compiled("pinyin", __file__, _read)


def _read() -> tuple[list[str], dict[str, str], dict[str, str]]:
    words, characters = gzip.decompress(DATA_FILE.read_bytes()).decode().split("\n\n")
    ordered = words.split("\n")
    own = dict(line.split(" ", 1) for line in ordered if " " in line)
    ordered = [line.partition(" ")[0] for line in ordered]
    return ordered, own, {line[0]: line[1:] for line in characters.split("\n")}


@lru_cache(maxsize=10_000)
def readings(character: str) -> frozenset[str]:
    """Return the readings of a character, with tone marks; none where the table has none."""
    found = _tables()[2].get(character)
    return frozenset(found.split(",")) if found else frozenset()


@lru_cache(maxsize=10_000)
def _toneless(character: str) -> str:
    """Return the commonest reading of a character without its tone, or the character."""
    reading = _tables()[2].get(character, "").partition(",")[0]
    if not reading:
        return character
    apart = unicodedata.normalize("NFD", reading).translate(_TONES).replace("u\u0308", "v")
    return unicodedata.normalize("NFC", apart)


def without_tones(text: str) -> list[str]:
    """Return the pinyin of each character of a text, without tones and with v for ü; what is not
    Chinese stands as it is, a run in one piece. Words are read as words: 长大 zhang, 长江 chang."""
    found: list[str] = []
    at = 0
    for run in _HAN.finditer(text):
        if run.start() > at:
            found.append(text[at : run.start()])
        for word in _words(run[0]):
            own = _tables()[1].get(word) if len(word) > 1 else None
            found += own.split(" ") if own else map(_toneless, word)
        at = run.end()
    return found + [text[at:]] * (at < len(text))


def _words(text: str) -> list[str]:
    """Return the words of a run of characters: at each place the longest that begins there."""
    ordered = _tables()[0]
    found, start = [], 0
    while start < len(text):
        best = start + 1
        for end in range(start + 1, len(text) + 1):
            piece = text[start:end]
            place = bisect_left(ordered, piece)
            if place == len(ordered) or not ordered[place].startswith(piece):
                break
            if ordered[place] == piece:
                best = end
        found.append(text[start:best])
        start = best
    return found
