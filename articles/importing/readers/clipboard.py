"""What a clipboard holds: a piece of a page or document, as the program it was copied from writes
it. Word and WPS write lists as paragraphs that carry their own signs, and pictures as places on
their owner's disk."""

import re
from dataclasses import dataclass

from lxml import etree

from ...text import pictures
from ..edits import Record
from ..source import OBJECT, Mark
from .markup import Flow, ordered
from .parsing import parse

MISSING = "missing:"
"""Stands for the address of a picture that is not in the clipboard, with its number."""

_LIST = re.compile(r"mso-list:\s*\S+\s+level(\d)")
_SIGN = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_OUTLINE = re.compile(r"mso-outline-level:\s*([1-9])")
_CONDITION = re.compile(r"<!--.*?(?:-->|\Z)|<!\[(?:if|endif)\b[^>]*>", re.DOTALL | re.IGNORECASE)
"""Comments, and conditions round what only some programs show; nothing stands in their place."""

_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all")
_WEIGHT = re.compile(r"(?<![-\w])font-weight:\s*(bold|bolder|normal|[1-9]00)")
_SLANT = re.compile(r"(?<![-\w])font-style:\s*(italic|oblique|normal)")
_SYMBOLS = re.compile(r"wingdings|webdings|symbol|courier new", re.IGNORECASE)
_NUMBER = re.compile(r"[(（]?([0-9]{1,4})[.．、)）]?")
_OF_NOTES = re.compile(r"mso-element:\s*(?:foot|end)note(?!-)")
_MARK_OF_NOTE = re.compile(r"\s*[\[〔【]?\s*([0-9]{1,4})\s*[\]〕】]?\s*")
_BESIDE_TEXT = ("audio", "video", "iframe", "embed", "object")


@dataclass(frozen=True, slots=True)
class Clipping:
    """The text of a clipboard with its marks, and how much of what kind was left out of it: words
    `struck` out, `hidden` passages, what plays or is another page (`embedded`), `links` nobody
    could follow. `missing` are the addresses of pictures that are not in it, by their numbers."""

    text: str
    marks: tuple[Mark, ...]
    record: Record
    missing: list[str]
    left_out: dict[str, int]


class _Clipboard(Flow):
    """Takes pictures of the library by their addresses, and keeps the place of what is missing:
    also of those at other addresses, which no page of ours shows."""

    def __init__(self):
        super().__init__()
        self.missing: list[str] = []  # their addresses, where there are any
        self.links = 0

    def _block(self, element: etree._Element) -> None:
        depth = element.get("data-depth")
        if depth is None:
            super()._block(element)
            return
        with self.marked("item", int(depth), element.get("data-number", "")):
            self._inside(element)

    def linked(self, address: str | None):
        found = super().linked(address)
        is_kept = bool(self._address(address, ("http://", "https://", "mailto:")))
        if address and not address.strip().startswith("#") and not is_kept:
            self.links += 1
        return found

    def _image(self, element: etree._Element) -> None:
        source = (element.get("src") or "").strip()
        if pictures.named(source):
            self._picture(source, element)
            return
        late = (element.get(name) or "" for name in ("data-original", "data-src", "src"))
        found = (self._address(one, ("http://", "https://")) for one in late)
        self._picture(f"{MISSING}{len(self.missing)}", element)
        self.missing.append(next(filter(None, found), ""))

    def _picture(self, address: str, element: etree._Element) -> None:
        self._put(OBJECT)
        alt = " ".join((element.get("alt") or "").split())[:300]
        self.marks.append(Mark("image", self.length - 1, self.length, 0, address, alt))


def read_clipboard(markup: str) -> Clipping:
    """Read the markup of a clipboard; raises UnreadableFile where it is none, or a trap."""
    root = parse(_CONDITION.sub("", markup))
    body = root.find(".//body")
    body = root if body is None else body
    left_out = {"hidden": _without_hidden(body)}
    left_out["embedded"] = sum(1 for _one in body.iter(*_BESIDE_TEXT))
    _number_notes(body)
    _look(body)
    _as_items(body)
    flow = _Clipboard()
    flow.walk(body)
    flow.end_line()
    record = Record(flow.text(), edits=list(flow.edits()))
    left_out |= {"struck": len(record.edits), "links": flow.links}
    return Clipping(record.text, ordered(flow.marks), record, flow.missing, left_out)


def _style(element: etree._Element) -> str:
    return (element.get("style") or "").replace("\n", " ")


def _drop(element: etree._Element) -> None:
    """Take an element out of its tree, and leave what follows it."""
    above, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        above.text = (above.text or "") + element.tail
    above.remove(element)


def _without_hidden(body: etree._Element) -> int:
    hidden = [one for one in body.iter("*") if one is not body and _HIDDEN.search(_style(one))]
    told = 0
    for one in hidden:
        if one.getparent() is not None:
            told += bool("".join(one.itertext()).strip())
            _drop(one)
    return told


def _look(body: etree._Element) -> None:
    """Let tags say what styles do: bold, slanted, and headings by their place in the outline."""
    for element in body.iter("*"):
        style = _style(element)
        tag = element.tag
        weight, slant = _WEIGHT.search(style), _SLANT.search(style)
        is_light = tag in ("b", "strong") and weight and weight[1] in ("normal", "400")
        if is_light or (tag in ("i", "em") and slant and slant[1] == "normal"):
            element.tag = "span"
        elif tag == "span" and weight and weight[1] in ("bold", "bolder", "600", "700", "800"):
            element.tag = "b"
        elif tag == "span" and slant and slant[1] in ("italic", "oblique"):
            element.tag = "i"
        elif tag == "p" and (level := _OUTLINE.search(style)) and int(level[1]) <= 6:
            element.tag = f"h{level[1]}"


def _number_notes(body: etree._Element) -> None:
    """Make items of footnotes, numbered as their marks in the text are."""
    for note in body.iter("div"):
        if not _OF_NOTES.search(_style(note)):
            continue
        mark = next(note.iter("a"), None)
        found = mark is not None and _MARK_OF_NOTE.fullmatch("".join(mark.itertext()))
        first = next(note.iter("p"), None)
        if found and first is not None:
            first.set("data-depth", "1")
            first.set("data-number", found[1])
            _drop(mark)


def _as_items(body: etree._Element) -> None:
    """Find the paragraphs that are items of lists. What Word numbers otherwise than 1, 2, 3 keeps
    its number as text: `一、`, `（一）`, `1.2`."""
    last, depth = None, 0
    for element in list(body.iter("p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "li")):
        level = _LIST.search(_style(element))
        if element.tag == "li" or not level or element.get("data-depth"):
            continue
        sign, is_symbol = _take_sign(element)
        number = _NUMBER.fullmatch(sign)
        is_bullet = bool(sign) and not number and (is_symbol or not re.search(r"\w", sign))
        if element.tag != "p" or not (number or is_bullet):
            if sign and not is_symbol:
                space = " " if re.search(r"[0-9A-Za-z]\Z", sign) else ""
                element.text = f"{sign}{space}{element.text or ''}"
            continue
        follows = last is not None and element.getprevious() is last
        depth = min(int(level[1]), depth + 1) if follows else 1
        element.set("data-depth", str(min(depth, 6)))
        element.set("data-number", number[1] if number else "")
        last = element


def _take_sign(element: etree._Element) -> tuple[str, bool]:
    """Take the sign in front of an item out of its text; tell whether it is one of a symbol font,
    in which letters are dots and arrows."""
    for inner in list(element.iter("*")):
        if not _SIGN.search(_style(inner)):
            continue
        sign = "".join("".join(inner.itertext()).split()).strip("\u00a0\u3000\u200b")
        above = [inner, *inner.iterancestors()]
        upto = above.index(element) if element in above else len(above)
        is_symbol = any(_SYMBOLS.search(_style(one)) for one in above[:upto])
        _drop(inner)
        return sign, is_symbol and len(sign) == 1
    return "", False
