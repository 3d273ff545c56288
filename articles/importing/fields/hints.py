"""What a file's own fields may be believed to state: a blank beats what a program filled in."""

import re
from datetime import datetime

from ..source import Hints
from .dates import CHINA, StatedDate, parse_date

_LONGEST_TITLE = 100
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|office).*|.*\.(?:docx?|wps|pdf|indd|html?|txt|rtf|pptx?|xlsx?)"
    r"|(?:untitled|no ?title|title|document|doc|new|page|slide|book|chapter|index|home)[\s\-_]*\d*"
    r"|(?:无标题|未命名|新建|文档|标题|幻灯片|演示文稿|第\s*\d+\s*页)[\s\-_\d]*.{0,12}文档?\d*"
    r"|(?:無標題|未命名|文件|標題|投影片)\s*\d*|about:blank|https?://.*|[\d\s\W_]*",
    re.IGNORECASE,
)
"""Titles that Word, WPS, browsers and scanners write when nobody has."""

_NOBODY = re.compile(
    r"(?:.*\b)?(?:administrators?|admin|user|users|owner|windows|microsoft|office|wps|lenovo|dell"
    r"|hp|asus|acer|apple|mac|pc|python-docx|unknown|calibre|editor|webmaster|default)(?:\b.*)?"
    r"|.*(?:用户|用戶|微软|微軟|管理员|管理員|系统|系統|编辑部?|編輯部?|番茄花园|雨林木风"
    r"|深度技术|电脑|電腦)",
    re.IGNORECASE,
)
"""Authors that an installation writes: the account, the maker of the machine or of the disk."""

_ISO = re.compile(
    r"(?P<moment>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s?"
    r"(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_ENGLISH = tuple(
    re.compile(
        rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{{0,6}},?\s+)?{day}\s+(?P<year>\d{{4}})"
        r"(?:,?\s+(?P<time>\d{2}:\d{2}(?::\d{2})?))?(?:\s+(?:GMT)?(?P<zone>[+-]\d{4}|GMT|UTC|Z)\b.*)?"
    )
    for day in (rf"{_MONTH}\s+(?P<day>\d{{1,2}}),?", rf"(?P<day>\d{{1,2}})\s+{_MONTH},?")
)
"""Dates as programs write them: Thu, 04 May 2023 09:12:00 +0800; May 4, 2023."""


def title_of(hints: Hints) -> str:
    """Return the title where a person can have given it: "Microsoft Word - 1.docx" is none."""
    title = " ".join(hints.title.split())
    if hints.own:
        return title[:200]
    return "" if len(title) > _LONGEST_TITLE or _NO_TITLE.fullmatch(title) else title


def bylines_of(hints: Hints) -> list[str]:
    """Return what names authors; "Administrator" and "微软用户" name none."""
    return [author for author in hints.authors if not _NOBODY.fullmatch(author.strip())]


def date_of(hints: Hints) -> StatedDate | None:
    """Return the date; a time in another zone is told in China's."""
    text = _from_english(hints.date.strip())
    if match := _ISO.fullmatch(text):
        zone = match["zone"].replace("UTC", "Z").replace("GMT", "Z")
        try:
            moment = datetime.fromisoformat(match["moment"] + zone).astimezone(CHINA)
        except (ValueError, OverflowError):
            return None
        text = f"{moment:%Y-%m-%d %H:%M:%S}"
    return parse_date(text.replace("T", " "))


def _from_english(text: str) -> str:
    match = next((match for form in _ENGLISH if (match := form.fullmatch(text))), None)
    if not match:
        return text
    month = _MONTHS.index(match["month"]) + 1
    day = f"{match['year']}-{month:02}-{int(match['day']):02}"
    return f"{day} {match['time']}{match['zone'] or ''}" if match["time"] else day
