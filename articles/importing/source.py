"""What a reader gives: the text of a file, its structure, and what the file says of itself.

The text is plain, a line for each block; the structure lies beside it as marks, spans of that
text. So a repair of a web page is the same edit as one of a text file, and no repair has to know
what a tag is.
"""

from dataclasses import asdict, dataclass, field

from .edits import Edit, Flag

MAX_BYTES = 20 * 1024 * 1024
"""Largest file read, in bytes: an essay of a million characters takes 3 MB."""

MAX_CHARACTERS, MAX_LINES, MAX_MARKS = 2_000_000, 100_000, 100_000
"""Longest text taken, twice the longest essays: every step goes through all of it, at 20 s for a
million characters, 100,000 lines or as many marks, and a file has to end within a minute or so."""

OBJECT = "\ufffc"
"""Stands in the text for an image: Unicode's object replacement character."""


PART = "part:"
"""Stands before the name of a picture that lies within the file or beside it, in the place of its
address, until the library has taken it in."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Structure of the text at [start, end).

    Of whole lines: `heading` (level 1 to 6), `item` of a list (level is its depth from 1, value
    its number, or nothing for a bullet), `quote`, `table`, and in a table's lines `cell` (value
    "head" in a head row), `caption` of the picture beside it. Within a line: `strong`, `em`,
    `link` (value is the address) and `image`, one OBJECT long (value is the address, `alt` what
    the picture shows, `beside` the file that a saved page has it in as well).
    """

    kind: str
    start: int
    end: int
    level: int = 0
    value: str = ""
    alt: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What the file states of the essay outside its text, as it states it.

    `origin` says where the title was found: `property` of a document, `title-tag` of a web page,
    `front-matter`, `column` of a table. `own` hints are written for this very essay, a column
    headed 標題 say; others are filled in by programs, and often wrongly.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    source_name: str = ""
    source_url: str = ""
    unit: str = ""
    origin: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class SourceText:
    """Decoded text, the encoding it was in (the format's name where that says more), and whether
    the reading is beyond doubt. `flags` are what the reader could not keep, `edits` what it takes
    out of the text itself because only the format tells: struck-out words, what stands round the
    essay on a web page. `pictures` are those written into the text itself, by their names."""

    text: str
    encoding: str
    certain: bool = True
    marks: tuple[Mark, ...] = ()
    hints: Hints = field(default_factory=Hints)
    flags: tuple[Flag, ...] = ()
    edits: tuple[Edit, ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)


def marks_as_json(marks: tuple[Mark, ...]) -> list[dict]:
    """Return marks as plain data, without what is blank."""
    return [{name: value for name, value in asdict(m).items() if value != ""} for m in marks]


def marks_from_json(marks: list[dict]) -> tuple[Mark, ...]:
    """Return the marks that `marks_as_json` made plain."""
    return tuple(Mark(**mark) for mark in marks)


def hints_as_json(hints: Hints) -> dict:
    """Return what the hints state as plain data."""
    return {name: value for name, value in asdict(hints).items() if value}


def hints_from_json(hints: dict) -> Hints:
    """Return the hints that `hints_as_json` made plain."""
    lists = {name: tuple(hints[name]) for name in ("authors", "keywords") if name in hints}
    return Hints(**hints | lists)
