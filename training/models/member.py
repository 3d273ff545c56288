"""Members: people of the roster, with or without an account, and where they belong."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .unit import Unit, below, sees_all


class MemberQuerySet(models.QuerySet):
    def present(self):
        """Return those who have not left."""
        return self.filter(left_on=None)

    def in_units(self, units):
        """Return those who today belong to one of `units` or to a unit below one."""
        return self.filter(
            models.Exists(
                Membership.objects.filter(
                    below(units, "unit__path"), member=models.OuterRef("pk"), until_on=None
                )
            )
        )

    def within(self, user):
        """Return the members a user may see by office or permission. Themselves are not meant:
        what people see of themselves they see without this."""
        if sees_all(user):
            return self
        held = Unit.objects.led_by(user)
        return self.filter(
            models.Exists(
                Membership.objects.filter(
                    member=models.OuterRef("pk"), until_on=None, unit__in=held
                )
            )
        )


class Member(models.Model):
    """A person of the roster.

    Records carry the `uid` alone. A staff number is one person's within their employer: the unit
    whose roster it came with.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="member",
        verbose_name=_("account"),
    )
    name = models.CharField(_("full name"), max_length=60)
    staff_no = models.CharField(_("staff number"), max_length=40)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    employer = models.ForeignKey(
        Unit, models.PROTECT, related_name="employees", verbose_name=_("employer")
    )
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["employer__path", "staff_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "staff_no"],
                condition=Q(left_on=None),
                name="a_staff_number_is_one_member_of_an_employer",
            ),
            models.CheckConstraint(name="members_have_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="members_have_a_number", condition=~Q(staff_no="")),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.staff_no}）"

    @property
    def phone_masked(self) -> str:
        """Return the phone number as others see it: its first three digits and its last two."""
        hidden = max(0, len(self.phone) - 5)
        return f"{self.phone[:3]}{'•' * hidden}{self.phone[-2:]}" if hidden else self.phone

    @property
    def unit(self) -> Unit | None:
        """Return the unit the member belongs to now."""
        now = self.memberships.filter(until_on=None).select_related("unit").first()
        return now.unit if now else None

    def unit_on(self, day) -> Unit | None:
        """Return the unit the member belonged to on a day."""
        then = self.memberships.filter(
            Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day
        ).select_related("unit")
        found = then.order_by("-from_on", "-pk").first()
        return found.unit if found else None


class Membership(models.Model):
    """That a member belonged to a unit from one day until another: a move ends one and begins
    the next, so what was stays."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["from_on", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["unit", "member"], condition=Q(until_on=None), name="members_of_a_unit"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(until_on=None),
                name="a_member_belongs_to_one_unit_at_a_time",
            ),
            models.CheckConstraint(
                name="memberships_end_after_they_begin",
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.unit_id}"


class Activation(models.Model):
    """A code, printed once, by which a member gets an account and chooses a password.

    What is kept is its hash: the code is random, so nothing is gained by making that slow. Wrong
    codes lock the slip, nobody and nothing else.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="activations")
    code_sha256 = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_on = models.DateField()
    expires_on = models.DateField()
    used_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("activation slip")
        verbose_name_plural = _("activation slips")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(used_on=None),
                name="a_member_has_one_open_slip",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
