"""Training paths at the desk: texts in an order, kept as a version whenever they change."""

from django.contrib import admin, messages
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from articles.admin.articles_in_order import ArticlesInOrder
from articles.models import Article
from articles.text import script

from ..editions import NotPublished
from ..models import Path, PathItem
from ..paths import make_version, number_items
from .training_desk import TrainingDesk


class ItemInline(ArticlesInOrder):
    model = PathItem
    fields = ["position", "article", "chosen", "required"]
    verbose_name_plural = _("texts, in the order of their numbers")


@admin.register(Path)
class PathAdmin(TrainingDesk):
    list_display = ["shown_name", "level", "status", "version_number", "hours"]
    list_filter = ["status", "level"]
    search_fields = ["name", "name_hant", "slug"]
    inlines = [ItemInline]
    autocomplete_fields = ["collection"]
    fieldsets = [
        (
            None,
            {
                "fields": [("name_hant", "name"), ("summary_hant", "summary")],
                "description": _(
                    "Fill in one script; the other is added on saving and can be corrected."
                ),
            },
        ),
        (None, {"fields": ["level", "hours", "collection", "status"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, script.fold(search_term))

    @admin.display(description=_("title"), ordering="name_hant")
    def shown_name(self, path):
        return str(path)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(newest=Max("versions__number"))

    @admin.display(description=_("version"), ordering="newest")
    def version_number(self, path):
        return path.newest or "–"

    def save_related(self, request, form, formsets, change):
        """Number the texts, fill in those of the collection where there are none, and keep what
        the path consists of now as a version."""
        super().save_related(request, form, formsets, change)
        path = form.instance
        if path.collection_id and not path.items.exists():
            PathItem.objects.bulk_create(
                PathItem(path=path, article_id=pk, position=position)
                for position, pk in enumerate(path.collection.public_article_ids(), 1)
            )
        number_items(path)
        if not path.items.exists():
            return
        before = path.version
        try:
            version = make_version(path, request.user)
        except NotPublished as error:
            article = Article.objects.filter(pk=error.article_id).first()
            self.message_user(
                request,
                _("No version is made: readers do not see “%s”. Publish it, or take it out.")
                % article,
                messages.WARNING,
            )
            return
        if before is None or before.pk != version.pk:
            told = _("This is version %d now. What is assigned already stays as it was.")
            self.message_user(request, told % version.number, messages.SUCCESS)
