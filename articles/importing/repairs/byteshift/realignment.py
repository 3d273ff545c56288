"""Reading GBK text that is out of step by a byte: a beam search over what the bytes were.

Aligned, each character stands for itself. Shifted, the first byte of the next character is
`pending`, and each character of the page gives the other half of one and the first half of the
next. What was lost on the way (a ? for two bytes, a character dropped as private-use, a byte cut
off at a mark) is tried in every way the damage allows. The damage itself is deterministic, so the
score of a reading is what the language model thinks of its text, less the penalties named below.
These, and the widths of the search, were chosen on a third of the pages of benchmarks/byteshift.py.
"""

import re
from dataclasses import dataclass
from heapq import nlargest

from ....text import script
from ...lexicon.language import OTHER, LanguageModel, token
from ...lexicon.readings import GLOSS, SWALLOWED, is_reading, normal_form
from .gbk import CUT_MARKS, codes, full, half
from .halves import (
    FRESH,
    SIMPLIFIED,
    Candidate,
    Candidates,
    annotated_as,
    before_dropped_pair,
    characters,
    leads_of,
)

_LINE_END = "\n"
_HALF_MARKS = frozenset(half(CUT_MARKS))

BEAM, QUICK, GAP, PER_STATE = 40, 12, 15.0, 5
"""Hypotheses kept at a place, and in a quick look; how far behind the best (nats); readings kept
of one state."""

FARTHEST = 60
"""Characters after the last suspect within which the text has to be in step again."""

SETTLED = 8
"""Aligned characters read behind a repair at the most, to tell a good reading from a lucky one."""

_VANISH_WITHIN = 9.0
"""Nats: a character next to a dropped pair has to be this likely where it stands."""

_UNPAIRED = 4.0
"""Nats a reading loses that closes a quote nobody opened, or leaves one open at the line's end."""

_STAYS_SWALLOWED, _STAYS_LOST = 12.0, 5.0
"""Nats for taking `?pinyin)`, or a ? before a mark behind odd text, for what somebody wrote."""

_NEW_KEY, _BARE_ELSEWHERE, _KEY_BARE, _BOTH_GONE = 4.0, 9.0, 8.0, 4.0
"""Nats for an annotated character the page does not annotate elsewhere; for one that stands bare
elsewhere; for one that the page always annotates, bare here; and for one with both bytes gone."""

_GAP_IN_NUMBER, _GAP_ALONE = 3.0, 7.0
"""Nats for an ASCII character that is gone, next to others and by itself."""

_NO_TOKEN = 10.0
"""Nats for a character the model does not know."""

_STOPS = frozenset("，。、；：,;:")
_TWO_STOPS = 6.0
"""Nats that two stops in a row cost: readers' reviews, of which the model knows many, write 。。"""

_BEST_OF, _VANISH_OF, _VANISH_AGAIN_OF = 4, 2, 6
"""One in so many of the hypotheses, from the best, is searched where nearly any character may
stand; next to a dropped pair; and next to two in a row."""

GONE = "\u25a1"
"""Stands for an ASCII character, mostly a digit, that is gone for good: nothing tells which."""

Known = tuple[list[Candidate], list[str]]
"""Characters that may stand somewhere, and their tokens once more by themselves."""

Path = tuple
"""(score, character before the last, last, chain, keys, guessed): a chain is (character, chain
before), the keys are the (character, pinyin) whose annotations the damage put in between, and
something was guessed where bytes are gone for good."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a damaged stretch, its score in nats, and the annotations it assumes."""

    text: str
    score: float
    keys: tuple[tuple[str, str], ...] = ()
    guessed: bool = False  # a byte is gone for good, and the language alone says which


class Realigner:
    """Reads damaged stretches of one page.

    `keys` are the characters annotated on the page, `odd` the places of marks that text out of
    step seems to follow.
    """

    def __init__(
        self, model: LanguageModel, traditional: bool, keys: frozenset[str], odd: frozenset[int]
    ):
        self.model, self.traditional, self.keys, self.odd = model, traditional, keys, odd
        self._known: dict[tuple[int | None, int | None], Known] = {}
        self._vanish_known: dict[int, Known] = {}

    def read(
        self,
        text: str,
        start: int,
        suspect_end: int,
        opened: int | None = None,
        *,
        width: int = BEAM,
    ) -> tuple[int, list[Reading]]:
        """Return where the text is in step again and the readings of text[start:there], best first.

        `start` is aligned; `opened` quotes are open there (None: nobody knows). A narrower search
        is quicker and good enough to see that nothing is amiss. Returns no reading where the text
        never falls into step.
        """
        before = re.sub(GLOSS, "", text[max(0, start - 20) : start])[-2:]
        path: Path = (0.0, *[OTHER] * (2 - len(before)), *map(token, before), None, (), False)
        waiting: dict[int, list[tuple[int | None, Path]]] = {start: [(None, path)]}
        limit = min(len(text), suspect_end + FARTHEST)
        at = start
        while at <= limit:
            beam = _pruned(waiting.pop(at, []), width)
            if at == len(text) or text[at] == _LINE_END:
                return at, _readings(_pruned(self._at_line_end(beam), width), opened, True)
            if not waiting and beam and all(pending is None for pending, _ in beam):
                agreed = len({path[1:3] for _, path in beam}) == 1
                if (at >= suspect_end and agreed) or at >= suspect_end + SETTLED:
                    return at, _readings(beam, opened, False)
            rounds = 0
            while beam:
                here: list[tuple[int | None, Path]] = []
                for rank, (pending, path) in enumerate(beam):
                    for position, after, new in self._steps(
                        text, at, pending, path, rank < width // _BEST_OF
                    ):
                        if position == at:
                            here.append((after, new))
                        else:
                            waiting.setdefault(position, []).append((after, new))
                    if pending is None or rounds > 1:
                        continue
                    if rank < width // (_VANISH_OF if pending > 0 else _VANISH_AGAIN_OF):
                        self._vanish(pending, path, here)
                rounds += 1
                beam = _pruned(here, width)
            at += 1
        return limit, []

    def _at_line_end(self, beam: list[tuple[int | None, Path]]) -> list[tuple[int | None, Path]]:
        """Return the hypotheses in step; the line end takes a pending byte with it."""
        ended = [path for pending, path in beam if pending is None]
        for pending, path in beam:
            if pending is not None and pending > 0:
                ended += self._any_trail(path, pending, False)
        return [(None, (*self._put(path, "", OTHER, 0.0)[:3], *path[3:])) for path in ended]

    def _steps(self, text: str, at: int, pending: int | None, path: Path, best: bool) -> list:
        """Return every continuation at a position: (next position, next pending byte, path).

        `best` tells that the path is one of the few best: worth a wide search.
        """
        char = text[at]
        swallowed = SWALLOWED.match(text, at) if char in "?？" else None
        if pending is None:
            return self._aligned(text, at, path, char, swallowed)
        if swallowed:
            return [
                (swallowed.end(), None, self._annotated(path, key, swallowed[1]))
                for key in annotated_as().get(normal_form(swallowed[1]), ())
                if codes()[key][0] in leads_of(pending)
            ]
        narrow = half(char)
        steps = []
        if narrow.isascii():
            code = ord(narrow)
            if char.isascii() and 0x40 <= code < 0x7F:
                steps += self._latin_half(text, at, pending, path)
            steps += [(at + 1, code | 0x80, new) for new in self._made(path, pending, 0xA3)]
            if narrow == "?":
                steps += [(at + 1, None, new) for new in self._made(path, pending, 0x80)]
                following = half(text[at + 1 : at + 2])
                if following in _HALF_MARKS or following in ("", _LINE_END):
                    steps += [(at + 1, None, new) for new in self._any_trail(path, pending, best)]
                elif pending > 0:  # an ASCII character went with the byte
                    cost = (
                        _GAP_IN_NUMBER
                        if following.isascii() and following.isalnum()
                        else _GAP_ALONE
                    )
                    steps += [
                        (at + 1, None, self._put(new, GONE, "0", cost))
                        for new in self._any_trail(path, pending, best)
                    ]
            elif narrow in _HALF_MARKS:
                steps += [(at, None, new) for new in self._any_trail(path, pending, best)]
        elif char in codes():
            lead, trail = codes()[char]
            steps += [(at + 1, trail, new) for new in self._made(path, pending, lead)]
        return steps

    def _latin_half(self, text: str, at: int, pending: int, path: Path) -> list:
        """Return the steps that take a letter for a second byte, with its annotation if any."""
        gloss = GLOSS.match(text, at + 1)
        if not gloss:
            return [(at + 1, None, new) for new in self._made(path, pending, ord(text[at]))]
        return [
            (gloss.end(), None, self._annotated(path, char, gloss[1]))
            for char, *_ in self._characters(pending, ord(text[at]))[0]
            if is_reading(char, gloss[1])
        ]

    def _aligned(self, text: str, at: int, path: Path, char: str, swallowed) -> list:
        if char in "(（":
            gloss = GLOSS.match(text, at)
            if gloss and path[3] and is_reading(path[3][0], gloss[1]):
                return [(gloss.end(), None, path)]
        following = half(text[at + 1 : at + 2])
        gloss = GLOSS.match(text, at + 1) if char in "?？" else None
        if gloss:  # out of step before a mark that hid it: the second byte, 80, gave the ?
            return [
                (gloss.end(), None, self._annotated(path, key, gloss[1]))
                for key in annotated_as().get(normal_form(gloss[1]), ())
                if codes()[key][1] == 0x80
            ]
        odd = at in self.odd and not swallowed
        lost = odd and char in "?？" and following in _HALF_MARKS
        steps = [
            (
                at + 1,
                None,
                self._add(path, char, _STAYS_SWALLOWED if swallowed else _STAYS_LOST * lost),
            )
        ]
        if swallowed:
            tail = 0
            if path[3]:
                tail = (codes().get(full(path[3][0])) or codes().get(path[3][0]) or (0, 0))[1]
            for key in annotated_as().get(normal_form(swallowed[1]), ()):
                lead, trail = codes()[key]
                if lead == tail:
                    used = (*path[4], (key, swallowed[1]))
                    new = (path[0] - self._key_cost(key, 1.0), *path[1:4], used, path[5])
                    steps.append((swallowed.end(), trail | FRESH, new))
                # Out of step before a mark that hid it: both bytes are gone.
                new = self._annotated(path, key, swallowed[1], _BOTH_GONE)
                steps.append((swallowed.end(), None, new))
        if lost:
            mark = codes()[full(following)][1]
            steps += [(at + 2, mark, new) for new in self._any_lead(path, 0xA3)]
        if odd:
            mark = codes()[full(char)][1]
            steps += [(at + 1, mark, new) for new in self._any_lead(path, 0xA3)]
            if char in "?？" and not lost:
                # Out of step before a mark that hid it: the second byte, 80, gave the ?.
                steps += [(at + 1, None, new) for new in self._any_lead(path, 0x80)]
        return steps

    def _vanish(self, pending: int, path: Path, here: list) -> None:
        """Add what stands at a dropped pair: its first byte ends a character, its second begins
        the next."""
        score, before2, before, chain, keys, _ = path
        known = self._vanishing(pending)
        likely = self.model.log_probabilities(before2, before, known[1])
        bare = _KEY_BARE * (pending < FRESH)
        for (char, key, cost, trail), gain in zip(known[0], likely, strict=True):
            gain -= cost + bare * (char in self.keys)
            if gain > -_VANISH_WITHIN:
                here.append((-trail, (score + gain, before, key, (char, chain), keys, True)))

    def _annotated(self, path: Path, key: str, pinyin: str, cost: float = 0.0) -> Path:
        """Return the path with a character whose annotation swallowed its second byte."""
        new = self._add(path, key, cost + self._key_cost(key))
        return (*new[:4], (*new[4], (key, pinyin)), new[5])

    def _key_cost(self, key: str, least: float = 0.0) -> float:
        """A character that carries pinyin here and stands bare elsewhere is hardly a key."""
        if key in self.keys:
            return least
        return _BARE_ELSEWHERE if self.model.on_page(key) else _NEW_KEY + least

    def _made(self, path: Path, pending: int, trail: int) -> list[Path]:
        """Return the path with each known character of the pending byte and this trail byte."""
        known = self._characters(pending, trail)
        return self._each(path, known, 0.0 if pending > FRESH else _KEY_BARE)

    def _each(
        self, path: Path, known: Known, bare: float = 0.0, guessed: bool = False
    ) -> list[Path]:
        """Return the path with each of the characters; keys among them cost `bare`."""
        score, before2, before, chain, keys, before_guessed = path
        guessed = guessed or before_guessed
        stopped = bool(chain) and (chain[0] in _STOPS or chain[0] in "!?！？")
        likely = self.model.log_probabilities(before2, before, known[1])
        found = []
        for (char, key, cost, _), gain in zip(known[0], likely, strict=True):
            if bare and char in self.keys:
                cost += bare
            if stopped and char in _STOPS:
                cost += _TWO_STOPS
            found.append((score + gain - cost, before, key, (char, chain), keys, guessed))
        return found

    def _any_trail(self, path: Path, pending: int, best: bool) -> list[Path]:
        """Return the path with each character whose second byte is lost; where the first byte is
        dropped as well, only the best readings are worth it."""
        if pending < 0 and not best:
            return []
        return self._each(path, self._characters(pending, None), guessed=True)

    def _any_lead(self, path: Path, trail: int) -> list[Path]:
        return self._each(path, self._characters(None, trail), guessed=True)

    def _characters(self, lead: int | None, trail: int | None) -> Known:
        """Return the known characters with these bytes; see `halves.characters`."""
        found = self._known.get((lead, trail))
        if found is None:
            of_all = characters(lead, trail, self.traditional)
            found = self._known[lead, trail] = self._on_this_page(of_all)
        return found

    def _vanishing(self, lead: int) -> Known:
        """Return the known characters that end in the first byte of a dropped pair."""
        found = self._vanish_known.get(lead)
        if found is None:
            of_all = before_dropped_pair(lead, self.traditional)
            found = self._vanish_known[lead] = self._on_this_page(of_all)
        return found

    def _on_this_page(self, of_all: Candidates) -> Known:
        here = self.model.tokens & of_all.rare.keys()
        known = [*of_all.everyday, *(one for key in sorted(here) for one in of_all.rare[key])]
        return known, [one[1] for one in known]

    def _put(self, path: Path, char: str, key: str, cost: float) -> Path:
        """Return the path with one character."""
        score, before2, before, chain, keys, guessed = path
        likely = self.model.log_probability(before2, before, key)
        if char in _STOPS and chain and (chain[0] in _STOPS or chain[0] in "!?！？"):
            cost += _TWO_STOPS
        return score + likely - cost, before, key, (char, chain), keys, guessed

    def _add(self, path: Path, char: str, cost: float = 0.0) -> Path:
        """Return the path with any character of the page."""
        key = token(char)
        if key == OTHER:
            cost += _NO_TOKEN  # the model's OTHER is also the end of a line, and common
        elif self.traditional and char in script.simplified_forms():
            cost += SIMPLIFIED
        return self._put(path, char, key, cost)


def _pruned(paths: list[tuple[int | None, Path]], width: int) -> list[tuple[int | None, Path]]:
    """Return the best few of each state, and of these the best of all."""
    if not paths:
        return paths
    least = max(path[0] for _, path in paths) - GAP
    states: dict[tuple, list] = {}
    for entry in paths:
        if entry[1][0] > least:
            states.setdefault((entry[0], *entry[1][1:3]), []).append(entry)
    kept = []
    for group in states.values():
        kept += nlargest(PER_STATE, group, key=_score) if len(group) > PER_STATE else group
    return nlargest(width, kept, key=_score)


def _score(entry: tuple[int | None, Path]) -> float:
    return entry[1][0]


def _readings(
    beam: list[tuple[int | None, Path]], opened: int | None, line_ends: bool
) -> list[Reading]:
    """Return the texts of the paths, best first; quotes that do not pair cost them something."""
    found = []
    for _, (score, _, _, chain, keys, guessed) in beam:
        chars = []
        while chain:
            chars.append(chain[0])
            chain = chain[1]
        text = "".join(reversed(chars))
        if opened is not None:
            level = least = opened
            for char in text:
                level += (char == "“") - (char == "”")
                least = min(least, level)
            if least < min(opened, 0) or (level > 0 and line_ends):
                score -= _UNPAIRED
        found.append(Reading(text, score, keys, guessed))
    return sorted(found, key=lambda reading: -reading.score)
