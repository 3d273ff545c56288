"""Names of the elements of a Word file (ECMA-376), and what they say of themselves."""

from functools import cache

from lxml import etree

_OFFICE = "http://schemas.openxmlformats.org"
W = f"{{{_OFFICE}/wordprocessingml/2006/main}}"
M = f"{{{_OFFICE}/officeDocument/2006/math}}"
R = f"{{{_OFFICE}/officeDocument/2006/relationships}}"
A = f"{{{_OFFICE}/drawingml/2006/main}}"
MC = f"{{{_OFFICE}/markup-compatibility/2006}}"
VML = "{urn:schemas-microsoft-com:vml}"

P, TABLE, ROW, CELL, TEXT = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "t"))
BOX, PICTURE, MATH = f"{W}txbxContent", f"{A}blip", f"{M}oMath"
ALTERNATES = f"{MC}AlternateContent"


def value(element: etree._Element | None, path: str) -> str:
    """Return what the element at `path` (names with a slash between) is set to, or nothing."""
    if element is None:
        return ""
    found = element.find(_path(path))
    return (found.get(f"{W}val") or "") if found is not None else ""


@cache
def _path(path: str) -> str:
    return "/".join(f"{W}{name}" for name in path.split("/"))


def switched(element: etree._Element | None, name: str) -> bool | None:
    """Tell whether a property is on, off, or not spoken of."""
    found = element.find(f"{W}{name}") if element is not None else None
    return None if found is None else found.get(f"{W}val") not in ("0", "false", "off", "none")


def count(text: str | None, default: int) -> int:
    """Return a small number, or the default for whatever else stands there."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else default


def chosen(alternates: etree._Element) -> etree._Element:
    """Return the one of several drafts of the same thing that holds something readable."""
    drafts = [d for d in alternates if d.tag in (f"{MC}Choice", f"{MC}Fallback")]
    readable = (d for d in drafts if next(d.iter(TEXT, PICTURE, MATH), None) is not None)
    return next(readable, drafts[-1] if drafts else alternates)


def words(element: etree._Element) -> str:
    """Return all text of an element, deleted or not."""
    return "".join(t.text or "" for t in element.iter(TEXT, f"{W}delText", f"{M}t"))
