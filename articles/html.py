"""The small HTML subset an article's body is kept in, and what is read from it.

Headings 2 to 4, paragraphs, lists, quotes, emphasis, links, images and tables. Everything else is
taken out by nh3 whatever way the text arrives.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from .importing.draft import Block
from .importing.source import Mark

EDITOR_EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3, 4]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Image": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
"""What the editor in the admin offers: the subset below, in the words of django-prose-editor."""

_CLEANER = nh3.Cleaner(
    tags={
        *("h2", "h3", "h4", "p", "br", "ul", "ol", "li", "blockquote"),
        *("strong", "em", "a", "img"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    },
    attributes={
        "a": {"href", "title"},
        "img": {"src", "alt", "width", "height"},
        "ol": {"start"},
        "th": {"colspan", "rowspan"},
        "td": {"colspan", "rowspan"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow",
    clean_content_tags={"script", "style"},
)
_INLINE = {"strong", "em", "a", "img"}


def sanitise(markup: str) -> str:
    """Return `markup` with everything outside the subset taken out."""
    return _CLEANER.clean(markup)


def is_same(one: str, other: str) -> bool:
    """Tell whether two bodies say the same: browsers send other line ends, and the editor sets
    blocks without any between them."""
    return _bare(one) == _bare(other)


def _bare(markup: str) -> str:
    return _SPANS_OF_ONE.sub("", _BETWEEN_TAGS.sub("><", sanitise(markup).replace("\r\n", "\n")))


_BETWEEN_TAGS = re.compile(r">[ \t]*[\r\n]\s*<")
_SPANS_OF_ONE = re.compile(r' (?:colspan|rowspan)="1"')


def from_blocks(blocks: Iterable[Block]) -> str:
    """Return imported blocks as markup; `sanitise` still has the last word."""
    return "\n".join(_markup(block) for block in blocks)


def _markup(block: Block) -> str:
    inner = _inline(block.text, block.spans)
    if block.kind == "list":
        return _list(block.parts)
    if block.kind == "quote":
        return f"<blockquote>{from_blocks(block.parts)}</blockquote>"
    if block.kind == "table":
        rows = (f"<tr>{''.join(map(_markup, row.parts))}</tr>" for row in block.parts)
        return f"<table><tbody>{''.join(rows)}</tbody></table>"
    if block.kind in ("cell", "head"):
        tag = "th" if block.kind == "head" else "td"
        return f"<{tag}><p>{inner}</p></{tag}>"
    if block.level:
        return f"<h{block.level}>{inner}</h{block.level}>"
    return f"<p>{inner}</p>"


def _list(items: Iterable[Block]) -> str:
    """Return items with their depths as nested lists; a number that is no 1 starts a list."""
    out: list[str] = []
    open_tags: list[str] = []
    for item in items:
        while len(open_tags) > max(1, item.level):
            out.append(f"</li></{open_tags.pop()}>")
        if open_tags and len(open_tags) == item.level:
            out.append("</li>")
        while len(open_tags) < max(1, item.level):
            tag = "ol" if item.value else "ul"
            start = f' start="{int(item.value)}"' if item.value not in ("", "1") else ""
            # A depth left out is only indented: an item without text holds the deeper list.
            out.append(f"<{tag}{start}>" + ("<li>" if len(open_tags) + 1 < item.level else ""))
            open_tags.append(tag)
        out.append(f"<li><p>{_inline(item.text, item.spans)}</p>")
    out += [f"</li></{tag}>" for tag in reversed(open_tags)]
    return "".join(out)


_NESTING = ("link", "strong", "em")
"""Which marks stand outside of which where both begin at one place."""


def _inline(text: str, spans: Iterable[Mark]) -> str:
    """Return text with its links, emphasis and images as markup, properly nested."""
    events: dict[int, list[tuple[int, Mark | None]]] = {len(text): []}  # (rank, mark or its end)
    images: dict[int, list[Mark]] = {}
    for span in spans:
        if span.kind == "image":
            images.setdefault(span.start, []).append(span)
        elif span.kind in _NESTING:
            rank = _NESTING.index(span.kind)
            events.setdefault(span.start, []).append((rank, span))
            events.setdefault(span.end, []).append((rank, None))
    out: list[str] = []
    wanted: dict[int, Mark] = {}  # by rank
    standing: list[tuple[int, Mark]] = []
    position = 0
    for place in sorted({*events, *images}):
        out.append(_escaped(text[position:place]))
        position = place
        for rank, span in sorted(events.get(place, ()), key=lambda event: event[1] is not None):
            wanted.pop(rank, None)
            if span is not None:
                wanted[rank] = span
        target = sorted(wanted.items())
        same = 0
        while same < min(len(target), len(standing)) and target[same] == standing[same]:
            same += 1
        out += [f"</{_TAGS[_NESTING[rank]]}>" for rank, _ in reversed(standing[same:])]
        out += [_opening(span) for _, span in target[same:]]
        standing = target
        for image in images.get(place, ()):
            out.append(f'<img src="{escape(image.value)}" alt="{escape(image.alt)}">')
    return "".join(out)


_TAGS = {"link": "a", "strong": "strong", "em": "em"}


def _opening(span: Mark) -> str:
    return f'<a href="{escape(span.value)}">' if span.kind == "link" else f"<{span.kind}>"


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


class _Splitter(HTMLParser):
    """Cut markup into text and everything else, losing nothing."""

    def __init__(self, markup: str):
        super().__init__(convert_charrefs=False)
        self.parts: list[tuple[str, str]] = []  # (text | start | end | reference, as written)
        self.tags: list[str] = []
        self.feed(markup)
        self.close()

    def _add(self, kind: str, written: str, tag: str = "") -> None:
        self.parts.append((kind, written))
        self.tags.append(tag)

    def handle_starttag(self, tag, attrs):
        self._add("start", self.get_starttag_text(), tag)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        self._add("end", f"</{tag}>", tag)

    def handle_data(self, data):
        self._add("text", data)

    def handle_entityref(self, name):
        self._add("reference", f"&{name};")

    def handle_charref(self, name):
        self._add("reference", f"&#{name};")


def map_text(markup: str, change: Callable[[str], str]) -> str:
    """Return `markup` with `change` made to its text alone: no tag, attribute or address.

    Text is changed as a whole, so that words the markup cuts in two (工<em>会</em>) are seen
    whole; where that alters the length, piece by piece.
    """
    split = _Splitter(markup)
    pieces = [written for kind, written in split.parts if kind == "text"]
    joined = "".join(
        written if kind == "text" else "" if tag in _INLINE else "\n"
        for (kind, written), tag in zip(split.parts, split.tags, strict=True)
    )
    changed = change(joined)
    if len(changed) != len(joined):
        changed_pieces = iter([change(piece) for piece in pieces])
        return "".join(
            next(changed_pieces) if kind == "text" else written for kind, written in split.parts
        )
    out, position = [], 0
    for (kind, written), tag in zip(split.parts, split.tags, strict=True):
        if kind == "text":
            out.append(changed[position : position + len(written)])
            position += len(written)
        else:
            out.append(written)
            position += tag not in _INLINE
    return "".join(out)


def plain_text(markup: str) -> str:
    """Return the text of `markup`, a line for each block."""
    split = _Splitter(markup)
    lines = "".join(
        unescape(written)
        if kind in ("text", "reference")
        else ""
        if tag in _INLINE or (kind == "start" and tag != "br")
        else "\n"
        for (kind, written), tag in zip(split.parts, split.tags, strict=True)
    )
    return "\n".join(line.strip() for line in lines.split("\n") if line.strip())


_SIGNS = {"h2": "## ", "h3": "### ", "h4": "#### ", "li": "• ", "blockquote": "> "}


def signed_text(markup: str) -> str:
    """Return the text of `markup`, a line for each block, with signs for headings, lists and
    quotes: two of them that are compared tell a heading from a paragraph."""
    split = _Splitter(markup)
    signed, opened = [], False
    for (kind, written), tag in zip(split.parts, split.tags, strict=True):
        sign = _SIGNS.get(tag, "") if kind == "start" else ""
        # The paragraph inside an item or a quote is on the line of its sign.
        signed.append("" if opened and tag == "p" and kind == "start" else written + sign)
        opened = bool(sign) or (opened and kind == "text" and not written.strip())
    return plain_text("".join(signed))


@dataclass(frozen=True, slots=True)
class Outlined:
    """Markup whose headings carry anchors, and the list of these headings."""

    markup: str
    outline: list[dict]  # {"id": "s1", "level": 2, "title": "…"}


def with_outline(markup: str) -> Outlined:
    """Give each heading an anchor, the same in both scripts: a link survives a switch."""
    split = _Splitter(markup)
    out, outline = [], []
    title: list[str] | None = None
    for (kind, written), tag in zip(split.parts, split.tags, strict=True):
        if tag in ("h2", "h3", "h4"):
            if kind == "start":
                title = []
                anchor = f"s{len(outline) + 1}"
                out.append(f'<{tag} id="{anchor}">')
                continue
            if title is not None:
                text = unescape("".join(title)).strip()
                outline.append({"id": f"s{len(outline) + 1}", "level": int(tag[1]), "title": text})
                title = None
        elif title is not None and kind in ("text", "reference"):
            title.append(written)
        out.append(written)
    return Outlined("".join(out), outline)
