"""What all formats are written from: a book, its chapters, and their text as strict blocks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

_NOT_IN_XML = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)
_DEEPEST = 12
"""Lists and quotes inside each other; what lies deeper is written at this depth."""

_WIDEST = 63
"""Columns of a table, which is what Word takes; more are left to stand as paragraphs."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a book says in its own voice, in its script."""

    by: str
    date: str
    uploaded: str
    source: str
    tags: str
    taken_from: str
    contents: str
    picture: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text set alike; a line break is a newline, a picture has its address."""

    text: str
    strong: bool = False
    em: bool = False
    link: str = ""
    picture: str = ""


@dataclass(slots=True)
class Block:
    """A heading, paragraph, list (`bullets`, `numbers`), item, quote, table, row or cell, or a
    figure: a picture and its caption.

    Headings, paragraphs and captions have runs, all others have parts; none of a cell's is a
    table.
    """

    kind: str
    runs: list[Run] = field(default_factory=list)
    parts: list["Block"] = field(default_factory=list)
    level: int = 0
    anchor: str = ""
    start: int = 1
    is_head: bool = False
    columns: int = 1
    rows: int = 1

    @property
    def text(self) -> str:
        """Return its text, a line for each paragraph."""
        own = "".join(run.text for run in self.runs)
        return "\n".join(filter(None, [own, *(part.text for part in self.parts)]))


@dataclass(frozen=True, slots=True)
class Chapter:
    """One article. `date` is exact as far as it is known (2011-03), `shown_date` what is read;
    `uploaded` is read in their place where only the day is known that a site put the text up."""

    title: str
    address: str
    blocks: list[Block]
    authors: tuple[str, ...] = ()
    date: str = ""
    shown_date: str = ""
    uploaded: str = ""
    source_name: str = ""
    source_url: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what stands below the title: a key of `Words`, and what it says."""
        facts = (
            ("by", "、".join(self.authors)),
            ("date", self.shown_date),
            ("uploaded", self.uploaded),
            ("source", self.source_name),
            ("tags", "、".join(self.tags)),
        )
        return tuple(fact for fact in facts if fact[1])

    @property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.kind == "heading"]


@dataclass(frozen=True, slots=True)
class Book:
    """What is taken away: one chapter for an article, several for a collection.

    `language` is zh-Hans or zh-Hant; a book of several chapters has a title page with its
    introduction and contents.
    """

    title: str
    language: str
    address: str
    modified: datetime
    publisher: str
    words: Words
    chapters: list[Chapter]
    introduction: list[Block] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    """JPEG or PNG of those that are to be had, by the address a run has; others are links."""

    @property
    def authors(self) -> tuple[str, ...]:
        """Return everyone who signs a chapter, once."""
        return tuple(dict.fromkeys(name for chapter in self.chapters for name in chapter.authors))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag for chapter in self.chapters for tag in chapter.tags))

    @property
    def has_title_page(self) -> bool:
        return len(self.chapters) != 1 or bool(self.introduction)


def clean(text: str) -> str:
    """Return text without what no XML document may hold."""
    return _NOT_IN_XML.sub("", text)


def line(text: str) -> str:
    """Return text as one clean line."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> list[str]:
    """Return the lines of a plain text, without empty ones."""
    return [part.strip() for part in clean(text).splitlines() if part.strip()]


def blocks_of(markup: str, address: str) -> list[Block]:
    """Return sanitised markup as blocks. Links lead where they do at the address of its page.

    The subset of HTML says which elements stand in a text, not how they nest; here lists have
    items, tables have rows, and text stands in paragraphs.
    """
    return _Reader(markup, address).blocks


def grid(table: Block) -> list[list[tuple[Block | None, bool]]]:
    """Return a table's rows with as many places each: the cell that covers it, and whether it
    begins there."""
    rows: list[dict[int, tuple[Block, bool]]] = [{} for _ in table.parts]
    for index, row in enumerate(table.parts):
        column = 0
        for cell in row.parts:
            while column in rows[index]:
                column += 1
            for down in range(index, min(index + cell.rows, len(rows))):
                for right in range(column, column + cell.columns):
                    rows[down].setdefault(right, (cell, (down, right) == (index, column)))
            column += cell.columns
    width = max((max(row, default=-1) + 1 for row in rows), default=0)
    return [[row.get(column, (None, True)) for column in range(width)] for row in rows]


_CONTAINERS = {
    **{"ul": "bullets", "ol": "numbers", "li": "item", "blockquote": "quote"},
    **{"table": "table", "tr": "row", "td": "cell", "th": "cell"},
    "figure": "figure",
}
_LISTS = ("bullets", "numbers")


class _Reader(HTMLParser):
    """Read markup into blocks; what is open stands on a stack, so that no nesting is too deep."""

    def __init__(self, markup: str, address: str):
        super().__init__(convert_charrefs=True)
        self.address = address
        self.blocks: list[Block] = []
        self._root = Block("root", parts=self.blocks)
        self._open: list[tuple[str, Block | None]] = [("", self._root)]
        self._held = [self._root]  # the blocks among what is open
        self._runs: list[Run] = []
        self._as = Block("paragraph")
        self._strong = self._em = 0
        self._links: list[str] = []
        self.feed(markup)
        self.close()
        self._flush()
        while len(self._open) > 1:
            self._pop()
        self._check_links()

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag in ("strong", "em"):
            setattr(self, f"_{tag}", getattr(self, f"_{tag}") + 1)
        elif tag == "a":
            self._links.append(_target(given.get("href", ""), self.address))
        elif tag == "br":
            self._runs.append(self._run("\n"))
        elif tag == "img":
            if source := _target(given.get("src", ""), self.address):
                self._runs.append(self._run(line(given.get("alt", "")), picture=source))
        elif tag in ("p", "figcaption", "h2", "h3", "h4"):
            self._flush()
            if tag == "figcaption":
                self._as = Block("caption")
            elif tag != "p":
                anchor = given.get("id", "")
                self._as = Block("heading", level=int(tag[1]), anchor=anchor)
        elif tag in _CONTAINERS:
            self._flush()
            self._push(tag, given)

    def handle_endtag(self, tag):
        if tag in ("strong", "em"):
            setattr(self, f"_{tag}", max(0, getattr(self, f"_{tag}") - 1))
        elif tag == "a":
            del self._links[-1:]
        elif tag in ("p", "figcaption", "h2", "h3", "h4"):
            self._flush()
        elif tag in _CONTAINERS and any(tag == name for name, _ in self._open):
            self._flush()
            while self._pop() != tag:
                pass

    def handle_data(self, data):
        text = re.sub("[ \t\n\r\f]+", " ", clean(data))
        if text:
            self._runs.append(self._run(text))

    def _run(self, text: str, picture: str = "") -> Run:
        link = self._links[-1] if self._links else ""
        return Run(text, self._strong > 0, self._em > 0, link, picture)

    def _push(self, tag: str, given: dict[str, str]) -> None:
        kind, holder = _CONTAINERS[tag], self._held[-1]
        fits = {
            "item": holder.kind in _LISTS,
            "row": holder.kind == "table",
            "cell": holder.kind == "row",
            "table": all(block.kind != "table" for block in self._held),
        }.get(kind, True)
        if kind not in ("item", "row", "cell") and len(self._held) > 2 * _DEEPEST:
            fits = False
        block = None
        if fits:
            block = Block(kind, is_head=tag == "th", start=_number(given.get("start"), 1, 0, 10**8))
            block.columns = _number(given.get("colspan"), 1, 1, _WIDEST)
            block.rows = _number(given.get("rowspan"), 1, 1, 1000)
            self._held.append(block)
        self._open.append((tag, block))

    def _pop(self) -> str:
        tag, block = self._open.pop()
        if block is not None:
            self._held.pop()
            if block.kind == "table":
                self._place_table(block)
            elif block.parts or block.kind in ("item", "cell"):
                self._place(block)
        return tag

    def _place_table(self, table: Block) -> None:
        table.parts = [row for row in table.parts if row.parts]
        width = len((grid(table) or [[]])[0])
        if width <= _WIDEST and table.parts:
            self._place(table)
        else:
            for row in table.parts:
                for cell in row.parts:
                    for part in cell.parts:
                        self._place(part)

    def _place(self, block: Block) -> None:
        """Put a finished block where it belongs; what stands loose in a list is an item."""
        holder = self._held[-1]
        if holder.kind in _LISTS and block.kind != "item":
            block = Block("item", parts=[block])
        elif holder.kind in ("table", "row") and block.kind not in ("row", "cell"):
            inner = Block("cell", parts=[block])
            block = Block("row", parts=[inner]) if holder.kind == "table" else inner
        holder.parts.append(block)

    def _flush(self) -> None:
        """End the paragraph or heading being read; an empty one is none."""
        block, self._as = self._as, Block("paragraph")
        block.runs, self._runs = _trimmed(self._runs), []
        if block.runs:
            self._place(block)

    def _check_links(self) -> None:
        """Leave only links to places of this text that exist."""
        known = {f"#{block.anchor}" for block in self.blocks if block.anchor}
        waiting = list(self.blocks)
        while waiting:
            block = waiting.pop()
            waiting += block.parts
            block.runs = [
                Run(run.text, run.strong, run.em, "", run.picture)
                if run.link.startswith("#") and run.link not in known
                else run
                for run in block.runs
            ]


def _trimmed(runs: Iterable[Run]) -> list[Run]:
    """Return runs without the space around lines, joined where they are set alike."""
    out: list[Run] = []
    for run in runs:
        text = run.text
        if not run.picture and text != "\n":
            if not out or out[-1].text.endswith((" ", "\n")):
                text = text.lstrip(" \u3000" if not out else " ")
            if not text:
                continue
        elif text == "\n" and out and not out[-1].picture:
            out[-1] = _with_text(out[-1], out[-1].text.rstrip(" "))
        last = out[-1] if out else None
        if last and not last.picture and not run.picture and _with_text(run, last.text) == last:
            out[-1] = _with_text(last, last.text + text)
        else:
            out.append(_with_text(run, text))
        if not out[-1].text and not out[-1].picture:
            out.pop()
    while out and not out[0].picture and not out[0].text.strip():
        del out[0]
    while out and not out[-1].picture:
        out[-1] = _with_text(out[-1], out[-1].text.rstrip())
        if out[-1].text:
            break
        out.pop()
    return out


def _with_text(run: Run, text: str) -> Run:
    return Run(text, run.strong, run.em, run.link, run.picture)


def _number(value: str | None, otherwise: int, least: int, most: int) -> int:
    if value is None or not re.fullmatch("[0-9]{1,9}", value.strip()):
        return otherwise
    return min(max(int(value), least), most)


def _target(address: str, page: str) -> str:
    """Return where a link on a page leads, as a proper address; nothing where it is none."""
    address = "".join(clean(address).split())
    if not address:
        return ""
    if re.fullmatch("#[-\\w]+", address):
        return address
    try:
        parts = urlsplit(urljoin(page, address))
        host, _ = parts.hostname, parts.port
        if parts.scheme in ("http", "https") and host:
            host = host if ":" not in host else f"[{host}]"
            host = host.encode("idna").decode() if not host.isascii() else host
        elif parts.scheme != "mailto" or not parts.path:
            return ""
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        query = f"?{quote(parts.query, safe='=&%+')}" if parts.query else ""
        return f"mailto:{quote(parts.path, safe='@+.%,')}{query}"
    if not re.fullmatch(r"\[[0-9a-f:.]+\]|[a-z0-9_]([-a-z0-9._]*[a-z0-9_])?\.?", host):
        return ""
    port = f":{parts.port}" if parts.port else ""
    path = quote(re.sub("%(?![0-9a-fA-F]{2})", "%25", parts.path), safe="/%:@!$&'()*+,;=~-._")
    query = quote(re.sub("%(?![0-9a-fA-F]{2})", "%25", parts.query), safe="/%:@!$&'()*+,;=~-._?")
    rest = quote(re.sub("%(?![0-9a-fA-F]{2})", "%25", parts.fragment), safe="/%:@!$&'()*+,;=~-._?")
    return (
        f"{parts.scheme}://{host}{port}{path}"
        f"{f'?{query}' if query else ''}{f'#{rest}' if rest else ''}"
    )
