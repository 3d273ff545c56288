"""What stands on a page beside the essay: running heads and page numbers, watermarks, the words
in a drawing."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

from .sheet import SENTENCE_END, WIDE, Line, Sheet, plain, rows_of

_EDGE = 3
"""Rows at the top and the bottom of a page among which running heads are looked for."""

_COUNT = r"(?:\d{1,4}|[ivxlc]{1,6}|[一二三四五六七八九十百〇零]{1,5})"
_PAGE_NUMBER = re.compile(
    rf"[-—–·.~～\s]*(?:第\s*{_COUNT}\s*[页頁]|(?i:page)\s+\d{{1,4}}|[Pp]\.?\s?\d{{1,4}}|\d{{1,4}}|[ivxl]{{1,5}})"
    rf"(?:\s*[页頁])?(?:\s*(?:of|[/／,，])?\s*[共/／]?\s*\d{{1,4}}\s*[页頁]?)?[-—–·.~～\s]*"
    rf"|[-—–·]\s*{_COUNT}\s*[-—–·]"
)
_PRINTED = re.compile(
    r"\d{1,4}[/年.-]\d{1,2}[/月.-]\d{2,4}日?,?\s+(?:[上下]午\s*)?\d{1,2}:\d{2}(?:\s*[AP]M)?(?:\s.*)?"
    r"|(?:https?|file|about):\S*(?:\s+\d+/\d+)?|\S{0,200}\s*\d+/\d+"
)
"""What browsers print above and below a page: time and title, address and page number."""

_LONGEST_LABEL = 15
"""Characters of a word in a drawing; what is longer is read as text."""

_LONGEST_HEAD = 60
"""Characters of a running head."""

_LONGEST_MARK = 40
"""Characters of a watermark."""


_MOST_BESIDE = 80
"""Pieces of a row among which the same piece is looked for."""


def without_overprints(sheet: Sheet) -> None:
    """Take off what is printed a second time where it stands: that is how some make bold type."""
    twins: set[int] = set()
    for row in rows_of([line for line in sheet.lines if not line.way]):
        for line in row[:_MOST_BESIDE]:
            if any(
                other is not line and id(other) not in twins and _prints(other, line)
                for other in row[:_MOST_BESIDE]
            ):
                twins.add(id(line))
    sheet.lines = [line for line in sheet.lines if id(line) not in twins]


def _prints(line: Line, again: Line) -> bool:
    """Tell whether a line holds what is printed again, at the same place."""
    near = 0.6 * line.size
    if again.x0 < line.x0 - near or again.x1 > line.x1 + near or again.size != line.size:
        return False
    whole, part = re.sub(r"\s", "", line.text), re.sub(r"\s", "", again.text)
    if part not in whole or abs(line.bottom - again.bottom) > 0.2 * line.size:
        return False
    unit = line.width / max(_units(whole), 0.5)
    places = (m.start() for m in re.finditer(f"(?={re.escape(part)})", whole))
    return any(abs(line.x0 + unit * _units(whole[:at]) - again.x0) < near for at in places)


def _units(text: str) -> float:
    return sum(1 if WIDE.match(char) else 0.5 for char in text)


_MOST_UPRIGHT = 500
"""Lines of a page that are looked at for what lies over them."""


def without_marks(sheets: list[Sheet], body: float) -> tuple[list[str], list[str]]:
    """Take watermarks and the words of drawings off the pages; return both.

    A watermark is slanted, or turned or light and repeated, or lies over the text: light, large,
    or on several pages. What is turned only once is read.
    """
    seen: dict[tuple, set[int]] = defaultdict(set)
    for sheet in sheets:
        for line in sheet.lines:
            seen[_place(line)].add(sheet.number)
    marks: dict[str, None] = {}
    drawn: list[str] = []
    for sheet in sheets:
        upright = [line for line in sheet.lines if not line.way][:_MOST_UPRIGHT]
        kept = []
        for line in sheet.lines:
            often = len(seen[_place(line)])
            if line.way == "drawing" and _is_label(line):
                drawn.append(line.text)
            elif _is_mark(line, often, len(sheets), upright, body):
                marks[line.text] = None
            else:
                kept.append(line)
        sheet.lines = kept
    return list(marks), drawn


def _place(line: Line) -> tuple:
    return line.text, line.way, round(line.x0 / 6), round(line.top / 6)


def _is_label(line: Line) -> bool:
    return len(line.text) <= _LONGEST_LABEL and line.text[-1] not in SENTENCE_END


def _is_mark(line: Line, often: int, pages: int, upright: list[Line], body: float) -> bool:
    repeated = often > 1 and often * 2 >= pages
    light, large = line.colour == "light", line.size > 2 * body
    if not (line.way or light or repeated or large) or line.way in ("down", "drawing"):
        return False
    if len(line.text) > _LONGEST_MARK or not re.search(r"\w", line.text):
        return False
    if line.way == "slanted":
        return True
    if line.way or (light and repeated):
        return light or repeated
    over = sum(
        min(line.x1, other.x1) - max(line.x0, other.x0) > other.size
        and min(line.bottom, other.bottom) - max(line.top, other.top) > 0.3 * other.size
        for other in upright
        if other is not line and other.text != line.text
    )
    return over > (0 if light or repeated else 1)


def without_running_heads(sheets: list[Sheet], body: float) -> list[str]:
    """Drop page numbers, what a browser printed at the edges, and lines pages repeat there; return
    what was dropped of each page.

    Odd and even pages may have heads of their own, and the first of a chapter none. What is set
    larger than the text, or in a table, is none.
    """
    edges = {sheet.number: _edges(sheet) for sheet in sheets}
    repeated: Counter[tuple] = Counter()
    pages: Counter[int] = Counter()
    whole: set[tuple] = set()
    for sheet in sheets:
        content = tuple(line.text for line in sheet.lines)
        if len(content) > _EDGE and content in whole:
            continue  # the page once more, its text is no head
        whole.add(content)
        parities = 2, sheet.number % 2
        pages.update(parities)
        repeated.update({(n, *_masked(row)) for row in edges[sheet.number] for n in parities})
    said = []
    for sheet in sheets:
        dropped: set[int] = set()
        rows = edges[sheet.number]
        for number, row in enumerate(rows):
            outermost = number in (0, len(rows) - 1)
            text = " ".join(plain(line.text) for line in row)
            often = any(
                repeated[parity, *_masked(row)] >= 2
                and repeated[parity, *_masked(row)] * 2 > pages[parity]
                for parity in (2, sheet.number % 2)
            )
            if (
                (often and _could_run(row, sheet, body) and not _is_of_text(number, rows, sheet))
                or (outermost and _PAGE_NUMBER.fullmatch(text))
                or ((outermost or len(sheets) == 1) and _PRINTED.fullmatch(text))
            ):
                dropped.update(id(line) for line in row)
            elif outermost:  # a page number beside the author's own words
                dropped.update(
                    id(line) for line in (row[0], row[-1]) if len(row) > 1 and _numbers(line, rows)
                )
        dropped.update(
            id(line)
            for line in sheet.lines
            if line.way == "turned" and _PAGE_NUMBER.fullmatch(plain(line.text))
        )
        if heads := [plain(line.text).strip() for line in sheet.lines if id(line) in dropped]:
            said.append("　".join(heads))
            sheet.lines = [line for line in sheet.lines if id(line) not in dropped]
    return said


def _edges(sheet: Sheet) -> list[list[Line]]:
    rows = rows_of([line for line in sheet.lines if not line.way])
    return rows[:_EDGE] + rows[max(_EDGE, len(rows) - _EDGE) :]


def _masked(row: list[Line]) -> tuple[str, float, int]:
    """Return what repeats of a running head: the title it shows is set larger where it stands."""
    text = re.sub(r"\d+", "#", " ".join(plain(line.text) for line in row))
    text = re.sub(rf"(?<=第){_COUNT}(?=[页頁])", "#", text)
    return text, row[0].size, 0


def _could_run(row: list[Line], sheet: Sheet, body: float) -> bool:
    """Tell whether a row that pages repeat may be a head: no title, no row of a table, no text."""
    line = row[0]
    middle = (line.top + line.bottom) / 2
    if line.size > 1.12 * body or sum(len(e.text) for e in row) > _LONGEST_HEAD:
        return False
    if re.match("附[件录錄表]", line.text):
        return False
    if any(r[2] - r[0] < 3 and r[1] < middle < r[3] for r in sheet.rules):
        return False
    within = 0.12 * sheet.height < line.top < 0.85 * sheet.height
    return not (within and len(row) == 1 and line.text[-1] in "。！？")


def _is_of_text(number: int, rows: list[list[Line]], sheet: Sheet) -> bool:
    """Tell whether a row is a line of the text: of its size, as wide as it, and close to it."""
    line, *more = rows[number]
    beside = [rows[n][0] for n in (number - 1, number + 1) if 0 <= n < len(rows)]
    widest = max(e.x1 - e.x0 for e in sheet.lines)
    return not more and any(
        abs(line.size - other.size) < 0.5
        and line.width > 0.85 * widest
        and other.width > 0.85 * widest
        and abs(line.top - other.top) < 2 * line.size
        for other in beside
    )


def _numbers(line: Line, rows: list[list[Line]]) -> bool:
    """Tell whether a piece of the outermost row is its page number, - 3 - say."""
    return bool(re.fullmatch(r"[-—–·]\s*\d{1,4}\s*[-—–·]|第\s*\d{1,4}\s*[页頁]", plain(line.text)))


def numbers_going_down(sheets: list[Sheet]) -> bool:
    """Tell whether the page numbers at the edges say that the pages are out of order."""
    found = []
    for sheet in sheets:
        rows = _edges(sheet)
        if not rows:
            continue
        for row in (rows[-1], rows[0]):
            text = plain(" ".join(line.text for line in row))
            match = re.fullmatch(r"[-—–·\s]*(?:第\s*)?(\d{1,4})(?:\s*[页頁])?[-—–·\s]*", text)
            if match:
                found.append(int(match[1]))
                break
    return len(found) > 2 and any(a > b > 1 for a, b in pairwise(found))
