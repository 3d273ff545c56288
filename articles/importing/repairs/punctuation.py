"""Half-width marks in Chinese text, and quotes without their other half."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import zip_longest

from ..edits import Flag
from .frame import Finding, Page, repair

_CJK = r"\u2e80-\u9fff\uf900-\ufaff\u3000-\u303f“”‘’…—，。、；：？！（）【】"
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")

# A mark belongs to Chinese text where a Chinese character or mark stands before it, or where a
# number or Latin word stands before it and Chinese follows. `10:30`, `1,000` and `a, b` do not.
_MARK = re.compile(
    rf"(?<=[{_CJK}])[,;:?!]+|(?<=[0-9A-Za-z%)\"])[,;:?!](?=[{_CJK}])"
    rf"|(?<=%)[,;](?=\d+[{_CJK}])"
)
_PARENTHESES = re.compile(r"\(([^()\n]*)\)")
_QUOTES = re.compile(r'"([^"\n]*)"')
_LEAVE = re.compile(
    r"```.*?```|`[^`\n]+`"  # code
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s\u2e80-\uffff“”]+"  # addresses
    r"|!?\[[^\[\]\n]{0,300}\]\([^()\n]{0,300}\)"  # Markdown links
    r"|[:;]-?[)(DP](?=\s|$)",  # faces
    re.DOTALL,
)
_HAN = re.compile(r"[\u3400-\u9fff]")


@repair(
    seen="all five real essays: , ; : ? ! ( ) are half-width throughout",
    before='工會(街道)要做到:聽得進,辦得成!他說"好",共3項,見http://a.cn/b?c:d。',
    after="工會（街道）要做到：聽得進，辦得成！他說“好”，共3項，見http://a.cn/b?c:d。",
    untouched=(
        "10:30 開會，1,000 人，比分 3:2。",
        "He said: yes, (really) no!",
        "漢字(hànzì)與曹丕(cáo pī)。",
        "[文](http://a.cn) 與 `a(b, c);` 都不動。",
    ),
)
def widen_punctuation(page: Page) -> Iterator[Finding]:
    """Make marks full-width in a Chinese context; numbers, Latin, addresses and code stay."""
    text = page.text
    closed = [match.span() for match in _LEAVE.finditer(text)]
    closed += [(flag.start, flag.end) for flag in page.flags if flag.kind == "lost-text"]
    places: dict[int, str] = {}
    for match in _MARK.finditer(text):
        for offset, mark in enumerate(match[0], match.start()):
            places[offset] = mark.translate(_WIDE)
    for match in _PARENTHESES.finditer(text):
        if _HAN.search(match[1]):
            places[match.start()], places[match.end() - 1] = "（", "）"
    for line_start, _, line in page.lines():
        if line.count('"') % 2 == 0:
            for match in _QUOTES.finditer(line):
                if _HAN.search(match[1]):
                    places[line_start + match.start()] = "“"
                    places[line_start + match.end() - 1] = "”"
    shut = _members(closed, places)
    for position in sorted(places):
        if position not in shut:
            yield page.edit("punctuation", position, position + 1, places[position])


def _members(spans: list[tuple[int, int]], positions: dict[int, str]) -> set[int]:
    """Return those of the positions that lie in one of the spans."""
    inside: set[int] = set()
    ordered = sorted(positions)
    for start, end in spans:
        inside.update(ordered[bisect_left(ordered, start) : bisect_left(ordered, end)])
    return inside


@repair(
    seen="a scrambled speech with eleven “ and fifteen ”",
    before="要樹立“大工會”意識，落實三個貼近”要求。",
    after="要樹立“大工會”意識，落實三個貼近”要求。",
    untouched=("“一句。\n“又一句。”", "他說：“聽“裡面”的人說。”"),
)
def flag_unpaired_quotes(page: Page) -> Iterator[Finding]:
    """Flag quotes without their other half; none is invented.

    A quotation over several paragraphs opens each of them and closes only the last, so an open
    quote is flagged only where the next paragraph does not open with one.
    """
    lines = [(start, line) for start, _, line in page.lines() if line.strip()]
    for (start, line), after in zip_longest(lines, (line for _, line in lines[1:]), fillvalue=""):
        opened: list[int] = []
        for offset, char in enumerate(line, start):
            if char == "“":
                opened.append(offset)
            elif char == "”" and opened:
                opened.pop()
            elif char == "”":
                yield _unpaired(offset, "這個後引號沒有前引號。")
        if not after.lstrip().startswith("“"):
            for offset in opened:
                yield _unpaired(offset, "這個前引號沒有後引號。")


def _unpaired(offset: int, message: str) -> Flag:
    return Flag("unpaired-quotes", offset, offset + 1, message)
