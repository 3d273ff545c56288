"""Reading GBK text that is out of step by a byte: a beam search over what the bytes were.

Aligned, each character stands for itself. Shifted, the first byte of the next character is
`pending`, and each character of the page gives the other half of one and the first half of the
next. What was lost on the way (a ? for two bytes, a character dropped as private-use, a byte cut
off at a mark) is tried in every way the damage allows. The damage itself is deterministic, so the
score of a reading is what the language model thinks of its text, less the penalties named below.
These, and the widths of the search, were chosen on a third of the pages of benchmarks/byteshift.py.
"""

import re
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush, merge
from math import inf, nextafter
from operator import itemgetter

from ....text import script
from ...lexicon.language import LanguageModel
from ...lexicon.model_tokens import OTHER, token
from ...lexicon.readings import GLOSS, SWALLOWED, is_reading, normal_form
from .beam import BEAM, CROWD, GAP, Path, Reading, Waiting, crowd_out, crowded, pruned, readings_of
from .gbk import CUT_MARKS, codes, full, half
from .halves import FRESH, SIMPLIFIED, annotated_as, leads_of
from .likeliest import STOPS, TWO_STOPS, VANISHED, Likeliest, is_stopped

_LINE_END = "\n"
_HALF_MARKS = frozenset(half(CUT_MARKS))

FARTHEST = 60
"""Characters after the last suspect within which the text has to be in step again."""

SETTLED = 8
"""Aligned characters read behind a repair at the most, to tell a good reading from a lucky one."""

_STAYS_SWALLOWED, _STAYS_LOST = 12.0, 5.0
"""Nats for taking `?pinyin)`, or a ? before a mark behind odd text, for what somebody wrote."""

_NEW_KEY, _BARE_ELSEWHERE, _KEY_BARE, _BOTH_GONE = 4.0, 9.0, 8.0, 4.0
"""Nats for an annotated character the page does not annotate elsewhere; for one that stands bare
elsewhere; for one that the page always annotates, bare here; and for one with both bytes gone."""

_GAP_IN_NUMBER, _GAP_ALONE = 3.0, 7.0
"""Nats for an ASCII character that is gone, next to others and by itself."""

_NO_TOKEN = 10.0
"""Nats for a character the model does not know."""

_BEST_OF, _VANISH_OF, _VANISH_AGAIN_OF = 4, 2, 6
"""One in so many of the hypotheses, from the best, is searched where nearly any character may
stand; next to a dropped pair; and next to two in a row."""

_VANISH_LEAST = nextafter(-9.0, inf)
"""Nats: a character next to a dropped pair has to be this likely where it stands."""

_ROUNDING = 1e-6
"""Nats by which a difference of sums may be off."""

_OVER_CERTAIN = 1.0
"""Nats by which a probability may be above 1: the model's counts are rounded."""

_HERE = -1
"""Where a search goes on that stays in its place: who is there already does not crowd it out."""

GONE = "\u25a1"
"""Stands for an ASCII character, mostly a digit, that is gone for good: nothing tells which."""


class Realigner:
    """Reads damaged stretches of one page.

    `keys` are the characters annotated on the page, `odd` the places of marks that text out of
    step seems to follow.
    """

    def __init__(
        self, model: LanguageModel, traditional: bool, keys: frozenset[str], odd: frozenset[int]
    ):
        self.model, self.traditional, self.keys, self.odd = model, traditional, keys, odd
        self._likeliest = Likeliest(model, traditional, keys)
        self._width = BEAM
        self._least: dict[int, float] = {}

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
        self._width, self._least = width, {}
        least = self._least
        before = re.sub(GLOSS, "", text[max(0, start - 20) : start])[-2:]
        path: Path = (0.0, *[OTHER] * (2 - len(before)), *map(token, before), None, (), False)
        waiting: Waiting = {start: [(None, path)]}
        limit = min(len(text), suspect_end + FARTHEST)
        at = start
        while at <= limit:
            beam = pruned(waiting.pop(at, []), width)
            if at == len(text) or text[at] == _LINE_END:
                return at, readings_of(pruned(self._at_line_end(beam), width), opened, True)
            if not waiting and beam and all(pending is None for pending, _ in beam):
                agreed = len({path[1:3] for _, path in beam}) == 1
                if (at >= suspect_end and agreed) or at >= suspect_end + SETTLED:
                    return at, readings_of(beam, opened, False)
            rounds = 0
            plain = text[at] in codes() and not half(text[at]).isascii()
            while beam:
                here: list[tuple[int | None, Path]] = []
                behind = -inf
                for rank, (pending, path) in enumerate(beam):
                    for position, after, new in self._steps(
                        text, at, pending, path, rank < width // _BEST_OF
                    ):
                        if position == at:
                            here.append((after, new))
                        else:
                            waiting.setdefault(position, []).append((after, new))
                            if new[0] - GAP > least.get(position, -inf):
                                least[position] = new[0] - GAP
                    crowd_out(waiting, at + 1, width, least)
                    if pending is None or rounds > 1:
                        continue
                    if rank < width // (_VANISH_OF if pending > 0 else _VANISH_AGAIN_OF):
                        worst = behind
                        if plain and least.get(at + 1, -inf) - 2 * _OVER_CERTAIN > worst:
                            worst = least[at + 1] - 2 * _OVER_CERTAIN
                        self._vanish(pending, path, here, worst)
                    if len(here) > CROWD * width:
                        here, behind = crowded(here, width)
                rounds += 1
                beam = pruned(here, width)
            at += 1
        return limit, []

    def _at_line_end(self, beam: list[tuple[int | None, Path]]) -> list[tuple[int | None, Path]]:
        """Return the hypotheses in step; the line end takes a pending byte with it."""
        ended = [[path for pending, path in beam if pending is None]]
        ended += [
            self._cut_off(path, pending)
            for pending, path in beam
            if pending is not None and pending > 0
        ]
        return [(None, (*new[:3], *path[3:])) for path, new in self._followed(ended, "", OTHER)]

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
            steps += [(at + 1, code | 0x80, new) for new in self._made(path, pending, 0xA3, at + 1)]
            if narrow == "?":
                made = self._made(path, pending, 0x80, at + 1)
                steps += [(at + 1, None, new) for new in made]
                following = half(text[at + 1 : at + 2])
                if following in _HALF_MARKS or following in ("", _LINE_END):
                    made = self._any_trail(path, pending, best, at + 1)
                    steps += [(at + 1, None, new) for new in made]
                elif pending > 0:  # an ASCII character went with the byte
                    cost = (
                        _GAP_IN_NUMBER
                        if following.isascii() and following.isalnum()
                        else _GAP_ALONE
                    )
                    least = self._least.get(at + 1, -inf)
                    cut = [self._cut_off(path, pending)]
                    made = self._followed(cut, GONE, "0", cost, least)
                    steps += [(at + 1, None, new) for _, new in made]
            elif narrow in _HALF_MARKS:
                made = self._any_trail(path, pending, best, _HERE)
                steps += [(at, None, new) for new in made]
        elif char in codes():
            lead, trail = codes()[char]
            steps += [(at + 1, trail, new) for new in self._made(path, pending, lead, at + 1)]
        return steps

    def _latin_half(self, text: str, at: int, pending: int, path: Path) -> list:
        """Return the steps that take a letter for a second byte, with its annotation if any."""
        gloss = GLOSS.match(text, at + 1)
        if not gloss:
            made = self._made(path, pending, ord(text[at]), at + 1)
            return [(at + 1, None, new) for new in made]
        return [
            (gloss.end(), None, self._annotated(path, char, gloss[1]))
            for char, *_ in self._likeliest.known(pending, ord(text[at])).candidates
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
            steps += [(at + 2, mark, new) for new in self._any_lead(path, 0xA3, at + 2)]
        if odd:
            mark = codes()[full(char)][1]
            steps += [(at + 1, mark, new) for new in self._any_lead(path, 0xA3, at + 1)]
            if char in "?？" and not lost:
                # Out of step before a mark that hid it: the second byte, 80, gave the ?.
                steps += [(at + 1, None, new) for new in self._any_lead(path, 0x80, at + 1)]
        return steps

    def _vanish(self, pending: int, path: Path, here: list, worst: float) -> None:
        """Add what stands at a dropped pair, and is not worse than the worst: its first byte ends a
        character, its second begins the next."""
        score, _, before, chain, keys, _ = path
        if score + _OVER_CERTAIN < worst:
            return
        bare = _KEY_BARE * (pending < FRESH)
        behind, least = self._likeliest.those(
            path,
            pending,
            VANISHED,
            bare,
            self._width,
            max(_VANISH_LEAST, worst - score - _ROUNDING),
        )
        for gain, key, char, trail in behind:
            if gain < least:
                break
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

    def _made(self, path: Path, pending: int, trail: int, to: int) -> list[Path]:
        """Return the path with each likely character of the pending byte and this trail byte."""
        bare = 0.0 if pending > FRESH else _KEY_BARE
        candidates = self._likeliest.known(pending, trail).candidates
        if len(candidates) > 1:
            return self._each(path, pending, trail, to, bare)
        score, _, before, chain, keys, guessed = path
        for one in candidates:  # mostly two bytes make one character
            score += self._likeliest.gain(path, one, bare)
            if score >= self._least.get(to, -inf):
                return [(score, before, one[1], (one[0], chain), keys, guessed)]
        return []

    def _each(
        self,
        path: Path,
        lead: int | None,
        trail: int | None,
        to: int,
        bare: float = 0.0,
        guessed: bool = False,
    ) -> list[Path]:
        """Return the path with each of the characters; keys among them cost `bare`.

        Left out is what the search would not keep at the place it goes on, `to`.
        """
        score, _, before, chain, keys, before_guessed = path
        guessed = guessed or before_guessed
        least = self._least.get(to, -inf)
        if score + _OVER_CERTAIN < least:
            return []
        behind, matter = self._likeliest.those(
            path, lead, trail, bare, self._width, least - score - _ROUNDING
        )
        found = []
        for gain, key, char, _ in behind:
            if gain < matter or score + gain < least:
                break
            found.append((score + gain, before, key, (char, chain), keys, guessed))
        return found

    def _followed(
        self,
        paths: Iterable[Iterable[Path]],
        char: str,
        key: str,
        cost: float = 0.0,
        least: float = -inf,
    ) -> list[tuple[Path, Path]]:
        """Return the best of the paths, each with itself and one character more. Every group of
        them has its best first.

        Nothing is much more likely than certain: where a path stands so far behind what as many
        others as the search is wide have with the character, it is not kept; nor is what comes out
        below `least`.
        """
        found: list[tuple[Path, Path]] = []
        states: set[str] = set()
        scores: list[float] = []  # of the best states, the least first
        for path in merge(*paths, key=itemgetter(0), reverse=True):
            at_most = path[0] - cost + _OVER_CERTAIN
            if at_most < least or (len(scores) >= self._width and at_most < scores[0]):
                break
            new = self._put(path, char, key, cost)
            if new[0] < least:
                continue
            found.append((path, new))
            if path[2] not in states:
                states.add(path[2])
                heappush(scores, new[0])
                if len(scores) > self._width:
                    heappop(scores)
        return found

    def _cut_off(self, path: Path, pending: int) -> Iterator[Path]:
        """Yield the path with each character whose second byte is lost, the best first."""
        score, _, before, chain, keys, _ = path
        for gain, key, char, _ in self._likeliest.one_by_one(path, pending):
            yield score + gain, before, key, (char, chain), keys, True

    def _any_trail(self, path: Path, pending: int, best: bool, to: int) -> list[Path]:
        """Return the path with each character whose second byte is lost; where the first byte is
        dropped as well, only the best readings are worth it."""
        if pending < 0 and not best:
            return []
        return self._each(path, pending, None, to, guessed=True)

    def _any_lead(self, path: Path, trail: int, to: int) -> list[Path]:
        return self._each(path, None, trail, to, guessed=True)

    def _put(self, path: Path, char: str, key: str, cost: float) -> Path:
        """Return the path with one character."""
        score, before2, before, chain, keys, guessed = path
        likely = self.model.log_probability(before2, before, key)
        if char in STOPS and is_stopped(path):
            cost += TWO_STOPS
        return score + likely - cost, before, key, (char, chain), keys, guessed

    def _add(self, path: Path, char: str, cost: float = 0.0) -> Path:
        """Return the path with any character of the page."""
        key = token(char)
        if key == OTHER:
            cost += _NO_TOKEN  # the model's OTHER is also the end of a line, and common
        elif self.traditional and char in script.simplified_forms():
            cost += SIMPLIFIED
        return self._put(path, char, key, cost)
