"""Numbers that Word sets in front of headings by itself: they are not in the text of the file."""

from collections.abc import Callable

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_HEADINGS = ("heading ", "标题 ", "標題 ")
_MOST_LEVELS = 9


def _chinese(number: int) -> str:
    """Return 1 to 99 as headings count: 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    return (("" if tens == 1 else _DIGITS[tens]) + "十" if tens else "") + (
        _DIGITS[ones] if ones or not tens else ""
    )


def _roman(number: int) -> str:
    out = ""
    for value, letters in zip((10, 9, 5, 4, 1), ("X", "IX", "V", "IV", "I"), strict=True):
        out += letters * (number // value)
        number %= value
    return out


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "taiwaneseDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
}
"""How Word writes numbers, by the names of ECMA-376; others come out as Arabic ones."""


class _List:
    """A list of headings: how each level is written, and how far it has counted."""

    def __init__(self, abstract: etree._Element):
        self.levels: dict[int, tuple[int, str, str]] = {}
        for level in abstract.findall(f"{_W}lvl"):
            start, form, text = (_value(level, name) for name in ("start", "numFmt", "lvlText"))
            self.levels[_number(level.get(f"{_W}ilvl"), 0)] = (_number(start, 1), form, text)
        self.counts: dict[int, int] = {}

    def next(self, level: int) -> str:
        """Count one on and return what Word shows: `一、`, `1.2`."""
        start, form, text = self.levels.get(level, (1, "none", ""))
        self.counts[level] = self.counts.get(level, start - 1) + 1
        for deeper in range(level + 1, _MOST_LEVELS):
            self.counts.pop(deeper, None)
        if form in ("none", "bullet"):
            return ""
        for above in range(level + 1):
            first, above_form, _ = self.levels.get(above, (1, "decimal", ""))
            shown = _FORMS.get(above_form, str)(self.counts.get(above, first))
            text = text.replace(f"%{above + 1}", shown)
        return text[:20]


def _value(element: etree._Element | None, name: str) -> str:
    found = element.find(f"{_W}{name}") if element is not None else None
    return (found.get(f"{_W}val") or "") if found is not None else ""


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else default


def number_headings(
    document: etree._Element, styles: etree._Element, numbering: etree._Element
) -> bool:
    """Write their numbers into the headings of a document; tell whether any has one."""
    abstracts = {a.get(f"{_W}abstractNumId"): a for a in numbering.findall(f"{_W}abstractNum")}
    lists: dict[str, _List] = {}  # headings of one list count on, whatever paragraph names it
    by_number = {}
    for entry in numbering.findall(f"{_W}num"):
        abstract = _value(entry, "abstractNumId")
        if abstract in abstracts:
            own = lists.setdefault(abstract, _List(abstracts[abstract]))
            by_number[entry.get(f"{_W}numId")] = own
    headings: dict[str, tuple[str, str]] = {}  # style → its list and level
    for style in styles.findall(f"{_W}style"):
        if _value(style, "name").lower().startswith(_HEADINGS):
            place = style.find(f"{_W}pPr/{_W}numPr")
            headings[style.get(f"{_W}styleId")] = _value(place, "numId"), _value(place, "ilvl")
    changed = False
    for paragraph in document.iter(f"{_W}p"):
        properties = paragraph.find(f"{_W}pPr")
        style = _value(properties, "pStyle")
        if style not in headings:
            continue
        place = properties.find(f"{_W}numPr")
        number, level = _value(place, "numId"), _value(place, "ilvl")
        number, level = number or headings[style][0], level or headings[style][1]
        first = next(paragraph.iter(f"{_W}t"), None)
        if number not in by_number or first is None or not "".join(paragraph.itertext()).strip():
            continue
        shown = by_number[number].next(min(_number(level, 0), _MOST_LEVELS - 1))
        if shown:
            gap = " " if shown[-1].isalnum() and shown[-1].isascii() else ""
            first.text = f"{shown}{gap}{first.text or ''}"
            changed = True
    return changed
