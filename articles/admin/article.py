"""Articles: the list, the form with its source beside it, and what may be done to many at once."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from ..curation.drafts import with_changes_below
from ..curation.policy import PUBLISH, RELEASED, Deed, may
from ..curation.publishing import Held
from ..curation.revisions import fill, version
from ..models import Article, ReviewComment, Status
from ..models.near_duplicates import NEAR_DUPLICATE
from ..search.find import matching
from ..text import html
from ..text.keys import is_key
from ..text.names import in_desk_script
from . import over_flags
from .article_filters import DeskFilter, FlaggedFilter, RunFilter, TagFilter, YearFilter
from .article_form import HELP, ArticleForm, Outcome, save
from .audited import AuditedAdmin
from .autosave import Autosave
from .beside import BesideForm
from .bin import BinFilter, RecycleBin
from .bulk import ManyArticles
from .desk_admin import person_of
from .editor import DeskEditorWidget
from .findings import FLAG_NAMES
from .linking import Linking
from .near_duplicates import SimilarArticles, SimilarFilter
from .pasting import Pasting
from .presence import forget_presence
from .preview import ArticlePreview
from .queue.work_queue import WorkQueue
from .standing import badge, moment, told_published
from .tag_suggestions import tags_field

_LOGGED_AS = {
    Outcome.DRAFT: "draft",
    Outcome.SUBMITTED: "submit",
    Outcome.PUBLISHED: "publish",
}

_CREATED_BY = person_of("created_by", _("created by"))
_MODIFIED_BY = person_of("modified_by", _("modified by"))


@admin.register(Article)
class ArticleAdmin(
    Autosave,
    BesideForm,
    Linking,
    Pasting,
    ManyArticles,
    RecycleBin,
    ArticlePreview,
    SimilarArticles,
    WorkQueue,
    AuditedAdmin,
):
    form = ArticleForm
    compares_seen = False  # by its version, which also knows drafts
    list_display = [
        *("shown_title", "status_badge", "flags", "byline", "tag_names", "stated_date", "changed"),
    ]
    list_filter = [
        BinFilter,
        "status",
        DeskFilter,
        FlaggedFilter,
        RunFilter,
        SimilarFilter,
        "genre",
        "original_script",
        TagFilter,
        YearFilter,
    ]
    search_fields = ["title"]  # what they mean is in get_search_results
    search_help_text = _("Words in title, text, tags or authors; an article's number or address")
    ordering = ["-modified_at"]
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = [_CREATED_BY, "created_at", _MODIFIED_BY, "modified_at"]
    autocomplete_fields = ["cover"]
    fieldsets = [
        (None, {"fields": ["title", "body"]}),
        (_("In lists"), {"fields": ["summary", "byline", "tags", "cover"]}),
        (_("This change"), {"fields": ["note", "review_note"]}),
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
                "fields": [(_CREATED_BY, "created_at"), (_MODIFIED_BY, "modified_at")],
                "classes": ["collapse"],
            },
        ),
    ]

    class Media:
        css = {"all": ["desk/desk.css"]}

    empty_state = _(
        "There are no articles yet. Import essays from files, or write the first one here."
    )

    @admin.display(description=_("title"), ordering="title")
    def shown_title(self, article: Article) -> str:
        return in_desk_script(article.title, article.original_script)

    # Who may do what

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm(PUBLISH)

    def may_publish_own(self, request) -> bool:
        """Tell whether the user may publish what nobody else has looked at: what they just typed,
        or changed last."""
        return may(request.user, Deed.PUBLISH_UNSEEN)

    def may_publish_as_it_is(self, request, article) -> bool:
        """Tell whether the user may publish what curators work on without changing it."""
        return may(request.user, Deed.PUBLISH, article)

    def may_write(self, request, article) -> bool:
        """Tell whether the user may change the article itself; others keep drafts over it."""
        allowed = self.has_change_permission(request, article)
        return allowed and may(request.user, Deed.WRITE, article)

    def get_readonly_fields(self, request, obj=None):
        if self.may_publish_own(request):
            return self.readonly_fields
        released = obj is not None and obj.status in RELEASED
        return [*self.readonly_fields, "published_at", "expires_at", *(["status"] * released)]

    # The list

    def get_queryset(self, request):
        articles = super().get_queryset(request)
        page = request.resolver_match.url_name if request.resolver_match else ""
        if page.endswith("_changelist"):
            articles = articles.for_desk()
            if self.shows_bin(request):
                articles = articles.select_related("source", "draft", "deleted_by")
        elif page.endswith("_change"):
            remarks = ReviewComment.objects.unresolved_of(OuterRef("pk"))
            articles = articles.select_related("draft__text", "draft__created_by")
            articles = articles.annotate(has_remarks=Exists(remarks))
        return articles

    @admin.display(description=_("status"), ordering="status")
    def status_badge(self, article):
        mark = badge(article)
        if not article.draft:
            return mark
        own = article.draft.status
        name = _("Draft in review") if own == Status.IN_REVIEW else _("with a draft")
        return format_html('{} <span class="badge {}">{}</span>', mark, own, name)

    @admin.display(description=_("modified at"), ordering="modified_at")
    def changed(self, article):
        return moment(article.modified_at)

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
        open_kinds = [*source.flag_kinds, *([NEAR_DUPLICATE] * article.is_similar)]
        if not open_kinds:
            return "–"
        kinds = "、".join(str(FLAG_NAMES.get(kind, kind)) for kind in open_kinds)
        address = reverse("admin:articles_article_import", args=[article.pk])
        return format_html('<a href="{}">{}</a>', address, kinds)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        ordering = queryset.query.order_by
        found, is_all = matching(queryset, search_term)
        if not is_all:
            message = _(
                "“%(words)s” stands in so many articles that only the newest are listed, about "
                "5,000. Add a word or a filter to see others."
            )
            self.message_user(request, message % {"words": search_term}, messages.WARNING)
        return found.order_by(*ordering), False

    def lookup_allowed(self, lookup, value, request):
        """Let an import run's page link to its articles, and a tag be asked for by its address."""
        known = ("source__run__id__exact", TagFilter.parameter_name)
        return lookup in known or super().lookup_allowed(lookup, value, request)

    # The form

    def get_object(self, request, object_id, from_field=None):
        """Show the draft over an article in its form, which is the only one to change it while it
        is being sent."""
        in_form = request.resolver_match.url_name.endswith(("_change", "_autosave"))
        if in_form and request.method == "POST" and is_key(object_id):
            Article.objects.filter(pk=object_id).lock()
        article = super().get_object(request, object_id, from_field)
        if article is not None and in_form:
            article.seen_by_readers = article.is_public
            article.stood = article.standing  # before the draft's own times are filled in
            article.version_now = version(article)
            if article.draft:
                found = with_changes_below(article)
                article.worked_on, article.changed_by_both = found.content, found.both
                fill(article, found.content)
        return article

    def get_fieldsets(self, request, obj=None):
        """Show the text itself, not its markup, to those who only look at it."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *others = fieldsets
        fields = ["body_shown" if field == "body" else field for field in options["fields"]]
        kept = [one for one in others if "note" not in one[1]["fields"]]  # they change nothing
        return [(name, options | {"fields": fields}), *kept]

    @admin.display(description=_("body"))
    def body_shown(self, article):
        return format_html(
            '<div class="body-shown" lang="{}">{}</div>',
            article.original_script,
            mark_safe(html.sanitise(article.body)),  # noqa: S308 - all but the subset is out
        )

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        may = {
            "may_publish": self.may_publish_own(request),
            "may_add_authors": request.user.has_perm("articles.add_author"),
        }
        return type("ArticleForm", (form,), may)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "tags":
            return tags_field(db_field, request, self.admin_site)
        if db_field.name == "source_url":
            kwargs["assume_scheme"] = "https"
        if db_field.name in HELP:
            kwargs["help_text"] = HELP[db_field.name]
        if db_field.name == "body":
            kwargs["widget"] = DeskEditorWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save the article with authors, tags and index, or a draft over it."""
        obj.outcome = save(form, request)

    def save_related(self, request, form, formsets, change):
        """Do nothing: `save_model` saved authors and tags with the article, in one revision."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Ask before an article is published over blocking flags; by then nothing is saved."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Held as held:
            return over_flags.ask(self, request, Article.objects.get(pk=object_id), held)

    def construct_change_message(self, request, form, formsets, add=False):
        message = super().construct_change_message(request, form, formsets, add)
        form.instance.audited[1].update(getattr(form.instance, "over_flags", {}))
        if form.was != form.instance.status:  # by a button, not by its field
            before, after = form.instance.audited
            before["status"], after["status"] = form.was, form.instance.status
        return message

    def log_change(self, request, obj, message, action="change"):
        outcome = getattr(obj, "outcome", None)
        if outcome == Outcome.UNCHANGED:
            return None
        if outcome in (Outcome.DRAFT, Outcome.SUBMITTED):
            message = _("Draft %(number)d") % {"number": obj.draft.number} if obj.draft else message
        return super().log_change(request, obj, message, _LOGGED_AS.get(outcome, action))

    def response_add(self, request, obj, post_url_continue=None):
        return _note_saved(super().response_add(request, obj, post_url_continue), request)

    def response_change(self, request, obj):
        """Say what became of it, and go on where the curator wants to."""
        forget_presence(obj, request.user)  # a form opened again tells of itself
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        if obj.outcome == Outcome.PUBLISHED:
            self.tell_published(request, obj, told_published(obj))
        else:
            level = messages.WARNING if obj.outcome == Outcome.UNCHANGED else messages.SUCCESS
            self.message_user(request, self._told(obj), level)
        if "_continue" in request.POST:
            return _note_saved(redirect(request.get_full_path()), request)
        return _note_saved(self.response_post_save_change(request, obj), request)

    def _told(self, article) -> str:
        """Return what is said of a form that was saved."""
        if article.outcome == Outcome.DRAFT and not article.seen_by_readers:
            return _("The draft is saved. The text it lies over stays as it was.")
        return article.outcome.label

    def view_on_site(self, obj):
        public = getattr(obj, "seen_by_readers", obj.is_public)
        return obj.get_absolute_url() if public else None


def _note_saved(response, request):
    """Tell the browser that what it keeps for the case of a crash has been saved."""
    response.set_cookie(
        "desk-saved",
        request.POST.get("version", "")[:60],
        max_age=24 * 3600,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
