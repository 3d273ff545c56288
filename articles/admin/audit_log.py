"""The log: read, filtered and taken away as a table; never changed."""

import csv
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import StreamingHttpResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from ..curation.audit import ACTIONS
from ..models import AuditEntry, Genre, Script, Status
from ..text.csv_cells import harmless
from ..text.keys import is_key
from .audited import AuditedAdmin
from .contents import FIELD_NAMES
from .desk_admin import DeskAdmin
from .findings import FLAG_NAMES, OUTCOME_NAMES

_WRITTEN_AT_ONCE = 2000
_LINKED = 50
"""Objects a line's page links to; a bulk run's page has them all."""

_FIRST = (
    *("articles.article", "articles.tag", "articles.author", "articles.collection"),
    *("articles.report", "articles.importrun"),
)


def kinds() -> list[str]:
    """Return the kinds of objects that lines tell of: the library's own first, and then those of
    every desk that writes any."""
    desks = admin.site._registry.items()
    others = {model._meta.label_lower for model, desk in desks if isinstance(desk, AuditedAdmin)}
    return [*_FIRST, *sorted(others - {*_FIRST})]


def kind_name(kind: str) -> str:
    """Return what objects of a kind are called."""
    try:
        return str(capfirst(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):
        return kind


def field_name(kind: str, name: str) -> str:
    """Return what a field of objects of a kind is called."""
    if name == "over_flags":
        return str(_("over blocking flags"))
    if name == "byline":
        return str(FIELD_NAMES["authors"])
    if kind == "articles.importrun" and (name == "files" or name in OUTCOME_NAMES):
        return str(OUTCOME_NAMES.get(name) or _("files"))
    if kind == "articles.article" and name in FIELD_NAMES:
        return str(FIELD_NAMES[name])
    try:
        return str(apps.get_model(kind)._meta.get_field(name).verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return name


class ByFilter(admin.SimpleListFilter):
    title = _("done by")
    parameter_name = "by"

    def lookups(self, request, model_admin):
        staff = get_user_model().objects.filter(is_staff=True).order_by("username")[:100]
        return [*((str(one.pk), one.get_username()) for one in staff), ("nobody", _("commands"))]

    def queryset(self, request, queryset):
        if self.value() == "nobody":
            return queryset.filter(user=None)
        return queryset.filter(user=int(self.value())) if is_key(self.value() or "") else queryset


class ActionFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "did"

    def lookups(self, request, model_admin):
        return list(ACTIONS.items())

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind of object")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind, kind_name(kind)) for kind in kinds()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ObjectFilter(admin.SimpleListFilter):
    """One object's lines, by its number: pages link to them, none can be chosen from."""

    title = _("object")
    parameter_name = "number"

    def lookups(self, request, model_admin):
        value = request.GET.get(self.parameter_name, "")
        return [(value, f"#{value}")] if is_key(value) else []

    def queryset(self, request, queryset):
        if is_key(self.value() or ""):
            return queryset.filter(objects_told_of__number=int(self.value()))
        return queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(DeskAdmin):
    """Lines are written by operations; nobody changes or deletes one here, superusers neither."""

    change_list_template = "admin/articles/log.html"
    change_form_template = "admin/articles/log_line.html"
    list_display = ["moment", "user_name", "action_name", "object_kind", "what", "said"]
    list_filter = [ByFilter, ActionFilter, KindFilter, ObjectFilter]
    show_facets = admin.ShowFacets.NEVER
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    list_per_page = 100
    show_full_result_count = False
    sortable_by = ["moment"]
    fields = []

    class Media:
        css = {"all": ["desk/desk.css"]}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        """Leave what only a line's own page shows out of the list."""
        entries = super().get_queryset(request)
        page = request.resolver_match.url_name if request.resolver_match else ""
        return entries.defer("before", "after", "ids") if page.endswith("_changelist") else entries

    def get_urls(self):
        export = path("export/", self.admin_site.admin_view(self.export), name="articles_log_csv")
        return [export, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("Log"), "query": request.GET.urlencode()}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        entry = self.get_object(request, object_id)
        context = self._line(request, entry) if entry else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _line(self, request, entry: AuditEntry) -> dict:
        """Return what the page of a line shows: before beside after, field by field."""
        return {
            "title": capfirst(str(self.action_name(entry))),
            "subtitle": None,
            "line": entry,
            "action_name": self.action_name(entry),
            "kind_name": kind_name(entry.kind),
            "links": _links(entry),
            "more": max(len(entry.ids) - _LINKED, 0),
            "bulk": entry.bulk_runs.first() if request.user.has_perm(_CHANGE) else None,
            "changes": [
                (
                    field_name(entry.kind, name),
                    _readable(name, entry.before.get(name)),
                    _readable(name, entry.after.get(name)),
                )
                for name in dict.fromkeys([*entry.before, *entry.after])
                if name != "together"  # what undoing goes by
            ],
        }

    def export(self, request):
        """Send the lines that are chosen as a table, row by row: 100,000 fit no memory."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        lines = self.get_changelist_instance(request).get_queryset(request)
        rows = lines.order_by("-at", "-pk").defer(None).iterator(chunk_size=_WRITTEN_AT_ONCE)
        table = _csv(rows, get_language())
        response = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
        name = f"log-{timezone.localtime():%Y%m%d-%H%M}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @admin.display(description=_("at"), ordering="at")
    def moment(self, entry):
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=_("action"))
    def action_name(self, entry):
        return ACTIONS.get(entry.action, entry.action)

    @admin.display(description=_("kind of object"))
    def object_kind(self, entry):
        return kind_name(entry.kind)

    @admin.display(description=_("what"))
    def what(self, entry):
        return entry.label

    @admin.display(description=_("note"))
    def said(self, entry):
        return entry.note or "–"


_CHANGE = "articles.change_article"
_CHOICES = {"status": Status, "genre": Genre, "original_script": Script}


class _Echo:
    """What a csv writer writes to: the row itself is wanted."""

    def write(self, row: str) -> str:
        return row


_COLUMNS = (
    *(_("at"), _("done by"), _("action"), _("kind of object"), _("what")),
    *(_("before"), _("after"), _("note"), "ids"),
)
"""Heads of the table: as on the page, and one column for machines."""


def _csv(entries: Iterable[AuditEntry], language: str) -> Iterator[str]:
    writer = csv.writer(_Echo())
    with override(language):  # rows are made while they are sent, after the page's language is gone
        # Spreadsheets take a file without this mark for one in the local encoding.
        head = "\ufeff" + writer.writerow(map(str, _COLUMNS))
    yield head
    for entry in entries:
        with override(language):
            row = writer.writerow(map(harmless, _cells(entry)))
        yield row


def _cells(entry: AuditEntry) -> tuple:
    return (
        f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        entry.user_name,
        ACTIONS.get(entry.action, entry.action),
        kind_name(entry.kind),
        entry.label,
        _in_a_cell(entry.kind, entry.before),
        _in_a_cell(entry.kind, entry.after),
        entry.note,
        " ".join(map(str, entry.ids)),
    )


def _in_a_cell(kind: str, values: dict) -> str:
    return "\n".join(
        f"{field_name(kind, name)}: {_readable(name, value) or '–'}"
        for name, value in values.items()
    )


def _links(entry: AuditEntry):
    """Return links to the objects of a line that are there still, and the numbers of others."""
    shown = entry.ids[:_LINKED]
    try:
        model = apps.get_model(entry.kind)
        here = set(model._default_manager.filter(pk__in=shown).values_list("pk", flat=True))
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        addresses = {number: reverse(name, args=[number]) for number in here}
    except (LookupError, ValueError, NoReverseMatch):
        addresses = {}
    linked = (
        format_html('<a href="{}">{}</a>', addresses[number], number)
        if number in addresses
        else format_html("<span>{}</span>", number)
        for number in shown
    )
    return format_html_join(" ", "{}", ((one,) for one in linked))


def _readable(name: str, value) -> str:
    """Return a value of a line as people read it; of a bulk run, how many had which."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return "、".join(_readable(name, one) for one in value)
    if isinstance(value, dict):
        return "、".join(
            f"{_readable(name, key)} {_readable(name, count)}" for key, count in value.items()
        )
    if name == "over_flags" and value in FLAG_NAMES:
        return str(FLAG_NAMES[value])
    if value in _CHOICES.get(name, ()):
        return str(_CHOICES[name](value).label)
    return str(value)
