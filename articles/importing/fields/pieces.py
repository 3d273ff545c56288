"""A line of a page cut into what stands in it: labels with their values, dates, buttons, rest.

`来源：砚州报作者：王芳时间：2020-05-06 [大 中 小] 打印` is three labels and two buttons, whatever
stands between them; `时间：是最公正的法官` is a label with no value that fits, and so a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...text import script
from ..lexicon.site_words import BUTTON
from .dates import StatedDate, first_date
from .labels import LABEL, kind_of

LONGEST = 200
"""Characters of a line that may be a row of labels; a longer one is a paragraph, or an abstract."""

HALF_WIDTH = str.maketrans("，：；？！（）／［］｜　\xa0", ",:;?!()/[]|  ")
"""Marks as patterns have them; a character for a character, so that places stay."""

_SEPARATORS = "⁄ 　\t|｜┊┃│·•、,，;；/／>»\\-–—_()（）[]【】?？*★☆:："
_GLUED_NEVER = frozenset(
    ("summary", "keywords", "english", "title", "bio", "number", "category", "teaser")
)
"""Labels that count only with something before them that parts: 主题 and 题目 end other words."""

_TO_THE_END = frozenset(("summary", "keywords", "english", "bio", "number", "teaser", "original"))
"""Labels whose value may hold any mark; only one of their own kind ends it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: a label's kind with its value, a `date`, a `button`, or the `rest`.

    `start` and `end` count characters of the line, the label included; `glued` tells that the
    rest stands right against what is before it.
    """

    kind: str
    start: int
    end: int
    value: str = ""
    stated: StatedDate | None = None
    glued: bool = False


def cut(line: str) -> list[Piece]:
    """Return the pieces of a line in order; a line without label, date or button is one rest."""
    folded = script.fold(line)
    plain = folded.translate(HALF_WIDTH)
    first = LABEL.match(folded)
    if len(line) > LONGEST and not (first and kind_of(first) in _TO_THE_END):
        return [Piece("rest", 0, len(line), line.strip())]
    tokens = sorted(_tokens(line, folded, plain), key=lambda token: (token[0], -token[1]))
    pieces: list[Piece] = []
    at = 0
    for number, (start, end, kind, stated) in enumerate(tokens):
        if start < at:
            continue
        pieces += _rest(line, at, start)
        if kind in ("date", "button"):
            pieces.append(Piece(kind, start, end, line[start:end], stated))
            at = end
            continue
        at = _end_of_value(tokens, number + 1, kind, end, folded)
        pieces.append(Piece(kind, start, at, value(line[end:at])))
    return [*pieces, *_rest(line, at, len(line))]


_Token = tuple[int, int, str, StatedDate | None]


def _tokens(line: str, folded: str, plain: str) -> Iterator[_Token]:
    labels = list(LABEL.finditer(folded))
    dates = []
    at = 0
    while found := first_date(line, at):
        stated, start, at = found
        dates.append((start, at, "date", stated))
    several = len(labels) + len(dates) > 1
    for match in labels:
        kind, start = kind_of(match), match.start()
        before = folded[start - 1] if start else " "
        parted = before in _SEPARATORS or before in "。.！!”" or match[0][0] in "【[(（〔「"
        if parted or (several and kind not in _GLUED_NEVER) or any(d[1] == start for d in dates):
            yield start, match.end(), kind, None
    yield from dates
    for match in BUTTON.finditer(plain):
        yield match.start(), match.end(), "button", None


def _end_of_value(tokens: list[_Token], after: int, kind: str, end: int, folded: str) -> int:
    """Return where the value of a label ends: where the next thing begins that is not in it."""
    for number in range(after, len(tokens)):  # no slice: a line may be full of labels
        start, finish, other, _ = tokens[number]
        if start < end:
            continue
        parted = folded[start - 1] in " 　。.；;！!？?”］]】)）" or folded[start] in "【["
        if kind in _TO_THE_END and not (other in _TO_THE_END and parted):
            continue
        if kind == "source_url" and other == "button":
            continue
        if start == end and other == "date" and kind.endswith("date"):
            return finish  # the label's own date, whole
        return start
    return len(folded)


def _rest(line: str, start: int, end: int) -> list[Piece]:
    """Return what stands between two things, each part between wide gaps by itself."""
    parts = []
    for match in re.finditer(
        r"[^\s|｜┊┃│　⁄](?:[^|｜┊┃│　⁄]*?[^\s|｜┊┃│　⁄])??(?=\s{2,}|\s*[|｜┊┃│　⁄]|\s*$)",
        line[start:end],
    ):
        text = match[0].strip(_SEPARATORS)
        if text:
            at = start + match.start()
            glued = match.start() == 0 and start > 0 and line[start - 1] not in _SEPARATORS
            glued |= (
                match.end() == end - start
                and end < len(line)
                and line[end - 1 : end] not in _SEPARATORS
            )
            parts.append(Piece("rest", at, start + match.end(), text, glued=glued))
    return parts


def value(text: str) -> str:
    """Return a label's value without the bracket that closes the whole: （作者：王芳）."""
    text = text.strip(" 　|｜┊_-").rstrip("【[（( ")
    for opening, closing in ("()", "（）", "[]", "【】"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
    return text.rstrip(" 　,，;；、|｜?？")
