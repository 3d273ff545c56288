"""The pages of the work queue. With a script they are never loaded anew: forms are sent, and the
parts that changed come back; without one each form leads to the page again."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from portal.transactions import retried

from ...curation.bulk import choosing
from ...curation.drafts import Overtaken
from ...curation.looking_through import last_step, sign_of_life, take
from ...curation.publishing import Held
from ...intake import queue_steps
from ...intake.decisions import Refused, Shorter
from ...models import Article, BulkRun, ImportRun
from ...text.keys import is_key
from .acting import STEPS, last_of_many, many, step
from .pane import pane_of
from .queue_rows import DOUBTFUL, LISTED, READY, THROUGH, Queue

_PARTS = "Queue-Part"
"""The header by which the script asks for parts of the page: `pane`, or `list` for all of it."""

_HOLDING = {"missing-title", "lost-text", "doubtful-title", "encoding-doubt", "beyond-repair"}
"""Kinds of flags that hold publication back: left one by one, never for many."""


class WorkQueue(admin.ModelAdmin):
    """The work queue at the desk of articles."""

    def get_urls(self):
        views = [
            ("queue/", self.queue_view, "queue"),
            ("queue/step/", self.queue_step_view, "queue_step"),
            ("queue/many/", self.queue_many_view, "queue_many"),
            ("queue/alive/", self.queue_alive_view, "queue_alive"),
        ]
        addresses = [
            path(address, self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for address, view, name in views
        ]
        return [*addresses, *super().get_urls()]

    def queue_view(self, request):
        """Show the queue, and one import of it."""
        queue = self._queue(request, request.GET)
        at = request.GET.get("at", "")
        number = int(at) if is_key(at) else queue.next_of(None)
        return self._queue_answer(request, queue, number)

    def queue_step_view(self, request):
        """Take one step on one import, or undo the latest."""
        queue = self._queue(request, request.POST, decides=True)
        sent = request.POST.get("article", "")
        number = int(sent) if is_key(sent) else None
        wanted = request.POST.get("do")
        told, failed, typed = "", "", {}
        try:
            if wanted == "undo":
                unit = partial(queue_steps.undo, request.user, queue.all)
                article = retried(unit)
                number, told = article.pk, _("Undone: “%(title)s”.") % {"title": article}
                return self._queue_answer(request, queue, number, told=told)
            if wanted not in STEPS or number is None:
                raise Http404
            told, goes_on = retried(partial(step, self, request, number))
        except Shorter as shorter:
            failed, typed = (
                shorter.args[0],
                self._queue_typed(request) | {"shorter": shorter.stretch},
            )
        except (Refused, Overtaken) as refused:
            failed, typed = refused.args[0], self._queue_typed(request)
        except Held:
            failed = queue_steps.BLOCKED
        else:
            if goes_on:
                following = queue.next_of(number, request.POST.get("next", ""))
                return self._queue_answer(request, queue, following, told=told, changed=[number])
        return self._queue_answer(request, queue, number, told=told, failed=failed, typed=typed)

    def queue_many_view(self, request):
        """Decide for all that a filter chooses, or ask before all of it is published."""
        queue = self._queue(request, request.POST, decides=True)
        sent = request.POST.get("article", "")
        number = int(sent) if is_key(sent) else None
        if request.POST.get("do") == "publish-ready":
            if not self.has_publish_permission(request):
                raise PermissionDenied
            run = choosing.ask(BulkRun.Action.PUBLISH, queue.chosen, request.user)
            return redirect("admin:articles_article_bulk", run.pk)
        if request.POST.get("do") == "leave-kind" and queue.kind in ("", READY, THROUGH, *_HOLDING):
            raise Http404
        told = failed = ""
        try:
            told = retried(partial(many, queue, request))
        except Refused as refused:
            failed = refused.args[0]
        if not queue.chosen.exists():
            queue.kind = ""
            queue.__dict__.pop("chosen")
        return self._queue_answer(request, queue, number, told=told, failed=failed, anew=True)

    def queue_alive_view(self, request):
        """Take down that a page is still open; tell who has which import before them, and how many
        are left."""
        if request.method != "POST":
            raise PermissionDenied
        queue = self._queue(request, request.POST)
        article = request.POST.get("article", "")
        if is_key(article):
            sign_of_life(int(article), request.user)
        response = JsonResponse({"who": queue.others(), **queue.progress()})
        add_never_cache_headers(response)
        return response

    def _queue(self, request, asked, *, decides: bool = False) -> Queue:
        if not request.user.has_perm("articles.view_source") or not self.has_view_permission(
            request
        ):
            raise PermissionDenied
        if decides and (request.method != "POST" or not self.has_change_permission(request)):
            raise PermissionDenied
        try:
            return Queue.asked(request.user, asked)
        except ImportRun.DoesNotExist:
            raise Http404 from None

    def _queue_typed(self, request) -> dict:
        """Return what was typed, by the name of its place on the page."""
        sent = request.POST
        place = f"field-{sent['field']}" if sent.get("field") else f"flag-{sent.get('token')}"
        return {place: sent["text"]} if sent.get("text") else {}

    def _queue_answer(
        self,
        request,
        queue: Queue,
        number: int | None,
        *,
        told: str = "",
        failed: str = "",
        typed: dict | None = None,
        changed=(),
        anew: bool = False,
    ):
        """Return the page at one import, or the parts of it that the script asked for; without a
        script, what was sent leads to the page."""
        asked = request.headers.get(_PARTS, "")
        if request.method == "POST" and not asked and not typed:
            if told:
                messages.success(request, told)
            if failed:
                messages.error(request, failed)
            return HttpResponseRedirect(queue.address(at=number or ""))
        article = self._queued_article(request, number)
        if article and self.may_write(request, article):
            take(article.pk, request.user)
        is_whole = not asked or asked == "list" or anew
        context = {
            "queue": queue,
            "told": told,
            "failed": failed,
            "at": article.pk if article else None,
            "progress": queue.progress(),
            "pills": queue.pills(),
            "through": THROUGH,
            "queue_page": reverse("admin:articles_article_queue"),
            "may_decide": self.has_change_permission(request),
            "undoable": last_step(request.user, queue.all),
            "opts": self.opts,
            **(pane_of(self, request, queue, article, typed) if article else {}),
        }
        context["typed_shorter"] = (typed or {}).get("shorter")
        if is_whole:
            context |= self._queue_list(request, queue, context)
        else:
            numbers = dict.fromkeys([*changed, *([article.pk] if article else [])])
            context["rows"] = list(filter(None, map(queue.row, numbers)))
        if asked:
            return TemplateResponse(request, "admin/articles/queue/parts.html", context)
        context |= self.admin_site.each_context(request)
        context["title"] = _("Looking imports through")
        response = TemplateResponse(request, "admin/articles/queue/queue.html", context)
        add_never_cache_headers(response)
        return response

    def _queue_list(self, request, queue: Queue, context: dict) -> dict:
        on = next((pill for pill in context["pills"] if pill["is_on"]), None)
        leaves = on and queue.kind not in (READY, THROUGH, *_HOLDING)
        return {
            "is_whole": True,
            "rows": queue.rows(),
            "listed": LISTED,
            "on": on,
            "leaves": leaves and queue.kind not in DOUBTFUL,
            "publishes": on and queue.kind == READY and self.has_publish_permission(request),
            "many": last_of_many(request.user),
        }

    def _queued_article(self, request, number: int | None) -> Article | None:
        if number is None:
            return None
        found = Article.objects.outside_bin().filter(source__isnull=False)
        article = found.select_related("draft__text", "draft__created_by").filter(pk=number).first()
        if article is None:
            raise Http404
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return article
