"""What the importer has done."""

import shlex
from itertools import chain

from django.contrib import admin
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..intake.library import OUTCOMES
from ..models import ImportRun, RunState
from . import decisions_by_kind, import_table, uploads
from .desk_admin import DeskAdmin
from .findings import OUTCOME_NAMES


@admin.register(ImportRun)
class ImportRunAdmin(DeskAdmin):
    """Runs are made by importing, never by hand."""

    list_display = ["started_at", "operator", "standing", "outcome", "finished_at"]
    list_filter = ["state"]
    date_hierarchy = "started_at"
    fields = [
        "started_at",
        "finished_at",
        "operator",
        "standing",
        "as_called",
        "outcome",
        "articles",
    ]
    readonly_fields = fields
    list_select_related = ["started_by"]

    empty_state = _(
        "Nothing was imported yet. Choose files with “Import essays”: they are checked first, and "
        "you see what would become of each before anything is stored."
    )

    class Media:
        css = {"all": ["desk/desk.css", "desk/review.css"]}

    def get_fields(self, request, obj=None):
        """Leave the options of an upload to its panel: they name every file."""
        hidden = ["as_called"] if obj and obj.is_upload else []
        return [field for field in self.fields if field not in hidden]

    def get_urls(self):
        desk = self.admin_site.admin_view
        return [
            path("upload/", desk(self.upload), name="articles_importrun_upload"),
            path(
                "<int:object_id>/progress/", desk(self.progress), name="articles_importrun_progress"
            ),
            path("<int:object_id>/act/", desk(self.act), name="articles_importrun_act"),
            path("<int:object_id>/table/", desk(self.keep), name="articles_importrun_table"),
            path("<int:object_id>/kind/", desk(self.decide), name="articles_importrun_kind"),
            *super().get_urls(),
        ]

    def upload(self, request):
        return uploads.upload(self, request)

    def progress(self, request, object_id: int):
        return uploads.progress(self, request, object_id)

    def act(self, request, object_id: int):
        return uploads.act(self, request, object_id)

    def keep(self, request, object_id: int):
        return import_table.keep(self, request, object_id)

    def decide(self, request, object_id: int):
        return decisions_by_kind.decide(self, request, object_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        run = self.get_object(request, object_id)
        panel = uploads.panel(request, run) | decisions_by_kind.panel(request, run) if run else {}
        return super().change_view(request, object_id, form_url, panel | (extra_context or {}))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("state"), ordering="state")
    def standing(self, run):
        if not run.is_upload and run.finished_at is None:
            # A command that is at work or was ended gives no sign of life; workers tell of files.
            return f"{run.done} / {run.total}" if run.total else "–"
        shown = _("Interrupted") if run.is_interrupted else run.get_state_display()
        return format_html('<span class="badge {}">{}</span>', run.state, shown)

    @admin.display(description=_("options"))
    def as_called(self, run):
        """Show the options as they are typed at a command line."""
        paths = run.options.get("paths") or []
        typed = [
            _option(name, value) for name, value in sorted(run.options.items()) if name != "paths"
        ]
        return format_html("<code>{}</code>", shlex.join([*chain(*typed), *map(str, paths)])) or "–"

    @admin.display(description=_("totals"))
    def outcome(self, run):
        told = [
            f"{OUTCOME_NAMES[name]} {run.totals[name]}" for name in OUTCOMES if run.totals.get(name)
        ]
        return "，".join(told) or "–"

    @admin.display(description=_("articles"))
    def articles(self, run):
        waits = run.is_upload and run.state in (RunState.CHECKING, RunState.READY)
        if waits or not run.brought.exists():
            return "–"
        address = reverse("admin:articles_article_changelist")
        return format_html(
            '<a href="{}?run={}">{}</a>',
            address,
            run.pk,
            _("Articles of this run"),
        )


def _option(name: str, value) -> list[str]:
    """Return an option as it is typed; nothing for one that was left as it is."""
    flag = f"--{name.replace('_', '-')}"
    if value is True:
        return [flag]
    values = value if isinstance(value, list) else [value] if value not in (None, False, "") else []
    return [part for one in values for part in (flag, str(one))]
