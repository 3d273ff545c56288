"""EPUB 3.3, after the W3C's recommendation; there is no permissively licensed library for it."""

import uuid
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.builder import ElementMaker

from .book import Block, Book, Chapter, Run, grid, line, paragraphs
from .packing import packed

_XHTML = "http://www.w3.org/1999/xhtml"
_OPS = "http://www.idpf.org/2007/ops"
_OPF = "http://www.idpf.org/2007/opf"
_DC = "http://purl.org/dc/elements/1.1/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPE = f"{{{_OPS}}}type"

_H = ElementMaker(namespace=_XHTML, nsmap={None: _XHTML, "epub": _OPS})
_P = ElementMaker(namespace=_OPF, nsmap={None: _OPF, "dc": _DC})

_PNG = b"\x89PNG"

_CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>\
</rootfiles></container>
"""

_STYLE = """\
body { line-height: 1.8; margin: 0 5%; }
h1, h2, h3, h4 { line-height: 1.4; text-align: start; break-after: avoid; }
p { margin: 0 0 0.6em; }
section > p { text-indent: 2em; }
section > p.fact, section > p.source { text-indent: 0; font-size: 0.9em; }
.summary { margin: 1em 0; padding-inline-start: 1em; border-inline-start: 0.2em solid #a33; }
blockquote { margin: 1em 2em; }
table { border-collapse: collapse; margin: 1em 0; }
td, th { border: 1px solid #888; padding: 0.2em 0.5em; vertical-align: top; }
img { max-width: 100%; height: auto; }
figure { margin: 1em 0; text-align: center; break-inside: avoid; }
figcaption { font-size: 0.9em; line-height: 1.5; }
.source { margin-top: 2em; border-top: 1px solid #888; overflow-wrap: anywhere; }
"""


def as_epub(book: Book) -> bytes:
    """Return a book as EPUB."""
    return packed(_documents(book), stored=["mimetype"])


def _documents(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield what an archive has in it, each made when the one before is packed: a chapter's tree
    takes ten times its text."""
    names = ["title.xhtml"] if book.has_title_page else []
    names += [_name(n) for n in range(1, len(book.chapters) + 1)]
    yield "mimetype", b"application/epub+zip"
    yield "META-INF/container.xml", _CONTAINER
    yield "EPUB/package.opf", _package(book, names)
    yield "EPUB/nav.xhtml", _serialised(_navigation(book), with_type=True)
    yield "EPUB/style.css", _STYLE.encode()
    if book.has_title_page:
        yield "EPUB/title.xhtml", _serialised(_title_page(book), with_type=True)
    for n, chapter in enumerate(book.chapters, 1):
        yield f"EPUB/{_name(n)}", _serialised(_page(book, chapter), with_type=True)
    for address, name in _picture_names(book).items():
        yield f"EPUB/{name}", book.pictures[address]


def _picture_names(book: Book) -> dict[str, str]:
    """Return the names of a book's pictures by their addresses."""
    return {
        address: f"picture-{number}.{'png' if data.startswith(_PNG) else 'jpg'}"
        for number, (address, data) in enumerate(book.pictures.items(), 1)
    }


def _name(number: int) -> str:
    return f"chapter-{number}.xhtml"


def _serialised(root: etree._Element, *, with_type: bool = False) -> bytes:
    doctype = "<!DOCTYPE html>" if with_type else None
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=doctype)


def _package(book: Book, pages: list[str]) -> bytes:
    dc = ElementMaker(namespace=_DC, nsmap={"dc": _DC})
    modified = book.modified.strftime("%Y-%m-%dT%H:%M:%SZ")

    def meta(name: str, text: str) -> etree._Element:
        return _P.meta(text, property=name)

    metadata = _P.metadata(
        dc.identifier(f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, book.address)}", id="id"),
        dc.title(line(book.title)),
        dc.language(book.language),
        *(dc.creator(line(name)) for name in book.authors),
        dc.publisher(line(book.publisher)),
        dc.source(book.address),
        *(dc.subject(line(tag)) for tag in book.tags),
        meta("dcterms:modified", modified),
        meta("schema:accessMode", "textual"),
        *([meta("schema:accessMode", "visual")] if book.pictures else []),
        meta("schema:accessModeSufficient", "textual"),
        meta("schema:accessibilityFeature", "structuralNavigation"),
        meta("schema:accessibilityFeature", "tableOfContents"),
        meta("schema:accessibilityHazard", "none"),
    )
    described = book.introduction[0].text if book.introduction else book.chapters[0].summary
    if line(described):
        metadata.insert(3, dc.description(line(described)))
    if not book.has_title_page and book.chapters[0].date:
        metadata.insert(3, dc.date(book.chapters[0].date))
    kinds = {"media-type": "application/xhtml+xml"}
    manifest = _P.manifest(
        _P.item(id="nav", href="nav.xhtml", properties="nav", **kinds),
        _P.item(id="style", href="style.css", **{"media-type": "text/css"}),
        *(_P.item(id=f"page-{n}", href=name, **kinds) for n, name in enumerate(pages)),
    )
    for name in _picture_names(book).values():
        kind = "image/png" if name.endswith("png") else "image/jpeg"
        manifest.append(_P.item(id=name, href=name, **{"media-type": kind}))
    spine = _P.spine(*(_P.itemref(idref=f"page-{n}") for n in range(len(pages))))
    if len(pages) > 1:
        spine.insert(1, _P.itemref(idref="nav"))
    package = _P.package(metadata, manifest, spine, version="3.0")
    package.set("unique-identifier", "id")
    package.set(_XML_LANG, book.language)
    return _serialised(package)


def _document(book: Book, title: str, *content: etree._Element) -> etree._Element:
    style = _H.link(rel="stylesheet", type="text/css", href="style.css")
    root = _H.html(_H.head(_H.title(line(title)), style), _H.body(*content), lang=book.language)
    root.set(_XML_LANG, book.language)
    return root


def _navigation(book: Book) -> etree._Element:
    contents = _H.ol()
    if book.has_title_page:
        contents.append(_H.li(_H.a(line(book.title), href="title.xhtml")))
    for number, chapter in enumerate(book.chapters, 1):
        entry = _H.li(_H.a(line(chapter.title), href=_name(number)))
        levels = [(1, entry)]  # each with the entry that holds what is deeper
        for heading in chapter.headings:
            while levels[-1][0] >= heading.level:
                levels.pop()
            holder = levels[-1][1]
            if len(holder) == 1:
                holder.append(_H.ol())
            address = f"{_name(number)}#{heading.anchor}"
            inner = _H.li(_H.a(line(heading.text) or "…", href=address))
            holder[-1].append(inner)
            levels.append((heading.level, inner))
        contents.append(entry)
    nav = _H.nav(_H.h1(line(book.words.contents)), contents, {_TYPE: "toc"}, id="toc")
    return _document(book, book.words.contents, nav)


def _title_page(book: Book) -> etree._Element:
    section = _H.section(
        _H.h1(line(book.title)),
        *([_fact(book.words.by, "、".join(book.authors))] if book.authors else []),
        *_elements(book.introduction, book),
        _source(book, book.address),
        {_TYPE: "titlepage"},
    )
    return _document(book, book.title, section)


def _page(book: Book, chapter: Chapter) -> etree._Element:
    section = _H.section(_H.h1(line(chapter.title)), {_TYPE: "chapter"})
    for name, value in chapter.facts:
        section.append(_fact(getattr(book.words, name), value))
    if chapter.summary:
        summary = (_H.p(part) for part in paragraphs(chapter.summary))
        section.append(_H.div(*summary, {"class": "summary"}))
    section.extend(_elements(chapter.blocks, book))
    section.append(_source(book, chapter.address))
    return _document(book, chapter.title, section)


def _fact(label: str, value: str) -> etree._Element:
    return _H.p(f"{line(label)}{line(value)}", {"class": "fact"})


def _source(book: Book, address: str) -> etree._Element:
    return _H.p(line(book.words.taken_from), _H.a(address, href=address), {"class": "source"})


def _elements(blocks: Iterable[Block], book: Book) -> list[etree._Element]:
    return [_element(block, book) for block in blocks]


def _element(block: Block, book: Book) -> etree._Element:
    if block.kind == "heading":
        made = _H(f"h{block.level}", *_inline(block.runs, book))
        if block.anchor:
            made.set("id", block.anchor)
        return made
    if block.kind == "paragraph":
        return _H.p(*_inline(block.runs, book))
    if block.kind == "caption":
        return _H.figcaption(*_inline(block.runs, book))
    if block.kind == "table":
        return _table(block, book)
    tags = {"bullets": "ul", "numbers": "ol", "item": "li", "quote": "blockquote"}
    tags["figure"] = "figure"
    made = _H(tags[block.kind], *_elements(block.parts, book))
    if block.kind == "numbers" and block.start != 1:
        made.set("start", str(block.start))
    return made


def _table(table: Block, book: Book) -> etree._Element:
    body = _H.tbody()
    places = grid(table)
    for index, row in enumerate(places):
        made = _H.tr()
        for column, (cell, begins) in enumerate(row):
            if cell is None:
                made.append(_H.td())
            elif begins:
                here = _H("th" if cell.is_head else "td", *_elements(cell.parts, book))
                # As far as no other cell stands in its way.
                wide, high = column, index
                while wide < len(row) and row[wide][0] is cell:
                    wide += 1
                while high < len(places) and places[high][column][0] is cell:
                    high += 1
                if wide - column > 1:
                    here.set("colspan", str(wide - column))
                if high - index > 1:
                    here.set("rowspan", str(high - index))
                made.append(here)
        body.append(made)
    return _H.table(body)


def _inline(runs: Iterable[Run], book: Book) -> list[etree._Element | str]:
    out: list[etree._Element | str] = []
    for run in runs:
        pieces: list[etree._Element | str] = []
        if run.picture in book.pictures:
            pieces.append(_H.img(src=_picture_names(book)[run.picture], alt=line(run.text)))
        elif run.picture:
            text = f"[{line(book.words.picture)}{run.text}]"
            pieces.append(text if run.link else _H.a(text, href=run.picture))
        else:
            for number, part in enumerate(run.text.split("\n")):
                pieces += [_H.br(), part] if number else [part]
        for tag in [name for name in ("em", "strong") if getattr(run, name)]:
            pieces = [_H(tag, *pieces)]
        if run.link:
            pieces = [_H.a(*pieces, href=run.link)]
        out += pieces
    return out
