"""One essay out of a table of essays, as the JSON object `tables.py` made of its row."""

import json
import re
from dataclasses import replace

from ..edits import Edit, Flag
from ..refusals import UnreadableFile
from ..source import Hints, Mark, SourceText
from .cells import LONGEST, date_of, edits_in, plain
from .columns import hints_of, left_out, place_of, says_nothing
from .markup import Flow, ordered
from .parsing import parse

_HTML = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|table|blockquote)\b[^<>]{0,300}>", re.IGNORECASE)


def read_row(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a row: the body is its text, plain or HTML; the other columns are hints.

    The title stands above the body in the text: it is damaged as the body is, and the same
    repairs mend it, on record.
    """
    row = parse_row(raw)
    cells = _bodies(row)
    hints = _hints(row)
    if _HTML.search("\n".join(cells)):
        flow = Flow(hints.source_url)
        flow.headed(hints.title, parse("\n".join(plain(cell) for cell in cells)))
        flags = (*flow.flags(), *_cut_off(cells, 0), *left_out(row, flow.text()))
        return SourceText(flow.text(), "utf-8", marks=ordered(flow.marks), hints=hints, flags=flags)
    head, marks = "", ()
    if hints.title and not plain(cells[0]).lstrip().startswith(hints.title):
        head = f"{hints.title}\n"
        marks = (Mark("heading", 0, len(hints.title), 1),)
    edits: list[Edit] = []
    at = len(head)
    for cell in cells:
        edits += [replace(e, start=e.start + at, end=e.end + at) for e in edits_in(cell)]
        at += len(cell) + 1
    text = head + "\n".join(cells)
    return SourceText(
        text,
        "utf-8",
        marks=marks,
        hints=hints,
        flags=(*_cut_off(cells, len(head)), *left_out(row, text)),
        edits=tuple(edits),
    )


def _hints(row: dict) -> Hints:
    cells = {name: plain(v) if isinstance(v, str) else v for name, v in row.items()}
    hints = hints_of(cells, "column")
    return replace(hints, date=date_of(hints.date))


def _cut_off(cells: list[str], at: int) -> tuple[Flag, ...]:
    """Return a flag for each text that ends where a cell of a spreadsheet is full."""
    flags = []
    for cell in cells:
        at += len(cell) + 1
        if len(cell) == LONGEST:
            message = "正文正好寫滿試算表的一格（32,767 字），後面的文字多半被截掉了；請對照原文。"
            flags.append(Flag("lost-text", at - 2, at - 1, message, blocking=True))
    return tuple(flags)


def parse_row(raw: bytes) -> dict:
    """Return the row as a dict with a body; raises UnreadableFile where it is none."""
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        raise UnreadableFile("row-no-json") from None
    if not isinstance(row, dict):
        raise UnreadableFile("row-no-object")
    if not any(place_of(name).field == "body" for name in row):
        raise UnreadableFile("row-no-body")
    if not _bodies(row):
        raise UnreadableFile("row-empty")
    return row


def _bodies(row: dict) -> list[str]:
    """Return the cells that hold the body: one, or those that number it, 正文1 and 正文2."""
    found = []
    for name, value in row.items():
        place = place_of(name)
        value = value.get("rendered") if isinstance(value, dict) else value  # of WordPress
        values = value if isinstance(value, list) else [value]
        texts = [v for v in values if isinstance(v, str) and not says_nothing(plain(v))]
        if place.field == "body" and texts:
            found.append((place, texts))
    best = min((place for place, _ in found), key=lambda place: place.rank, default=None)
    return [text for place, texts in found if place == best for text in texts]
