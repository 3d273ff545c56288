"""Formulas of web pages (MathML) as one line of text."""

import re

from lxml import etree

from .raised import on_the_line

_SKIPPED = frozenset(("annotation", "annotation-xml", "none", "mprescripts", "maction", "mphantom"))
_DRAWN_AGAIN = re.compile(r"katex-mathml|MJX|mwe-math-mathml", re.IGNORECASE)
"""Classes round a formula that stands beside its own picture or drawing."""


def stands_alone(formula: etree._Element) -> bool:
    """Tell whether the page shows the formula only by this: else it would come twice."""
    above = formula.getparent()
    return above is None or not _DRAWN_AGAIN.search(above.get("class") or above.tag)


def in_a_line(formula: etree._Element, depth: int = 0) -> str:
    """Return a formula as people type it: (a+b)/c, x², √(y)."""
    tag = formula.tag
    if not isinstance(tag, str) or tag in _SKIPPED or depth > 40:
        return ""
    parts = [in_a_line(child, depth + 1) for child in formula]
    if tag == "mfrac" and len(parts) == 2:
        return "/".join(_grouped(part) for part in parts)
    if tag == "msup" and len(parts) == 2:
        return parts[0] + on_the_line(parts[1], "superscript")
    if tag == "msub" and len(parts) == 2:
        return parts[0] + on_the_line(parts[1], "subscript")
    if tag in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0]}_({parts[1]})^({parts[2]})"
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag == "mroot" and len(parts) == 2:
        return f"({parts[0]})^(1/{parts[1]})"
    if tag == "mtr":
        return ", ".join(parts)
    if tag == "mtable":
        return "; ".join(parts)
    return "".join((formula.text or "").split()) + "".join(parts)


def _grouped(part: str) -> str:
    return part if re.fullmatch(r"\w*", part) else f"({part})"
