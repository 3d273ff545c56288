"""Rules that say who is to follow a path until when, and what that gives for each member."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .member import Member
from .path import PathVersion, Step
from .unit import OfficeRole, Unit


class Rule(models.Model):
    """A path is assigned to units, or to who holds an office there, or to newcomers, until a day.

    A rule goes on assigning: who joins a unit later is asked as well. With `repeat_months` it asks
    again, so long after the day it was due.
    """

    version = models.ForeignKey(
        PathVersion, models.PROTECT, related_name="rules", verbose_name=_("training path")
    )
    units = models.ManyToManyField(Unit, related_name="rules", verbose_name=_("units"))
    offices = models.JSONField(_("only who holds an office"), default=list, blank=True)
    newcomers = models.BooleanField(
        _("only newcomers"),
        default=False,
        help_text=_("Who joins on the first day or later; each has the days below."),
    )
    opens_on = models.DateField(_("first day"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("days a newcomer has"), null=True, blank=True)
    repeat_months = models.PositiveSmallIntegerField(
        _("again after (months)"), null=True, blank=True
    )
    note = models.CharField(_("note for members"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="rules_have_a_due_date_or_days",
                condition=Q(newcomers=False, due_on__isnull=False)
                | Q(newcomers=True, due_days__isnull=False),
            ),
            models.CheckConstraint(
                name="rules_are_due_after_they_open",
                condition=Q(due_on=None) | Q(due_on__gte=models.F("opens_on")),
            ),
            models.CheckConstraint(
                name="rules_repeat_after_a_month_or_more",
                condition=Q(repeat_months=None) | Q(repeat_months__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.path} → {self.due_on or self.opens_on}"

    def clean(self) -> None:
        unknown = set(self.offices or []) - set(OfficeRole.values)
        if unknown:
            raise ValidationError({"offices": _("These are no offices: %s") % "、".join(unknown)})
        if self.newcomers and self.due_days is None:
            raise ValidationError({"due_days": _("Say how many days a newcomer has.")})
        if not self.newcomers and self.due_on is None:
            raise ValidationError({"due_on": _("Say by when it is to be done.")})


class AssignedState(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", pgettext_lazy("training", "done")
    EXCUSED = "excused", _("excused")
    LAPSED = "lapsed", _("no longer asked")


class AssignedQuerySet(models.QuerySet):
    def of(self, member: Member):
        return self.filter(member=member)

    def open(self):
        return self.filter(state=AssignedState.OPEN)


class Assigned(models.Model):
    """What one rule asks of one member, once. Its state follows from records, in the transaction
    that writes them; `unit` is where the member belonged when it was settled, or belongs now."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="assigned")
    member = models.ForeignKey(Member, models.PROTECT, related_name="assigned")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField()
    state = models.CharField(max_length=7, choices=AssignedState, default=AssignedState.OPEN)
    done_count = models.PositiveSmallIntegerField(default=0)
    step_count = models.PositiveSmallIntegerField()
    completed_on = models.DateField(null=True)
    excuse = models.CharField(max_length=200, blank=True)

    objects = AssignedQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of a member")
        verbose_name_plural = _("tasks of members")
        ordering = ["due_on", "pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["member", "due_on"],
                condition=Q(state="open"),
                name="open_tasks_of_a_member",
            ),
            models.Index(fields=["rule", "unit", "state"], name="tasks_of_a_rule_by_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "member", "round"], name="a_rule_asks_a_member_once_a_round"
            ),
            models.CheckConstraint(
                name="tasks_are_in_a_known_state", condition=Q(state__in=AssignedState.values)
            ),
            models.CheckConstraint(
                name="done_tasks_have_a_day",
                condition=~Q(state=AssignedState.DONE) | Q(completed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="excused_tasks_say_why",
                condition=~Q(state=AssignedState.EXCUSED) | ~Q(excuse=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.member_id}"


class StepDone(models.Model):
    """That one step of a task is done, and by which record."""

    assigned = models.ForeignKey(Assigned, models.CASCADE, related_name="steps_done")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    record_uid = models.UUIDField()

    class Meta:
        verbose_name = _("step done")
        verbose_name_plural = _("steps done")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["assigned", "step"], name="a_step_is_done_once")
        ]

    def __str__(self) -> str:
        return f"{self.assigned_id}: {self.step_id}"
