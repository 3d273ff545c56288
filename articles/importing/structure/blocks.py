"""Blocks of the body, from the clean text and the marks that were carried over to it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ..draft import Block
from ..edits import Record
from ..source import OBJECT, Mark
from .outline import guessed

_OF_LINES = {"caption": 0, "heading": 1, "quote": 2, "item": 3, "table": 4}
"""What gives a line its kind; where several do, the last decides: a list in a quote is a list."""

_LONGEST_BEFORE_TITLE = 60
"""Characters of a line above the title: a site's name, a column's; no paragraph."""


def carried(record: Record, marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks with their places in the record's text, without those deleted there."""
    marks = list(marks)
    if not marks:
        return []
    places = record.spans_in_text((mark.start, mark.end) for mark in marks)
    return [
        replace(mark, start=start, end=end)
        for mark, (start, end) in zip(marks, places, strict=True)
        if start < end or mark.kind == "cell"
    ]


@dataclass(slots=True)
class _Line:
    """A line of the clean text without the white space at its margins."""

    number: int
    start: int
    end: int
    mark: Mark | None = None  # what gives it its kind
    inline: list[Mark] = field(default_factory=list)


class Structure:
    """The lines of a clean text and what their marks say of them."""

    def __init__(self, text: str, marks: Iterable[Mark] = ()):
        self.text = text
        self.lines: list[_Line] = []
        self._starts: list[int] = []  # of whole lines: a cell may begin with its indent
        start = 0
        for number, line in enumerate(text.split("\n")):
            self._starts.append(start)
            left = len(line) - len(line.lstrip())
            self.lines.append(
                _Line(number, start + left, max(start + left, start + len(line.rstrip())))
            )
            start += len(line) + 1
        self.cells: dict[int, list[Mark]] = {}
        # Blank cells may come to stand where the next one does: cells keep their order.
        for mark in sorted(marks, key=lambda m: (m.start, -m.end if m.kind != "cell" else 0)):
            first = max(0, bisect_right(self._starts, mark.start) - 1)
            if mark.kind == "cell":
                self.cells.setdefault(first, []).append(mark)
                continue
            for number in range(first, len(self.lines)):
                line = self.lines[number]
                if line.start >= mark.end:
                    break
                if line.end <= mark.start:
                    continue
                if mark.kind not in _OF_LINES:
                    line.inline.append(mark)
                elif not line.mark or _OF_LINES[mark.kind] >= _OF_LINES[line.mark.kind]:
                    line.mark = mark

    @property
    def title_line(self) -> int | None:
        """Return the number of the line that is the title by its mark.

        It is the one heading of the highest level, above all others and all paragraphs: the only
        第一章 of an excerpt stands above its paragraphs too, but has its own number (`metadata`
        looks at that).
        """
        headings = [line for line in self.lines if line.mark and line.mark.kind == "heading"]
        top = [h for h in headings if h.mark.level == min(e.mark.level for e in headings)][:2]
        if len(top) != 1 or top[0] is not headings[0]:
            return None
        above = [line for line in self.lines[: top[0].number] if line.start < line.end]
        if any(e.end - e.start > _LONGEST_BEFORE_TITLE or e.mark for e in above):
            return None
        return top[0].number

    def numbers(self, *kinds: str) -> frozenset[int]:
        """Return the numbers of the lines of these kinds."""
        return frozenset(
            line.number for line in self.lines if line.mark and line.mark.kind in kinds
        )

    def blocks(
        self, without: set[int], cuts: Mapping[int, tuple[int, int]] | None = None
    ) -> list[Block]:
        """Return the blocks of the body: all lines but those read as metadata, and of the lines
        in `cuts` only the part that is given, counted from the line's first character.

        Where the file has headings of its own they are the outline; only in a text without any
        is it guessed.
        """
        lines = [
            self._cut(line, (cuts or {}).get(line.number))
            for line in self.lines
            if line.start < line.end and line.number not in without
        ]
        levels = _levels(line.mark.level for line in lines if _kind(line) == "heading")
        plain = [line for line in lines if not line.mark and not self._only_images(line)]
        guesses: dict[int, list[Block]] = {}
        if not levels:
            numbers = {line.number for line in plain}
            after = {line.number for line, n in pairwise(lines) if n.number not in numbers}
            found = guessed(
                [self.text[line.start : line.end] for line in plain],
                {n for n, line in enumerate(plain) if line.number in after},
            )
            guesses = {line.number: blocks for line, blocks in zip(plain, found, strict=True)}
        blocks: list[Block] = []
        position = 0
        while position < len(lines):
            line = lines[position]
            kind = _kind(line)
            count = 1
            if kind == "heading":
                blocks.append(self._block(line, level=levels[line.mark.level]))
            elif kind in ("item", "quote", "table"):
                run = _run(lines, position, kind)
                count = len(run)
                blocks.append(self._group(kind, run))
            elif self._only_images(line):
                blocks.append(self._block(line, kind="image"))
            elif kind == "caption":
                blocks.append(self._block(line, kind="caption"))
            else:
                at = line.start
                for guess in guesses.get(line.number, [Block(self.text[line.start : line.end])]):
                    at = self.text.index(guess.text, at)
                    end = at + len(guess.text)
                    blocks.append(self._block(line, at, end, level=guess.level))
                    at = end
            position += count
        return _captioned(block for block in blocks if block.text or block.spans or block.parts)

    def _cut(self, line: _Line, kept: tuple[int, int] | None) -> _Line:
        if not kept:
            return line
        text = self.text[line.start : line.end][slice(*kept)]
        start = line.start + kept[0] + len(text) - len(text.lstrip())
        return replace(line, start=start, end=start + len(text.strip()))

    def _only_images(self, line: _Line) -> bool:
        images = any(mark.kind == "image" for mark in line.inline)
        return images and not self.text[line.start : line.end].replace(OBJECT, "").strip()

    def _group(self, kind: str, run: list[_Line]) -> Block:
        if kind == "table":
            parts = [row for line in run if (row := self._row(line)) is not None]
        elif kind == "quote":
            parts = [self._block(line) for line in run]
        else:
            parts = []
            last = None
            for line in run:
                item = self._block(line, kind="item", level=line.mark.level, value=line.mark.value)
                if line.mark is last:  # a further paragraph of the same item
                    parts[-1] = _joined(parts[-1], item)
                else:
                    parts.append(item)
                last = line.mark
            kind = "list"
        return Block("\n".join(part.text for part in parts), kind=kind, parts=tuple(parts))

    def _row(self, line: _Line) -> Block | None:
        cells = [
            self._block(
                line,
                max(mark.start, line.start),
                max(mark.start, line.start, min(mark.end, line.end)),
                kind=mark.value or "cell",
            )
            for mark in self.cells.get(line.number, [])
        ]
        if not any(cell.text or cell.spans for cell in cells):
            return None
        return Block("\t".join(cell.text for cell in cells), kind="row", parts=tuple(cells))

    def _block(
        self, line: _Line, start: int | None = None, end: int | None = None, **fields
    ) -> Block:
        """Return [start, end) of a line as a block, its images taken out of the text."""
        start = line.start if start is None else start
        end = line.end if end is None else end
        images = {m.start: m for m in line.inline if m.kind == "image" and start <= m.start < end}
        if not images:
            found = [_within(mark, start, end) for mark in line.inline if mark.kind != "image"]
            block = Block(self.text[start:end], spans=tuple(filter(None, found)), **fields)
            return _plain_heading(block) if block.level and not block.kind else block
        places, parts, length = [], [], 0  # where each character comes to stand
        for offset in range(start, end):
            places.append(length)
            if offset not in images:
                parts.append(self.text[offset])
                length += 1
        places.append(length)
        spans = []
        for mark in line.inline:
            inner = _within(mark, start, end)
            if inner and mark.kind == "image":
                at = places[inner.start]
                spans.append(replace(inner, start=at, end=at))
            elif inner:
                spans.append(replace(inner, start=places[inner.start], end=places[inner.end]))
        kept = [m for m in spans if m.start < m.end or m.kind == "image"]
        return Block("".join(parts), spans=tuple(kept), **fields)


def _kind(line: _Line) -> str:
    return line.mark.kind if line.mark else ""


def _within(mark: Mark, start: int, end: int) -> Mark | None:
    """Return a mark cut to [start, end) and counted from there, or None outside of it."""
    low, high = max(mark.start, start) - start, min(mark.end, end) - start
    return replace(mark, start=low, end=high) if low < high else None


def _captioned(blocks: Iterable[Block]) -> list[Block]:
    """Return blocks in which a caption belongs to the one picture above it, else to the one below;
    a caption of anything else is a paragraph."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if block.kind == "caption" and last is not None and _is_bare_picture(last):
            found[-1] = _with_caption(last, block)
        elif last is not None and last.kind == "caption" and _is_bare_picture(block):
            found[-1] = _with_caption(block, last)
        else:
            found.append(block)
    return [replace(one, kind="") if one.kind == "caption" else one for one in found]


def _is_bare_picture(block: Block) -> bool:
    return block.kind == "image" and len(block.spans) == 1 and not block.parts


def _with_caption(picture: Block, caption: Block) -> Block:
    return replace(picture, text=caption.text, parts=(caption,))


def _plain_heading(block: Block) -> Block:
    """Return a heading without its bold type where all of it is bold: it is just a heading."""
    bold = [mark for mark in block.spans if mark.kind == "strong"]
    plain = set(range(len(block.text))).difference(*(range(m.start, m.end) for m in bold))
    if not bold or any(block.text[at].strip() for at in plain):
        return block
    return replace(block, spans=tuple(mark for mark in block.spans if mark.kind != "strong"))


def _joined(item: Block, more: Block) -> Block:
    shift = len(item.text) + 1
    moved = [replace(m, start=m.start + shift, end=m.end + shift) for m in more.spans]
    return replace(item, text=f"{item.text}\n{more.text}", spans=(*item.spans, *moved))


def _run(lines: list[_Line], first: int, kind: str) -> list[_Line]:
    """Return the lines from `first` on that belong to the same list, quote or table."""
    run = [lines[first]]
    number = run[0].mark.value
    for position in range(first + 1, len(lines)):
        line = lines[position]
        if _kind(line) != kind:
            break
        if kind != "item":
            if line.mark is not run[0].mark:
                break
        elif line.mark.level == 1 and line.mark is not run[-1].mark:
            value = line.mark.value
            if bool(value) != bool(number) or (value and int(value) != int(number) + 1):
                break  # another list begins where this one ends
            number = value
        run.append(line)
    return run


def _levels(used: Iterable[int]) -> dict[int, int]:
    """Return the heading levels of the portal, 2 to 4, for those of the file."""
    return {level: min(2 + rank, 4) for rank, level in enumerate(sorted(set(used)))}
