"""How likely a run of Chinese characters is: a small model, and the page's own words.

The model holds counts of characters and of character pairs and triples inside words, from the
word list of jieba 0.42.1 (MIT licence), thinned out and on a logarithmic scale. To build it anew:

    python -m articles.importing.language path/to/jieba/dict.txt
"""

import lzma
import math
import re
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

from .. import script

HAN = "\u3400-\u9fff"
OTHER = "#"
"""Stands for every character that is not Chinese: marks, digits, line ends."""

DATA_FILE = Path(__file__).with_name("language.txt.xz")

_STEP = 4.0  # levels a natural logarithm: an error of at most 13 % in a count
_LEAST = {1: 20, 2: 10, 3: 40}  # least count kept of a character, pair and triple
_COMMON_PAIR = 200  # of the list's 100 million: names of people are below, words above
_SMALL_PAGE = 200  # characters below which a page's own frequencies say little
_FLOOR = 1e-8  # of a probability: what was never seen


def _level(count: float) -> str:
    return chr(40 + round(_STEP * math.log(count))) if count else "\x20"


def _count(level: str) -> float:
    return math.exp((ord(level) - 40) / _STEP) if level != "\x20" else 0.0


def build(word_list: Path, target: Path = DATA_FILE) -> None:
    """Write the data file from a list of `word count part-of-speech` lines."""
    grams: dict[int, Counter[str]] = {1: Counter(), 2: Counter(), 3: Counter()}
    first, last = Counter(), Counter()
    for line in word_list.read_text("utf-8").splitlines():
        word, number = line.split(" ")[:2]
        count = int(number)
        if all("\u4e00" <= char <= "\u9fff" for char in word):
            first[word[0]] += count
            last[word[-1]] += count
            for size, counter in grams.items():
                for at in range(len(word) - size + 1):
                    counter[word[at : at + size]] += count
    lines = [
        "".join(
            char + _level(count) + _level(first[char]) + _level(last[char])
            for char, count in sorted(grams[1].items())
            if count > _LEAST[1]
        )
    ]
    for size in (2, 3):
        followers: dict[str, list[str]] = {}
        for gram, count in sorted(grams[size].items()):
            if count > _LEAST[size]:
                followers.setdefault(gram[:-1], []).append(gram[-1] + _level(count))
        lines.append("\n".join(head + "".join(tail) for head, tail in followers.items()))
    target.write_bytes(lzma.compress("\n\n".join(lines).encode("utf-8"), preset=9))


@cache
def _counts() -> tuple[dict, dict, dict, dict, float]:
    """Return counts of characters, word beginnings, word ends, pairs with triples, and a total."""
    singles, doubles, triples = (
        lzma.decompress(DATA_FILE.read_bytes()).decode("utf-8").split("\n\n")
    )
    single, first, last = {}, {}, {}
    for at in range(0, len(singles), 4):
        char = singles[at]
        single[char], first[char], last[char] = map(_count, singles[at + 1 : at + 4])
    grams: dict[str, float] = {}
    for size, lines in ((1, doubles), (2, triples)):
        for line in lines.split("\n"):
            head, tail = line[:size], line[size:]
            for at in range(0, len(tail), 2):
                grams[head + tail[at]] = _count(tail[at + 1])
    return single, first, last, grams, sum(first.values())


def is_common_pair(text: str) -> bool:
    """Tell whether two characters are an everyday word, or often stand in one: 任务, not 王芳."""
    return _counts()[3].get(script.fold(text), 0.0) >= _COMMON_PAIR


class LanguageModel:
    """Scores characters in context. Everything is compared in simplified form.

    `page` is the sound part of the text: its own words count for more than the word list's, for
    an essay says the same things again.
    """

    def __init__(self, page: str = ""):
        self._single, self._first, self._last, self._grams, self._total = _counts()
        folded = re.sub(f"[^{HAN}]", OTHER, script.fold(page))
        self._one: Counter[str] = Counter(folded)
        self._size = len(folded)
        self._two = Counter(pairwise(folded))
        self._three = Counter(zip(folded, folded[1:], folded[2:], strict=False))
        self.memory: dict[tuple[str, str, str], float] = {}

    def known(self, char: str, least: float) -> bool:
        """Tell whether a character is common, or stands on this page."""
        char = script.fold(char)
        return self._single.get(char, 0.0) >= least or char in self._one

    def on_page(self, char: str) -> bool:
        """Tell whether the character stands in the sound part of the page."""
        return script.fold(char) in self._one

    def log_probability(self, before2: str, before: str, char: str) -> float:
        """Return ln P(char | before2 before); all three folded to simplified."""
        key = (before2, before, char)
        if key not in self.memory:
            self.memory[key] = math.log(self._probability(*key) + _FLOOR)
        return self.memory[key]

    def _probability(self, before2: str, before: str, char: str) -> float:
        start = self._first.get(char, 0.0) / self._total
        if self._size >= _SMALL_PAGE:
            start = (start + self._one[char] / self._size) / 2
        seen = self._single.get(before, 0.0)
        likely = start
        if seen:
            inside = self._grams.get(before + char, 0.0)
            likely = (self._last.get(before, 0.0) * start + inside) / seen
        pair = self._grams.get(before2 + before, 0.0)
        if pair:
            # How far to trust what follows the pair inside words: more, the more often it was seen.
            weight = 0.6 * pair / (pair + 1500)
            inside = self._grams.get(before2 + before + char, 0.0)
            # Half of all pairs end their word.
            likely = (1 - weight) * likely + weight * (0.5 * start + inside / pair)
        for count, found, most, half_at in (
            (self._one[before], self._two[before, char], 0.5, 8),
            (self._two[before2, before], self._three[before2, before, char], 0.6, 3),
        ):
            if count:
                weight = most * count / (count + half_at)
                likely = (1 - weight) * likely + weight * found / count
        return likely


if __name__ == "__main__":
    build(Path(sys.argv[1]))
