"""One essay out of a table of essays, as the JSON object `tables.py` made of its row."""

import json
import re

from ..source import Mark, SourceText, UnreadableFile
from .columns import field_of, hints_of
from .markup import Flow, ordered, parse

_HTML = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|table|blockquote)\b[^<>]{0,300}>", re.IGNORECASE)


def read_row(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a row: the body is its text, plain or HTML; the other columns are hints.

    The title stands above the body in the text: it is damaged as the body is, and the same
    repairs mend it, on record.
    """
    row = parse_row(raw)
    body = next(str(row[name]) for name in row if field_of(name) == "body")
    hints = hints_of(row, "column")
    if not _HTML.search(body):
        title = hints.title
        if not title or body.lstrip().startswith(title):
            return SourceText(body, "utf-8", hints=hints)
        marks = (Mark("heading", 0, len(title), 1),)
        return SourceText(f"{title}\n{body}", "utf-8", marks=marks, hints=hints)
    flow = Flow(hints.source_url)
    flow.headed(hints.title, parse(body))
    return SourceText(
        flow.text(), "utf-8", marks=ordered(flow.marks), hints=hints, flags=flow.flags()
    )


def parse_row(raw: bytes) -> dict:
    """Return the row as a dict with a body; raises UnreadableFile where it is none."""
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        raise UnreadableFile("The row is not valid JSON. Correct it and import again.") from None
    if not isinstance(row, dict):
        raise UnreadableFile("The row is no JSON object of names and values.")
    bodies = [row[name] for name in row if field_of(name) == "body"]
    if not bodies:
        raise UnreadableFile(
            "The row has no body. Name the field “body”, “text”, “content” or 正文."
        )
    if not isinstance(bodies[0], str) or not bodies[0].strip():
        raise UnreadableFile("The body of the row is empty or no text.")
    return row
