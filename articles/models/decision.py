"""What curators decided on an import's edits and flags."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .source import Source


class DecisionQuerySet(models.QuerySet):
    def standing(self):
        """Return the decisions that hold: neither taken back nor lost in a later import."""
        return self.filter(undone_at__isnull=True, lost_at__isnull=True)


class Decision(models.Model):
    """One decision of one curator, and exactly what it changed in the source's edits.

    `removed` left the edits and `added` came in; taking the decision back swaps them. `finding`
    is the flag or edit as the curator saw it. A decision of a whole kind has only its kind there.
    One made in the article's form changed no edits: `text` is what the form says there.
    """

    class Action(models.TextChoices):
        ACCEPT = "accept", _("text put in")
        SETTLE = "settle", _("left as it is")
        UNDO = "undo", _("edit undone")
        REVIEW = "review", _("edits looked through")
        FORM = "form", _("answered in the form")
        TABLE = "table", _("answered in the table before the import")

    source = models.ForeignKey(Source, models.CASCADE, related_name="decisions")
    action = models.CharField(_("action"), max_length=6, choices=Action)
    finding = models.JSONField(default=dict)
    text = models.TextField(_("text"), blank=True)
    removed = models.JSONField(default=list)
    added = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)  # a changed file had no place for it any more

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]
        default_permissions = ()  # who may change the article may decide
        constraints = [
            models.CheckConstraint(
                name="decisions_are_of_a_known_kind",
                condition=Q(action__in=["accept", "settle", "undo", "review", "form", "table"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.finding.get('kind', '')}"

    @property
    def shown_text(self) -> str:
        """Return the text with a sign for its line feed, where it begins a paragraph."""
        return self.text.replace("\n", "↵")

    @property
    def stands(self) -> bool:
        return self.undone_at is None and self.lost_at is None
