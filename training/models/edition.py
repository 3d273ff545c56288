"""Editions: a text as it was assigned, cut into passages, and what a member was shown of it."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Revision
from articles.text import script
from articles.text.names import current_script

from .member import Member


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text that is read and asked about as one: its number from 1, its characters,
    and the hash of what it says, by which it is known again in another edition."""

    number: int
    chars: int
    hash: str


class Edition(models.Model):
    """One revision of one article, in both scripts, with the places where its passages begin."""

    article = models.ForeignKey(
        Article, models.SET_NULL, null=True, related_name="editions", verbose_name=_("article")
    )
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="editions")
    title = models.CharField(_("title (simplified)"), max_length=300)
    title_hant = models.CharField(_("title (traditional)"), max_length=300)
    body = models.TextField()
    body_hant = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the title and body as written
    passages = models.JSONField()  # [[characters, hash], …] in reading order
    chars = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("edition of a text")
        verbose_name_plural = _("editions of texts")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["article", "sha256"], name="an_edition_is_made_once_of_a_text"
            )
        ]

    def __str__(self) -> str:
        return self.title_hant if current_script() == script.HANT else self.title

    def body_in(self, in_script: str) -> str:
        return self.body_hant if in_script == script.HANT else self.body

    @property
    def cut(self) -> list[Passage]:
        """Return the passages in reading order."""
        return [Passage(number, *of) for number, of in enumerate(self.passages, 1)]


class How(models.TextChoices):
    """How a member reads a text."""

    SCREEN = "screen", _("on the screen")
    PRINT = "print", _("in print")
    LISTEN = "listen", _("read out to me, or by a screen reader")
    PAPER = "paper", _("on paper, entered by the unit")


class Seen(models.Model):
    """Which passages of an edition a member was shown: never when, nor for how long.

    `seen` has a bit for each passage, the first passage's lowest.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="seen")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="seen")
    seen = models.BinaryField(default=b"")
    how = models.CharField(max_length=6, choices=How, default=How.SCREEN)
    finished_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("what was seen of a text")
        verbose_name_plural = _("what was seen of texts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["member", "edition"], name="a_member_sees_an_edition_once"
            ),
            models.CheckConstraint(
                name="texts_are_read_in_a_known_way", condition=Q(how__in=How.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.edition_id}"

    @property
    def numbers(self) -> set[int]:
        """Return the numbers of the passages that were seen."""
        bits = int.from_bytes(bytes(self.seen), "little")
        return {at + 1 for at in range(bits.bit_length()) if bits >> at & 1}

    def add(self, numbers: set[int]) -> None:
        """Note passages as seen; the row is not saved by this."""
        bits = int.from_bytes(bytes(self.seen), "little")
        for number in numbers:
            bits |= 1 << (number - 1)
        self.seen = bits.to_bytes((bits.bit_length() + 7) // 8, "little")


class PaperEntry(models.Model):
    """That a unit says a member read a text on paper; it counts once another person confirms it."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="paper_entries")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="paper_entries")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    entered_name = models.CharField(max_length=150)
    entered_on = models.DateField()
    confirmed_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("reading on paper")
        verbose_name_plural = _("readings on paper")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["member", "edition"], name="reading_on_paper_is_entered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.edition_id}"
