"""Headings and paragraphs of the body."""

import re
from collections.abc import Collection, Iterable

from ..draft import Block

_CN = "一二三四五六七八九十"
_STYLES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("chapter", rf"第[{_CN}百\d]+([章节節部編编篇])(?:分)?[\s　、：:]*(?=\S)"),
        ("cn", rf"[{_CN}]{{1,3}}、(?=\S)"),
        ("cn-paren", rf"[(（][{_CN}]{{1,3}}[)）]、?(?=\S)"),
        (
            "decimal",
            r"(?:\d{1,2}[\s　]|\d{1,2}(?:\.\d{1,2}){1,2}[\s　、.]*)(?=[\u3400-\u9fff“])",
        ),
        ("number", r"\d{1,2}[、.．](?=[\u3400-\u9fff“])|[(（]\d{1,2}[)）](?=\S)"),
    )
)
"""The ways headings are numbered, from the widest to the narrowest."""

_UNITS = {"章": 1, "节": 2, "節": 2}
"""How deep a 第一章 stands; 编, 篇 and 部 hold chapters."""

_LOST = "?？!！□\ufffd"
"""What stands where something was lost, the mark before a lost line's end among them."""
_LOST_NUMBER = (
    ("cn", re.compile(rf"[{_LOST}]{{1,3}}、(?=\S)")),
    ("cn-paren", re.compile(rf"[(（][{_LOST}]{{1,3}}[)）](?=\S)")),
)
_SWALLOWED = re.compile(
    rf"(?:(?<=[?□\ufffd])|(?<=[{_LOST}]{{2}}))(?:[{_CN}]{{1,3}}、|[(（][{_CN}]{{1,3}}[)）]|第[{_CN}百]+[章节節])(?=\S)"
)

_LONGEST_HEADING, _LONGEST_RUN_IN, _LONGEST_SHORT = 60, 70, 26
"""Characters of a numbered heading on its own line, one run into its paragraph, and one without
a number. The real essays reach 13, 55 and 10."""

_LONGEST_BARE_RUN_IN, _LEAST_BEHIND = 14, 60
"""An unnumbered run-in heading is one short clause, and a paragraph worth a heading follows."""

_ENDS = "。；！？，：、…”"

_ATTACHED = re.compile(r"附[件表图圖]?\s*[\d一二三四五六七八九十]{0,2}\s*[:：]")
_NO_HEADING = re.compile(
    r"\W*$"  # a rule, or a row of dots
    rf"|{_ATTACHED.pattern}"
    r"|(?:[\d一二三四五六七八九十]{1,3}[、.．]|[(（][\d一二三四五六七八九十]{1,3}[)）])?\s*\w{0,6}?"
    r"(?:[时時][间間]|日期|地[点點址]|期限|截止|对象|對象|人[员員]|人[数數]|名[额額]|主持人?|主[讲講]人?|出席"
    r"|列席|缺席|[记記][录錄]人?|[联聯][系絡络繫]\w{0,2}|[电電][话話]|[手传傳][机機真]|[邮郵]箱|信箱|[网網]址|[主承协協][办辦]\w{0,2}"
    r"|抄送|抄[报報]|主送|[报報]送|主[题題][词詞]|[费費]用)\s*[:：]\s*\S"
    r"|(?:尊敬的|敬爱的|敬愛的|[亲親][爱愛]的|各位|同志[们們]|朋友[们們]|[工战戰]友[们們]|女士[们們])"
    r"[^。；;]{0,24}$"
    r"|各[^，。]{1,24}[:：]$"
    r"|[(（][^()（）]*[)）]$"
    r"|.*〔\d{4}〕\s*第?\d+\s*[号號]$|.*\d日印[发發]$"
)
"""A short line that is no heading: the value of a label, whom a text addresses, a note in brackets,
the number of an official paper, what is attached to it."""


def guessed(lines: list[str], followed: Collection[int] = ()) -> list[list[Block]]:
    """Return for each line what it holds: a heading, a paragraph, or one run into the other.

    The lines are stripped, none is blank. `followed` are those with a list, a table or a picture
    behind, which is text as good as a paragraph. Headings keep their numbering as written. A run-in
    heading (`一、站在前面。各级工会…`) is the sentence up to its first 。; it loses only that mark.
    """
    rows = _without_lost_line_ends(lines)
    pieces = [
        (piece, at, n + 1 < len(row)) for at, row in enumerate(rows) for n, piece in enumerate(row)
    ]
    found = _headings(
        [piece for piece, _, _ in pieces],
        cut={n for n, (_, _, cut) in enumerate(pieces) if cut},
        followed={n for n, (_, at, cut) in enumerate(pieces) if at in followed and not cut},
    )
    blocks = []
    for row in rows:
        blocks.append([block for piece in found[: len(row)] for block in piece])
        found = found[len(row) :]
    return blocks


def _headings(lines: list[str], cut: set[int], followed: set[int]) -> list[list[Block]]:
    """Do what `guessed` says; what was cut off before a heading is none itself."""
    following = [*lines[1:], ""]
    styles = _styles(lines)
    short = {
        n
        for n, line in enumerate(lines)
        if n not in cut
        and not styles[n][0]
        and _short_heading(line, following[n], [*styles, ("", 0)][n + 1][0])
    }
    # An essay that sets its headings on lines of their own, or numbers them, has no bare ones.
    bare = set() if short or any(style for style, _ in styles) else _bare_run_ins(lines)
    alone = {
        n
        for n, line in enumerate(lines)
        if styles[n][0]
        and "。" not in line
        and len(line) <= _LONGEST_HEADING
        and line[-1] not in "。；，：、"
        and following[n]
        and not _NO_HEADING.match(line)
    }
    alone -= _listed(lines, styles, alone, followed)
    parts: list[list[tuple[str, int, str]]] = []  # style, depth in a decimal number, text
    for number, line in enumerate(lines):
        style, depth = styles[number]
        head, _, rest = line.partition("。")
        if number in alone:
            parts.append([(style, depth, line)])
        elif style and style != "number" and rest and len(head) <= _LONGEST_RUN_IN:
            parts.append([(style, depth, head), ("", 0, rest)])
        elif number in bare:
            parts.append([("short", 0, head), ("", 0, rest)])
        elif number in short:
            parts.append([("short", 0, line)])
        else:
            parts.append([("", 0, line)])
    levels = _levels((style, depth) for line in parts for style, depth, _ in line if style)
    return [
        [Block(text, levels[style, depth] if style else 0) for style, depth, text in line]
        for line in parts
    ]


def _style(line: str) -> tuple[str, int]:
    for name, pattern in _STYLES:
        if match := pattern.match(line):
            if name == "chapter":
                return name, _UNITS.get(match[1], 0)
            return name, match[0].strip(" 　、.").count(".") if name == "decimal" else 0
    return "", 0


def _styles(lines: list[str]) -> list[tuple[str, int]]:
    """Return the style of each line; one that lost its number has that of the others."""
    styles = [_style(line) for line in lines]
    used = {style for style, _ in styles}
    for number, line in enumerate(lines):
        if not styles[number][0] and line[0] in f"{_LOST}(（":
            names = [n for n, lost in _LOST_NUMBER if n in used and lost.match(line)]
            styles[number] = (names[0], 0) if names else ("", 0)
    return styles


def _listed(
    lines: list[str], styles: list[tuple[str, int]], alone: set[int], followed: set[int]
) -> set[int]:
    """Return the numbered lines that are a list: the next number follows, and no text between.

    The last of a list looks like a heading. It is one where narrower numbers follow, or where
    only one line stands before it; and 1、2、3、 in a row are always a list.
    """
    listed: set[int] = set()
    run: list[int] = []
    attached = False
    for number, line in enumerate(lines):
        attached = bool(_ATTACHED.match(line)) or (attached and styles[number][0] == "number")
        if attached:
            listed.add(number)
        if run and styles[number] != styles[run[-1]]:
            deeper = styles[number][0] and not _is_wider(styles[number], styles[run[-1]])
            listed.update(_items(run, styles, deeper=bool(deeper)))
            run = []
        if styles[number][0] and (number in alone or _NO_HEADING.match(line)):
            run.append(number)
        if run and (run[-1] != number or number in followed):
            listed.update(_items(run, styles, deeper=run[-1] == number))
            run = []
    return listed | set(_items(run, styles, deeper=False))


def _items(run: list[int], styles: list[tuple[str, int]], deeper: bool) -> list[int]:
    if len(run) < 2:
        return []
    whole = not deeper and (styles[run[0]][0] == "number" or len(run) > 2)
    return run if whole else run[:-1]


def _is_wider(one: tuple[str, int], other: tuple[str, int]) -> bool:
    order = [name for name, _ in _STYLES]
    return (order.index(one[0]), one[1]) < (order.index(other[0]), other[1])


def _short_heading(line: str, following: str, style_following: str) -> bool:
    """A short line without a closing mark, with a paragraph behind it or a subheading."""
    return (
        2 <= len(line) <= _LONGEST_SHORT
        and line[-1] not in _ENDS
        and not any(mark in line for mark in "。；，")
        and (len(following) > _LONGEST_SHORT or bool(style_following))
        and not _NO_HEADING.match(line)
    )


def _bare_run_ins(lines: list[str]) -> set[int]:
    """Return the lines that open with a short clause for a heading: at least two in a row do."""
    fitting = []
    for line in lines:
        head, _, rest = line.partition("。")
        fitting.append(
            2 <= len(head) <= _LONGEST_BARE_RUN_IN
            and len(rest) >= _LEAST_BEHIND
            and not re.search(r"[，、；：！？“”（）\d]", head)
            and not _style(line)[0]
        )
    return {
        number
        for number, fits in enumerate(fitting)
        if fits
        and (fitting[number - 1 : number] == [True] or fitting[number + 1 : number + 2] == [True])
    }


def _without_lost_line_ends(lines: list[str]) -> list[list[str]]:
    """Return each line, cut before a heading that it swallowed: 他说停，就要?！三、练兵.

    A line's end that was lost leaves a damaged mark; the heading behind it goes on in the count
    of the page's own: 二、 stands above it, 四、 or no number below, and no other 三、 anywhere.
    """
    rows = [[line] for line in lines]
    if not any(_SWALLOWED.search(line) for line in lines):
        return rows
    numbers = [_number(line) for line in lines]
    for at, line in enumerate(lines):
        for match in reversed(list(_SWALLOWED.finditer(line))):
            style, number = _number(line[match.start() :])
            below = [n for s, n in numbers[at + 1 :] if s == style and n]
            if (
                number
                and (style, number) not in numbers
                and (style, number - 1) in numbers[: at + 1]
                and below[:1] in ([], [number + 1])
            ):
                rows[at][:1] = [rows[at][0][: match.start()], line[match.start() :]]
                numbers.append((style, number))
                break
    return rows


def _number(line: str) -> tuple[str, int]:
    """Return the style of a line's Chinese number, and the number; 0 where it has none."""
    style = _style(line)[0]
    digits = re.match(rf"[(（第]?([{_CN}]{{1,3}})", line) if style else None
    if not digits:
        return style, 0
    tens, ten, ones = digits[1].rpartition("十")
    return style, (_CN.find(tens) + 1 or 1) * 10 * bool(ten) + _CN.find(ones[:1] or "〇") + 1


def _levels(used: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Return the heading level, 2 to 4, of each style that is used: the widest is 2."""
    order = [name for name, _ in _STYLES]
    # A line without a number stands above all numbering: it names what the numbers count.
    ranked = sorted(set(used), key=lambda s: (-1 if s[0] == "short" else order.index(s[0]), s[1]))
    return {style: min(2 + rank, 4) for rank, style in enumerate(ranked)}
