"""Numbers that Word sets in front of paragraphs by itself: they are not in the text of the file."""

import re
from dataclasses import dataclass

from lxml import etree

from .counting import FORMS
from .elements import W, count, switched, value
from .styles import Styles

_MOST_LEVELS = 9
_LONGEST_NUMBER = 20
_PLAIN = re.compile(r"(?:%[1-9]\.?)?\s*")


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list is counted and written."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int = _MOST_LEVELS  # anew below this many levels above; 0: never
    arabic: bool = False  # the levels above too
    style: str = ""  # paragraphs of which are at this level


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph's place in a list. `run` names what counts on in one go."""

    number: str
    depth: int
    run: str
    bullet: bool
    plain: bool  # `1.` or nothing: as a list is shown wherever it is shown


class Numbering:
    """The lists of a file, how each level is written, and how far it has counted."""

    def __init__(self, root: etree._Element | None, styles: Styles):
        self._styles = styles
        self._lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        abstracts = {a.get(f"{W}abstractNumId"): a for a in root.findall(f"{W}abstractNum")}
        entries = {entry.get(f"{W}numId"): entry for entry in root.findall(f"{W}num")}
        for number, entry in entries.items():
            abstract = abstracts.get(value(entry, "abstractNumId"))
            if linked := value(abstract, "numStyleLink"):
                other = entries.get(styles.list_of(linked))
                abstract = abstracts.get(value(other, "abstractNumId"), abstract)
            if abstract is None:
                continue
            levels = _levels(abstract)
            starts = {}
            for change in entry.findall(f"{W}lvlOverride"):
                depth = count(change.get(f"{W}ilvl"), 0)
                levels |= _levels(change)
                if start := value(change, "startOverride"):
                    starts[depth] = count(start, 1)
            self._lists[number] = (abstract.get(f"{W}abstractNumId"), levels, starts)

    def place(self, paragraph: etree._Element | None, style: str) -> Place | None:
        """Return where a paragraph with these properties and style stands, if in a list."""
        by_style = self._styles.paragraph(style)
        own = value(paragraph, "numPr/numId")
        number = own or by_style.number
        if number not in self._lists:
            return None
        abstract, levels, starts = self._lists[number]
        stated = value(paragraph, "numPr/ilvl") or ("" if own else by_style.depth)
        linked = (d for d, level in levels.items() if style and level.style == style)
        depth = count(stated, 0) if stated else next(linked, 0)
        depth = min(depth, _MOST_LEVELS - 1)
        if depth not in levels:
            return None
        level = levels[depth]
        bullet = level.form == "bullet"
        plain = bullet or (level.form == "decimal" and bool(_PLAIN.fullmatch(level.text)))
        run = f"{number} alone" if starts else abstract
        return Place(number, depth, run, bullet, plain)

    def next(self, place: Place) -> tuple[int, str]:
        """Count one on and return the number, and what Word shows: `一、`, `第二条　`, `1.2 `."""
        abstract, levels, starts = self._lists[place.number]
        level = levels[place.depth]
        counts = self._counts.setdefault(abstract, {})  # what shares a definition counts on
        before = counts.get(place.depth, level.start - 1)
        if (place.number, place.depth) not in self._begun:
            self._begun.add((place.number, place.depth))
            before = starts.get(place.depth, before + 1) - 1
        counts[place.depth] = before + 1
        for deeper in range(place.depth + 1, _MOST_LEVELS):
            if place.depth < levels.get(deeper, _Level()).restart:
                counts.pop(deeper, None)
        if place.bullet:
            return counts[place.depth], ""
        text = level.text
        for above in range(place.depth + 1):
            upper = levels.get(above, _Level())
            form = "decimal" if level.arabic and upper.form != "none" else upper.form
            shown = FORMS.get(form, str)(counts.get(above, upper.start))
            text = text.replace(f"%{above + 1}", shown)
        return counts[place.depth], _spaced(text[:_LONGEST_NUMBER], level.suffix)


def _levels(parent: etree._Element) -> dict[int, _Level]:
    levels = {}
    for element in parent.findall(f"{W}lvl"):
        depth = count(element.get(f"{W}ilvl"), 0)
        form = next(element.iter(f"{W}numFmt"), None)
        levels[depth] = _Level(
            start=count(value(element, "start"), 1),
            form=(form.get(f"{W}val") if form is not None else None) or "decimal",
            text=value(element, "lvlText"),
            suffix=value(element, "suff") or "tab",
            restart=count(value(element, "lvlRestart"), depth),
            arabic=bool(switched(element, "isLgl")),
            style=value(element, "pStyle"),
        )
    return levels


def _spaced(shown: str, suffix: str) -> str:
    """Return a number with what has to stand for the tab behind it: `（一）` needs nothing."""
    if suffix == "nothing" or shown.endswith("　"):
        return shown
    shown = shown.rstrip()
    if re.search(r"[0-9A-Za-z]\Z", shown):
        return f"{shown} "
    return f"{shown}　" if re.search(r"[\u3400-\u9fff]\Z", shown) else shown
