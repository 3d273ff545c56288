"""What the pipeline hands over: one essay, as plain data."""

from dataclasses import dataclass, field
from datetime import date, datetime

from .edits import Edit, Flag


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (level 0) or a heading (level 2 to 4) of the body."""

    text: str
    level: int = 0

    def as_json(self) -> dict:
        if self.level:
            return {"type": "heading", "level": self.level, "text": self.text}
        return {"type": "paragraph", "text": self.text}


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
    extracted: list[str] = field(default_factory=list)  # lines taken out of the body as metadata
    text_key: str = ""  # equal for the same essay in either script, encoding or state of damage
    signature: list[int] = field(default_factory=list)  # fingerprints near duplicates share

    @property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.level]

    @property
    def blocked(self) -> bool:
        return any(flag.blocking for flag in self.flags)
