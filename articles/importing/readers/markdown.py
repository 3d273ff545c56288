"""Markdown, with front matter."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

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

_LEAST_ENTRIES = 2

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
    page = parse(_MARKDOWN.render(text))
    flow.outside = set(_contents(page))
    flow.headed(hints.title, page)
    edits = flow.edits()
    read = SourceText(
        flow.text(),
        source.encoding,
        source.certain,
        ordered(flow.marks),
        hints,
        (*flow.flags(), *_struck_out(edits), *flags),
        tuple(sorted((*edits, *_left_out(flow)), key=lambda edit: edit.start)),
    )
    return _below(head, read) if head else read


def _contents(page: etree._Element) -> Iterator[etree._Element]:
    """Yield the lists of nothing but links to places on the page: an editor's table of contents."""
    for element in page.iter("ul", "ol"):
        if any(above.tag in ("ul", "ol") for above in element.iterancestors()):
            continue
        links = list(element.iter("a"))
        linked = "".join("".join(link.itertext()) for link in links)
        if (
            len(links) >= _LEAST_ENTRIES
            and all(re.match(r"#(?!fn)", link.get("href") or "") for link in links)
            and "".join(linked.split()) == "".join("".join(element.itertext()).split())
        ):
            yield element


def _left_out(flow: Flow) -> Iterator[Edit]:
    text = flow.text()
    for start, end in flow.left_out:
        if start < (end := min(end, len(text))):
            yield Edit("contents", start, end, text[start:end], "")


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
