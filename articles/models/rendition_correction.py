"""What curators put right in a rendition: a word that conversion between scripts gets wrong."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..text import html, script
from ..text.quotes import replaced
from .author import Author
from .author import AuthorAlias as Alias
from .choices import Script

MOST_CHARACTERS = 40


class Corrections:
    """The corrections of one script, as they are applied to a text that was converted to it.

    Of several that fit at one place the longest is taken. No character of an author's name changes.
    """

    def __init__(self, of: str, right: Mapping[str, str]):
        self._script = of
        self._right = dict(right)
        longest = sorted(self._right, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest)) or "(?!)")

    def text(self, text: str) -> str:
        """Return a text with its words put right."""
        return replaced(text, self._swaps(text))

    def markup(self, markup: str) -> str:
        """Return markup with its words put right, those too that a tag cuts in two."""
        if not self._right:
            return markup
        masked = html.masked(markup)
        text = masked.replace("\0", "")
        swaps = self._swaps(text)
        if swaps and len(text) < len(masked):
            stands_at = [at for at, char in enumerate(masked) if char != "\0"]
            swaps = {stands_at[at]: char for at, char in swaps.items()}
        return replaced(markup, swaps)

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return where words of a text are put right: beginning and end of each."""
        return [found.span() for found in self._found(text)]

    def _swaps(self, text: str) -> dict[int, str]:
        return {
            found.start() + at: right
            for found in self._found(text)
            for at, right in enumerate(self._right[found[0]])
        }

    def _found(self, text: str) -> list[re.Match[str]]:
        found = list(self._pattern.finditer(text))
        if not found or self._names is None:
            return found
        of_names = {at for name in self._names.finditer(text) for at in range(*name.span())}
        return [
            one
            for one in found
            if not any(
                one.start() + at in of_names
                for at, pair in enumerate(zip(one[0], self._right[one[0]], strict=True))
                if pair[0] != pair[1]
            )
        ]

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        """Return the pattern of authors' names that have a character which would change."""
        changing = {
            char
            for pair in self._right.items()
            for char, other in zip(*pair, strict=True)
            if char != other
        }
        column = "name_hant" if self._script == script.HANT else "name"
        sources = [(Author, column)] + ([(Alias, "name")] if column == "name" else [])
        names: set[str] = set()
        for model, name in sources:
            having = Q(*((f"{name}__contains", char) for char in changing), _connector=Q.OR)
            names.update(model.objects.filter(having).order_by().values_list(name, flat=True))
        names = {name for name in names if len(name) > 1}
        longest = sorted(names, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest))) if names else None


NONE = Corrections("", {})


_LOCK = 734061
"""The advisory lock of renditions under way, a number of our own."""


class RenditionCorrectionQuerySet(models.QuerySet):
    def by_script(self) -> dict[str, Corrections]:
        """Return the corrections of each script that has some, with one query.

        In a transaction, what is made with them is waited for by who changes one (`settled`).
        """
        rows = self.order_by().values_list("script", "phrase", "right")
        if connection.vendor != "postgresql" or not connection.in_atomic_block:
            return corrections_of(rows)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK}); {rows.query}")
            cursor.nextset()
            return corrections_of(cursor.fetchall())

    def settled(self) -> None:
        """Return once all that was made with the corrections of before can be seen: a save that had
        read them when one was changed may end later. SQLite has one writer at a time."""
        if connection.vendor == "postgresql":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def corrections_of(rows: Iterable[tuple[str, str, str]]) -> dict[str, Corrections]:
    """Return what applies corrections, by script; each is script, phrase and right form."""
    found: dict[str, dict[str, str]] = {}
    for of, phrase, right in rows:
        found.setdefault(of, {})[phrase] = right
    return {of: Corrections(of, right) for of, right in found.items()}


class RenditionCorrection(models.Model):
    """A word that comes out wrong in one script, and how it is written there.

    It changes what was converted, never a text in the script it was written in.
    """

    script = models.CharField(_("reads wrong in"), max_length=7, choices=Script)
    phrase = models.CharField(_("as it comes out"), max_length=MOST_CHARACTERS)
    right = models.CharField(_("right form"), max_length=MOST_CHARACTERS)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    created_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    objects = RenditionCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a script")
        verbose_name_plural = _("corrections of scripts")
        ordering = ["script", "phrase"]
        constraints = [
            models.UniqueConstraint(
                fields=["script", "phrase"], name="one_correction_a_phrase_and_script"
            ),
            models.CheckConstraint(
                name="corrections_change_something",
                condition=~Q(phrase="") & ~Q(right="") & ~Q(phrase=F("right")),
            ),
            models.CheckConstraint(
                name="corrections_have_a_known_script", condition=Q(script__in=Script.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phrase} → {self.right}"

    def clean(self) -> None:
        """Refuse what would hit too much, or change more than characters."""
        super().clean()
        self.phrase, self.right = self.phrase.strip(), self.right.strip()
        if len(self.phrase) < 2:
            told = _("Give two characters or more: a single one stands in too many words.")
            raise ValidationError({"phrase": told})
        if len(self.right) != len(self.phrase):
            told = _("Give as many characters as in what comes out: only their forms change.")
            raise ValidationError({"right": told})
        if self.right == self.phrase:
            raise ValidationError({"right": _("This is what comes out already.")})
