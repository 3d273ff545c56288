"""Lines that curators keep as a site's own: what one library has learned."""

from collections.abc import Collection, Iterator

from ...text.line_keys import line_key
from ..edits import Edit
from .frame import Page


def cut_kept(text: str, keys: Collection[str]) -> Iterator[Edit]:
    """Yield the edits that take kept lines, given by their keys, out of a text."""
    page = Page(text)
    for start, end, line in page.lines() if keys else ():
        if start < end and line_key(line) in keys:
            yield page.edit("boilerplate", start, end, "")
