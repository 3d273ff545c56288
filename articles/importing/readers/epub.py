"""EPUB books: the chapters in reading order, as one text."""

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from lxml import etree

from ..refusals import UnreadableFile
from ..source import OBJECT, Hints, SourceText
from .encoding import decode
from .markup import Flow, ordered
from .package import Package, stated
from .parsing import parse

_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_MOST_TEXT = 20 * 1024 * 1024


def read_epub(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read an EPUB; cover and table of contents are left out."""
    package = Package(raw, "EPUB")
    encryption = package.xml("META-INF/encryption.xml")
    if encryption is not None and any(
        method.get("Algorithm") not in _FONT_OBFUSCATION
        for method in encryption.iter("{*}EncryptionMethod")
    ):
        raise UnreadableFile("epub-locked")
    container = package.xml("META-INF/container.xml")
    places = (
        [] if container is None else [e.get("full-path") for e in container.iter("{*}rootfile")]
    )
    book = package.xml(places[0]) if places and places[0] else None
    if book is None:
        raise package.damaged()
    flow = Flow()
    size = 0
    for name in _chapters(book, posixpath.dirname(places[0])):
        data = package.part(name)
        size += len(data)
        if size > _MOST_TEXT:
            raise UnreadableFile("epub-library")
        if data.strip():
            flow.part_of = partial(package.picture, posixpath.dirname(name))
            page = parse(decode(data).text, xhtml=True)
            etree.strip_elements(page, "nav", with_tail=False)
            flow.walk(page)
            flow.end_line()
    if not flow.text().replace(OBJECT, "").strip():
        raise UnreadableFile("epub-no-text")
    hints = Hints(
        title=next(iter(stated(book, "title")), ""),
        authors=tuple(_writers(book)),
        date=next(iter(stated(book, "date")), ""),
        origin="property",
    )
    return SourceText(
        flow.text(),
        "epub",
        marks=ordered(flow.marks),
        hints=hints,
        flags=flow.flags(),
        pictures=flow.pictures,
    )


_OTHERS = re.compile(r"(?!aut$)[a-z]{3}")
"""Relators of MARC for what another does than write: trl translates, edt edits."""


def _writers(book: etree._Element) -> Iterator[str]:
    """Yield the creators but those who are said to have done something else."""
    roles = {
        (meta.get("refines") or "").lstrip("#"): (meta.text or "").strip()
        for meta in book.iter("{*}meta")
        if meta.get("property") == "role"
    }
    named = [e for e in book.iter("{*}creator") if (e.text or "").strip()]
    for element in named:
        own = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "role"), "")
        role = own or roles.get(element.get("id") or "", "")
        if len(named) == 1 or not _OTHERS.fullmatch(role):
            yield element.text.strip()


def _chapters(book, folder: str) -> list[str]:
    """Return the names of the parts to be read, in order."""
    parts = {}
    for item in book.iter("{*}item"):
        if item.get("media-type") in ("application/xhtml+xml", "text/html"):
            address = unquote((item.get("href") or "").partition("#")[0])
            skip = re.search(r"\b(?:nav|cover)\b", item.get("properties") or "")
            parts[item.get("id")] = None if skip else posixpath.normpath(f"{folder}/{address}")
    contents = {
        posixpath.normpath(f"{folder}/{unquote(r.get('href') or '').partition('#')[0]}")
        for r in book.iter("{*}reference")
        if r.get("type") in ("toc", "cover")
    }
    # What is not in the line of reading, notes say, is reached from it: it comes behind.
    spine = sorted(book.iter("{*}itemref"), key=lambda r: r.get("linear") == "no")
    names = [parts.get(r.get("idref")) for r in spine]
    return [name.lstrip("/") for name in dict.fromkeys(names) if name and name not in contents]
