"""The words curators keep for search, and what readers looked for."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import F, Sum, Window
from django.db.models.functions import FirstValue, RowNumber
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import DomainWord, SearchLog, Synonym
from ..search import background
from ..search.rebuild import standing
from ..text.names import in_page_script
from ..text.script import searchable
from . import reason_words
from .audited import AuditedAdmin
from .desk_admin import DeskAdmin

REBUILD = "articles.change_domainword"

_OFFERS = [
    ("synonym", "words", _("make a synonym")),
    ("article", "title", _("write about this")),
]
"""What may be done about words that find nothing: the form, its field, what it is called."""

SHOWN_DAYS = 30
"""Days of searches that are shown where none are chosen."""


class FoldedSearchAdmin(DeskAdmin):
    """What is kept as it is matched, in simplified script: looked for in either, shown in that of
    the page."""

    show_full_result_count = False
    kept = ""  # the field

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, searchable(search_term))

    def in_script(self, obj) -> str:
        return in_page_script(getattr(obj, self.kept))


class WordsForm(forms.ModelForm):
    """Shows what is kept in the script of the desk; typed in the other one it is no change."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        folded = {"word", "words"}.intersection(self.fields)
        self.was = {name: getattr(self.instance, name) for name in folded}
        self.initial |= {name: in_page_script(text) for name, text in self.was.items() if text}

    @cached_property
    def changed_data(self):
        return [
            name
            for name in super().changed_data
            if name not in self.was or searchable(self[name].data or "") != self.was[name]
        ]


class WordsAdmin(FoldedSearchAdmin, AuditedAdmin):
    """What domain words and synonyms have in common: texts are to be cut anew after a change."""

    form = WordsForm
    change_list_template = "admin/articles/search_words.html"
    list_per_page = 100
    help_line = ""

    class Media:
        css = {"all": ["desk/desk.css"]}

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def get_urls(self):
        desk = self.admin_site.admin_view
        return [
            path("rebuild/", desk(self.rebuild), name=self._name("rebuild")),
            path("progress/", desk(self.progress), name=self._name("progress")),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "help_line": self.help_line,
            "standing": standing(),
            "may_rebuild": request.user.has_perm(REBUILD),
            "rebuild_url": reverse(f"admin:{self._name('rebuild')}"),
            "progress_url": reverse(f"admin:{self._name('progress')}"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def rebuild(self, request):
        """Start a rebuild in the background; the list shows how far it is."""
        if request.method != "POST" or not request.user.has_perm(REBUILD):
            raise PermissionDenied
        if not background.start():
            messages.error(
                request,
                _("The rebuild could not be started. Tell whoever runs the portal."),
            )
        return HttpResponseRedirect(reverse(f"admin:{self._name('changelist')}"))

    def progress(self, request):
        """Tell how far a rebuild is; asked once a second."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = standing()
        response = JsonResponse({"state": now.state, "done": now.current, "total": now.total})
        add_never_cache_headers(response)
        return response

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == self.kept:
            kwargs["help_text"] = self.help_line
        if db_field.name == "one_way":
            kwargs["help_text"] = _(
                "Only the first word finds the others, such as 五險一金 and 養老保險, a part of it."
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save what was changed: saving a word as it was would make all texts stale."""
        if form.changed_data:
            super().save_model(request, obj, form, change)


@admin.register(DomainWord)
class DomainWordAdmin(WordsAdmin):
    kept = "word"
    list_display = ["shown"]
    search_fields = ["word"]
    help_line = _(
        "A search word is a term of union work that is found as a whole, such as 局務公開: what "
        "the dictionary does not know falls apart into single characters. Either script will do."
    )

    @admin.display(description=_("search word"), ordering="word")
    def shown(self, word):
        return self.in_script(word)


@admin.register(Synonym)
class SynonymAdmin(WordsAdmin):
    kept = "words"
    list_display = ["shown", "one_way", "told_reason"]
    list_filter = ["one_way"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["words"]
    help_line = _(
        "Words in one row find each other, such as 職代會、職工代表大會; each is a search word "
        "too. Write 、 between them."
    )

    @admin.display(description=_("source or reason"), ordering="reason")
    def told_reason(self, synonym):
        return reason_words.in_words(synonym.reason) or "–"

    @admin.display(description=_("words that mean the same"), ordering="words")
    def shown(self, synonym):
        return self.in_script(synonym)


class Totals(ChangeList):
    """Searches added up over the days shown; the days to choose from are those of all searches."""

    def get_results(self, request):
        searches = self.queryset
        if not any(name.startswith("day__") for name in self.params):
            since = timezone.localdate() - timedelta(days=SHOWN_DAYS - 1)
            self.queryset = searches.filter(day__gte=since)
        self.queryset = self.queryset.filter(newest_first=1)
        super().get_results(request)
        self.queryset = searches

    def get_ordering_field_columns(self):
        """Mark the column the list is ordered by; its own way knows no columns but fields."""
        if ORDER_VAR in self.params:
            return super().get_ordering_field_columns()
        return {self.list_display.index("searched"): "desc"}


class FoundFilter(admin.SimpleListFilter):
    title = _("result")
    parameter_name = "result"

    def lookups(self, request, model_admin):
        return [("none", _("nothing found")), ("some", _("something found"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(last_hits=0)
        if self.value() == "some":
            return queryset.filter(last_hits__gt=0)
        return queryset


@admin.register(SearchLog)
class SearchLogAdmin(FoldedSearchAdmin):
    """Searches are counted by readers searching, never by hand."""

    change_list_template = "admin/articles/searches.html"
    kept = "query"
    list_display = ["shown", "searched", "last_found", "last_day"]
    list_display_links = None
    list_filter = [FoundFilter]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["query"]
    date_hierarchy = "day"
    list_per_page = 100
    sortable_by = ["searched", "last_found", "last_day"]

    class Media:
        css = {"all": ["desk/desk.css"]}

    def get_queryset(self, request):
        """Return searches with what the list shows of all their days that are chosen."""

        def over_days(expression, **how):
            return Window(expression, partition_by=F("query"), **how)

        latest = F("day").desc()
        return SearchLog.objects.annotate(
            total=over_days(Sum("times")),
            last_hits=over_days(FirstValue("hits"), order_by=latest),
            newest_first=over_days(RowNumber(), order_by=latest),
        )

    def get_ordering(self, request):
        return ["-total", "query"]

    def get_list_display(self, request):
        """Offer what to do about a search that found nothing, to who may do it."""
        offers = [
            (reverse(f"admin:articles_{model}_add"), field, name)
            for model, field, name in _OFFERS
            if request.user.has_perm(f"articles.add_{model}")
        ]
        if not offers:
            return self.list_display

        @admin.display(description=_("to do"))
        def to_do(search) -> str:
            if search.last_hits:
                return ""
            text = self.in_script(search)
            lines = ((address, urlencode({field: text}), name) for address, field, name in offers)
            return format_html_join(" · ", '<a href="{}?{}">{}</a>', lines)

        return [*self.list_display, to_do]

    def get_changelist(self, request, **kwargs):
        return Totals

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("Searches"), "shown_days": SHOWN_DAYS}
        return super().changelist_view(request, context | (extra_context or {}))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("looked for"))
    def shown(self, search):
        return self.in_script(search)

    @admin.display(description=_("times"), ordering="total")
    def searched(self, search):
        return search.total

    @admin.display(description=_("found last time"), ordering="last_hits")
    def last_found(self, search):
        return search.last_hits

    @admin.display(description=_("last looked for"), ordering="day")
    def last_day(self, search):
        return f"{search.day:%Y-%m-%d}"
