"""Web pages: the essay out of the navigation, share bars, comments and neighbours round it."""

import re
from collections.abc import Iterable

from lxml import etree

from ..edits import Edit
from ..fields.labels import split_keywords
from ..refusals import UnreadableFile
from ..source import Hints, SourceText
from .encoding import decode
from .maintext import find
from .markup import Flow, ordered
from .pagehead import head_of, lines_behind, title_of, words
from .parsing import parse
from .sites import described, known_page, without_site
from .weighing import Found

_META = {
    "title": ("articletitle", "og:title", "dc.title", "twitter:title"),
    "author": ("author", "article:author", "dc.creator"),
    "date": ("pubdate", "publishdate", "article:published_time", "dc.date", "date"),
    "source": ("contentsource", "source"),
    "site": ("og:site_name", "sitename"),
    "keywords": ("keywords",),
}
"""Names of <meta> by what they state, the surest first; government sites use the first ones."""

_TAG = re.compile(r"<[A-Za-z!/?]|&#?\w{2,8};")
"""What a file without any is: plain text that was named so."""

_XHTML = re.compile(r"\ufeff?\s*<\?xml\b")

_ONE_EDIT = re.compile(r"[。！？!?；]|\.\s")


def read_page(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a web page: all its text, and edits that leave of it the essay with its own head.

    What is left out is left out by where it stands, what it is called and whether it is links,
    never by its words: repairs drop site lines within the text.
    """
    source = decode(raw, encoding)
    if not _TAG.search(source.text):
        return source
    root = parse(source.text, xhtml=bool(_XHTML.match(source.text[:2000])))
    if re.match(r"\s*(?:MIME-Version|From):", source.text[:200]):
        raise UnreadableFile("web-archive")
    body = root.find(".//body")
    body = root if body is None else body
    stated = described(root) | _stated(root) | known_page(root, source.text)
    found = find(body)
    title = title_of(body, found, stated)
    if title is not None:
        found.outside -= {title, *title.iterancestors()}
    flow = Flow(stated.get("base", ""))
    flow.outside = found.outside
    kept = {found.main, *head_of(body, found, title), *lines_behind(body, found)}
    _write(flow, body, found, kept, title)
    text = flow.text()
    hints = Hints(
        title=stated.get("title", ""),
        authors=(stated["author"],) if stated.get("author") else (),
        date=stated.get("date", ""),
        keywords=tuple(split_keywords(stated.get("keywords", ""))),
        source_name=stated.get("source", ""),
        source_url=stated.get("url", ""),
        origin="title-tag",
    )
    return SourceText(
        text,
        source.encoding,
        source.certain,
        ordered(flow.marks),
        hints,
        flow.flags(),
        tuple(_edits(text, flow)),
        flow.pictures,
    )


def _stated(root: etree._Element) -> dict[str, str]:
    """Return what the head states: title, author, date, keywords, source, the page's address."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        metas.setdefault(name, (meta.get("content") or "").strip()[:500])
    found = {
        what: next(filter(None, (metas.get(name) for name in names)), "")
        for what, names in _META.items()
    }
    title = root.find(".//title")
    found["page"] = words(title) if title is not None else ""
    found["title"] = without_site(found["title"] or found["page"], found["site"])
    links = {link.get("rel"): link.get("href") or "" for link in root.iter("link")}
    address = links.get("canonical") or metas.get("og:url", "")
    found["url"] = address if re.match(r"https?://\S+$", address) else ""
    base = root.find(".//base")
    found["base"] = (base.get("href") if base is not None else "") or found["url"]
    return {name: value for name, value in found.items() if value}


def _write(
    flow: Flow,
    body: etree._Element,
    found: Found,
    kept: set[etree._Element],
    title: etree._Element | None,
) -> None:
    """Write the page in its order: what is kept with its marks, the rest for the record."""
    holding = {above for element in kept for above in element.iterancestors()}
    if title is not None:
        flow.heads.add(title)

    def write(element: etree._Element) -> None:
        if element in kept:
            flow.walk(element)
            flow.end_line()
        elif element not in holding:
            if found.weights[element].prose:
                flow.leave_out(element)
            elif found.weights[element].text:
                flow.leave_out_words(element)
        else:
            flow.leave_out_text(element.text)
            for child in element:
                if isinstance(child.tag, str):
                    write(child)
                flow.leave_out_text(child.tail)

    write(body)


def _edits(text: str, flow: Flow) -> Iterable[Edit]:
    """Return what takes out of the text what is not the essay's, and what is struck out.

    Menus in a row are one edit, prose has one of its own.
    """
    joined: list[tuple[int, int]] = []
    for start, end in flow.left_out:
        end = min(end, len(text))
        if start >= end:
            continue
        prose = _ONE_EDIT.search(text, start, end)
        beside = joined and joined[-1][1] == start
        if beside and not prose and not _ONE_EDIT.search(text, *joined[-1]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    edits = [Edit("boilerplate", start, end, text[start:end], "") for start, end in joined]
    done = 0
    for edit in sorted([*edits, *flow.edits()], key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= done:
            done = edit.end
            yield edit
