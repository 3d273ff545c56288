"""Giant paragraphs: where their own markers (首先, 一是, 第二) suggest a break."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ..edits import Flag
from .frame import Finding, Page, repair

_GIANT = 600
"""Characters of a paragraph worth splitting: about a screen of a phone."""

_MOST = 60
"""Suggestions on one page, so that a hostile one is not all flags."""

_DEEPEST = 6
"""Enumerations that may be open at a time, one within the other or left unfinished."""

_DIGITS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)} | {"壹": 1, "两": 2}
_FIRST_WORDS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 0, "最後": 0, "末了": 0}
_N = "[一壹二三四五六七八九十]"
# 一是一 and 第一要务 are no markers: what follows has to open a clause.
_MARKER = re.compile(
    rf"(?P<words>首先|其次|再次|再者|最[后後])(?=[,，、:：]|要|是|应|應|我们|我們)"
    rf"|第(?P<ordinal>{_N})(?:[,，、:：]|(?=[是要](?![务務素义義点點领領求])))"
    rf"|(?P<item>{_N})(?:是(?!{_N}[,，])|要(?![务務素点點领領])|靠(?=[一-鿿]{{2}})|[、])"
    rf"|[(（](?P<paren>{_N}|\d{{1,2}})[)）]"
    rf"|(?P<circle>[①-⑩])"
)
_SENTENCE_END = "。！？!?…”』」）)"
_CLAUSE_END = "：:；;"
_LONG_ITEM = 80
"""Characters of an item from which one that ends with a semicolon is worth its own paragraph."""


@dataclass
class _Series:
    """Markers that count on from one to the next."""

    last: int
    places: list[tuple[int, str, str]] = field(default_factory=list)  # place, marker, before it


@repair(
    seen="an essay of one paragraph of 4,885 characters",
    before="工会工作要抓好两件事。首先，要走访。" + "听职工说话。" * 100 + "其次，要回访。",
    after="工会工作要抓好两件事。首先，要走访。" + "听职工说话。" * 100 + "其次，要回访。",
    untouched=(
        "工会工作要抓好两件事。首先，要走访。其次，要回访。",
        "第一要务是发展。" + "听职工说话。" * 100 + "第二，没有第一。第一线要去，第一责任人要到。",
        "听职工说话。" * 100 + "善于换角度，一是要走，二是要看，三是要听。",
        "听职工说话。" * 100 + "一是一，二是二。一切为了职工。二是要看。首先要看。",
        "一、" + "听职工说话。" * 100,
        "首先，要走访。\n" + "听职工说话。" * 100 + "\n其次，要回访。",
    ),
)
def suggest_breaks(page: Page) -> Iterator[Finding]:
    """Suggest breaks in a giant paragraph at the markers of its own enumerations.

    The text stays. Only a series that counts from one without a gap, each marker at the start of
    a sentence, is worth a suggestion; a series may stand inside an item of another (第三 at two
    levels). Items that a semicolon ends count if they are long.
    """
    count = 0
    for start, _, line in page.lines():
        if len(line) <= _GIANT:
            continue
        places = {place for series in _series(line) for place in _worth(line, series)}
        for place, marker in sorted(places):
            if not place or count >= _MOST:
                continue
            count += 1
            at = start + place
            message = "段落很長，可在這裡分段。"
            yield Flag("paragraph-break", at, at + len(marker), message, (f"\n{marker}",))


def _series(line: str) -> list[_Series]:
    """Return the enumerations of a line: 1 opens one, n goes to the latest that stands at n-1."""
    found: list[_Series] = []
    open_: list[_Series] = []
    for match in _MARKER.finditer(line):
        before = line[max(0, match.start() - 3) : match.start()].rstrip()[-1:]
        if before and before not in _SENTENCE_END + _CLAUSE_END + "，,、":
            continue
        place = (match.start(), match[0].rstrip(",，、:："), before)
        number = _number(match)
        if number == 1:
            # An opener inside a clause is none: 换一个角度，一是…
            del open_[:-_DEEPEST]
            open_.append(_Series(1, [place]))
            found.append(open_[-1])
            continue
        for depth in range(len(open_) - 1, -1, -1):
            if open_[depth].last == number - 1 or (number == 0 and open_[depth].last >= 2):
                del open_[depth + 1 :]
                open_[depth].places.append(place)
                open_[depth].last = number or 99
                break
    return [series for series in found if len(series.places) > 1]


def _number(match: re.Match[str]) -> int:
    if match["words"]:
        return _FIRST_WORDS[match["words"]]
    if match["circle"]:
        return ord(match["circle"]) - ord("①") + 1
    text = match["ordinal"] or match["item"] or match["paren"]
    return int(text) if text.isdigit() else _DIGITS[text]


def _worth(line: str, series: _Series) -> list[tuple[int, str]]:
    """Return the places of a series that is worth breaking at, or none."""
    sentences = all(not before or before in _SENTENCE_END for _, _, before in series.places)
    if not sentences:
        places = [place for place, _, _ in series.places]
        shortest = min(after - before for before, after in pairwise(places))
        clauses = all(before in _SENTENCE_END + _CLAUSE_END for _, _, before in series.places)
        if not clauses or shortest < _LONG_ITEM:
            return []
    return [(place, marker) for place, marker, _ in series.places]
