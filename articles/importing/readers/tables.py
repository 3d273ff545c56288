"""Tables of essays (.csv, .tsv, .jsonl): one essay a row."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ..source import MAX_BYTES, UnreadableFile
from . import decode
from .columns import field_of

csv.field_size_limit(MAX_BYTES)  # its default of 131,072 characters is less than a long essay

_DELIMITERS = (",", ";", "\t", "|", "，", "；")
"""Excel writes ; where the comma is the decimal mark, and tabs as “Unicode text”."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id, and its JSON, or where that stands in the file, or why it has none."""

    id: str
    raw: bytes = b""
    place: tuple[int, int] | None = None  # offset and length in bytes
    error: str = ""


class _Ids:
    """Ids of rows: what the row calls itself where that is unique, else its number."""

    def __init__(self):
        self._seen: set[str] = set()

    def of(self, row: dict, number: int) -> str:
        own = next((str(value) for name, value in row.items() if field_of(name) == "id"), "")
        own = " ".join(own.split())[:60]
        chosen = own if own and own not in self._seen else f"{own}#{number}".removeprefix("#")
        while chosen in self._seen:
            chosen += "+"
        self._seen.add(chosen)
        return chosen


def jsonl_rows(stream: BinaryIO) -> Iterator[Row]:
    """Yield the rows of JSON Lines by their places, so that a file may be larger than memory."""
    ids = _Ids()
    number = offset = 0
    while line := stream.readline(MAX_BYTES + 2):
        number += 1
        start, offset = offset, offset + len(line)
        if not line.endswith(b"\n") and len(line) > MAX_BYTES:
            yield Row(ids.of({}, number), error="The row is longer than 20 MB.")
            while (rest := stream.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
                offset += len(rest)
            offset += len(rest)
            continue
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        try:
            row = json.loads(_utf8(line))
        except (ValueError, RecursionError):
            row = {}
        row = row if isinstance(row, dict) else {}
        yield Row(ids.of(row, number), place=(start, len(line)))


def _utf8(line: bytes) -> bytes:
    return line.removeprefix(b"\xef\xbb\xbf")


def json_of(line: bytes) -> bytes:
    """Return a line of JSON Lines in UTF-8; raises UnreadableFile where it is no text."""
    return decode(_utf8(line)).text.strip().encode()


def csv_rows(raw: bytes, encoding: str | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV file; raises UnreadableFile where it has no column of bodies.

    Numbers are those a spreadsheet shows: the heads stand in row 1. The delimiter is the one that
    gives known heads.
    """
    text = decode(raw, encoding).text
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):  # Excel's own way to name the delimiter
        text, delimiters = rest, (first.strip()[4:5] or ",",)
    else:
        delimiters = _DELIMITERS
    delimiter = max(delimiters, key=lambda mark: _known_heads(text, mark))
    if not _known_heads(text, delimiter):
        raise UnreadableFile(
            "The table has no column headed “body”, “text”, “content” or 正文. Name the columns "
            "in its first row."
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    heads = [head.strip().removeprefix("\ufeff") for head in next(reader)]
    ids = _Ids()
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(ids.of({}, number), error=f"The row is broken: {error}. Check its quotes.")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(heads, cells, strict=False))
        if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
            message = (
                f"The row has {len(cells)} cells under {len(heads)} heads. Put quotes round a "
                "text that holds the delimiter."
            )
            yield Row(ids.of(row, number), error=message)
        else:
            yield Row(ids.of(row, number), json.dumps(row, ensure_ascii=False).encode())


def _known_heads(text: str, delimiter: str) -> int:
    """Return how many heads are known when the table is cut at `delimiter`; 0 without a body."""
    try:
        heads = next(csv.reader(io.StringIO(text[:10_000], newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0
    fields = [field_of(head.removeprefix("\ufeff")) for head in heads]
    return len(set(filter(None, fields))) if "body" in fields else 0
