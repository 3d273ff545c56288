"""Pictures that came within a file, Word's or a book's: taken into the library as any other is. One
that cannot be is told by a flag, and never keeps its essay out."""

from collections.abc import Iterable
from dataclasses import replace

from ..curation import pictures
from ..importing.draft import Block, Draft
from ..importing.edits import Flag
from ..importing.readers.package import BROKEN, Package
from ..importing.refusals import UnreadableFile
from ..importing.source import PART, Mark

MOST = 60
"""Pictures taken out of one file."""


def with_pictures(draft: Draft, user) -> Draft:
    """Return a draft whose pictures are the library's, and a flag for those that are not."""
    names = dict.fromkeys(m.value for m in draft.marks if m.value.startswith(PART))
    if not names:
        return draft
    said = {mark.value: mark.alt for mark in draft.marks if mark.alt}
    kept: dict[str, str] = {}
    for name in list(names)[:MOST]:
        if address := _kept(draft.raw, name.removeprefix(PART), said.get(name, ""), user):
            kept[name] = address
    lost = sum(mark.value in names and mark.value not in kept for mark in draft.marks)
    flags = draft.flags
    if lost:
        message = f"原檔有 {lost} 張圖片沒有匯入：打不開、太大，或張數太多。"
        flags = [Flag("images-dropped", 0, 0, message), *flags]
    return replace(
        draft,
        marks=tuple(_settled(draft.marks, kept)),
        blocks=[_block(block, kept) for block in draft.blocks],
        flags=flags,
    )


def _kept(raw: bytes, name: str, alt: str, user) -> str:
    """Take one picture in and return its address; nothing where it is refused."""
    try:
        data = Package(raw, "").archive.read(name)
        return pictures.keep(data, name, user, alt).address
    except (pictures.Refused, UnreadableFile, KeyError, RuntimeError, *BROKEN):
        return ""


def _settled(marks: Iterable[Mark], kept: dict[str, str]) -> Iterable[Mark]:
    for mark in marks:
        yield replace(mark, value=kept[mark.value]) if mark.value in kept else mark


def _block(block: Block, kept: dict[str, str]) -> Block:
    parts = tuple(_block(part, kept) for part in block.parts)
    return replace(block, parts=parts, spans=tuple(_settled(block.spans, kept)))
