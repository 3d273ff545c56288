"""Merging tags or authors: choose, look at what changes, confirm; and undo it from the list."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..curation import merging, unmerging
from ..models import Author, Merge, Tag
from ..models.redirect import at_address
from ..text.keys import is_key
from .audited import AuditedAdmin
from .desk_admin import DeskAdmin


class MergeAdmin(AuditedAdmin):
    """What the desks of tags and authors have in common: an action, and the page it leads to."""

    actions = ["merge"]

    def has_merge_permission(self, request) -> bool:
        return self.has_change_permission(request) and self.has_delete_permission(request)

    def get_urls(self):
        page = self.admin_site.admin_view(self.merge_page)
        return [path("merge/", page, name=_name(self.model)), *super().get_urls()]

    @admin.action(description=_("Merge into one…"), permissions=["merge"])
    def merge(self, request, queryset):
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: merging.MOST_MERGED + 2])
        if len(keys) > merging.MOST_MERGED + 1:
            message = _("Choose %(n)d at the most.") % {"n": merging.MOST_MERGED + 1}
            self.message_user(request, message, messages.WARNING)
            return None
        return redirect(_address(self.model, keys))

    def merge_page(self, request):
        """Ask which one stays, show what that changes, and do it when that is confirmed.

        Only what was shown is done: after another choice its changes are shown first.
        """
        if not self.has_merge_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        rows = self._chosen(asked.getlist("one"))
        for row in rows:
            if not (
                self.has_change_permission(request, row)
                and self.has_delete_permission(request, row)
            ):
                raise PermissionDenied
        merges = request.method == "POST" and asked.get("do") == "merge"
        if not merges and (named := asked.get("add", "").strip()):
            return self._add(request, rows, named)
        parts = merging.parts(rows)
        parts.sort(key=lambda part: (-part.article_count, part.row.pk))
        stays = next((p for p in parts if str(p.row.pk) == asked.get("stays")), parts[0])
        go = [part for part in parts if part is not stays]
        if request.method == "POST" and go:
            if merges and asked.get("shown") == str(stays.row.pk):
                return self._merge(request, stays.row, [part.row for part in go])
            if merges:
                told = _("Nothing was merged yet: here is what changes with your other choice.")
                self.message_user(request, told, messages.WARNING)
            return redirect(
                f"{_address(self.model, [row.pk for row in rows])}&stays={stays.row.pk}"
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge tags") if self.model is Tag else _("Merge authors"),
            "opts": self.opts,
            "parts": parts,
            "stays": stays,
            "go": go,
            "of_tags": self.model is Tag,
            "page": "tags" if self.model is Tag else "authors",
            "article_count": merging.article_count([part.row for part in go]) if go else 0,
            "most_articles": merging.MOST_ARTICLES,
            "search_words": list(dict.fromkeys(word for p in go for word in p.search_words)),
        }
        return TemplateResponse(request, "admin/articles/merge.html", context)

    def _chosen(self, values: list[str]) -> list[Tag | Author]:
        keys = {int(value) for value in values if is_key(value)}
        if len(keys) > merging.MOST_MERGED + 1:
            raise Http404
        rows = list(self.model.objects.filter(pk__in=keys).order_by("pk"))
        if not rows:
            raise Http404
        return rows

    def _add(self, request, rows: list, named: str):
        """Lead to the page with one more: those of a name, wherever in the list they stand."""
        found = self.model.objects.named(named)
        found = [found] if isinstance(found, Tag) else list(found or [])
        if not found and (one := at_address(self.model, named)[0]):
            found = [one]
        if not found:
            message = _("There is none of the name “%(name)s”.") % {"name": named[:60]}
            self.message_user(request, message, messages.WARNING)
        keys = dict.fromkeys(row.pk for row in [*rows, *found])
        return redirect(_address(self.model, list(keys)[: merging.MOST_MERGED + 1]))

    def _merge(self, request, survivor, merged: list):
        try:
            record = merging.merge(survivor, merged, request.user)
        except merging.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(_address(self.model, [survivor.pk, *(row.pk for row in merged)]))
        message = ngettext(
            "Merged: %(merge)s. %(n)d article follows.",
            "Merged: %(merge)s. %(n)d articles follow.",
            record.article_count,
        )
        undo = reverse("admin:articles_merge_undo", args=[record.pk])
        told = message % {"merge": record, "n": record.article_count}
        self.message_user(
            request,
            format_html('{} <a href="{}">{}</a>', told, undo, _("Undo this merge")),
            messages.SUCCESS,
        )
        return redirect(reverse(f"admin:articles_{self.opts.model_name}_changelist"))


def _name(model) -> str:
    return f"articles_{model._meta.model_name}_merge"


def _address(model, keys: list[int]) -> str:
    query = urlencode([("one", key) for key in keys])
    return f"{reverse(f'admin:{_name(model)}')}?{query}"


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("standing", _("standing")), ("undone", _("undone"))]

    def queryset(self, request, queryset):
        if self.value() in ("standing", "undone"):
            return queryset.filter(undone_at__isnull=self.value() == "standing")
        return queryset


@admin.register(Merge)
class MergesAdmin(DeskAdmin):
    """Merges are made in the lists of tags and authors; here they are looked up and undone."""

    change_list_template = "admin/articles/merges.html"
    list_display = ["what", "kind", "article_count", "by", "when", "state"]
    list_display_links = None
    list_filter = ["kind", StandingFilter]
    list_select_related = ["by", "undone_by"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []

    class Media:
        css = {"all": ["desk/desk.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).defer("moved")

    def get_urls(self):
        page = self.admin_site.admin_view(self.undo)
        return [path("<int:pk>/undo/", page, name="articles_merge_undo"), *super().get_urls()]

    # Whoever may look at tags and authors sees them; nobody makes one by hand.

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perms(["articles.view_tag", "articles.view_author"])

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural)} | (extra_context or {})
        return super().changelist_view(request, context)

    def may_undo(self, request, record: Merge) -> bool:
        return self.admin_site.get_model_admin(record.model).has_merge_permission(request)

    @admin.display(description=_("merge"))
    def what(self, record):
        address = reverse("admin:articles_merge_undo", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, str(record))

    @admin.display(description=_("time"))
    def when(self, record):
        return f"{localtime(record.at):%Y-%m-%d %H:%M}"

    @admin.display(description=_("state"))
    def state(self, record):
        if record.undone_at is None:
            return _("standing")
        when = f"{localtime(record.undone_at):%Y-%m-%d %H:%M}"
        return _("undone by %(who)s, %(when)s") % {"who": record.undone_by or "–", "when": when}

    def undo(self, request, pk: int):
        """Show what a merge moved and what of it would come back; do that when it is confirmed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if pk >= 2**63:
            raise Http404
        record = Merge.objects.filter(pk=pk).select_related("by", "undone_by").first()
        if record is None:
            raise Http404
        may_undo = self.may_undo(request, record)
        if request.method == "POST":
            if not may_undo:
                raise PermissionDenied
            return self._undo(request, record)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo this merge") if not record.undone_at else _("A merge"),
            "opts": self.opts,
            "record": record,
            "may_undo": may_undo,
            "why_not": unmerging.why_not(record),
            "coming_back": unmerging.coming_back(record),
        }
        return TemplateResponse(request, "admin/articles/merge_undo.html", context)

    def _undo(self, request, record: Merge):
        try:
            count = unmerging.undo(record, request.user)
        except merging.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(reverse("admin:articles_merge_undo", args=[record.pk]))
        message = ngettext(
            "Undone: %(merge)s. %(n)d article has its own back.",
            "Undone: %(merge)s. %(n)d articles have their own back.",
            count,
        )
        self.message_user(request, message % {"merge": record, "n": count}, messages.SUCCESS)
        return redirect(reverse(f"admin:articles_{record.kind}_changelist"))
