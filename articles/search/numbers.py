"""Numbers that texts write in two ways: 第39条 and 第三十九条, 2018年 and 二〇一八年."""

import re

_DIGITS, _TENS = "零一二三四五六七八九", ("", "十", "百", "千")
_VALUES = {char: value for value, char in enumerate(_DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_READ = f"[{''.join(_VALUES)}十百千]"

_ARTICLE = re.compile(
    rf"""第(?P<number>\d{{1,4}}|{_READ}{{1,7}})(?P<of>[条章节款项])(?P<more>之[一二三四五六七八九十])?
    |(?<=[法例定章程则])(?P<bare>\d{{1,4}}|{_READ}{{2,7}})条""",
    re.X,
)
"""An article of a law and the like, with 第 or behind the law's name."""

_BARE = re.compile(rf"(?P<number>\d{{1,4}}|{_READ}{{2,7}})(?P<of>条)(?P<more>)")
_YEAR = re.compile(r"((?:19|20)\d\d)年|([一二][九零〇○][一二三四五六七八九零〇○]{2})年")


def with_numbers_apart(value: str) -> list[str]:
    """Return what was typed, and numbers of articles in it apart: 工会法, 第39条."""
    parts, end = [], 0
    for found in _ARTICLE.finditer(value):
        parts += value[end : found.start()], found[0]
        end = found.end()
    return [part for part in (*parts, value[end:]) if part]


def ways_to_write(value: str) -> tuple[str, ...]:
    """Return how texts may write a number, as it was typed first; nothing for what is none."""
    if year := _YEAR.fullmatch(value):
        digits = [_VALUES.get(char, char) for char in year[1] or year[2]]
        read = "".join(_DIGITS[int(digit)] for digit in digits)
        ways = "".join(map(str, digits)), read.replace("零", "〇"), read
        return _first(value, [f"{way}年" for way in ways])
    found = _ARTICLE.fullmatch(value) or _BARE.fullmatch(value)
    number = _number(found["number"]) if found else 0
    if not 0 < number < 10_000:
        return ()
    return _first(
        value, [f"第{way}{found['of']}{found['more'] or ''}" for way in (number, _read(number))]
    )


def _first(value: str, ways: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([value, *ways]))


def _number(text: str) -> int:
    """Return the number that digits or characters stand for: 一百零三 is 103."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _VALUES:
            digit = _VALUES[char]
        else:
            total += (digit or 1) * 10 ** _TENS.index(char)
            digit = 0
    return total + digit


def _read(number: int) -> str:
    """Return 1 to 9999 as they are read: 十, 二十一, 一百零三."""
    out = ""
    for place, digit in enumerate(map(int, reversed(str(number)))):
        if digit:
            out = _DIGITS[digit] + _TENS[place] + out
        elif out and not out.startswith(_DIGITS[0]):
            out = _DIGITS[0] + out
    return out.removeprefix("一") if 10 <= number < 20 else out
