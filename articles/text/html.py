"""The small HTML subset an article's body is kept in, and what is read from it.

Headings 2 to 4, paragraphs, lists, quotes, emphasis, links, images with or without a caption, and
tables. Everything else is taken out by nh3 whatever way the text arrives.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import nh3

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
    "Figure": True,
    "Caption": True,
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
        *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
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
    clean = _CLEANER.clean(markup)
    return _with_figures(clean) if "<fig" in clean else clean


_PICTURE = r'(?:<a [^>]*>\s*)?<img\b(?:[^>"]|"[^"]*")*>(?:\s*</a>)?'
_FIGURE = re.compile(
    rf"<figure>\s*({_PICTURE})\s*(?:<figcaption>((?:(?!</?fig).)*)</figcaption>)?\s*</figure>", re.S
)
_PLACE = "\ufdd0"  # no character: it stands in no text
_FIGURE_TAG = re.compile(r"</?(?:figure|figcaption)>")
_IN_LINE = re.compile(r"</?(?!(?:strong|em|a|br)\b)[a-z0-9]+\b(?:[^>\"]|\"[^\"]*\")*>")


def _with_figures(markup: str) -> str:
    """Return clean markup in which a figure is one picture and the line below it: a picture without
    one is no figure, and what else stands in a figure, or a caption without one, is a paragraph."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        words = " ".join(_IN_LINE.sub(" ", found[2] or "").split())
        if not words:
            return found[1]
        kept.append(f"<figure>{found[1]}<figcaption>{words}</figcaption></figure>")
        return _PLACE

    found = _FIGURE.sub(keep, markup.replace(_PLACE, ""))
    if "<fig" in found:
        found = found.replace("<figcaption>", "<p>").replace("</figcaption>", "</p>")
        found = _CLEANER.clean(_FIGURE_TAG.sub("", found))
    return re.sub(_PLACE, lambda _place: kept.pop(0), found)


def is_same(one: str, other: str) -> bool:
    """Tell whether two bodies say the same: browsers send other line ends, and the editor sets
    blocks without any between them."""
    return _bare(one) == _bare(other)


def _bare(markup: str) -> str:
    return _SPANS_OF_ONE.sub("", _BETWEEN_TAGS.sub("><", sanitise(markup).replace("\r\n", "\n")))


_BETWEEN_TAGS = re.compile(r">[ \t]*[\r\n]\s*<")
_SPANS_OF_ONE = re.compile(r' (?:colspan|rowspan)="1"')


class _Splitter(HTMLParser):
    """Cut markup into text and everything else, losing nothing."""

    def __init__(self, markup: str):
        super().__init__(convert_charrefs=False)
        self.parts: list[tuple[str, str]] = []  # (text | start | end | reference, as written)
        self.tags: list[str] = []
        self.feed(markup)
        self.close()

    def updatepos(self, i: int, j: int) -> int:
        """Go on from one place to another without counting lines: nobody asks for them."""
        return j

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Take `<![` for a comment that is none, as browsers do; Python raises AssertionError."""
        return self.parse_bogus_comment(i, report)

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


@lru_cache(maxsize=4)
def _split(markup: str) -> _Splitter:
    """Return markup cut up; nobody changes it. An article that is saved is asked for its text, its
    outline and another script one after the other."""
    return _Splitter(markup)


def map_text(markup: str, change: Callable[[str], str]) -> str:
    """Return `markup` with `change` made to its text alone: no tag, attribute or address.

    Text is changed as a whole, so that words the markup cuts in two (工<em>会</em>) are seen
    whole; where that alters the length, piece by piece.
    """
    split = _split(markup)
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


_WRITTEN = re.compile(r'</?([a-zA-Z0-9]+)(?:[^>"]|"[^"]*")*>|&[#\w]{1,30};|\n')


def masked(markup: str) -> str:
    """Return the text of `markup` at the places where it stands, a line for each block; what is no
    text is blank, as is a character written as a reference."""

    def mask(found: re.Match[str]) -> str:
        tag = found[1]
        size = len(found[0])
        if tag is None or tag == "br":
            return " " * size
        return ("\0" if tag in _INLINE else "\n") * size

    return _WRITTEN.sub(mask, markup)


def bare(markup: str) -> tuple[str, list[int]]:
    """Return that text without what tags leave between its words, and where each of its characters
    stands in `markup`."""
    text = masked(markup)
    written = [at for at, char in enumerate(text) if char != "\0"]
    return text.replace("\0", ""), written


def plain_text(markup: str) -> str:
    """Return the text of `markup`, a line for each block."""
    split = _split(markup)
    lines = "".join(
        unescape(written)
        if kind in ("text", "reference")
        else ""
        if tag in _INLINE or (kind == "start" and tag != "br")
        else "\n"
        for (kind, written), tag in zip(split.parts, split.tags, strict=True)
    )
    return "\n".join(line.strip() for line in lines.split("\n") if line.strip())


_INDENT = re.compile(r"(<p>)(?:[\s\u00a0\u3000]|&nbsp;|&emsp;)+")


def without_indents(markup: str) -> str:
    """Return `markup` without the spaces paragraphs were indented with: pages indent them."""
    return _INDENT.sub(r"\1", markup)


_NO_PARAGRAPH = re.compile(r"<(h[1-6]|table|ul|ol|pre|figure)\b.*?</\1>", re.S)


def paragraphs(markup: str, text: str | None = None) -> str:
    """Return the text of the paragraphs of `markup`, a line for each, without headings, lists,
    captions and tables; where there is nothing else, these. `text` is all of it, where the caller
    knows."""
    running = _NO_PARAGRAPH.sub("", markup) if _NO_PARAGRAPH.search(markup) else None
    if running is None:
        return plain_text(markup) if text is None else text
    return plain_text(running) or plain_text(markup)


class Placed:
    """The text of `markup`, a line for each block, each character with its place in `markup`."""

    def __init__(self, markup: str):
        split = _split(markup)
        chars: list[str] = []
        self._places: list[tuple[int, int]] = []
        at = 0
        for (kind, written), tag in zip(split.parts, split.tags, strict=True):
            if kind == "text":
                chars += written
                self._places += ((at + n, at + n + 1) for n in range(len(written)))
            elif kind == "reference":
                found = unescape(written)
                chars += found
                self._places += [(at, at + len(written))] * len(found)
            elif tag not in _INLINE and (kind == "end" or tag == "br"):
                chars.append("\n")
                self._places.append((at, at))
            at += len(written)
        self.text = "".join(chars)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where in the markup the characters [start, end) are written; None where a tag
        stands between them, or they are none of the text."""
        if start == end:  # behind the character in front, or before the one behind
            if start and self.text[start - 1] != "\n":
                return (self._places[start - 1][1],) * 2
            return (self._places[start][0],) * 2 if start < len(self._places) else None
        inside = self._places[start:end]
        whole = all(one[1] == other[0] or one == other for one, other in pairwise(inside))
        return (inside[0][0], inside[-1][1]) if whole and "\n" not in self.text[start:end] else None


def blocks(markup: str) -> list[str]:
    """Return the blocks a body is made of, as they are written: paragraphs, headings, lists …"""
    split = _split(markup)
    found, standing, depth = [], [], 0
    for (kind, written), tag in zip(split.parts, split.tags, strict=True):
        standing.append(written)
        if tag in _INLINE or tag == "br":
            continue
        depth += (kind == "start") - (kind == "end")
        if depth == 0 and kind == "end":
            found.append("".join(standing).strip())
            standing = []
    rest = "".join(standing).strip()
    return [block for block in (*found, rest) if block]


_SIGNS = {
    "h2": "## ",
    "h3": "### ",
    "h4": "#### ",
    "li": "• ",
    "blockquote": "> ",
    "figcaption": "▲ ",
}


def signed_text(markup: str) -> str:
    """Return the text of `markup`, a line for each block, with signs for headings, lists,
    captions and quotes: two of them that are compared tell a heading from a paragraph."""
    split = _split(markup)
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
    split = _split(markup)
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
