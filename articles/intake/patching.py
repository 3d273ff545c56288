"""A change of a source's text made in a body that was changed by hand."""

from html import escape

_CONTEXTS = (16, 8, 4)
"""Characters on either side by which a place is looked for: more are surer, fewer find it beside
another change."""


class NoPlace(ValueError):
    """A change cannot be made in a body that was changed by hand."""


def in_place(body: str, before: str, after: str) -> str:
    """Return a body with the change from `before` to `after` made at the one place it fits.

    Raises NoPlace where that is not found for certain.
    """
    start = _common(before, after)
    rest = min(len(before), len(after)) - start
    behind = _common(before[::-1][:rest], after[::-1][:rest])
    stop = len(before) - behind
    old, new = before[start:stop], after[start : len(after) - behind]
    if "\n" in old + new:
        raise NoPlace
    line_start = before.rfind("\n", 0, start) + 1
    line_end = before.find("\n", stop)
    line = (line_start, len(before) if line_end < 0 else line_end)
    for reach in _CONTEXTS:
        left = before[max(line[0], start - reach) : start]
        right = before[stop : min(line[1], stop + reach)]
        wanted = escape(left + old + right, quote=False)
        at = body.find(wanted)
        if at < 0:
            continue
        in_tag = body.rfind("<", 0, at) > body.rfind(">", 0, at)
        if len(wanted) < _CONTEXTS[-1] or in_tag or body.find(wanted, at + 1) >= 0:
            break
        return body[:at] + escape(left + new + right, quote=False) + body[at + len(wanted) :]
    raise NoPlace


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning, by halving: texts have up to millions."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
