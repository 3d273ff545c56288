"""What mails, posts of a board and tables of labels put above a text, over several lines."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from ...text import script
from .dates import StatedDate, first_date, parse_date
from .lines import Line
from .people import names_of
from .pieces import HALF_WIDTH
from .stated import Dated, Metadata
from .values import take_piece

_SENDER = re.compile(r"(?:发件人|寄件人|From)\s*[:：]")
_RECEIVED = re.compile(r"(?:收件人|发送时间|发送日期|To|Sent|Date)\s*[:：]")
_SUBJECT = re.compile(r"(?:主题|主旨|Subject)\s*[:：]\s*(?=.{4})", re.IGNORECASE)


def take_mail(found: Metadata, lines: Sequence[Line]) -> None:
    """Take the subject of a letter that was forwarded for its title."""
    folded = [script.fold(line.text) for line in lines]
    sent = next((n for n, text in enumerate(folded) if _SENDER.match(text)), None)
    if sent is None or not any(map(_RECEIVED.match, folded)):
        return
    for line in lines[max(0, sent - 2) : sent + 7]:
        if sender := _SENDER.match(script.fold(line.text)):
            who = names_of(line.text[sender.end() :].strip())
            found.sender = who.names[0] if who and len(who.names) == 1 else ""
        if subject := _SUBJECT.match(script.fold(line.text)):
            found.title = found.title or line.text[subject.end() :].strip()
            found.title_source = "line"
            line.kind = "meta"
            found.lines.add(line.number)
        elif re.fullmatch(
            r"[-—–\s]*(?:转发的?|原始)(?:邮件|信件|消息)[-—–\s]*", script.fold(line.text)
        ):
            found.lines.add(line.number)
            line.kind = "meta"


_TOPIC = re.compile(r"主题\s*[:：]\s*(?P<title>\S.{2,60}?)\s+--\s+(?P<who>[\w·-]{2,14})")
"""What a board sets on top of a thread: what of, and who began it."""

_POST = (
    re.compile(r"发信人\s*[:：].*信区\s*[:：].*|作者\s+\S+.*看板\s+\S+"),
    re.compile(r"标\s*题\s*(?:[:：]|\s)\s*(?P<title>\S.*)"),
    re.compile(r"(?:发信站\s*[:：]|时间\s+)\s*(?P<when>.*)"),
)
"""How a post of a board begins: who and where, what of, when."""


def take_post(found: Metadata, lines: Sequence[Line]) -> None:
    """Take the title and the clock of a post of a board; who posts has a nickname only."""
    for line in lines[:9]:
        topic = _TOPIC.fullmatch(script.fold(line.text))
        if topic and not found.title:
            found.title = line.text[slice(*topic.span("title"))].strip()
            found.title_source = "line"
            found.authors = found.authors or [line.text[slice(*topic.span("who"))]]
            found.lines.add(line.number)
            line.kind, line.names = "meta", None
            return
    if not any(line.text.startswith(("发信人", "發信人", "作者")) for line in lines[:6]):
        return
    folded = [script.fold(line.text) for line in lines[:9]]
    first = next((n for n, text in enumerate(folded[:6]) if _POST[0].fullmatch(text)), None)
    if first is None:
        return
    for line, text in zip(lines[first : first + 3], folded[first : first + 3], strict=True):
        match = next((m for pattern in _POST if (m := pattern.fullmatch(text))), None)
        if not match:
            return
        said = match.groupdict()
        if said.get("title") and not found.title:
            found.title, found.title_source = line.text[match.start("title") :].strip(), "line"
        elif said.get("when") and (stated := first_date(line.text)):
            found.dates.append(Dated(stated[0], "site", "label", 2))
        line.kind, line.names = "meta", None
        found.lines.add(line.number)


_DAY, _YEAR = re.compile(r"\d{1,2}日?"), re.compile(r"(?:19|20)\d{2}年?")
_MONTH = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
)
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}月?")
_MONTH_AND_DAY = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}日?")


def take_calendar(found: Metadata, lines: Sequence[Line]) -> None:
    """Take a day that a theme sets over two or three lines, like a leaf of a calendar: 08, 11月,
    2019; or 08 and 2019-11."""
    forms = ((_DAY, _MONTH, _YEAR), (_YEAR, _MONTH, _DAY), (_MONTH, _DAY, _YEAR))
    pairs = ((_DAY, _YEAR_AND_MONTH), (_YEAR_AND_MONTH, _DAY))
    pairs += ((_YEAR, _MONTH_AND_DAY), (_MONTH_AND_DAY, _YEAR))
    for at, first in enumerate(lines[:_CALENDAR]):
        if len(first.text) > 8:
            continue
        for form in (*forms, *pairs):
            leaf = lines[at : at + len(form)]
            texts = [script.fold(line.text) for line in leaf]
            if len(leaf) == len(form) and all(
                p.fullmatch(t) for p, t in zip(form, texts, strict=True)
            ):
                parts = dict(zip(form, texts, strict=True))
                stated = _day_of_leaf(parts)
                if not stated:
                    continue
                found.dates.append(Dated(stated, "site", "alone", 1))
                found.lines |= {line.number for line in leaf}
                for line in leaf:
                    line.kind, line.stated = "meta", None
                return


def _day_of_leaf(parts: dict[re.Pattern[str], str]) -> StatedDate | None:
    """Return the day whose parts stand on lines of their own."""
    month = parts.get(_MONTH, "")
    if month and month[0].isascii() and month[0].isalpha():
        return parse_date(f"{month[:3]} {parts[_DAY].rstrip('日')}, {parts[_YEAR][:4]}")
    year = parts.get(_YEAR_AND_MONTH, parts.get(_YEAR, ""))
    day = parts.get(_MONTH_AND_DAY, parts.get(_DAY, ""))
    numbers = re.findall(r"\d+|[一二三四五六七八九十]+", f"{year} {month} {day}")
    return parse_date("{}年{}月{}日".format(*numbers)) if len(numbers) == 3 else None


_CALENDAR = 8
"""Lines from the top among which a leaf of a calendar stands."""

_ISSUED_WORK = re.compile(
    r"《(?P<name>[^《》]{2,20})》\s*(?P<year>(?:19|20)\d{2}年)(?:第?\s*\d{1,3}\s*[期号]|\d{1,2}月号)\s*"
    r"[|丨:·]\s*(?:(?P<who>[\u3400-\u9fff·]{2,8})\s*:\s*)?(?P<title>[^|丨:。]{2,50})"
)


_WORK_ISSUED = re.compile(
    r"(?P<title>[^|/。:]{4,50})\s*[|/]\s*(?P<who>[\u3400-\u9fff·]{2,8})\s*[|/]\s*"
    r"《(?P<name>[^《》]{2,20})》\s*(?P<year>(?:19|20)\d{2}年)\s*第?\s*\d{1,3}\s*期"
)


def take_issued(found: Metadata, lines: Sequence[Line]) -> None:
    """Take `《某某文学》2025年第1期|王芳：夜航`: journal, issue, author, title; or the other way
    round, `夜航／王芳／《某某文学》2025年第1期`."""
    for line in lines[:4]:
        plain = script.fold(line.text).translate(HALF_WIDTH)
        work = _ISSUED_WORK.fullmatch(plain) or _WORK_ISSUED.fullmatch(plain)
        if not work or found.title:
            continue
        found.title, found.title_source = line.text[slice(*work.span("title"))].strip(), "line"
        found.source_name = found.source_name or line.text[slice(*work.span("name"))]
        if stated := parse_date(work["year"]):
            found.dates.append(Dated(stated, "own", "issue", 2))
        if work["who"] and not found.authors:
            found.authors = [line.text[slice(*work.span("who"))]]
        line.kind, line.names = "meta", None
        found.lines.add(line.number)


_JOURNAL = re.compile(
    r"(?P<name>[\u3400-\u9fff·]{2,20})\s+(?P<year>(?:19|20)\d{2}年)\s*第?\d{1,3}期"
)


def take_journal(found: Metadata, line: Line, above: Sequence[Line]) -> bool:
    """Take a journal and its issue on top or below a clock, whatever the journal is called."""
    issue = _JOURNAL.fullmatch(line.text)
    clock = any(piece.kind == "date" for piece in above[-1].pieces) if above else True
    if not issue or not (clock or above[-1].kind == "date") or found.source_name:
        return False
    found.source_name = issue["name"]
    found.dates.append(Dated(parse_date(issue["year"]), "own", "issue", 2))
    return True


_OF_A_COVER = re.compile(
    r"(?P<label>(?:作者|学生|研究生)?姓\s*名|研\s*究\s*生|学\s*号|(?:学科)?专\s*业(?:名称)?|(?:所在)?学\s*院|院\s*系|班\s*级"
    r"|(?:指\s*导|校内)\s*(?:教\s*师|老\s*师)|导\s*师(?:姓名)?|研究方向|(?:完成|提交|答辩)(?:日期|时间)|日\s*期"
    r"|学位类[别型]|申请学位)\s*[:：]\s*(?P<value>\S.{0,30})"
)
_KIND_OF_THESIS = re.compile(
    r"(?:[\u3400-\u9fff]{2,12}(?:大学|学院|党校))?(?:全日制)?(?:本科|学士|硕士|博士|专业)?(?:研究生)?(?:学位|毕业|专业)论文"
)


def take_cover(found: Metadata, lines: Sequence[Line]) -> None:
    """Read the cover of a thesis: what kind it is, whose, under whom, when it was finished."""
    rows = [(line, _OF_A_COVER.fullmatch(script.fold(line.text))) for line in lines[:_COVER]]
    if sum(bool(row) for _, row in rows) < _FEWEST_OF_A_COVER:
        return
    for line, row in rows:
        if row:
            label, value = re.sub(r"\s", "", row["label"]), line.text[row.start("value") :].strip()
            names = names_of(value) if label.endswith(("姓名", "研究生")) else None
            if names and not found.authors and "导师" not in label:
                found.authors = list(names.names)
            if label.endswith(("日期", "时间")) and (stated := parse_date(value)):
                found.dates.append(Dated(stated, "own", "label", 2))
        if row or _KIND_OF_THESIS.fullmatch(script.fold(line.text)):
            line.kind, line.names = "number", None
            found.lines.add(line.number)


_COVER = 16
_FEWEST_OF_A_COVER = 3


def take_table(found: Metadata, lines: Sequence[Line]) -> None:
    """Read labels that have their values on the lines below them, as a table's cells are saved,
    and the tags below 标签：."""
    bare = [
        n
        for n, line in enumerate(lines[:-1])
        if len(line.pieces) == 1
        and not line.pieces[0].value
        and line.pieces[0].kind not in ("rest", "date", "button", "summary", "keywords")
        and line.text[-1] in ":："
    ]
    for n in bare:
        line, below = lines[n], lines[n + 1]
        kind = line.pieces[0].kind
        if re.match(r"(?:文章|本文)?(?:标签|tags?|话题)", script.fold(line.text), re.IGNORECASE):
            for tag in takewhile(lambda o: len(o.text) <= 8 and o.kind in _TAGS, lines[n + 1 :]):
                tag.kind, tag.names = "meta", None
                found.lines.add(tag.number)
        elif len(bare) > 1 and below.kind != "prose" and n + 1 not in bare:
            if kind in ("authors", "editor"):
                continue  # whose names below are known by what stands round them
            classed = kind == "category" and len(below.text) <= 30 and "。" not in below.text
            if classed or take_piece(found, replace(line.pieces[0], value=below.text)):
                below.kind, below.names = "meta", None
                found.lines |= {line.number, below.number}


_TAGS = ("short", "names", "unit")
