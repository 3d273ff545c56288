"""The lines of a PDF with their places: run as a program of its own by `pdf.py`.

A PDF is a program, and small ones can ask for any amount of time and memory. Here the system
sets the limit: bytes in on standard input, JSON out on standard output.
"""

import contextlib
import io
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTAnno, LTChar, LTContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import decode_text

SECONDS, MEMORY = 30, 1536 * 1024 * 1024
MOST_PAGES = 300
"""A book has about so many; they take 0.1 s each [measured]."""


def limit() -> None:
    """Have the system end this process where a file asks for too much."""
    with contextlib.suppress(ImportError):  # Windows has no such limits; `pdf.py` has a clock
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def text_lines(element) -> list[LTTextLine]:
    """Return the lines of a page in the order the layout analysis gives them."""
    if isinstance(element, LTTextLine):
        return [element]
    return [line for part in element for line in text_lines(part)] if _holds(element) else []


def _holds(element) -> bool:
    return isinstance(element, LTContainer) and not isinstance(element, LTChar)


def characters(line: LTTextLine) -> Iterator[str]:
    """Yield the characters of a line; a space only guessed from a small gap as U+001F.

    Justified Chinese is full of such gaps; one as wide as a character is meant.
    """
    parts = list(line)
    for number, part in enumerate(parts):
        text = part.get_text()
        if isinstance(part, LTAnno) and text == " ":
            before = next((p for p in reversed(parts[:number]) if isinstance(p, LTChar)), None)
            after = next((p for p in parts[number:] if isinstance(p, LTChar)), None)
            wide = before and after and after.x0 - before.x1 > 0.9 * after.size
            yield " " if wide else "\x1f"
        else:
            yield text


def entry(line: LTTextLine) -> list | None:
    """Return [x0, y0, x1, y1, size, text] of a line."""
    sizes = Counter(round(char.size, 1) for char in line if isinstance(char, LTChar))
    text = "".join(characters(line))
    text = text.strip(" \n\x1f")
    if not text or not sizes:
        return None
    size = sizes.most_common(1)[0][0]
    return [round(n, 1) for n in line.bbox] + [size, text]


def information(raw: bytes) -> dict[str, str]:
    """Return title and author of the document information."""
    found = {}
    with contextlib.suppress(Exception):  # what it says is not worth losing the text for
        for info in PDFDocument(PDFParser(io.BytesIO(raw))).info:
            for name in ("Title", "Author"):
                if isinstance(value := info.get(name), bytes):
                    found[name] = decode_text(value)[:300]
    return found


def main() -> None:
    limit()
    logging.disable(logging.CRITICAL)
    raw = sys.stdin.buffer.read()
    result: dict = {"pages": []}
    try:
        pages = extract_pages(
            io.BytesIO(raw), maxpages=MOST_PAGES + 1, laparams=LAParams(char_margin=3.0)
        )
        for page in pages:
            lines = [entry(line) for line in text_lines(page)]
            result["pages"].append([round(page.height, 1), list(filter(None, lines))])
        result["info"] = information(raw)
    except PDFPasswordIncorrect:
        result = {"error": "locked"}
    except MemoryError:
        result = {"error": "large"}
    except Exception:  # it fails in many ways on files that are cut short
        result = {"error": "damaged"}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
