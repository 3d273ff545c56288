"""Lines that number the pages of what a text was copied from: 第3页."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ...text import script
from .frame import Finding, Page, repair

_NUMBER = re.compile(r"[\s—–-]*第\s*(\d{1,4})\s*页[\s—–-]*")
_LEAST = 3
"""Numbers that count up before they are taken for a book's or a file's."""

_OF_PAGES = re.compile(
    r"幻灯|投影|演示|PPT|slide|分镜|画面|画册|绘本|连环画|勘误|更正", re.IGNORECASE
)
"""Words of a text that tells of pages one by one, and heads each with its number."""


@repair(
    seen="books and reports copied out of a reader page by page",
    before="工会要联系职工。\n第1页\n会上说了三件事。\n第2页\n一件一件办。\n- 第3页 -\n散会。",
    after="工会要联系职工。\n会上说了三件事。\n一件一件办。\n散会。",
    untouched=(
        "第1页\n工会要联系职工。\n第2页\n职工在哪里，工会就在哪里。",
        "第3页\n工会要联系职工。\n第1页\n会开完了。\n第7页\n散会。",
        "第1页\n第2页\n第3页\n",
        "幻灯片的讲稿\n第1页\n大家好。\n第2页\n先说工资。\n第3页\n再说工时。",
        "第1页的表格要填好。\n第2页的不用填。\n第3页的交给车间。",
    ),
)
def drop_page_numbers(page: Page) -> Iterator[Finding]:
    """Remove the numbers where several of them count up by one, with text between any two."""
    lines = [(start, end, line) for start, end, line in page.lines() if line.strip()]
    found = [
        (number, int(match[1]))
        for number, (_, _, line) in enumerate(lines)
        if len(line) <= 20 and (match := _NUMBER.fullmatch(script.fold(line)))
    ]
    counts_up = all(
        following == number + 1 and below > place + 1
        for (place, number), (below, following) in pairwise(found)
    )
    if len(found) < _LEAST or not counts_up or _OF_PAGES.search(script.fold(page.text)):
        return
    for place, _ in found:
        yield page.edit("boilerplate", *lines[place][:2], "")
