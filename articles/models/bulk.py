"""One change to many articles: what was chosen, how far it is, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.leases import Leased

from .article import Article
from .audit import AuditEntry


class BulkRun(Leased):
    """One change to the articles that were chosen when its confirmation page was made."""

    class Action(models.TextChoices):
        SUBMIT = "submit", _("Submit for review")
        PUBLISH = "publish", _("Publish")
        UNPUBLISH = "unpublish", _("Unpublish: back to draft")
        ARCHIVE = "archive", _("Archive")
        ADD_TAGS = "add_tags", _("Add tags")
        REMOVE_TAGS = "remove_tags", _("Remove tags")
        SET_AUTHORS = "set_authors", _("Set the authors")
        SET_GENRE = "set_genre", _("Set the genre")
        SET_SOURCE = "set_source", _("Set the source")
        BIN = "bin", _("Move to the recycle bin")
        RESTORE = "restore", _("Restore from the recycle bin")
        PURGE = "purge", _("Delete for good")
        UNDO = "undo", _("Undo")

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for confirmation")
        WORKING = "working", _("At work")
        DONE = "done", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    WORKING = (State.WORKING,)

    action = models.CharField(_("action"), max_length=12, choices=Action)
    parameters = models.JSONField(default=dict)
    foreseen = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", models.CASCADE, null=True, related_name="undone_by")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ASKED)
    total = models.PositiveIntegerField(_("articles"), default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    as_of = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    finished_at = models.DateTimeField(_("finished at"), null=True)
    entry = models.ForeignKey(AuditEntry, models.SET_NULL, null=True, related_name="bulk_runs")

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ["-pk"]
        default_permissions = ()  # who may change articles sees what was changed
        constraints = [
            models.CheckConstraint(
                name="undoing_undoes_a_run",
                condition=Q(action="undo", undoes__isnull=False)
                | (~Q(action="undo") & Q(undoes__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} · {self.get_action_display()}"


class BulkItem(models.Model):
    """One article of a bulk run.

    `base` and `seen` are its time of change and the number of its newest revision as they stood
    when the run was asked for: where either is another by now, somebody changed it meanwhile. Once
    it is changed, `stamp` and `seen` are what it has then, and `before` is what an undo puts back
    where nobody changed it since: an undo's own items have these of the run undone as `base`,
    `seen` and `wanted`. Of runs from before there was `seen`, it is empty.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CHANGED = "changed", _("changed")
        LEFT = "left", _("left out")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    number = models.BigIntegerField()
    title = models.CharField(max_length=200, db_default="")
    outcome = models.CharField(max_length=7, choices=Outcome, db_default=Outcome.WAITING)
    reason = models.CharField(max_length=300, db_default="")
    wanted = models.JSONField(null=True)
    base = models.DateTimeField(null=True)
    seen = models.IntegerField(null=True)
    before = models.JSONField(null=True)
    stamp = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["run", "outcome", "id"], name="outcomes_of_a_bulk_run")]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="an_article_stands_once_in_bulk")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number}"
