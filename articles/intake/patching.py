"""A change of a source's text made in a body that was changed by hand."""

from html import escape

from ..text import html
from ..text.alignment import Alignment


class NoPlace(ValueError):
    """A change cannot be made in a body that was changed by hand."""


def in_place(body: str, before: str, after: str) -> str:
    """Return a body with the change from `before` to `after` made at the one place it fits.

    The place is found by aligning the text before the change with the body's own. Raises NoPlace
    where that is not certain, goes over more than one paragraph, or cuts through markup.
    """
    start = _common(before, after)
    rest = min(len(before), len(after)) - start
    behind = _common(before[::-1][:rest], after[::-1][:rest])
    stop = len(before) - behind
    old, new = before[start:stop], after[start : len(after) - behind]
    if "\n" in old + new:
        raise NoPlace
    text = html.Placed(body)
    place = Alignment(before, text.text).place(start, stop)
    if place is None:
        raise NoPlace
    at = text.place(*place)
    if at is None:
        raise NoPlace
    low, high = at
    return body[:low] + escape(new, quote=False) + body[high:]


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning, by halving: texts have up to millions."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
