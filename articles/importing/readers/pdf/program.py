"""What stands where on the pages of a PDF: run as a program of its own by `assembly.py`.

A PDF is a program, and small ones can ask for any amount of time and memory. Here the system
sets the limit: bytes in on standard input, JSON out on standard output. A page is its height,
`lines` [x0, y0, x1, y1, size, text, way, colour], `rules` and `images` [x0, y0, x1, y1], and
`vertical` where its text runs down; that one is turned, so that its columns are lines.
"""

import contextlib
import io
import json
import logging
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, pairwise

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTPage
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import decode_text

SECONDS, MEMORY = 30, 1536 * 1024 * 1024
OUTPUT = 64 * 1024 * 1024
"""Characters of JSON at most: a book of 300 pages has 6 million."""

MOST_PAGES = 300
"""A book has about so many; they take 0.1 s each [measured]."""

_MOST_RULES = 2000
"""Rules of a page that are looked at: a table of 40 rows has 90; a drawing any number."""

_WIDE_GAP, _OVERLAP = 1.05, 0.7
"""How far apart or over each other two characters of one piece may be, in sizes."""


class Char:
    """A character as it stands on the page."""

    __slots__ = ("angle", "colour", "group", "size", "text", "x0", "x1", "y0", "y1")

    def __init__(self, item: LTChar, group: int):
        self.x0, self.y0, self.x1, self.y1 = item.bbox
        self.text, self.group = item.get_text(), group
        a, b, _, d, _, _ = item.matrix
        self.angle = 0
        if b or a < 0:
            self.angle = round(math.degrees(math.atan2(b, a))) % 360
        self.size = item.size
        if self.angle % 90:  # its box is that of a diamond
            self.size = math.hypot(b, d) * (item.size / (abs(b) + abs(d)) if b or d else 1)
        elif self.angle % 180:
            self.size = item.width
        self.colour = colour_of(str(item.graphicstate.ncolor))

    @property
    def wide(self) -> bool:
        """A character of Chinese, or a mark as wide."""
        return self.text >= "\u2e80"


@cache
def colour_of(stated: str) -> str:
    """Return `light` for text that hardly shows on white, `red` for that of a letterhead."""
    parts = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", stated)]
    if len(parts) == 4:
        parts = [1 - min(1, part + parts[3]) for part in parts[:3]]
    if len(parts) == 3:
        red, green, blue = parts
        if red > 0.6 and green < 0.35 and blue < 0.35:
            return "red"
        parts = [0.3 * red + 0.6 * green + 0.1 * blue]
    return "light" if len(parts) == 1 and 0.68 < parts[0] < 0.97 else ""


class Page:
    """All that a page shows, whatever forms it is put together of."""

    def __init__(self, layout: LTPage):
        self.width, self.height = layout.width, layout.height
        self.chars: list[Char] = []
        self.rules: list[tuple[float, ...]] = []
        self.images: list[tuple[float, ...]] = []
        self.forms: list[LTFigure] = []
        self.curves: Counter[int] = Counter()  # drawn in a form
        self.vertical = False
        self._take(layout, -1)

    def _take(self, items: Iterable, group: int) -> None:
        for item in items:
            if isinstance(item, LTChar):
                self._take_char(Char(item, group))
            elif isinstance(item, LTImage):
                self.images.append(item.bbox)
            elif isinstance(item, LTCurve):
                self._take_rule(item)
                self.curves[group] += 1
            elif isinstance(item, LTFigure):
                self.forms.append(item)
                self._take(item, len(self.forms) - 1)

    def _take_char(self, char: Char) -> None:
        """Take a character unless it was printed twice, as some do to make it bold."""
        if char.size < 0.5 or not char.text:
            return
        if not any(
            last.text == char.text
            and abs(last.y0 - char.y0) < 0.3 * char.size
            and abs(last.x0 - char.x0) < 0.4 * (char.x1 - char.x0)
            for last in self.chars[-2:]
        ):
            self.chars.append(char)

    def _take_rule(self, item: LTCurve) -> None:
        if len(self.rules) >= _MOST_RULES:
            return
        x0, y0, x1, y1 = item.bbox
        if min(x1 - x0, y1 - y0) < 3 and max(x1 - x0, y1 - y0) > 6:
            self.rules.append((x0, y0, x1, y1))
        elif len(item.pts) == 4 and item.stroke and min(x1 - x0, y1 - y0) > 6:
            self.rules += (x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)

    def turn(self, angle: int) -> None:
        """Turn the page so that what runs at this angle runs to the right."""
        width, height = self.width, self.height

        def turned(x0: float, y0: float, x1: float, y1: float) -> tuple[float, ...]:
            if angle == 90:
                return y0, width - x1, y1, width - x0
            if angle == 270:
                return height - y1, x0, height - y0, x1
            return width - x1, height - y1, width - x0, height - y0

        for char in self.chars:
            char.x0, char.y0, char.x1, char.y1 = turned(char.x0, char.y0, char.x1, char.y1)
            char.angle = (char.angle - angle) % 360
        self.rules = [turned(*rule) for rule in self.rules]
        self.images = [turned(*image) for image in self.images]
        if angle != 180:
            self.width, self.height = height, width

    def straighten(self) -> None:
        """Turn the page to the way most of its text runs, and lay columns of vertical text down."""
        angles = Counter(char.angle for char in self.chars)
        if best := max((0, 90, 180, 270), key=lambda angle: angles[angle]):
            self.turn(best)
        level = [char for char in self.chars if not char.angle and char.text.strip()]
        down = right = 0
        for a, b in pairwise(char for char in level if char.wide):
            down += runs_down(a, b, 2.0)
            right += continues(a, b)
        if down > right:
            self.vertical = True
            self.chars = list(stood_side_by_side(self.chars))
            self.turn(270)
            for char in self.chars:
                char.angle = 0 if char.angle in (0, 90) else char.angle
                char.size = char.y1 - char.y0 if char.wide else char.size

    def as_json(self, chars: list[Char]) -> dict:
        verticals = [r for r in self.rules if r[2] - r[0] < 3 and r[3] - r[1] > 6]
        lines = [
            entry(part, self._way(part))
            for piece in pieces(chars)
            for part in parted(piece, verticals)
        ]
        return {
            "height": self.height,
            "width": self.width,
            "vertical": self.vertical,
            "lines": [line for line in lines if line],
            "rules": [[round(n, 1) for n in rule] for rule in self.rules],
            "images": [[round(n, 1) for n in image] for image in self.images],
        }

    def _way(self, piece: list[Char]) -> str:
        """Return how a piece stands: along the line, turned, slanted, down, or in a drawing."""
        if piece[0].angle:
            return "slanted" if piece[0].angle % 90 else "turned"
        if len(piece) > 1 and runs_down(piece[0], piece[1], 1.25):
            return "down"
        if piece[0].group >= 0 and not self.vertical:
            form = self.forms[piece[0].group]
            small = form.width * form.height < self.width * self.height / 2
            if small and self.curves[piece[0].group] > 3:
                return "drawing"
        return ""

    def parts(self) -> Iterator[dict]:
        """Yield the page, or those that stand side by side on it, each put in as a form."""
        groups: dict[int, list[Char]] = {}
        for char in self.chars:
            groups.setdefault(char.group, []).append(char)
        own = groups.pop(-1, [])
        boxes = {group: box(chars) for group, chars in groups.items() if len(chars) >= 60}
        area = self.width * self.height
        split = (
            len(boxes) == len(groups) > 1
            and len(own) * 6 < len(self.chars)
            and all((b[2] - b[0]) * (b[3] - b[1]) > area / 12 for b in boxes.values())
            and not any(
                a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
                for a, b in combinations(boxes.values(), 2)
            )
        )
        if not split:
            yield self.as_json(self.chars)
            return
        order = sorted(boxes, key=lambda g: (-round(boxes[g][3] / self.height * 4), boxes[g][0]))
        for group in order:
            yield self.as_json(groups[group])
        if own:
            yield self.as_json(own)


def box(chars: list[Char]) -> tuple[float, float, float, float]:
    """Return the box that holds these characters."""
    x0, y0 = min(c.x0 for c in chars), min(c.y0 for c in chars)
    return x0, y0, max(c.x1 for c in chars), max(c.y1 for c in chars)


def continues(a: Char, b: Char) -> bool:
    """Tell whether `b` stands to the right of `a` on the same line."""
    size = max(a.size, b.size)
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    return (
        overlap > 0.4 * min(a.y1 - a.y0, b.y1 - b.y0)
        and -_OVERLAP * size < b.x0 - a.x1 < _WIDE_GAP * size
        and b.x1 > a.x0 + 0.1
    )


def runs_down(a: Char, b: Char, reach: float) -> bool:
    """Tell whether `b` stands right below `a`, as in vertical text."""
    size = max(a.size, b.size)
    return abs(a.x0 + a.x1 - b.x0 - b.x1) < 0.5 * size and 0.5 * size < a.y1 - b.y1 < reach * size


def stood_side_by_side(chars: list[Char]) -> Iterator[Char]:
    """Yield the characters of vertical text; 12 set across a column as one, longer runs apart."""
    run: list[Char] = []
    for char in [*chars, None]:
        if char and run and not char.angle and continues(run[-1], char):
            run.append(char)
            continue
        if len(run) in (2, 3) and run[-1].x1 - run[0].x0 < 1.6 * run[0].size:
            run[0].text = "".join(c.text for c in run)
            run[0].x0, run[0].y0, run[0].x1, run[0].y1 = box(run)
            del run[1:]
        for c in run[1:] and run:
            c.angle = 180
        yield from run
        run = [char] if char else []


def pieces(chars: list[Char]) -> Iterator[list[Char]]:
    """Yield runs of characters as they were drawn, each on one line or down one column."""
    piece: list[Char] = []
    for char in chars:
        if piece and char.angle == piece[-1].angle and _goes_on(piece, char):
            piece.append(char)
        else:
            yield from _loose(piece)
            piece = [char]
    yield from _loose(piece)


def _goes_on(piece: list[Char], char: Char) -> bool:
    last = piece[-1]
    if char.angle:
        reach = 2 * max(char.size, last.size)
        across = abs(char.x0 + char.x1 - last.x0 - last.x1) / 2
        return across < reach and abs(char.y0 + char.y1 - last.y0 - last.y1) / 2 < reach
    if len(piece) > 1 and runs_down(piece[0], piece[1], 1.25):
        return runs_down(last, char, 1.25)
    if len(piece) == 1 and last.wide and char.wide and runs_down(last, char, 1.25):
        return True
    return continues(last, char)


def _loose(piece: list[Char]) -> list[list[Char]]:
    """Return a piece; of one that runs down, its characters by themselves if they are few."""
    if 1 < len(piece) < 4 and not piece[0].angle and runs_down(piece[0], piece[1], 1.25):
        return [[char] for char in piece]
    return [piece] if piece else []


def parted(piece: list[Char], verticals: list[tuple[float, ...]]) -> Iterator[list[Char]]:
    """Yield the parts of a piece between the upright rules of a table that cross it."""
    if not verticals or piece[0].angle:
        yield piece
        return
    x0, y0, x1, y1 = box(piece)
    middle = (y0 + y1) / 2
    cuts = sorted(r[0] for r in verticals if r[1] < middle < r[3] and x0 + 1 < r[0] < x1 - 1)
    for cut in cuts:
        left = [char for char in piece if char.x0 + char.x1 < 2 * cut]
        if left:
            yield left
        piece = piece[len(left) :]
    if piece:
        yield piece


def text_of(piece: list[Char]) -> str:
    """Return the characters of a piece; a space only guessed from a small gap as U+001F.

    Justified Chinese is full of such gaps; one as wide as a character is meant.
    """
    parts = [piece[0].text]
    for a, b in pairwise(piece):
        gap = b.x0 - a.x1
        if not a.angle and gap > 0.1 * max(b.x1 - b.x0, b.y1 - b.y0):
            parts.append(" " if gap > 0.9 * b.size else "\x1f")
        parts.append(b.text)
    return "".join(parts)


def entry(piece: list[Char], way: str) -> list | None:
    """Return [x0, y0, x1, y1, size, text, way, colour] of a piece."""
    shown = [place for place, char in enumerate(piece) if char.text.strip(" \n")]
    if not shown:
        return None
    piece = piece[shown[0] : shown[-1] + 1]
    text = "".join(c.text for c in piece) if way == "down" else text_of(piece)
    size = Counter(round(char.size, 1) for char in piece).most_common(1)[0][0]
    colour = Counter(char.colour for char in piece).most_common(1)[0][0]
    return [round(n, 1) for n in box(piece)] + [size, text, way, colour]


def information(document: PDFDocument) -> dict[str, str]:
    """Return title and author of the document information."""
    found = {}
    with contextlib.suppress(Exception):  # what it says is not worth losing the text for
        for info in document.info:
            for name in ("Title", "Author"):
                if isinstance(value := info.get(name), bytes):
                    found[name] = decode_text(value)[:300]
    return found


def limit() -> None:
    """Have the system end this process where a file asks for too much."""
    with contextlib.suppress(ImportError):  # Windows has no such limits; `assembly.py` has a clock
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read(raw: bytes) -> dict:
    """Return the pages of a file, and what it says of itself."""
    document = PDFDocument(PDFParser(io.BytesIO(raw)))
    manager = PDFResourceManager()
    device = PDFPageAggregator(manager)
    interpreter = PDFPageInterpreter(manager, device)
    pages: list[dict] = []
    sheets = 0
    for sheet in PDFPage.create_pages(document):
        sheets += 1
        if sheets > MOST_PAGES:
            break
        interpreter.process_page(sheet)
        page = Page(device.get_result())
        page.straighten()
        pages += page.parts()
    return {"pages": pages, "sheets": sheets, "info": information(document)}


def main() -> None:
    limit()
    logging.disable(logging.CRITICAL)
    raw = sys.stdin.buffer.read()
    try:
        result = read(raw)
    except PDFPasswordIncorrect:
        result = {"error": "locked"}
    except MemoryError:
        result = {"error": "large"}
    except Exception:  # it fails in many ways on files that are cut short
        result = {"error": "damaged"}
    try:
        told = json.dumps(result)
    except MemoryError:
        told = ""
    sys.stdout.write(told if 0 < len(told) <= OUTPUT else '{"error": "large"}')


if __name__ == "__main__":
    main()
