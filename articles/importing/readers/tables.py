"""Tables of essays (.csv, .tsv, .jsonl): one essay a row."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from ..refusals import UnreadableFile
from ..source import MAX_BYTES, MAX_CHARACTERS
from . import decode
from .columns import field_of

csv.field_size_limit(MAX_BYTES)  # its default of 131,072 characters is less than a long essay

_MOST_ABOVE, _LONGEST_HEAD = 10, 60
"""Rows among which the heads are looked for, and characters of one."""

_DELIMITERS = (",", ";", "\t", "|", "，", "；")
"""Excel writes ; where the comma is the decimal mark, and tabs as “Unicode text”."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id, and its JSON, or where that stands in the file, or why it has none."""

    id: str
    raw: bytes = b""
    place: tuple[int, int] | None = None  # offset and length in bytes
    error: UnreadableFile | None = None


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


_MOST_PIECES = 200_000
"""Lists, objects and texts of a row of JSON: each takes sixty times its two bytes in memory."""


def jsonl_rows(stream: BinaryIO, size: int) -> Iterator[Row]:
    """Yield the rows of JSON Lines by their places, so that a file may be larger than memory; of
    one that grows meanwhile, those that begin within the bytes it had."""
    ids = _Ids()
    number = offset = 0
    while offset < size and (line := stream.readline(MAX_BYTES + 2)):
        number += 1
        start, offset = offset, offset + len(line)
        if not line.endswith(b"\n") and len(line) > MAX_BYTES:
            yield Row(
                ids.of({}, number), error=UnreadableFile("row-long", most=MAX_BYTES // 1_048_576)
            )
            while (rest := stream.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
                offset += len(rest)
            offset += len(rest)
            continue
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        if sum(map(line.count, (b"[", b"{", b'"'))) > 2 * _MOST_PIECES:
            refused = UnreadableFile("row-pieces", most=_MOST_PIECES)
            yield Row(ids.of({}, number), error=refused)
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

    Numbers are those a spreadsheet shows: the heads stand in row 1, or below a title. The
    delimiter is the one that gives known heads.
    """
    text = decode(raw, encoding).text
    if max(map(len, text.split("\n")), default=0) > MAX_CHARACTERS:
        raise UnreadableFile("row-long", most=MAX_BYTES // 1_048_576)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):  # Excel's own way to name the delimiter
        text, delimiters = rest, (first.strip()[4:5] or ",",)
    else:
        delimiters = _DELIMITERS
    delimiter = max(delimiters, key=lambda mark: _heads(text, mark)[0])
    known, above = _heads(text, delimiter)
    if not known:
        raise UnreadableFile("table-no-body")
    table = io.StringIO(text, newline="")
    reader = csv.reader(table, delimiter=delimiter)
    written = next(islice(reader, above, None))
    heads = [head.strip() or f"第{n}列" for n, head in enumerate(written, 1)]
    reader = csv.reader(table, delimiter=delimiter, strict=True)
    ids = _Ids()
    number = 1 + above
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            broken = UnreadableFile("row-broken", error=str(error))
            yield Row(ids.of({}, number), error=broken)
            continue
        if (
            not any(cell.strip() for cell in cells) or cells == written
        ):  # heads come again on a new page
            continue
        row = _named(heads, cells)
        if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
            refused = UnreadableFile("row-cells", cells=len(cells), heads=len(heads))
            yield Row(ids.of(row, number), error=refused)
        else:
            yield Row(ids.of(row, number), json.dumps(row, ensure_ascii=False).encode())


def _named(heads: list[str], cells: list[str]) -> dict[str, str]:
    """Return the cells by their heads; where a head comes twice the second gets a number."""
    row: dict[str, str] = {}
    for head, cell in zip(heads, cells, strict=False):
        name, count = head, 1
        while row.get(name, "").strip() and cell.strip():
            count += 1
            name = f"{head}{count}"
        if cell.strip() or name not in row:
            row[name] = cell
    return row


def _heads(text: str, delimiter: str) -> tuple[int, int]:
    """Return how many heads are known when the table is cut at `delimiter`, and the rows above.

    A title may stand above the heads, in a cell merged over the table. None are known where no
    column is the body.
    """
    best = (0, 0)
    try:
        rows = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
        for number, row in enumerate(islice(rows, _MOST_ABOVE)):
            fields = {field_of(head) for head in row if len(head) <= _LONGEST_HEAD} - {""}
            if "body" in fields and (len(fields) > 1 or number == 0) and len(fields) > best[0]:
                best = (len(fields), number)
    except csv.Error:
        pass
    return best
