"""What the labels, dates and buttons of a page's lines say, and which lines say nothing else."""

import re
from collections.abc import Sequence

from ...text import script
from .beside_labels import reading_of, take_bare
from .candidates import letters
from .labels import split_keywords
from .lines import PARAGRAPH, Line, untyped
from .mastheads import (
    take_calendar,
    take_cover,
    take_issued,
    take_journal,
    take_mail,
    take_post,
    take_table,
)
from .official import day_told
from .papers import SOURCE
from .pieces import Piece, cut
from .posted import take_posted
from .stated import Dated, Metadata
from .values import take_piece, take_source, take_source_name

_LONGEST_WITH_CLOCK = 70

_RUNNING_HEAD = re.compile(
    r".{0,40}?(?P<name>[\u3400-\u9fff]{2,16}(?:学报|杂志|学刊|月刊|论坛|研究|论丛))(?:[(（][^()（）]{2,12}[)）])?.{0,40}"
)
MAY_BE_SOURCE = ("short", "caption", "prose", "subtitle")


def labels_in(found: Metadata, lines: Sequence[Line], texts: Sequence[str]) -> None:
    """Read the labelled lines of the head, and mark those that say nothing else.

    `texts` are all lines of the page: a teaser says what one of them says again.
    """
    minutes = _is_minutes(lines)
    take_mail(found, lines)
    take_issued(found, lines)
    take_posted(found, lines)
    take_post(found, lines)
    take_calendar(found, lines)
    take_table(found, lines)
    take_cover(found, lines)
    prose = 0
    for position, line in enumerate(lines):
        below = lines[position + 1] if position + 1 < len(lines) else None
        prose += line.kind == "prose" and len(line.text) > 16
        if line.kind == "summary" and (_is_teaser(line, texts) or _take_unmarked(found, line)):
            found.lines.add(line.number)
            line.kind = "meta"
        elif below and _names_again(line, lines[position + 1 :]):
            found.dates.append(Dated(line.pieces[0].stated, "site", "with-date", 1))
            found.lines.add(line.number)
        elif line.kind == "summary" or (line.kind == "meta" and not minutes):
            take_line(found, line, behind_text=prose > 0)
            take_below(found, line, below)
        elif line.kind == "date" and not prose:
            _take_own_date(found, line)
        elif line.kind == "number" and (head := _RUNNING_HEAD.fullmatch(script.fold(line.text))):
            if not take_source(found, line.text):
                name = line.text[slice(*head.span("name"))]
                found.source_name = found.source_name or name
            found.lines.add(line.number)
        elif line.kind == "english" and _above_abstract(lines, position):
            found.lines.add(line.number)
        elif not position and below and below.stated_day and _PAPER.fullmatch(line.text):
            found.source_name = found.source_name or line.text
            found.lines.add(line.number)
            line.kind = "meta"
        elif (
            (line.kind in ("short", "names") and line.text == found.source_name)
            or take_journal(found, line, lines[:position])
            or (
                line.kind in MAY_BE_SOURCE
                and len(line.text) <= 60
                and take_source(found, line.text)
            )
        ):
            found.lines.add(line.number)
            line.kind = "meta"


def _names_again(line: Line, below: Sequence[Line]) -> bool:
    """Tell whether the names run together behind a clock stand below it once more, each by itself:
    2021-05-21成肖李敬 over 成肖 李敬."""
    if [piece.kind for piece in line.pieces] != ["date", "rest"]:
        return False
    clock, rest = line.pieces
    named = [other.names.names for other in below if other.names]
    again = any(len(names) > 1 and rest.value == "".join(names) for names in named)
    return bool(clock.stated) and rest.glued and again


_PAPER = re.compile(r"[\u3400-\u9fff]{2,8}(?:报|報)")
"""What stands above the date where a paper's page was saved."""


def _above_abstract(lines: Sequence[Line], position: int) -> bool:
    """Tell whether an English line stands right above an English abstract: title and names."""
    below = lines[position + 1 : position + 4]
    return any(line.pieces and line.pieces[0].kind == "english" for line in below)


def _is_teaser(line: Line, texts: Sequence[str]) -> bool:
    """Tell whether a line is a teaser whose words stand in the text once more."""
    if not line.pieces or line.pieces[0].kind != "teaser":
        return False
    end = letters(line.text)[-_SAID_AGAIN:]
    return any(letters(text).endswith(end) for text in texts if text != line.text)


def _take_unmarked(found: Metadata, line: Line) -> bool:
    """Take an abstract whose label has lost its mark; tell whether the line is one."""
    label = _GLUED.match(script.fold(line.text))
    if not label or found.summary:
        return False
    found.summary = line.text[label.end() :]
    return True


def take_below(found: Metadata, line: Line, below: Line | None) -> None:
    """Take the names below a label that has nothing behind it: 文字： over 王芳."""
    if not below or not below.names or len(line.pieces) != 1 or line.pieces[0].value:
        return
    if line.pieces[0].kind == "authors" and not found.authors:
        found.authors = list(below.names.names)
    elif line.pieces[0].kind != "editor":
        return
    found.lines.add(below.number)
    below.kind, below.names = "meta", None


_SAID_AGAIN = 20
"""Letters from the end of a teaser that have to stand at the end of a line of the text."""

_ITEM = re.compile(r"^(?:[一二三四五六七八九十壹贰参叁肆伍陆柒捌玖]{1,2}|\d{1,2})\s*[、.．]\s*")
_OF_MINUTES = ("地点", "主持", "出席", "参加", "记录", "列席", "缺席")
_GLUED = re.compile(r"^(?:摘要|内容提要|提要)(?=[\u3400-\u9fff])")
"""An abstract whose label lost its mark: 提要湿地退塘之后的…"""


def _is_minutes(lines: Sequence[Line]) -> bool:
    """Tell whether labels say when and where people met, and who: that is the essay."""
    begun = [re.sub(r"\s", "", _ITEM.sub("", script.fold(line.text)[:24])) for line in lines]
    return sum(text.startswith(_OF_MINUTES) for text in begun) > 1


def sections_in(found: Metadata, head: Sequence[Line], lines: list[str]) -> None:
    """Read labels that stand on a line of their own, with what stands below."""
    for position, line in enumerate(head):
        if line.kind != "section" or line.section not in (
            "summary",
            "keywords",
            "source_name",
            "authors",
        ):
            continue
        below = head[position + 1 :]
        if not below:
            continue
        first = below[0]
        said = any(p.kind == "summary" and p.value for other in head for p in other.pieces)
        if line.section == "summary" and not said and not found.summary and len(first.text) > 16:
            found.summary = first.text
        elif line.section == "source_name" and not found.source_name and len(first.text) <= 40:
            if not take_source(found, first.text):
                take_source_name(found, first.text.strip("《》"))
        elif line.section == "keywords" and not found.keywords and len(first.text) <= 60:
            words = [first]
            if not re.search(r"[,，;；、\s]", first.text):
                for other in below[1:]:
                    if len(other.text) > 16 or other.kind in ("section", "meta", "prose"):
                        break
                    words.append(other)
            found.keywords = [w for word in words for w in split_keywords(word.text)]
            for word in words:
                found.lines.add(word.number)
                word.kind = "meta"
        elif line.section == "authors" and first.names:
            found.authors = list(first.names.names)
        else:
            continue
        found.lines |= {line.number, first.number}
        first.kind = "meta"


def take_line(found: Metadata, line: Line, *, behind_text: bool = False) -> bool:
    """Read the pieces of one line; tell whether it says nothing but what was read.

    A line that says more keeps its values only where labels state them, and stays in the body;
    what stands right before the text in its own line is cut off it.
    """
    pieces = line.pieces or cut(line.text)
    labels = [piece for piece in pieces if piece.kind not in ("rest", "date", "button")]
    clock = any(piece.stated and piece.stated.time for piece in pieces)
    rests = [piece for piece in pieces if piece.kind == "rest"]
    # What is prose is decided first: a date in a sentence is no field's.
    title = letters(found.title)
    readings = {
        piece: reading_of(found, piece, pieces, bool(labels or clock), title) for piece in rests
    }
    odd = [piece for piece in rests if readings[piece] is None]
    if rests and {piece.kind for piece in pieces} <= {"rest", "button"}:
        odd = odd or (rests if re.search("[，。！？；]", line.text) else [])  # it is a sentence
    if not behind_text and (stated := day_told(line.text)):
        found.dates.append(Dated(stated, "own", "alone", 2))
    if (odd and not labels) or (behind_text and not labels and not clock):
        opening = pieces[0].value
        if clock and isinstance(readings.get(pieces[0]), str) and _may_be_title(opening):
            line.kind, line.pieces = untyped(line.text), []  # `openings` looks at it
            return False
        if clock and odd and _cut_off(found, line, pieces, odd):
            return True
        if clock and odd == pieces[:1] and len(line.text) <= _LONGEST_WITH_CLOCK:
            line.pieces = pieces  # a title with its clock: `heading` looks at it
            return False
        line.kind = untyped(line.text)
        line.pieces = []
        return False
    taken = [take_piece(found, piece) for piece in labels]
    whole = all(taken) and not odd
    begun = pieces[0].kind == "date" and line.text[pieces[0].end :][:1] in ("，", ",")
    if whole or (taken and taken[0] and odd and not begun):  # a sentence may begin with a day
        whole &= take_bare(found, pieces, readings)
    if whole:
        found.lines.add(line.number)
        line.kind = "meta"
        return True
    if odd and all(taken):
        return _cut_off(found, line, pieces, odd)
    line.kind = "part"
    return False


def _may_be_title(words: str) -> bool:
    """Tell whether words before a clock in one line with the text may be its title, and no site."""
    return len(words) >= _SHORTEST_OPENING and not SOURCE.fullmatch(script.fold(words))


_SHORTEST_OPENING = 8
"""Characters before a clock that may be a title; a site's name has fewer."""


def _cut_off(found: Metadata, line: Line, pieces: list[Piece], odd: list[Piece]) -> bool:
    """Cut what the site says off the line where the author's sentence begins behind it."""
    last = pieces[-1]
    line.kind = "part"
    clocked = len(pieces) > 1 and pieces[-2].kind == "site_date" and len(last.value) > PARAGRAPH
    if odd == [last] and len(last.value) > 30 and (len(pieces) > 2 or clocked):
        found.cuts[line.number] = (last.start, len(line.text))
        return True
    return False


def _take_own_date(found: Metadata, line: Line) -> None:
    """Take a line that is a date; in brackets below a title it is when the speech was given."""
    role = "site" if line.stated.time else "own"
    rank = 2 if line.text[0] in "(（" else 1
    own = [dated for dated in found.dates if dated.role == "own" and dated.rank >= rank]
    if role == "own" and any(dated.stated != line.stated for dated in own):
        return
    found.dates.append(Dated(line.stated, role, "alone", rank))
    found.lines.add(line.number)
