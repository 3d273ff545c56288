"""The pages about the portal: four of them, each with a text in both scripts."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..models import SitePage
from .audited import AuditedAdmin
from .editor import DeskEditorWidget


@admin.register(SitePage)
class SitePageAdmin(AuditedAdmin):
    list_display = ["shown", "key", "modified_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [("name_hant", "name"), "body_hant", "body"],
                "description": _(
                    "Fill in one script; the other is added on saving and can be corrected. "
                    "Without a text the page says what is true of any portal."
                ),
            },
        )
    ]

    class Media:
        css = {"all": ["desk/desk.css"]}

    @admin.display(description=_("title"))
    def shown(self, page):
        return str(page)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("body", "body_hant"):
            kwargs["widget"] = DeskEditorWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, obj):
        return reverse("site-page", args=[obj.key])
