"""Pictures that came with a file, inside it or beside it: taken into the library as any other is.
One that cannot be is told by a flag, and never keeps its essay out."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..curation import pictures
from ..importing.draft import Block, Draft
from ..importing.edits import Flag
from ..importing.refusals import UnreadableFile
from ..importing.source import PART, Mark

MOST = 60
"""Pictures taken out of one file."""

MOST_BYTES = 100 * 1024 * 1024
"""Bytes of all of them."""

Beside = Callable[[str], bytes]
"""Gives a file that lies beside an essay's, by its name from there."""


def has_pictures(draft: Draft) -> bool:
    """Tell whether pictures may have come with a file."""
    return any(map(_name, draft.marks))


def with_pictures(draft: Draft, user, beside: Beside | None = None) -> Draft:
    """Return a draft whose pictures are the library's, and a flag for those that are not."""
    return _with_pictures(draft, beside, lambda *told: _kept(*told, user))


def looked_at(draft: Draft, beside: Beside | None = None) -> Draft:
    """Return a draft with a flag for the pictures that did not come with its file; none is kept."""
    return _with_pictures(draft, beside, lambda *_told: None)


def _with_pictures(draft: Draft, beside: Beside | None, keep: Callable) -> Draft:
    names = dict.fromkeys(filter(None, map(_name, draft.marks)))
    if not names:
        return draft
    said = {_name(mark): mark.alt for mark in draft.marks if mark.alt}
    found: dict[str, str | None] = {}  # a name → the address; None where it has none of its own
    room = MOST_BYTES
    for name in list(names)[:MOST]:
        data = _data(draft, name, beside)
        if data is not None and (room := room - len(data)) >= 0:
            found[name] = keep(data, name, said.get(name, ""))
    found = {name: address for name, address in found.items() if address != ""}
    lost = sum(m.value.startswith(PART) and _name(m) not in found for m in draft.marks)
    flags = draft.flags
    if lost:
        message = f"原檔有 {lost} 張圖片沒有匯入：沒有隨檔、打不開、太大，或張數太多。"
        flags = [Flag("images-dropped", 0, 0, message), *flags]
    return replace(
        draft,
        marks=tuple(_settled(draft.marks, found)),
        blocks=[_block(block, found) for block in draft.blocks],
        flags=flags,
        pictures={},
    )


def _name(mark: Mark) -> str:
    """Return what a picture is called that may have come with the file."""
    return mark.beside or (mark.value.removeprefix(PART) if mark.value.startswith(PART) else "")


def _data(draft: Draft, name: str, beside: Beside | None) -> bytes | None:
    # With lxml, which most imports need not.
    from ..importing.readers.package import BROKEN, Package

    if name in draft.pictures:
        return draft.pictures[name]
    try:
        if draft.raw.startswith(b"PK"):
            return Package(draft.raw, "").archive.read(name)
        return beside(name) if beside else None
    except (UnreadableFile, KeyError, RuntimeError, *BROKEN):
        return None


def _kept(data: bytes, name: str, alt: str, user) -> str | None:
    """Take one picture in and return its address; nothing where it is refused, None where it is
    none to look at."""
    try:
        return pictures.keep(data, name, user, alt).address
    except pictures.Refused as refused:
        return None if refused.code == "too-small" else ""


def _settled(marks: Iterable[Mark], found: dict[str, str | None]) -> Iterable[Mark]:
    for mark in marks:
        address = found.get(_name(mark)) or mark.value
        yield replace(mark, value=address, beside="") if _name(mark) else mark


def _block(block: Block, found: dict[str, str | None]) -> Block:
    parts = tuple(_block(part, found) for part in block.parts)
    return replace(block, parts=parts, spans=tuple(_settled(block.spans, found)))
