"""Lines that a program writes below a title: 由 小薇 發表於 週三, 03/12/2014 - 10:15."""

import re
from collections.abc import Sequence
from datetime import date

from ...text import script
from ..draft import Evidence
from .bylines import LATIN_NAME, is_unit
from .dates import StatedDate, parse_date
from .lines import Line
from .people import certainty
from .pieces import HALF_WIDTH
from .stated import Dated, Metadata

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    rf"(?:(?:星期|礼拜|周)(?P<day>[一二三四五六日天])|(?P<english>{'|'.join(_DAYS)})[a-z]{{0,6}})"
)
_CLOCK = r"[-·,@]?\s*(?:上午|下午)?\s*\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]m)?"
_LENGTH = r"(?:\d+\s*min(?:ute)?s?(?:\s*read)?|阅读(?:时间)?[\s:约]*\d+\s*分钟?)"
_POSTED = re.compile(
    r"(?:(?P<by>由|文|作者|by|(?:posted|submitted|written|published)\s+by)(?:\s*:\s*|\s+|(?<=由)))?"
    r"(?P<who>[^\s·|,:/-]{1,12}?(?: [a-z]{1,12}){0,2})\s*"
    r"(?:(?P<verb>发[表布]|张贴|撰写|刊登|贴出)[于在]|于|on|[·|,/-])\s*"
    rf"(?:{_WEEKDAY}\s*,?\s*)?"
    r"(?P<date>[^|·]{6,24}?)"
    rf"(?:\s*{_CLOCK})?(?:\s*[·|,-]\s*{_LENGTH})?",
    re.IGNORECASE,
)
"""Who, when, and what tells that the line says so: an opening or a verb, by a folded line."""

_TURNED = re.compile(
    r"(?P<date>[^|·]{6,24}?)\s*[·|,/-]?\s*(?P<by>by)\s+"
    r"(?P<who>[^\s·|,:/-]{2,12}(?: [a-z]{1,12}){0,2})",
    re.IGNORECASE,
)
"""The same the other way round: 六月 28, 2021 by 阿球."""

_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")

_NAME = re.compile(r"[\u3400-\u9fff]{2,6}(?:·[\u3400-\u9fff]{1,8})*")
_ACCOUNT = re.compile(
    r"管理员?|系统|编辑部?|编者|小编|站长|网站|本站|本会|匿名|访客|游客|佚名|转载|原创|网友|用户|记者"
    r"|.[会处部室站网报社局厂团组]$"
)
"""Who writes for a site without being named, and accounts that several use."""

_LONGEST_NAME, _LONGEST = 6, 80
"""Characters of a name without an opening, and of such a line."""

_NEAR = 6
"""Lines from the top among which the line stands."""


def take_posted(found: Metadata, lines: Sequence[Line]) -> None:
    """Take the first line that says who put the text up and when, and nothing else."""
    for line in lines[:_NEAR]:
        if len(line.text) > _LONGEST:
            continue
        plain = script.fold(line.text).translate(HALF_WIDTH)
        posted = _POSTED.fullmatch(plain) or _TURNED.fullmatch(plain)
        if not posted or not _says_who(posted):
            continue
        stated = _day(posted)
        if stated is None:
            continue
        name = line.text[slice(*posted.span("who"))]
        if (is_own := _is_person(name)) and not found.authors:
            found.authors = [name]
            found.evidence.append(Evidence("authors", name, ("with-date",)))
        found.dates.append(Dated(stated, "own" if is_own else "site", "with-date", 1))
        line.kind, line.names, line.pieces = "number", None, []
        found.lines.add(line.number)
        return


def _says_who(posted: re.Match[str]) -> bool:
    """Tell whether it is a byline and no sentence: 由 may open one (由大家办起于2019年5月), and
    without an opening what stands before the verb has to be a name."""
    if (by := posted["by"]) and by != "由":
        return True
    if by:
        return bool(posted["verb"])
    who, behind = posted["who"], posted.string[posted.end("who") :]
    is_name = certainty(who) > 0 or (len(who) <= _LONGEST_NAME and behind[0].isspace())
    return bool(posted["verb"]) and is_name


def _is_person(name: str) -> bool:
    folded = script.fold(name)
    is_name = _NAME.fullmatch(folded) or re.fullmatch(LATIN_NAME, name)
    return bool(is_name) and not is_unit(name) and not _ACCOUNT.search(folded)


def _day(posted: re.Match[str]) -> StatedDate | None:
    """Return the day. Of 03/12/2014 the weekday tells which number is the month."""
    told = posted["date"].strip(" ,")
    if not (numbers := _NUMBERS.fullmatch(told)):
        return parse_date(told)
    one, other, year = map(int, numbers.groups())
    days = {day for day in (_date(year, one, other), _date(year, other, one)) if day}
    if (weekday := _weekday(posted)) is not None:
        days = {day for day in days if day.weekday() == weekday}
    if len(days) == 1:
        return StatedDate(days.pop(), "day")
    return StatedDate(date(year, 1, 1), "year") if days else None


def _weekday(posted: re.Match[str]) -> int | None:
    parts = posted.groupdict()
    if english := parts.get("english"):
        return _DAYS.index(english.lower())
    day = parts.get("day")
    return "一二三四五六日".find(day.replace("天", "日")) if day else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
