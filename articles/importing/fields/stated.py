"""What an essay says of itself."""

from dataclasses import dataclass, field

from .dates import StatedDate

LONGEST = {"unit": 40, "source_name": 40, "authors": 60, "keywords": 100, "title": 60}
LONGEST |= {"editor": 30, "number": 60}
"""Characters of a field's value; what is longer belongs to the author's text."""


@dataclass
class Metadata:
    """What an essay says of itself, and which of its lines say nothing else."""

    title: str = ""
    title_source: str = "none"
    authors: list[str] = field(default_factory=list)
    unit: str = ""
    stated: StatedDate | None = None
    upload_date: bool = False
    impossible_date: str = ""  # what is stated for a date and is none
    summary: str = ""
    keywords: list[str] = field(default_factory=list)
    source_name: str = ""
    source_url: str = ""
    genre: str = ""
    perhaps_authors: list[str] = field(default_factory=list)  # for a curator to decide
    lines: set[int] = field(default_factory=set)  # numbers of the lines taken out of the body
