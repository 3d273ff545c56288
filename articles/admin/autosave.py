"""Forms that save themselves while somebody writes: as a draft, by the same door as by hand."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.urls import path, reverse
from django.utils import timezone

from ..curation import revisions
from ..models import Article
from .article_form import ArticleForm, Outcome, save
from .audited import as_one
from .standing import moment

SAVED, UNCHANGED, OVERTAKEN, BINNED, INCOMPLETE = (
    *("saved", "unchanged", "overtaken", "binned", "incomplete"),
)
"""What became of a form that was sent by itself. Of all but the first two the browser keeps what
was typed, and whoever saves by hand is told why."""


class Autosave(admin.ModelAdmin):
    """The addresses at the desk of articles that forms send themselves to."""

    def get_urls(self):
        views = (
            (
                "autosave/",
                self.autosave_new,
                self.has_add_permission,
                "articles_article_autosave_new",
            ),
            (
                "<int:object_id>/autosave/",
                self.autosave,
                self.has_change_permission,
                "articles_article_autosave",
            ),
        )
        own = [
            path(address, self.admin_site.admin_view(partial(self._take, view, may)), name=name)
            for address, view, may, name in views
        ]
        return [*own, *super().get_urls()]

    def _take(self, view, may, request: HttpRequest, **which) -> HttpResponseBase:
        if not may(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return as_one(request, partial(view, request, **which))

    def autosave(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Keep what the form of an article says: as a draft over what readers see, or in the
        article they do not see; nothing over what somebody else saved since."""
        if object_id >= 2**63:
            raise Http404
        article = self.get_object(request, str(object_id))
        if article is None:
            if Article.objects.filter(pk=object_id, deleted_at__isnull=False).exists():
                return JsonResponse({"state": BINNED})
            raise Http404
        if article.deleted_at:
            return JsonResponse({"state": BINNED})
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        form = self._form(request, article)
        if not form.is_valid():
            return JsonResponse({"state": OVERTAKEN if form.conflict else INCOMPLETE})
        was = revisions.by_itself(article, request.user)
        outcome = save(form, request)
        if outcome == Outcome.UNCHANGED:
            return JsonResponse({"state": UNCHANGED})
        revisions.join_by_itself(article, request.user)
        if was is None:  # one line of the log, as there is one revision
            self._log(request, form, "draft" if outcome == Outcome.DRAFT else "change")
        return self._saved(article.pk)

    def autosave_new(self, request: HttpRequest) -> HttpResponseBase:
        """Make an article of a form that says enough for one: a draft nobody but the desk sees."""
        form = self._form(request, None)
        if not form.is_valid():
            return JsonResponse({"state": INCOMPLETE})
        save(form, request)
        self._log(request, form, "add")
        return self._saved(form.instance.pk, new=True)

    def _form(self, request: HttpRequest, article: Article | None) -> ArticleForm:
        form = self.get_form(request, article, change=article is not None)
        by_itself = type("ArticleForm", (form,), {"by_itself": True})
        return by_itself(request.POST, instance=article)

    def _log(self, request: HttpRequest, form: ArticleForm, action: str) -> None:
        message = self.construct_change_message(request, form, [], action == "add")
        if action == "add":
            self.log_addition(request, form.instance, message)
        else:
            super().log_change(request, form.instance, message, action)

    def _saved(self, key: int, *, new: bool = False) -> JsonResponse:
        article = Article.objects.select_related("draft").get(pk=key)
        told = {
            "state": SAVED,
            "version": revisions.version(article),
            "at": moment(timezone.now())[-5:],
        }
        if new:
            told |= {
                name: reverse(f"admin:articles_article_{name}", args=[key])
                for name in ("change", "autosave", "presence", "preview_page")
            }
        return JsonResponse(told)
