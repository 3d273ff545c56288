"""The queue of errors that readers report."""

from django.contrib import admin
from django.db.models import Q
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import Report
from . import report_passage
from .audited import AuditedAdmin
from .corrections import ADD, link_from

OPEN, EVERY = Report.State.OPEN, "all"


class StateFilter(admin.SimpleListFilter):
    """What is still to be done, unless something else is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*Report.State.choices[1:], (EVERY, _("All"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": OPEN.label}, *others]

    def queryset(self, request, queryset):
        wanted = self.value() or OPEN
        return queryset if wanted == EVERY else queryset.filter(status=wanted)


@admin.register(Report)
class ReportAdmin(AuditedAdmin):
    """Readers write reports; here they are looked into and answered for."""

    list_display = ["what", "kind", "article_link", "created_at", "badge", "handled_by"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["article", "handled_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["passage", "note", "article__title"]
    actions = ["resolve", "reject"]
    readonly_fields = [
        *("article_link", "public_page", "kind", "passage", "note", "contact", "script"),
        *("created_at", "handled_by", "handled_at", "correction"),
    ]
    fieldsets = [
        (None, {"fields": ["article_link", "public_page", "kind", "passage", "note"]}),
        (_("From"), {"fields": ["contact", "script", "created_at"]}),
        (_("Handling"), {"fields": ["status", "answer", "handled_by", "handled_at"]}),
    ]

    empty_state = _(
        "Nothing waits: readers reported no error that is still open. What they report with "
        "“Report an error” below an article comes here."
    )

    class Media:
        css = {"all": ["desk/desk.css", "desk/review.css"]}

    def get_urls(self):
        correct = path(
            "<int:object_id>/correct/",
            self.admin_site.admin_view(self.correct),
            name="articles_report_correct",
        )
        return [correct, *super().get_urls()]

    def correct(self, request, object_id: int):
        """Put the passage right where it stands in the text."""
        return report_passage.correct(self, request, object_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        report = self.get_object(request, object_id)
        shown = report_passage.panel(request, report) if report else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def get_fieldsets(self, request, obj=None):
        """Lead those who may correct what a conversion gets wrong there, with the passage."""
        shown = super().get_fieldsets(request, obj)
        if not obj or not request.user.has_perm(ADD) or not link_from(obj):
            return shown
        (name, first), *others = shown
        return [(name, first | {"fields": [*first["fields"], "correction"]}), *others]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__body", "article__search_text")

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        if "status" in form.changed_data:
            obj.handle(obj.status, request.user)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("report"))
    def what(self, report):
        return Truncator(report.passage or report.note).chars(60)

    @admin.display(description=_("state"), ordering="status")
    def badge(self, report):
        return format_html(
            '<span class="badge {}">{}</span>', report.status, report.get_status_display()
        )

    @admin.display(description=_("article"))
    def article_link(self, report):
        address = reverse("admin:articles_article_change", args=[report.article_id])
        return format_html('<a href="{}">{}</a>', address, report.article.title)

    @admin.display(description=_("as the reader saw it"))
    def public_page(self, report):
        if not report.article.is_public:
            return _("not public any more")
        address = report.article.url_in(report.script)
        return format_html('<a href="{0}">{0}</a>', address)

    @admin.display(description=_("reads wrong in one script"))
    def correction(self, report):
        return link_from(report)

    @admin.action(description=_("Resolved: the text was put right"), permissions=["change"])
    def resolve(self, request, queryset):
        self._handle(request, queryset, Report.State.RESOLVED)

    @admin.action(description=_("Rejected: nothing to put right"), permissions=["change"])
    def reject(self, request, queryset):
        self._handle(request, queryset, Report.State.REJECTED)

    def _handle(self, request, queryset, state: Report.State) -> None:
        waiting = queryset.filter(~Q(status=state)).order_by("pk")
        handled = list(waiting.select_for_update(of=("self",), no_key=True))
        for report in handled:
            report.audited = {"status": report.status}, {"status": state}
            report.handle(state, request.user)
            report.save(update_fields=["status", "handled_by", "handled_at"])
            self.log_change(request, report, [{"changed": {"fields": ["status"]}}])
        message = ngettext(
            "%(n)d report is now: %(status)s.", "%(n)d reports are now: %(status)s.", len(handled)
        )
        self.message_user(request, message % {"n": len(handled), "status": state.label})
