"""Tables of a page: ruled ones, and rows whose pieces stand in line under each other."""

import re
from dataclasses import replace
from itertools import pairwise

from .sheet import NUMBERED, SENTENCE_END, Line, Sheet, joint, merged, plain, rows_of

_NEAR = 4
"""Points between two rules that are one: the borders of two cells."""

_MOST_RULES, _MOST_COLUMNS, _MOST_ROWS = 1200, 40, 200

_MOST_LEVEL = 60
"""Level rules of a page among which tables without upright ones are looked for."""

_LONGEST_CELL, _LONGEST_ALIGNED = 400, 30
"""Characters of a cell between rules, and of one that only stands in line."""

_LEAST_ROWS = 3
"""Rows that stand in line and make a table without rules."""

Box = tuple[float, ...]


def take_tables(sheet: Sheet, body: float) -> tuple[bool, bool]:
    """Put the rows of ruled tables in place of the pieces in them.

    Tells whether one is unclear, and whether its cells hold whole texts, which may be scrambled.
    """
    doubtful = False
    rules = [rule for rule in sheet.rules if rule[2] - rule[0] < 3 or rule[3] - rule[1] < 3]
    if not rules or len(rules) > _MOST_RULES or not sheet.lines:
        return False, False
    for group in _touching(rules):
        xs, ys = _edges(group)
        if not (3 <= len(xs) <= _MOST_COLUMNS + 1 and 3 <= len(ys) <= _MOST_ROWS + 1):
            continue
        inside = [e for e in sheet.lines if _holds(xs, ys, e) and not e.way]
        rows = _cells(inside, group, xs, ys)
        if sum(any(row) for row in rows) < 2 or sum(bool(c) for row in rows for c in row) < 3:
            continue
        if max(len(cell) for row in rows for cell in row) > _LONGEST_CELL:
            doubtful = True
            continue
        size = max(e.size for e in inside)
        taken = {id(e) for e in inside}
        sheet.lines = [e for e in sheet.lines if id(e) not in taken]
        sheet.lines += _table(
            [(row, ys[n], ys[n + 1]) for n, row in enumerate(rows)],
            Line(sheet.number, xs[0], xs[-1], ys[0], ys[-1], size, ""),
        )
    unclear = _take_open_tables(sheet, rules, body)
    return unclear, doubtful


def _table(rows: list[tuple[list[str], float, float]], like: Line) -> list[Line]:
    used = [n for n in range(len(rows[0][0])) if any(row[n] for row, _, _ in rows)]
    return [
        replace(
            like,
            top=top,
            bottom=bottom,
            text="\t".join(row[n] for n in used),
            cells=tuple(row[n] for n in used),
            table=(like.page, rows[0][1], like.x0),
        )
        for row, top, bottom in rows
        if any(row)
    ]


def _touching(rules: list[Box]) -> list[list[Box]]:
    """Return the rules in groups that cross or touch."""
    parent = list(range(len(rules)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    order = sorted(range(len(rules)), key=lambda n: rules[n][1])
    for place, n in enumerate(order):
        a = rules[n]
        for m in order[place + 1 :]:
            b = rules[m]
            if b[1] > a[3] + _NEAR:
                break
            if a[0] <= b[2] + _NEAR and b[0] <= a[2] + _NEAR:
                parent[root(n)] = root(m)
    groups: dict[int, list[Box]] = {}
    for n, rule in enumerate(rules):
        groups.setdefault(root(n), []).append(rule)
    return list(groups.values())


def _edges(group: list[Box]) -> tuple[list[float], list[float]]:
    """Return where the columns and rows of a grid part; a table may be open at its sides."""
    upright = [r for r in group if r[3] - r[1] > r[2] - r[0]]
    level = [r for r in group if r[3] - r[1] <= r[2] - r[0]]
    if not upright or not level:
        return [], []
    xs = [(r[0] + r[2]) / 2 for r in upright] + [min(r[0] for r in level), max(r[2] for r in level)]
    ys = [(r[1] + r[3]) / 2 for r in level]
    ys += [min(r[1] for r in upright), max(r[3] for r in upright)]
    return _clustered(xs), _clustered(ys)


def _clustered(values: list[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _holds(xs: list[float], ys: list[float], line: Line) -> bool:
    return xs[0] < line.middle < xs[-1] and ys[0] < (line.top + line.bottom) / 2 < ys[-1]


def _cells(lines: list[Line], group: list[Box], xs: list[float], ys: list[float]):
    """Return the texts of a grid's cells; cells with no rule between them are one."""
    columns, rows = len(xs) - 1, len(ys) - 1
    first = {(r, c): (r, c) for r in range(rows) for c in range(columns)}
    for c in range(1, columns):
        beside = [e for e in group if abs(e[0] - xs[c]) <= _NEAR]
        for r in range(rows):
            middle = (ys[r] + ys[r + 1]) / 2
            if not any(e[1] < middle < e[3] for e in beside):
                first[r, c] = first[r, c - 1]
    for r in range(1, rows):
        above = [e for e in group if abs(e[1] - ys[r]) <= _NEAR]
        for c in range(columns):
            middle = (xs[c] + xs[c + 1]) / 2
            if not any(e[0] < middle < e[2] for e in above):
                first[r, c] = first[r - 1, c]
    held: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        c = max(n for n in range(columns) if xs[n] <= line.middle)
        r = max(n for n in range(rows) if ys[n] <= (line.top + line.bottom) / 2)
        held.setdefault(first[r, c], []).append(line)
    return [[_text(held.get((r, c), [])) for c in range(columns)] for r in range(rows)]


def _text(lines: list[Line]) -> str:
    text = ""
    for row in rows_of(lines):
        for line in merged([replace(e) for e in row], 1000):
            text = joint(text, line.text) if text else line.text
    return text.replace("\t", " ")


def _take_open_tables(sheet: Sheet, rules: list[Box], body: float) -> bool:
    """Take tables of three rules, as journals set them: round the heads, and at the end."""
    unclear = False
    level = sorted((r for r in rules if r[2] - r[0] > 8 * body), key=lambda r: r[1])[:_MOST_LEVEL]
    start = 0
    while start < len(level):
        group = [level[start]]
        for rule in level[start + 1 :]:
            same = abs(rule[0] - group[0][0]) < _NEAR and abs(rule[2] - group[0][2]) < _NEAR
            if same and rule[1] - group[-1][1] > _NEAR:
                group.append(rule)
        start += 1
        if len(group) < 3:
            continue
        xs, ys = [group[0][0], group[0][2]], [group[0][1], group[-1][1]]
        inside = [e for e in sheet.lines if _holds(xs, ys, e) and not e.way and not e.cells]
        rows = [merged([replace(e) for e in row], 0.6) for row in rows_of(inside)]
        cells = _in_line(rows, 2)
        if cells and sum(len(row) > 1 for row in rows) * 2 > len(rows):
            taken = {id(e) for e in inside}
            sheet.lines = [e for e in sheet.lines if id(e) not in taken]
            like = Line(sheet.number, *xs, *ys, rows[0][0].size, "")
            sheet.lines += _table(cells, like)
            start = len([r for r in level if r[1] <= ys[1]])
        elif any(len(row) > 1 for row in rows):
            unclear = True
    return unclear


def settled(lines: list[Line], tables: bool = True) -> tuple[list[Line], bool, bool]:
    """Return the pieces of a column as whole lines and rows of tables.

    Tells besides whether some may be a table that is not clear, and whether long pieces stand
    beside each other, read across though they may be columns.
    """
    result: list[Line] = []
    run: list[list[Line]] = []
    unclear = doubtful = False
    rows = [merged(row, 0.6) if len(row) > 1 else row for row in rows_of(lines)]
    doubtful |= any(_is_beside_a_box(a, b) for row in rows for a, b in pairwise(row))
    doubtful |= any(_is_beside_a_box(a, b) for one, two in pairwise(rows) for a in one for b in two)
    for row in [*rows, []]:
        if len(row) > 1 and not any(e.cells or e.way for e in row):
            run.append(row)
            continue
        cells = _in_line(run, _LEAST_ROWS) if tables else []
        if cells:
            first = run[0][0]
            x0, x1 = min(r[0].x0 for r in run), max(r[-1].x1 for r in run)
            result += _table(cells, replace(first, x0=x0, x1=x1))
        else:
            unclear |= len(run) >= _LEAST_ROWS
            doubtful |= sum(_long(e) for r in run for e in r if len(r) > 1) > 3
            for pieces in run:
                spread = len(run) > 1 or _apart(pieces) > 4
                for line in merged(pieces, 1000):
                    line.spread = spread
                    result.append(line)
        run = []
        result += merged(row, 1000) if len(row) > 1 else row
    return result, unclear, doubtful


def _apart(pieces: list[Line]) -> float:
    """Return how far apart the pieces of a row stand at the most, in sizes."""
    return max((b.x0 - a.x1) / max(a.size, b.size) for a, b in pairwise(pieces))


def _long(line: Line) -> bool:
    return len(line.text) > 10 and line.width > 9 * line.size


def _is_beside_a_box(line: Line, other: Line) -> bool:
    """Tell whether a line that breaks off within a sentence has a long one beside it."""
    if line.cells or other.cells or line.way or other.way:
        return False
    near = min(line.bottom, other.bottom) - max(line.top, other.top)
    return (
        near > 0.15 * min(line.size, other.size)
        and max(other.x0 - line.x1, line.x0 - other.x1) > 0
        and _long(line)
        and _long(other)
        and line.text[-1] not in SENTENCE_END
        and not NUMBERED.match(plain(line.text))
    )


def _in_line(rows: list[list[Line]], least: int) -> list[tuple[list[str], float, float]]:
    """Return the cells of rows whose pieces stand in columns, or nothing where they do not."""
    if sum(len(row) > 1 for row in rows) < least:
        return []
    size = max(e.size for row in rows for e in row)
    spans = sorted((e.x0, e.x1) for row in rows for e in row)
    starts, end = [spans[0][0]], spans[0][1]
    for x0, x1 in spans:
        if x0 > end + 0.5 * size:
            starts.append(x0)
        end = max(end, x1)
    columns = len(starts)
    texts = [e.text for row in rows for e in row]
    sentences = sum(text[-1] in "，。；、" for text in texts)
    if (
        not 2 <= columns <= _MOST_COLUMNS
        or len(texts) < 0.6 * columns * len(rows)
        or max(len(text) for text in texts) > _LONGEST_ALIGNED * (1 if least > 2 else 2)
        or sentences * 4 > len(texts)
        or any(abs(a[0].size - b[0].size) > 0.15 * size for a, b in pairwise(rows))
    ):
        return []
    if columns == 2 and all(re.fullmatch(r"[\d.…·\s-]+", row[-1].text) for row in rows):
        titles = sum(
            bool(re.match(r"第.{1,3}[章节節]|.{0,4}[、.．]", plain(r[0].text))) for r in rows
        )
        if titles * 2 > len(rows):
            return []  # a table of contents
    placed = [max(n for n in range(columns) if starts[n] <= e.x0) for row in rows for e in row]
    pieces = [e for row in rows for e in row]
    if least > 2 and not all(
        _flush([e for e, at in zip(pieces, placed, strict=True) if at == n]) for n in range(columns)
    ):
        return []
    cells: list[tuple[list[str], float, float]] = []
    for row in rows:
        texts = [""] * columns
        for e in row:
            at = max(n for n in range(columns) if starts[n] <= e.x0)
            if texts[at]:
                return []
            texts[at] = e.text
        top, bottom = min(e.top for e in row), max(e.bottom for e in row)
        if len(row) == 1 and cells and top - cells[-1][2] < 0.7 * size and not texts[0]:
            at = next(n for n in range(columns) if texts[n])
            cells[-1][0][at] = joint(cells[-1][0][at], texts[at]).strip()
            cells[-1] = (cells[-1][0], cells[-1][1], bottom)
        else:
            cells.append((texts, top, bottom))
    return cells


def _flush(cells: list[Line]) -> bool:
    """Tell whether most cells of a column begin, end or have their middle in one line."""
    near = 0.6 * cells[0].size
    return any(
        sum(abs(place(e) - place(other)) < near for e in cells) > 0.6 * len(cells)
        for place in (lambda e: e.x0, lambda e: e.x1, lambda e: e.middle)
        for other in cells
    )
