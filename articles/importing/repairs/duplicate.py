"""Bodies that were pasted twice, whole or in part, exactly or nearly so."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ...text import script
from ..edits import Flag
from .copies import LEAST, LEAST_OF_SHORT, NOISE, Copies, Copy
from .frame import Finding, Page, repair

_LEAST_INSIDE, _SHARE_INSIDE = 400, 0.3
"""The same inside a line: an author may quote a law or himself at some length. It takes so many
letters, and so much of the page."""

_SHARE_WHOLE = 0.45
"""Share of the page above which a run is the whole body: pasted twice, each copy has half."""

_LONGEST_LEAD = 300
"""Characters of an abstract or lead, which the body may repeat word for word."""

_SHORT_LINE, _LEAST_SHORT = 20, 600
"""Letters of a line of verse, and fewest letters of repeated lines so short."""

_LEAST_ALIKE = 0.8
"""Share of the shorter copy that has to stand in the other for the two to be copies at all."""

_QUOTED = re.compile(r".{0,20}(?:第[一二三四五六七八九十百\d]+条|规定|[“「‘《])")
_SUMMARY = re.compile(r"[【\[(（]?\s*(?:内容)?(?:摘\s*要|提\s*要|导语|导读|核心提示)")

_PARAGRAPHS = [
    f"{n}车间，工会要到职工中间去，听他们怎么说，再替他们办，办完了问一声。"
    for n in "一二三四五六七八九"
]
_LAW = (
    "工会法第六条规定：“维护职工合法权益、竭诚服务职工群众是工会的基本职责。工会在维护全国人民总体利益的同时，"
    "代表和维护职工的合法权益。工会通过平等协商和集体合同制度等，推动健全劳动关系协调机制，维护职工劳动权益，"
    "构建和谐劳动关系。工会依照法律规定通过职工代表大会或者其他形式，组织职工参与本单位的民主选举、民主协商、"
    "民主决策、民主管理和民主监督。工会建立联系广泛、服务职工的工会工作体系，密切联系职工，听取和反映职工的"
    "意见和要求，关心职工的生活，帮助职工解决困难，全心全意为职工服务。”"
)


@repair(
    seen="an abstract service that prints the text above and below its advertisement",
    before="标题在此\n"
    + "\n".join(_PARAGRAPHS)
    + "\n"
    + "\n".join(_PARAGRAPHS[:2] + _PARAGRAPHS[3:]),
    after="标题在此\n" + "\n".join(_PARAGRAPHS) + "\n",
    untouched=(
        f"{_PARAGRAPHS[0]}\n一、走访\n{_PARAGRAPHS[0]}\n二、回访\n{_PARAGRAPHS[0]}",
        f"谈一条法律\n{_LAW}\n要记住。\n{''.join(_PARAGRAPHS)}\n再读一遍。\n{_LAW}\n完了。",
        f"摘要：{''.join(_PARAGRAPHS)}\n别的话。\n{''.join(_PARAGRAPHS)}接着说。",
        "团结就是力量，这力量是铁，这力量是钢\n" * 40,
        "\n".join(["咱们工人有力量", "每天每日工作忙", "盖成了高楼大厦", "修起了铁路煤矿"] * 12),
    ),
)
def drop_duplicate_body(page: Page) -> Iterator[Finding]:
    """Remove the worse copy of a run of sentences that stands twice in the same order.

    Certain where all it says stands in the other copy too, sentence by sentence, apart from noise
    of known kinds (marks, script, pinyin, 壹, bytes out of step). Where the copies differ in what
    they say, both stay and the later one is flagged.
    """
    copies = Copies(page.text)
    if copies.total < 2 * LEAST_OF_SHORT:
        return
    if doubled := _line_by_line(copies):
        for start, end in doubled:
            yield page.edit("duplicate-body", start, end, "")
        return
    taken: list[tuple[int, int]] = []
    for copy in copies.find():
        kind = _kind(copies, copy)
        first = copies.span(copy.first, copy.first_end)
        second = copies.span(copy.second, copy.second_end)
        if not kind or _overlaps(taken, second):
            continue
        if kind == "doubtful" or (copy.only_first and copy.only_second):
            message = "這一段與前文相同或幾乎相同；請對照後決定留哪一份。"
            yield Flag("duplicate-part", *second, message)
            taken.append(second)
            continue
        worse = _badness(page.text, first) > _badness(page.text, second)
        goes = first if copy.only_second or (worse and not copy.only_first) else second
        if _overlaps(taken, first):  # the first went already, with a better copy of it
            if copy.only_second:
                continue
            goes = second
        yield page.edit("duplicate-body", *goes, "")
        taken.append(goes)


def _overlaps(taken: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)


def _line_by_line(copies: Copies) -> list[tuple[int, int]]:
    """Return the second of each pair of lines on a page that repeats line by line: A A B B."""
    doubled = [after for before, after in pairwise(copies.lines()) if before[2] == after[2]]
    letters = sum(len(key) for *_, key in doubled)
    different = len({key for *_, key in doubled})
    enough = letters >= LEAST and 5 * letters >= 2 * copies.total and different >= 3
    if not enough or different < len(doubled) or letters < _SHORT_LINE * len(doubled):
        return []
    return [(start, end) for start, end, _ in doubled]


def _kind(copies: Copies, copy: Copy) -> str:
    """Tell what two runs are: a pasted copy, a doubtful one, or nothing (blank)."""
    runs = (copy.first, copy.first_end), (copy.second, copy.second_end)
    shorter = min(sum(len(s.key) for s in copies.sentences[low:high]) for low, high in runs)
    keys = {sentence.key for sentence in copies.sentences[slice(*runs[1])]}
    if copy.letters < _LEAST_ALIKE * shorter or (len(keys) < 3 and copy.letters < _LEAST_SHORT):
        return ""
    start, end = copies.span(*runs[0])
    lines = copies.text[start:end].strip().split("\n")
    line_start = copies.text.rfind("\n", 0, start) + 1
    if len(lines) == 1 and (
        _SUMMARY.match(copies.text, line_start)
        or (len(lines[0]) <= _LONGEST_LEAD and copies.text.count("\n", 0, start) <= 2)
    ):
        return ""  # a lead, which the body repeats
    if copy.letters < min(_LEAST_SHORT, _SHORT_LINE * len(lines)):
        return ""  # verse
    if copy.letters >= _SHARE_WHOLE * copies.total:
        return "copy"
    if 2 * sum(bool(_QUOTED.match(line)) for line in lines) > len(lines):
        return ""
    if all(copies.begins_line(low) and copies.ends_line(high - 1) for low, high in runs):
        return "copy"
    if copy.letters < _LEAST_INSIDE:
        return ""
    return "copy" if copy.letters >= _SHARE_INSIDE * copies.total else "doubtful"


def _badness(text: str, span: tuple[int, int]) -> int:
    """Return how much damage a copy shows: noise, and characters of the other script."""
    part = text[slice(*span)]
    present = set(part)
    scripts = [
        sum(map(part.count, forms & present))
        for forms in (script.traditional_forms(), script.simplified_forms())
    ]
    return len(NOISE.findall(part)) + min(scripts)
