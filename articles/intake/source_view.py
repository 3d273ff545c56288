"""Source and clean text side by side: cut into rows, every edit and flag in its place.

What is shown is bounded, whatever the size of the text: long stretches without a mark are folded,
and marks are shown a page at a time.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from ..importing.edits import RESTORING

MARKS_A_PAGE, _PIECES_A_PAGE = 200, 1000
"""Marks shown on a page, and pieces of text, where most marks are filtered away."""

_FOLDED_FROM, _KEPT, _LONGEST_SHOWN = 240, 60, 3000
"""Characters: of a stretch that is folded, of its ends that stay for context, and of what a fold or
an edit shows (5,000 edits in a megabyte must not make a page of megabytes)."""

_ROW = 160
"""Characters after which a row ends at the next full stop, so that both sides stay level."""

REVIEWED = "~"
"""Behind a kind: its certain edits, once a curator has looked them through."""

_SIGNS = str.maketrans({"\r": "␍", "\t": "⇥", " ": "␣", "\u3000": "□", "\u00a0": "⍽"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: as it came, as it is now, and the edit or flag it belongs to."""

    before: str
    after: str
    edit: dict | None = None  # as stored, or one that was undone
    undone: bool = False
    flag: int | None = None  # number among the flags
    opens: tuple[int, ...] = ()  # numbers of the flags whose place begins here
    reviewed: bool = False  # its kind was looked through, and it was certain

    @property
    def group(self) -> str:
        """Return what it is filtered by: its kind, apart where that was looked through."""
        return f"{self.edit['kind']}{REVIEWED if self.reviewed else ''}"

    @property
    def place(self) -> str:
        """Return what names the mark on its page, before and after a decision on it."""
        return f"{self.edit['start']}-{self.edit['end']}"

    @property
    def change(self) -> str:
        """Return what happened here, as the style sheet calls it."""
        if self.edit is None:
            return ""
        if self.undone:
            return "undone"
        if self.edit["kind"] in RESTORING:
            return "restored"
        if not self.after:
            return "removed"
        return "replaced" if self.before else "added"


@dataclass(slots=True)
class Row:
    """A stretch both sides show level: its pieces, or a fold of text without a mark."""

    pieces: list[Piece] = field(default_factory=list)
    fold: str = ""
    ends_line: bool = False

    @property
    def fold_text(self) -> str:
        return shortened(self.fold, _LONGEST_SHOWN)


def shortened(text: str, longest: int) -> str:
    """Return a long text's two ends: a body pasted twice is one edit of thousands of characters."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n……\n{text[-half:]}"


def visible(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Return text with signs for what nobody sees: a space or line end that went or came."""
    text = shortened(text, longest)
    if not text.strip("\u200b\u200c\u200d\u2060\ufeff\u00ad \t\r\n\u3000\u00a0"):
        text = text.translate(_SIGNS)
    text = re.sub("[\u200b-\u200f\u2060\ufeff\u00ad]", "·", text)
    return re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f]", "\N{REPLACEMENT CHARACTER}", text.replace("\n", "↵\n")
    )


def pieces(
    text: str,
    edits: Sequence[dict],
    flags: Sequence[dict],
    undone: Sequence[dict] = (),
    reviewed: Container[str] = (),
) -> Iterator[Piece]:
    """Yield the whole text, cut at its edits, at undone edits and at the ends of its flags.

    Each flag in the text begins at one piece, also where others cover it or it has no length: then
    it is shown at the character behind it. `reviewed` are the kinds whose certain edits were
    looked through.
    """
    marks = sorted(
        [(edit["start"], edit["end"], False, edit) for edit in edits]
        + [(edit["start"], edit["end"], True, edit) for edit in undone],
        key=lambda mark: mark[:3],
    )
    last = max(len(text) - 1, 0)
    spans = sorted(
        (low, max(flag["end"], low + 1), number)
        for number, flag in enumerate(flags)
        for low in [min(flag["start"], last)]
        if flag["end"]
    )
    borders = sorted({place for start, end, _ in spans for place in (start, end)})
    first = opened = border = position = 0

    def flag_over(start: int, end: int) -> int | None:
        nonlocal first
        while first < len(spans) and spans[first][1] <= start and spans[first][1] < end:
            first += 1
        for low, high, number in spans[first:]:
            if low >= max(end, start + 1):
                break
            if high > start:
                return number
        return None

    def opening(stop: int) -> tuple[int, ...]:
        nonlocal opened
        begin = opened
        while opened < len(spans) and spans[opened][0] < stop:
            opened += 1
        return tuple(number for _low, _high, number in spans[begin:opened])

    def made(start: int, end: int, **edit) -> Piece:
        number, opens = flag_over(start, end), opening(max(end, start + 1))
        before = text[start:end]
        after = edit["edit"]["after"] if edit and not edit["undone"] else before
        return Piece(before, after, flag=number, opens=opens, **edit)

    for start, end, is_undone, edit in [*marks, (len(text), len(text), False, None)]:
        if start < position:
            continue  # an undone edit where another stands now
        while position < start:
            while border < len(borders) and borders[border] <= position:
                border += 1
            stop = min(start, borders[border]) if border < len(borders) else start
            yield made(position, stop)
            position = stop
        if edit is not None:
            seen = not is_undone and edit["certain"] and edit["kind"] in reviewed
            yield made(start, end, edit=edit, undone=is_undone, reviewed=seen)
            position = end


def rows(parts: Sequence[Piece], at_start: bool = True, at_end: bool = True) -> Iterator[Row]:
    """Yield pieces as rows: a row ends with its line, a long one at a full stop."""
    row, length = Row(), 0
    for number, part in enumerate(parts):
        if part.edit is not None or part.flag is not None:
            row.pieces.append(part)
            length += len(part.before)
            if "\n" in part.after and part.edit is not None:
                row.ends_line = True
                yield row
                row, length = Row(), 0
            continue
        first, last = number == 0 and at_start, number == len(parts) - 1 and at_end
        for text, fold in _folded(part.before, first, last):
            if fold:
                if row.pieces:
                    yield row
                yield Row(fold=text)
                row, length = Row(), 0
                continue
            for bit in re.findall(r"[^\n。！？]*[\n。！？]?[”』」）]?", text):
                if not bit:
                    continue
                row.pieces.append(Piece(bit, bit))
                length += len(bit)
                if bit.endswith("\n") or (length >= _ROW and bit[-1] in "。！？”』」）"):
                    row.ends_line = bit.endswith("\n")
                    yield row
                    row, length = Row(), 0
    if row.pieces:
        yield row


def _folded(text: str, first: bool, last: bool) -> Iterator[tuple[str, bool]]:
    """Yield an unmarked stretch with its middle folded away; whole where that saves little."""
    if len(text) < _FOLDED_FROM:
        yield text, False
        return
    head = 0 if first else _KEPT
    tail = len(text) if last else len(text) - _KEPT
    if head:
        yield text[:head], False
    yield text[head:tail], True
    if tail < len(text):
        yield text[tail:], False


def pages(parts: Sequence[Piece], hidden: Container[str]) -> list[tuple[int, int]]:
    """Return which pieces stand on each page: so many marks a page, hidden groups not counted."""
    found, begin, marks = [], 0, 0
    for number, part in enumerate(parts):
        if number - begin == _PIECES_A_PAGE:
            found.append((begin, number))
            begin, marks = number, 0
        if part.opens or (part.edit is not None and part.group not in hidden):
            if marks == MARKS_A_PAGE:
                found.append((begin, number))
                begin, marks = number, 0
            marks += 1
    return [*found, (begin, len(parts))]
