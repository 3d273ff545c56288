"""How much of the essays in web pages is found, and how much of what stands round them let in.

    python -m benchmarks.main_text [SET]

Without SET the made-up pages of the tests are read. SET is a JSON file of judged pages: an object
whose values have `file` (the page, looked for beside SET and in the folders there), `with` (strings
that belong to the text) and `without` (strings that do not). Told are the shares of both that
were kept, and what a page took of the processor.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from articles.importing.edits import apply
from articles.importing.readers import UnreadableFile
from articles.importing.readers.webpage import read_page
from tests.support.webpages import pages

Judged = tuple[bytes, tuple[str, ...], tuple[str, ...]]


def made_up() -> Iterator[Judged]:
    """Yield the pages of the tests."""
    for page in pages():
        yield page.markup.encode(), page.wanted, page.unwanted


def judged(path: Path) -> Iterator[Judged]:
    """Yield the pages of a set; those in another encoding than UTF-8 as their head says."""
    folders = [path.parent, *(folder for folder in path.parent.iterdir() if folder.is_dir())]
    for item in json.loads(path.read_text("utf-8")).values():
        file = next((f for folder in folders if (f := folder / item["file"]).is_file()), None)
        if file:
            raw = file.read_bytes()
            yield _as_utf8(raw), tuple(item["with"]), tuple(item["without"])


def _as_utf8(raw: bytes) -> bytes:
    try:
        raw.decode()
    except UnicodeDecodeError:
        stated = re.search(rb"charset=[\"']?([\w-]+)", raw[:5000])
        raw = raw.decode(stated[1].decode() if stated else "latin-1", "replace").encode()
    return raw


def _spaced(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Read every page and tell the shares."""
    found = wanted = let_in = unwanted = count = 0
    taken = 0.0
    for raw, keep, drop in judged(Path(sys.argv[1])) if len(sys.argv) > 1 else made_up():
        start = time.process_time()
        try:
            source = read_page(raw)
            kept = _spaced(apply(source.text, source.edits))
        except UnreadableFile:
            kept = ""
        taken += time.process_time() - start
        count += 1
        found += sum(_spaced(text) in kept for text in keep)
        let_in += sum(_spaced(text) in kept for text in drop)
        wanted, unwanted = wanted + len(keep), unwanted + len(drop)
    print(f"{count} pages, {1000 * taken / count:.1f} ms each")
    print(f"found  {found:5} of {wanted:5}  {found / wanted:6.1%}")
    print(f"let in {let_in:5} of {unwanted:5}  {let_in / unwanted:6.1%}")


if __name__ == "__main__":
    main()
