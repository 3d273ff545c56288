"""Title, authors, date, summary, keywords, source and genre, read from the clean text.

A blank beats a guess: what is not stated stays blank, and the pipeline flags it. Lines that hold
metadata are taken out of the body, but they are no edits: the clean text keeps them.
"""

import re

from ...text import script
from ..source import OBJECT, Hints
from ..structure.blocks import Structure
from .bylines import bare_names, bullet_byline, reporters, split_names
from .genre import genre_of
from .hints import bylines_of, date_of, title_of
from .labelled import take_labels, take_source
from .labels import is_labelled
from .stated import LONGEST, Metadata
from .unlabelled import take_closing_byline, take_date, take_names

_SENTENCE_END = "。；，、：！,;:!"
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+(?:\.\d+)*[\s、.．])"
)
_LONGEST_TITLE = 50
"""Characters; of 3,000 essay titles looked at the longest had 44."""
_REPORTED_BY = re.compile(
    r"(?:本[报刊网]讯|.{0,12}\d+日[电讯])\s*[(（](?P<who>[^()（）]{2,40})[)）]"
)


def extract(text: str, structure: Structure | None = None, hints: Hints | None = None) -> Metadata:
    """Read the metadata of a clean text; its structure says which lines can hold any.

    `hints` are what the file states outside its text, taken where the text states nothing.
    """
    found = Metadata()
    structure, hints = structure or Structure(text), hints or Hints()
    lines = [line.replace(OBJECT, "").strip() for line in text.split("\n")]
    titled = _title_line(lines, structure, hints)
    headings = structure.numbers("heading")
    grouped = structure.numbers("item", "quote", "table")
    head = True  # labels are read before the body has begun, and again at its very end
    long_lines = 0
    below_title = -1
    last = max((number for number, line in enumerate(lines) if line), default=0)
    for number, line in enumerate(lines):
        if not line:
            continue
        if number == titled:
            found.title, found.title_source = line, "heading" if number in headings else "line"
            if hints.own:
                found.title_source = hints.origin
            found.lines.add(number)
            below_title = next((n for n in range(number + 1, len(lines)) if lines[n]), -1)
            continue
        if number in headings:
            head = False  # a heading within the body: the body has begun
            continue
        if head or number >= last - 2:
            if take_labels(found, number, line) or take_source(found, number, line):
                continue
            if number >= last - 2 and take_closing_byline(found, number, line, number == last):
                continue
        if not head:
            continue
        if number in grouped:
            long_lines += 1
            head = long_lines < 2
        elif not found.authors and (names := bullet_byline(line) or reporters(line)):
            found.authors = names
            found.lines.add(number)
        elif not found.stated and take_date(found, number, line):
            pass
        elif not found.title and titled is None and _could_be_title(line, number == last):
            found.title, found.title_source = line, "line"
            found.lines.add(number)
            below_title = next((n for n in range(number + 1, len(lines)) if lines[n]), -1)
        elif below_title == number and not found.authors and take_names(found, number, line):
            pass
        else:
            if not found.authors and (match := _REPORTED_BY.match(script.fold(line))):
                found.authors = reporters(line[slice(*match.span("who"))])
            long_lines += 1
            head = long_lines < 2 and len(line) > 16
    _take_hints(found, hints)
    labelled = any(is_labelled(lines[n], "unit") for n in found.lines)
    if found.unit and not found.authors and labelled:  # whose unit would it be?
        found.unit = ""
        found.lines -= {n for n in found.lines if is_labelled(lines[n], "unit")}
    labelled_summary = bool(found.summary)
    _take_lead(found, lines)
    found.genre = genre_of(
        found.title, text, keywords=bool(found.keywords), summary=labelled_summary
    )
    return found


_TITLE_WITHIN = 8
"""Lines from the top among which the title a file states is looked for."""


def _title_line(lines: list[str], structure: Structure, hints: Hints) -> int | None:
    """Return the line that is the title for certain: by its mark, or as the file states it too."""
    stated = _letters(title_of(hints))
    filled = [number for number, line in enumerate(lines) if line][:_TITLE_WITHIN]
    for number in filled:
        if stated and _letters(lines[number]) == stated:
            return number
    number = structure.title_line
    fit = number is not None and len(lines[number]) <= 2 * _LONGEST_TITLE
    return number if fit and not _NUMBERED.match(lines[number]) else None


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", script.fold(text)))


def _take_hints(found: Metadata, hints: Hints) -> None:
    """Take what the file states beside its text where the text states nothing itself."""
    if not found.title and (title := title_of(hints)):
        found.title, found.title_source = title, hints.origin
    if not found.authors:
        # The head of a page often names the site for the author.
        read = bare_names if hints.origin == "title-tag" else split_names
        names = [name for byline in bylines_of(hints) for name in read(byline)]
        found.authors = list(dict.fromkeys(names))
        if found.authors:
            found.perhaps_authors = []
    if not found.stated and (stated := date_of(hints)):
        # A web page's head knows when the site put it up.
        found.stated, found.upload_date = stated, hints.origin == "title-tag"
    found.impossible_date = found.impossible_date or ("" if found.stated else hints.date.strip())
    found.summary = found.summary or hints.summary
    found.keywords = found.keywords or list(hints.keywords)
    found.source_name = found.source_name or hints.source_name[: LONGEST["source_name"]]
    found.unit = found.unit or hints.unit[: LONGEST["unit"]]
    if not found.source_url and re.match(r"https?://\S+$", hints.source_url):
        found.source_url = hints.source_url


def _could_be_title(line: str, only: bool) -> bool:
    return (
        2 <= len(line) <= _LONGEST_TITLE
        and line[-1] not in _SENTENCE_END
        and "。" not in line
        and not _NUMBERED.match(line)
        and not only
    )


def _take_lead(found: Metadata, lines: list[str]) -> None:
    """Take the first paragraph as the summary where a later one repeats it: it is a lead."""
    if found.summary:
        return
    body = [(n, line) for n, line in enumerate(lines) if line and n not in found.lines]
    if not body:
        return
    number, first = body[0]
    if 30 <= len(first) <= 300 and any(line.startswith(first) for _, line in body[1:]):
        found.summary = first
        found.lines.add(number)
