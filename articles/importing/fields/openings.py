"""Titles that stand in one line with the text: pages that were saved without their line breaks."""

import re
from dataclasses import replace

from ...text import script
from ..draft import Evidence
from .candidates import grams_of, letters, recurrence
from .dates import first_date
from .lines import Line
from .official import KINDS
from .papers import SOURCE
from .pieces import HALF_WIDTH, Piece, cut
from .stated import Dated, Metadata
from .values import take_piece

_AGAIN = 0.4
"""Share of a title's pairs of characters that have to stand in the text behind it."""

_AGAIN_ABOVE_LABELS = 0.2
"""The same, where labels stand between the two."""

_OPENINGS = (
    re.compile(r"(?P<title>[^。;!?]{6,40}?)\s+(?=(?P=title)[。!?,;])"),
    re.compile(r"【(?P<title>[^【】]{6,40})】\s*(?=.{20})"),
    re.compile(r"《(?P<title>[^《》]{8,40})》\s+(?![是为的一由载])(?=.{20})"),
    re.compile(r"(?P<title>[^。;:!?]{6,60}?),本文主要内容关键词为:[^。]{0,160}(?:。|$)"),
    re.compile(rf"(?P<title>[^\s。,;:!?]{{0,30}}关于\S{{4,60}}?{KINDS})\s+(?=各[^。]{{1,60}}:)"),
    re.compile(
        r"(?:\d{1,2}、)?(?P<title>[^\s。,;:!?]{6,40})\s+(?:[^\s。,;:!?]{4,40}\s+)?"
        r"(?=(?:尊敬的|各位|同志们)[^。]{0,40}:)"
    ),
)
"""A title that is the first sentence too; in brackets or quoted before the first words; what a
collector says of its keywords; an office's before whom it writes to, a speech's before whom it
greets."""

_WITH_CLOCK = re.compile(r"[^。,;:!?|]{8,50}")
_NUMBERED_NEXT = re.compile(
    r"(?<=[\u3400-\u9fff\d])(?<![第之其唯])\s*一、(?=[\u3400-\u9fff])(?![二两三四])"
)


def take_opening(found: Metadata, line: Line | None) -> None:
    """Take the title before the first words of the text in their own line, and leave the text."""
    if not line:
        return
    plain = script.fold(line.text).translate(HALF_WIDTH)
    clock = first_date(line.text)
    if clock and clock[0].time and _WITH_CLOCK.fullmatch(plain[: clock[1]]):
        words = plain[: clock[1]].split()
        source = words[-1] if len(words) > 1 and SOURCE.fullmatch(words[-1]) else ""
        end = plain.rindex(source, 0, clock[1]) if source else clock[1]
        # The first of several words may be the column: 政治 题目.
        column = len(words) > 1 and len(words[0]) <= _COLUMN
        if not column and _take(found, line, 0, end, clock[2]):
            found.dates.append(Dated(clock[0], "site", "with-date", 1))
            found.source_name = found.source_name or source
        return
    if _take_dispatch(found, line, plain) or _take_glued_head(found, line):
        return
    for pattern in _OPENINGS:
        match = pattern.match(plain)
        if match and _take(found, line, *match.span("title"), match.end()):
            return


_DISPATCHED = re.compile(
    r"(?P<title>[^。;:!?|]{6,40}?)\s+(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+)?"
    r"(?=[\u3400-\u9fff]{2,8}[报网社台]讯\s*\(|[【(][^【】()]{0,10}(?:记者|通讯员)"
    r"[^【】()]{2,30}[】)])"
)
"""A title before who reports, in one line with both: 题目 2020-05-06 【记者 王芳／某地报导】."""


def _take_dispatch(found: Metadata, line: Line, plain: str) -> bool:
    """Take the title and the day before the reporters, who are read by what they stand in."""
    match = _DISPATCHED.match(plain)
    if not match or not _take(found, line, *match.span("title"), match.end()):
        return False
    if stated := first_date(line.text[: match.end()]):
        found.dates.append(Dated(stated[0], "site", "with-date", 1))
    return True


_GLUED_HEAD = 180
"""Characters at the begin of a page in one line in which its site speaks."""

_WHERE = re.compile(r"(?:[^:>]{0,6}位置\s*:\s*)?(?:[^\s>»]{1,12}\s*[>»]\s*){1,6}")
_FIRST_WORD = re.compile(r"\S{1,20}(?=\s)")
_LONGEST_VALUE = 24


def _take_glued_head(found: Metadata, line: Line) -> bool:
    """Take breadcrumb, title and labels that stand in one line with the whole text."""
    if len(line.text) <= _GLUED_HEAD:
        return False
    where = _WHERE.match(script.fold(line.text).translate(HALF_WIDTH))
    begun = where.end() if where else 0
    pieces = [piece for piece in cut(line.text[:_GLUED_HEAD]) if piece.end > begun]
    labels: list[Piece] = []
    end = 0
    for piece in pieces[1:]:
        word = _FIRST_WORD.match(piece.value)
        if piece.kind == "rest":
            break
        if word and len(piece.value) > _LONGEST_VALUE:  # the text stands behind it
            end = line.text.index(piece.value, piece.start) + word.end()
            labels.append(replace(piece, value=word[0], end=end))
            break
        labels.append(piece)
        end = piece.end
    kinds = {piece.kind for piece in labels}
    if len(kinds) < _FEWEST_LABELS or not {"authors", "source_name"} & kinds:
        return False
    title = line.text[begun : labels[0].start].strip(" 　|｜")
    if not _LEAST <= len(title) <= _LONGEST or re.search("[。；]", title):
        return False
    if not _take(found, line, begun, labels[0].start, end, again=_AGAIN_ABOVE_LABELS):
        return False
    for piece in labels:
        take_piece(found, piece)
    return True


_FEWEST_LABELS = 3
_LONGEST = 50

_COLUMN = 4
"""Characters of a word above a title that may be the name of a column."""


def _take(
    found: Metadata, line: Line, start: int, end: int, text: int, again: float = _AGAIN
) -> bool:
    title = line.text[start:end].strip()
    rest = line.text[text:].strip()
    text = len(line.text.rstrip()) - len(rest)
    if rest and recurrence(title, grams_of(rest)) <= again:
        return False
    found.title, found.title_source = title, "line"
    found.evidence.append(Evidence("title", title, ("recurs", "text-below")))
    if rest:
        found.cuts[line.number] = (text, len(line.text))
    else:
        found.lines.add(line.number)
    return True


def before_numbered(line: Line) -> tuple[str, int]:
    """Return the title that is glued to the first numbered heading, and where that begins:
    班组安全方案一、背景. Of a line that is no such thing return nothing."""
    glued = _NUMBERED_NEXT.search(line.text) if line.kind == "short" else None
    if not glued or len(letters(line.text[: glued.start()])) < _LEAST:
        return "", 0
    return line.text[: glued.start()].strip(), glued.start()


_LEAST = 6
"""Letters of a title to which a numbered heading is glued."""
