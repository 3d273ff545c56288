"""Which characters may stand behind a reading, by what the bytes allow and the language expects."""

from math import inf
from operator import itemgetter

from ...lexicon.language import LanguageModel
from .beam import Path
from .halves import Candidate, Candidates, before_dropped_pair, characters

_VANISH_WITHIN = 9.0
"""Nats: a character next to a dropped pair has to be this likely where it stands."""

STOPS = frozenset("，。、；：,;:")
TWO_STOPS = 6.0
"""Nats that two stops in a row cost: readers' reviews, of which the model knows many, write 。。"""

VANISHED = -1
"""Stands for the second byte of a character whose second byte went with a dropped pair."""

Known = tuple[list[Candidate], list[str]]
"""Characters that may stand somewhere, and their tokens once more by themselves."""

Ranked = tuple[float, str, str, int]
"""What a character gains where it stands (nats), its token, itself, and its second byte."""

_gain = itemgetter(0)


class Likeliest:
    """The characters of one page, by their bytes and behind what precedes them; each list is made
    once."""

    def __init__(self, model: LanguageModel, traditional: bool, keys: frozenset[str]):
        self._model, self._traditional, self._keys = model, traditional, keys
        self._known: dict[tuple[int | None, int | None], Known] = {}
        self._vanish_known: dict[int, Known] = {}
        self._rankings: dict[tuple, tuple[list[Ranked], dict[int, int]]] = {}

    def those(
        self, path: Path, lead: int | None, trail: int | None, bare: float, width: int
    ) -> list[Ranked]:
        """Return the known characters with these bytes that may matter behind a path, best first.

        `bare` is what a key costs that carries no pinyin; a `width` of 0 means that all matter. A
        state keeps its best reading. So a character is lost to as many others of other states as
        the search is wide, where all are ahead of it.
        """
        ranked, cuts = self._ranking(path, lead, trail, bare)
        if not 0 < width < len(ranked):
            return ranked
        if width not in cuts:
            states: set = set()
            ahead = -inf
            for gain, key, _, second in ranked:
                if len(states) == width:
                    break
                states.add((key, second) if trail == VANISHED else key)
                ahead = gain
            cuts[width] = sum(one[0] >= ahead for one in ranked)
        return ranked[: cuts[width]]

    def _ranking(self, path: Path, lead: int | None, trail: int | None, bare: float) -> tuple:
        """Return the known characters with these bytes behind a path, best first, and how many of
        them matter to a search, by its width."""
        _, before2, before, _, _, _ = path
        vanished = trail == VANISHED
        stopped = not vanished and is_stopped(path)
        name = before2, before, lead, trail, stopped, bare
        found = self._rankings.get(name)
        if found is None:
            known = self._vanishing(lead) if vanished else self.characters(lead, trail)
            ranked = []
            likely = self._model.log_probabilities(before2, before, known[1])
            for (char, key, cost, second), gain in zip(known[0], likely, strict=True):
                gain -= cost
                if bare and char in self._keys:
                    gain -= bare
                if stopped and char in STOPS:
                    gain -= TWO_STOPS
                ranked.append((gain, key, char, second))
            if vanished:
                ranked = [one for one in ranked if one[0] > -_VANISH_WITHIN]
            ranked.sort(key=_gain, reverse=True)
            found = self._rankings[name] = ranked, {}
        return found

    def characters(self, lead: int | None, trail: int | None) -> Known:
        """Return the known characters with these bytes; see `halves.characters`."""
        found = self._known.get((lead, trail))
        if found is None:
            of_all = characters(lead, trail, self._traditional)
            found = self._known[lead, trail] = self._on_this_page(of_all)
        return found

    def _vanishing(self, lead: int) -> Known:
        """Return the known characters that end in the first byte of a dropped pair."""
        found = self._vanish_known.get(lead)
        if found is None:
            of_all = before_dropped_pair(lead, self._traditional)
            found = self._vanish_known[lead] = self._on_this_page(of_all)
        return found

    def _on_this_page(self, of_all: Candidates) -> Known:
        here = self._model.tokens & of_all.rare.keys()
        known = [*of_all.everyday, *(one for key in sorted(here) for one in of_all.rare[key])]
        return known, [one[1] for one in known]


def is_stopped(path: Path) -> bool:
    """Tell whether a path ends in a stop, so that another one is odd."""
    chain = path[3]
    return bool(chain) and (chain[0] in STOPS or chain[0] in "!?！？")
