"""Where a stretch of one text stands in another that was made from it and changed since."""

from .comparison import stretches

_LEAST = 4
"""Characters around a stretch, before or behind it, that have to stand in both texts."""

_ROUND = 16
"""Characters on either side by which a stretch is told from others that read the same."""


class Alignment:
    """Two texts and the stretches they share, in order."""

    def __init__(self, one: str, other: str):
        self.one, self.other = one, other
        self._shared = stretches(one, other)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where what stands at [start, end) of the one text stands in the other, unchanged.

        None where it was changed, has too little around it in its line that stands in both, or
        reads the same with all that elsewhere in either.
        """
        line = self.one.rfind("\n", 0, start) + 1, _line_end(self.one, end)
        for a, b, size in self._shared:
            if not (a <= start and end <= a + size):
                continue
            left = max(a, line[0], start - _ROUND)
            right = min(a + size, line[1], end + _ROUND)
            wanted = self.one[left:right]
            if right - left < end - start + _LEAST:
                continue
            if _is_once(self.one, wanted) and _is_once(self.other, wanted):
                return b + start - a, b + end - a
        return None

    def kept(self, start: int, end: int) -> int:
        """Return how many characters of [start, end) of the one text the other has there."""
        return sum(max(0, min(end, a + size) - max(start, a)) for a, _b, size in self._shared)

    def beside(self, start: int, end: int) -> str:
        """Return what the other text has where the one has [start, end) and the other does not."""
        low = [b + min(size, start - a) for a, b, size in self._shared if a < start]
        high = [b + max(0, end - a) for a, b, size in self._shared if a + size > end]
        return self.other[low[-1] if low else 0 : high[0] if high else len(self.other)]


def _is_once(text: str, wanted: str) -> bool:
    at = text.find(wanted)
    return at >= 0 and text.find(wanted, at + 1) < 0


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
