"""Errors readers report, for the curators' queue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article
from .choices import Script

MOST_OPEN = 1000
"""Open reports the queue takes: some megabytes. A flood stops there; readers are told."""

MOST_OPEN_OF_ONE = 30
"""Open reports taken of one article, so that a flood on it leaves room for the others."""


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=Report.State.OPEN)

    def is_full_for(self, article: Article) -> bool:
        """Tell whether the queue takes no more on an article before some are handled."""
        waiting = self.open()
        return (
            waiting.filter(article=article)[MOST_OPEN_OF_ONE - 1 :].exists()
            or waiting.order_by()[MOST_OPEN - 1 :].exists()
        )


class Report(models.Model):
    """What a reader says is wrong with an article. Plain text, and nothing about who sent it but
    what they gave themselves."""

    class Kind(models.TextChoices):
        CHARACTER = "character", _("Wrong character")
        GARBLED = "garbled", _("Garbled text")
        MISSING = "missing", _("Missing text")
        FACTS = "facts", _("Wrong author, date or source")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")
        REJECTED = "rejected", _("Rejected")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="reports", verbose_name=_("article")
    )
    kind = models.CharField(_("what is wrong"), max_length=9, choices=Kind)
    passage = models.CharField(_("passage"), max_length=500, blank=True)
    note = models.CharField(_("reader's note"), max_length=2000, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    script = models.CharField(_("read in"), max_length=7, choices=Script)
    created_at = models.DateTimeField(_("reported at"), default=timezone.now)
    status = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("handled by"),
    )
    handled_at = models.DateTimeField(_("handled at"), null=True)
    answer = models.TextField(_("what was done"), blank=True, max_length=2000)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("change", "delete", "view")  # readers make them, nobody else
        indexes = [models.Index(fields=["status", "-created_at"], name="reports_waiting")]
        constraints = [
            models.CheckConstraint(
                name="reports_are_of_a_known_kind",
                condition=Q(kind__in=["character", "garbled", "missing", "facts", "other"]),
            ),
            models.CheckConstraint(
                name="reports_are_handled_once_not_open",
                condition=Q(status="open", handled_at__isnull=True)
                | Q(status__in=["resolved", "rejected"], handled_at__isnull=False),
            ),
            models.CheckConstraint(name="reports_say_something", condition=~Q(passage="", note="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def handle(self, status: str, user) -> None:
        """Give the report a state and keep who did so; opening it anew forgets that."""
        is_open = status == self.State.OPEN
        self.status = status
        self.handled_by = None if is_open else user
        self.handled_at = None if is_open else timezone.now()
