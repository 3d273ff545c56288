"""Units, members and offices at the desk, and taking in a roster."""

from collections import Counter
from operator import attrgetter

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.text import script
from articles.text.names import in_page_script

from ..assigning import bring_up_to_date
from ..models import Member, Membership, Office, Unit
from ..roster import spreadsheet, template
from ..roster.plan import Outcome, compare
from ..roster.take_in import leave, move, take_in
from ..tree import move as move_unit
from ..tree import plant
from .roster_words import ANSWERS, FAULTS, OUTCOMES, UNREADABLE
from .training_desk import TrainingDesk


class OfficeInline(admin.TabularInline):
    model = Office
    fields = ["member", "role", "from_on", "until_on"]
    autocomplete_fields = ["member"]
    extra = 1


class UnitForm(forms.ModelForm):
    def clean_parent(self):
        """Refuse to put a unit below itself before anything is saved."""
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.path.startswith(self.instance.path):
            raise forms.ValidationError(_("A unit cannot belong to itself or to what is below it."))
        return parent


@admin.register(Unit)
class UnitAdmin(TrainingDesk):
    form = UnitForm
    list_display = ["indented", "kind", "code", "member_count", "page", "closed_on"]
    list_filter = ["kind"]
    search_fields = ["name", "name_hant", "code"]
    autocomplete_fields = ["parent"]
    fields = [("name_hant", "name"), "parent", "kind", "code", "closed_on"]
    inlines = [OfficeInline]
    ordering = ["path"]

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None:
            below = Counter()
            here = Membership.objects.filter(until_on=None).order_by().values_list("unit__path")
            for path_, count in here.annotate(n=Count("pk")):
                for number in path_.split(".")[:-1]:
                    below[int(number)] += count
            for one in shown.result_list:
                one.members = below[one.pk]
        return response

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, script.fold(search_term))

    @admin.display(description=_("unit"), ordering="path")
    def indented(self, unit):
        depth = min(unit.path.count(".") - 1, 3)
        return format_html('<span class="depth-{}">{}</span>', depth, unit)

    @admin.display(description=_("members"))
    def member_count(self, unit):
        return unit.members

    @admin.display(description=_("page"))
    def page(self, unit):
        address = reverse("unit", args=[unit.code])
        return format_html('<a href="{}">{}</a>', address, _("done / open / excused"))

    def save_model(self, request, obj, form, change):
        if not change:
            plant(obj)
            return
        parent = obj.parent
        obj.parent_id = form.initial.get("parent")
        super().save_model(request, obj, form, change)
        if "parent" in form.changed_data:
            move_unit(obj, parent)


class MemberForm(forms.ModelForm):
    unit = forms.ModelChoiceField(
        Unit.objects.standing(),
        label=_("unit"),
        help_text=_("Another unit is a move from today on: what was stays with the old one."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "unit" in self.fields:
            self.fields["unit"].initial = self.instance.unit


@admin.register(Member)
class MemberAdmin(TrainingDesk):
    form = MemberForm
    list_display = ["name", "staff_no", "employer", "has_account", "left_on"]
    list_filter = [("left_on", admin.EmptyFieldListFilter), ("user", admin.EmptyFieldListFilter)]
    list_select_related = ["employer"]
    search_fields = ["name", "staff_no"]
    autocomplete_fields = ["employer"]
    raw_id_fields = ["user"]
    fields = ["name", "staff_no", "employer", "unit", "phone", "joined_on", "left_on", "user"]
    change_list_template = "admin/training/member_list.html"

    def get_queryset(self, request):
        return super().get_queryset(request) & Member.objects.within(request.user)

    def get_readonly_fields(self, request, obj=None):
        """Whose account an account is says who sees what and who read what: nobody says so here but
        who sees to accounts."""
        return [] if request.user.has_perm("auth.change_user") else ["user"]

    @admin.display(description=_("account"), boolean=True, ordering="user")
    def has_account(self, member):
        return member.user_id is not None

    def save_model(self, request, obj, form, change):
        before = obj.unit if change else None
        super().save_model(request, obj, form, change)
        unit = form.cleaned_data.get("unit")
        today = timezone.localdate()
        if before is None and unit is not None:
            Membership.objects.create(member=obj, unit=unit, from_on=today)
        elif unit is not None and before != unit:
            move(obj, unit, today)
        if obj.left_on:
            leave(obj, obj.left_on)
        bring_up_to_date(member=obj)

    def get_urls(self):
        own = path(
            "import/",
            self.admin_site.admin_view(self.import_roster),
            name="training_member_import",
        )
        empty = path(
            "import/roster.xlsx",
            self.admin_site.admin_view(self.empty_roster),
            name="training_member_template",
        )
        return [own, empty, *super().get_urls()]

    def empty_roster(self, request):
        """Give a workbook to fill in, with the units there are to choose from."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        units = sorted(Unit.objects.standing(), key=attrgetter("path"))
        offices = [in_page_script(office) for office in template.OFFICES]
        made = template.empty(_headings(), units, offices)
        response = HttpResponse(made, content_type=template.CONTENT_TYPE)
        response.headers["Content-Disposition"] = 'attachment; filename="roster.xlsx"'
        return response

    def import_roster(self, request):
        """Show what a roster would change, ask what has to be asked, and take it in."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a roster"),
            "opts": self.opts,
            "needed": "、".join(_headings()[:3]),
            "others": "、".join(_headings()[3:]),
            "example": in_page_script("第一纺织厂工会/细纱车间"),
        }
        rows = None
        if request.method == "POST":
            try:
                rows = self._rows(request)
            except spreadsheet.Unreadable as error:
                told = UNREADABLE[error.code] % error.told
                self.message_user(request, told, messages.ERROR)
        if rows is None:
            return TemplateResponse(request, "admin/training/roster.html", context)
        answers = {
            name.removeprefix("answer-"): value
            for name, value in request.POST.items()
            if name.startswith("answer-") and value
        }
        if "take-in" in request.POST:
            return self._take_in(request, rows, answers)
        plan = compare(rows)
        moving = [item.member for item in plan.of(Outcome.ASK_MOVE) if item.member]
        homes = Membership.objects.filter(member__in=moving, until_on=None).select_related("unit")
        here = {one.member_id: one.unit for one in homes}
        rows_of = Counter(item.key for item in plan.items)
        first = {item.key: item for item in reversed(plan.items)}  # of each unit that is not there
        told = [item for item in plan.items if first[item.key] is item]
        shown = [_as_shown(item, answers, here, rows_of[item.key]) for item in told]
        context |= {
            "counts": [(OUTCOMES[name], n) for name, n in plan.counts.items()],
            "faults": [one for one in shown if one["item"].outcome == Outcome.FAULT],
            "asked": [one for one in shown if one["item"].answers],
            "changes": len(plan.of(Outcome.NEW, Outcome.CHANGED)),
            "rows": request.session["roster"]["name"],
        }
        return TemplateResponse(request, "admin/training/roster.html", context)

    def _rows(self, request) -> list[spreadsheet.Row] | None:
        """Return the rows of the file that is sent, or of the one that was sent before: it waits
        with the session, as text, for the answers."""
        file = request.FILES.get("file")
        if file:
            data = file.read(spreadsheet.LARGEST + 1)
            rows = spreadsheet.read(data, file.name)
            request.session["roster"] = {"name": file.name, "rows": spreadsheet.packed(rows)}
            return rows
        kept = request.session.get("roster")
        if kept is None:
            self.message_user(request, _("Choose the file first."), messages.WARNING)
            return None
        return spreadsheet.unpacked(kept["rows"])

    def _take_in(self, request, rows, answers):
        done = take_in(rows, answers, request.user)
        request.session.pop("roster", None)
        given = bring_up_to_date()
        self.message_user(
            request,
            _(
                "%(new)d members are new, %(changed)d changed, %(moved)d moved, %(left)d left; "
                "%(rows)d rows were not taken in. %(given)d tasks were given."
            )
            % {
                "new": done.new,
                "changed": done.changed,
                "moved": done.moved,
                "left": done.left,
                "rows": len(done.not_taken),
                "given": given,
            },
            messages.SUCCESS,
        )
        return redirect("admin:training_member_changelist")


def _headings() -> list[str]:
    return [in_page_script(names[0]) for names in spreadsheet.COLUMNS.values()]


def _as_shown(item, answers: dict, here: dict[int, Unit], rows: int) -> dict:
    told = item.row or item.member
    return {
        "item": item,
        "rows": rows,
        "moves_from": here.get(item.member.pk) if item.member else None,
        "name": told.name,
        "number": told.staff_no,
        "what": OUTCOMES[item.outcome],
        "fault": FAULTS[item.fault] % item.told if item.fault else "",
        "answers": [(name, ANSWERS[name]) for name in item.answers],
        "chosen": answers.get(item.key, item.answers[-1] if item.answers else ""),
    }
