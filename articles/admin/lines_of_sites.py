"""Lines of sites at the desk: learned in the work queue, kept for all imports, let go again."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import SiteLine
from .audited import AuditedAdmin


@admin.register(SiteLine)
class SiteLineAdmin(AuditedAdmin):
    """What is let go here is left out of no import to come; texts that are cut stay so, each on
    record in its import."""

    fields = ["line", "is_kept", "learned_on", "by", "at"]
    readonly_fields = ["learned_on", "by", "at"]
    list_display = ["line", "is_kept", "learned_on", "by", "at"]
    list_filter = ["is_kept"]
    list_select_related = ["learned_on", "by"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["line"]
    empty_state = _(
        "No line was learned yet. Cut one in the work queue of an import: it is offered on the "
        "other pages of the run, and can be kept for all imports."
    )

    class Media:
        css = {"all": ["desk/desk.css"]}

    def save_model(self, request, obj, form, change):
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
