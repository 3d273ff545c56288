"""What stands beside a line's labels and dates without a label of its own: names, a source."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ...text import script
from .bylines import is_nobody, is_unit
from .candidates import letters
from .dates import StatedDate
from .papers import SOURCE, names_behind_paper, paper_of
from .people import LIKELY, RARE, Names, certainty, names_of
from .pieces import Piece
from .stated import Dated, Metadata
from .values import take_source_name

_HAN = r"[\u3400-\u9fff]"
_COLUMN = 6
"""Characters of a column's name behind a clock."""
_ACCOUNT_NAME = re.compile(r"(?!发表于|發表於).{3,16}")
_ACCOUNT = re.compile(r"\w{2,8}")


def reading_of(
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
    if dated and (said := _AUTHOR_AND_PAPER.fullmatch(folded)) and certainty(said["who"]) >= RARE:
        take_source_name(found, text[slice(*said.span("paper"))])
        return Names((text[slice(*said.span("who"))],), "", LIKELY, ("label",))
    if is_nobody(text) and SOURCE.fullmatch(folded):
        return ""  # 编辑中心
    if re.fullmatch(r"[《]?[^《》]{2,20}[》]", text) or SOURCE.fullmatch(folded):
        return text.strip("《》")
    if re.fullmatch(r"[\d\W_A-Za-z.]{1,24}(?:更新|修改|发布|编辑)?[)）]?|总?第\d+期", folded):
        return ""
    if dated and re.fullmatch(r"[A-Z]?\d{1,3}\s+[\u3400-\u9fff]{2,4}", folded):
        return ""  # a paper's page and what it is for: B2 副刊
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


_AUTHOR_AND_PAPER = re.compile(
    rf"(?:作者|撰文|文)\s+(?P<who>[\u3400-\u9fff]{{2,4}})\s+(?P<paper>{SOURCE.pattern})"
)
"""What stands behind a day: 作者 王芳 某某日报."""

_FROM_WHERE = re.compile(r"发[布表]于[\u3400-\u9fff]{2,4}")
"""From where an account wrote, behind its name and the day: 2024-02-12 发布于广东."""

_LONGEST_ACCOUNT = 14
"""Characters of an account's name."""


def _is_account(pieces: Sequence[Piece]) -> bool:
    """Tell whether a line is an account of a collector's site with a day and from where."""
    if [piece.kind for piece in pieces] != ["rest", "date", "rest"] or not pieces[1].stated:
        return False
    return not pieces[1].stated.time and bool(_FROM_WHERE.fullmatch(script.fold(pieces[2].value)))


def take_bare(
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
            whole &= _bare_date(found, piece.stated, site=bool(mirrored))
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


def _bare_date(found: Metadata, stated: StatedDate, *, site: bool) -> bool:
    """Take a date without a label; with its time, or right against a name, it is the site's."""
    role = "site" if stated.time or site else "own"
    same = [dated for dated in found.dates if dated.role == "own" and role == "own"]
    if same and all(dated.stated != stated for dated in same):
        return False
    found.dates.append(Dated(stated, role, "alone", 1))
    return True


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
