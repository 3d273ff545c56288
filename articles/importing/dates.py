"""Dates as essays state them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Chinese sites state their times in China's, without saying so."""

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""A year outside is no date of an essay; addresses of the archive know these years only."""

_DIGITS = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TIME = r"(?:[ T　]*(?P<hour>[0-2]?\d)[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?)?"
_NUM = "〇零○一二三四五六七八九十"

PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*日?{_TIME}",
        rf"(?P<day>\d{{2}})/(?P<month>\d{{2}})/(?P<year>\d{{4}}){_TIME}",
        rf"(?P<year>[{_NUM}]{{4}})年(?P<month>[{_NUM}]{{1,3}})月(?P<day>[{_NUM}]{{1,3}})日",
        rf"(?P<year>[{_NUM}]{{4}})年(?P<month>[{_NUM}]{{1,3}})月",
        r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*月?",
        r"(?P<year>\d{4})\s*年",
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
    """Return the value of 2011, 二〇一一, 十二 or 三十一."""
    if text.isascii():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def parse_date(text: str) -> StatedDate | None:
    """Return the date that `text` states, or None where it is none or not a real day."""
    for pattern in PATTERNS:
        match = pattern.fullmatch(text.strip())
        if not match:
            continue
        parts = match.groupdict()
        try:
            year = _number(parts["year"])
            month = _number(parts["month"]) if parts.get("month") else 0
            day = _number(parts["day"]) if parts.get("day") else 0
            stated = date(year, month or 1, day or 1)
        except (ValueError, KeyError):
            return None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        time = None
        if parts.get("hour") is not None:
            try:
                time = datetime(
                    year,
                    month,
                    day,
                    int(parts["hour"]),
                    int(parts["minute"]),
                    int(parts["second"] or 0),
                    tzinfo=CHINA,
                )
            except ValueError:
                time = None
        return StatedDate(stated, "day" if day else "month" if month else "year", time)
    return None
