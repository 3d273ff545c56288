"""Lines that curators keep as a site's own: what one library has learned."""

import re
from collections.abc import Collection, Iterator

from ...text import script
from ..edits import Edit
from .frame import Page

SHORTEST, LONGEST = 4, 300
"""Characters of a line that can be kept: a shorter one may stand in any text, a longer is one."""


def line_key(line: str) -> str:
    """Return what a line is compared by: its characters in one script, without white space; empty
    where it is too short or too long to be kept."""
    key = script.comparable(re.sub(r"\s+", "", line))
    return key if SHORTEST <= len(key) <= LONGEST else ""


def cut_kept(text: str, keys: Collection[str]) -> Iterator[Edit]:
    """Yield the edits that take kept lines, given by their keys, out of a text."""
    page = Page(text)
    for start, end, line in page.lines() if keys else ():
        if start < end and line_key(line) in keys:
            yield page.edit("boilerplate", start, end, "")
