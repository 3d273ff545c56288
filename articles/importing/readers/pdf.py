"""PDF: lines joined to paragraphs again, page numbers and running heads dropped."""

import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ..source import Hints, Mark, SourceText, UnreadableFile
from . import pdf_lines

_SECONDS = pdf_lines.SECONDS * 2
"""Time the reading may take by the clock, on a machine busy with other things."""

_ERRORS = {
    "locked": "The PDF file is locked with a password. Print it to a new PDF without one.",
    "damaged": "The PDF file is damaged or cut short. Fetch it again, or print it to a new PDF.",
    "large": "The PDF file asks for too much time or memory. Print it to a new PDF, or split it.",
}

_PAGE_NUMBER = re.compile(
    r"[-—–·.\s]*(?:第\s*)?(?:\d{1,4}|[ivxl]{1,5})(?:\s*[页頁])?(?:\s*[/／共]\s*(?:共\s*)?\d{1,4}\s*[页頁]?)?[-—–·.\s]*"
)
_PRINTED = re.compile(
    r"\d{1,4}[/年.-]\d{1,2}[/月.-]\d{2,4}日?,?\s+(?:[上下]午\s*)?\d{1,2}:\d{2}(?:\s*[AP]M)?(?:\s.*)?"
    r"|(?:https?|file|about):\S*(?:\s+\d+/\d+)?|\S{0,200}\s*\d+/\d+"
)
"""What browsers print above and below a page: time and title, address and page number."""

_EDGE = 3
"""Lines at the top and the bottom of a page among which running heads are looked for."""

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’…—·]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")  # ﬁ is how a font draws fi
_HEADING_RATIO = 1.12
"""How much larger than the text a heading is set: 小四 (12 pt) to 四号 (14 pt) is 1.17."""

_LEAST = 10
"""Letters of a document that has text; a scan has none, or a stamp."""


@dataclass(slots=True)
class Line:
    """A line of a page; x0 to x1 in points, `top` counted downwards."""

    page: int
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    text: str
    column: int = 0


def read_pdf(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a PDF that has text; of one that was scanned the error says so."""
    if b"%PDF-" not in raw[:1024]:
        raise UnreadableFile("The file is named .pdf but is no PDF. Fetch it again.")
    result = _lines_of(raw)
    pages = result["pages"]
    if len(pages) > pdf_lines.MOST_PAGES:
        raise UnreadableFile(
            f"The PDF has over {pdf_lines.MOST_PAGES} pages. Split it into essays."
        )
    lines = [line for number, page in enumerate(pages) for line in _page_lines(number, *page)]
    letters = len(re.findall(r"\w", re.sub(r"\(cid:\d+\)", "", "".join(e.text for e in lines))))
    unknown = sum(line.text.count("(cid:") for line in lines)
    if unknown > letters // 10 + 5:
        raise UnreadableFile(
            "The fonts of the PDF do not say which characters they show. Copy the text from a "
            "viewer, or use text recognition (OCR)."
        )
    if letters < _LEAST:
        raise UnreadableFile(
            "There is no text in the PDF: it is a scan, pictures of pages. Run text recognition "
            "(OCR) on it first."
        )
    lines = _without_running_heads(lines, len(pages))
    text, marks = _paragraphs(lines)
    info = result.get("info", {})
    hints = Hints(
        title=info.get("Title", ""),
        authors=(info["Author"],) if info.get("Author") else (),
        origin="property",
    )
    return SourceText(text, "pdf", marks=marks, hints=hints)


def _lines_of(raw: bytes) -> dict:
    """Have the PDF taken apart in a process of its own, see `pdf_lines.py`."""
    program = [sys.executable, "-I", str(Path(pdf_lines.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, the file goes to its standard input
            program, input=raw, capture_output=True, timeout=_SECONDS, check=False
        )
        result = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise UnreadableFile(_ERRORS["large"]) from None
    if error := result.get("error"):
        raise UnreadableFile(_ERRORS[error])
    return result


def _page_lines(number: int, height: float, entries: list) -> list[Line]:
    """Return the lines of a page in reading order."""
    lines = []
    for x0, y0, x1, y1, size, text in entries:
        text = _spaced(text)
        if text:
            lines.append(Line(number, x0, x1, height - y1, height - y0, size, text))
    if not lines:
        return []
    left, right = min(e.x0 for e in lines), max(e.x1 for e in lines)
    middle = (left + right) / 2
    beside = sum(
        1
        for a in lines
        if a.x1 < middle
        and len(a.text) > 8
        and any(
            b.x0 > middle - 5 and len(b.text) > 8 and abs(a.top - b.top) < a.size for b in lines
        )
    )
    if beside * 3 > len(lines):
        return _columns(lines, middle)
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.bottom):
        if rows and abs(rows[-1][0].bottom - line.bottom) < line.size / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in _joined(sorted(row, key=lambda line: line.x0))]


def _joined(row: list[Line]) -> list[Line]:
    """Return what stands beside each other as one line, but not what lies on top of another."""
    lines = row[:1]
    for line in row[1:]:
        last = lines[-1]
        if line.x0 >= last.x1 - 1:
            last.text, last.x1 = f"{last.text} {line.text}", line.x1
        else:
            lines.append(line)
    return lines


def _columns(lines: list[Line], middle: float) -> list[Line]:
    """Return the lines of a page in two columns; what runs across both parts it in bands."""
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: line.bottom):
        if line.x0 < middle - 5 and line.x1 > middle + 5:
            ordered += [*sorted(band, key=lambda e: (e.column, e.bottom)), line]
            band = []
        else:
            line.column = 1 if line.x0 >= middle - 5 else 0
            band.append(line)
    return ordered + sorted(band, key=lambda e: (e.column, e.bottom))


def _spaced(text: str) -> str:
    """Return a line with the guessed spaces (U+001F) between Chinese characters taken out."""
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = re.sub(rf"(?<={_WIDE.pattern})\x1f+|\x1f+(?={_WIDE.pattern})", "", text)
    return re.sub(r"\s+", " ", text.replace("\x1f", " ")).strip(" ")


def _without_running_heads(lines: list[Line], pages: int) -> list[Line]:
    """Drop page numbers, what a browser printed at the edges, and lines most pages repeat."""
    edges: dict[int, list[Line]] = {}
    for line in lines:
        edges.setdefault(line.page, []).append(line)
    repeated: Counter[tuple[str, float]] = Counter()
    near: dict[int, list[Line]] = {}
    for page, own in edges.items():
        own.sort(key=lambda line: line.top)
        near[page] = own[:_EDGE] + own[max(_EDGE, len(own) - _EDGE) :]
        repeated.update({_masked(line) for line in near[page]})
    dropped = set()
    for own in near.values():
        for number, line in enumerate(own):
            outermost = number == 0 or number == len(own) - 1
            often = repeated[_masked(line)]
            if (
                (pages > 2 and often * 2 > pages)
                or (pages == 2 and often == 2)
                or (outermost and _PAGE_NUMBER.fullmatch(line.text))
                or ((outermost or pages == 1) and _PRINTED.fullmatch(line.text))
            ):
                dropped.add(id(line))
    return [line for line in lines if id(line) not in dropped]


def _masked(line: Line) -> tuple[str, float]:
    """Return what repeats of a running head: the title it shows is set larger where it stands."""
    return re.sub(r"\d+", "#", line.text), line.size


def _paragraphs(lines: list[Line]) -> tuple[str, tuple[Mark, ...]]:
    """Join lines to paragraphs; larger type makes a heading.

    A new paragraph begins where a line is indented, stands apart, is set in another size, or
    where the line before stops short of the margin.
    """
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    body = weights.most_common(1)[0][0]
    margins = _margins(lines, body)
    gaps = sorted(
        round(b.bottom - a.bottom, 1)
        for a, b in pairwise(lines)
        if a.page == b.page and a.column == b.column and 0 < b.bottom - a.bottom < 4 * body
    )
    gap = gaps[len(gaps) // 3] if gaps else body * 1.5
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1][-1], line, margins, gap, body):
            groups[-1].append(line)
        else:
            groups.append([line])
    sizes = sorted({g[0].size for g in groups if _larger(g, body)}, reverse=True)
    parts, marks, position = [], [], 0
    for group in groups:
        text = group[0].text
        for line in group[1:]:
            wide = _WIDE.match(text[-1]) or _WIDE.match(line.text)
            text += line.text if wide else f" {line.text}"
        if group[0].size in sizes and len(text) <= 80:
            level = min(sizes.index(group[0].size) + 1, 6)
            marks.append(Mark("heading", position, position + len(text), level))
        parts.append(text)
        position += len(text) + 1
    return "\n".join(parts), tuple(marks)


def _larger(group: list[Line], body: float) -> bool:
    return group[0].size >= body * _HEADING_RATIO and sum(len(e.text) for e in group) <= 80


def _margins(lines: list[Line], body: float) -> dict[tuple[int, int], tuple[float, float]]:
    """Return the left and right margin of the text of each page and column."""
    found: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        if abs(line.size - body) < 0.6:
            found.setdefault((line.page, line.column), []).append(line)
    margins = {}
    for place, own in found.items():
        long = [line for line in own if len(line.text) > 12] or own
        margins[place] = min(line.x0 for line in long), max(line.x1 for line in long)
    return margins


def _continues(last: Line, line: Line, margins: dict, gap: float, body: float) -> bool:
    if abs(last.size - line.size) > 0.6:
        return False
    same_column = (last.page, last.column) == (line.page, line.column)
    if abs(line.size - body) > 0.6:  # a heading over two lines
        return line.size > body and same_column and line.bottom - last.bottom < line.size * 2.2
    left, _ = margins.get((line.page, line.column), (line.x0, line.x1))
    _, right = margins.get((last.page, last.column), (last.x0, last.x1))
    if same_column and line.bottom - last.bottom > gap * 1.35:
        return False
    # A word that may not be parted, or a mark that may not open a line, makes one shorter.
    short = body * (1.8 if last.text[-1] in "。！？：；”…" else 4)
    return line.x0 < left + body * 0.8 and last.x1 > right - short
