"""What an essay says of itself."""

from dataclasses import dataclass, field

from ..draft import Evidence
from .dates import StatedDate

LONGEST = {"unit": 60, "source_name": 40, "authors": 60, "keywords": 100, "title": 60}
LONGEST |= {"office": 60, "editor": 40, "number": 80, "site": 24, "category": 40}
"""Characters of a field's value; what is longer belongs to the author's text."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as it was found: `own` for the essay's, `site` for a page's clock, `upload` for when
    somebody else put it up. A date with the higher rank is the better one of its role."""

    stated: StatedDate
    role: str
    reason: str
    rank: int = 0


def day_of(stated: StatedDate) -> str:
    """Return a date as far as it is stated: 2020, 2020-05 or 2020-05-06."""
    return stated.date.isoformat()[: {"year": 4, "month": 7, "day": 10}[stated.precision]]


@dataclass
class Metadata:
    """What an essay says of itself, and which of its lines say nothing else."""

    title: str = ""
    title_source: str = "none"
    original: str = ""  # what the page says was the title elsewhere
    doubtful_title: bool = False
    titles: list[str] = field(default_factory=list)  # what else may be the title, best first
    authors: list[str] = field(default_factory=list)
    unit: str = ""
    office: str = ""  # that issued a document
    sender: str = ""  # of a letter
    dates: list[Dated] = field(default_factory=list)
    stated: StatedDate | None = None
    upload_date: bool = False
    impossible_date: str = ""  # what is stated for a date and is none
    summary: str = ""
    keywords: list[str] = field(default_factory=list)
    source_name: str = ""
    source_url: str = ""
    genre: str = ""
    doubtful_authors: bool = False
    doubtful_date: bool = False
    # For a curator to decide, the best first: bylines, their names joined by 、, and dates.
    perhaps_authors: list[str] = field(default_factory=list)
    perhaps_dates: list[str] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)  # numbers of the lines taken out of the body
    cuts: dict[int, tuple[int, int]] = field(default_factory=dict)  # of a line: what is kept
    evidence: list[Evidence] = field(default_factory=list)
    essay: bool = True  # or a menu, a list of links, code: nothing is read from it
