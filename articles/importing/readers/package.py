"""Zipped formats (Word, EPUB): opening them without trusting what they claim."""

import io
import posixpath
import re
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree

from ..refusals import UnreadableFile

MAX_PART = 8 * 1024 * 1024
"""Largest XML part of a package, in bytes: 600,000 characters of Word, read in about 10 s."""

_MOST_PARTS = 5_000
_MOST_EXPANDED = 200 * 1024 * 1024
"""Parts of a package and their bytes, pictures included; an illustrated book stays below."""

BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError)
"""What the standard library raises on a zip that is cut short or lies about itself."""

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)\Z", re.IGNORECASE)
"""Names of what browsers show; drawings (WMF, EMF, SVG) are told of as left out."""

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
"""Names that Word writes into files of its strict form, where others write those of 2006."""


class Package:
    """A zipped document; every error names the format and says what to do."""

    def __init__(self, raw: bytes, what: str):
        self.what = what
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(raw))
        except BROKEN:
            raise self.damaged() from None
        parts = self.archive.infolist()
        self.names = {part.filename for part in parts}
        large = max((p.file_size for p in parts if _is_markup(p.filename)), default=0)
        total = sum(part.file_size for part in parts)
        if large > MAX_PART or total > _MOST_EXPANDED or len(parts) > _MOST_PARTS:
            raise self.too_large()
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableFile("package-locked", what=what)

    def damaged(self) -> UnreadableFile:
        return UnreadableFile("package-damaged", what=self.what)

    def too_large(self) -> UnreadableFile:
        return UnreadableFile("package-large", what=self.what)

    def part(self, name: str) -> bytes:
        """Return the bytes of a part, or none where it is not there."""
        if name not in self.names:
            return b""
        try:
            # zipfile stops at the size the directory states, which was looked at above.
            return self.archive.read(name)
        except BROKEN:
            raise self.damaged() from None

    def xml(self, name: str) -> etree._Element | None:
        """Return a part as XML, without entities or anything from outside; None if missing."""
        data = self.part(name)
        if not data:
            return None
        data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", data)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            return etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError):
            raise self.damaged() from None

    def related(self, name: str, kind: str) -> str:
        """Return the name of the part that another (or the package: "") says is its `kind`."""
        for entry in self._relations(name):
            if entry.get("Type", "").endswith(f"/{kind}") and entry.get("TargetMode") != "External":
                target = posixpath.join("/", posixpath.dirname(name), entry.get("Target", ""))
                found = posixpath.normpath(target).lstrip("/")
                if found in self.names:
                    return found
        return ""

    def picture(self, folder: str, address: str) -> str:
        """Return the name of the picture that an address in a part leads to, or nothing."""
        inside = posixpath.join("/", folder, unquote(address.partition("#")[0]))
        found = posixpath.normpath(inside).lstrip("/")
        return found if found in self.names and _PICTURE.search(found) else ""

    def pictures(self, name: str) -> dict[str, str]:
        """Return the names of the pictures that a part shows, by their ids."""
        folder = posixpath.dirname(name)
        found = {
            entry.get("Id", ""): self.picture(folder, entry.get("Target", ""))
            for entry in self._relations(name)
            if entry.get("Type", "").endswith("/image") and entry.get("TargetMode") != "External"
        }
        return {key: part for key, part in found.items() if part}

    def links(self, name: str) -> dict[str, str]:
        """Return the addresses outside of the package that a part links to, by their ids."""
        return {
            entry.get("Id", ""): entry.get("Target", "")
            for entry in self._relations(name)
            if entry.get("Type", "").endswith("/hyperlink")
        }

    def _relations(self, name: str) -> list[etree._Element]:
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        return [] if root is None else list(root.iter("{*}Relationship"))

    def refuse_declarations(self) -> None:
        """Raise UnreadableFile where a part declares a document type: only traps do.

        Office Open XML forbids it (ECMA-376, part 2), and a parser that expands the entities
        declared there can be made to fill all memory.
        """
        for name in self.names:
            if _is_markup(name) and b"<!DOCTYPE" in self.part(name).replace(b"\0", b""):
                raise self.damaged()


def _is_markup(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".opf", ".xhtml", ".html", ".htm", ".ncx"))


def stated(root: etree._Element | None, name: str) -> list[str]:
    """Return the texts of the elements called `name`, whatever their namespace."""
    if root is None:
        return []
    found = (element.text or "" for element in root.iter(f"{{*}}{name}"))
    return [text.strip() for text in found if text.strip()]
