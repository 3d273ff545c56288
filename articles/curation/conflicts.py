"""Two curators, one article: what each of them changed, seen from where both began."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..text.comparison import Row, Run
from .revisions import Content, changed


class By(TextChoices):
    """Who changed something since both began; unknown where it is not kept how it was."""

    YOU = "you", _("changed by you")
    THEM = "them", _("changed meanwhile")
    BOTH = "both", _("changed by both")
    UNKNOWN = "unknown", _("different")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A state saved meanwhile, and one that was to be saved over it."""

    base: Content | None
    theirs: Content
    mine: Content

    @property
    def fields(self) -> dict[str, By]:
        """Return what the two differ in, and who changed it."""
        return {name: self._by(name) for name in changed(self.theirs, self.mine)}

    def _by(self, name: str) -> By:
        if self.base is None:
            return By.UNKNOWN
        if name not in changed(self.base, self.mine):
            return By.THEM
        return By.BOTH if name in changed(self.base, self.theirs) else By.YOU

    @property
    def taken_over(self) -> list[str]:
        """Return what only the others changed: to keep it as it was would undo their work."""
        return [name for name, by in self.fields.items() if by == By.THEM]


@dataclass(frozen=True, slots=True)
class HintedRow:
    """Two paragraphs beside each other, and who made them differ."""

    left: list[Run]
    right: list[Run]
    by: By | None

    @property
    def equal(self) -> bool:
        return self.by is None


def hinted(rows: Iterable[Row], base: str | None) -> list[HintedRow]:
    """Tell of each pair of paragraphs (theirs, mine) who changed it, by the text both began with.

    A paragraph that stood there already was not touched by its side.
    """
    known = None if base is None else set(base.split("\n"))
    return [HintedRow(row.left, row.right, _by(row, known)) for row in rows]


def _by(row: Row, known: set[str] | None) -> By | None:
    if row.equal:
        return None
    if known is None:
        return By.UNKNOWN
    theirs, mine = ("".join(run.text for run in runs) in known for runs in (row.left, row.right))
    if not row.right:  # it stands in their text alone: cut here, or added there
        return By.YOU if theirs else By.THEM
    if not row.left:
        return By.THEM if mine else By.YOU
    return By.THEM if mine else By.YOU if theirs else By.BOTH
