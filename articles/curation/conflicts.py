"""Two curators, one article: what each of them changed, seen from where both began."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..models import Article, Revision
from ..models.redirect import as_now
from ..text.comparison import Row, Run
from ..text.keys import is_key
from .revisions import Content, changed, same, state


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


def is_only_merged(article: Article, token: str) -> bool:
    """Tell whether all that became of an article since a version (`revisions.version`) is that its
    tags or authors were merged, or taken apart again: who sends a form of that version has nothing
    to look at, since the form goes by what they are now."""
    numbers = token.partition("-")[0].split(".")
    if len(numbers) != 2 or not all(is_key(one) for one in numbers):
        return False
    newest, shown = map(int, numbers)
    stood = article.revisions.filter(is_draft=False).select_related("text")
    # Made before there was any revision, it showed what became the first.
    first = {"number": 1, "kind": Revision.Kind.BEFORE}
    revision = stood.filter(**({"number__lte": newest} if newest else first)).first()
    if revision is None:
        return False
    stands = article.draft.number if article.draft_id else revision.number if newest else 0
    return shown == stands and same(as_now(revision.content), state(article.pk))


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
