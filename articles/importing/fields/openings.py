"""Titles that stand in one line with the text: pages that were saved without their line breaks."""

import re

from ...text import script
from ..draft import Evidence
from .candidates import grams_of, letters, recurrence
from .dates import first_date
from .lines import Line
from .official import KINDS
from .papers import SOURCE
from .pieces import HALF_WIDTH
from .stated import Dated, Metadata

_OPENINGS = (
    re.compile(r"【(?P<title>[^【】]{6,40})】\s*(?=.{20})"),
    re.compile(r"《(?P<title>[^《》]{8,40})》\s+(?![是为的一由载])(?=.{20})"),
    re.compile(r"(?P<title>[^。;:!?]{6,60}?),本文主要内容关键词为:[^。]{0,160}(?:。|$)"),
    re.compile(rf"(?P<title>[^\s。,;:!?]{{0,30}}关于\S{{4,60}}?{KINDS})\s+(?=各[^。]{{1,60}}:)"),
    re.compile(
        r"(?:\d{1,2}、)?(?P<title>[^\s。,;:!?]{6,40})\s+(?:[^\s。,;:!?]{4,40}\s+)?"
        r"(?=(?:尊敬的|各位|同志们)[^。]{0,40}:)"
    ),
)
"""A title in brackets or quoted before the first words; what a collector says of its keywords; an
office's title before whom it writes to; a speech's before whom it greets."""

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
    for pattern in _OPENINGS:
        match = pattern.match(plain)
        if match and _take(found, line, *match.span("title"), match.end()):
            return


_COLUMN = 4
"""Characters of a word above a title that may be the name of a column."""


def _take(found: Metadata, line: Line, start: int, end: int, text: int) -> bool:
    title = line.text[start:end].strip()
    rest = line.text[text:].strip()
    text = len(line.text.rstrip()) - len(rest)
    if rest and recurrence(title, grams_of(rest)) <= _AGAIN:
        return False
    found.title, found.title_source = title, "line"
    found.evidence.append(Evidence("title", title, ("recurs", "text-below")))
    if rest:
        found.cuts[line.number] = (text, len(line.text))
    else:
        found.lines.add(line.number)
    return True


_AGAIN = 0.4
"""Share of a title's pairs of characters that have to stand in the text behind it."""


def before_numbered(line: Line) -> tuple[str, int]:
    """Return the title that is glued to the first numbered heading, and where that begins:
    班组安全方案一、背景. Of a line that is no such thing return nothing."""
    glued = _NUMBERED_NEXT.search(line.text) if line.kind == "short" else None
    if not glued or len(letters(line.text[: glued.start()])) < _LEAST:
        return "", 0
    return line.text[: glued.start()].strip(), glued.start()


_LEAST = 6
"""Letters of a title to which a numbered heading is glued."""
