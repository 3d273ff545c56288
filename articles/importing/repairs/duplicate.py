"""Bodies that were pasted twice."""

import re
from collections import defaultdict
from collections.abc import Iterator

from .frame import Finding, Page, repair

_LEAST = 200
"""Fewest characters of a repeated run that count as a pasted copy, not as the author's refrain."""

_MOST_STARTS = 20
"""A line that stands in more places than this starts no comparison: it is a refrain."""

_SENTENCE = "工会要到职工中间去,听他们说,替他们办,办完了再回去问一声。"


@repair(
    seen="an abstract service that prints the text above and below its advertisement",
    before=f"标题在此\n{_SENTENCE * 8}\n{_SENTENCE * 8}",
    after=f"标题在此\n{_SENTENCE * 8}\n",
    untouched=(f"{_SENTENCE}\n一、走访\n{_SENTENCE}\n二、回访\n{_SENTENCE}",),
)
def drop_duplicate_body(page: Page) -> Iterator[Finding]:
    """Remove the later copy of a run of lines that stands twice in the same order."""
    lines = list(page.lines())
    keys = [re.sub(r"\s", "", line) for _, _, line in lines]
    places: dict[str, list[int]] = defaultdict(list)
    best = (0, 0, 0)  # characters, first line of the copy, lines
    for copy, key in enumerate(keys):
        if not key:
            continue
        for first in places[key][:_MOST_STARTS]:
            if first and keys[first - 1] and copy and keys[first - 1] == keys[copy - 1]:
                continue  # a run that starts earlier holds this one
            length = 0
            while (
                copy + length < len(keys)
                and first + length < copy
                and keys[first + length] == keys[copy + length]
            ):
                length += 1
            size = sum(map(len, keys[copy : copy + length]))
            best = max(best, (size, copy, length))
        places[key].append(copy)
    size, copy, length = best
    if size >= _LEAST:
        yield page.edit("duplicate-body", lines[copy][0], lines[copy + length - 1][1], "")
