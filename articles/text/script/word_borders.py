"""Where words end: whether a phrase of a table stands in a text as one, or merely meets there.

会长发言 has the characters of 长发, but falls into 会长 and 发言. Words and how common they are
come from jieba's dictionary (rjieba); a text falls into those whose chances, multiplied, are
greatest.
"""

import re
from functools import cache, lru_cache
from importlib import import_module
from math import inf, log
from types import ModuleType

_ALL = log(60_000_000)
"""The words jieba's dictionary was counted from."""

_LONGEST = 6
"""Characters of a word; what is longer only repeats shorter ones."""

OTHER_READING = 2.0
"""What strains a phrase more that would be read otherwise than the text: 著名 in 对着名单."""

_AROUND = 4
"""Characters on either side that tell where words end."""

_NUMBERS = frozenset("一二三四五六七八九十百千万亿两几数多余")
_NUMBERED = _NUMBERS | frozenset("第〇零多")

_HAN = re.compile("[\u3400-\u9fff]*")
_RUN = 60
"""Characters on either side of a place that are cut into words together."""


@cache
def dictionary() -> ModuleType:
    """Return jieba's dictionary: the only one of a process, read on first use.

    The package reads it when it is imported, 0.1 s and 30 MB.
    """
    return import_module("rjieba")


@lru_cache(1 << 12)
def frequency(word: str) -> int:
    """Return how often jieba's dictionary has a word; 0 where it does not."""
    return dictionary().suggest_freq(word) if dictionary().has_word(word) else 0


@lru_cache(1 << 12)
def tag(word: str) -> str:
    """Return what kind of word jieba's dictionary says a word is: nr for a name."""
    return dictionary().tag(word, False)[0][1]


@lru_cache(1 << 15)
def chance(word: str) -> float:
    """Return the logarithm of the chance of a word; of a character that is none, of the rarest."""
    if len(word) == 1 or dictionary().has_word(word):
        return log(max(1, dictionary().suggest_freq(word))) - _ALL
    return -inf


@lru_cache(1 << 12)
def _paths(text: str, whole: bool) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the chance of the best words up to each place, and from each place on.

    Without `whole`, the text itself is not one of the words.
    """
    size = len(text)
    before = [0.0] + [-inf] * size
    words = []
    for start in range(size):
        for end in range(start + 1, min(size, start + _LONGEST) + 1):
            likely = chance(text[start:end])
            if likely > -inf and (whole or end - start < size):
                words.append((start, end, likely))
                if before[start] + likely > before[end]:
                    before[end] = before[start] + likely
    after = [-inf] * size + [0.0]
    for start, end, likely in reversed(words):
        if likely + after[end] > after[start]:
            after[start] = likely + after[end]
    return tuple(before), tuple(after)


def _begins_unknown(run: str, place: int) -> bool:
    for word in dictionary().cut(run, True):
        if place <= 0:
            return place == 0 and len(word) > 1 and not dictionary().has_word(word)
        place -= len(word)
    return False


class Words:
    """A simplified text and the words it falls into."""

    def __init__(self, text: str):
        self._text = text
        self._borders = bytearray(len(text) + 1)
        self._first = self._last = -1  # of the run of Chinese characters last cut into words

    def _cut(self, start: int, end: int) -> None:
        """See to it that the run of characters around a place is cut into words."""
        if self._first <= start and end <= self._last:
            return
        text = self._text
        first = start - len(_HAN.match(text[max(0, start - _RUN) : start][::-1])[0])
        last = _HAN.match(text, end, end + _RUN).end()
        self._borders[first : last + 1] = bytes(last + 1 - first)
        self._borders[first] = 1
        at = first
        for word in dictionary().cut(text[first:last], False):
            at += len(word)
            self._borders[at] = 1
        self._first, self._last = first, last

    def are_apart(self, start: int, end: int) -> bool:
        """Tell whether words begin at the one place and end at the other."""
        self._cut(start, end)
        return bool(self._borders[start] and self._borders[end])

    def unknown(self, at: int) -> tuple[str, str, int]:
        """Return of the word that begins there, if no dictionary has it, what kind of word stands
        before it, what kind it is itself by its characters, and how long it is."""
        if not self.are_apart(at, at):
            return "", "", 0
        run, place = self._text[self._first : self._last], at - self._first
        if not _begins_unknown(run, place):
            return "", "", 0
        before = ""
        for word, kind in dictionary().tag(run, True):
            if place <= 0:
                return before, kind, len(word)
            place, before = place - len(word), kind
        return "", "", 0

    def _counts_on(self, at: int) -> bool:
        """Tell whether a number goes on there: 三十里, 第一周."""
        return self._text[at] in _NUMBERS and self._text[at - 1 : at] in _NUMBERED

    def strain(self, start: int, end: int, reading: str) -> float:
        """Return how much less likely the text is with a phrase there (natural logarithm).

        0 where the phrase begins and ends with words. `reading` is the phrase as it would be in
        the dictionary.
        """
        if self.are_apart(start, end) or (self._borders[end] and self._counts_on(start)):
            return 0.0
        borders = self._borders
        if borders.find(1, start + 1, end) < 0:  # inside one word
            first, last = borders.rfind(1, 0, start + 1), borders.find(1, end)
            inside = True
        else:
            first = borders.rfind(1, 0, max(self._first, start - _AROUND) + 1)
            last = borders.find(1, min(self._last, end + _AROUND))
            inside = False
        window = self._text[first:last]
        before, after = _paths(window, not inside)
        start, end = start - first, end - first
        known = chance(reading)
        if reading == window[start:end]:
            known = max(known, _paths(reading, True)[1][0])
        strain = before[-1] - before[start] - known - after[end]
        return max(0.0, strain if reading == window[start:end] else strain + OTHER_READING)
