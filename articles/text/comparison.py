"""Two texts side by side: paragraphs aligned, what only one of them has marked inside.

Compared by their folded characters and shown as they are, so that 工會 and 工会 are the same word.
Where paragraphs end does not count either: a mirror that lost all line ends still lines up.

The time grows with the length, not with its square: what the texts share is anchored at stretches
that stand once in each of them, and only the gaps between are compared character by character, by
a bit-parallel algorithm and up to a size.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, zip_longest

from rapidfuzz.distance import Indel

from . import script

ANCHOR = 12
"""Characters of an anchor: shorter ones join places that merely use the same phrase."""

GAP = 100_000_000
"""Pairs of characters at the most of a gap that is compared in itself: 0.1 s and 13 MB."""

ALIKE = 0.3
"""Share of a gap's shorter side that must be equal; below it the texts are told apart as wholes,
because characters that happen to recur (的, 工) make a page of confetti."""

_SAME = {
    **dict.fromkeys("“”「」", '"'),
    # In both scripts, and converted now and then all the same.
    **{"壹": "一", "著": "着", "覆": "复", "瞭": "了"},
}

Block = tuple[int, int, int]  # start in the left text, start in the right text, length


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `own` if the other side has nothing for it."""

    text: str
    own: bool = False


@dataclass(slots=True)
class Row:
    """A paragraph and its counterpart; either side may be empty, or go on from the row above."""

    left: list[Run] = field(default_factory=list)
    right: list[Run] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        return not any(run.own for run in (*self.left, *self.right))


def compare(left: str, right: str, *, exact: bool = False) -> list[Row]:
    """Return two texts, a paragraph a line, as rows that stand beside each other.

    `exact` is for two states of one text, where a curator who changed 工会 to 工會 changed it.
    """
    one, other = _Paragraphs(left, exact=exact), _Paragraphs(right, exact=exact)
    rows = [Row()]
    at_left = at_right = 0
    blocks = _settled(list(_blocks(one.folded, other.folded)), one, other)
    for a, b, size in (*blocks, (len(one.text), len(other.text), 0)):
        _put_gap(rows, one.cut(at_left, a), other.cut(at_right, b), joined=bool(size))
        starts = {place - a for place in one.starts_in(a, a + size)}
        starts |= {place - b for place in other.starts_in(b, b + size)}
        edges = [0, *sorted(starts - {0}), size]
        for begin, end in pairwise(edges):
            if begin == end:
                continue
            fresh = begin in starts and (rows[-1].left or rows[-1].right)
            # A paragraph that began in the gap above goes on here.
            if fresh and not (begin == 0 and _begun(rows[-1], one, other, a, b)):
                rows.append(Row())
            rows[-1].left.append(Run(one.text[a + begin : a + end]))
            rows[-1].right.append(Run(other.text[b + begin : b + end]))
        at_left, at_right = a + size, b + size
    return [row for row in rows if row.left or row.right]


def stretches(one: str, other: str) -> list[Block]:
    """Return the stretches two texts share, character by character and in order."""
    return list(_blocks(one, other))


def _begun(row: Row, one: "_Paragraphs", other: "_Paragraphs", a: int, b: int) -> bool:
    """Tell whether the row holds the beginning of a paragraph that goes on at (a, b)."""
    return bool((row.left and not one.starts_at(a)) or (row.right and not other.starts_at(b)))


def _put_gap(rows: list[Row], left: list[str], right: list[str], *, joined: bool) -> None:
    """Add what stands between two equal stretches: first pieces that go on from the row above.

    Each side is a list of pieces, the first of which is empty where a paragraph begins with the
    gap. `joined` tells that equal text follows, which belongs beside the last piece of each side.
    """
    for side, pieces in (("left", left), ("right", right)):
        if pieces and pieces[0]:
            getattr(rows[-1], side).append(Run(pieces[0], own=True))
    left, right = left[1:], right[1:]
    last = (left.pop(), right.pop()) if joined and left and right else None
    pairs = [*zip_longest(left, right), *([last] if last else [])]
    for mine, yours in pairs:
        row = Row()
        if mine:
            row.left.append(Run(mine, own=True))
        if yours:
            row.right.append(Run(yours, own=True))
        rows.append(row)


class _Paragraphs:
    """A text without its line ends, and where its paragraphs begin."""

    def __init__(self, text: str, *, exact: bool = False):
        lines = [line for line in text.split("\n") if line.strip()]
        self.text = "".join(lines)
        self.folded = self.text if exact else self.text.translate(_folding())
        self.starts = []
        position = 0
        for line in lines:
            self.starts.append(position)
            position += len(line)

    def starts_in(self, start: int, end: int) -> list[int]:
        return self.starts[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def starts_at(self, place: int) -> bool:
        return bool(self.starts_in(place, place + 1))

    def cut(self, start: int, end: int) -> list[str]:
        """Return [start, end) in pieces: what goes on from before, then each paragraph."""
        if start == end:
            return []
        edges = [start, *self.starts_in(start, end), end]
        return [self.text[a:b] for a, b in pairwise(edges)]


@cache
def _folding() -> dict[int, str]:
    """Return a table of characters that count as the same; each stays one character."""
    table = str.maketrans(_SAME)
    for code in range(0xFF01, 0xFF5F):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    return table | {
        code: folded
        for code in range(0x3400, 0xA000)
        if (folded := script.fold(chr(code))) != chr(code) and len(folded) == 1
    }


def _blocks(one: str, other: str) -> Iterator[Block]:
    """Yield the stretches two strings share, in order, neither overlapping nor touching."""
    at_one = at_other = 0
    whole = None
    for block in (*_anchored(one, other), (len(one), len(other), 0)):
        for a, b, size in (*_between(one, other, at_one, at_other, *block[:2]), block):
            if whole and (whole[0] + whole[2], whole[1] + whole[2]) == (a, b):
                whole = (*whole[:2], whole[2] + size)
                continue
            if whole:
                yield whole
            whole = (a, b, size) if size else None
        at_one, at_other = block[0] + block[2], block[1] + block[2]
    if whole:
        yield whole


def _settled(blocks: list[Block], one: "_Paragraphs", other: "_Paragraphs") -> list[Block]:
    """Return the blocks with what was added or left out moved to the beginning of a paragraph.

    「甲。乙。丙。」 against 「甲。丙。」 lacks 「。乙」 as well as 「乙。」, which is meant.
    """
    for at in range(1, len(blocks)):
        (a, b, size), (c, d, following) = blocks[at - 1 : at + 1]
        if a + size == c:
            text, start, end = other, b + size, d
        elif b + size == d:
            text, start, end = one, a + size, c
        else:
            continue
        shift = _shift_to_start(text, start, end, size, following)
        blocks[at - 1] = (a, b, size + shift)
        blocks[at] = (c + shift, d + shift, following - shift)
    return blocks


def _shift_to_start(text: "_Paragraphs", start: int, end: int, before: int, after: int) -> int:
    """Return by how much [start, end) moves to begin with a paragraph and read the same; 0 if not.

    It may eat into the `before` equal characters in front of it and the `after` behind it.
    """
    if text.starts_at(start):
        return 0
    for step, most in ((-1, before), (1, after)):
        for shift in range(step, most * step, step):
            at = shift if step < 0 else shift - 1
            if text.folded[start + at] != text.folded[end + at]:
                break
            if text.starts_at(start + shift):
                return shift
    return 0


def _anchored(one: str, other: str) -> list[Block]:
    """Return blocks round the stretches that stand once in either text (patience diff).

    Of stretches that changed places, those are taken that keep most of the text in order.
    """
    places, others = _unique(one), _unique(other)
    points = [(a, others[key]) for key, a in places.items() if key in others]
    blocks: list[Block] = []
    for a, b in _in_order(points):
        if blocks:
            start_a, start_b, size = blocks[-1]
            if a - start_a == b - start_b and a <= start_a + size:
                blocks[-1] = (start_a, start_b, a + ANCHOR - start_a)
                continue
            overlap = max(0, start_a + size - a, start_b + size - b)
            a, b = a + overlap, b + overlap
            if overlap < ANCHOR:
                blocks.append((a, b, ANCHOR - overlap))
        else:
            blocks.append((a, b, ANCHOR))
    return blocks


def _unique(text: str) -> dict[str, int]:
    """Return the anchors that stand once in the text, and where."""
    found: dict[str, int] = {}
    for at in range(len(text) - ANCHOR + 1):
        key = text[at : at + ANCHOR]
        found[key] = -1 if key in found else at
    return {key: at for key, at in found.items() if at >= 0}


def _in_order(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest choice of points, sorted by their first place, that rises in both."""
    ends: list[int] = []  # lowest second place a choice of that length ends with
    last: list[int] = []  # index of that point
    before = []  # index of the point before each
    for index, (_, b) in enumerate(points):
        at = bisect_left(ends, b)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [b]
        last[at : at + 1] = [index]
    chosen = []
    index = last[-1] if last else -1
    while index >= 0:
        chosen.append(points[index])
        index = before[index]
    return chosen[::-1]


def _between(one: str, other: str, a: int, b: int, end_a: int, end_b: int) -> list[Block]:
    """Return the blocks inside a gap; none where it is too large, or hardly alike."""
    shorter = min(end_a - a, end_b - b)
    if not shorter or (end_a - a) * (end_b - b) > GAP:
        return []
    found = [
        (a + op.src_start, b + op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(one[a:end_a], other[b:end_b])
        if op.tag == "equal"
    ]
    # A single character that both happen to have, amid changes, only cuts them up.
    kept = [
        (x, y, size)
        for x, y, size in found
        if size > 1 or x == a or y == b or x + size == end_a or y + size == end_b
    ]
    return kept if sum(size for _, _, size in kept) >= ALIKE * shorter else []
