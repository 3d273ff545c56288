"""Many articles at once: asked, shown what will change, confirmed, watched, undone."""

from collections import Counter, defaultdict
from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from ..curation.bulk import changing, choosing, work
from ..models import Article, Author, BulkItem, BulkRun, Genre, Redirect, Status, Tag
from ..models.article_queries import KEPT_IN_BIN
from . import to_publish
from .article_form import BylineField
from .audited import VIEW_LOG
from .findings import FLAG_NAMES

Action, State, Outcome = BulkRun.Action, BulkRun.State, BulkItem.Outcome

_A_PAGE = 100
_LATEST = 50
_IN_BIN = (Action.RESTORE, Action.PURGE)
_PERMISSIONS = {choosing.PUBLISH: "publish", choosing.CHANGE: "change", choosing.DELETE: "purge"}


def asks_for(action: BulkRun.Action):
    """Return the list's action that freezes what is chosen and leads to the confirmation."""
    permission = _PERMISSIONS[choosing.NEEDED.get(action, choosing.CHANGE)]

    @admin.action(description=action.label, permissions=[permission])
    def ask(model_admin, request, queryset):
        work.sweep()
        run = choosing.ask(action, queryset, request.user)
        return redirect("admin:articles_article_bulk", run.pk)

    ask.__name__ = action.value
    return ask


_CLEARABLE = (Action.SET_AUTHORS, Action.SET_GENRE, Action.SET_SOURCE)


class ParameterForm(forms.Form):
    """What an action puts in: tags, authors, a genre or a source. Nothing is put in the place of
    what is there only where that is ticked."""

    def __init__(self, run: BulkRun, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["value"] = field = _field_of(run.action)
        if run.action in _CLEARABLE:
            self.fields["clear"] = forms.BooleanField(
                required=False, label=_("Clear it: take away what stands there now, in all of them")
            )
        if "value" in run.parameters:
            rows = choosing.wanted_rows(run)
            field.initial = run.parameters["value"]
            if rows is not None:
                field.initial = list(dict.fromkeys(row.pk for row in rows.values()))
            if "clear" in self.fields:
                self.fields["clear"].initial = not field.initial

    def clean(self):
        data = super().clean()
        if "clear" not in self.fields or "value" in self.errors:
            return data
        if data["clear"] and data["value"]:
            self.add_error("value", _("Either fill this in or tick that it is to be cleared."))
        elif not data["clear"] and not data["value"]:
            self.add_error("value", _("Fill this in, or tick that it is to be cleared."))
        return data

    def value(self):
        """Return what was chosen, as JSON."""
        chosen = self.cleaned_data["value"]
        return chosen if isinstance(chosen, str) else [one.pk for one in chosen]


class ChosenTags(forms.ModelMultipleChoiceField):
    """Tags; those merged since the form was shown are what they became."""

    def clean(self, value):
        return super().clean(Redirect.objects.standing(Tag, map(str, value or ()), hold=True))


def _named(article: int, title: str, flags: list[dict]) -> dict:
    """Return what the confirmation page says of an article that blocking flags hold back."""
    kinds = Counter(flag["kind"] for flag in flags)
    first = {flag["kind"]: flag for flag in reversed(flags)}
    named = [(first[kind], FLAG_NAMES.get(kind, kind), count) for kind, count in kinds.items()]
    return {"pk": article, "title": title, "flags": named}


def _field_of(action: str) -> forms.Field:
    if action == Action.SET_GENRE:
        return forms.ChoiceField(
            choices=[("", "---------"), *Genre.choices],
            required=False,
            label=_("genre"),
            help_text=_("The kind of text, the same for all of them."),
        )
    if action == Action.SET_SOURCE:
        return forms.CharField(
            max_length=120,
            required=False,
            label=_("source"),
            help_text=_("The publication's name; readers see it in their script."),
        )
    if action == Action.SET_AUTHORS:
        return BylineField(
            Author.objects.all(),
            required=False,
            label=_("authors"),
            widget=AutocompleteSelectMultiple(Article._meta.get_field("authors"), admin.site),
            help_text=_("They take the place of all authors named now."),
        )
    return ChosenTags(
        Tag.objects.all(),
        label=_("tags"),
        widget=AutocompleteSelectMultiple(Article._meta.get_field("tags"), admin.site),
        help_text=_("Type in either script or in pinyin."),
    )


class ManyArticles(admin.ModelAdmin):
    """Bulk changes at the desk of articles."""

    actions = [asks_for(action) for action in Action if action != Action.UNDO]

    def get_actions(self, request):
        """Offer what can be done to what is listed: in the bin, no more than to leave it."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        in_bin = request.GET.get("bin") == "yes"
        return {name: one for name, one in actions.items() if (name in _IN_BIN) == in_bin}

    def get_urls(self):
        views = [
            ("bulk/", self.bulk_list_view, "bulk_list"),
            ("bulk/overdue/", self.overdue_view, "overdue"),
            ("bulk/<int:number>/", self.bulk_view, "bulk"),
            ("bulk/<int:number>/progress/", self.bulk_progress_view, "bulk_progress"),
        ]
        addresses = [
            path(address, self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for address, view, name in views
        ]
        return [*addresses, *super().get_urls()]

    def bulk_list_view(self, request):
        """List the latest bulk changes."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        runs = BulkRun.objects.exclude(state=State.ASKED).select_related("started_by", "undoes")
        runs = list(runs[:_LATEST])
        counted = BulkItem.objects.filter(run__in=runs, outcome__in=(Outcome.LEFT, Outcome.FAILED))
        apart = defaultdict(list)
        for run, outcome, count in counted.order_by("outcome").values_list(
            *("run", "outcome"), Count("pk")
        ):
            apart[run].append((Outcome(outcome), count))
        shown = [
            {
                "run": run,
                "what": changing.described(run),
                "changed": max(run.done - sum(count for _one, count in apart[run.pk]), 0),
                "apart": [(one, one.label, count) for one, count in apart[run.pk]],
            }
            for run in runs
        ]
        context = self._bulk_context(request, title=_("Bulk changes"), runs=shown)
        return TemplateResponse(request, "admin/articles/article/bulk_list.html", context)

    def overdue_view(self, request):
        """Ask whether to delete for good what has lain in the bin for long."""
        if request.method != "POST" or not self.has_purge_permission(request):
            raise PermissionDenied
        before = timezone.now() - timedelta(days=KEPT_IN_BIN)
        run = choosing.ask(Action.PURGE, Article.objects.in_bin_since(before), request.user)
        return redirect("admin:articles_article_bulk", run.pk)

    def bulk_progress_view(self, request, number: int):
        """Tell how far a run is; asked once a second."""
        run = self._run(request, number)
        state = "interrupted" if run.is_interrupted else run.state
        response = JsonResponse({"state": state, "done": run.done, "total": run.total})
        add_never_cache_headers(response)
        return response

    def bulk_view(self, request, number: int):
        """Show a run at whatever stage it is, and take the next step."""
        run = self._run(request, number)
        form = None
        if run.state == State.ASKED and run.action in choosing.WITH_PARAMETERS:
            form = ParameterForm(run)
        if request.method == "POST":
            wanted = request.POST.get("action")
            if not request.user.has_perm(choosing.needed(run)):
                raise PermissionDenied
            if wanted == "choose" and form is not None:
                self._own(request, run)
                form = ParameterForm(run, request.POST)
                if form.is_valid():
                    choosing.set_parameters(run, {"value": form.value()})
                    return redirect(request.path)
            else:
                return self._step(request, run, wanted)
        shown = self._asked(run) if run.state == State.ASKED else self._standing(request, run)
        mine = run.started_by_id == request.user.pk
        context = self._bulk_context(
            request,
            title=changing.described(run),
            run=run,
            form=form,
            may_act=request.user.has_perm(choosing.needed(run)),
            mine=mine,
            may_see_log=request.user.has_perm(VIEW_LOG),
            **shown,
        )
        if form:
            context["media"] += form.media
        return TemplateResponse(request, "admin/articles/article/bulk.html", context)

    def _step(self, request, run: BulkRun, wanted: str | None):
        started = True
        if wanted == "confirm":
            self._own(request, run)
            if run.parameters.get("over") and "despite_flags" not in request.POST:
                told = _("Tick that these go out over their blocking flags, or leave them out.")
                self.message_user(request, told, messages.ERROR)
                return redirect("admin:articles_article_bulk", run.pk)
            ready = run.action not in choosing.WITH_PARAMETERS or "value" in run.parameters
            started = ready and work.start(run, of=State.ASKED)
        elif wanted == "resume":
            started = any(work.start(run, of=of) for of in (State.WORKING, State.FAILED))
        elif wanted == "blocked" and run.state == State.ASKED:
            self._own(request, run)
            if not choosing.let_over(run, request.POST.get("include") == "yes"):
                told = _("They are more than anybody can look at: choose fewer articles at once.")
                self.message_user(request, told, messages.ERROR)
        elif wanted == "cancel":
            work.cancel(run)
            if run.done == 0 and run.state == State.CANCELLED:
                self.message_user(request, _("Nothing was changed."), messages.INFO)
                return redirect("admin:articles_article_changelist")
        elif wanted == "undo" and self._can_be_undone(run):
            undo = choosing.ask_to_undo(run, request.user)
            return redirect("admin:articles_article_bulk", undo.pk)
        else:
            started = False
        if not started:
            told = _("This change is no longer waiting for that; here is how it stands.")
            self.message_user(request, told, messages.WARNING)
        return redirect("admin:articles_article_bulk", run.pk)

    def _asked(self, run: BulkRun) -> dict:
        """Return what the confirmation page shows: counts made before, and the first titles."""
        fates, over = run.foreseen["fates"], choosing.confirmed(run)
        held = choosing.held(run)[: choosing.MOST_OVER]
        publishes = run.action == Action.PUBLISH
        rows = to_publish.listed(run) if publishes else []
        first = choosing.with_fates(run, run.items.all()).select_related("article").order_by("pk")
        first = first.defer("article__body", "article__search_text")[: choosing.PREVIEWED]
        return {
            "going": fates.get(choosing.GO, 0),
            "left": [
                (why, choosing.REASONS[why], count)
                for why, count in fates.items()
                if why != choosing.GO and count
            ],
            "held": [_named(*one) for one in held if not over or one[0] in over],
            "over": len(over),
            "too_many": fates.get(choosing.BLOCKED, 0) > choosing.MOST_OVER,
            "statuses": [
                (status, Status(status).label, count)
                for status, count in run.foreseen["statuses"].items()
            ],
            "noted": run.foreseen,
            "first": [
                (item, choosing.REASONS.get(item.fate, "")) for item in first if item.article
            ],
            "rows": rows,
            "doubtful": to_publish.doubtful(rows),
            "more": max(run.total - (to_publish.LISTED if publishes else choosing.PREVIEWED), 0),
            "hides": run.action in (Action.UNPUBLISH, Action.ARCHIVE, Action.BIN),
            "in_background": run.total > work.AT_ONCE,
            "ready": run.action not in choosing.WITH_PARAMETERS or "value" in run.parameters,
        }

    def _standing(self, request, run: BulkRun) -> dict:
        """Return what became of the articles so far."""
        counted = run.items.order_by().values_list("outcome").annotate(n=Count("pk"))
        counts = dict(counted)
        only = request.GET.get("outcome")
        items = run.items.exclude(outcome=Outcome.WAITING).order_by("pk")
        if only in Outcome.values:
            items = run.items.filter(outcome=only).order_by("pk")
        page = Paginator(items, _A_PAGE).get_page(request.GET.get("page"))
        return {
            "interrupted": run.is_interrupted,
            "failure": work.why_failed(run),
            "outcomes": [(one, one.label, counts[one]) for one in Outcome if counts.get(one)],
            "only": only if only in Outcome.values else "",
            "page": page,
            "items": [(item, changing.reason_of(item)) for item in page],
            "goes_on": run.state == State.FAILED and counts.get(Outcome.WAITING, 0),
            "undo": self._can_be_undone(run) and counts.get(Outcome.CHANGED, 0),
            "undone_by": run.undone_by.exclude(state__in=[State.ASKED, State.CANCELLED]).first(),
        }

    def _can_be_undone(self, run: BulkRun) -> bool:
        ended = run.state in (State.DONE, State.CANCELLED, State.FAILED)
        return ended and run.action not in (Action.PURGE, Action.UNDO)

    def _own(self, request, run: BulkRun) -> None:
        """Let nobody confirm what somebody else was shown."""
        if run.started_by_id != request.user.pk:
            raise PermissionDenied

    def _run(self, request, number: int) -> BulkRun:
        if not self.has_change_permission(request):
            raise PermissionDenied
        runs = BulkRun.objects.select_related("started_by", "undoes", "entry")
        run = runs.filter(pk=number).first() if number < 2**63 else None
        if run is None:
            raise Http404
        return run

    def _bulk_context(self, request, **more) -> dict:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            **more,
        }
