"""Which characters are ranked behind a reading: as many as matter, and those as if all had been."""

from math import inf

import pytest

from articles.importing.lexicon.language import LanguageModel, token
from articles.importing.repairs.byteshift.gbk import codes
from articles.importing.repairs.byteshift.halves import dropped_pairs
from articles.importing.repairs.byteshift.likeliest import (
    STOPS,
    TWO_STOPS,
    VANISHED,
    Likeliest,
    is_stopped,
)

from ..support.scoring import texts

KEYS = frozenset("會務實職")
_DROPPED = -next(iter(dropped_pairs()))
BYTES = [
    *((codes()[char][0], None) for char in "會務的一專"),
    *((None, codes()[char][1]) for char in "會務，。"),
    (_DROPPED, None),
    (_DROPPED, codes()["務"][1]),
    (_DROPPED, VANISHED),
    (codes()["會"][0], VANISHED),
]


def _page(size: int) -> str:
    return "\n".join(texts("union"))[:size]


def _path(before: str):
    chain = (before[-1], None)
    return 0.0, *map(token, before), chain, (), False


def _all_ranked(model, known, path, bare, vanished):
    """Return what each of the characters gains, best first, and its state."""
    stopped = not vanished and is_stopped(path)
    likely = model.log_probabilities(model.context(*path[1:3]), [one[1] for one in known])
    found = []
    for (char, key, cost, second), gain in zip(known, likely, strict=True):
        gain -= cost + bare * (char in KEYS) + TWO_STOPS * (stopped and char in STOPS)
        found.append((gain, key, char, second))
    return sorted(found, key=lambda one: -one[0])


@pytest.mark.parametrize("size", [0, 60, 3000])
@pytest.mark.parametrize(("lead", "trail"), BYTES)
def test_no_character_that_matters_is_left_out(size, lead, trail):
    model = LanguageModel(_page(size))
    likeliest = Likeliest(model, True, KEYS)
    vanished = trail == VANISHED
    for before in ("工會", "他，", "的一", "職工", "鶎溧"):
        path = _path(before)
        for bare in (0.0, 8.0):
            known = likeliest.known(lead, trail).candidates
            every = _all_ranked(model, known, path, bare, vanished)
            for width, least in ((4, -inf), (12, -9.0), (40, -inf), (40, -6.0), (10_000, -inf)):
                ranked, matter = likeliest.those(path, lead, trail, bare, width, least)
                states, needed = set(), []
                for one in every:
                    state = (one[1], one[3]) if vanished else one[1]
                    if one[0] < least or (len(states) == width and one[0] < needed[-1][0]):
                        break
                    if len(states) < width or one[0] == needed[-1][0]:
                        states.add(state)
                        needed.append(one)
                kept = [one for one in ranked if one[0] >= matter]
                assert [one[1:] for one in kept] == [one[1:] for one in needed]
                assert [one[0] for one in kept] == pytest.approx([one[0] for one in needed])


@pytest.mark.parametrize("size", [0, 3000])
def test_one_by_one_all_come_and_the_best_first(size):
    model = LanguageModel(_page(size))
    likeliest = Likeliest(model, True, KEYS)
    lead = codes()["會"][0]
    known = likeliest.known(lead, None).candidates
    every = _all_ranked(model, known, _path("工會"), 0.0, False)
    found = list(likeliest.one_by_one(_path("工會"), lead))
    assert [one[1:] for one in found] == [one[1:] for one in every]
