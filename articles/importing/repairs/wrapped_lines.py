"""Lines that a mail, a board or a page of print broke at its margin: a paragraph is one line."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .frame import Finding, Page, repair

_LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n|$)")
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60—…“”‘’·]"
)
_NARROWEST, _WIDEST = 44, 100
"""Columns of a margin, two for a character: a verse is narrower, a paragraph's line wider."""

_SLACK = 4
"""Columns that a full line may lack: no mark begins a line."""

_LEAST_JOINS, _LEAST_FULL = 5, 0.4
"""Lines to be joined, and the share of all that are full, from which a text is broken so."""

_WITHIN = re.compile(r"[。！？；!?;](?=\S{2})")
_LEAST_WITHIN = 3
"""Full lines in which a sentence ends and another begins: verse, lists and tables have none."""

_ENDS = re.compile("(?:[：:；;”』」]|[。！？!?…][）)]?)$")
_STOPS = re.compile("[。！？!?]$")
_BEGINS = re.compile(
    r"[-*•·●○◆■#>|+=~_]|[(（\[【]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[)）\]】、.．]|第[一二三四五六七八九十百\d]+[章节節条條]"
    r"|[①-⑳]|[^，。；！？]{1,8}[:：]|--"
)
_LATIN = re.compile("[A-Za-z]")
_CELLS = re.compile(r"\t|\S {2,}\S|\S\u3000{1,}\S|\|")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line with its columns; `end` is where its text ends, `next` where the next line begins."""

    text: str
    indented: bool
    end: int
    next: int
    width: int


@repair(
    seen="essays from mails, boards and copied print, broken at every thirtieth character",
    before=(
        "　　去年冬天，清河厂的老工人们开了三次会，商量怎样把互助\n"
        "金管好。谁家有难处，都记在一本账上，到了年底大家一起看，\n"
        "一笔一笔念过才算。账要公开，钱要用在急处，管账的人每年换\n"
        "一次。换下来的人把账交给下一个，当着大家的面点清，一个字\n"
        "也不能含糊。这件事说起来小，做起来要有耐心。有人说麻烦，\n"
        "也有人说，麻烦是麻烦，可是放心；放心了，大家才肯把钱交出\n"
        "来。\n"
        "　　今年开春又开了一次会。\n"
    ),
    after=(
        "　　去年冬天，清河厂的老工人们开了三次会，商量怎样把互助"
        "金管好。谁家有难处，都记在一本账上，到了年底大家一起看，"
        "一笔一笔念过才算。账要公开，钱要用在急处，管账的人每年换"
        "一次。换下来的人把账交给下一个，当着大家的面点清，一个字"
        "也不能含糊。这件事说起来小，做起来要有耐心。有人说麻烦，"
        "也有人说，麻烦是麻烦，可是放心；放心了，大家才肯把钱交出"
        "来。\n"
        "　　今年开春又开了一次会。\n"
    ),
    untouched=(
        "机器停了\n灯也灭了\n我们还坐在车床旁边\n谁也不说话\n等着天亮\n天亮了\n我们回家\n",
        "一、要把互助金的账一笔一笔念给大家听，念完大家举手才算通过\n" * 3
        + "二、管账的人每年换一次，换下来的人把账交给下一个人当面点清楚\n" * 5,
        "去年冬天厂里开了三次会，商量怎样把互助金的账管得清清楚楚。\n" * 12,
        "去年冬天厂里开了三次会，商量怎样管好互助金。大家都来了，坐满了\n一屋子。\n",
    ),
)
def join_wrapped_lines(page: Page) -> Iterator[Finding]:
    """Join the lines of a paragraph where most of a text's are of one width and end mid-sentence.

    A line goes on with the next where it is full, and the next is neither indented nor begins a
    list, a heading or a label.
    """
    found = [match for match in _LINE.finditer(page.text) if match[0]]
    if any(len(match[1].strip()) > _WIDEST for match in found):
        return  # nothing is folded at a margin
    lines = [_piece(match) for match in found]
    shown = [line for line in lines if line.text]
    margin = _margin(shown)
    if not margin:
        return
    full = [line for line in shown if margin - _SLACK <= line.width <= margin]
    within = sum(bool(_WITHIN.search(line.text)) for line in full)
    if len(full) < _LEAST_FULL * len(shown) or within < max(_LEAST_WITHIN, len(full) / 5):
        return
    indents, gaps = sum(line.indented for line in shown), len(lines) - len(shown)
    parted = _LEAST_PARTED <= max(indents, gaps) < len(shown) / 2
    joins = [
        (line, below)
        for line, below in pairwise(lines)
        if margin - _SLACK <= line.width <= margin and _goes_on(line, below, parted)
    ]
    broken = sum(not _ENDS.search(line.text) for line, _ in joins)
    if broken < max(_LEAST_JOINS, 0.5 * len(full)):
        return
    for line, below in joins:
        latin = _LATIN.match(line.text[-1]) and _LATIN.match(below.text[0])
        yield page.edit("line-join", line.end, line.next, " " if latin else "")


def _piece(line: re.Match) -> _Piece:
    shown = line[1].rstrip()
    text = shown.lstrip()
    return _Piece(
        text, len(text) < len(shown), line.start() + len(shown), line.end(), _columns(shown)
    )


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _margin(lines: list[_Piece]) -> int:
    """Return the columns no line of the text is wider than, where most are about as wide."""
    widths = Counter(line.width for line in lines)
    widest = max(widths, default=0)
    return widest if _NARROWEST <= widest <= _WIDEST else 0


_LEAST_PARTED = 2
"""Indents, or blank lines, by which a text tells its paragraphs apart."""


def _goes_on(line: _Piece, below: _Piece, parted: bool) -> bool:
    """Tell whether a full line's paragraph goes on below; `parted` says that indents or blank lines
    part paragraphs, so that a sentence may end with the line."""
    if not below.text or below.indented or _BEGINS.match(below.text):
        return False
    if any(_CELLS.search(one.text) for one in (line, below)):
        return False
    if not _ENDS.search(line.text):
        return True
    return parted and bool(_STOPS.search(line.text)) and bool(_STOPS.search(below.text))
