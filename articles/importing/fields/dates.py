"""Dates as essays state them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Chinese sites state their times in China's, without saying so."""

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""A year outside is no date of an essay; addresses of the archive know these years only."""

_DIGITS = dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True))
_DIGITS |= dict.fromkeys("○0OoＯ◯", 0)
_DIGITS |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_DIGITS |= dict(zip("貳參陸叄两兩", (2, 3, 6, 3, 2, 2), strict=True))
_NUM = "".join(_DIGITS) + "十拾"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．／－：　\xa0", "0123456789./-:  ")

_WEEKDAY = r"(?:\s*[(（]?\s*(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]\s*[)）]?)?"
_TIME = (
    r"(?:[ T]*(?P<half>上午|下午|晚上|中午|凌晨)?\s*"
    r"(?P<hour>[0-2]?\d)[:时時点點](?P<minute>[0-5]\d)(?:[:分](?P<second>[0-5]\d))?[分秒]?)?"
)

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
"""As blogs outside the Mainland write them: Jul 02 Wed 2014 23:10."""

_ROC_YEAR = rf"(?P<roc>\d{{2,3}}|[{_NUM}]{{2,4}})"

PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号號]?"
        + _WEEKDAY
        + _TIME,
        r"(?P<day>\d{2})/(?P<month>\d{2})/(?P<year>\d{4})(?:\s+-\s+\d{1,2}:\d{2}\s?[ap]m)?" + _TIME,
        r"(?P<year>(?:19|20)\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)",
        rf"(?P<year>[{_NUM}]{{4}})\s*年\s*(?P<month>[{_NUM}]{{1,3}})\s*月\s*(?P<day>[{_NUM}]{{1,3}})\s*[日号號]"
        + _WEEKDAY,
        rf"(?P<year>[{_NUM}]{{4}})\s*年\s*(?P<month>[{_NUM}]{{1,3}})\s*月",
        rf"(?P<year>\d{{4}}|[{_NUM}]{{4}})\s*年?\s*(?:第\s*(?:\d{{1,3}}|[{_NUM}]{{1,3}})\s*[期卷]"
        rf"|\d{{1,3}}\s*期"
        r"|[,，]?\s*[(（]\s*\d{1,2}\s*[)）])",  # an issue of a journal is no month
        r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*月?",
        rf"(?P<year>\d{{4}}|[{_NUM}]{{4}})\s*年",
        rf"(?:中[华華])?民[国國]\s*{_ROC_YEAR}\s*年\s*(?P<month>\d{{1,2}}|[{_NUM}]{{1,3}})\s*月"
        rf"(?:\s*(?P<day>\d{{1,2}}|[{_NUM}]{{1,3}})\s*[日号號])?" + _WEEKDAY + _TIME,
        r"(?P<roc>1\d{2})\s*[年/.-]\s*(?P<month>\d{1,2})\s*[月/.-]\s*(?P<day>\d{1,2})\s*[日號]?"
        + _WEEKDAY
        + _TIME,
        r"(?P<roc>1[0-4]\d)(?P<month>[01]\d)(?P<day>[0-3]\d)",
        rf"(?P<roc>一[{_NUM}]{{2}})年(?P<month>[{_NUM}]{{1,3}})月(?P<day>[{_NUM}]{{1,3}})日",
        rf"(?P<month>(?i:{'|'.join(_MONTHS)}))[a-z]{{0,6}}\.? (?P<day>\d{{1,2}}),?"
        r"(?: (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))? (?P<year>\d{4})" + _TIME,
        rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(?P<month>(?i:{'|'.join(_MONTHS)})) {{1,2}}"
        r"(?P<day>\d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) (?P<year>\d{4})",
        r"(?P<year>(?:19|20)\d{2})\s+(?P<month>\d{2})/\s?(?P<day>\d{2})(?=\s)" + _TIME,
        r"(?P<day>\d{2})\.(?P<month>\d{2})\.(?P<year>(?:19|20)\d{2})" + _TIME,
        rf"(?P<month>\d{{1,2}}|[{_NUM}]{{1,3}})月\s*(?P<day>\d{{1,2}}),\s*(?P<year>(?:19|20)\d{{2}})"
        + _TIME,
    )
)
"""The forms of a date, the fullest first; each matches a whole string."""


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date, how precise it is (day, month or year), and its time where one is stated."""

    date: date
    precision: str
    time: datetime | None = None


def _number(text: str) -> int:
    """Return the value of 2011, 二〇一一, 贰零贰肆, 十二, 三十一 or 廿."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text.lower() in _MONTHS:
        return _MONTHS.index(text.lower()) + 1
    text = text.replace("拾", "十")
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


_SHORT_YEAR = re.compile(
    r"(?P<year>\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{2}(?=\d{2}:\d{2})|\d{1,2}(?!\d))"
    + _TIME
)


def parse_date(text: str, *, short_year: bool = False) -> StatedDate | None:
    """Return the date that `text` states, or None where it is none or not a real day.

    05/09/2021 may be May or September: only its year is stated for certain. `short_year` says
    that a date is to be expected, so that 18-03-08 is one of 2018.
    """
    text = text.translate(_FULL_WIDTH).strip()
    match = next((match for p in PATTERNS if (match := p.fullmatch(text))), None)
    if not match and short_year:
        match = _SHORT_YEAR.fullmatch(text)
    return _stated(match) if match else None


_ANYWHERE = tuple(
    re.compile(rf"(?<![\d{_NUM}./-]){pattern.pattern}(?!\d)")
    for n, pattern in enumerate(PATTERNS)
    if n in (0, 3, 8, 9, 12, 13, 14, 15)
)


def first_date(text: str, start: int = 0) -> tuple[StatedDate, int, int] | None:
    """Return the first full date in a line from `start` on, and where it begins and ends."""
    plain = text.translate(_FULL_WIDTH)
    matches = [match for pattern in _ANYWHERE if (match := pattern.search(plain, start))]
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        if stated := _stated(match):
            return stated, match.start(), match.end()
    return None


_AT_END = tuple(
    re.compile(rf"(?<![\d{_NUM}.:/-])(?:{pattern.pattern})[)）]?\s*$") for pattern in PATTERNS
)


def date_at_end(text: str) -> tuple[StatedDate, int] | None:
    """Return the date a line ends with and where it begins: `王芳 2021年5月6日`."""
    plain = text.translate(_FULL_WIDTH)
    for pattern in _AT_END:
        if (match := pattern.search(plain)) and (stated := _stated(match)):
            return stated, match.start()
    return None


def _stated(match: re.Match[str]) -> StatedDate | None:
    parts = match.groupdict()
    try:
        year = _year(parts)
        month = _number(parts["month"]) if parts.get("month") else None
        day = _number(parts["day"]) if parts.get("day") else None
        stated = date(year, 1 if month is None else month, 1 if day is None else day)
    except (ValueError, KeyError):
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if match.re in (PATTERNS[1], _AT_END[1]) and max(month, day) <= 12 and month != day:
        return StatedDate(date(year, 1, 1), "year")
    precision = "day" if day else "month" if month else "year"
    return StatedDate(stated, precision, _time(stated, parts))


def _year(parts: dict[str, str | None]) -> int:
    """Return the year of our era; the Republic counts its own from 1912, and 18 is 2018."""
    if roc := parts.get("roc"):
        return 1911 + _number(roc)
    year = _number(parts["year"])
    if year >= 100 or len(parts["year"]) != 2:
        return year
    if year > _LAST_SHORT:
        raise ValueError("92-07-06 is of 1992, or of the Republic's 92nd year: nobody knows.")
    return 2000 + year


_LAST_SHORT = 50
"""Years of two digits up to this one are of our century."""


def _time(day: date, parts: dict[str, str | None]) -> datetime | None:
    if not parts.get("hour"):
        return None
    hour = int(parts["hour"])
    if parts.get("half") in ("下午", "晚上") and hour < 12:
        hour += 12
    try:
        return datetime(
            day.year,
            day.month,
            day.day,
            hour,
            int(parts["minute"]),
            int(parts["second"] or 0),
            tzinfo=CHINA,
        )
    except ValueError:
        return None
