"""Files to text and structure: one module a format, each with a function that reads it.

To add a format: the function, a line in READERS, and one small sample in tests/files/.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import PurePosixPath

from ..refusals import UnreadableFile
from ..source import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_LINES,
    MAX_MARKS,
    SourceText,
)
from .encoding import decode, likeness

Reader = Callable[[bytes, str | None], SourceText]


def _in(module: str, name: str) -> Reader:
    """Return a reader whose module is loaded with the first file of its format: together they take
    longer than an essay in plain text, start and all."""

    def read_by(raw: bytes, encoding: str | None) -> SourceText:
        return getattr(import_module(module, __name__), name)(raw, encoding)

    _modules.append(module)
    return read_by


_modules: list[str] = []


def load() -> None:
    """Load the modules of all readers."""
    for module in _modules:
        import_module(module, __name__)


read_markdown, read_page = _in(".markdown", "read_markdown"), _in(".webpage", "read_page")

READERS: dict[str, Reader] = {
    ".txt": decode,
    ".text": decode,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".docx": _in(".word", "read_word"),
    ".pdf": _in(".pdf", "read_pdf"),
    ".epub": _in(".epub", "read_epub"),
    "": decode,
}
"""One reader a file name extension."""

ROW = ".row"
"""Extension of an essay out of a table of essays: `tables.py` names them so."""

_read_row = _in(".row", "read_row")

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson")
"""Files that hold an essay a row; `tables.py` takes them apart before a reader sees them."""

_SIGNATURES = (
    (b"%PDF-", ".pdf", "is-pdf"),
    (b"PK\x03\x04", ".docx .epub", "is-zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".docx", "is-old-office"),
    (b"{\\rtf", "", "is-rtf"),
)
"""How the bytes of a format begin, the extensions whose readers know them, and what is told of a
file that has another name."""


_SAVED_AS = {
    extension: code
    for code, extensions in {
        "save-as-word": ".doc .docm .dot .dotx .dotm .odt .ott .fodt .rtf .wps .pages",
        "save-as-csv": ".xls .xlsx .xlsm .xlsb .ods .et .numbers",
        "save-as-jsonl": ".json",
        "save-as-zip": ".rar .7z .tar .gz .tgz .bz2 .xz",
        "web-archive": ".mht .mhtml",
    }.items()
    for extension in extensions.split()
}
"""What to do with a file of a format that no reader knows, but other programs turn into theirs."""


def read(raw: bytes, name: str, encoding: str | None = None) -> SourceText:
    """Return the text of a file by the extension of its name; raises UnreadableFile."""
    extension = PurePosixPath(name).suffix.lower()
    if extension == ROW:
        return _storable(_bounded(_read_row(raw, encoding)))
    if extension in TABLES:
        raise UnreadableFile("table-inside")
    if extension in _SAVED_AS:
        raise UnreadableFile(_SAVED_AS[extension], extension=extension)
    if extension not in READERS:
        known = ", ".join(sorted(filter(None, [*READERS, *TABLES, ".zip"])))
        raise UnreadableFile("no-reader", extension=extension, known=known)
    if len(raw) > MAX_BYTES:
        raise UnreadableFile("large", size=len(raw) // 1_000_000, most=MAX_BYTES // 1_048_576)
    for signature, readers, code in _SIGNATURES:
        if raw.startswith(signature) and extension not in readers.split():
            raise UnreadableFile(code, named=extension or "as text")
    return _storable(_bounded(READERS[extension](raw, encoding)))


def _bounded(source: SourceText) -> SourceText:
    """Return the text unless it is longer than any essay; then raise UnreadableFile."""
    lines = max(source.text.count("\n"), source.text.count("\r"))
    for count, most, code in (
        (len(source.text), MAX_CHARACTERS, "many-characters"),
        (lines, MAX_LINES, "many-lines"),
        (len(source.marks), MAX_MARKS, "many-marks"),
    ):
        if count > most:
            raise UnreadableFile(code, count=count, most=most)
    return source


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _storable(source: SourceText) -> SourceText:
    """Return the text with U+FFFD for what no database holds: NUL, and halves of a character.

    JSON and the fonts of a PDF can name them. Lengths stay, so marks keep their places.
    """
    hints = {
        name: _UNSTORABLE.sub("\ufffd", value)
        for name in source.hints.__slots__
        if isinstance(value := getattr(source.hints, name), str)
    }
    for name in ("authors", "keywords"):
        hints[name] = tuple(_UNSTORABLE.sub("\ufffd", v) for v in getattr(source.hints, name))
    text = _UNSTORABLE.sub("\ufffd", source.text)
    marks = tuple(
        replace(mark, alt=_UNSTORABLE.sub("\ufffd", mark.alt)) if mark.alt else mark
        for mark in source.marks
    )
    edits = tuple(
        replace(e, before=_UNSTORABLE.sub("\ufffd", e.before)) if text != source.text else e
        for e in source.edits
    )
    certain = source.certain and text == source.text
    hints = replace(source.hints, **hints)
    return replace(source, text=text, certain=certain, hints=hints, marks=marks, edits=edits)


__all__ = [
    "MAX_BYTES",
    "READERS",
    "ROW",
    "TABLES",
    "SourceText",
    "UnreadableFile",
    "decode",
    "likeness",
    "load",
    "read",
]
