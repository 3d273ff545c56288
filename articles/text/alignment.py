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

        None where it was changed, has nothing around it that stands in both, or reads the same
        with all around it at more places than it did.
        """
        for a, b, size in self._shared:
            if not (a <= start and end <= a + size):
                continue
            left, right = max(a, start - _ROUND), min(a + size, end + _ROUND)
            wanted = self.one[left:right]
            if len(wanted.strip()) < end - start + _LEAST:
                continue
            if self.one.count(wanted) == self.other.count(wanted):
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
