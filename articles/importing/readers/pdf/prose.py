"""Lines in reading order to paragraphs, headings and tables, by how they stand."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from ...lexicon.surnames import is_likely_name
from ...source import Mark
from .sheet import LABEL, NUMBERED, SENTENCE_END, WIDE, Line, joint, letters_of, numbering, plain

_HEADING_RATIO = 1.12
"""How much larger than the text a heading is set: 小四 (12 pt) to 四号 (14 pt) is 1.17."""

_LONGEST_HEADING, _MOST_HEADING_LINES = 80, 4

_SAME_SIZE = 0.6
"""Points by which type of one size may differ."""

_LEAST_FOR_MARGIN = 4
"""Lines of a page that show where its margins are; with fewer those of other pages count."""

_ISSUE = re.compile(
    r".{0,16}[〔\[［(（【]\s*(?:19|20)\d{2}\s*[〕\]］)）】]\s*第?\s*\d{1,4}\s*号"
    r"|.{0,12}第\s*[\d一二三四五六七八九十百]{1,4}\s*期.{0,24}$"
)
"""What stands below a letterhead: 东工发〔2023〕12号, 第8期."""

_HEAD = 8
"""Paragraphs at the top of the first page among which a letterhead may be."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The margins of lines, how far apart they stand, and whether most end at the right one."""

    left: float
    right: float
    gap: float
    even: bool


class Measures:
    """How the text of each page, column and size is set."""

    def __init__(self, lines: list[Line], body: float):
        self.body = body
        self._groups: dict[tuple, list[Line]] = defaultdict(list)
        gaps: dict[float, list[float]] = defaultdict(list)
        for line in lines:
            if not line.cells and not line.way:
                size = self._size(line)
                for key in ((line.page, line.column, size), (line.column, size)):
                    self._groups[key].append(line)
        for a, b in pairwise(lines):
            apart = b.bottom - a.bottom
            same = a.page == b.page and a.column == b.column and abs(a.size - b.size) < _SAME_SIZE
            if same and 0 < apart < 4 * a.size and min(len(a.text), len(b.text)) > 3:
                gaps[self._size(a)].append(round(apart, 1))
        self._gaps = {
            size: sorted(values)[len(values) // 3] for size, values in gaps.items() if values
        }
        self._found: dict[tuple, Measure] = {}

    def _size(self, line: Line) -> float:
        return self.body if abs(line.size - self.body) < _SAME_SIZE else round(line.size)

    def of(self, line: Line) -> Measure:
        """Return how lines such as this one are set where it stands."""
        size = self._size(line)
        key = line.page, line.column, size
        if key not in self._found:
            own = self._groups.get(key, [line])
            if len(own) < _LEAST_FOR_MARGIN:
                wider = self._groups.get((line.column, size), own)
                others = [e for e in wider if e.page != line.page]
                body = self._groups.get((line.page, line.column, self.body), [])
                own = own + (others or body)
            left, right, even = _margins(own)
            gap = self._gaps.get(size)
            if gap is None:
                gap = self._gaps.get(self.body, 1.5 * self.body) * size / self.body
            self._found[key] = Measure(left, right, gap, even)
        return self._found[key]


def _margins(lines: list[Line]) -> tuple[float, float, bool]:
    """Return the margins that lines share, and whether enough share the right one.

    A line that juts out, for a mark or a number, is no margin.
    """
    long = [line for line in lines if len(line.text) > 12] or lines
    near, least = 0.5 * long[0].size, max(2, len(long) // 5)
    lefts, rights = sorted(e.x0 for e in lines), sorted((e.x1 for e in long), reverse=True)
    shared_left = _shared(lefts, near, least)
    shared_right = _shared(rights[::-1], near, least)[::-1]
    few = len(long) < _LEAST_FOR_MARGIN
    if shared_right and sum(x > shared_right[0] + 2 * near for x in rights) > len(long) // 8:
        shared_right = []  # chance: many lines are longer
    return (
        lefts[0] if few or not shared_left else shared_left[0],
        rights[0] if few or not shared_right else shared_right[0],
        few or bool(shared_right),
    )


def _shared(places: list[float], near: float, least: int) -> list[float]:
    """Return those of the places, in order, that have `least` of them near."""
    return [
        x for x in places if bisect_left(places, x + near) - bisect_right(places, x - near) >= least
    ]


def body_size(lines: list[Line]) -> float:
    """Return the size most of the text is set in."""
    weights: Counter[float] = Counter()
    for line in lines:
        if not line.cells and line.way not in ("turned", "slanted"):
            weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 12.0


def joined(
    lines: list[Line], notes: list[Line], body: float
) -> tuple[str, tuple[Mark, ...], list[tuple[int, int, str]]]:
    """Join lines to paragraphs; larger type makes a heading, cells make a table.

    A new paragraph begins where a line is indented, stands apart, is set in another size, or
    where the line before stops short of the margin. Notes follow the text. Returns besides
    where what stood turned or down a column has come to stand, and how it stood.
    """
    groups = _groups(lines, body) + _groups(notes, body)
    headings = _headings(groups, body)
    sizes = sorted({groups[n][0].size for n in headings}, reverse=True)
    parts: list[str] = []
    marks: list[Mark] = []
    odd: list[tuple[int, int, str]] = []
    position = 0
    table: tuple[Line, int] | None = None
    for number, group in enumerate([*groups, []]):
        first = group[0] if group else None
        if table and (first is None or first.table != table[0].table):
            marks.append(Mark("table", table[1], position - 1))
            table = None
        if first is None:
            break
        text = first.text
        for line in group[1:]:
            text = joint(text, line.text)
        if first.cells:
            table = table or (first, position)
            at = position
            for cell in first.cells:
                marks.append(Mark("cell", at, at + len(cell)))
                at += len(cell) + 1
        elif number in headings:
            level = min(sizes.index(first.size) + 1, 6)
            marks.append(Mark("heading", position, position + len(text), level))
        if first.way in ("turned", "slanted", "down"):
            odd.append((position, position + len(text), first.way))
        parts.append(text)
        position += len(text) + 1
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    return "\n".join(parts), tuple(marks), odd


def _headings(groups: list[list[Line]], body: float) -> set[int]:
    """Return the groups in larger type that are headings; a letterhead is none."""
    found = {
        n
        for n, group in enumerate(groups)
        if group[0].size >= body * _HEADING_RATIO
        and not group[0].cells
        and not group[0].way
        and not group[0].spread
        and len(text := "".join(e.text for e in group)) <= _LONGEST_HEADING
        and len(group) <= _MOST_HEADING_LINES
        and text[-1] not in "。；，、;,"
        and letters_of(text) > 1
    }
    found -= _letterhead(groups, found)
    return found - _bylines(groups, found)


def _bylines(groups: list[list[Line]], found: set[int]) -> set[int]:
    """Return what stands larger than the text below the title and is no heading of it."""
    title = min(found, default=len(groups))
    lines = set()
    for n in range(title + 1, min(title + _HEAD, len(groups))):
        text = plain("".join(e.text for e in groups[n]))
        if groups[n][0].page or len(text) > 60:
            break
        if n in found and (
            text[0] in "(（【["
            or re.match(r"(?:作者|来源|日期|时间|单位|文)\s*[:：/]|(?:19|20)\d{2}\s*[年.\-/]", text)
            or _are_names(text)
        ):
            lines.add(n)
    return lines


def _are_names(text: str) -> bool:
    names = [name for name in re.split(r"[\s\d、，,;；*]+", plain(text)) if name]
    return bool(names) and all(is_likely_name(name) for name in names)


def _letterhead(groups: list[list[Line]], found: set[int]) -> set[int]:
    """Return the headings that are the letterhead of an office, or of its bulletin."""
    first = [n for n, group in enumerate(groups[:_HEAD]) if group[0].page == 0]
    issued = [n for n in first if _ISSUE.match(plain("".join(e.text for e in groups[n])))]
    above = set()
    for n in found & set(first):
        later = [m for m in found if m > n and groups[m][0].page == 0 and m not in issued]
        titled = any(not numbering(groups[m][0].text) for m in later)
        below = [m for m in issued if n <= m <= n + 3]
        if (below and titled) or (groups[n][0].colour == "red" and (titled or below)):
            above.add(n)
    return above


def _groups(lines: list[Line], body: float) -> list[list[Line]]:
    measures = Measures(lines, body)
    groups: list[list[Line]] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if groups and _continues(groups[-1], line, following, measures):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _continues(group: list[Line], line: Line, following: Line | None, measures: Measures) -> bool:
    """Tell whether a line goes on with the paragraph of the lines before it."""
    last, body = group[-1], measures.body
    if line.cells or last.cells or line.way or last.way or line.spread or last.spread:
        return False
    if abs(last.size - line.size) > _SAME_SIZE or last.colour != line.colour:
        return False
    text, before = plain(line.text), plain(last.text)
    if LABEL.match(text):
        return False
    same_column = (last.page, last.column) == (line.page, line.column)
    if line.size >= body * _HEADING_RATIO:  # a heading over two lines
        near = same_column and 0 < line.bottom - last.bottom < line.size * 2.2
        shown = "".join(e.text for e in group)
        if len(shown) < _LONGEST_HEADING:
            ends = before[-1] in "。！？" or NUMBERED.match(text) or _are_names(shown)
            return near and not ends and not _are_names(text)
    here, there = measures.of(line), measures.of(last)
    if same_column and not 0 < line.bottom - last.bottom <= here.gap * 1.35:
        return False
    size = line.size
    if same_column and _centred(last, line):
        return False
    if (own := numbering(text)) and (
        before[-1] in SENTENCE_END
        or (own == numbering(group[0].text) and before[-1] not in "，、,")
    ):
        return False
    if _inset(last, line, following, here, same_column):
        return True
    if (
        before[-1] in "，、；"
        and LABEL.match(plain(group[0].text))
        and line.x0 < group[0].x0 + size
    ):
        return same_column
    # A word that may not be parted, or a mark that may not open a line, makes one shorter.
    wide = WIDE.match(before[-1]) and WIDE.match(text)
    short = size * (1.8 if before[-1] in "。！？：；”…" else 2.2 if wide and there.even else 4)
    if not WIDE.match(before[-1]) and not WIDE.match(text[0]):
        short = max(short, size * 0.55 * (len(text.split(" ")[0]) + 1))
    if last.x1 < there.right - short or (not there.even and before_ends(before)):
        return False
    if line.x0 < here.left + size * 0.8:
        return True
    return _hangs(group, line, following, here)


def _centred(last: Line, line: Line) -> bool:
    """Tell whether two lines are centred, each by itself."""
    near = 0.4 * line.size
    return abs(last.middle - line.middle) < near < abs(last.x0 - line.x0)


def _hangs(group: list[Line], line: Line, following: Line | None, here: Measure) -> bool:
    """Tell whether a line belongs to an item whose further lines stand further in."""
    first, size = group[0], line.size
    marker = NUMBERED.match(plain(first.text))
    label = LABEL.match(plain(first.text))
    if not (marker or label) or line.x0 <= first.x0 + 0.4 * size:
        return False
    if len(group) > 1:
        return abs(line.x0 - group[-1].x0) < 0.5 * size and group[-1].x0 > first.x0 + 0.4 * size
    found = marker or label
    width = sum(1 if WIDE.match(char) else 0.5 for char in found[0]) * size
    near = abs(line.x0 - first.x0 - width) < 1.1 * size
    return (
        near
        and first.x0 < here.left + 3 * size
        and (first.text[-1] not in "。！？" or (following is not None and _same(following, line)))
    )


def _same(a: Line, b: Line) -> bool:
    return abs(a.x0 - b.x0) < 0.4 * b.size and (a.page, a.column) == (b.page, b.column)


def _inset(
    last: Line, line: Line, following: Line | None, here: Measure, same_column: bool
) -> bool:
    """Tell whether two lines belong to a paragraph set in from both margins: a quotation."""
    size = line.size
    if not same_column or line.x0 < here.left + 0.8 * size or last.x0 < line.x0 - 0.4 * size:
        return False
    if last.x0 > line.x0 + 2.6 * size or last.x1 > here.right - 0.9 * size:
        return False
    if last.x0 > line.x0 + 0.4 * size:  # its first line, further in
        return line.x1 <= last.x1 + 0.5 * size and last.width > 8 * size
    if before_ends(last.text) and following is not None and following.x0 > line.x0 + size:
        return False
    return (
        abs(last.x1 - max(line.x1, last.x1)) < 0.5 * size
        and last.width > 8 * size
        and (line.x1 > last.x1 - 0.5 * size or line.text[-1] in SENTENCE_END)
        and not before_ends(last.text)
    )


def before_ends(text: str) -> bool:
    """Tell whether a text ends a sentence."""
    return text[-1] in "。！？!?”"
