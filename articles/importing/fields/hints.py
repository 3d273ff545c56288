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
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})"
)


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
    text = hints.date.strip()
    if _ISO.fullmatch(text):
        try:
            text = f"{datetime.fromisoformat(text).astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
        except (ValueError, OverflowError):
            return None
    return parse_date(text.replace("T", " "))
