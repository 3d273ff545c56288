"""Near duplicates: shown beside each other, told apart by a curator, never merged by themselves."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from portal.transactions import retried

from ..models import Article, Similarity
from ..text import html, script
from ..text.comparison import compare
from ..text.fingerprints import likeness, shingles
from .contents import groups

SHOWN = 20
"""Similar articles listed beside an article's form."""


class SimilarFilter(admin.SimpleListFilter):
    title = _("similar articles")
    parameter_name = "similar"

    def lookups(self, request, model_admin):
        return [("some", _("with similar articles"))]

    def queryset(self, request, queryset):
        if self.value() != "some":
            return queryset
        pairs = Similarity.objects.outside_bin().filter(dismissed_at=None)
        return queryset.filter(Q(pk__in=pairs.values("article")) | Q(pk__in=pairs.values("other")))


class SimilarArticles(admin.ModelAdmin):
    """What the desk of articles knows of near duplicates."""

    class Media:
        css = {"all": ["desk/similar.css"]}

    def render_change_form(self, request, context, *, obj=None, **options):
        context["similar"] = self._similar(obj.pk) if obj else []
        return super().render_change_form(request, context, obj=obj, **options)

    def _similar(self, own: int) -> list[dict]:
        """Return the near duplicates of an article, those dismissed last."""
        pairs = (
            Similarity.objects.of(own)
            .outside_bin()
            .select_related("article", "other", "dismissed_by")
        )
        titled = (
            f"{side}__{name}" for side in ("article", "other") for name in ("title", "status")
        )
        pairs = pairs.only("jaccard", "containment", "dismissed_at", "dismissed_by", *titled)
        standing_first = pairs.order_by("dismissed_at", "-containment", "-jaccard")
        return [
            {"pair": pair, "other": pair.other if pair.article_id == own else pair.article}
            for pair in sorted(standing_first[:SHOWN], key=lambda pair: bool(pair.dismissed_at))
        ]

    def get_urls(self):
        address = path(
            "<int:article_id>/compare/<int:other_id>/",
            self.admin_site.admin_view(self.compare_view),
            name="articles_article_compare",
        )
        return [address, *super().get_urls()]

    def compare_view(self, request, article_id: int, other_id: int):
        """Show two articles beside each other; take down that they are different essays."""
        left, right = articles = self._both(request, article_id, other_id)
        low, high = sorted((left.pk, right.pk))
        pair = Similarity.objects.filter(article=low, other=high).select_related("dismissed_by")
        pair = pair.first()
        if request.method == "POST":
            if pair is None:
                raise Http404
            return self._decide(request, pair, articles)
        text, other_text = (html.plain_text(article.body) for article in articles)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Compare two articles"),
            "opts": self.opts,
            "media": self.media,
            "articles": articles,
            "pair": pair,
            "measured": pair or likeness(shingles(text), shingles(other_text)),
            "may_decide": self.has_change_permission(request),
            "facts": _facts(left, right),
            "langs": [left.original_script, right.original_script],
            "groups": groups(compare(text, other_text)),
        }
        return TemplateResponse(request, "admin/articles/article/compare.html", context)

    def _both(self, request, article_id: int, other_id: int) -> list[Article]:
        """Return two articles the user may see, in the order asked for."""
        if article_id == other_id or max(article_id, other_id) >= 2**63:
            raise Http404
        articles = Article.objects.defer("search_text").prefetch_related(
            "authorships__author", "tags"
        )
        found = articles.in_bulk([article_id, other_id])
        if len(found) < 2:
            raise Http404
        articles = [found[article_id], found[other_id]]
        if not all(self.has_view_permission(request, article) for article in articles):
            raise PermissionDenied
        return articles

    def _decide(self, request, pair: Similarity, articles: list[Article]):
        """Dismiss a pair, or take that back; on record with both articles."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        dismissed = request.POST.get("decision") != "restore"
        if dismissed:
            told = _("The two articles are noted as different essays.")
            noted = _("Not a duplicate of %(n)d")
        else:
            told = _("The two articles are listed as similar again.")
            noted = _("Similar to %(n)d after all")

        def decide() -> None:
            Article.objects.filter(pk__in=[article.pk for article in articles]).lock()
            if not (pair.dismiss(request.user) if dismissed else pair.restore()):
                raise Http404  # one of them was changed meanwhile, and they are alike no more
            for article, other in zip(articles, articles[::-1], strict=True):
                self.log_change(request, article, str(noted % {"n": other.pk}), "similar")

        retried(decide)
        self.message_user(request, told, messages.SUCCESS)
        if dismissed:
            return redirect(reverse("admin:articles_article_change", args=[articles[0].pk]))
        return redirect(request.path)


def _facts(left: Article, right: Article) -> list[dict]:
    """Return what the two are besides their text, and whether it is the same."""

    def values(article: Article) -> list:
        return [
            article.title,
            "、".join(map(str, article.byline)),
            article.stated_date.isoformat() if article.stated_date else "",
            "、".join(map(str, article.tags.all())),
            article.source_name,
            article.get_status_display(),
        ]

    names = (_("title"), _("authors"), _("stated date"), _("tags"), _("source"), _("status"))
    return [
        {"name": name, "values": pair, "same": script.fold(pair[0]) == script.fold(pair[1])}
        for name, *pair in zip(names, values(left), values(right), strict=True)
    ]
