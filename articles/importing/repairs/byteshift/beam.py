"""A beam of readings: what is kept of those that are tried, and what they say in the end."""

from dataclasses import dataclass
from heapq import nlargest
from math import inf

BEAM, QUICK, GLANCE, GAP, PER_STATE = 40, 12, 4, 15.0, 5
"""Hypotheses kept at a place, in a quick look, and at a glance; how far behind the best (nats);
readings kept of one state."""

CROWD = 1.25
"""Times the width of the search that may wait at a place before it is seen who stays."""

_UNPAIRED = 4.0
"""Nats a reading loses that closes a quote nobody opened, or leaves one open at the line's end."""

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


Waiting = dict[int, list[tuple[int | None, Path]]]
"""The paths that go on at a place, each with its pending byte."""


def pruned(paths: list[tuple[int | None, Path]], width: int) -> list[tuple[int | None, Path]]:
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


def readings_of(
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


def crowd_out(waiting: Waiting, at: int, width: int, least: dict[int, float]) -> None:
    """Where many wait at a place, drop those that will not be kept there, and note in `least` how
    good a path has to be that comes after them."""
    if len(waiting.get(at, ())) > CROWD * width:
        waiting[at], worst = crowded(waiting[at], width)
        if worst > least.get(at, -inf):
            least[at] = worst


def crowded(
    paths: list[tuple[int | None, Path]], width: int
) -> tuple[list[tuple[int | None, Path]], float]:
    """Return those of many that will be kept, and how good another has to be to be among them."""
    kept = pruned(paths, width)
    return kept, kept[-1][1][0] if len(kept) == width else -inf
