"""Quotation marks in the manner of a script: “ ” and ‘ ’ simplified, 「 」 and 『 』 traditional.

Only marks change, each for one other, and only pairs that are balanced within their paragraph, or
a quotation of several paragraphs that each begin with its mark and of which the last closes it. Any
other unpaired mark stays as it is, and so do marks of a Latin passage, of code, and apostrophes.
"""

import re
from dataclasses import dataclass

from .script import HANS, HANT

_PAIRS = {HANS: ("“”", "‘’"), HANT: ("「」", "『』")}
"""Of each script the outer and the inner pair."""

_MARKS = {
    char: (script, level, place == 0)
    for script, pairs in _PAIRS.items()
    for level, pair in enumerate(pairs)
    for place, char in enumerate(pair)
}
ANY_MARK = re.compile(f"[{''.join(_MARKS)}]")

_FORMS = {one: one + other for one, other in zip("“”‘’", "「」『』", strict=True)}
_TO_ONE = str.maketrans("「」『』", "“”‘’")
_TO_OTHER = str.maketrans("“”‘’", "「」『』")
_EITHER = str.maketrans({mark: f"[{forms}]" for mark, forms in _FORMS.items()})

_HAN = re.compile(
    r"[\u3001-\u3003\u3008-\u300b\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    r"\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\U00020000-\U0003ffff]"
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u1fff]")
_LATIN_OR_CODE = re.compile(r"[A-Za-z0-9_\u00c0-\u1fff]")
_SENTENCE_END = re.compile(r"[。！？；…]|[.!?]+(?=\s|$)")
_QUOTED = re.compile(r"[“‘「『][^“”‘’「」『』]*[”’」』]")
_CODE_BEFORE = re.compile(r"[a-z0-9_](?:\s?=\s?|[(\[{])\Z")

_AROUND = 200
"""Characters of a sentence looked at on either side, to tell in which writing it is."""


@dataclass(slots=True)
class _Pair:
    start: int
    end: int
    level: int
    is_one: bool  # both marks are of one script


def follow_script(text: str, target: str) -> str:
    """Return a text, a paragraph a line, with the quotation marks of a script."""
    return replaced(text, swaps(text, target))


def swaps(text: str, target: str) -> dict[int, str]:
    """Return the marks that change in a text, by their places; lines are its paragraphs."""
    found: dict[int, str] = {}
    if not ANY_MARK.search(text):
        return found
    begin = 0
    opened: dict[int, str] = {}  # of paragraphs that begin with a mark the last of them closes
    mark_of = ""
    for line in text.split("\n"):
        for at, mark in _swaps_of(line, target).items():
            found[begin + at] = mark
        at, goes_on = _begins_quoted(line)
        if at >= 0 and opened and line[at] == mark_of and not goes_on:
            found |= opened
        if line.strip() and not (goes_on and line[at] == mark_of):
            opened = {}
        if at >= 0 and goes_on:
            mark_of = line[at]
            opened[begin + at] = _PAIRS[target][_MARKS[mark_of][1]][0]
        begin += len(line) + 1
    return found


def _begins_quoted(line: str) -> tuple[int, bool]:
    """Return where a paragraph begins with an opening mark, or -1, and whether that stays open
    while everything else in it is paired."""
    at = len(line) - len(line.lstrip())
    if line[at : at + 1] not in _MARKS or not _MARKS[line[at]][2] or not _HAN.search(line):
        return -1, False
    rest = line[at + 1 :]
    if _pairs(rest)[1]:
        return at, True
    return (at, False) if _pairs(line)[1] else (-1, False)


def replaced(text: str, chars: dict[int, str]) -> str:
    """Return a text with other characters at some places."""
    if not chars:
        return text
    parts, position = [], 0
    for at in sorted(chars):
        parts += text[position:at], chars[at]
        position = at + 1
    return "".join((*parts, text[position:]))


def in_one_form(text: str) -> str:
    """Return a text with the marks of one script, so that both are one to a search."""
    return text.translate(_TO_ONE)


def in_both_forms(text: str) -> tuple[str, str]:
    """Return a text in that form with the marks of each script."""
    return text, text.translate(_TO_OTHER)


def in_either_form(pattern: str) -> str:
    """Return the pattern of a text in that form, with the marks of either script."""
    return pattern.translate(_EITHER)


def forms_of(char: str) -> str:
    """Return a mark in that form as it is in either script; any other character as it is."""
    return _FORMS.get(char, char)


def _swaps_of(line: str, target: str) -> dict[int, str]:
    pairs, is_tidy = _pairs(line)
    has_latin, has_han = bool(_LATIN_OR_CODE.search(line)), bool(_HAN.search(line))
    found: dict[int, str] = {}
    around: list[_Pair] = []  # the pairs that stand open
    untouched = 0  # where a passage that is left alone ends
    for pair in pairs:
        while around and around[-1].end < pair.start:
            around.pop()
        if pair.start < untouched:
            continue
        first, last = (around[-1].start + 1, around[-1].end) if around else (0, len(line))
        if has_latin and _is_foreign(line, pair, first, last, has_han):
            untouched = pair.end
            continue
        # Where nothing is unpaired, marks within the same ones are of the other kind.
        if is_tidy and around and around[-1].level == pair.level:
            pair.level = 1 - pair.level
        around.append(pair)
        if pair.is_one:
            for at, mark in zip((pair.start, pair.end), _PAIRS[target][pair.level], strict=True):
                if line[at] != mark:
                    found[at] = mark
    return found


def _pairs(line: str) -> tuple[list[_Pair], bool]:
    """Return the pairs of a paragraph, outer ones first, and whether nothing else stands in it."""
    pairs: list[_Pair] = []
    standing: list[tuple[int, str, int]] = []
    open_of = [0, 0]  # how many stand open of each level
    is_tidy = True
    for mark in ANY_MARK.finditer(line):
        at, (script, level, opens) = mark.start(), _MARKS[mark[0]]
        behind_latin = mark[0] == "’" and at and _LATIN.match(line[at - 1])
        if behind_latin and (not open_of[level] or _LATIN.match(line[at + 1 : at + 2])):
            continue  # an apostrophe: don’t, workers’
        if opens:
            standing.append((at, script, level))
            open_of[level] += 1
            continue
        if not open_of[level]:
            is_tidy = False
            continue
        while True:
            start, of, inner = standing.pop()
            open_of[inner] -= 1
            if inner == level:
                break
            is_tidy = False
        is_tidy &= of == script
        pairs.append(_Pair(start, at, level, of == script))
    return sorted(pairs, key=lambda pair: pair.start), is_tidy and not standing


def _is_foreign(line: str, pair: _Pair, first: int, last: int, has_han: bool) -> bool:
    """Tell whether a pair stands in a passage of Latin writing or in code; `first` and `last` are
    where the passage around it begins and ends, `has_han` whether its paragraph has Chinese."""
    left = line[max(first, pair.start - _AROUND) : pair.start]
    right = line[pair.end + 1 : min(last, pair.end + 1 + _AROUND)]
    if _CODE_BEFORE.search(left):
        return True
    left = _SENTENCE_END.split(left)[-1]
    right = _SENTENCE_END.split(right, maxsplit=1)[0]
    left, right = (_QUOTED.sub("", side) for side in (left, right))
    if _HAN.search(left) or _HAN.search(right):
        return False
    seen = min(pair.end, pair.start + _AROUND)
    has_han_inside = bool(_HAN.search(line, pair.start, seen))
    before, after = _LATIN.search(left), _LATIN.search(right)
    if before or after:
        return not has_han_inside or bool(before and after)
    return not has_han and bool(_LATIN.search(line, pair.start, seen))
