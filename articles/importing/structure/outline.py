"""Headings and paragraphs of the body."""

import re
from collections.abc import Iterable

from ..draft import Block

_CN = "一二三四五六七八九十"
_STYLES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("chapter", rf"第[{_CN}百\d]+[章节節部编編篇](?:分)?[\s　、：:]*(?=\S)"),
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

_LONGEST_HEADING, _LONGEST_RUN_IN, _LONGEST_SHORT = 60, 70, 26
"""Characters of a numbered heading on its own line, one run into its paragraph, and one without
a number. The real essays reach 13, 55 and 10."""

_LONGEST_BARE_RUN_IN, _LEAST_BEHIND = 14, 60
"""An unnumbered run-in heading is one short clause, and a paragraph worth a heading follows."""

_ENDS = "。；！？，：、…”"


def guessed(lines: list[str]) -> list[list[Block]]:
    """Return for each line what it holds: a heading, a paragraph, or one run into the other.

    The lines are stripped, none is blank. Headings keep their numbering as written. A run-in
    heading (`一、站在前面。各级工会…`) is the sentence up to its first 。; it loses only that mark.
    """
    following = [*lines[1:], ""]
    short = {
        n
        for n, line in enumerate(lines)
        if not _style(line)[0] and _short_heading(line, following[n])
    }
    # An essay that sets its headings on lines of their own, or numbers them, has no bare ones.
    bare = set() if short or any(_style(line)[0] for line in lines) else _bare_run_ins(lines)
    parts: list[list[tuple[str, int, str]]] = []  # style, depth in a decimal number, text
    for number, line in enumerate(lines):
        style, depth = _style(line)
        head, stop, rest = line.partition("。")
        if (
            style
            and not stop
            and len(line) <= _LONGEST_HEADING
            and line[-1] not in "。；，：、"
            and following[number]
        ):
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
            return name, match[0].strip(" 　、.").count(".") if name == "decimal" else 0
    return "", 0


def _short_heading(line: str, following: str) -> bool:
    """A short line without a closing mark, with a paragraph behind it or a subheading."""
    return (
        2 <= len(line) <= _LONGEST_SHORT
        and line[-1] not in _ENDS
        and not any(mark in line for mark in "。；，")
        and (len(following) > _LONGEST_SHORT or bool(_style(following)[0]))
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


def _levels(used: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Return the heading level, 2 to 4, of each style that is used: the widest is 2."""
    order = [name for name, _ in _STYLES]
    # A line without a number stands above all numbering: it names what the numbers count.
    ranked = sorted(set(used), key=lambda s: (-1 if s[0] == "short" else order.index(s[0]), s[1]))
    return {style: min(2 + rank, 4) for rank, style in enumerate(ranked)}
