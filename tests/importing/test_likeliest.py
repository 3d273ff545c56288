"""Which characters are ranked behind a reading: as many as matter, and those as if all had been."""

from itertools import product
from math import inf

import pytest

from articles.importing.lexicon.language import LanguageModel, _Followers, _parts
from articles.importing.lexicon.model_tokens import token
from articles.importing.repairs.byteshift.gbk import codes
from articles.importing.repairs.byteshift.halves import annotated_as, dropped_pairs
from articles.importing.repairs.byteshift.likeliest import (
    STOPS,
    TWO_STOPS,
    VANISHED,
    Likeliest,
    is_stopped,
)
from articles.importing.repairs.byteshift.step import _before

from ..support.scoring import texts

KEYS = frozenset("會務實職")
_KEYS = dict.fromkeys(map(token, "工會的一務，。")).keys()
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


@pytest.mark.parametrize("size", [0, 3000])
def test_what_two_tokens_say_is_the_same_where_they_share_it_with_others(size):
    """Tokens that nobody wrote together share what the second says: as if each had its own."""
    model = LanguageModel(_page(size))
    chars = [*map(token, "工會的一，。7x龘")]
    for before2, before in product(map(token, "工的，龘會a"), repeat=2):
        shared = model.log_probabilities(model.context(before2, before), chars)
        own = model._made(before2, before)
        assert shared == model.log_probabilities(own, chars)
        assert model.seen(model.context(before2, before), _KEYS) == model.seen(own, _KEYS)


@pytest.mark.parametrize(("part", "head"), [(1, 1), (2, 2), (4, 1), (5, 2)])
def test_what_follows_is_read_as_the_file_has_it(part, head):
    followers = _Followers(part, head)
    lines = _parts()[part].split("\n")
    for line in (lines[0], *lines[1::97], lines[-1]):
        assert "".join(followers.of(line[:head])) == line[head::2]
    assert followers.of("#" * (3 - head)) == followers.of("") == followers.of("\n" * head) == {}


def test_the_two_characters_before_a_place_keep_to_its_line_and_take_their_pinyin_along():
    for text, first in [("", 0), ("工", 0), ("工會的", 1), ("工會\n的", 3), ("工會\n", 3)]:
        assert _before(text, len(text)) == first
        assert _before("前文" * 40 + "\n" + text, 81 + len(text)) == 81 + first
    assert _before("工會(huì)的", 8) == 1
    assert _before("工會(x)的", 6) == 4


def test_of_two_forms_of_one_character_that_of_conversion_comes_first_in_every_process():
    [two] = [some for some in annotated_as().values() if {"殻", "殼"} <= set(some)]
    assert two.index("殼") < two.index("殻")
