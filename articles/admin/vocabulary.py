"""Tags and authors."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from .. import script
from ..models import Article, Author, Tag, TagAlias


class InBothScriptsAdmin(admin.ModelAdmin):
    """What the two have in common: texts in both scripts, counted articles, folded search."""

    counted = ""  # relation whose rows are the articles
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request):
        return (
            super().get_queryset(request).annotate(article_count=Count(self.counted, distinct=True))
        )

    def get_search_results(self, request, queryset, search_term):
        """Find 维权 by 維權 and by pinyin: names are kept simplified, slugs in pinyin."""
        return super().get_search_results(request, queryset, script.fold(search_term))

    def has_change_permission(self, request, obj=None):
        """What stands on public pages is changed by those who may publish."""
        allowed = super().has_change_permission(request, obj)
        if allowed and obj is not None and not request.user.has_perm("articles.publish_article"):
            return not self.in_use(Article.objects.published()).filter(pk=obj.pk).exists()
        return allowed

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []  # links lead to it

    @admin.display(description=_("articles"), ordering="article_count")
    def used(self, obj):
        return obj.article_count


class AliasInline(admin.TabularInline):
    model = TagAlias
    extra = 1


@admin.register(Tag)
class TagAdmin(InBothScriptsAdmin):
    counted = "tagged"
    list_display = ["name_hant", "name", "group", "used"]
    list_filter = ["group"]
    search_fields = ["name", "name_hant", "slug", "aliases__name"]
    inlines = [AliasInline]

    def in_use(self, articles):
        return articles.tags_in_use()

    fieldsets = [
        (
            None,
            {
                "fields": [("name", "name_hant"), "group", "slug"],
                "description": _(
                    "Fill in one script; the other is added on saving and can be corrected."
                ),
            },
        ),
        (_("Description"), {"fields": ["description", "description_hant"]}),
    ]


@admin.register(Author)
class AuthorAdmin(InBothScriptsAdmin):
    counted = "authorships"
    list_display = ["name_hant", "name", "unit", "used"]
    search_fields = ["name", "name_hant", "slug"]

    def in_use(self, articles):
        return articles.authors_in_use()

    fieldsets = [
        (
            None,
            {
                "fields": [("name", "name_hant"), ("unit", "unit_hant"), "slug"],
                "description": _(
                    "Fill in one script; the other is added on saving and can be corrected."
                ),
            },
        ),
        (_("Biography"), {"fields": ["biography", "biography_hant"]}),
    ]
