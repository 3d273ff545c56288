"""Markdown: CommonMark with tables, and front matter every YAML reader takes.

Written here, not by a converter: those give `工會**《法》**規定`, which is not bold in CommonMark,
as an asterisk between a character and a Chinese quotation mark neither opens nor closes.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from .book import Block, Book, Chapter, Run, grid, line, paragraphs

_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~#]|!$")
_AT_START = re.compile(r"^([-+=])|^([0-9]{1,9})([.)])(?=\s|$)")


def as_markdown(book: Book) -> bytes:
    """Return a book as Markdown."""
    if book.has_title_page:
        parts = [_front_matter(_book_fields(book)), f"# {_line(book.title)}"]
        parts += _blocks(book.introduction)
        parts += [_taken_from(book, book.address)]
        for chapter in book.chapters:
            parts += [f"# {_line(chapter.title)}", *_chapter(book, chapter)]
    else:
        [chapter] = book.chapters
        parts = [_front_matter(_fields(book, chapter)), f"# {_line(chapter.title)}"]
        parts += _chapter(book, chapter)
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _front_matter(fields: Iterable[tuple[str, str | tuple[str, ...]]]) -> str:
    lines = ["---"]
    for name, value in fields:
        if isinstance(value, str):
            lines += [f"{name}: {_quoted(value)}"] if value else []
        elif value:
            lines += [f"{name}:", *(f"  - {_quoted(one)}" for one in value)]
    return "\n".join([*lines, "---"])


def _quoted(value: str) -> str:
    """Return a value as a double-quoted scalar: what JSON allows, YAML reads the same."""
    text = json.dumps(line(value), ensure_ascii=False)
    return re.sub("[\x85\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _fields(book: Book, chapter: Chapter) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    yield from (("title", chapter.title), ("author", chapter.authors), ("date", chapter.date))
    yield from (("source", chapter.source_name), ("source_url", chapter.source_url))
    yield from (("summary", chapter.summary), ("tags", chapter.tags))
    yield from (("lang", book.language), ("url", chapter.address))


def _book_fields(book: Book) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    yield from (("title", book.title), ("author", book.authors), ("tags", book.tags))
    yield from (("lang", book.language), ("url", book.address))


def _chapter(book: Book, chapter: Chapter) -> list[str]:
    facts = [_text(f"{getattr(book.words, name)}{value}") for name, value in chapter.facts]
    summary = [_text(part) for part in paragraphs(chapter.summary)]
    return [
        "\\\n".join(facts),
        _indented("\n\n".join(summary), "> ", "> ") if summary else "",
        *_blocks(chapter.blocks),
        _taken_from(book, chapter.address),
    ]


def _taken_from(book: Book, address: str) -> str:
    return f"{_text(line(book.words.taken_from))}<{address}>"


def _blocks(blocks: Iterable[Block]) -> list[str]:
    """Return blocks; a list right after one of its kind takes other marks, or they were one."""
    out: list[str] = []
    last, other = "", False
    for block in blocks:
        other = block.kind == last and not other
        last = block.kind
        out.append(_block(block, other))
    return out


def _block(block: Block, other: bool) -> str:
    if block.kind == "paragraph":
        return _inline(block.runs)
    if block.kind == "heading":
        return f"{'#' * block.level} {_inline(block.runs, break_as=' ')}"
    if block.kind == "quote":
        return _indented("\n\n".join(_blocks(block.parts)), "> ", "> ")
    if block.kind == "figure":
        return "\n\n".join(_blocks(block.parts))
    if block.kind == "caption":
        return _inline([Run(r.text, r.strong, True, r.link, r.picture) for r in block.runs])
    if block.kind == "table":
        return _table(block)
    items = []
    for number, item in enumerate(block.parts, block.start):
        bullet = ("*" if other else "-") if block.kind == "bullets" else ""
        mark = bullet or f"{min(number, 999_999_999)}{')' if other else '.'}"
        text = "\n\n".join(_blocks(item.parts))
        items.append(_indented(text, f"{mark} ", " " * (len(mark) + 1)).rstrip())
    apart = "\n\n" if any(len(item.parts) > 1 for item in block.parts) else "\n"
    return apart.join(items)


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        f"{first if not number else rest}{one}".rstrip(" ") for number, one in enumerate(lines)
    )


def _table(table: Block) -> str:
    rows = []
    for places in grid(table):
        cells = (_cell(cell) if cell and begins else "" for cell, begins in places)
        rows.append(f"| {' | '.join(cells)} |")
    width = len(grid(table)[0])
    if not all(cell.is_head for cell in table.parts[0].parts):
        rows.insert(0, f"|{'  |' * width}")  # a table has to have a head
    rows.insert(1, f"|{' --- |' * width}")
    return "\n".join(rows)


def _cell(cell: Block) -> str:
    """Return what a cell holds in one line."""
    found, waiting = [], list(reversed(cell.parts))
    while waiting:
        block = waiting.pop()
        waiting += reversed(block.parts)
        if block.runs:
            found.append(_inline(block.runs, break_as="<br>"))
    return "<br>".join(found)


def _line(text: str) -> str:
    return _text(line(text))


def _text(text: str) -> str:
    """Return a line of text that means nothing to Markdown."""
    return _started(_escaped(text))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _started(text: str) -> str:
    return _AT_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)


def _inline(runs: Iterable[Run], break_as: str = "\\\n") -> str:
    pieces: list[Run] = []
    for link, group in groupby(runs, key=lambda run: run.link):
        inner = _emphasised([_written(run) for run in group], "[" if link else "")
        pieces.append(Run(f"[{inner}]({_destination(link)})" if link else inner))
    text = "".join(piece.text for piece in pieces)
    lines = [_started(one.strip(" ")) for one in text.split("\n")]
    # A line without text would end the paragraph.
    return break_as.join(one for one in lines if one)


def _written(run: Run) -> Run:
    if run.picture:
        text = f"![{_escaped(run.text)}]({_destination(run.picture)})"
    else:
        text = _escaped(run.text)
    return Run(text, run.strong, run.em)


def _destination(address: str) -> str:
    return f"<{address}>" if re.search(r"[()]", address) else address


def _emphasised(runs: list[Run], before: str) -> str:
    """Return runs with their emphasis, as marks where these count as such and as tags elsewhere."""
    out = before
    for number, run in enumerate(runs):
        after = runs[number + 1].text[:1] if number + 1 < len(runs) else "]" if before else ""
        beside = [*runs[max(0, number - 1) : number], *runs[number + 1 : number + 2]]
        if not (run.strong or run.em):
            out += run.text
        elif (
            run.strong != run.em
            and not any(other.strong or other.em for other in beside)
            and _counts(out[-1:], run.text[:1])
            and _counts(after, run.text[-1:])
            and "\n" not in (out[-1:], after)
        ):
            mark = "**" if run.strong else "*"
            out += f"{mark}{run.text}{mark}"
        else:
            text = f"<em>{run.text}</em>" if run.em else run.text
            out += f"<strong>{text}</strong>" if run.strong else text
    return out.removeprefix(before) if before else out


def _counts(outside: str, inside: str) -> bool:
    """Tell whether a mark between these characters opens or closes, as CommonMark has it."""
    if not inside or inside.isspace():
        return False
    return not _is_mark(inside) or not outside or outside.isspace() or _is_mark(outside)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
