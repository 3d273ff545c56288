"""Bodies that were pasted twice."""

import re
from collections.abc import Iterator

from .frame import Finding, Page, repair

_LEAST = 200
"""Fewest characters of a repeated run that count as a pasted copy, not as the author's refrain."""

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
    seen: dict[str, int] = {}
    best = (0, 0, 0)  # characters, first line of the copy, lines
    copy = 0
    while copy < len(keys):
        opening = _opening(keys, copy)
        first = seen.setdefault(opening, copy) if opening else copy
        length = size = 0
        while (
            first < copy
            and copy + length < len(keys)
            and first + length < copy
            and keys[first + length] == keys[copy + length]
        ):
            size += len(keys[copy + length])
            length += 1
        best = max(best, (size, copy, length))
        copy += max(1, length)  # what starts inside a run is a part of it
    size, copy, length = best
    if size >= _LEAST:
        yield page.edit("duplicate-body", lines[copy][0], lines[copy + length - 1][1], "")


def _opening(keys: list[str], at: int) -> str:
    """Return the lines from `at` on that make up a run long enough, or nothing."""
    parts, size = [], 0
    for key in keys[at : at + _LEAST] if keys[at] else []:
        parts.append(key)
        size += len(key)
        if size >= _LEAST:
            return "\n".join(parts)
    return ""
