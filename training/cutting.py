"""Where a text is cut into passages: what is read, noted and asked about as one.

Paragraphs cannot be the unit of reading: one essay of the library is a single paragraph of 4,879
characters. So sentences are gathered to between 80 and 200 characters, across short paragraphs and
within long ones; a heading belongs to what comes after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from articles.text import html

LEAST, MOST = 80, 200
"""Characters of a passage, blanks not counted."""

_BLOCK = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[^。！？!?…]*[。！？!?…]+[”’」』）》)\"']*|[^。！？!?…]+")
_CLAUSE = re.compile(r"[^，、；：,;]*[，、；：,;]+|[^，、；：,;]+")
_HEADING = re.compile(r"<h[2-4](?: [^>]*)?>(?:<[^>]*>|\s)*$")
_UNSEEN = re.compile(r"[\s\0\u3000]+")
_LONGEST_TAG = 200
"""Characters looked back for the tag that a block begins with."""

MARKER = "\ue0f0"
"""A character of the private use area that no text of the library has: it stands where a passage
begins while a text is put into its other script."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of markup that is one passage: where it begins, and what it says."""

    start: int
    text: str

    @property
    def hash(self) -> str:
        """Return what it is known by in another edition: 64 bits of SHA-256, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    text: str
    is_heading: bool = False


def cut(markup: str) -> list[Stretch]:
    """Return the passages of a body in reading order. A body without text has none."""
    found: list[Stretch] = []
    start, text, is_heading = 0, "", False
    for sentence in _sentences(markup):
        full = len(text) >= LEAST or (text and len(text) + len(sentence.text) > MOST)
        if (full and not is_heading) or (text and sentence.is_heading and not is_heading):
            found.append(Stretch(start, text))
            text = ""
        if not text:
            start = sentence.start
        text += sentence.text
        is_heading = sentence.is_heading
    if text:
        found.append(Stretch(start, text))
    return _joined(found)


def _joined(found: list[Stretch]) -> list[Stretch]:
    """Join what came out short with its neighbour, where both are still one passage together."""
    out: list[Stretch] = []
    for one in found:
        short = out and (len(one.text) < LEAST or len(out[-1].text) < LEAST)
        if short and len(out[-1].text) + len(one.text) <= MOST:
            out[-1] = Stretch(out[-1].start, out[-1].text + one.text)
        else:
            out.append(one)
    return out


def _sentences(markup: str) -> Iterator[_Sentence]:
    masked = html.masked(markup)
    for block in _BLOCK.finditer(masked):
        before = markup[max(0, block.start() - _LONGEST_TAG) : block.start()]
        heading = _HEADING.search(before) is not None
        for sentence in _SENTENCE.finditer(masked, block.start(), block.end()):
            for start, text in _short_enough(masked, sentence.start(), sentence.end()):
                yield _Sentence(start, text, heading)


def _short_enough(masked: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield a sentence, or of a very long one its clauses, and of a very long clause its parts."""
    if len(_seen(masked[start:end])) <= MOST:
        yield from _from_first_seen(masked, start, end)
        return
    for clause in _CLAUSE.finditer(masked, start, end):
        for at in range(clause.start(), clause.end(), MOST):
            yield from _from_first_seen(masked, at, min(at + MOST, clause.end()))


def _from_first_seen(masked: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    while start < end and _UNSEEN.match(masked[start]):
        start += 1
    if start < end:
        yield start, _seen(masked[start:end])


def _seen(text: str) -> str:
    return _UNSEEN.sub("", text)


def with_markers(markup: str, passages: list[Stretch]) -> str:
    """Return the markup with MARKER before each passage."""
    out, at = [], 0
    for passage in passages:
        out += [markup[at : passage.start], MARKER]
        at = passage.start
    return "".join([*out, markup[at:]])


def with_anchors(markup: str) -> str:
    """Return the markup with an anchor, `p1`, `p2` …, in place of each MARKER."""
    before, *parts = markup.split(MARKER)
    anchored = (
        f'<span class="passage" id="p{number}"></span>{part}'
        for number, part in enumerate(parts, 1)
    )
    return before + "".join(anchored)
