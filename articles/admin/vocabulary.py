"""Tags and authors: their names in both scripts, what else they are called, and how much used."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Value, When
from django.db.models.deletion import ProtectedError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..curation.merging import delete_tags
from ..curation.policy import Deed, may
from ..models import (
    Article,
    Author,
    AuthorAlias,
    Authorship,
    Tag,
    TagAlias,
    TaggedArticle,
    TagGroup,
)
from ..search.lists import counts
from ..text import script
from ..text.keys import is_key
from ..text.names import in_page_script, name_key
from .merging import MergeAdmin
from .script_choice import InBothScriptsForm

_HELP = {
    "name": _("Names in simplified script are what search and imports go by."),
    "name_hant": _("As readers of traditional script see it."),
    "slug": _("Filled in by itself. When you change it, the old address leads to the new one."),
    "group": _("Under which it stands on the page of all tags."),
    "unit": _("Tells people of one name apart: leave it blank where it is not known."),
    "description": _("A few sentences at the head of its page; may be blank."),
    "biography": _("A few sentences at the head of the author's page; may be blank."),
}


class UsageFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("none", _("unused")), ("some", _("used"))]

    def queryset(self, request, queryset):
        if self.value() not in ("none", "some"):
            return queryset
        ties, one = (TaggedArticle, "tag") if queryset.model is Tag else (Authorship, "author")
        used = Exists(ties.objects.filter(**{one: OuterRef("pk")}))
        return queryset.filter(used if self.value() == "some" else ~used)


class NamesakesFilter(admin.SimpleListFilter):
    title = _("namesakes")
    parameter_name = "namesakes"

    def lookups(self, request, model_admin):
        return [("some", _("with namesakes"))]

    def queryset(self, request, queryset):
        return queryset.with_namesakes() if self.value() == "some" else queryset


class Counted(ChangeList):
    """Counts the articles of what the page shows, not of the whole vocabulary."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.model_admin.count(self.result_list)


class VocabularyAdmin(MergeAdmin):
    """What the two have in common: texts in both scripts, counted articles, folded search."""

    ties: tuple = ()  # the model whose rows tie articles to it, and the field it has for it
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 100
    list_display_links = ["name_hant", "name"]

    class Media:
        css = {"all": ["desk/desk.css", "desk/revisions.css"]}

    def get_changelist(self, request, **kwargs):
        return Counted

    def count(self, rows: list) -> None:
        """Note on each row how many articles it has, and how many of them readers see."""
        ties, one = self.ties
        tied = ties.objects.filter(**{f"{one}__in": [row.pk for row in rows]}).order_by()
        counted = dict(tied.values_list(one).annotate(Count("pk")))
        public = counts()
        for row in rows:
            row.article_count = counted.get(row.pk, 0)
            row.public_count = public[f"{one[0]}{row.pk}"]

    def get_search_results(self, request, queryset, search_term):
        """Find 维权 by 維權 and by pinyin: names are kept simplified, slugs in pinyin."""
        return super().get_search_results(request, queryset, script.fold(search_term))

    def has_change_permission(self, request, obj=None):
        """What stands on public pages is changed by those who may publish what they typed."""
        allowed = super().has_change_permission(request, obj)
        if allowed and obj is not None and not may(request.user, Deed.PUBLISH_UNSEEN):
            return not self.in_use(Article.objects.published()).filter(pk=obj.pk).exists()
        return allowed

    # Several at once

    def get_object(self, request, object_id, from_field=None):
        """Let nobody merge or delete what a form was sent about, until it is saved."""
        if request.method == "POST" and is_key(object_id):
            page = request.resolver_match.url_name
            if page.endswith("_change"):
                self.model.hold((), beside=[int(object_id)])
            elif page.endswith("_delete"):
                self.model.hold([int(object_id)])
        return super().get_object(request, object_id, from_field)

    def log_deletions(self, request, queryset):
        """Tell of those that are there still: nobody else deletes them from now on."""
        rows, _articles = self.model.hold([one.pk for one in queryset])
        return super().log_deletions(request, list(rows.values()))

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            self._tell_signing(request)
            return redirect(request.get_full_path())

    def response_action(self, request, queryset):
        try:
            return super().response_action(request, queryset)
        except ProtectedError:
            self._tell_signing(request)
            return redirect(request.get_full_path())

    def _tell_signing(self, request) -> None:
        told = _("Nothing was deleted: somebody put an author into a byline meanwhile.")
        self.message_user(request, told, messages.WARNING)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in _HELP:
            kwargs["help_text"] = _HELP[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def view_on_site(self, obj):
        """Lead to the page readers see, once there is one."""
        return obj.get_absolute_url() if obj.slug else None

    @admin.display(description=_("aliases"))
    def alias_names(self, obj):
        names = [in_page_script(str(one)) for one in obj.named_too]
        return "、".join(names) or "–"

    @admin.display(description=_("articles"))
    def used(self, obj):
        if not obj.article_count:
            return format_html('<span class="badge">{}</span>', _("unused"))
        return obj.article_count

    @admin.display(description=_("of these public"))
    def public(self, obj):
        return obj.public_count


class AliasInline(admin.TabularInline):
    model = TagAlias
    extra = 1
    verbose_name_plural = _("aliases: other names, found by imports and search; in either script")


class AuthorAliasInline(admin.TabularInline):
    model = AuthorAlias
    extra = 1
    verbose_name_plural = _("aliases: other names and units this author signs by; in either script")


_GROUPS = Case(
    *(When(group=value, then=Value(place)) for place, value in enumerate(TagGroup.values)),
    default=Value(len(TagGroup.values)),
    output_field=IntegerField(),
)
"""The place of a tag's group in the order readers see."""


class TagForm(InBothScriptsForm):
    folded = ("name",)


@admin.register(Tag)
class TagAdmin(VocabularyAdmin):
    form = TagForm
    ties = (TaggedArticle, "tag")
    list_display = ["name_hant", "name", "group", "alias_names", "used", "public"]
    list_filter = ["group", UsageFilter]
    search_fields = ["name", "name_hant", "slug", "aliases__name"]
    search_help_text = _("Names and aliases in either script, or the address in pinyin")
    inlines = [AliasInline]

    def get_queryset(self, request):
        aliases = Prefetch("aliases", to_attr="named_too")
        return super().get_queryset(request).prefetch_related(aliases)

    def get_ordering(self, request):
        return [_GROUPS.asc(), "slug"]

    def in_use(self, articles):
        return articles.tags_in_use()

    def delete_model(self, request, obj):
        delete_tags(Tag.objects.filter(pk=obj.pk), request.user)

    def delete_queryset(self, request, queryset):
        delete_tags(queryset, request.user)

    def get_deleted_objects(self, objs, request):
        """Say how many articles lose a tag, instead of naming each tie to one."""
        _listed, counts, permissions, protected = super().get_deleted_objects(objs, request)
        counts.pop(TaggedArticle._meta.verbose_name_plural, None)
        rows = list(self.get_queryset(request).filter(pk__in=[obj.pk for obj in objs]))
        self.count(rows)
        listed = []
        for tag in rows:
            lost = ngettext(
                "%(n)d article loses this tag", "%(n)d articles lose this tag", tag.article_count
            )
            address = reverse("admin:articles_tag_change", args=[tag.pk])
            listed.append(format_html('<a href="{}">{}</a>', address, tag))
            listed.append([lost % {"n": tag.article_count}])
            if tag.named_too:
                listed[-1].append(f"{_('aliases')}: {self.alias_names(tag)}")
        return listed, counts, permissions, protected

    fieldsets = [
        (
            None,
            {
                "fields": [("name_hant", "name"), "group", "slug"],
                "description": _(
                    "Fill in one script; the other is added on saving and can be corrected."
                ),
            },
        ),
        (_("Description"), {"fields": ["description_hant", "description"]}),
    ]


@admin.register(Author)
class AuthorAdmin(VocabularyAdmin):
    form = InBothScriptsForm
    ties = (Authorship, "author")
    list_display = [
        *("name_hant", "name", "shown_unit", "alias_names", "used", "public", "namesakes"),
    ]
    list_filter = [UsageFilter, NamesakesFilter]
    search_fields = ["name", "name_hant", "slug", "aliases__name"]
    search_help_text = _("Names and aliases in either script, or the address in pinyin")
    inlines = [AuthorAliasInline]
    autocomplete_fields = ["portrait"]

    def get_queryset(self, request):
        aliases = Prefetch("aliases", to_attr="named_too")
        return super().get_queryset(request).prefetch_related(aliases)

    def get_ordering(self, request):
        return ["slug"]

    def get_search_results(self, request, queryset, search_term):
        """Find also names that are nearly what was typed."""
        found, doubled = super().get_search_results(request, queryset, search_term)
        key = name_key(search_term)
        return (found | queryset.filter(key=key), doubled) if key else (found, doubled)

    def in_use(self, articles):
        return articles.authors_in_use()

    def count(self, rows: list) -> None:
        """Note also who else has the name, or one that is nearly the same."""
        super().count(rows)
        same = defaultdict(list)
        keys = {row.key for row in rows} - {""}
        for pk, key in Author.objects.filter(key__in=keys).values_list("pk", "key"):
            same[key].append(pk)
        for row in rows:
            row.namesake_keys = sorted(same[row.key])

    @admin.display(description=_("unit"))
    def shown_unit(self, author):
        return author.text("unit") or "–"

    @admin.display(description=_("namesakes"))
    def namesakes(self, author):
        others = len(author.namesake_keys) - 1
        if others < 1:
            return "–"
        return format_html(
            '<a href="{}">{}</a>',
            f"?{urlencode({'namesakes': 'some', 'q': author.name})}",
            ngettext("%(n)d namesake", "%(n)d namesakes", others) % {"n": others},
        )

    fieldsets = [
        (
            None,
            {
                "fields": [("name_hant", "name"), ("unit_hant", "unit"), "slug"],
                "description": _(
                    "Fill in one script; the other is added on saving and can be corrected."
                ),
            },
        ),
        (_("Biography"), {"fields": ["biography_hant", "biography"]}),
    ]
