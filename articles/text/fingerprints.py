"""How alike two texts are, and the fingerprints by which like texts are found among very many.

The letters of a text, folded to simplified, are read in overlapping shingles. Two texts are alike
as far as they share shingles; which shingles are kept as fingerprints is decided by their hash,
so that two texts keep the same ones of those they share (one permutation hashing: Li, Owen and
Zhang, NIPS 2012, after Broder's MinHash, 1997).

Own code, not a library's: fingerprints are stored, so the same text has to give the same ones for
years. rensa, the light library for this (MIT, no dependencies), gave three different signatures
for one text in 0.3.1, 0.4.1 and 0.5.0; datasketch brings numpy and scipy.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from zlib import crc32

from . import script

SHINGLE = 8
"""Letters in a shingle. Shorter ones stand in unrelated essays (工会组织), longer ones break at
every character a mirror damaged."""

BINS = 32
"""Fingerprints of a text at the most: one for each bin the shingles are dealt into. Two texts that
share a third of their shingles share about ten, and fewer than two once in 25,000 times."""

SHARED = 2
"""Fingerprints two texts share at the least before they are compared; essays on one subject now
and then share one."""

LEAST = 60
"""Letters below which a text has no fingerprints: a line such as 特此通知 stands in thousands."""

MOST = 300_000
"""Letters that are read of a text. The longest books of the library are shorter; a hostile file
is not."""

NEAR = 0.6
"""Share of the shorter text's shingles that stand in the other, from which on the two are near
duplicates. Measured by `benchmarks/near_duplicates.py`: a third of an essay, converted and with
one character in a hundred wrong, keeps 0.8 (of a text of 300 characters 0.6); essays that quote
the same two articles of law have 0.25, notices of different events written on one form 0.3."""

_SPREAD = 0x9E3779B1  # Knuth's multiplier: the low bits of a CRC alone are not random enough
_NONE = 1 << 32  # above every checksum
_LIKELY = 8  # checksums of a bin that are looked at: all that are higher in one of 100 texts
_WIDTH = 4 * SHINGLE  # bytes of a shingle in UTF-32
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_LETTERS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, from 0 to 1."""

    jaccard: float  # shingles in both, of those in either
    containment: float  # shingles in both, of the shorter text's

    @property
    def near(self) -> bool:
        """Tell whether the two are near duplicates: one is most of the other, or a piece of it.

        Containment alone decides: where the Jaccard index is high, containment is higher, and a
        text cut to a third has a Jaccard index of a third at best.
        """
        return self.containment >= NEAR


def letters(text: str) -> str:
    """Return what is compared: the Chinese characters, simplified.

    No digit, mark or Latin letter, because pinyin left in the text (工会huì) would cut it to
    pieces. A text that is hardly Chinese is compared by all its letters.
    """
    han = "".join(_HAN.findall(text))
    if len(han) * 4 < len(text):
        han = "".join(_LETTERS.findall(text)).lower()
    return script.fold(han[:MOST])


def shingles(text: str) -> frozenset[int]:
    """Return the shingles of a text, as numbers that hold in this process only."""
    data = letters(text)
    return frozenset([hash(data[at : at + SHINGLE]) for at in range(len(data) - SHINGLE + 1)])


def fingerprints(text: str) -> list[int]:
    """Return the text's fingerprints: 64-bit signed numbers, one a bin, fewer for a short text.

    Of each bin the shingle with the lowest checksum is kept. The bin is a part of the checksum:
    one shingle never stands in two bins.
    """
    data = letters(text).encode("utf-32-le")
    if len(data) < 4 * LEAST:
        return []
    all_of_it = range(0, len(data) - _WIDTH + 4, 4)
    spreads = [crc32(data[at : at + _WIDTH]) * _SPREAD & 0xFFFFFFFF for at in all_of_it]
    kept = _lowest(spreads, _LIKELY * _NONE * BINS // len(spreads))
    if len(kept) < BINS:  # a short text, or one that chance has dealt badly
        kept = _lowest(spreads, _NONE)
    return sorted(
        int.from_bytes(
            blake2b(data[4 * at : 4 * at + _WIDTH], digest_size=8).digest(), "big", signed=True
        )
        for _, at in kept.values()
    )


def _lowest(spreads: list[int], most: int) -> dict[int, tuple[int, int]]:
    """Return by its bin the lowest checksum below `most`, with its place."""
    kept: dict[int, tuple[int, int]] = {}
    for at, spread in enumerate(spreads):
        if spread < most:
            bin_ = spread % BINS
            if bin_ not in kept or spread < kept[bin_][0]:
                kept[bin_] = spread, at
    return kept


def likeness(one: frozenset[int], other: frozenset[int]) -> Likeness:
    """Compare two texts by their shingles."""
    both = len(one & other)
    shorter, either = min(len(one), len(other)), len(one) + len(other) - both
    return Likeness(both / either, both / shorter) if both else Likeness(0, 0)
