"""Records: facts that are never changed, and the seals that show they were not.

The database itself refuses UPDATE, DELETE, TRUNCATE and replacement (migration 0002). What was
wrong is put right by a further record. Records have no keys to other tables: what they tell of may
be deleted, and they stay.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RecordKind(models.TextChoices):
    STEP = "step", _("read and understood")
    PATH = "path", _("path finished")
    EXCUSE = "excuse", _("excused")
    PAPER = "paper", _("read on paper")
    CORRECTION = "correction", _("correction")


class RecordQuerySet(models.QuerySet):
    def unsealed(self):
        """Return what came since the last seal, in its order."""
        last = Seal.objects.order_by("-number").first()
        return self.filter(pk__gt=last.to_id if last else 0).order_by("pk")


class Record(models.Model):
    """One fact about one member: what, in which edition, by which rule, with what result."""

    uid = models.UUIDField(unique=True, default=uuid4)
    member_uid = models.UUIDField(db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RecordKind)
    object = models.JSONField(_("of what"))
    rule = models.JSONField(_("by which rule"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    unit = models.JSONField(_("unit at that time"), default=dict)
    by = models.CharField(_("recorded by"), max_length=150)
    at = models.DateTimeField(_("at"), default=timezone.now)
    corrects = models.UUIDField(null=True)
    leaf_sha256 = models.CharField(max_length=64)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="records_are_of_a_known_kind", condition=Q(kind__in=RecordKind.values)
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class SealKey(models.Model):
    """A public key that seals were signed with; the private one is a file of the server's."""

    key_id = models.CharField(max_length=16, unique=True)
    public = models.CharField(max_length=64)  # Ed25519, 32 bytes in hexadecimal
    from_on = models.DateField()

    class Meta:
        verbose_name = _("public key of seals")
        verbose_name_plural = _("public keys of seals")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.key_id


class Seal(models.Model):
    """The Merkle root of the records since the last seal, chained to it and signed."""

    number = models.PositiveIntegerField(unique=True)
    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    chain = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16)
    sealed_on = models.DateField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["number"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.number}: {self.chain[:16]}"


class Look(models.Model):
    """That somebody looked at what is recorded of a member, on a day."""

    member_uid = models.UUIDField(db_index=True)
    by = models.CharField(_("looked at by"), max_length=150)
    why = models.CharField(_("where"), max_length=40)
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("look at records")
        verbose_name_plural = _("looks at records")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["member_uid", "by", "why", "on"], name="a_look_is_noted_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.on}"
