"""How to cite an article: after GB/T 7714—2015, and as a BibTeX entry.

What is not known is left out, never guessed: an essay without a date has none in its citation, and
the day some site put it up is no date of it: that stands in a note.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

_MOST_AUTHORS = 3
"""Authors named by the standard; the others are 等 (8.1.2)."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "$&%#_"},
        "\n": " ",
    }
)
"""Braces by name: BibTeX counts them even behind a backslash."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation tells of an article in one script, as it is read on this site."""

    title: str
    authors: tuple[str, ...]
    stated: date | None
    precision: str  # of the stated date: day month year
    url: str
    accessed: date
    number: int
    is_upload: bool = False  # the stated date is only that of a site

    @property
    def gbt7714(self) -> str:
        """Return the entry of a bibliography: 佚名. 題名[EB/OL]. (2011-03-05)[2026-11-21]. 地址.

        An electronic resource gives the day it was made or changed in round brackets and the day
        it was read in square ones, after ISO 8601; a year alone is a year of publication. Marks are
        the standard's own: half-width, a space behind.
        """
        names = self.authors[:_MOST_AUTHORS] or ("佚名",)
        by = ", ".join(names) + (", 等" if len(self.authors) > _MOST_AUTHORS else "")
        made = ""
        if self.stated and not self.is_upload:
            made = self._stated if self.precision == "year" else f"({self._stated})"
        # What ends in a mark of its own, as Inc. does, takes no second one.
        by = by if by.endswith(".") else f"{by}."
        return f"{by} {self.title}[EB/OL]. {made}[{self.accessed.isoformat()}]. {self.url}."

    @property
    def _stated(self) -> str:
        """Return the stated date, as far as it is known."""
        return self.stated.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    @property
    def bibtex(self) -> str:
        """Return a `misc` entry, which every BibTeX style knows.

        Names stand in braces of their own, so that none is taken apart: a union signs too.
        """
        fields = {}
        if self.authors:
            names = (f"{{{name.translate(_BIBTEX)}}}" for name in self.authors)
            fields["author"] = "{" + " and ".join(names) + "}"
        fields["title"] = f"{{{{{self.title.translate(_BIBTEX)}}}}}"
        if self.stated and not self.is_upload:
            fields["year"] = f"{{{self.stated.year}}}"
            if self.precision != "year":
                fields["month"] = _MONTHS[self.stated.month - 1]
            if self.precision == "day":
                fields["day"] = f"{{{self.stated.day}}}"
        if self.stated and self.is_upload:
            fields["note"] = f"{{{_('Uploaded on its site: ')}{self._stated}}}"
        fields["url"] = f"{{{self.url}}}"
        fields["urldate"] = f"{{{self.accessed.isoformat()}}}"
        lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
        return f"@misc{{essay{self.number},\n{lines}\n}}"
