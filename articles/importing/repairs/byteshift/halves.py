"""Characters by the halves of their GBK codes: what a first or a second byte may belong to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf

from ....text import script
from ....text.pinyin_table import readings
from ...lexicon.language import unseen, word_count
from ...lexicon.model_tokens import MARKS, token
from .gbk import CUT_MARKS, codes, is_private, pairs

FRESH = 0x100
"""Set on a pending byte that an annotation has just split off: its character carries none of its
own."""

_KNOWN, _EVERYDAY, _COMMON = 50, 500, 20_000
"""Least counts (of the word list's 100 million) of a character where one byte of it is known to be
right, where any of a hundred may stand, and where nearly any may."""

SIMPLIFIED, _CUT_MARK = 5.0, 1.0
"""Nats for a simplified character on a traditional page, and for a mark at which bytes were cut."""

_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
_LEADS = tuple(range(0x81, 0xFF))


@cache
def annotated_as() -> dict[str, list[str]]:
    """Return the characters a conversion tool may have annotated, by pinyin: of two forms of one,
    which the language model cannot tell apart, the one that conversion gives comes first."""
    found: dict[str, list[str]] = {}
    for char in sorted(script.traditional_forms(), key=lambda one: (_is_second(one), one)):
        if char in codes():
            for pinyin in readings(char):
                found.setdefault(pinyin, []).append(char)
    return found


def _is_second(char: str) -> bool:
    return script.traditional(script.fold(char)) != char


@cache
def dropped_pairs() -> dict[int, tuple[int, ...]]:
    """Return, by first byte, the second bytes that make a private-use pair with it."""
    found: dict[int, list[int]] = {}
    for (lead, trail), char in pairs().items():
        if is_private(char) and 0x81 <= trail <= 0xFE:
            found.setdefault(lead, []).append(trail)
    return {lead: tuple(trails) for lead, trails in found.items()}


Candidate = tuple[str, str, float, int]
"""A character, its token, its cost in nats and its second byte."""


@dataclass(frozen=True)
class Candidates:
    """The characters that may stand somewhere: everyday ones, and by their tokens those that have
    to stand elsewhere on the page too."""

    everyday: list[Candidate]
    rare: dict[str, list[Candidate]]

    @cached_property
    def by_token(self) -> dict[str, list[int]]:
        """The places of the everyday ones, by their tokens."""
        found: dict[str, list[int]] = {}
        for place, (_, key, _, _) in enumerate(self.everyday):
            found.setdefault(key, []).append(place)
        return found

    def by_bound(self, share: float) -> list[tuple[float, int]]:
        """Return less what each of the everyday ones gains at the most where nothing is known of
        it but how common it is, and its place, the likeliest first."""
        found = self._bounds.get(share)
        if found is None:
            found = self._bounds[share] = sorted(
                (cost - unseen(key, share), place)
                for place, (_, key, cost, _) in enumerate(self.everyday)
            )
        return found

    @cached_property
    def _bounds(self) -> dict[float, list[tuple[float, int]]]:
        return {}


@cache
def characters(lead: int | None, trail: int | None, traditional: bool) -> Candidates:
    """Return the marks and characters with these bytes.

    None stands for any byte, a negative lead for those that make a dropped pair.
    """
    leads = _LEADS if lead is None else leads_of(lead)
    trails = _TRAILS if trail is None else (trail,)
    least = _KNOWN if len(leads) == len(trails) == 1 else _EVERYDAY
    if lead is not None and lead < 0 and trail is None:
        least = _COMMON
    return _candidates(leads, trails, least, traditional)


@cache
def before_dropped_pair(lead: int, traditional: bool) -> Candidates:
    """Return the marks and characters that end in the first byte of a dropped pair."""
    leads = leads_of(lead)
    least = _KNOWN if len(leads) == 1 else _EVERYDAY
    return _candidates(leads, dropped_pairs(), least, traditional)


def _candidates(
    leads: Iterable[int], trails: Iterable[int], least: float, traditional: bool
) -> Candidates:
    found = Candidates([], {})
    trails = tuple(trails)
    for lead in leads:
        row = _row(lead, traditional)
        for trail in trails:
            if trail not in row:
                continue
            one, count = row[trail]
            if count >= least:
                found.everyday.append(one)
            else:
                found.rare.setdefault(one[1], []).append(one)
    return found


@cache
def _row(lead: int, traditional: bool) -> dict[int, tuple[Candidate, float]]:
    """Return the marks and characters of a first byte, by their second, and how common they are."""
    wrong = script.simplified_forms() if traditional else frozenset()
    row: dict[int, tuple[Candidate, float]] = {}
    for trail in _TRAILS:
        char = pairs().get((lead, trail), "")
        if "\u4e00" <= char <= "\u9fff":
            key = token(char)
            row[trail] = (char, key, SIMPLIFIED * (char in wrong), trail), word_count(key)
        elif char and char in MARKS:
            row[trail] = (char, char, _CUT_MARK * (char in CUT_MARKS), trail), inf
    return row


def leads_of(pending: int) -> tuple[int, ...]:
    """Return the lead bytes a pending state stands for."""
    return (pending & ~FRESH,) if pending > 0 else dropped_pairs()[-pending]
