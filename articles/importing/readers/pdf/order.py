"""The reading order of a page: columns by band, where lines keep to their side of a gutter."""

import re
from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from .grid import settled
from .sheet import LABEL, Line, Sheet, plain

_LEAST_BESIDE = 3
"""Lines on each side that stand beside others: two columns."""

_MOST_STARTS = 40
"""Places where lines begin that are tried as the beginning of a column."""

_LEAST_LETTERS = 8
"""Characters a line of a column has on the average; cells of a table have fewer."""

_FOOTNOTE = re.compile(
    r"[①-⑳❶-❿＊*※†‡]|[\[［〔【(（]\s*(?:\d{1,2}|注)\s*[\]］〕】)）]|注\s*[:：]|\d{1,2}[\s.．、]?(?=[\u3400-\u9fff《“A-Z])"
    r"|[\[【(（*]?(?:收稿日期|修回日期|基金项目|基金項目|作者简介|作者簡介|通[讯信]作者|作者单位|作者單位)"
)


_MOST_PIECES = 1500
"""Pieces of a page among which columns are looked for: a newspaper page has about so many."""


@dataclass(slots=True)
class Order:
    """The lines in reading order, the footnotes, and the pages where something is in doubt."""

    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    doubtful: set[int] = field(default_factory=set)
    tables: set[int] = field(default_factory=set)


def in_order(sheets: list[Sheet], body: float) -> Order:
    """Return the lines of the pages as they are read."""
    own = {sheet.number: _gutters(sheet, body, _LEAST_BESIDE) for sheet in sheets}
    known = [x for gutters in own.values() for x in gutters]
    order = Order()
    for sheet in sheets:
        gutters = own[sheet.number]
        if not gutters and known:
            weak = _gutters(sheet, body, 1)
            gutters = [x for x in weak if any(abs(x - other) < 2 * body for other in known)]
        if len(sheet.lines) > _MOST_PIECES or _on_top(sheet):
            order.doubtful.add(sheet.number)
        for lines, number in _bands(sheet, gutters, body):
            lines, unclear, doubtful = settled(lines, tables=not sheet.vertical)
            for line in lines:
                line.column = number
            if unclear:
                order.tables.add(sheet.number)
            if doubtful:
                order.doubtful.add(sheet.number)
            text, foot = _footnotes(lines, sheet, body)
            order.lines += text
            order.notes += foot
        order.notes += [e for e in sheet.lines if _turned(e)]
    return order


def _turned(line: Line) -> bool:
    """Tell whether a line stands across the others: it is read behind the text."""
    return line.way in ("turned", "slanted", "down")


def _gutters(sheet: Sheet, body: float, least: int) -> list[float]:
    """Return where the columns of a page after the first begin."""
    lines = [line for line in sheet.lines if not line.way and not line.cells]
    if not lines or len(lines) > _MOST_PIECES:
        return []
    left, right = min(e.x0 for e in lines), max(e.x1 for e in lines)
    starts = Counter(round(line.x0) for line in lines)
    found: list[tuple[float, float]] = []
    for x, _ in starts.most_common(_MOST_STARTS):
        if starts[x] + starts[x + 1] + starts[x - 1] < least:
            continue
        if not left + 0.15 * (right - left) < x < right - 0.1 * (right - left):
            continue
        weight = _weight(lines, x, body, 1 if sheet.vertical else least)
        if weight:
            found.append((weight, x))
    gutters: list[float] = []
    for weight, x in sorted(found, reverse=True):
        apart = all(abs(x - other) > 8 * body for other in gutters)
        if apart and (not gutters or weight > 0.12 * len(lines)):
            gutters.append(x)
    return sorted(gutters)


def _weight(lines: list[Line], x: float, body: float, least: int) -> float:
    """Return how much speaks for a column that begins at `x`, or nothing."""
    lefts = [line for line in lines if line.x1 < x - 0.4 * body]
    rights = [line for line in lines if line.x0 > x - 2]
    crossing = [line for line in lines if line.x0 < x - body and line.x1 > x + body]
    if not lefts or not rights:
        return 0
    beside_left = [e for e in lefts if any(_level(e, other) for other in rights)]
    beside_right = [e for e in rights if any(_level(e, other) for other in lefts)]
    if min(len(beside_left), len(beside_right)) < least:
        return 0
    # There may be more than two columns: look at the neighbours only.
    edge = max(e.x1 for e in beside_left)
    near_left = [e for e in beside_left if edge - e.x1 < 8 * body]
    near_right = [e for e in beside_right if e.x0 < x + 3 * body] or beside_right
    for side in (near_left, near_right):
        if median(len(e.text) for e in side) < _LEAST_LETTERS:
            return 0
        end = max(e.x1 for e in side)
        full = sum(e.x1 > end - 2.5 * body for e in side)
        if least > 1 and full < 0.4 * len(side):
            return 0  # prose fills its column, the cells of a table do not
    if len(crossing) > 4 * len(beside_left) + 20:
        return 0
    flush = sum(abs(e.x0 - x) < 2 for e in beside_right)
    weight = min(len(beside_left), len(beside_right)) + flush - 0.5 * len(crossing)
    return max(weight, 0.01)


def _level(a: Line, b: Line) -> bool:
    return min(a.bottom, b.bottom) - max(a.top, b.top) > 0.3 * min(a.size, b.size)


def _bands(sheet: Sheet, gutters: list[float], body: float) -> list[tuple[list[Line], int]]:
    """Return the bands of a page from the top, in each its columns from the left.

    Each with its number from 0, or -1 right across the columns.
    """
    upright = [line for line in sheet.lines if not _turned(line)]
    if not gutters:
        return [(upright, 0)]
    wide = {id(e) for e in upright if _crosses(e.x0, e.x1, gutters, body)}
    across = [e for e in upright if id(e) in wide]
    wide |= {id(e) for e in upright if any(_level(e, w) for w in across)}
    edges = sorted((e.top, e.bottom) for e in across)
    edges += [(i[1], i[3]) for i in sheet.images if _crosses(i[0], i[2], gutters, body)]
    edges += [
        (r[1], r[3])
        for r in sheet.rules
        if r[3] - r[1] < 3 and _crosses(r[0], r[2], gutters, 3 * body)
    ]
    edges.sort()
    bands: list[list[Line]] = [[]]
    kinds = [False]
    place = 0
    for line in sorted(upright, key=lambda e: (e.top + e.bottom, e.x0)):
        parted = False
        while place < len(edges) and edges[place][0] < (line.top + line.bottom) / 2:
            place += 1
            parted = True
        if kinds[-1] and id(line) not in wide and _ends(bands[-1][-1], line, upright):
            wide.add(id(line))
        if kinds[-1] != (id(line) in wide) or (parted and not kinds[-1]):
            bands.append([])
            kinds.append(id(line) in wide)
        bands[-1].append(line)
    result: list[tuple[list[Line], int]] = []
    for band, is_wide in zip(bands, kinds, strict=True):
        if is_wide:
            result.append((band, -1))
        elif band:
            result += _columns(band, gutters, body)
    return result


def _ends(above: Line, line: Line, lines: list[Line]) -> bool:
    """Tell whether a line is the short last one of those right across the columns."""
    return (
        abs(above.size - line.size) < 0.6
        and 0 < line.bottom - above.bottom < 1.9 * line.size
        and above.x0 - 2.5 * line.size < line.x0 < above.x0 + line.size
        and not any(_level(line, other) for other in lines if other is not line)
    )


def _crosses(x0: float, x1: float, gutters: list[float], body: float) -> bool:
    return any(x0 < x - body and x1 > x + 0.5 * body for x in gutters)


def _columns(band: list[Line], gutters: list[float], body: float) -> list[tuple[list[Line], int]]:
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in band:
        columns[sum(line.x0 > x - 2 for x in gutters)].append(line)
    filled = [column for column in columns if column]
    if len(filled) > 1 and _is_row(columns, gutters, body):
        return [(band, -1)]
    result = []
    first = min(e.top for e in columns[0]) if columns[0] else 0
    if columns[0] and len(filled) > 1:
        above = [
            e
            for column in columns[1:]
            for e in column
            if e.bottom < first - (0.1 if _is_in_the_middle(e, column, body) else 1.5) * body
        ]
        if above and len(above) < 3:  # a date at the right, or names, above the columns
            result.append((above, -1))
            columns = [[e for e in column if e not in above] for column in columns]
    return result + [(column, number) for number, column in enumerate(columns) if column]


def _is_in_the_middle(line: Line, column: list[Line], body: float) -> bool:
    """Tell whether a line is centred in its column, with room at both sides: no line of text."""
    left = line.x0 - min(e.x0 for e in column)
    right = max(e.x1 for e in column) - line.x1
    return min(left, right) > 2.5 * body and abs(left - right) < 2 * body


def _is_row(columns: list[list[Line]], gutters: list[float], body: float) -> bool:
    """Tell whether what stands side by side is read across: two signatures, a label and a date."""
    first = columns[0]
    if not first or len(first) > 2 or max(len(column) for column in columns) > 2:
        return False
    return all(e.x1 < gutters[0] - 4 * body and e.text[-1] not in "，。、；" for e in first)


def _footnotes(lines: list[Line], sheet: Sheet, body: float) -> tuple[list[Line], list[Line]]:
    """Part a column from the notes at its foot: smaller type, under a rule or with a mark."""
    at = len(lines)
    while at and lines[at - 1].size < 0.93 * body and not lines[at - 1].cells:
        at -= 1
    for start in range(at, len(lines)):
        line = lines[start]
        if line.top < 0.5 * sheet.height:
            continue
        above = lines[start - 1].bottom if start else 0
        ruled = any(
            above - 2 <= r[1] <= line.top + 2
            and r[3] - r[1] < 3
            and line.top - r[1] < 2 * body
            and r[0] < line.x1
            and r[2] > line.x0
            for r in sheet.rules
        )
        apart = line.top - above > 0.8 * body
        text = plain(line.text)
        if ruled or (apart and _FOOTNOTE.match(text) and not _refers(lines[:start])):
            return lines[:start], lines[start:]
    return lines, []


def _refers(lines: list[Line]) -> bool:
    """Tell whether a list of literature has begun: its numbers are no footnotes."""
    return any(
        "参考文献" in (text := plain(e.text)[:8]) or "參考文獻" in text or "注释" in text
        for e in lines
        if LABEL.match(plain(e.text)) or len(e.text) < 8
    )


def _on_top(sheet: Sheet) -> bool:
    """Tell whether lines lie on top of each other: two layers of text."""
    lines = sorted((e for e in sheet.lines if not e.way), key=lambda e: e.top)
    count = 0
    for number, line in enumerate(lines):
        for other in lines[number + 1 : number + 60]:
            if other.top > line.bottom - 0.3 * line.size:
                break
            size = min(line.size, other.size)
            if (
                min(line.bottom, other.bottom) - max(line.top, other.top) > 0.4 * size
                and min(line.x1, other.x1) - max(line.x0, other.x0) > 2 * size
            ):
                count += 1
                if count > 2:
                    return True
    return False
