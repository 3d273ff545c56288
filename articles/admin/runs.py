"""What the importer has done."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..library import OUTCOMES
from ..models import ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Runs are made by importing, never by hand."""

    list_display = ["started_at", "operator", "outcome", "finished_at"]
    date_hierarchy = "started_at"
    fields = [
        "started_at",
        "finished_at",
        "operator",
        "started_by",
        "options",
        "outcome",
        "articles",
    ]
    readonly_fields = fields
    list_select_related = ["started_by"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("totals"))
    def outcome(self, run):
        names = {
            "created": _("created"),
            "updated": _("updated"),
            "unchanged": _("unchanged"),
            "duplicate": _("duplicate"),
            "failed": _("failed"),
        }
        told = [f"{names[name]} {run.totals[name]}" for name in OUTCOMES if run.totals.get(name)]
        return "，".join(told) or "–"

    @admin.display(description=_("articles"))
    def articles(self, run):
        address = reverse("admin:articles_article_changelist")
        return format_html(
            '<a href="{}?source__run__id__exact={}">{}</a>',
            address,
            run.pk,
            _("Articles of this run"),
        )
