"""Markdown, with front matter."""

import re
from dataclasses import replace

from ..edits import Edit, Flag
from ..refusals import UnreadableFile
from ..source import Hints, SourceText
from .columns import hints_of, left_out
from .encoding import decode
from .front_matter import front_matter
from .markdown_rules import ChineseMarkdown
from .markup import Flow, ordered
from .parsing import parse

_MOST = 500_000
"""Largest Markdown read, in characters: the parser takes 10 s for so many open brackets."""

_MOST_CELLS = 1000
"""Cells of a row at most: short rows below a wide one are filled up, 140 KB to gigabytes."""

_MARKDOWN = ChineseMarkdown()

_PICTURE = re.compile(
    r"\{%-?\s*(?:asset_img|img|image|figure|fancybox|gallery|include\s+(?:figure|image|img))\b"
    r"|\{\{[<%]\s*(?:figure|img|image|gallery|imgproc)\b"
    r"|!\[\[[^\[\]\n]{1,200}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)\b",
    re.IGNORECASE,
)
"""Pictures in the tags of sites and note-takers."""


def read_markdown(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read Markdown; HTML in it is read as HTML, and as safely."""
    source = decode(raw, encoding)
    text = source.text
    if len(text) > _MOST:
        raise UnreadableFile("markdown-long", most=_MOST)
    if (cells := max(line.count("|") for line in text.split("\n"))) > _MOST_CELLS:
        raise UnreadableFile("many-marks", count=cells, most=_MOST_CELLS)
    hints, head, flags = Hints(), "", ()
    if found := front_matter(text):
        hints = hints_of(found.fields, "front-matter")
        if not found.whole:
            head = text[: found.end]
        text = text[found.end :]
        flags = left_out(found.fields, text)
    flow = Flow()
    flow.images_dropped = len(_PICTURE.findall(text))
    flow.headed(hints.title, parse(_MARKDOWN.render(text)))
    edits = flow.edits()
    read = SourceText(
        flow.text(),
        source.encoding,
        source.certain,
        ordered(flow.marks),
        hints,
        (*flow.flags(), *_struck_out(edits), *flags),
        edits,
    )
    return _below(head, read) if head else read


def _struck_out(edits: tuple[Edit, ...]) -> tuple[Flag, ...]:
    message = "原檔劃掉的文字沒有匯入：「{}」。"
    return tuple(
        Flag("dropped", edit.start, edit.end, message.format(edit.before[:40])) for edit in edits
    )


def _below(head: str, read: SourceText) -> SourceText:
    """Return a text with front matter that is not well formed above: taken out, on record."""
    head = head if head.endswith("\n") else f"{head}\n"
    shift = len(head)
    message = (
        "檔頭的欄位（front matter）寫法有誤，能讀的都讀了，原樣留在紀錄裡；請對照題目、作者和日期。"
    )
    flag = Flag("dropped", 0, shift, message)
    moved = [
        tuple(replace(part, start=part.start + shift, end=part.end + shift) for part in parts)
        for parts in (read.marks, read.edits)
    ]
    flags = tuple(
        replace(f, start=f.start + shift, end=f.end + shift) if f.end else f for f in read.flags
    )
    return replace(
        read,
        text=head + read.text,
        marks=moved[0],
        edits=(Edit("markup", 0, shift, head, ""), *moved[1]),
        flags=(flag, *flags),
    )
