"""Collections: the form, with the articles in their order, and the page as readers will see it."""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..curation.other_script import look_in_fields
from ..curation.policy import Deed, may
from ..models import Collection, CollectionItem, Status
from ..models.rendering import rendered_markup
from ..reading.views.collections import preview
from ..text import script
from ..text.quotes import in_one_form
from .articles_in_order import ArticlesInOrder, pick
from .audited import AuditedAdmin
from .desk_admin import GrowingLine
from .editor import DeskEditorWidget
from .script_choice import CONVERT, InBothScriptsForm, typed_in_both


class CollectionForm(InBothScriptsForm):
    """The collection; only those who may publish what they typed make it public."""

    may_be_public = False  # when the user has sent it; set by get_form

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "status" in self.fields and not self.may_be_public:
            self.fields["status"].choices = [(Status.DRAFT.value, Status.DRAFT.label)]
        if self.instance.pk is None and "name_hant" in self.fields:
            self.fields["name_hant"].widget.attrs["autofocus"] = True
        for name in ("summary", "summary_hant"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 3

    def clean(self):
        """Make the text in the other script anew where only one was changed, unless a curator had
        corrected that one by hand."""
        data = self.cleaned_data
        for name in ("name", "summary", "introduction"):
            for one, other, target in (
                (name, f"{name}_hant", script.HANT),
                (f"{name}_hant", name, script.HANS),
            ):
                if one in self.changed_data and other not in self.changed_data and data.get(one):
                    was = self.initial.get(one) or ""
                    source = script.HANS if target == script.HANT else script.HANT
                    made = rendered_markup(was, target, source)
                    if made == (self.initial.get(other) or ""):
                        data[other] = ""
        return super().clean()

    def beside(self) -> tuple[dict[str, tuple[str, str]], list[str]]:
        """Return the notes on the articles, and what they say now."""
        items = self.instance.items.values_list("note", "note_hant") if self.instance.pk else ()
        standing = [note for notes in items for note in notes]
        texts = {}
        for number in range(_MOST_ITEMS):
            prefix = f"items-{number}-"
            if f"{prefix}note" not in self.data:
                break
            sent = {name: self.data.get(prefix + name, "") for name in ("note", "note_hant")}
            typed = typed_in_both(CollectionItem, (), sent, sent)
            texts |= {prefix + name: typed[name] for name in typed}
        return texts, standing


_MOST_ITEMS = 1000
"""Articles of a collection whose notes are looked at, as many as Django takes of a form."""


class ItemForm(forms.ModelForm):
    def clean(self):
        """Put the notes into the script of their fields, where that was chosen for all."""
        data = super().clean()
        if self.data.get("other_script", "").startswith(CONVERT):
            typed = typed_in_both(CollectionItem, (), data, set(self.changed_data))
            standing = [self.initial.get(name) or "" for name in typed]
            data |= look_in_fields(typed, standing).texts
        return data


def _is_public(collection: Collection | None) -> bool:
    return collection is not None and collection.status == Status.PUBLISHED


def _only_withdraws(user, collection: Collection | None) -> bool:
    """Tell whether a user may do no more with a collection than take it away from readers."""
    return _is_public(collection) and not may(user, Deed.PUBLISH_UNSEEN)


class ItemInline(ArticlesInOrder):
    model = CollectionItem
    form = ItemForm
    fields = ["position", "article", "chosen", "note_hant", "note"]
    formfield_overrides = {models.CharField: {"widget": GrowingLine}}
    verbose_name_plural = _("articles, in the order of their numbers")

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and not _only_withdraws(request.user, obj)

    def has_change_permission(self, request, obj=None):
        may_change = super().has_change_permission(request, obj)
        return may_change and not _only_withdraws(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        may_delete = super().has_delete_permission(request, obj)
        return may_delete and not _only_withdraws(request.user, obj)


@admin.register(Collection)
class CollectionAdmin(AuditedAdmin):
    form = CollectionForm
    list_display = ["shown_name", "state", "is_featured", "article_number", "modified_at"]
    list_filter = ["status", "is_featured"]
    search_fields = ["name", "name_hant", "slug"]
    ordering = ["-modified_at"]
    inlines = [ItemInline]
    autocomplete_fields = ["cover"]
    radio_fields = {"status": admin.HORIZONTAL}
    fieldsets = [
        (
            None,
            {
                "fields": ["status", ("name_hant", "name"), ("summary_hant", "summary")],
                "description": _(
                    "Fill in one script; the other is added on saving and can be corrected."
                ),
            },
        ),
        (_("Introduction"), {"fields": ["introduction_hant", "introduction"]}),
        (_("Publication"), {"fields": ["cover", "is_featured", "slug"]}),
    ]

    empty_state = _(
        "There are no collections yet. A collection puts articles in an order for readers, as a "
        "course or a dossier: add one, name it and choose its articles."
    )

    class Media:
        css = {"all": ["desk/desk.css", "desk/review.css", "desk/revisions.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).with_sizes()

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, in_one_form(script.fold(search_term)))

    def has_change_permission(self, request, obj=None):
        """What readers see is changed by those who may publish what they typed, and taken away
        from readers by who may do that; others look at it."""
        allowed = super().has_change_permission(request, obj)
        if _is_public(obj):
            return allowed and may(request.user, Deed.WITHDRAW)
        return allowed

    def get_readonly_fields(self, request, obj=None):
        if _only_withdraws(request.user, obj):
            return [name for name in flatten_fieldsets(self.fieldsets) if name != "status"]
        fixed = ["slug"] if obj else []  # links lead to it
        return fixed if may(request.user, Deed.PUBLISH_UNSEEN) else [*fixed, "is_featured"]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        may_be_public = _is_public(obj) or may(request.user, Deed.PUBLISH_UNSEEN)
        return type("CollectionForm", (form,), {"may_be_public": may_be_public})

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("introduction", "introduction_hant"):
            kwargs["widget"] = DeskEditorWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.number_items()

    @admin.display(description=_("title"), ordering="name_hant")
    def shown_name(self, collection):
        return str(collection)

    @admin.display(description=_("status"), ordering="status")
    def state(self, collection):
        return format_html(
            '<span class="badge {}">{}</span>', collection.status, collection.get_status_display()
        )

    @admin.display(description=_("public articles"))
    def article_number(self, collection):
        return collection.article_count or 0

    def get_urls(self):
        shown = path(
            "<int:object_id>/preview/",
            self.admin_site.admin_view(self.preview),
            name="articles_collection_preview",
        )
        chosen = path("pick/", self.admin_site.admin_view(pick), name="articles_collection_pick")
        return [shown, chosen, *super().get_urls()]

    def preview(self, request, object_id: int):
        """Show the page before it is public, to those who may look at the form."""
        collection = self.get_object(request, str(object_id))
        if collection is None:
            raise Http404
        if not self.has_view_permission(request, collection):
            raise PermissionDenied
        return preview(request, collection)

    def view_on_site(self, obj):
        """Lead to the page readers see, or to the preview."""
        if Collection.objects.published().filter(pk=obj.pk).exists():
            return obj.get_absolute_url()
        return reverse("admin:articles_collection_preview", args=[obj.pk])
