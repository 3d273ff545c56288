"""What a result shows: title and passages with every hit marked, in the reader's script.

Matching is done on normalised text, marking in the text as it is read.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from html import escape, unescape
from itertools import islice

from django.utils.safestring import SafeString

from ..text import script
from ..text.quotes import forms_of, in_one_form
from .query import Query
from .words import first_of, is_whole, one_of, whole

MOST = 3
_BEFORE, _AFTER = 18, 42
"""Characters shown before the first hit of a passage, and from it on."""

_SHOWN = _BEFORE + _AFTER
_SCANNED, _LOOKED_AT = 300, 30
"""Hits found in a text, and those of them looked at for passages: some texts say 工会 hundreds of
times."""

_TAG = re.compile(r"<[^>]*>")
_SPECIAL = re.compile("[&<>\"']")
_MARK = re.compile(r"[，。；：！？,;:!?]")
_BLOCK = re.compile(r"</(?:p|h[1-6]|li|td|th|blockquote|pre|figcaption)>|<br>")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Passages of one result, as markup that is safe to show."""

    title: SafeString
    passages: list[SafeString]


class Marker:
    """Marks the hits of one query, in whatever script a text is in: each character of a word also
    stands for those that are folded to it."""

    def __init__(self, query: Query):
        strings = {text for unit in query.units for text in unit.strings if text}
        if query.is_question:  # 休 of 休完 stands in 退休 too
            strings = {text for text in strings if len(text) > 1} or strings
        longest = sorted(strings, key=len, reverse=True)
        forms = [(_forms(text[0]), _in_any_form(text[1:])) for text in longest]
        self._pattern = re.compile(first_of(forms), re.I) if forms else None
        self._phrases = {unit.text for unit in query.units if unit.is_phrase}

    def hits(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of the hits in a text as it is read."""
        if self._pattern is None:
            return []
        found = [hit.span() for hit in self._pattern.finditer(text)]
        matched = script.fold(text).lower() if found else text
        if len(matched) != len(text):  # İ is two characters in lower case
            return found
        if not self._phrases:
            return whole(matched, found)
        return [
            (start, end)
            for start, end in found
            if in_one_form(matched[start:end]) in self._phrases or is_whole(matched, start, end)
        ]

    def mark(self, text: str) -> SafeString:
        """Return a text with its hits marked."""
        return SafeString(self._marked(text))

    def _marked(self, text: str) -> str:
        escaped = escape if _SPECIAL.search(text) else str
        parts, end = [], 0
        for start, stop in self.hits(text):
            parts += escaped(text[end:start]), "<mark>", escaped(text[start:stop]), "</mark>"
            end = stop
        return "".join(parts) + escaped(text[end:])

    def snippet(self, title: str, summary: str, body: str) -> Snippet:
        """Return title and up to three passages; the summary's beginning where nothing is hit.

        `body` is markup from the database, sanitised when it was saved.
        """
        text = unescape(_TAG.sub("", _BLOCK.sub("\n", body)))
        if summary and summary not in text:
            text = f"{summary}\n{text}"
        # Each is made of what `mark` has escaped, and of dots.
        passages = [SafeString(passage) for passage in self._passages(text)]
        return Snippet(self.mark(title), passages or [self.mark(_beginning(summary or text))])

    def _passages(self, text: str) -> list[str]:
        windows: dict[tuple[int, int], str] = {}
        for start, stop in self._places(text):
            for left, right in windows:
                if start < right and stop > left:
                    break
            else:
                left, right = _window(text, start, stop)
                marked = self._marked(text[left:right])
                if "<mark>" not in marked:
                    continue
                windows[left, right] = marked
            if len(windows) == MOST:
                break
        passages = []
        for left, right in sorted(windows):
            before = "…" if passages or (left and text[left - 1] != "\n") else ""
            passages.append(before + windows[left, right])
        if passages and text[right:].strip():
            is_whole_sentence = text[right] == "\n" and text[right - 1] in _ENDS
            passages[-1] += "" if is_whole_sentence else "…"
        return passages

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Return where hits seem to be, those first that have most different words beside them."""
        if self._pattern is None:
            return []
        places = [hit.span() for hit in islice(self._pattern.finditer(text), _SCANNED)]
        places = places[:: max(1, len(places) // _LOOKED_AT)]
        words = [text[start:stop] for start, stop in places]
        if len(set(words)) < 2:
            return places
        beside = []
        for first, (start, _) in enumerate(places):
            last = bisect_left(places, (start + _AFTER,))
            beside.append(len(set(words[first:last])))
        order = sorted(range(len(places)), key=lambda place: (-beside[place], place))
        return [places[place] for place in order]


_ENDS = "。！？!?…”’」』"
"""What a sentence ends with: a heading, a cell and a line of a list are told to go on."""


def _beginning(text: str) -> str:
    """Return the first characters of a text, with dots where it goes on."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"


def _in_any_form(word: str) -> str:
    """Return the pattern of a word as it is matched, in whatever form a text has it: 一, 壹."""
    return "".join(one_of(_forms(char)) for char in word)


def _forms(char: str) -> set[str]:
    forms = {*forms_of(char), *script.unfolded(char)}
    if "!" <= char <= "~":
        forms.add(chr(ord(char) + 0xFEE0))  # full-width
    if char == "一":
        forms.add("壹")
    return forms


def _window(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return a passage around a hit, cut at the paragraph and, if one is near, at a mark."""
    left = max(text.rfind("\n", 0, start) + 1, start - _BEFORE)
    end = text.find("\n", stop)
    right = min(len(text) if end < 0 else end, max(stop, start + _AFTER))
    if left and text[left - 1] != "\n" and (mark := _MARK.search(text, left, start)):
        left = mark.end()
    return left, right
