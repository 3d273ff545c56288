"""Single characters and what each becomes, wherever it stands."""

import re
from collections.abc import Mapping
from functools import cache

_USUAL = ((0, 0x400), (0x2000, 0x3400), (0x4E00, 0xA000), (0xF900, 0x10000))
"""Latin and Greek, marks, the everyday ideographs, and what is written full width."""

_RARE = re.compile("[\u0400-\u1fff\u3400-\u4dff\ua000-\uf8ff\U00010000-\U0010ffff]")


class Characters:
    """A table of single characters, as `str.translate` takes it soonest.

    A list has something at every place; a dictionary raises an error for each character that it
    has not, which takes three times as long. To make a list of all there are would cost a process
    10 ms, so it has the usual ones, and a text with a rare one is left to a dictionary.
    """

    def __init__(self, pairs: Mapping[str, str]):
        codes = {ord(key): value for key, value in pairs.items()}
        self._all = _Filled(codes)
        self._usual = _itself().copy()
        for code, value in codes.items():
            if code < len(self._usual):  # what is rare is never looked up there
                self._usual[code] = value

    def convert(self, text: str) -> str:
        """Return the text with each character of the table replaced."""
        return text.translate(self._all if _RARE.search(text) else self._usual)


class _Filled(dict[int, str]):
    """What is not in it is itself, and is in it from then on: that spares the error."""

    def __missing__(self, code: int) -> str:
        char = self[code] = chr(code)
        return char


@cache
def _itself() -> list[int | str]:
    """Return every usual character as the number it has; anything where the others are."""
    table: list[int | str] = [0] * 0x10000
    for first, end in _USUAL:
        table[first:end] = range(first, end)
    return table
