"""Decisions on all edits of one kind in a run of the importer."""

import re
import time
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.transactions import retried

from ..curation.audit import audit, retell
from ..curation.policy import RELEASED, Deed, may
from ..intake import decisions, looked_through
from ..intake.repair_record import EDIT_NAMES
from ..models import Article, AuditEntry, Decision, ImportRun, Look
from ..models.near_duplicates import NEAR_DUPLICATE, has_similar
from .findings import FLAG_NAMES

_AT_ONCE = 8
"""Seconds of work in one request, well under any server's limit; the page offers to go on."""

_NAMED = 5
"""Articles named in a message about what was skipped."""


def panel(request, run: ImportRun) -> dict:
    """Return the table of a run's edits and flags by kind: three queries, whatever its size."""
    edits: dict[str, list[int]] = {}
    flags: dict[str, int] = {}
    count = 0
    present = run.brought.filter(article__deleted_at=None)
    of_sources = present.values_list("edit_kinds", "flag_kinds", has_similar("article"))
    for edit_kinds, flag_kinds, is_similar in of_sources:
        count += 1
        for kind, (every, certain) in edit_kinds.items():
            row = edits.setdefault(kind, [0, 0, 0, 0])
            for place, more in enumerate((every, certain, 1, certain > 0)):
                row[place] += more
        similar = {NEAR_DUPLICATE: 1} if is_similar else {}
        for kind, more in (flag_kinds | similar).items():
            flags[kind] = flags.get(kind, 0) + more
    seen = dict(
        Decision.objects.standing()
        .filter(action=Decision.Action.REVIEW, source__in=present)
        .order_by()
        .values_list("finding__kind")
        .annotate(Count("source", distinct=True))
    )
    return {
        "kinds": [
            {
                "kind": kind,
                "name": EDIT_NAMES.get(kind, kind),
                "edits": every,
                "uncertain": every - certain,
                "articles": articles,
                "articles_certain": articles_certain,
                "reviewed": min(seen.get(kind, 0), articles_certain),
            }
            for kind, (every, certain, articles, articles_certain) in sorted(
                edits.items(), key=lambda item: -item[1][0]
            )
        ],
        "run_flags": [
            {"kind": kind, "name": FLAG_NAMES.get(kind, kind), "count": flags[kind]}
            for kind in sorted(flags, key=flags.get, reverse=True)
        ],
        "article_count": count,
        "left_in_queue": Look.objects.left(Look.objects.imported(run)).count(),
        "may_decide": _may_decide(request),
    }


def _may_decide(request) -> bool:
    return request.user.has_perms(["articles.change_article", "articles.view_source"])


def decide(model_admin, request, object_id: int):
    """Accept or undo all edits of a kind; before undoing, ask."""
    if request.method != "POST" or not _may_decide(request):
        raise PermissionDenied
    run = ImportRun.objects.filter(pk=object_id).first() if object_id < 2**63 else None
    kind = request.POST.get("kind", "")
    if run is None or not re.fullmatch(r"[a-z-]{1,40}", kind):
        raise Http404
    concerned = run.brought.filter(edit_kinds__has_key=kind, article__deleted_at=None)
    sources, locked = concerned, 0
    if not may(request.user, Deed.PUBLISH_UNSEEN):
        sources = concerned.exclude(article__status__in=RELEASED)
        locked = concerned.filter(article__status__in=RELEASED).count()
    back = HttpResponseRedirect(reverse("admin:articles_importrun_change", args=[run.pk]))
    if request.POST.get("action") == "review":
        done = retried(partial(_review, request.user, run, sources, kind))
        _tell_reviewed(request, kind, done, locked)
        return back
    if request.POST.get("action") != "undo":
        raise Http404
    after = request.POST.get("after", "0")
    after = int(after) if re.fullmatch(r"[0-9]{1,18}", after) else 0
    if request.POST.get("confirmed") == "yes":
        after = _undo(request, run, sources.filter(pk__gt=after).order_by("pk"), kind, locked)
        if not after:
            return back
    counts = sources.filter(pk__gt=after).values_list("edit_kinds", flat=True)
    numbers = [counted[kind][0] for counted in counts]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Undo all edits of one kind"),
        "opts": model_admin.opts,
        "run": run,
        "kind": kind,
        "name": EDIT_NAMES.get(kind, kind),
        "articles": len(numbers),
        "edits": sum(numbers),
        "locked": locked,
        "after": after,
    }
    return TemplateResponse(request, "admin/articles/importrun/undo_kind.html", context)


def _review(user, run: ImportRun, sources, kind: str) -> int:
    done = looked_through.review_kind(sources, kind, user)
    audit(user, "review-kind", run, after={"kind": kind, "articles": done})
    return done


@dataclass(frozen=True, slots=True)
class _Undone:
    """How far undoing has come: the line of the log that tells of it, and what it counts."""

    entry: AuditEntry | None = None
    articles: int = 0
    edits: int = 0

    def and_in(self, user, run: ImportRun, source: int, kind: str) -> "_Undone":
        """Undo the edits of a kind in one more import, where that may be done with its article as
        it stands when nobody else changes it; on record with it, or not at all."""
        Article.objects.filter(source=source).lock()
        article = Article.objects.outside_bin().filter(source=source).first()
        if article is None or not may(user, Deed.WRITE, article):
            return self
        decision = decisions.undo_kind(article, kind, user)
        if decision is None:
            return self
        articles, edits = self.articles + 1, self.edits + len(decision.removed)
        told = {"kind": kind, "articles": articles, "edits": edits}
        entry = self.entry or audit(user, "undo-kind", run)
        retell(entry, told)
        return _Undone(entry, articles, edits)


def _undo(request, run, sources, kind: str, locked: int) -> int:
    """Undo article by article; return the last source done where there was no time for all."""
    started = time.monotonic()
    undone, last = _Undone(), 0
    skipped: dict[str, list[str]] = {}
    waiting = list(sources.values_list("pk", flat=True))
    for number, pk in enumerate(waiting):
        if number and time.monotonic() - started > _AT_ONCE:
            break
        last = pk
        try:
            undone = retried(partial(undone.and_in, request.user, run, pk, kind))
        except decisions.Refused as refused:
            title = Article.objects.filter(source=pk).values_list("title", flat=True).first()
            skipped.setdefault(str(refused.args[0]), []).append(title or "–")
    else:
        last = 0
    articles, edits = undone.articles, undone.edits
    done = ngettext("%(n)d edit was undone", "%(n)d edits were undone", edits) % {"n": edits}
    places = ngettext("in %(n)d article.", "in %(n)d articles.", articles) % {"n": articles}
    messages.success(request, f"{done} {places}")
    for why, titles in skipped.items():
        named = "、".join(titles[:_NAMED]) + ("…" if len(titles) > _NAMED else "")
        left = ngettext("%(n)d article was skipped", "%(n)d articles were skipped", len(titles))
        messages.warning(request, f"{left % {'n': len(titles)}} ({named}): {why}")
    if last:
        messages.warning(request, _("There was no time for all of them: go on with the rest."))
    elif locked:
        messages.warning(request, _locked(locked))
    return last


def _tell_reviewed(request, kind: str, done: int, locked: int) -> None:
    text = ngettext(
        "The certain edits of the kind “%(kind)s” are accepted in %(n)d article.",
        "The certain edits of the kind “%(kind)s” are accepted in %(n)d articles.",
        done,
    )
    messages.success(request, text % {"kind": EDIT_NAMES.get(kind, kind), "n": done})
    if locked:
        messages.warning(request, _locked(locked))


def _locked(count: int) -> str:
    text = ngettext(
        "%(n)d article was skipped: it is published or archived, and you may not change it.",
        "%(n)d articles were skipped: they are published or archived, and you may not change them.",
        count,
    )
    return text % {"n": count}
