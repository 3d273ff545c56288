"""Web pages: the essay out of the navigation, share bars, comments and neighbours round it."""

import re
from collections.abc import Iterator

from lxml import etree

from ..fields.labels import split_keywords
from ..source import Hints, SourceText, UnreadableFile
from .encoding import decode
from .markup import Flow, ordered, parse

_NOISE_TAGS = ("nav", "aside", "footer")
_NOISE = re.compile(
    r"share|social|comment|pinglun|sidebar|bread|crumb|daohang|copyright|recommend|tuijian"
    r"|xiangguan|related|qrcode|pagination|prevnext|disclaimer|footer|navbar",
    re.IGNORECASE,
)
"""Names of classes and ids that sites give what stands round an essay."""

_PERHAPS_NOISE = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|foot|aside|side|right|ad|ads|advert|banner|login|search|hot|rank"
    r"|toolbar|pager|pages|reply|weizhi|position)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
"""Names that some site gives its whole page."""

_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SENTENCE = re.compile(r"[，。；！？,;!?]")
_LEAST_PROSE = 10
"""Characters of a piece of text that counts as prose; menus are shorter and have no marks."""

_CONTAINER_NAMES = "html body article center div form main section table tbody td tr"
_CONTAINERS = frozenset(_CONTAINER_NAMES.split())
_HOLDS_ALL, _HOLDS_MOST, _HOLDS_MUCH = 0.85, 0.75, 0.4
"""Shares of the page's prose: an element with the first has the essay in it; one with the second
is no noise, whatever it is called, nor one with the third that may be. Under a short essay
comments can hold more than half."""

_MOST_LINKED = 0.6
"""Share of link text above which a block at the rim of the essay is a list of other pages."""

_LABELS = r"(?:来源|來源|稿源|作者|撰文|发布时间|發布時間|发布日期|發布日期|时间|時間|日期)\s*[:：]"
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_LABELLED = re.compile(
    rf"{_LABELS}[\s|｜]*(?:{_DATE.pattern}|[^|｜:：]{{1,40}}?(?=\s*(?:[|｜]|$|\d{{4}}|\s\S{{2,4}}[:：])))"
)
"""A label and its value, in the pieces of text between heading and essay, joined by |."""

_META = {
    "title": ("articletitle", "og:title", "dc.title", "twitter:title"),
    "author": ("author", "article:author", "dc.creator"),
    "date": ("pubdate", "publishdate", "article:published_time", "dc.date", "date"),
    "source": ("contentsource", "source"),
    "keywords": ("keywords",),
}
"""Names of <meta> by what they state, the surest first; government sites use the first ones."""


def read_page(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a web page: its main text with its own heading and byline.

    What is left out is left out whole, by where it stands and what it is called, never by its
    words: repairs drop site lines within the text, on record.
    """
    source = decode(raw, encoding)
    root = parse(source.text)
    if re.match(r"\s*(?:MIME-Version|From):", source.text[:200]):
        raise UnreadableFile(
            "The file is a web archive (.mht). Save the page as “HTML only” and import that."
        )
    meta = _meta(root)
    flow = Flow(meta.get("base", ""))
    body = root.find(".//body")
    body = root if body is None else body
    prose = _prune(body)
    main = _main(body, prose)
    for block in _rims(main, prose):
        _drop(block)
    title = _title_element(root, main, meta)
    if title is not None:
        with flow.marked("heading", 1):
            flow.write(_words(title))
        flow.end_line()
        for line in _byline(body, title, main):
            flow.write(line)
            flow.end_line()
    flow.walk(main)
    hints = Hints(
        title=meta.get("title", ""),
        authors=(meta["author"],) if meta.get("author") else (),
        date=meta.get("date", ""),
        keywords=tuple(split_keywords(meta.get("keywords", ""))),
        source_name=meta.get("source", ""),
        source_url=meta.get("url", ""),
        origin="title-tag",
    )
    return SourceText(
        flow.text(), source.encoding, source.certain, ordered(flow.marks), hints, flow.flags()
    )


def _words(element: etree._Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _meta(root: etree._Element) -> dict[str, str]:
    """Return what the head states: title, author, date, keywords, source, the page's address."""
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        stated.setdefault(name, (meta.get("content") or "").strip()[:500])
    found = {
        field: next(filter(None, (stated.get(name) for name in names)), "")
        for field, names in _META.items()
    }
    title = root.find(".//title")
    if not found["title"] and title is not None:
        # 標題_欄目_網站: the essay's own comes first
        found["title"] = re.split(r"\s*[_|｜]\s*|\s+[-–—]+\s+|--+", _words(title))[0]
    links = {link.get("rel"): link.get("href") or "" for link in root.iter("link")}
    address = links.get("canonical") or stated.get("og:url", "")
    found["url"] = address if re.match(r"https?://\S+$", address) else ""
    base = root.find(".//base")
    found["base"] = (base.get("href") if base is not None else "") or found["url"]
    return {name: value for name, value in found.items() if value}


def _prose(body: etree._Element) -> dict[etree._Element, int]:
    """Return how many characters of prose outside links each element holds."""
    counts: dict[etree._Element, int] = {}
    linked = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag == "a":
            linked += 1 if event == "start" else -1
        if event == "start":
            counts[element] = counts.get(element, 0)
            if element.tag not in ("script", "style", "noscript", "template"):
                counts[element] += 0 if linked else _weight(element.text)
        else:
            parent = element.getparent()
            if element is not body and parent is not None:
                counts[parent] += counts[element] + (0 if linked else _weight(element.tail))
    return counts


def _weight(text: str | None) -> int:
    text = (text or "").strip()
    return len(text) if len(text) >= _LEAST_PROSE and _SENTENCE.search(text) else 0


def _prune(body: etree._Element) -> dict[etree._Element, int]:
    """Take out of the page what its own names say is not the essay; return the prose that is left.

    An element with much of the page's prose stays: some site calls its whole page `right`.
    """
    prose = _prose(body)
    for element in list(body.iter(etree.Element)):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        share = prose[element] / (prose[body] or 1)
        if ((element.tag in _NOISE_TAGS or _NOISE.search(names)) and share < _HOLDS_MOST) or (
            (
                _PERHAPS_NOISE.search(names)
                or element.get("hidden") is not None
                or _HIDDEN.search(element.get("style") or "")
            )
            and share < _HOLDS_MUCH
        ):
            _drop(element)
    return _prose(body)


def _drop(element: etree._Element) -> None:
    """Remove an element, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = f"{parent.text or ''} {element.tail}"
        else:
            before.tail = f"{before.tail or ''} {element.tail}"
    element.tail = None
    parent.remove(element)


def _main(body: etree._Element, prose: dict[etree._Element, int]) -> etree._Element:
    """Return the smallest element that holds nearly all prose of the page."""
    main = body
    while True:
        inner = max(main, key=lambda child: prose.get(child, 0), default=None)
        if inner is None or inner.tag not in _CONTAINERS:
            return main
        if not prose[inner] or prose[inner] < _HOLDS_ALL * prose[main]:
            return main
        main = inner


def _rims(main: etree._Element, prose: dict[etree._Element, int]) -> list[etree._Element]:
    """Return the blocks before the first and behind the last prose that only link elsewhere."""
    children = list(main)
    full = [number for number, child in enumerate(children) if prose.get(child)]
    if not full:
        return []
    outside = children[: full[0]] + children[full[-1] + 1 :]
    return [child for child in outside if _mostly_links(child)]


def _mostly_links(element: etree._Element) -> bool:
    linked = sum(len(_words(link)) for link in element.iter("a"))
    return linked > 0 and linked >= _MOST_LINKED * len(_words(element))


def _title_element(
    root: etree._Element, main: etree._Element, meta: dict[str, str]
) -> etree._Element | None:
    """Return the heading of the essay where it stands above the main text, outside of it."""
    if main.find(".//h1") is not None:
        return None
    headings = [h1 for h1 in root.iter("h1") if _words(h1)]
    if len(headings) == 1:
        return headings[0]
    inside = set(main.iter())
    for element in root.iter("h1", "h2", "h3", "b", "strong", "div", "td", "p", "span"):
        if element is main:
            return None
        if element not in inside and meta.get("title") and _words(element) == meta["title"]:
            return element
    return None


def _byline(body: etree._Element, title: etree._Element, main: etree._Element) -> Iterator[str]:
    """Yield, a line each, the labels and dates between the heading and the main text."""
    texts: list[str] = []
    below = False
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start" and element is main:
            break
        if below and isinstance(element.tag, str) and element.tag not in ("script", "style"):
            texts.append((element.text if event == "start" else element.tail) or "")
        below = below or (event == "end" and element is title)
    line = "|".join(filter(None, (" ".join(text.split()) for text in texts)))[:400]
    rest = line
    for match in _LABELLED.finditer(line):
        yield re.sub(r"[|｜]", "", match[0])
        rest = rest.replace(match[0], " ")
    yield from (match[0] for match in list(_DATE.finditer(rest))[:1])
