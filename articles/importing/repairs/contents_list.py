"""Tables of contents: the page has an outline of its own, and that one has links."""

import re
from collections.abc import Iterator

from ...text import script
from .frame import Finding, Page, repair

_TITLE = re.compile(
    r"[【\[(（《#\s]*(?:本文|文章|内容|全文)?目[\s　]*[录次][】\])）》\s]*[:：]?"
    r"|(?:table\s+of\s+)?contents?",
    re.IGNORECASE,
)
_LEADER = re.compile(r"\s*(?:[.…·•．。_＿-]{2,}|\t|[ 　]{2,})[.…·•．。_＿\s-]*[(（]?\d{1,4}[)）]?$")
_PAGE = re.compile(r"\s*[(（]?\d{1,4}[)）]?$")
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十百\d]+[章节部编篇]|[(（]?[一二三四五六七八九十\d]+[)）、.．]"
)
_LONGEST, _LEAST, _LEAST_UNTITLED = 60, 2, 3
"""Characters of an entry; entries that make a table, and one without its title."""


@repair(
    seen="statutes, reports and handbooks pasted whole",
    before=(
        "职代会条例\n目　录\n第一章　总则\n第二章　职权……3\n附则\n第一章　总则\n本条例适用于本厂。"
        "\n第二章　职权\n职代会听取报告。\n附则\n本条例自通过之日起施行。"
    ),
    after=(
        "职代会条例\n第一章　总则\n本条例适用于本厂。\n"
        "第二章　职权\n职代会听取报告。\n附则\n本条例自通过之日起施行。"
    ),
    untouched=(
        "目录\n走访\n座谈\n以上两项写进计划。",
        "关于目录\n走访要勤。\n走访要勤。",
        "歌词\n团结就是力量\n团结就是力量\n这力量是铁",
        "早餐……3\n午餐……8\n晚餐……9\n以上是价目。",
    ),
)
def drop_contents(page: Page) -> Iterator[Finding]:
    """Remove a table of contents: lines below 目录 that come again as headings further down.

    One without that word is known by its page numbers. A line that comes again nowhere stays,
    unless it has a page number and stands among those that do: it may be the author's only one.
    """
    lines = [(start, end, line.strip()) for start, end, line in page.lines() if line.strip()]
    folded = [script.fold(line) if len(line) <= _LONGEST else "" for _, _, line in lines]
    titles = [n for n, line in enumerate(folded) if line and _TITLE.fullmatch(line)]
    leaders = [n for n, line in enumerate(folded) if _LEADER.search(line)]
    if not titles and len(leaders) < _LEAST_UNTITLED:
        return
    last: dict[str, int] = {}  # where each line comes for the last time, to its first 。
    for number, (_, _, line) in enumerate(lines):
        last[_key(script.fold(line[: 2 * _LONGEST]).partition("。")[0])] = number
    done = 0
    for first in sorted({*(n + 1 for n in titles), *leaders}):
        if first < done:
            continue
        titled = first - 1 in titles
        entries, done = _entries(folded, last, first)
        again = [
            n for n in entries if not _LEADER.search(folded[n]) or _comes_again(folded[n], last, n)
        ]
        if len(entries) >= (_LEAST if titled else _LEAST_UNTITLED) and 2 * len(again) >= len(
            entries
        ):
            for number in [first - 1, *entries] if titled else entries:
                yield page.edit("contents", *lines[number][:2], "")


def _entries(folded: list[str], last: dict[str, int], first: int) -> tuple[list[int], int]:
    """Return the lines of a table that begins at `first`, and where the text goes on."""
    entries: list[int] = []
    seen: set[str] = set()
    number = first
    while number < len(folded):
        line = folded[number]
        key = _key(_LEADER.sub("", line))
        if not key or key in seen:
            break  # the first heading: here the text begins
        if _comes_again(line, last, number) or _LEADER.search(line):
            entries.append(number)
            seen.add(key)
        elif not (entries and number + 1 < len(folded) and _NUMBERED.match(line)):
            break
        number += 1
    return entries, number


def _comes_again(line: str, last: dict[str, int], number: int) -> bool:
    bare = _LEADER.sub("", line)
    keys = {_key(bare), _key(_PAGE.sub("", bare))} - {""}
    return any(last.get(key, 0) > number for key in keys)


def _key(line: str) -> str:
    return re.sub(r"[\W_]", "", line)
