"""Characters by the halves of their GBK codes: what a first or a second byte may belong to."""

from collections.abc import Iterable
from functools import cache

from .. import script
from .gbk import codes, is_private, pairs
from .language import MARKS
from .readings import readings

FRESH = 0x100
"""Set on a pending byte that an annotation has just split off: its character carries none of its
own."""

_KNOWN, _EVERYDAY, _COMMON = 50, 500, 20_000
"""Least counts (of the word list's 100 million) of a character where one byte of it is known to be
right, where any of a hundred may stand, and where nearly any may."""

_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
_LEADS = tuple(range(0x81, 0xFF))


@cache
def annotated_as() -> dict[str, list[str]]:
    """Return the characters a conversion tool may have annotated, by pinyin."""
    found: dict[str, list[str]] = {}
    for char in script.traditional_forms():
        if char in codes():
            for pinyin in readings().get(char, ()):
                found.setdefault(pinyin, []).append(char)
    return found


@cache
def dropped_pairs() -> dict[int, tuple[int, ...]]:
    """Return, by first byte, the second bytes that make a private-use pair with it."""
    found: dict[int, list[int]] = {}
    for (lead, trail), char in pairs().items():
        if is_private(char) and 0x81 <= trail <= 0xFE:
            found.setdefault(lead, []).append(trail)
    return {lead: tuple(trails) for lead, trails in found.items()}


@cache
def characters(lead: int | None, trail: int | None) -> tuple[float, list[tuple[str, str, int]]]:
    """Return the marks and characters with these bytes, and how common these have to be."""
    leads = _LEADS if lead is None else leads_of(lead)
    trails = _TRAILS if trail is None else (trail,)
    least = _KNOWN if len(leads) == len(trails) == 1 else _EVERYDAY
    if lead is not None and lead < 0 and trail is None:
        least = _COMMON
    return least, _listed(leads, trails)


@cache
def before_dropped_pair(lead: int) -> tuple[float, list[tuple[str, str, int]]]:
    """Return the same for those that end in the first byte of a dropped pair."""
    leads = leads_of(lead)
    return _KNOWN if len(leads) == 1 else _EVERYDAY, _listed(leads, dropped_pairs())


def _listed(leads: Iterable[int], trails: Iterable[int]) -> list[tuple[str, str, int]]:
    """Return (character, token, second byte) of the marks and characters with these bytes."""
    return [
        (char, char if char in MARKS else script.fold(char), trail)
        for lead in leads
        for trail in trails
        if (char := pairs().get((lead, trail))) and (char in MARKS or "\u4e00" <= char <= "\u9fff")
    ]


def leads_of(pending: int) -> tuple[int, ...]:
    """Return the lead bytes a pending state stands for."""
    return (pending & ~FRESH,) if pending > 0 else dropped_pairs()[-pending]
