"""Formulas as one line of text: those of Word's editor (OMML)."""

import re
from collections.abc import Callable

from lxml import etree

from ..raised import on_the_line
from .elements import M, W

_OPERATOR = re.compile(r"[+\-−±×÷*/=<>≤≥≠·,，\s]")


def in_line(formula: etree._Element) -> str:
    """Return a formula as a line: `(a+b)/c`, `x²`, `∑_(i=1)^(n) i`."""
    return " ".join(_row(formula).split())


def _row(element: etree._Element | None) -> str:
    """Return what stands side by side in an element."""
    out = ""
    fraction = False
    for child in element if element is not None else ():
        text = _part(child)
        if not text:
            continue
        if fraction and re.match(r"[\w(√∑∫]", text):
            text = f" {text}"
        quotient = child.tag == f"{M}f"
        if quotient and out.endswith(("/", "÷")):
            text = f"({text})"
        out += text
        fraction = quotient
    return out


def _part(element: etree._Element) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    if tag in (f"{M}t", f"{W}t"):
        return element.text or ""
    if tag in (f"{W}del", f"{W}moveFrom"):
        return ""
    shape = _SHAPES.get(tag.removeprefix(M)) if tag.startswith(M) else None
    if shape:
        return shape(element)
    return "" if tag.endswith("Pr") else _row(element)


def _of(element: etree._Element, name: str) -> str:
    return _row(element.find(f"{M}{name}")).strip()


def _set(element: etree._Element, name: str, default: str) -> str:
    """Return a setting of a shape; set to nothing it is nothing."""
    found = element.find(f"{M}{element.tag.removeprefix(M)}Pr/{M}{name}")
    return default if found is None else found.get(f"{M}val", default if name == "show" else "")


def _held(text: str) -> str:
    """Return a term in brackets, unless it is one thing by itself."""
    return f"({text})" if _OPERATOR.search(text.strip()) else text


def _fraction(element: etree._Element) -> str:
    above, below = _of(element, "num"), _of(element, "den")
    if _set(element, "type", "bar") == "noBar":
        return f"({above} {below})"
    return f"{_held(above)}/{_held(below)}"


def _shifted(element: etree._Element) -> str:
    """Return a base with what stands at its corners."""
    base = _held(_of(element, "e"))
    below = _corner(_of(element, "sub"), "subscript", "_")
    return f"{base}{below}{_corner(_of(element, 'sup'), 'superscript', '^')}"


def _corner(text: str, position: str, sign: str) -> str:
    if not text:
        return ""
    small = on_the_line(text, position)
    return small if small != text else f"{sign}({text})"


def _before(element: etree._Element) -> str:
    below = _corner(_of(element, "sub"), "subscript", "_")
    return f"{_corner(_of(element, 'sup'), 'superscript', '^')}{below}{_of(element, 'e')}"


def _root(element: etree._Element) -> str:
    return f"{_corner(_of(element, 'deg'), 'superscript', '^')}√({_of(element, 'e')})"


def _many(element: etree._Element) -> str:
    """Return a sum, product or integral with its bounds."""
    sign = _set(element, "chr", "∫")
    bounds = ""
    for name, mark in (("sub", "_"), ("sup", "^")):
        if text := _of(element, name):
            bounds += f"{mark}({text})"
    return f"{sign}{bounds} {_of(element, 'e')}"


def _bracketed(element: etree._Element) -> str:
    between = _set(element, "sepChr", "|")
    inner = between.join(_row(part).strip() for part in element.findall(f"{M}e"))
    return f"{_set(element, 'begChr', '(')}{inner}{_set(element, 'endChr', ')')}"


def _function(element: etree._Element) -> str:
    return f"{_of(element, 'fName')} {_of(element, 'e')}"


def _accented(element: etree._Element) -> str:
    base, accent = _of(element, "e"), _set(element, "chr", "\u0302")
    return f"{base}{accent}" if len(base) == 1 else f"({base}){accent}"


def _barred(element: etree._Element) -> str:
    base = _of(element, "e")
    return f"{base}\u0305" if len(base) == 1 else f"({base})\u0305"


def _bounded(element: etree._Element) -> str:
    sign = "_" if element.tag == f"{M}limLow" else "^"
    return f"{_of(element, 'e')}{sign}({_of(element, 'lim')})"


def _lines(element: etree._Element) -> str:
    return "; ".join(_row(part).strip() for part in element.findall(f"{M}e"))


def _matrix(element: etree._Element) -> str:
    rows = (
        ", ".join(_row(cell).strip() for cell in row.findall(f"{M}e"))
        for row in element.findall(f"{M}mr")
    )
    return f"[{'; '.join(rows)}]"


def _unseen(element: etree._Element) -> str:
    return "" if _set(element, "show", "1") in ("0", "off", "false") else _of(element, "e")


_SHAPES: dict[str, Callable[[etree._Element], str]] = {
    "f": _fraction,
    "sSup": _shifted,
    "sSub": _shifted,
    "sSubSup": _shifted,
    "sPre": _before,
    "rad": _root,
    "nary": _many,
    "d": _bracketed,
    "func": _function,
    "acc": _accented,
    "bar": _barred,
    "limLow": _bounded,
    "limUpp": _bounded,
    "eqArr": _lines,
    "m": _matrix,
    "phant": _unseen,
}
"""The shapes that need more than their parts side by side."""
