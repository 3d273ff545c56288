"""Reading GBK text that is out of step by a byte: a beam search over what the bytes were.

Aligned, each character stands for itself. Shifted, one byte of the next character is `pending`
and each character of the page gives the other half of one and the first half of the next. What
was lost on the way (a ? for two bytes, a character dropped as private-use, a byte cut off at a
mark) is tried in every way the damage allows, and scored by the language model.
"""

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .. import script
from .gbk import CUT_MARKS, codes, full, half, is_private, pairs
from .language import OTHER, LanguageModel
from .readings import LETTERS, TONED, readings

SWALLOWED = re.compile(rf"[?？](?=[{LETTERS}]*[{TONED}])([{LETTERS}]{{1,7}})[)）]")
GLOSS = re.compile(rf"[(（](?=[{LETTERS}]*[{TONED}])([{LETTERS}]{{1,7}})[)）]")
_LINE_END = "\n"
_HALF_MARKS = frozenset(half(CUT_MARKS))

BEAM, GAP, PER_STATE = 120, 18.0, 3
"""Hypotheses kept, and how far behind the best (nats); readings kept of each state."""

FARTHEST = 60
"""Characters after the last suspect within which the text has to be in step again."""

SETTLED = 8
"""Aligned characters read behind a repair: they tell a good reading from a lucky one."""

# ln P of marks: round figures from essays, where a comma stands after every seventh character.
_MARK_COST = {
    **{"，": 1.6, "。": 2.2, "、": 2.6, "“": 3.5, "”": 3.5, "：": 4.5, "；": 4.5, "？": 5.0},
    **{"！": 5.0, "（": 4.5, "）": 4.5, "《": 4.5, "》": 4.5, "…": 7.0, "—": 7.0},
}
_STOPS = frozenset("，。、；：？！")

Pending = int | None
"""None aligned; a lead byte; or minus the first byte of a dropped pair, whose second byte, the
pending one, is any that makes the pair private-use."""


@dataclass(slots=True)
class _Path:
    score: float
    before2: str
    before: str
    chain: tuple | None  # (character, rest of the chain)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a damaged stretch, and its score in nats."""

    text: str
    score: float


@cache
def _by_reading() -> dict[str, list[str]]:
    """Return the characters a conversion tool may have annotated, by pinyin."""
    found: dict[str, list[str]] = {}
    for char in script.traditional_forms():
        if char in codes():
            for pinyin in readings().get(char, ()):
                found.setdefault(pinyin, []).append(char)
    return found


@cache
def _vanished() -> dict[int, tuple[int, ...]]:
    """Return, by first byte, the second bytes that make a private-use pair with it."""
    found: dict[int, list[int]] = {}
    for (lead, trail), char in pairs().items():
        if is_private(char) and 0x81 <= trail <= 0xFE:
            found.setdefault(lead, []).append(trail)
    return {lead: tuple(trails) for lead, trails in found.items()}


def _leads(pending: int) -> tuple[int, ...]:
    """Return the lead bytes a pending state stands for."""
    return (pending,) if pending > 0 else _vanished()[-pending]


_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


class Realigner:
    """Reads damaged stretches of one page."""

    def __init__(self, model: LanguageModel, traditional: bool, glossed: frozenset[str]):
        self.model, self.traditional, self.glossed = model, traditional, glossed
        self._cache: dict = {}

    def read(self, text: str, start: int, suspect_end: int) -> tuple[int, list[Reading]]:
        """Return where the text is in step again and the readings of text[start:there], best first.

        `start` is aligned. Returns no reading where the text never falls into step.
        """
        first = _Path(0.0, OTHER, OTHER, None)
        for char in text[max(0, start - 3) : start]:
            first = _Path(0.0, first.before, _key(char), (char, None))
        first.chain = first.chain and (first.chain[0], None)
        base = 1 if first.chain else 0
        waiting: dict[int, list[tuple[Pending, _Path]]] = {start: [(None, first)]}
        limit = min(len(text), suspect_end + FARTHEST)
        at = start
        while at <= limit:
            beam = self._pruned(waiting.pop(at, []))
            ends = at == len(text) or text[at] == _LINE_END
            settled = all(pending is None for pending, _ in beam) and not waiting
            if settled and (ends or (beam and at >= suspect_end + SETTLED)):
                return at, self._readings(beam, base)
            rounds = 0
            while beam and rounds < 3:
                here = []
                for rank, (pending, path) in enumerate(beam):
                    for step in self._steps(text, at, pending, path, rank < 15 and rounds < 2):
                        position, after, new = step
                        if position == at:
                            here.append((after, new))
                        else:
                            waiting.setdefault(position, []).append((after, new))
                beam, rounds = self._pruned(here), rounds + 1
            at += 1
        return limit, []

    def _steps(
        self, text: str, at: int, pending: Pending, path: _Path, may_vanish: bool
    ) -> Iterator[tuple[int, Pending, _Path]]:
        """Yield every continuation at a position: (next position, next pending byte, path)."""
        if at >= len(text) or text[at] == _LINE_END:
            if pending and pending > 0:
                for new in self._any_trail(path, pending):
                    yield at, None, new
            return
        char = text[at]
        swallowed = SWALLOWED.match(text, at)
        following = text[at + 1 : at + 2]
        if pending is None:
            yield from self._aligned(text, at, path, char, swallowed, following)
            return
        if may_vanish:
            for trail in _vanished():
                for new in self._made(path, pending, trail, 1.0):
                    yield at, -trail, new
        if swallowed:
            for key in _by_reading().get(swallowed[1].replace("ɡ", "g"), ()):
                if codes()[key][0] in _leads(pending):
                    yield swallowed.end(), None, self._add(path, key, self._key_cost(key))
            return
        narrow = half(char)
        if narrow.isascii():
            code = ord(narrow)
            if char.isascii() and 0x40 <= code < 0x7F:
                for new in self._made(path, pending, code):
                    yield at + 1, None, new
            for new in self._made(path, pending, 0xA3, 0.5):
                yield at + 1, code | 0x80, new
            if narrow == "?":
                for new in self._made(path, pending, 0x80):
                    yield at + 1, None, new
                dangling = half(following) in _HALF_MARKS or following in ("", _LINE_END)
                if pending > 0 and dangling:
                    for new in self._any_trail(path, pending):
                        yield at + 1, None, new
            elif narrow in _HALF_MARKS and pending > 0:
                for new in self._any_trail(path, pending, 1.0):
                    yield at, None, new
        elif char in codes():
            lead, trail = codes()[char]
            cost = 8.0 if char in self.glossed else 0.0
            for new in self._made(path, pending, lead, cost):
                yield at + 1, trail, new

    def _aligned(self, text, at, path, char, swallowed, following):
        gloss = GLOSS.match(text, at)
        if gloss and path.chain and gloss[1].replace("ɡ", "g") in readings().get(path.chain[0], ()):
            yield gloss.end(), None, path
            return
        suspect = bool(swallowed) or (char in "?？" and half(following) in _HALF_MARKS)
        yield at + 1, None, self._add(path, char, 6.0 if suspect else 0.0)
        if swallowed and path.chain:
            tail = codes().get(full(path.chain[0]), codes().get(path.chain[0], (0, 0)))[1]
            for key in _by_reading().get(swallowed[1].replace("ɡ", "g"), ()):
                lead, trail = codes()[key]
                if lead == tail:
                    cost = 0.0 if key in self.glossed else 1.0  # no character of the text
                    yield (
                        swallowed.end(),
                        trail,
                        _Path(path.score - cost, path.before2, path.before, path.chain),
                    )
        if swallowed:  # out of step before a mark that hid it: both bytes are gone
            for key in _by_reading().get(swallowed[1].replace("ɡ", "g"), ()):
                yield swallowed.end(), None, self._add(path, key, 4.0 + self._key_cost(key))
        if suspect and not swallowed:
            mark = codes()[full(following)][1]
            for new in self._any_lead(path, 0xA3):
                yield at + 2, mark, new

    def _key_cost(self, key: str) -> float:
        """A character that carries pinyin here and nowhere else on the page is hardly a key."""
        return 0.0 if key in self.glossed else 9.0 if self.model.on_page(key) else 5.0

    def _made(self, path: _Path, pending: Pending, trail: int, cost: float = 0.0):
        """Yield the path with each known character of the pending lead byte and this trail byte."""
        for char in self._known(_leads(pending), (trail,), 50 if pending > 0 else 2000):
            yield self._add(path, char, cost)

    def _any_trail(self, path: _Path, lead: int, cost: float = 0.0):
        for char in self._known((lead,), _TRAILS, 2000):
            yield self._add(path, char, cost)

    def _any_lead(self, path: _Path, trail: int):
        for char in self._known(range(0x81, 0xFF), (trail,), 2000):
            yield self._add(path, char, 0.5)

    def _known(self, leads, trails, least: float) -> list[str]:
        key = (leads, trails, least)
        if key not in self._cache:
            found = (pairs().get((lead, trail)) for lead in leads for trail in trails)
            self._cache[key] = [
                char
                for char in found
                if char
                and (
                    (char in _MARK_COST and char not in CUT_MARKS)
                    or ("\u4e00" <= char <= "\u9fff" and self.model.known(char, least))
                )
            ]
        return self._cache[key]

    def _add(self, path: _Path, char: str, cost: float) -> _Path:
        wide = full(char)
        key = _key(char)
        if key != OTHER:
            score = self.model.log_probability(path.before2, path.before, key)
            if self.traditional and char in script.simplified_forms():
                score -= 5.0
        else:
            score = -_MARK_COST.get(wide, 4.0 if char.isascii() else 14.0)
            if wide in _STOPS and path.chain and full(path.chain[0]) in _STOPS:
                score -= 7.0
        return _Path(path.score + score - cost, path.before, key, (char, path.chain))

    def _pruned(self, paths: list[tuple[Pending, _Path]]) -> list[tuple[Pending, _Path]]:
        """Keep the best few of each state, and the best of all."""
        states: dict[tuple, list[_Path]] = {}
        for pending, path in paths:
            states.setdefault((pending, path.before2, path.before), []).append(path)
        kept = [
            (state[0], path)
            for state, group in states.items()
            for path in heapq.nlargest(PER_STATE, group, key=lambda path: path.score)
        ]
        kept = heapq.nlargest(BEAM, kept, key=lambda entry: entry[1].score)
        return [entry for entry in kept if entry[1].score > kept[0][1].score - GAP]

    def _readings(self, beam: list[tuple[Pending, _Path]], base: int) -> list[Reading]:
        best: dict[str, Reading] = {}
        for _, path in beam:
            chars, chain = [], path.chain
            while chain:
                chars.append(chain[0])
                chain = chain[1]
            text = "".join(reversed(chars))[base:]
            if text not in best or best[text].score < path.score:
                best[text] = Reading(text, path.score)
        return sorted(best.values(), key=lambda reading: -reading.score)


def _key(char: str) -> str:
    """Return a character as the language model knows it."""
    return script.fold(char) if "\u3400" <= char <= "\u9fff" else OTHER
