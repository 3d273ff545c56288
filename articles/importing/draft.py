"""What the pipeline hands over: one essay, as plain data."""

from dataclasses import dataclass, field
from datetime import date, datetime

from .edits import Edit, Flag
from .source import Hints, Mark, marks_as_json

LONGEST = {
    "title": 200,
    "source_name": 120,
    "source_url": 500,
    "unit": 120,
    "author": 80,
    "tag": 60,
}
"""Characters of a field that the library has room for."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the body: a heading (level 2 to 4), a paragraph, or what `kind` says.

    A `list` has `item` parts (level is the depth, value the number, or nothing for a bullet), a
    `quote` has paragraphs, a `table` has `row` parts of `cell` and `head` parts. An `image` is a
    paragraph of pictures alone; where it has a `caption`, that is its part and its text. `spans`
    are marks within the text, counted from its start; an image among them has no length.
    """

    text: str
    level: int = 0
    kind: str = ""
    value: str = ""
    parts: tuple["Block", ...] = ()
    spans: tuple[Mark, ...] = ()

    def as_json(self) -> dict:
        if self.kind == "list":
            items = [
                {"text": item.text, "depth": item.level, "number": int(item.value or 0) or None}
                | item._spans()
                for item in self.parts
            ]
            return {"type": "list", "items": items}
        if self.kind == "table":
            rows = [[cell.text for cell in row.parts] for row in self.parts]
            heads = [n for n, row in enumerate(self.parts) if row.parts[0].kind == "head"]
            return {"type": "table", "rows": rows, "head_rows": heads}
        if self.kind == "image":
            images = [{"src": span.value, "alt": span.alt} for span in self.spans]
            return {"type": "image", "images": images} | (
                {"caption": self.text} if self.parts else {}
            )
        if self.level:
            return {"type": "heading", "level": self.level, "text": self.text} | self._spans()
        return {"type": self.kind or "paragraph", "text": self.text} | self._spans()

    def _spans(self) -> dict:
        return {"marks": marks_as_json(self.spans)} if self.spans else {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What spoke for the value of a field: codes, the strongest first, for which the desk has words
    (`articles/admin/import_fields.py`)."""

    field: str
    value: str
    reasons: tuple[str, ...]

    def as_json(self) -> dict:
        return {"field": self.field, "value": self.value, "reasons": list(self.reasons)}


@dataclass
class Draft:
    """One imported essay before it becomes rows in the database."""

    raw: bytes
    sha256: str
    encoding: str
    source_text: str
    clean_text: str = ""
    edits: list[Edit] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    title: str = ""
    title_source: str = "none"
    authors: list[str] = field(default_factory=list)
    unit: str = ""
    stated_date: date | None = None
    stated_time: datetime | None = None
    date_precision: str = ""  # day, month, year, or blank
    summary: str = ""
    keywords: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    script: str = ""
    source_name: str = ""
    source_url: str = ""
    genre: str = ""
    blocks: list[Block] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    extracted: list[str] = field(default_factory=list)  # lines taken out of the body as metadata
    marks: tuple[Mark, ...] = ()  # structure of the source text, as the reader found it
    hints: Hints = field(default_factory=Hints)  # what the file states outside its text
    text_key: str = ""  # equal for the same essay in either script, encoding or state of damage
    signature: list[int] = field(default_factory=list)  # fingerprints near duplicates share
    pictures: dict[str, bytes] = field(default_factory=dict)  # those in the text itself, by name

    @property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.level]

    @property
    def date_as_stated(self) -> str:
        """The date as precisely as it is stated, in ISO's form: 2016, 2016-05, 2016-05-01."""
        length = {"year": 4, "month": 7}.get(self.date_precision, 10)
        return self.stated_date.isoformat()[:length] if self.stated_date else ""

    @property
    def blocked(self) -> bool:
        return any(flag.blocking for flag in self.flags)
