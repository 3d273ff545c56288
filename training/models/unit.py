"""Units: the tree of a federation, down to branches and teams."""

from django.core.validators import validate_unicode_slug
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.in_both_scripts import InBothScripts


class UnitKind(models.TextChoices):
    FEDERATION = "federation", _("federation")
    DISTRICT = "district", _("township or industry union")
    GRASSROOTS = "grassroots", _("grassroots union")
    BRANCH = "branch", _("branch")
    TEAM = "team", _("team")


class UnitQuerySet(models.QuerySet):
    def below(self, *units: "Unit"):
        """Return these units and all below them."""
        return self.filter(below(units))

    def standing(self):
        """Return the units that are not closed."""
        return self.filter(closed_on=None)

    def led_by(self, user):
        """Return the units whose people a user may see: all for those who see to training or look
        into it, else what lies below the units where the user holds such an office today."""
        if sees_all(user):
            return self
        offices = self.model._meta.get_field("offices").related_model
        units = offices.objects.of_today(user.pk).select_related("unit")
        return self.filter(below(office.unit for office in units))


VIEW_ALL = "training.view_all_units"
"""The permission of groups that see to training in all units, or look into it."""


def sees_all(user) -> bool:
    """Tell whether a user sees the people of every unit."""
    return user.is_active and user.has_perm(VIEW_ALL)


def below(units, path: str = "path") -> Q:
    """Return the condition that the unit with this `path` is one of `units` or lies below one."""
    found = Q(pk__in=[])
    for unit in units:
        found |= Q(**{f"{path}__startswith": unit.path})
    return found


class Unit(InBothScripts):
    """A union, a part of one, or what unions are joined in.

    `path` holds the numbers of all units above and its own, each with a full stop behind it: what
    begins with a unit's path lies below it. Only `training.tree` writes it.
    """

    in_both_scripts = ("name",)

    name = models.CharField(_("name (simplified)"), max_length=80, blank=True)
    name_hant = models.CharField(_("name (traditional)"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    path = models.CharField(max_length=200, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind, default=UnitKind.GRASSROOTS)
    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[validate_unicode_slug],  # it stands in addresses
        help_text=_("Stands on slips and begins the sign-in names of the unit's members."),
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        permissions = [("view_all_units", "see the people of all units")]
        constraints = [
            models.CheckConstraint(name="units_have_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="units_have_a_code", condition=~Q(code="")),
            models.CheckConstraint(
                name="paths_of_units_end_with_a_full_stop", condition=Q(path__endswith=".")
            ),
            models.CheckConstraint(
                name="units_are_of_a_known_kind", condition=Q(kind__in=UnitKind.values)
            ),
            models.CheckConstraint(
                name="a_unit_is_not_above_itself", condition=~Q(parent=models.F("pk"))
            ),
        ]

    __str__ = InBothScripts.__str__

    def save(self, *args, **kwargs):
        self.fill_scripts()
        super().save(*args, **kwargs)


class OfficeRole(models.TextChoices):
    CHAIR = "chair", _("chair")
    TRAINER = "trainer", _("trainer")
    AUDITOR = "auditor", _("auditor")


class OfficeQuerySet(models.QuerySet):
    def held(self):
        """Return the offices that are held today, by the portal's calendar, in units that are not
        closed. On the day until which one was held it is held no more."""
        today = timezone.localdate()
        held = self.filter(Q(until_on=None) | Q(until_on__gt=today), from_on__lte=today)
        return held.exclude(unit__closed_on__lte=today)

    def of_today(self, user_id: int | None):
        """Return the offices an account's member holds today."""
        return self.held().filter(member__user=user_id, member__left_on=None)


class Office(models.Model):
    """An office that a member holds in a unit, from one day to another."""

    member = models.ForeignKey(
        "Member", models.PROTECT, related_name="offices", verbose_name=_("member")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offices", verbose_name=_("unit"))
    role = models.CharField(_("office"), max_length=7, choices=OfficeRole)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["unit__path", "role", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "unit", "role"],
                condition=Q(until_on=None),
                name="an_office_is_held_once_at_a_time",
            ),
            models.CheckConstraint(
                name="offices_end_after_they_begin",
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
            ),
            models.CheckConstraint(
                name="offices_are_of_a_known_role", condition=Q(role__in=OfficeRole.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_role_display()} · {self.member}"
