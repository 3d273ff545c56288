"""Which characters may stand behind a reading, by what the bytes allow and the language expects."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property
from heapq import merge
from itertools import chain, islice
from math import inf

from ...lexicon.language import LanguageModel, OnPage
from .beam import Path
from .halves import Candidate, Candidates, before_dropped_pair, characters

STOPS = frozenset("，。、；：,;:")
TWO_STOPS = 6.0
"""Nats that two stops in a row cost: readers' reviews, of which the model knows many, write 。。"""

VANISHED = -1
"""Stands for the second byte of a character whose second byte went with a dropped pair."""

_FEW, _AT_ONCE = 12, 8
"""Characters of which each is looked at, for to tell which may matter would cost more; and how many
of others are looked at together."""

Ranked = tuple[float, str, str, int]
"""What a character gains where it stands (nats), its token, itself, and its second byte."""


class Known:
    """The characters that may stand somewhere on a page, and what each gains at the most where the
    language model has not seen it behind what precedes."""

    def __init__(self, of_all: Candidates, model: LanguageModel):
        here = sorted(model.tokens & of_all.rare.keys())
        self._of_all, self._model = of_all, model
        self._rare = {key: of_all.rare[key] for key in here}
        self._bounds: list[tuple[float, int]] = []
        self.candidates: list[Candidate] = of_all.everyday
        if here:
            self.candidates = [*of_all.everyday, *chain.from_iterable(self._rare.values())]

    @cached_property
    def by_token(self) -> dict[str, list[int]]:
        """The places of the characters of each token."""
        found = self._of_all.by_token
        if self._rare:
            found, place = found.copy(), len(self._of_all.everyday)
            for key, some in self._rare.items():
                found[key] = [*found.get(key, ()), *range(place, place + len(some))]
                place += len(some)
        return found

    def by_bound(self, number: int) -> list[tuple[float, int]]:
        """Return less what each gains unseen at the most, and its place, the likeliest first: so
        many at least, where there are. What stands on the page is there twice: the second time, as
        if it did not."""
        bounds = self._bounds
        if len(bounds) < number:
            bounds += islice(self._merged, max(number - len(bounds), _AT_ONCE))
        return bounds

    @cached_property
    def _merged(self) -> Iterator[tuple[float, int]]:
        by_token, model = self.by_token, self._model
        own = []
        for key in by_token.keys() & model.tokens:
            unseen = model.unseen(key)
            for place in by_token[key]:
                own.append((self.candidates[place][2] - unseen, place))
        return merge(self._of_all.by_bound(model.share), sorted(own))


class _Ranking:
    """Characters by what they gain behind two tokens, as far down as somebody has asked.

    Of a thousand some dozens matter. Looked at are those that the language model has seen there,
    and of the others the likeliest, until none that is left can be among those that matter.
    """

    __slots__ = ("_context", "_costs", "_done", "_firsts", "_known", "_left", "_model", "_most")
    __slots__ += ("_next", "_states", "ranked")

    def __init__(
        self,
        model: LanguageModel,
        known: Known,
        context: OnPage,
        costs: tuple[bool, float, frozenset[str]],
        vanished: bool,
    ):
        self._model, self._known, self._context, self._costs = model, known, context, costs
        self.ranked: list[Ranked] = []
        self._firsts: list[float] = []  # what the best of each state gains, the best state first
        self._states: tuple[set, bool] = set(), vanished
        self._left: list[tuple[float, int]] = []  # less gain, and place: what may yet come is ahead
        if len(known.candidates) <= _FEW:
            self._most = -inf  # what those may gain that were not looked at
            self._look_at(range(len(known.candidates)))
        else:
            by_token = known.by_token
            seen = model.seen(context, by_token.keys())
            self._done = {place for key in seen for place in by_token[key]}
            self._next = 0  # of those by their bounds
            self._most = -known.by_bound(1)[0][0]
            self._look_at(self._done)

    def down_to(self, least: float, width: int) -> float:
        """Rank those that gain as much, and no more of them than fill a search of that width;
        return what those gain at the least that matter."""
        while True:
            if width <= len(self._firsts):
                least = max(least, self._firsts[width - 1])
            if self._most < least or self._most == -inf:
                return least
            self._look_further(least)

    def reaches(self, number: int) -> bool:
        """Rank one more than so many; tell whether there are."""
        while len(self.ranked) <= number:
            if self._most == -inf:
                return False
            self._look_further(-inf)
        return True

    def _look_further(self, least: float) -> None:
        """Look at some more that may gain as much."""
        start, done = self._next, self._done
        by_bound = self._known.by_bound(start + _AT_ONCE + 1)
        most = min(start + _AT_ONCE, len(by_bound))
        end = bisect_right(by_bound, (-least, inf), start, most)
        self._next = end
        self._most = -by_bound[end][0] if end < len(by_bound) else -inf
        some = {place for _, place in by_bound[start:end]} - done
        done |= some
        self._look_at(some)

    def _look_at(self, places: Collection[int]) -> None:
        """Ask the model, and rank what none that is left can be ahead of."""
        candidates, (stopped, bare, keys) = self._known.candidates, self._costs
        asked = [candidates[place][1] for place in places]
        likely = self._model.log_probabilities(self._context, asked)
        left = self._left
        for place, gain in zip(places, likely, strict=True):
            char, _, cost, _ = candidates[place]
            gain -= cost
            if bare and char in keys:
                gain -= bare
            if stopped and char in STOPS:
                gain -= TWO_STOPS
            left.append((-gain, place))
        left.sort()
        certain = bisect_left(left, (-self._most,))
        states, vanished = self._states
        for loss, place in left[:certain]:
            char, key, _, second = candidates[place]
            self.ranked.append((-loss, key, char, second))
            state = (key, second) if vanished else key
            if state not in states:
                states.add(state)
                self._firsts.append(-loss)
        del left[:certain]


class Likeliest:
    """The characters of one page, by their bytes and behind what precedes them; each list is made
    once."""

    def __init__(self, model: LanguageModel, traditional: bool, keys: frozenset[str]):
        self._model, self._traditional, self._keys = model, traditional, keys
        self._known: dict[tuple[int | None, int | None], Known] = {}
        self._rankings: dict[tuple, _Ranking] = {}

    def gain(self, path: Path, candidate: Candidate, bare: float) -> float:
        """Return what one character gains behind a path; `bare` is what a key costs."""
        char, key, cost, _ = candidate
        gain = self._model.log_probability(path[1], path[2], key) - cost
        if bare and char in self._keys:
            gain -= bare
        if char in STOPS and is_stopped(path):
            gain -= TWO_STOPS
        return gain

    def those(
        self, path: Path, lead: int | None, trail: int | None, bare: float, width: int, least: float
    ) -> tuple[list[Ranked], float]:
        """Return the known characters with these bytes behind a path, best first, as far down as
        they matter and perhaps farther, and what those gain at the least that matter.

        `bare` is what a key costs that carries no pinyin; what gains less than `least` does not
        matter. A state keeps its best reading. So a character is lost to as many others of other
        states as the search is wide, where all are ahead of it.
        """
        ranking = self._ranking(path, lead, trail, bare)
        least = ranking.down_to(least, width)
        return ranking.ranked, least

    def one_by_one(self, path: Path, lead: int) -> Iterator[Ranked]:
        """Yield the known characters with this first byte behind a path, best first."""
        ranking, number = self._ranking(path, lead, None, 0.0), 0
        while ranking.reaches(number):
            yield ranking.ranked[number]
            number += 1

    def _ranking(self, path: Path, lead: int | None, trail: int | None, bare: float) -> _Ranking:
        _, before2, before, _, _, _ = path
        vanished = trail == VANISHED
        stopped = not vanished and is_stopped(path)
        context = self._model.context(before2, before)
        name = context, lead, trail, stopped, bare
        found = self._rankings.get(name)
        if found is None:
            costs = stopped, bare, self._keys
            known = self.known(lead, trail)
            found = _Ranking(self._model, known, context, costs, vanished)
            self._rankings[name] = found
        return found

    def known(self, lead: int | None, trail: int | None) -> Known:
        """Return the known characters with these bytes; see `halves.characters`. VANISHED: those
        that end in the first byte of a dropped pair."""
        found = self._known.get((lead, trail))
        if found is None:
            if trail == VANISHED:
                of_all = before_dropped_pair(lead, self._traditional)
            else:
                of_all = characters(lead, trail, self._traditional)
            found = self._known[lead, trail] = Known(of_all, self._model)
        return found


def is_stopped(path: Path) -> bool:
    """Tell whether a path ends in a stop, so that another one is odd."""
    last = path[3]
    return bool(last) and (last[0] in STOPS or last[0] in "!?！？")
