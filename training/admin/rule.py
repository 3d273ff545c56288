"""Rules at the desk: whom one concerns is said before it is saved; and how far units are."""

import csv

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.text.csv_cells import harmless
from articles.text.keys import is_key

from ..assigning import bring_up_to_date, cancel, how_many
from ..models import Assigned, AssignedState, OfficeRole, PathStatus, PathVersion, Rule, Unit
from ..tallies import by_unit
from .training_desk import TrainingDesk

CONFIRMED = "_confirmed"


class RuleForm(forms.ModelForm):
    offices = forms.MultipleChoiceField(
        choices=OfficeRole,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("only who holds an office"),
        help_text=_("None ticked: all members of the units and of those below them."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "version" in self.fields:
            newest = [one.pk for one in _newest()]
            self.fields["version"].queryset = PathVersion.objects.filter(pk__in=newest)
            self.fields["version"].label = _("training path")


def _newest() -> list[PathVersion]:
    """Return the newest version of each path that is in use."""
    versions = PathVersion.objects.filter(path__status=PathStatus.OPEN).order_by("path", "number")
    return list({one.path_id: one for one in versions}.values())


@admin.register(Rule)
class RuleAdmin(TrainingDesk):
    form = RuleForm
    list_display = ["path_name", "whom", "opens_on", "due", "progress", "cancelled_on"]
    list_select_related = ["version__path"]
    list_filter = [("cancelled_on", admin.EmptyFieldListFilter)]
    autocomplete_fields = ["units"]
    fields = [
        "version",
        "units",
        "offices",
        "newcomers",
        ("opens_on", "due_on", "due_days"),
        "repeat_months",
        "note",
    ]
    change_list_template = "admin/training/rule_list.html"
    actions = ["cancel_rules"]

    def get_queryset(self, request):
        asked = Assigned.objects.filter(rule=OuterRef("pk")).order_by().values("rule")
        counted = asked.annotate(n=Count("pk")).values("n")
        rules = super().get_queryset(request).prefetch_related("units")
        return rules.annotate(
            done=Subquery(counted.filter(state=AssignedState.DONE)),
            open=Subquery(counted.filter(state=AssignedState.OPEN)),
        )

    def has_delete_permission(self, request, obj=None):
        """Rules are cancelled: what was done by them stays."""
        return False

    def get_readonly_fields(self, request, obj=None):
        """What was asked of people is not changed behind them: only the note and the day are."""
        return (
            ["version", "units", "offices", "newcomers", "opens_on", "due_days", "repeat_months"]
            if obj
            else []
        )

    @admin.display(description=_("training path"))
    def path_name(self, rule):
        return str(rule.version)

    @admin.display(description=_("for whom"))
    def whom(self, rule):
        units = "、".join(str(unit) for unit in rule.units.all()[:3])
        offices = "、".join(str(OfficeRole(one).label) for one in rule.offices)
        return f"{units} {offices} {_('newcomers') if rule.newcomers else ''}".strip()

    @admin.display(description=_("due on"), ordering="due_on")
    def due(self, rule):
        return rule.due_on or _("%d days after joining") % rule.due_days

    @admin.display(description=pgettext_lazy("training", "done"))
    def progress(self, rule):
        done = rule.done or 0
        return f"{done} / {done + (rule.open or 0)}"

    def add_view(self, request, form_url="", extra_context=None):
        """Say whom a new rule concerns before it is saved."""
        if request.method != "POST" or CONFIRMED in request.POST:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.get_form(request)(request.POST)
        if not form.is_valid():
            return super().add_view(request, form_url, extra_context)
        rule = Rule(**{name: form.cleaned_data[name] for name in _OWN})
        members, units = how_many(rule, form.cleaned_data["units"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Whom this concerns"),
            "opts": self.opts,
            "members": members,
            "units": units,
            "rule": rule,
            "sent": [
                (name, value)
                for name, values in request.POST.lists()
                if name not in ("csrfmiddlewaretoken", CONFIRMED)
                for value in values
            ],
        }
        return TemplateResponse(request, "admin/training/rule_confirm.html", context)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.made_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rule = form.instance
        if change and "due_on" in form.changed_data:
            rule.assigned.open().filter(round=1).update(due_on=rule.due_on)
        given = bring_up_to_date([rule])
        if given:
            self.message_user(request, _("%d tasks were given.") % given, messages.SUCCESS)

    @admin.action(description=_("Cancel: ask nothing more by these rules"))
    def cancel_rules(self, request, queryset):
        if not self.has_change_permission(request):
            raise PermissionDenied
        for rule in queryset.filter(cancelled_on=None):
            cancel(rule, request.user)
        self.message_user(request, _("Cancelled. What was done stays done."), messages.SUCCESS)

    def get_urls(self):
        own = path(
            "standing/",
            self.admin_site.admin_view(self.standing),
            name="training_rule_standing",
        )
        return [own, *super().get_urls()]

    def standing(self, request):
        """Show how far units are with each rule, for the screen, print or a spreadsheet."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rules = list(Rule.objects.filter(cancelled_on=None).select_related("version__path"))
        top = None
        chosen = request.GET.get("unit", "")
        if is_key(chosen):
            top = Unit.objects.led_by(request.user).filter(pk=chosen).first()
        picked = [one for one in rules if str(one.pk) in request.GET.getlist("rule")] or rules
        lines = by_unit(request.user, picked, top)
        deepest = request.GET.get("depth", "1")
        depth = int(deepest) if deepest in ("0", "1", "2", "9") else 1
        shown = [one for one in lines if one.depth <= depth]
        if request.GET.get("format") == "csv":
            return _table(picked, lines)
        table = [(line, [line.counts.get(rule.pk) for rule in picked]) for line in shown]
        context = {
            **self.admin_site.each_context(request),
            "title": _("How far units are"),
            "opts": self.opts,
            "rules": rules,
            "picked": picked,
            "table": table,
            "top": top,
            "depth": depth,
            "depths": [
                (0, _("the tops")),
                (1, _("one level")),
                (2, _("two levels")),
                (9, _("all")),
            ],
        }
        return TemplateResponse(request, "admin/training/standing.html", context)


_DEPTHS = [(0, _("the tops")), (1, _("one level")), (2, _("two levels")), (9, _("all levels"))]
_OWN = ("version", "offices", "newcomers", "opens_on", "due_on", "due_days")


def _table(rules, lines) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="standing.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    words = [str(pgettext_lazy("training", "done")), str(_("open")), str(_("excused"))]
    head = [f"{rule.version.path} {rule.due_on or ''} {word}" for rule in rules for word in words]
    writer.writerow([harmless(one) for one in [str(_("unit")), str(_("code")), *head]])
    for line in lines:
        cells = []
        for rule in rules:
            count = line.counts[rule.pk]
            cells += [count.done, count.open, count.excused]
        writer.writerow([harmless(str(line.unit)), harmless(line.unit.code), *cells])
    return response
