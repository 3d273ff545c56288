"""Word files (.docx)."""

from ...refusals import UnreadableFile
from ...source import OBJECT, Hints, SourceText
from ..markup import ordered
from ..package import Package, stated
from .document import Document
from .elements import P, W, words
from .numbering import Numbering
from .styles import Styles

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MOST_TAGS = 500_000
"""Tags of a Word file, opening and closing: a book of 600,000 characters has 400,000."""


def read_word(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a Word file; macros in it are left alone.

    What is left out of the text (drawings, struck-out and hidden words, comments) is flagged.
    """
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise UnreadableFile("word-locked")
        raise UnreadableFile("word-old")
    package = Package(raw, "Word")
    if "word/document.xml" not in package.names and "[Content_Types].xml" not in package.names:
        raise UnreadableFile("no-word")
    package.refuse_declarations()
    tags = sum(package.part(name).count(b"<") for name in package.names if name.endswith(".xml"))
    if tags > _MOST_TAGS:
        raise package.too_large()
    try:
        document = _document(package)
    except RecursionError:
        raise package.damaged() from None
    text = document.flow.text()
    if not text.replace(OBJECT, "").strip():
        raise UnreadableFile("no-text")
    properties = package.xml("docProps/core.xml")
    hints = Hints(
        title=" ".join(stated(properties, "title")),
        authors=tuple(stated(properties, "creator")),
        origin="property",
    )
    return SourceText(
        text, "docx", marks=ordered(document.flow.marks), hints=hints, flags=document.flags()
    )


def _document(package: Package) -> Document:
    """Return the document with everything written that it has to say."""
    main = package.related("", "officeDocument") or "word/document.xml"
    body = package.xml(main)
    if body is None:
        raise package.damaged()
    parts = {
        name: package.xml(package.related(main, name) or f"word/{name}.xml")
        for name in ("styles", "numbering", "footnotes", "endnotes", "comments")
    }
    styles = Styles(parts["styles"])
    document = Document(styles, Numbering(parts["numbering"], styles))
    document.write(body, package.links(main), package.pictures(main))
    notes = {kind: parts[f"{kind}s"] for kind in ("footnote", "endnote")}
    document.write_notes({kind: part for kind, part in notes.items() if part is not None})
    for comment in parts["comments"].iter(f"{W}comment") if parts["comments"] is not None else ():
        text = "\n".join(words(paragraph) for paragraph in comment.iter(P))
        document.left_out.add("comment", text.strip())
    return document
