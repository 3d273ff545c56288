"""Word files (.docx)."""

import io
import re
import zipfile

import mammoth
from lxml import etree

from ..source import Hints, SourceText, UnreadableFile
from .markup import Flow, ordered, parse
from .numbering import number_headings
from .package import Package, stated

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# A Title stands above all headings; which number a heading has matters only beside the others.
_STYLES = "\n".join(
    [
        *(f"p[style-name='{name}'] => h1:fresh" for name in ("Title", "标题", "標題")),
        *(
            f"p[style-name='{name} {level}'] => h{min(level + 1, 6)}:fresh"
            for name in ("Heading", "heading", "标题", "標題")
            for level in range(1, 7)
        ),
        *(f"p.Heading{level} => h{min(level + 1, 6)}:fresh" for level in range(1, 7)),
        *(
            f"p[style-name='{name}'] => blockquote:fresh > p:fresh"
            for name in ("Quote", "Intense Quote", "Block Text", "引用", "明显引用", "鮮明引文")
        ),
    ]
)

_MOST_TAGS = 500_000
"""Tags of a Word file, opening and closing: a book of 600,000 characters has 400,000, and the
reader takes 20 s for so many."""


def read_word(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a Word file; macros and pictures in it are left alone, and pictures are flagged."""
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise UnreadableFile(
                "The Word file is locked with a password. Open it and save it without one."
            )
        raise UnreadableFile(
            "The file is named .docx but is an old Word file (.doc). Open it in Word or "
            "LibreOffice and save it as .docx."
        )
    package = Package(raw, "Word")
    if "word/document.xml" not in package.names and "[Content_Types].xml" not in package.names:
        raise UnreadableFile(
            "The file is named .docx but is no Word file. Open it in Word or LibreOffice and save "
            "it as .docx."
        )
    package.refuse_declarations()
    tags = sum(package.part(name).count(b"<") for name in package.names if name.endswith(".xml"))
    if tags > _MOST_TAGS:
        raise package.too_large()
    numbered = _with_numbers(package)
    try:
        markup = mammoth.convert_to_html(
            io.BytesIO(numbered or raw),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
        ).value
    except Exception:  # its reader expects what Word writes, and fails in many ways on the rest
        raise package.damaged() from None
    flow = Flow()
    # Back from a note to its place: there is none in plain text.
    flow.walk(parse(re.sub(r'\s?<a href="#[^"]*">↑</a>', "", markup)))
    properties = package.xml("docProps/core.xml")
    hints = Hints(
        title=" ".join(stated(properties, "title")),
        authors=tuple(stated(properties, "creator")),
        origin="property",
    )
    return SourceText(
        flow.text(), "docx", marks=ordered(flow.marks), hints=hints, flags=flow.flags()
    )


def _with_numbers(package: Package) -> bytes:
    """Return the file with its headings' numbers written out, or nothing where there are none."""
    parts = [package.xml(f"word/{name}.xml") for name in ("document", "styles", "numbering")]
    if any(part is None for part in parts) or not number_headings(*parts):
        return b""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in package.names:
            if name == "word/document.xml":
                archive.writestr(name, etree.tostring(parts[0], encoding="utf-8"))
            elif not name.startswith("word/media/"):
                archive.writestr(name, package.part(name))
    return stream.getvalue()
