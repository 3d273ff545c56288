"""Where a text has gaps: stars over a word, signs for what is lost, passages nobody could read."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape

from ..intake.lost_text import Passage
from ..text import script

BLOTTED = re.compile(r"(?<=[\u3400-\u9fff，、；：“])\s?[*＊](?:\s?[*＊])+(?![^<>]*>)")
"""Stars over a word, between Chinese characters; not those of an address inside a tag."""

_SIGNS = re.compile(r"\ufffd+|(?<=[\u3400-\u9fff，、；：“])□{2,10}")
"""What stands for characters that were lost: put there by a decoder, or by whoever edits a text."""

_TOKEN = re.compile(r"<[^>]*>|&#?\w+;|.", re.DOTALL)

_TELLING = 4
"""Characters of a passage that are enough to find it by, whatever stands around it now."""


def marked(markup: str, passages: Sequence[Passage], mark: Callable[[str, bool], str]) -> str:
    """Return markup with all signs for lost text marked, and the passages that are found in it for
    certain, in either script.

    `mark` is given the markup of a stretch without a tag, and whether it is a passage's last.
    """
    if not (passages or _SIGNS.search(markup)):
        return markup
    places = _Places(markup)
    signs = [match.span() for match in _SIGNS.finditer(places.text)]
    found = sorted([*signs, *filter(None, map(places.find, passages))])
    parts, position = [], 0
    for start, end in found:
        stretches = list(places.stretches(start, end))
        for number, (low, high) in enumerate(stretches, 1):
            if low >= position:
                parts += markup[position:low], mark(markup[low:high], number == len(stretches))
                position = high
    return "".join([*parts, markup[position:]])


class _Places:
    """The characters of markup, white space apart, made comparable; and where each stands."""

    def __init__(self, markup: str):
        tokens = [match for match in _TOKEN.finditer(markup) if not match[0].startswith("<")]
        chars = [(char, match.span()) for match in tokens for char in unescape(match[0]).strip()]
        self.text = script.comparable("".join(char for char, _place in chars))
        self.places = [place for _char, place in chars]

    def find(self, passage: Passage) -> tuple[int, int] | None:
        """Return the one place a passage stands at, by as much of what is around it as helps."""
        before, text, behind = map(
            script.comparable, (passage.before, passage.text, passage.behind)
        )
        for left, right in ((before, behind), (before, ""), ("", behind), ("", "")):
            if not (left or right) and len(text) < _TELLING:
                return None
            wanted = f"{left}{text}{right}"
            at = self.text.find(wanted)
            if at >= 0 and self.text.find(wanted, at + 1) < 0:
                return at + len(left), at + len(left) + len(text)
        return None

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield a range of characters as ranges of the markup that hold no tag."""
        low, high = self.places[start]
        for begin, stop in self.places[start + 1 : end]:
            if begin > high:
                yield low, high
                low = begin
            high = stop
        yield low, high
