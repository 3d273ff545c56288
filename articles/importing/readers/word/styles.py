"""What the styles of a Word file say of a paragraph or a run, themselves or by descent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from .elements import W, count, switched, value

_HEADING = re.compile(r"(?:heading|标题|標題) ?([1-9])", re.IGNORECASE)
_TITLE = ("title", "标题", "標題")
_NEVER_HEADINGS = ("subtitle", "副标题", "副標題")
_QUOTES = ("quote", "intense quote", "block text", "引用", "明显引用", "鮮明引文")
_CONTENTS = re.compile(
    r"(?:toc|contents|目录|目錄|wpsoffice手动目录) ?[1-9]|(?:toc|contents) heading", re.IGNORECASE
)
_MOST_ANCESTORS = 20
_BODY = 9  # the outline level of what is no heading


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph is by its style. `level`: 1 of the title, 2 and deeper of headings."""

    level: int = 0
    quote: bool = False
    contents: bool = False
    caption: bool = False
    number: str = ""  # of the list it belongs to
    depth: str = ""


class Styles:
    """The styles of a file by their ids."""

    def __init__(self, root: etree._Element | None):
        found = root.findall(f"{W}style") if root is not None else []
        self._styles = {style.get(f"{W}styleId"): style for style in found}
        self._normal = next(
            (
                style.get(f"{W}styleId")
                for style in found
                if style.get(f"{W}default") in ("1", "true")
                and style.get(f"{W}type") != "character"
            ),
            "",
        )
        self._paragraphs: dict[str, ParagraphStyle] = {}
        self._switches: dict[tuple[str, str], bool] = {}

    def paragraph(self, key: str) -> ParagraphStyle:
        """Return what the style says; without one, what that of ordinary paragraphs does."""
        if key not in self._paragraphs:
            self._paragraphs[key] = self._read(key)
        return self._paragraphs[key]

    def is_on(self, key: str, name: str) -> bool:
        """Tell whether a style or one it descends from switches a property of its text on."""
        if (key, name) not in self._switches:
            said = (switched(style.find(f"{W}rPr"), name) for style in self._line(key))
            self._switches[key, name] = bool(next((s for s in said if s is not None), False))
        return self._switches[key, name]

    def raised(self, key: str) -> str:
        """Return `superscript` or `subscript` where a style of characters says so."""
        if not key:
            return ""
        said = (value(style, "rPr/vertAlign") for style in self._line(key))
        return next(filter(None, said), "")

    def list_of(self, key: str) -> str:
        """Return the number of the list that a style stands for."""
        return value(self._styles.get(key), "pPr/numPr/numId")

    def _line(self, key: str) -> Iterator[etree._Element]:
        """Yield a style and those it descends from."""
        key = key or self._normal
        for _ in range(_MOST_ANCESTORS):
            style = self._styles.get(key)
            if style is None:
                return
            yield style
            key = value(style, "basedOn")

    def _read(self, key: str) -> ParagraphStyle:
        level: int | None = None
        quote = contents = caption = False
        number = depth = ""
        line = list(self._line(key))
        for style in line:
            name = value(style, "name").strip().lower()
            number = number or value(style, "pPr/numPr/numId")
            depth = depth or value(style, "pPr/numPr/ilvl")
            quote = quote or name in _QUOTES
            contents = contents or bool(_CONTENTS.fullmatch(name))
            caption = caption or name == "caption"
            if level is None:
                level = _level(name, value(style, "pPr/outlineLvl"))
        if not line and (match := re.fullmatch(r"Heading([1-9])", key)):
            level = int(match[1]) + 1  # a file without its styles
        return ParagraphStyle(level or 0, quote, contents, caption, number, depth)


def _level(name: str, outline: str) -> int | None:
    if name in _TITLE:
        return 1
    if name in _NEVER_HEADINGS:
        return 0
    if match := _HEADING.fullmatch(name):
        return int(match[1]) + 1
    return outline_level(outline)


def outline_level(outline: str) -> int | None:
    """Return the level of a heading for a stated place in the outline; None where none is."""
    if not outline:
        return None
    place = count(outline, _BODY)
    return place + 2 if place < _BODY else 0
