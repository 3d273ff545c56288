"""A change of a source's text made in a body that was changed by hand."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..text import html
from ..text.alignment import Alignment

_OFFERED = 3
"""Places offered at the most; who sees more has to read the text anyway."""

_CONTEXT, _NEAR = 30, 2
"""Characters shown round a place; those of which one side at least stands round one offered."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change may belong in a body: what stands round it, and what it would become."""

    token: str
    left: str
    old: str
    new: str
    right: str


class NoPlace(ValueError):
    """A change cannot be made for certain in a body that was changed by hand. `offers` are the
    places where it may belong, the likeliest first."""

    def __init__(self, offers: Sequence[Place] = ()):
        super().__init__("The place is not certain.")
        self.offers = offers


def in_place(body: str, before: str, after: str, at: str = "") -> str:
    """Return a body with the change from `before` to `after` made at the one place it fits, or at
    the one of those offered that a curator has chosen, by its token.

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
    if place is None or text.place(*place) is None:
        found = _likely(text, before, (start, stop), new)
        place = next((place for place, offer in found if at and offer.token == at), None)
        if place is None:
            raise NoPlace([offer for _place, offer in found])
    low, high = text.place(*place)
    return body[:low] + escape(new, quote=False) + body[high:]


def _likely(text: html.Placed, before: str, place: tuple[int, int], new: str):
    """Return the places in a body that read like [start, stop) of the text before the change and
    have some of what stood beside it, each with how it is offered."""
    start, stop = place
    left = before[max(0, start - _CONTEXT) : start].rpartition("\n")[2]
    right = before[stop : stop + _CONTEXT].partition("\n")[0]
    old, written = before[start:stop], text.text
    if old:
        found = [match.start() for match in re.finditer(f"(?={re.escape(old)})", written)]
    else:
        sides = [f"(?<={re.escape(left[-_NEAR:])})"] if len(left) >= _NEAR else []
        sides += [f"(?={re.escape(right[:_NEAR])})"] if len(right) >= _NEAR else []
        found = [match.start() for side in sides for match in re.finditer(side, written)]
    ranked = []
    for at in dict.fromkeys(found):
        end = at + len(old)
        like = (
            _common(left[::-1], written[max(0, at - _CONTEXT) : at][::-1]),
            _common(right, written[end : end + _CONTEXT]),
        )
        if max(like) >= _NEAR and text.place(at, end) is not None:
            ranked.append((-sum(like), at, end))
    body = zlib.crc32(written.encode())
    return [
        (
            (at, end),
            Place(
                f"{at}-{end}-{body:08x}",
                written[max(0, at - _CONTEXT) : at].rpartition("\n")[2],
                old,
                new,
                written[end : end + _CONTEXT].partition("\n")[0],
            ),
        )
        for _like, at, end in sorted(ranked)[:_OFFERED]
    ]


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning, by halving: texts have up to millions."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
