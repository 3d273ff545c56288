"""What the labels, dates and buttons of a page's lines say, and which lines say nothing else."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ...text import script
from .bylines import is_nobody, is_unit
from .candidates import letters
from .dates import StatedDate
from .labels import split_keywords
from .lines import PARAGRAPH, Line, untyped
from .mastheads import take_calendar, take_issued, take_journal, take_mail, take_post, take_table
from .official import day_told
from .papers import SOURCE, names_behind_paper, paper_of
from .people import LIKELY, RARE, Names, names_of
from .pieces import Piece, cut
from .stated import Dated, Metadata
from .values import take_piece, take_source, take_source_name

_HAN = r"[\u3400-\u9fff]"
_LONGEST_WITH_CLOCK = 70
_COLUMN = 6
"""Characters of a column's name behind a clock."""

_RUNNING_HEAD = re.compile(
    r".{0,40}?(?P<name>[\u3400-\u9fff]{2,16}(?:学报|杂志|学刊|月刊|论坛|研究|论丛))(?:[(（][^()（）]{2,12}[)）])?.{0,40}"
)
_ACCOUNT_NAME = re.compile(r"(?!发表于|發表於).{3,16}")
_ACCOUNT = re.compile(r"\w{2,8}")
MAY_BE_SOURCE = ("short", "caption", "prose", "subtitle")


def labels_in(found: Metadata, lines: Sequence[Line], texts: Sequence[str]) -> None:
    """Read the labelled lines of the head, and mark those that say nothing else.

    `texts` are all lines of the page: a teaser says what one of them says again.
    """
    minutes = _is_minutes(lines)
    take_mail(found, lines)
    take_issued(found, lines)
    take_post(found, lines)
    take_calendar(found, lines)
    take_table(found, lines)
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
    readings = {piece: _rest(found, piece, pieces, bool(labels or clock), title) for piece in rests}
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
        whole &= _take_bare(found, pieces, readings)
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


def _rest(
    found: Metadata, piece: Piece, pieces: list[Piece], labelled: bool, title: str = ""
) -> Names | str | None:
    """Return what stands beside labels and dates: names, the name of a source, "" for what says
    nothing, or None for what may be the author's."""
    text = piece.value
    if len(title) > 5 and letters(text).endswith(title):
        return ""
    names = names_of(text)
    if names and names.sure >= (RARE if piece.glued or labelled else LIKELY):
        return names
    folded = script.fold(text)
    dated = any(other.kind.endswith("date") for other in pieces)
    if dated and (behind := names_behind_paper(text)):
        return behind
    if is_nobody(text) and SOURCE.fullmatch(folded):
        return ""  # 编辑中心
    if re.fullmatch(r"[《]?[^《》]{2,20}[》]", text) or SOURCE.fullmatch(folded):
        return text.strip("《》")
    if re.fullmatch(r"[\d\W_A-Za-z.]{1,24}(?:更新|修改|发布|编辑)?[)）]?|总?第\d+期", folded):
        return ""
    paper = re.sub(r"\s+本[报刊网台]讯$", "", folded)
    if paper != folded and SOURCE.fullmatch(paper):
        return text[: len(paper)]
    name, _, account = text.partition(" ")
    issue = re.fullmatch(r"(\S+)(?:\s+\S{1,6})?\s+总?第\d+期", folded)
    if issue and SOURCE.fullmatch(issue[1]):
        return text[: issue.end(1)]  # a paper's name, its part, its number
    if piece.glued and len(pieces) == 3 and piece is pieces[2] and len(text) <= _COLUMN:
        site, clock = pieces[:2]
        if clock.stated and clock.stated.time and SOURCE.fullmatch(script.fold(site.value)):
            return ""  # a site, its clock, and the column it stands in
    if dated and account == name and len(name) > 2:
        return name
    if dated and (issued := re.fullmatch(r"(.{2,30}?)(?:编印|主办|印发|编)", folded)):
        found.office = found.office or text[: issued.end(1)]
        return ""
    if pieces[0].value == "原创" and account and len(account) <= 14 and (read := names_of(name)):
        return replace(read, unit="")  # with the public account behind the name
    if dated and is_unit(text) and not piece.glued:
        found.office = found.office or text
        return ""
    if dated and folded.startswith("由 ") and len(text) < 10 and not is_nobody(text):
        return Names((text[2:].strip(),), "", LIKELY, ("with-date",))
    if _is_account(pieces):
        return "" if len(text) <= _LONGEST_ACCOUNT else None
    alone = {other.kind for other in pieces if other is not piece} <= {"date"}
    if dated and alone and names and names.sure >= RARE and len(text) == 3:
        return names
    if dated and account and (read := names_of(name)) and read.sure >= RARE and len(account) < 12:
        return replace(read, unit="")
    buttons = any(other.kind == "button" for other in pieces)
    before_clock = piece is pieces[0] and {p.kind for p in pieces[1:]} <= {"date", "button"}
    behind_clock = [p.kind for p in pieces] == ["site_date", "rest"] and not piece.glued
    if (before_clock or behind_clock) and labelled and len(re.findall(_HAN, text)) > 4:
        return None  # it may be a title with its clock
    if (labelled or buttons) and not piece.glued and len(text) <= 14:
        return None if re.search(r"[。！？，,!?:：]", text) else ""
    return None


_FROM_WHERE = re.compile(r"发[布表]于[\u3400-\u9fff]{2,4}")
"""From where an account wrote, behind its name and the day: 2024-02-12 发布于广东."""

_LONGEST_ACCOUNT = 14
"""Characters of an account's name."""


def _is_account(pieces: Sequence[Piece]) -> bool:
    """Tell whether a line is an account of a collector's site with a day and from where."""
    if [piece.kind for piece in pieces] != ["rest", "date", "rest"] or not pieces[1].stated:
        return False
    return not pieces[1].stated.time and bool(_FROM_WHERE.fullmatch(script.fold(pieces[2].value)))


def _take_bare(
    found: Metadata, pieces: list[Piece], readings: dict[Piece, Names | str | None]
) -> bool:
    """Take dates without a label, and the names or the source beside them."""
    whole = True
    dated = any(piece.kind.endswith("date") or "版" in piece.value for piece in pieces)
    dated |= any(piece.value.startswith("数字报") for piece in pieces)
    for piece in pieces:
        if piece.kind == "date" and piece.stated:
            mirrored = [p for p in pieces if p.glued and isinstance(readings.get(p), Names)]
            if _is_account(pieces):
                found.dates.append(Dated(piece.stated, "upload", "with-date", 1))
                continue
            whole &= _take_bare_date(found, piece.stated, site=bool(mirrored))
        reading = readings.get(piece)
        if isinstance(reading, Names):
            if not found.authors:
                found.authors = list(reading.names)
                found.unit = found.unit or reading.unit
            elif any(name not in found.authors for name in reading.names):
                whole = False
            named = re.match(r"([^\s/／]{2,8}[报報社网網])\s*[/／]", piece.value)
            paper = named[1] if named else paper_of(piece.value)[0]
            if paper and dated and not found.source_name:
                take_source_name(found, paper)
        elif reading and dated and not found.source_name:
            take_source_name(found, reading)
    poster = pieces[0] if pieces[0].kind == "rest" and len(pieces) > 2 else None
    named = found.authors or found.source_name
    if poster and not named and pieces[1].kind == "site_date" and _ACCOUNT.fullmatch(poster.value):
        found.authors = [poster.value]
    account = [piece for piece in pieces if piece.value == "原创"]
    joint = [p for p in pieces if p.kind == "rest" and " " in p.value and dated]
    if (account or joint) and (dated or pieces[0].value == "原创"):
        _take_account(found, pieces)
    return whole


def _take_bare_date(found: Metadata, stated: StatedDate, *, site: bool) -> bool:
    """Take a date without a label; with its time, or right against a name, it is the site's."""
    role = "site" if stated.time or site else "own"
    same = [dated for dated in found.dates if dated.role == "own" and role == "own"]
    if same and all(dated.stated != stated for dated in same):
        return False
    found.dates.append(Dated(stated, role, "alone", 1))
    return True


def _take_own_date(found: Metadata, line: Line) -> None:
    """Take a line that is a date; in brackets below a title it is when the speech was given."""
    role = "site" if line.stated.time else "own"
    rank = 2 if line.text[0] in "(（" else 1
    own = [dated for dated in found.dates if dated.role == "own" and dated.rank >= rank]
    if role == "own" and any(dated.stated != line.stated for dated in own):
        return
    found.dates.append(Dated(line.stated, role, "alone", rank))
    found.lines.add(line.number)


def _take_account(found: Metadata, pieces: list[Piece]) -> None:
    """Take the author and the public account of `原创 王芳 某某工友 2023-05-04 07:30`."""
    for piece in pieces:
        name, _, account = piece.value.partition(" ")
        if piece.kind != "rest":
            continue
        if account and names_of(name) and found.authors in ([], [name]):
            found.authors, found.source_name = [name], found.source_name or account.strip()
        elif not account and name not in found.authors and _ACCOUNT_NAME.fullmatch(name):
            found.source_name = found.source_name or name
