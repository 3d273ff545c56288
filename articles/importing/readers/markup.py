"""HTML to text and marks: for web pages, and for the formats that are turned into HTML first."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from ..edits import Edit, Flag
from ..source import OBJECT, PART, Mark
from .data_tables import data_rows
from .furniture import is_figure_line, words_of
from .images import beside, inside
from .mathml import in_a_line, stands_alone
from .raised import on_the_line

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section
    summary table tbody td tfoot th thead tr ul
"""
_SKIPPED_NAMES = """
    audio button canvas embed head iframe input map noscript object rp script select style
    svg template textarea title video
"""
_BLOCKS, _SKIPPED = words_of(_BLOCK_NAMES), words_of(_SKIPPED_NAMES)
_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
_STRUCK = frozenset(("s", "strike", "del"))
_RAISED = {"sup": "superscript", "sub": "subscript"}
_SPACE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’…—]")
_LABEL = re.compile(r"\s*[\u3400-\u9fff][\u3400-\u9fff \u3000]{0,8}[:：]")
_DATED = re.compile(r"\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_LONGEST_BYLINE = 160
_PIECES = words_of("span a em i b strong time label small u")
_OF_LABELS = words_of("span time label small")

_LONGEST_HEADING = 80
"""Characters; pages that set whole paragraphs as <h3> for their size are common."""

_MOST_CELLS = 50
"""Columns of a table; a page can claim any number."""


class Flow:
    """Text being written, line by line, with the marks that are open on it."""

    def __init__(self, base: str = ""):
        self.base = base  # address the links of the page are relative to
        self.marks: list[Mark] = []
        self.images_dropped = 0
        self.part_of: Callable[[str], str] = beside  # → the file it is, within this one or beside
        self.pictures: dict[str, bytes] = {}
        self._struck: list[Mark] = []
        self._parts: list[str] = []
        self._length = 0
        self._line = 0  # where the present line began
        self._space = ""
        self._open: list[list] = []  # [kind, level, value, start or None, within lines only]
        self._depth = self._below = 0
        self._cell = False
        self.outside: set[etree._Element] = set()  # what of the document is not to be kept
        self.left_out: list[tuple[int, int]] = []  # where that stands in the text
        self.heads: set[etree._Element] = set()  # what is a title, whatever its tag
        self.formulas: list[str] = []

    @property
    def length(self) -> int:
        return self._length

    def text(self) -> str:
        return "".join(self._parts).rstrip("\n")

    def flags(self) -> tuple[Flag, ...]:
        """Return what a curator must know the text has lost."""
        message = f"原檔有 {self.images_dropped} 張圖片沒有匯入：沒有隨檔，或是圖庫不收的格式。"
        flags = [Flag("images-dropped", 0, 0, message)] if self.images_dropped else []
        if self.formulas:
            quoted = "」「".join(self.formulas)[:200]
            message = f"公式的排版沒有保留，只留下一行文字，請對照原檔：「{quoted}」。"
            flags.append(Flag("dropped", 0, 0, message))
        return tuple(flags)

    def edits(self) -> tuple[Edit, ...]:
        """Return the edits that take out what was struck out."""
        text, edits, done = self.text(), [], 0
        for mark in sorted(self._struck, key=lambda mark: (mark.start, -mark.end)):
            if done <= mark.start < mark.end:
                before = text[mark.start : mark.end]
                edits.append(Edit("markup", mark.start, mark.end, before, "", certain=False))
                done = mark.end
        return tuple(edits)

    def write(self, text: str) -> None:
        """Write text as HTML does: a run of white space is one space, at a margin none.

        A line feed between two Chinese characters is only the page's own line breaking.
        """
        for number, piece in enumerate(_SPACE.split(text)):
            if number:
                self._space = self._space or " "
                if "\n" in text:
                    self._space = "\n"
            if piece:
                self._put(piece)

    def _put(self, piece: str) -> None:
        if self._space and self._length > self._line:
            wide = _WIDE.match(self._parts[-1][-1]) and _WIDE.match(piece)
            if not (self._space == "\n" and wide) and self._parts[-1] != "\t":
                self._append(" ")
        self._space = ""
        for entry in self._open:
            if entry[3] is None:
                entry[3] = self._length
        self._append(piece)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def end_line(self) -> None:
        """End the line, unless nothing stands in it; marks within lines start anew."""
        if self._cell:
            self._space = self._space or " "
            return
        self._space = ""
        if self._length == self._line:
            return
        for entry in self._open:
            if entry[4]:
                self._close(entry)
        self._append("\n")
        self._line = self._length

    def _close(self, entry: list) -> None:
        kind, level, value, start, _ = entry
        end = self._length - (self._length == self._line)
        if start is not None and start < end:
            marks = self._struck if kind == "struck" else self.marks
            marks.append(Mark(kind, start, end, level, value))
        entry[3] = None

    @contextmanager
    def marked(self, kind: str, level: int = 0, value: str = "", inline: bool = False) -> Iterator:
        """Mark whatever is written meanwhile."""
        entry = [kind, level, value, None, inline]
        self._open.append(entry)
        yield
        self._close(entry)
        self._open.pop()

    def linked(self, address: str | None) -> AbstractContextManager:
        """Mark whatever is written meanwhile as a link, unless none may follow it."""
        address = self._address(address, ("http://", "https://", "mailto:"))
        return self.marked("link", value=address, inline=True) if address else nullcontext()

    @contextmanager
    def cell(self, first: bool, head: bool = False) -> Iterator:
        """Make a cell of whatever is written meanwhile; the first of its row has no tab before."""
        self._space = ""
        if not first:
            self._append("\t")
        start = self._length
        self._cell = True
        yield
        self._cell = False
        self._space = ""
        self.marks.append(Mark("cell", start, self._length, 0, "head" if head else ""))

    def headed(self, title: str, root: etree._Element) -> None:
        """Write a document with the title stated outside of it, unless it opens with the same."""
        if title and not "".join(root.itertext()).lstrip().startswith(title):
            with self.marked("heading", 1):
                self.write(title)
            self.end_line()
            self._below = 1  # the document's own headings come beneath
        self.walk(root)

    def walk(self, element: etree._Element) -> None:
        """Write an element and what is in it."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        if element in self.outside:
            self.leave_out(element)
        elif element in self.heads:
            self.end_line()
            with self.marked("heading", 1):
                self._inside(element)
            self.end_line()
        elif tag == "br":
            self.end_line()
        elif tag == "img":
            self._image(element)
        elif tag in _INLINE:
            with self.marked(_INLINE[tag], inline=True):
                self._inside(element)
        elif tag in _STRUCK:
            with self.marked("struck", inline=True):
                self._inside(element)
        elif tag == "a":
            with self.linked(element.get("href")):
                self._inside(element)
        elif tag in _RAISED and not len(element):
            self.write(on_the_line(element.text or "", _RAISED[tag]))
        elif tag == "math":
            if stands_alone(element) and (formula := in_a_line(element)):
                self.write(formula)
                self.formulas.append(formula)
        elif tag == "rt":  # the reading above a character: what HTML without ruby shows
            self._put("(")
            self._inside(element)
            self._append(")")
        elif tag not in _BLOCKS:
            self._inside(element)
        else:
            self.end_line()
            self._block(element)
            self.end_line()

    def leave_out(self, element: etree._Element) -> None:
        """Write an element for the record only: its words without its marks."""
        block = element.tag in _BLOCKS and not self._cell
        if block:
            self.end_line()
        start, marks, images = self._length, len(self.marks), self.images_dropped
        struck = len(self._struck)
        outside, self.outside = self.outside, set()
        self.walk(element)
        self.outside = outside
        if block:
            self.end_line()
        del self.marks[marks:], self._struck[struck:]
        self.images_dropped = images
        if self._length > start:
            self.left_out.append((start, self._length))

    def leave_out_words(self, element: etree._Element) -> None:
        """Write a menu for the record only: a line for each of its texts."""
        words = [" ".join(text.split()) for text in element.itertext()]
        if words := [text for text in words if text]:
            self.end_line()
            start = self._length
            self._append("\n".join(words))
            self._append("\n")
            self._line = self._length
            self.left_out.append((start, self._length))

    def leave_out_text(self, text: str | None) -> None:
        """Write text for the record only."""
        if text and text.strip():
            self.end_line()
            start = self._length
            self.write(text)
            self.end_line()
            self.left_out.append((start, self._length))

    def _inside(self, element: etree._Element) -> None:
        if element.text:
            self.write(element.text)
        apart = len(element) > 1 and _is_byline(element)
        for child in element:
            labelled = child.tag in _OF_LABELS and _LABEL.match(child.text or "")
            if (apart and child.tag in _PIECES) or labelled:
                self._space = self._space or " "
            self.walk(child)
            if child.tail:
                self.write(child.tail)
            elif apart and child.tag in _PIECES:
                self._space = self._space or " "

    def _block(self, element: etree._Element) -> None:
        tag = element.tag
        if self._cell:
            self._inside(element)
        elif tag in ("ul", "ol", "dir"):
            self._list(element)
        elif tag == "blockquote" or is_figure_line(element):
            with self.marked("quote" if tag == "blockquote" else "caption"):
                self._inside(element)
        elif re.fullmatch("h[1-6]", tag):
            if len("".join(element.itertext()).strip()) <= _LONGEST_HEADING:
                with self.marked("heading", int(tag[1]) + self._below):
                    self._inside(element)
            else:
                self._inside(element)
        elif tag == "pre":
            shown = len(element) == 1 and element[0].tag == "code"  # no line of it is a heading
            with self.marked("quote") if shown else nullcontext():
                for number, line in enumerate("".join(element.itertext()).split("\n")):
                    if number:
                        self.end_line()
                    self.write(line)
        elif tag == "table" and (rows := data_rows(element)):
            self._table(rows)
        else:
            self._inside(element)

    def _list(self, element: etree._Element) -> None:
        self._depth += 1
        number = _number(element.get("start"))
        for child in element:
            if child.tag == "li":
                number = _number(child.get("value"), number)
                value = str(number) if element.tag == "ol" else ""
                number += 1
                self.end_line()
                with self.marked("item", min(self._depth, 6), value):
                    self._inside(child)
                self.end_line()
            else:
                self.walk(child)
            if child.tail:
                self.write(child.tail)
        self._depth -= 1

    def _table(self, rows: list[list[etree._Element]]) -> None:
        """Write a row a line, its cells with a tab between."""
        with self.marked("table"):
            below: dict[int, int] = {}  # column → rows it is still spanned for
            for row in rows:
                self.end_line()
                self._row(row, below)
                self.end_line()

    def _row(self, row: list[etree._Element], below: dict[int, int]) -> None:
        column = 0
        for cell in [*row, None]:
            while below.get(column, 0) and column < _MOST_CELLS:
                below[column] -= 1
                self._write_cell(column, None)
                column += 1
            if cell is None or column >= _MOST_CELLS:
                return
            spans = max(1, min(_number(cell.get("colspan")), _MOST_CELLS - column))
            down = min(_number(cell.get("rowspan")), 1000) - 1
            for extra in range(spans):
                self._write_cell(column, None if extra else cell)
                if down > 0:
                    below[column] = down
                column += 1

    def _write_cell(self, column: int, cell: etree._Element | None) -> None:
        with self.cell(column == 0, cell is not None and cell.tag == "th"):
            if cell is not None:
                self._inside(cell)

    def _image(self, element: etree._Element) -> None:
        # Pages that load pictures late keep the true address beside an empty one.
        late = [element.get(name) or "" for name in ("data-original", "data-src", "src")]
        tried = (self._address(one, ("http://", "https://")) for one in late)
        address, part = next(filter(None, tried), ""), self.part_of(source := late[-1].strip())
        if not (address or part) and (found := inside(source)):
            part, self.pictures[part] = found
        if address or part:
            self.picture(address or PART + part, element.get("alt"), part if address else "")
        self.images_dropped += not (address or part)

    def picture(self, address: str, alt: str | None = "", beside: str = "") -> None:
        """Write a picture: its place in the text, and where it lies."""
        self._put(OBJECT)
        said = _SPACE.sub(" ", alt or "").strip()[:300]
        self.marks.append(Mark("image", self._length - 1, self._length, 0, address, said, beside))

    def _address(self, address: str | None, schemes: tuple[str, ...]) -> str:
        """Return an address a reader may follow, or nothing: a javascript: one never."""
        address = (address or "").strip()
        if not address or address.startswith("#"):
            return ""
        try:
            address = urljoin(self.base, address)
        except ValueError:
            return ""
        fit = address.lower().startswith(schemes) and not re.search(r"[\s\x00-\x1f<>\"]", address)
        return address if fit and len(address) <= 2000 else ""


def _is_byline(element: etree._Element) -> bool:
    """Tell whether an element holds labels, a date and no sentence: its pieces stand apart."""
    if sum(child.tag in _PIECES for child in element) < 2:
        return False
    text = "".join(islice(element.itertext(), 40))
    return (
        len(text) <= _LONGEST_BYLINE
        and not re.search("[，。；！？]", text)
        and bool(_DATED.search(text) or _LABEL.match(text))
    )


def _number(text: str | None, otherwise: int = 1) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,4}", text) else otherwise


def ordered(marks: list[Mark]) -> tuple[Mark, ...]:
    """Return the marks by place, the wider first."""
    return tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))
