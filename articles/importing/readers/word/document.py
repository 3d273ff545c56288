"""The body of a Word file, paragraph by paragraph: what each is, and its number."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from lxml import etree

from ...edits import Flag
from ...source import PART
from ..markup import Flow
from .elements import (
    ALTERNATES,
    CELL,
    ROW,
    TABLE,
    TEXT,
    P,
    W,
    chosen,
    count,
    switched,
    value,
    words,
)
from .inline import Look, Piece, Runs
from .left_out import LeftOut
from .numbering import Numbering, Place
from .styles import Styles, outline_level

_LONGEST_HEADING = 80
"""Characters; whole paragraphs set as headings for their looks are common."""

_LONGEST_CELL = 400
"""Characters; a cell with more than a paragraph belongs to a layout, not to a table."""

_LONGEST_NAME = 4
_MOST_COLUMNS = 50
_CONTENTS = re.compile(r"目[\s　]*[录錄次]|contents", re.IGNORECASE)


class Document:
    """Writes a file's body and notes into a flow."""

    def __init__(self, styles: Styles, numbering: Numbering):
        self.flow = Flow()
        self.left_out = LeftOut()
        self._runs = Runs(styles, self.left_out)
        self._styles = styles
        self._numbering = numbering
        self._carried: list[Piece] = []  # of a paragraph whose end was deleted
        self._lists: frozenset[str] = frozenset()

    def write(self, part: etree._Element, links: dict[str, str], pictures: dict[str, str]) -> None:
        """Write the body, with the text boxes behind their paragraphs."""
        self._runs.open(part, links, pictures)
        blocks = list(_blocks(part))
        self._lists = self._unbroken(blocks)
        for at, block in enumerate(blocks):
            if self._heads_contents(block, blocks[at + 1 : at + 4]):
                self._leave_out("contents", block)
            else:
                self._block(block)
        self._line(self._carried)

    def write_notes(self, parts: dict[str, etree._Element]) -> None:
        """Write the notes in the order of their marks in the text: `footnote`s, `endnote`s."""
        found = {}
        for kind, part in parts.items():
            for note in part.findall(f"{W}{kind}"):
                found[kind, note.get(f"{W}id")] = note
        for note in self._runs.notes:
            element = found.pop((note.kind, note.key), None)  # marked twice it comes once
            if element is None:
                continue
            if note.why:
                self.left_out.add(note.why, words(element))
                self.left_out.interrupt()
                continue
            self._runs.open(element, {})
            with ExitStack() as marks:
                if note.number:
                    marks.enter_context(self.flow.marked("item", 1, str(note.number)))
                for block in _blocks(element):
                    for paragraph in [block] if block.tag == P else block.iter(P):
                        self._line(self._runs.read(paragraph, value(paragraph, "pPr/pStyle")))
                self._boxes()

    def flags(self) -> tuple[Flag, ...]:
        """Return what a curator must know the text has lost."""
        self.flow.images_dropped = self._runs.pictures
        return (*self.flow.flags(), *self.left_out.flags())

    def _unbroken(self, blocks: list[etree._Element]) -> frozenset[str]:
        """Return the lists that stand in one go and are numbered like any list.

        Others have their numbers written out: those that go on behind a paragraph, and 第一条.
        """
        places = [
            None if block.tag != P or self._level(block) else self._place(block)
            for block in blocks
            if block.tag != P or _has_text(block)
        ]
        odd = {place.run for place in places if place and not place.plain}
        spans: dict[str, tuple[int, int]] = {}
        strangers = [0]  # how many up to each place belong to no list
        for at, place in enumerate(places):
            strangers.append(strangers[-1] + (place is None or place.run in odd))
            if place:
                spans[place.run] = (spans.get(place.run, (at, at))[0], at)
        return frozenset(
            run
            for run, (first, last) in spans.items()
            if run not in odd and strangers[first] == strangers[last + 1]
        )

    def _place(self, paragraph: etree._Element) -> Place | None:
        properties = paragraph.find(f"{W}pPr")
        return self._numbering.place(properties, value(properties, "pStyle"))

    def _level(self, paragraph: etree._Element) -> int:
        """Return the level of a heading, 1 for the title, or 0."""
        properties = paragraph.find(f"{W}pPr")
        level = self._styles.paragraph(value(properties, "pStyle")).level
        own = outline_level(value(properties, "outlineLvl"))
        if own is None or own == level or level == 1:
            return level
        # Put into the outline by itself, it may be a sentence.
        return 0 if words(paragraph).strip().endswith(("。", "；")) else own

    def _heads_contents(self, block: etree._Element, behind: list[etree._Element]) -> bool:
        """Tell whether a paragraph is the heading of a table of contents."""
        if block.tag != P or not _CONTENTS.fullmatch(words(block).strip()):
            return False
        following = next((b for b in behind if words(b).strip() or b.tag != P), block)
        instruction = "".join(t.text or "" for t in following.iter(f"{W}instrText"))
        style = self._styles.paragraph(value(following, "pPr/pStyle"))
        return following.tag == _SDT or style.contents or instruction.split()[:1] == ["TOC"]

    def _block(self, block: etree._Element) -> None:
        if block.tag == P:
            self._paragraph(block)
        elif block.tag == TABLE:
            self._table(block)
        elif block.tag == _SDT:
            self._leave_out("contents", block)
        else:
            self.left_out.add("document", etree.QName(block).localname)

    def _leave_out(self, kind: str, element: etree._Element) -> None:
        for paragraph in element.iter(P):
            pieces = self._runs.read(paragraph, "")
            said = "".join(piece.text for piece in pieces if not piece.part.startswith(PART))
            self.left_out.add(kind, said)
            self.left_out.place(0, 0)

    def _paragraph(self, paragraph: etree._Element, in_cell: bool = False) -> None:
        properties = paragraph.find(f"{W}pPr")
        style = value(properties, "pStyle")
        known = self._styles.paragraph(style)
        if known.contents:
            self._leave_out("contents", paragraph)
            return
        pieces = [*self._carried, *self._runs.read(paragraph, style)]
        self._carried = pieces if _goes_on(properties) else []
        if _goes_on(properties):
            return
        text = "".join(piece.text for piece in pieces).strip()
        level = 0 if in_cell or len(text) > _LONGEST_HEADING else self._level(paragraph)
        place = self._numbering.place(properties, style)
        with ExitStack() as marks:
            if place and (text or _ends_in_sight(properties)):
                number, shown = self._numbering.next(place)
                listed = place.bullet or place.run in self._lists
                if listed and text and not (level or in_cell):
                    depth, said = min(place.depth + 1, 6), "" if place.bullet else str(number)
                    marks.enter_context(self.flow.marked("item", depth, said))
                elif text or in_cell:
                    pieces = _numbered(pieces, shown)
            if level:
                if level == 1:  # the mark of a note is no part of a title
                    pieces = [piece for piece in pieces if piece.part != "mark"]
                pieces = _in_one_line(pieces)
                marks.enter_context(self.flow.marked("heading", min(level, 6)))
            elif known.caption and not in_cell:
                marks.enter_context(self.flow.marked("caption"))
            elif known.quote and not in_cell:
                marks.enter_context(self.flow.marked("quote"))
            self._line(pieces)
        self._boxes()

    def _boxes(self) -> None:
        """Write the text boxes that were met behind the paragraph they hang on."""
        boxes, self._runs.boxes = self._runs.boxes, []
        for box in boxes:
            for block in _blocks(box):
                self._block(block)

    def _line(self, pieces: list[Piece]) -> None:
        """Write pieces as a line, and say of what was left out that it stood here."""
        start = self.flow.length
        for piece in pieces:
            before = self.flow.length
            if piece.part.startswith(PART):
                self.flow.picture(piece.part, piece.look.alt)
                continue
            with ExitStack() as marks:
                if piece.look.link:
                    marks.enter_context(self.flow.linked(piece.look.link))
                if piece.look.bold:
                    marks.enter_context(self.flow.marked("strong", inline=True))
                if piece.look.italic:
                    marks.enter_context(self.flow.marked("em", inline=True))
                for number, text in enumerate(piece.text.split("\n")):
                    if number:
                        self.flow.end_line()
                    self.flow.write(text)
            if piece.part == "formula":
                self.left_out.add_at("formula", piece.text, before, self.flow.length)
        self.left_out.place(start, self.flow.length)
        self.flow.end_line()

    def _table(self, table: etree._Element) -> None:
        rows = []
        for row in _within(table, ROW):
            if _stated(row, "trPr", "del") is not None:
                self._leave_out("deleted", row)
            elif _stated(row, "trPr", "hidden") is not None:
                self._leave_out("hidden", row)
            else:
                rows.append((row, list(_within(row, CELL))))
        if not _is_data(table, [cells for _, cells in rows]):
            for _, cells in rows:
                for cell in cells:
                    for block in _blocks(cell):
                        self._block(block)
            return
        with self.flow.marked("table"):
            for row, cells in rows:
                self.flow.end_line()
                self._row(cells, _stated(row, "trPr", "tblHeader") is not None)
                self.flow.end_line()

    def _row(self, cells: list[etree._Element], head: bool) -> None:
        columns = 0
        for cell in cells:
            with self.flow.cell(columns == 0, head):
                for block in _blocks(cell):
                    if block.tag == P:
                        self._paragraph(block, in_cell=True)
                    else:
                        self._block(block)
            columns += 1
            for _ in range(count(value(cell, "tcPr/gridSpan"), 1) - 1):
                if columns < _MOST_COLUMNS:
                    with self.flow.cell(False, head):
                        columns += 1


_SDT = f"{W}sdt"
_EMBEDDED = (f"{W}altChunk", f"{W}subDoc")


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs, tables, tables of contents and embedded documents in order."""
    for child in parent:
        if child.tag in (P, TABLE, *_EMBEDDED) or _is_contents(child):
            yield child
        elif child.tag == ALTERNATES:
            yield from _blocks(chosen(child))
        elif isinstance(child.tag, str):
            yield from _blocks(child)


def _is_contents(element: etree._Element) -> bool:
    gallery = value(element, "sdtPr/docPartObj/docPartGallery") if element.tag == _SDT else ""
    return gallery.lower() == "table of contents"


def _within(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, however they are wrapped."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag != TABLE and isinstance(child.tag, str) and child.tag != P:
            yield from _within(child, tag)


def _stated(element: etree._Element, group: str, name: str) -> etree._Element | None:
    return element.find(f"{W}{group}/{W}{name}")


def _is_data(table: etree._Element, rows: list[list[etree._Element]]) -> bool:
    """Tell whether a table holds data; others only place things on the page."""
    if next(table.iterdescendants(TABLE), None) is not None:
        return False
    if any(len(words(cell).strip()) > _LONGEST_CELL for cells in rows for cell in cells):
        return False
    heads = next(table.iter(f"{W}tblHeader"), None) is not None
    return max(map(len, rows), default=0) > 1 and (len(rows) > 1 or heads)


def _has_text(paragraph: etree._Element) -> bool:
    return any((text.text or "").strip() for text in paragraph.iter(TEXT))


def _goes_on(properties: etree._Element | None) -> bool:
    """Tell whether a paragraph is but the beginning of the next: its end was deleted, or it is
    the large first letter."""
    if properties is None:
        return False
    frame = properties.find(f"{W}framePr")
    if frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin"):
        return True
    return properties.find(f"{W}rPr/{W}del") is not None


def _ends_in_sight(properties: etree._Element | None) -> bool:
    """Tell whether a paragraph without text is seen at all."""
    return properties is None or not switched(properties.find(f"{W}rPr"), "vanish")


def _in_one_line(pieces: list[Piece]) -> list[Piece]:
    """Return a heading without its breaks, unless what follows one may be a name."""
    lines = "".join(piece.text for piece in pieces).split("\n")
    if any(len(line.strip()) <= _LONGEST_NAME for line in lines[1:]):
        return pieces
    space = " " if any(line.strip()[-1:].isascii() for line in lines) else ""
    return [replace(p, text=p.text.replace("\n", space)) for p in pieces]


def _numbered(pieces: list[Piece], shown: str) -> list[Piece]:
    """Return pieces behind the number that Word shows before them, which looks like the first."""
    if not shown:
        return pieces
    first = pieces[0] if pieces else Piece("")
    if re.search(r"[.)]\Z", shown) and re.match(r"[0-9A-Za-z]", first.text):
        shown = f"{shown} "
    look = Look(first.look.bold, first.look.italic)
    if look == first.look and not first.part:
        return [replace(first, text=f"{shown}{first.text.lstrip()}"), *pieces[1:]]
    return [Piece(shown, look), *pieces]
