"""Articles: the list, the form with its source beside it, and what may be done to many at once."""

import re

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_prose_editor.widgets import AdminProseEditorWidget

from .. import script
from ..models import Article, Authorship, Source, Status, Tag
from ..names import current_script
from ..search.find import matching
from ..search.index import index
from ..spool import shown_name
from . import imports
from .findings import EDIT_NAMES, FLAG_NAMES
from .similar import SimilarArticles, SimilarFilter

PUBLISH = "articles.publish_article"


class ArticleForm(forms.ModelForm):
    """The article with its tags chosen from the vocabulary."""

    may_publish = False  # of the user; set by get_form

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "summary" in self.fields:
            self.fields["summary"].widget.attrs["rows"] = 4
        if "status" in self.fields and not self.may_publish:
            # The public state is changed by those who may publish, in the form as in the actions.
            self.fields["status"].choices = [
                choice for choice in Status.choices if choice[0] in (Status.DRAFT, Status.IN_REVIEW)
            ]

    def add_error(self, field, error):
        """Pass over what is wrong with times this user cannot change: whoever publishes sees it."""
        if field is None and hasattr(error, "error_dict") and "expires_at" not in self.fields:
            error.error_dict.pop("expires_at", None)
        super().add_error(field, error)

    def clean(self):
        data = super().clean()
        if data.get("date_precision") and not data.get("stated_date"):
            self.add_error(
                "stated_date", _("A precision needs a date; clear one or fill in the other.")
            )
        return data


class AuthorshipInline(admin.TabularInline):
    model = Authorship
    autocomplete_fields = ["author"]
    extra = 0
    verbose_name_plural = _("authors, in the order of the byline")


class FlaggedFilter(admin.SimpleListFilter):
    title = _("import flags")
    parameter_name = "flags"

    def lookups(self, request, model_admin):
        return [("some", _("with flags")), ("none", _("without flags")), ("own", _("written here"))]

    def queryset(self, request, queryset):
        if self.value() == "some":
            return queryset.filter(source__flag_count__gt=0)
        if self.value() == "none":
            return queryset.filter(source__flag_count=0)
        if self.value() == "own":
            return queryset.filter(source__isnull=True)
        return queryset


@admin.register(Article)
class ArticleAdmin(SimilarArticles):
    form = ArticleForm
    list_display = [
        *("title", "status_badge", "flags", "byline", "tag_names", "stated_date", "changed"),
    ]
    list_filter = [
        "status",
        FlaggedFilter,
        SimilarFilter,
        "genre",
        "original_script",
        ("tagged__tag", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["title"]  # what they mean is in get_search_results
    search_help_text = _("Words in either script, in title, text, tags or authors")
    date_hierarchy = "stated_date"
    ordering = ["-modified_at"]
    list_per_page = 50
    show_full_result_count = False
    save_on_top = True
    inlines = [AuthorshipInline]
    actions = ["submit", "publish", "unpublish"]
    readonly_fields = ["created_by", "created_at", "modified_by", "modified_at"]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body", "tags"]}),
        (
            _("Publication"),
            {
                "fields": ["status", ("published_at", "expires_at")],
                "description": _("A time in the future publishes the article then."),
            },
        ),
        (
            _("Origin"),
            {
                "fields": [
                    ("stated_date", "date_precision"),
                    "date_is_upload",
                    ("source_name", "source_url"),
                    ("genre", "original_script"),
                ]
            },
        ),
        (
            _("Record"),
            {
                "fields": [("created_by", "created_at"), ("modified_by", "modified_at")],
                "classes": ["collapse"],
            },
        ),
    ]

    class Media:
        css = {"all": ["admin-desk.css"]}

    # Who may do what

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm(PUBLISH)

    def has_change_permission(self, request, obj=None):
        """What readers see or saw is changed by those who may publish; others look at it."""
        allowed = super().has_change_permission(request, obj)
        if obj is not None and obj.status in (Status.PUBLISHED, Status.ARCHIVED):
            return allowed and self.has_publish_permission(request)
        return allowed

    def get_readonly_fields(self, request, obj=None):
        if self.has_publish_permission(request):
            return self.readonly_fields
        return [*self.readonly_fields, "published_at", "expires_at"]

    # The list

    def get_queryset(self, request):
        articles = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name.endswith("_changelist"):
            articles = articles.for_desk()
        return articles

    @admin.display(description=_("status"), ordering="status")
    def status_badge(self, article):
        return format_html(
            '<span class="badge {}">{}</span>', article.status, article.get_status_display()
        )

    @admin.display(description=_("modified at"), ordering="modified_at")
    def changed(self, article):
        return f"{localtime(article.modified_at):%Y-%m-%d %H:%M}"

    @admin.display(description=_("authors"))
    def byline(self, article):
        return "、".join(map(str, article.byline)) or "–"

    @admin.display(description=_("tags"))
    def tag_names(self, article):
        return "、".join(map(str, article.tags.all())) or "–"

    @admin.display(description=_("flags"))
    def flags(self, article):
        source = getattr(article, "source", None)
        if source is None:
            return ""
        kinds = "、".join(str(FLAG_NAMES.get(kind, kind)) for kind in source.flag_kinds)
        address = reverse("admin:articles_article_import", args=[article.pk])
        return format_html('<a href="{}">{}</a>', address, kinds or _("import"))

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        ordering = queryset.query.order_by
        return matching(queryset, search_term).order_by(*ordering), False

    def lookup_allowed(self, lookup, value, request):
        """Let an import run's page link to its articles."""
        return lookup == "source__run__id__exact" or super().lookup_allowed(lookup, value, request)

    # The form

    def get_object(self, request, object_id, from_field=None):
        """Find no article under a number no database takes."""
        return super().get_object(request, object_id, from_field) if len(object_id) < 19 else None

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type("ArticleForm", (form,), {"may_publish": self.has_publish_permission(request)})

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "tags":
            return forms.ModelMultipleChoiceField(
                Tag.objects.all(),
                required=False,
                label=_("tags"),
                widget=AutocompleteSelectMultiple(db_field, self.admin_site),
                help_text=_("Type in either script or in pinyin."),
            )
        if db_field.name == "source_url":
            kwargs["assume_scheme"] = "https"
        if db_field.name == "expires_at":
            kwargs["help_text"] = _(
                "From then on readers find it no more; it stays here. Empty: it never expires."
            )
        if db_field.name == "body":
            kwargs["widget"] = AdminProseEditorWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if obj.status in (Status.PUBLISHED, Status.ARCHIVED) and not self.has_publish_permission(
            request
        ):
            raise PermissionDenied
        if not change:
            obj.created_by = request.user
        obj.modified_by = request.user
        obj.save(with_index=False)  # save_related does that, when tags and authors are known

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        index([form.instance.pk])

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"source_panel": self._source_panel(request, object_id)} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def _source_panel(self, request, object_id: str) -> dict | None:
        """Return what the panel beside the form says of the import."""
        if not request.user.has_perm("articles.view_source") or not re.fullmatch(
            r"\d{1,18}", object_id
        ):
            return None
        source = (
            Source.objects.defer("raw", "text", "edits", "written")
            .filter(article_id=object_id)
            .first()
        )
        if source is None:
            return None
        return {
            "source": source,
            "counts": [
                (EDIT_NAMES.get(kind, kind), count)
                for kind, (count, _) in source.edit_kinds.items()
            ],
            "flags": [
                flag
                | {
                    "name": FLAG_NAMES.get(flag["kind"], flag["kind"]),
                    "message": script.convert(flag["message"], current_script()),
                }
                for flag in source.flags
                if not flag.get("settled")
            ],
        }

    def get_urls(self):
        download = path(
            "<int:object_id>/source/",
            self.admin_site.admin_view(self.download_source),
            name="articles_article_source",
        )
        review = path(
            "<int:object_id>/import/",
            self.admin_site.admin_view(self.review_import),
            name="articles_article_import",
        )
        return [download, review, *super().get_urls()]

    def review_import(self, request, object_id: int):
        """Show an import's edits and flags, and take decisions on them."""
        return imports.review(self, request, object_id)

    def download_source(self, request, object_id: int):
        """Send the file as it came, byte for byte."""
        if not request.user.has_perm("articles.view_source"):
            raise PermissionDenied
        if object_id >= 2**63:
            raise Http404
        source = Source.objects.filter(article_id=object_id).only("raw", "file_name").first()
        if source is None:
            raise Http404
        response = HttpResponse(bytes(source.raw), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = content_disposition_header(
            True, shown_name(source.file_name)
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_public else None

    # Many at once

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit(self, request, queryset):
        self._move(request, queryset.filter(status=Status.DRAFT), Status.IN_REVIEW)

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        waiting = queryset.exclude(status=Status.PUBLISHED)
        held = waiting.filter(source__blocking_count__gt=0).count()
        if held:
            message = ngettext(
                "%(n)d article has blocking flags and was not published: look it through and "
                "publish it in its form.",
                "%(n)d articles have blocking flags and were not published: look them through "
                "and publish them in their forms.",
                held,
            )
            self.message_user(request, message % {"n": held}, messages.WARNING)
        ready = waiting.exclude(source__blocking_count__gt=0)
        if ready.exists() or not held:
            self._move(request, ready, Status.PUBLISHED)

    @admin.action(description=_("Unpublish: back to draft"), permissions=["publish"])
    def unpublish(self, request, queryset):
        self._move(request, queryset.filter(status=Status.PUBLISHED), Status.DRAFT)

    def _move(self, request, queryset, status: Status) -> None:
        moved = queryset.move_to(status, request.user)
        for article in moved:
            self.log_change(request, article, [{"changed": {"fields": ["status"]}}])
        message = ngettext(
            "%(n)d article is now: %(status)s.", "%(n)d articles are now: %(status)s.", len(moved)
        )
        level = messages.SUCCESS if moved else messages.WARNING
        self.message_user(request, message % {"n": len(moved), "status": status.label}, level)
