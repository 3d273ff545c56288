"""Texts to take away: a book of one article or of many, as EPUB, Word or Markdown.

Plain values go in, bytes come out: no database, no request, no clock. The same book gives the same
bytes. A format is one module with one function, and one line in `FORMATS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .book import Book, Chapter, Words
from .docx import as_docx
from .epub import as_epub
from .markdown import as_markdown

__all__ = ["FORMATS", "MOST_CHARACTERS", "Book", "Chapter", "Format", "Words"]

MOST_CHARACTERS = 1_000_000
"""Markup of a book at most: a Word document of so much prose takes a few seconds."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by the ending of its files."""

    content_type: str
    write: Callable[[Book], bytes]


FORMATS = {
    "epub": Format("application/epub+zip", as_epub),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx
    ),
    "md": Format("text/markdown; charset=utf-8", as_markdown),
}
