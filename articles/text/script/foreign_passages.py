"""Passages of a text that are in the other script: simplified typed into a traditional text."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from .conversion import convert
from .opencc_tables import (
    ALSO_SIMPLIFIED,
    ALSO_TRADITIONAL,
    HANS,
    HANT,
    fold,
    simplified_forms,
    traditional_forms,
)

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_KEPT = re.compile(f"(?<![{_HAN}])([{_HAN}](?![{_HAN}])|余(?![下款额地数热粮]))")
"""What is spoken of, a single character between others that are no Chinese (“龍”字, 干（幹）), and
a surname that begins a clause."""


class Passage(NamedTuple):
    """Where a passage begins and ends in a text, what it is, and what it would be in the text's
    own script, which is as long."""

    start: int
    end: int
    before: str
    after: str


@cache
def _of_one(script: str) -> frozenset[str]:
    """Return the characters that a script alone has."""
    if script == HANS:
        return simplified_forms() - ALSO_TRADITIONAL
    return traditional_forms() - ALSO_SIMPLIFIED


def passages(text: str, own: str) -> Iterator[Passage]:
    """Yield the passages that are not in a text's own script, in their order.

    A passage has a character of the other script alone, and ends where one of the text's own
    stands: 干部联系群 in 總工會的干部联系群眾. What both scripts have (工人, 台, 着) shows nothing,
    and what conversion leaves (乾隆, names) is none.
    """
    other = HANS if own == HANT else HANT
    tells, stays = _of_one(other), re.compile(f"[^{''.join(sorted(_of_one(own)))}]+")
    if tells.isdisjoint(text):
        return
    begin = 0
    for line in text.split("\n"):
        if not tells.isdisjoint(line):
            kept = {match.start() for match in _KEPT.finditer(line)}
            right = convert(fold(line) if other == HANS else line, own, other)
            for stretch in stays.finditer(line):
                changed = [
                    at for at in range(*stretch.span()) if line[at] != right[at] and at not in kept
                ]
                if any(line[at] in tells for at in changed):
                    first, end = changed[0], changed[-1] + 1
                    after = (right[at] if at in changed else line[at] for at in range(first, end))
                    yield Passage(begin + first, begin + end, line[first:end], "".join(after))
        begin += len(line) + 1
