"""Blocks of an essay as the markup its body is kept in; what is allowed there has the last word."""

from collections.abc import Iterable
from html import escape

from ..draft import Block
from ..source import PART, Mark


def from_blocks(blocks: Iterable[Block]) -> str:
    """Return imported blocks as markup; `sanitise` still has the last word."""
    return "\n".join(filter(None, map(_markup, blocks)))


def _markup(block: Block) -> str:
    if block.kind == "image" and block.parts:
        return _figure(block)
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
    if block.kind == "image" and not inner:
        return ""
    return f"<p>{inner}</p>"


def _figure(block: Block) -> str:
    """Return a picture with the line below it; that alone where the picture was not taken in."""
    picture = _inline("", block.spans)
    [caption] = block.parts
    words = _inline(caption.text, caption.spans)
    if not picture:
        return f"<p>{words}</p>"
    return f"<figure>{picture}<figcaption>{words}</figcaption></figure>"


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
            if image.value.startswith(PART):
                continue  # the library has not taken it in
            out.append(f'<img src="{escape(image.value)}" alt="{escape(image.alt)}">')
    return "".join(out)


_TAGS = {"link": "a", "strong": "strong", "em": "em"}


def _opening(span: Mark) -> str:
    return f'<a href="{escape(span.value)}">' if span.kind == "link" else f"<{span.kind}>"


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
