"""Articles put into an order by hand: several are chosen with one look, then drawn into place."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..models import Article
from ..search.titled_first import titled_first
from ..text.names import in_desk_script

SHOWN = 12
"""Articles offered for what was typed."""

MOST_CHARACTERS = 100


class ArticlesInOrder(admin.TabularInline):
    """Rows of a form that are articles. Above them several are found and chosen; none is empty."""

    template = "admin/articles/articles_in_order.html"
    readonly_fields = ["chosen"]
    extra = 0

    class Media:
        css = {"all": ["desk/articles-picker.css"]}
        js = [
            forms.Script("desk/collection-order.js", type="module"),
            forms.Script("desk/articles-picker.js", type="module"),
        ]

    @property
    def picker(self) -> str:
        """Return where the script asks for articles."""
        return reverse("admin:articles_collection_pick")

    def get_fields(self, request, obj=None):
        """Say once which article it is, to those who only look too."""
        fields = super().get_fields(request, obj)
        may_change = self.has_change_permission(request, obj)
        return fields if may_change else [one for one in fields if one != "article"]

    def get_queryset(self, request):
        articles = super().get_queryset(request).select_related("article__draft")
        return articles.defer("article__body", "article__search_text")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position":  # what the script's buttons are called
            field.initial = None
            field.widget.attrs |= {"data-up": _("Move up"), "data-down": _("Move down")}
        elif db_field.name == "article":
            field.widget = forms.HiddenInput()
        return field

    @admin.display(description=_("article"))
    def chosen(self, item) -> str:
        """Show which article stands in a row, and what readers see of it."""
        if item.article_id is None:  # a row that the script fills
            return ""
        article = item.article
        address = reverse("admin:articles_article_change", args=[article.pk])
        title = in_desk_script(article.title, article.original_script)
        return format_html(
            '<a href="{}">{}</a> <span class="badge {}">{}</span>', address, title, *_seen(article)
        )


def _seen(article: Article) -> tuple[str, str]:
    """Return the badge of what readers see of an article, and what it says: its status where they
    do not see it."""
    if article.is_public:
        return "published", str(_("visible"))
    return "in_review", f"{_('not shown')}：{article.get_status_display()}"


@require_safe
def pick(request: HttpRequest) -> JsonResponse:
    """Answer with articles that are called what was typed, those so titled first; without a word,
    with those that were changed last."""
    if not request.user.has_perm("articles.view_article"):
        raise PermissionDenied
    text = request.GET.get("q", "").strip()[:MOST_CHARACTERS]
    rows = Article.objects.for_desk().filter(deleted_at=None)
    newest = rows.order_by("-modified_at", "-pk")[:SHOWN]
    found = {one.pk: one for one in (titled_first(rows, text, SHOWN) if text else newest)}
    return JsonResponse({"found": [_told(one) for one in list(found.values())[:SHOWN]]})


def _told(article: Article) -> dict[str, str]:
    badge, seen = _seen(article)
    return {
        "key": str(article.pk),
        "title": in_desk_script(article.title, article.original_script),
        "address": reverse("admin:articles_article_change", args=[article.pk]),
        "badge": badge,
        "seen": seen,
        "byline": "、".join(map(str, article.byline)),
    }
