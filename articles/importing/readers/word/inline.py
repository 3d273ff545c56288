"""What stands in a paragraph of a Word file, run by run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from ...source import OBJECT, PART
from ..raised import on_the_line
from .elements import (
    ALTERNATES,
    BOX,
    MATH,
    PICTURE,
    TEXT,
    VML,
    M,
    R,
    W,
    chosen,
    count,
    switched,
    value,
    words,
)
from .equations import equation
from .formulas import in_line
from .left_out import LeftOut
from .signs import sign
from .styles import Styles

_SPACES = re.compile(r"[\t\n\r]")
_LONGEST_INSTRUCTION = 4000
_TOO_SMALL = 4
"""Half points: what is set so small nobody sees. Sites put noise between lines so."""

_MOST_FIELDS = 50
"""Fields within each other; Word makes a few."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text is set, as far as it matters."""

    bold: bool = False
    italic: bool = False
    position: str = ""
    link: str = ""
    alt: str = ""  # of a picture: what is to be seen


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one look; "\\n" is a break of the line. `part` tells a formula, a note's mark or
    a picture."""

    text: str
    look: Look = Look()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A note whose mark was met: a `footnote` or `endnote` by its key.

    It has no number where its mark is of its own, and a `why` where the text with the mark is left
    out.
    """

    kind: str
    key: str
    number: int = 0
    why: str = ""


@dataclass(slots=True)
class _Field:
    """A field: what it is told to do, and whether what follows is what it came to."""

    instruction: str = ""
    result: bool = False
    shown: bool = False  # it has come to something

    @property
    def name(self) -> str:
        return (self.instruction[:100].split() or [""])[0].upper()

    @property
    def link(self) -> str:
        match = re.match(r'\s*HYPERLINK\s+"([^"]+)"', self.instruction, re.IGNORECASE)
        return match[1] if match else ""

    def tell(self, text: str) -> None:
        """Add to the instruction, up to what is longer than any."""
        if len(self.instruction) < _LONGEST_INSTRUCTION:
            self.instruction += text


class Runs:
    """Reads the paragraphs of a file, one after another: fields reach over several."""

    def __init__(self, styles: Styles, left_out: LeftOut):
        self.left_out = left_out
        self.links: dict[str, str] = {}  # relation → address
        self.notes: list[Note] = []  # in the order of their marks
        self._numbered = 0
        self.boxes: list[etree._Element] = []  # met in the paragraph
        self.pictures = 0  # those that are not in the text
        self.images: dict[str, str] = {}  # relation → the part with the picture
        self._said = ""  # of the drawing that is read now, what is to be seen
        self._styles = styles
        self._fields: list[_Field] = []
        self._whole: set[etree._Element] = set()  # marks that begin a field with an end
        self._style = ""
        self._pieces: list[Piece] = []
        self._part = ""

    @property
    def in_contents(self) -> bool:
        """Tell whether what is read now is a table of contents."""
        return any(field.name == "TOC" for field in self._fields)

    def open(
        self,
        part: etree._Element,
        links: dict[str, str],
        images: dict[str, str] | None = None,
    ) -> None:
        """Begin with a part of the file, whose links and pictures are named by their relations."""
        self._fields, self.links, self.images = [], links, images or {}
        self._whole = _fields_that_end(part)

    def read(self, paragraph: etree._Element, style: str) -> list[Piece]:
        """Return the pieces of a paragraph; text boxes in it are added to `boxes`."""
        self._pieces, self._style = [], style
        self._inside(paragraph, Look())
        return list(_joined(self._pieces))

    def _inside(self, parent: etree._Element, look: Look) -> None:
        for child in parent:
            self._element(child, look)

    def _element(self, element: etree._Element, look: Look) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _PROPERTIES:
            return
        if tag == f"{W}r":
            self._run(element, look)
        elif tag == f"{W}hyperlink":
            address = self.links.get(element.get(f"{R}id", ""), "")
            self._inside(element, replace(look, link=address) if address else look)
        elif tag == f"{W}del":
            self.left_out.add("deleted", words(element))
            for mark in element.iter(*_REFERENCES):
                self._note(mark, look, "deleted")
        elif tag == f"{W}moveFrom":
            pass  # stands where it was moved to
        elif tag == f"{W}fldSimple":
            self._fields.append(_Field(element.get(f"{W}instr", ""), result=True))
            self._inside(element, look)
            self._end_field(look)
        elif tag in (MATH, f"{M}oMathPara"):
            self._formula(element, look)
        elif tag == ALTERNATES:
            self._inside(chosen(element), look)
        elif tag == BOX:
            self.boxes.append(element)
        else:
            self._inside(element, look)

    def _run(self, run: etree._Element, look: Look) -> None:
        properties = run.find(f"{W}rPr")
        why = ""
        if properties is not None or self._style:
            own = value(properties, "rStyle")
            why = self._unseen(properties, own)
        if properties is not None:
            look = Look(
                self._says(properties, own, "b"),
                self._says(properties, own, "i"),
                value(properties, "vertAlign") or self._styles.raised(own),
                look.link,
            )
        for child in run:
            self._in_run(child, look, why)
        self._part = ""

    def _unseen(self, properties: etree._Element | None, own: str) -> str:
        """Return why text of this look is not to be read, or nothing."""
        small = count(value(properties, "sz"), _TOO_SMALL + 1) <= _TOO_SMALL
        if small or self._is_on(properties, own, "vanish"):
            return "hidden"
        struck = any(self._is_on(properties, own, name) for name in ("strike", "dstrike"))
        return "struck" if struck else ""

    def _says(self, properties: etree._Element, own: str, name: str) -> bool:
        said = switched(properties, name)
        return said if said is not None else bool(own) and self._styles.is_on(own, name)

    def _is_on(self, properties: etree._Element | None, own: str, name: str) -> bool:
        said = switched(properties, name)
        if said is not None:
            return said
        return bool(own and self._styles.is_on(own, name)) or self._styles.is_on(self._style, name)

    def _in_run(self, element: etree._Element, look: Look, kind: str) -> None:
        tag = element.tag
        if tag == TEXT:
            self._text(_SPACES.sub(" ", element.text or ""), look, kind)
        elif tag in (f"{W}tab", f"{W}ptab"):
            self._text("\t", look, kind)
        elif tag in (f"{W}br", f"{W}cr"):
            if element.get(f"{W}type") not in ("page", "column"):
                self._text("\n", look, kind)
        elif tag == f"{W}noBreakHyphen":
            self._text("-", look, kind)
        elif tag == f"{W}sym":
            self._sign(element.get(f"{W}font", ""), element.get(f"{W}char", ""), look, kind)
        elif tag == f"{W}fldChar":
            self._field(element, look)
        elif tag == f"{W}instrText":
            if self._fields and not self._fields[-1].result:
                self._fields[-1].tell(element.text or "")
        elif tag == f"{W}ruby":
            self._ruby(element, look, kind)
        elif tag in _REFERENCES:
            self._note(element, look, kind)
        elif tag in (f"{W}drawing", f"{W}pict"):
            self._drawing(element, kind)
        elif tag == f"{W}object":
            self._object(element)
        elif tag == ALTERNATES:
            for child in chosen(element):
                self._in_run(child, look, kind)
        elif tag == f"{W}delText":
            self.left_out.add("deleted", element.text or "")
        elif isinstance(tag, str) and tag not in _PROPERTIES:
            self._element(element, look)

    def _text(self, text: str, look: Look, kind: str = "", part: str = "") -> None:
        told = next((field for field in reversed(self._fields) if not field.result), None)
        if told:
            told.tell(text)
        elif self.in_contents:
            self.left_out.add("contents", text)
        elif kind:
            self.left_out.add(kind, text)
        elif text:
            for field in self._fields:
                field.shown = True
                look = replace(look, link=look.link or field.link)
            self._pieces.append(Piece(text, look, part or self._part))
            self.left_out.interrupt()

    def _formula(self, element: etree._Element, look: Look) -> None:
        self._text(in_line(element), replace(look, position=""), part="formula")

    def _note(self, mark: etree._Element, look: Look, why: str) -> None:
        kind, key = _REFERENCES[mark.tag], mark.get(f"{W}id", "")
        own = mark.get(f"{W}customMarkFollows", "0") not in ("0", "false", "off")
        numbered = not (why or own)
        self._numbered += numbered
        self.notes.append(Note(kind, key, self._numbered if numbered else 0, why))
        if numbered:
            self._text(f"[{self._numbered}]", replace(look, position=""), part="mark")
        self._part = "mark" if own else ""

    def _sign(self, font: str, code: str, look: Look, kind: str) -> None:
        known = sign(font, code)
        if not known:
            self.left_out.add("sign", f"{font} {code}")
        self._text(known or "\N{REPLACEMENT CHARACTER}", look, kind)

    def _ruby(self, element: etree._Element, look: Look, kind: str) -> None:
        before = len(self._pieces)
        base = element.find(f"{W}rubyBase")
        if kind:
            self.left_out.add(kind, words(element) if base is None else words(base))
            return
        for child in base if base is not None else ():
            self._element(child, look)
        text = "".join(piece.text for piece in self._pieces[before:])
        reading = element.find(f"{W}rt")
        if reading is not None and words(reading).strip():
            self._reading(f"{text}（{words(reading).strip()}）")

    def _reading(self, reading: str) -> None:
        if not self.in_contents:
            self.left_out.add("reading", reading)

    def _drawing(self, element: etree._Element, kind: str = "") -> None:
        """Look for what a drawing holds: text boxes, pictures, what is neither."""
        for child in element:
            if child.tag == ALTERNATES:
                self._drawing(chosen(child), kind)
            elif child.tag == BOX:
                self.boxes.append(child)
            elif child.tag in (PICTURE, f"{VML}imagedata"):
                self._picture(child, kind)
            elif child.tag == f"{VML}textpath":
                self._text(f"\n{child.get('string', '')}\n", Look())
            elif isinstance(child.tag, str):
                name = etree.QName(child).localname
                if name == "docPr":
                    self._said = child.get("descr", "")
                if name in ("chart", "relIds") and child.get(f"{R}id", child.get(f"{R}dm")):
                    self.left_out.add("object", "圖表")
                self._drawing(child, kind)

    def _picture(self, element: etree._Element, kind: str) -> None:
        """Put a picture where it stands, unless it is left out with what is round it."""
        relation = element.get(f"{R}embed") or element.get(f"{R}id") or ""
        part = self.images.get(relation)
        if not part or kind or self.in_contents:
            self.pictures += 1
            return
        said, self._said = self._said, ""
        self._pieces.append(Piece(OBJECT, Look(alt=said), f"{PART}{part}"))

    def _object(self, element: etree._Element) -> None:
        programs = (child.get("ProgID") for child in element.iter("{*}OLEObject"))
        name = next(filter(None, programs), "")
        if name:
            formula = re.search(r"Equation|MathType|DSMT", name, re.IGNORECASE)
            self.left_out.add("object", f"公式 {name}" if formula else name)
        else:
            self._drawing(element)

    def _field(self, mark: etree._Element, look: Look) -> None:
        step = mark.get(f"{W}fldCharType")
        if step == "begin":
            if mark in self._whole and len(self._fields) < _MOST_FIELDS:
                self._fields.append(_Field())
        elif not self._fields:
            return
        elif step == "separate":
            self._fields[-1].result = True
        elif step == "end":
            self._end_field(look)

    def _end_field(self, look: Look) -> None:
        """Write what a field shows where that stands nowhere but in its instruction."""
        field = self._fields.pop()
        if field.shown:
            return
        if field.name == "EQ":
            found = equation(field.instruction)
            self._text(found.text, look, part="" if found.whole else "formula")
            self._reading(found.reading)
        elif field.name == "SYMBOL":
            self._symbol(field.instruction, look)
        elif field.name.startswith(("AUTONUM", "LISTNUM")):
            self.left_out.add("sign", "自動編號")

    def _symbol(self, instruction: str, look: Look) -> None:
        match = re.match(
            r"\s*SYMBOL\s+(0x[0-9a-f]+|\d+)(?:.*\\f\s+\"?([^\"\\]+))?", instruction, re.I
        )
        if match:
            code = int(match[1], 0)
            self._sign(match[2] or "", f"{code:X}", look, "")


_REFERENCES = {f"{W}{kind}Reference": kind for kind in ("footnote", "endnote")}
_PROPERTIES = frozenset(f"{W}{name}" for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "rubyPr"))


def _fields_that_end(document: etree._Element) -> set[etree._Element]:
    """Return the marks that begin a field with an end: others would swallow what follows."""
    open_fields: list[etree._Element] = []
    ended = set()
    for mark in document.iter(f"{W}fldChar"):
        if next(mark.iterancestors(f"{W}del", f"{W}moveFrom"), None) is not None:
            continue
        step = mark.get(f"{W}fldCharType")
        if step == "begin":
            open_fields.append(mark)
        elif step == "end" and open_fields:
            ended.add(open_fields.pop())
    return ended


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield pieces with those in one look put together, and what is raised set on the line."""
    for piece, text in _of_one_look(pieces):
        yield replace(piece, text=on_the_line(text, piece.look.position))


def _of_one_look(pieces: list[Piece]) -> Iterator[tuple[Piece, str]]:
    last, texts = None, []
    for piece in pieces:
        if last and piece.look == last.look and not (piece.part or last.part):
            texts.append(piece.text)
            continue
        if last:
            yield last, "".join(texts)
        last, texts = piece, [piece.text]
    if last:
        yield last, "".join(texts)
