"""What a result shows: title and passages with every hit marked, in the reader's script.

Matching is done on normalised text; marks are set in the text as it is read, by the place each
normalised character comes from.
"""

import re
from dataclasses import dataclass
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe

from .query import Query
from .text import is_whole, searchable_with_places

MOST = 3
_BEFORE, _AFTER = 18, 42
"""Characters shown before the first hit of a passage, and from it on."""

_LONGEST = 40
"""Hits looked at for passages; a text says 工会 hundreds of times."""

_TAG = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"</(?:p|h[1-6]|li|td|th|blockquote|pre)>|<br>")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Passages of one result, as markup that is safe to show."""

    title: SafeString
    passages: list[SafeString]


class Marker:
    """Marks the hits of one query."""

    def __init__(self, query: Query):
        strings = {text for unit in query.units for text in unit.strings if text}
        longest = sorted(strings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest))) if longest else None
        self._phrases = {unit.text for unit in query.units if unit.is_phrase}

    def hits(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of the hits in a text as it is read."""
        if self._pattern is None:
            return []
        matched, places = searchable_with_places(text)
        found = [hit.span() for hit in self._pattern.finditer(matched)]
        found = [span for span in found if self._is_whole(matched, *span)]
        if places is None:
            return found
        return [(places[start], max(places[end], places[end - 1] + 1)) for start, end in found]

    def _is_whole(self, text: str, start: int, end: int) -> bool:
        return text[start:end] in self._phrases or is_whole(text, start, end)

    def mark(self, text: str, hits: list[tuple[int, int]] | None = None) -> SafeString:
        """Return a text with its hits marked."""
        parts, end = [], 0
        for start, stop in self.hits(text) if hits is None else hits:
            if start < end:
                continue
            parts += escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"
            end = stop
        return mark_safe("".join(parts) + escape(text[end:]))  # noqa: S308

    def snippet(self, title: str, summary: str, body: str) -> Snippet:
        """Return title and up to three passages; the summary's beginning where nothing is hit.

        `body` is markup from the database, sanitised when it was saved.
        """
        text = unescape(_TAG.sub("", _BLOCK.sub("\n", body)))
        if summary and summary not in text:
            text = f"{summary}\n{text}"
        return Snippet(self.mark(title), self._passages(text, summary))

    def _passages(self, text: str, summary: str) -> list[SafeString]:
        hits = self.hits(text)
        windows: list[tuple[int, int]] = []
        for start, stop in self._best(text, hits):
            if any(start < right and stop > left for left, right in windows):
                continue
            windows.append(_window(text, start, stop))
            if len(windows) == MOST:
                break
        if not windows:
            shown = summary or text[: _BEFORE + _AFTER]
            return [mark_safe(escape(shown))]  # noqa: S308
        passages = []
        last = max(windows)
        for left, right in sorted(windows):
            inside = [(a - left, b - left) for a, b in hits if left <= a and b <= right]
            before = "…" if passages or (left and text[left - 1] != "\n") else ""
            goes_on = right < len(text) and text[right] != "\n"
            after = "…" if goes_on and (left, right) == last else ""
            marked = self.mark(text[left:right], inside)
            passages.append(mark_safe(f"{before}{marked}{after}"))  # noqa: S308
        return passages

    def _best(self, text: str, hits: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return hits in the order of how many different words stand within reach of each."""
        few = hits if len(hits) <= _LONGEST else hits[:: -(-len(hits) // _LONGEST)]

        def worth(hit: tuple[int, int]) -> tuple[int, int]:
            near = {text[a:b] for a, b in hits if hit[0] - _BEFORE <= a and b <= hit[0] + _AFTER}
            return (-len(near), hit[0])

        return sorted(few, key=worth)


def _window(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return a passage around a hit, cut at the paragraph and, if one is near, at a mark."""
    left = max(text.rfind("\n", 0, start) + 1, start - _BEFORE)
    end = text.find("\n", stop)
    right = min(len(text) if end < 0 else end, max(stop, start + _AFTER))
    mark = re.search(r"[，。；：！？,;:!?]", text[left:start])
    if left and text[left - 1] != "\n" and mark:
        left += mark.end()
    return left, right
