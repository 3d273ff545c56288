"""Who did what at the desk, to which, and when."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One operation. It is never changed but by what writes it bit by bit, and outlives what it
    tells of: names are kept beside numbers."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    user_name = models.CharField(_("done by"), max_length=150, blank=True)
    action = models.CharField(_("action"), max_length=20)
    kind = models.CharField(_("kind of object"), max_length=40)  # Django's label: articles.article
    ids = models.JSONField(_("numbers"), default=list)
    label = models.CharField(_("what"), max_length=300, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("line of the log")
        verbose_name_plural = _("log")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["user", "-at"], name="log_of_a_user"),
            models.Index(fields=["action", "-at"], name="log_of_an_action"),
            models.Index(fields=["kind", "-at"], name="log_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.user_name} {self.label}"


class AuditedObject(models.Model):
    """One of the objects of a line, so that the log of one object is read from an index."""

    entry = models.ForeignKey(AuditEntry, models.CASCADE, related_name="objects_told_of")
    number = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["number", "entry"], name="log_of_an_object")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.number}"
