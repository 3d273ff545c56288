"""The table before an import, at the desk: shown by pages, worst first, and filled in there.

It works as one plain form, whose buttons all keep what was typed; with a script each row is kept as
soon as one leaves a field.
"""

import json
import re
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.transactions import retried

from ..curation.answers import AUTHORS, DATE, SOURCE, TITLE
from ..curation.policy import Deed, may
from ..intake import before_import, library, uploads
from ..intake.before_import import FIELDS, Wish
from ..models import Article, ImportRun, RunFile, RunState
from .contents import FIELD_NAMES
from .finding_words import finding_words
from .findings import FLAG_NAMES, OUTCOME_NAMES, reason
from .refusal_words import in_words

A_PAGE = 50
"""Files of one page: six fields each, well under what Django takes of a form."""

_LONGEST = {TITLE: 200, AUTHORS: 300, DATE: 10, SOURCE: 120}


def panel(request, run: ImportRun) -> dict:
    """Return the table of an upload that waits for its confirmation, one page of it."""
    files = run.files.order_by("-weight", "position").select_related("article")
    files = files.prefetch_related("article__authorships__author")
    only = request.GET.get("outcome")
    if only in OUTCOME_NAMES:
        files = files.filter(outcome=only)
    page = Paginator(files, A_PAGE).get_page(request.GET.get("page"))
    like = Article.objects.in_bulk({file.like for file in page.object_list if file.like})
    may_publish = may(request.user, Deed.PUBLISH_UNSEEN)
    return {
        "files": page,
        "table": [_row(file, like.get(file.like), may_publish) for file in page.object_list],
        "words": {
            "kept": _("Kept."),
            "offline": _("This was not kept: the server did not answer. Try again."),
        },
        "to_import": before_import.will_import(run.files),
        "undecided": run.files.filter(like__isnull=False, choice="")
        .exclude(outcome="updated")
        .count(),
    }


def _row(file: RunFile, like: Article | None, may_publish: bool) -> dict:
    says = before_import.standing(file)
    choices = before_import.choices_of(file)
    names = dict(RunFile.Choice.choices)
    is_editable = file.outcome in (library.CREATED, library.UPDATED) or like is not None
    return {
        "file": file,
        "outcome": OUTCOME_NAMES.get(file.outcome, file.outcome),
        "told": why(file),
        "like": like,
        "seen": _seen(says),
        "fields": [_field(file, field, says) for field in FIELDS] if is_editable else [],
        "choices": [
            (value, names.get(value) or _usual(file), value == file.choice)
            for value in choices
            if may_publish or value != RunFile.Choice.UPDATE
        ]
        if len(choices) > 1
        else [],
        "flags": [
            (FLAG_NAMES.get(kind, kind), count)
            for kind, count in file.flag_kinds.items()
            if count and kind not in {doubt["kind"] for doubt in file.doubts.values()}
        ],
        "more_cut": file.cut_count - len(file.cut),
    }


def _usual(file: RunFile):
    """Return what becomes of a file on which nothing is decided."""
    return {
        library.CREATED: _("becomes an article of its own") if file.like else _("is imported"),
        library.UPDATED: _("replaces the text of its article"),
        library.FAILED: _("is reported as an error"),
    }.get(file.outcome, _("is left out"))


def why(file: RunFile) -> str:
    """Return what is told of a file: why it gives no essay, or what is to be known of it."""
    return in_words(file.refusal) if file.refusal else reason(file.error or file.note)


def _field(file: RunFile, field: str, says: Wish) -> dict:
    doubt = file.doubts.get(field)
    return {
        "name": field,
        "label": FIELD_NAMES[field],
        "value": says.values[field],
        "right": field in says.right,
        "typed": field in file.typed,
        "longest": _LONGEST[field],
        "doubt": doubt
        and {
            "name": FLAG_NAMES.get(doubt["kind"], doubt["kind"]),
            "message": finding_words(doubt["message"]),
            "blocking": doubt["blocking"],
            "candidates": [one for one in doubt["candidates"] if one != says.values[field]],
        },
    }


def _seen(says: Wish) -> str:
    return json.dumps([says.values, sorted(says.right), says.choice], ensure_ascii=False)


def _as_seen(sent: str) -> Wish | None:
    """Return what a page showed of a file, as the page sends it back."""
    try:
        values, right, choice = json.loads(sent)
        values = {field: str(values[field]) for field in FIELDS}
        return Wish(values, frozenset(map(str, right)), str(choice))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def keep(model_admin, request, object_id: int):
    """Keep what was typed on a page of the table; then import, discard, or show a page."""
    if not request.user.has_perm(uploads.UPLOAD) or request.method != "POST":
        raise PermissionDenied
    run = ImportRun.objects.filter(pk=object_id).first() if object_id < 2**63 else None
    if run is None or not run.is_upload:
        raise Http404
    if not uploads.may_run(request.user, run):
        raise PermissionDenied
    wishes = _wishes(request.POST)
    kept = retried(partial(_keep, run, wishes, request.user))
    if "application/json" in request.headers.get("Accept", ""):
        return _told(kept)
    action = request.POST.get("action", "")
    over = _("This import is no longer waiting for that; here is how it stands.")
    if kept is None:
        messages.warning(request, over)
        return HttpResponseRedirect(_page_of(run))
    refused = [(file, field, said) for file, told in kept for field, said in told]
    for file, field, said in refused:
        messages.error(request, f"{file.path} · {_called(field)}: {_in_words(said)}")
    count = sum(file.position in wishes for file, _told_of in kept)
    if action == "confirm" and not refused:
        if not uploads.start(run, of=RunState.READY, to=RunState.IMPORTING, by=request.user):
            messages.warning(request, over)
        return HttpResponseRedirect(_page_of(run))
    if action == "confirm":
        messages.warning(request, _("Nothing is imported yet: look at what was refused first."))
    elif action == "cancel":
        uploads.cancel(run)
        return HttpResponseRedirect(_page_of(run))
    elif not refused:
        done = ngettext("%(n)d file was changed.", "%(n)d files were changed.", count)
        messages.success(request, done % {"n": count})
    return HttpResponseRedirect(_page_of(run) + _where(request.POST))


def _page_of(run: ImportRun) -> str:
    return reverse("admin:articles_importrun_change", args=[run.pk])


def _where(sent) -> str:
    """Return what leads to the page of the table that was asked for, or the one that was sent."""
    page = re.fullmatch(r"page-(\d{1,6})", sent.get("action", ""))
    number = page[1] if page else sent.get("page", "")
    only = sent.get("outcome", "")
    parts = [f"outcome={only}"] if only in OUTCOME_NAMES else []
    parts += [f"page={number}"] if number.isdecimal() and len(number) < 7 else []
    return f"?{'&'.join(parts)}#table" if parts else "#table"


def _wishes(sent) -> dict[int, tuple[Wish, Wish]]:
    """Return of each file by its position what the page showed, and what was typed there, where
    that is something else."""
    taken = re.fullmatch(r"(\d{1,6}):(\w+):(.+)", sent.get("take", ""))
    wishes = {}
    for name in sent:
        found = re.fullmatch(r"seen-(\d{1,6})", name)
        seen = found and _as_seen(sent[name])
        if not seen:
            continue
        at = found[1]
        values = {
            field: sent.get(f"{field}-{at}", seen.values[field]).replace("\0", "")[
                : _LONGEST[field]
            ]
            for field in FIELDS
        }
        if taken and taken[1] == at and taken[2] in FIELDS:
            values[taken[2]] = taken[3][: _LONGEST[taken[2]]]
        right = frozenset(field for field in FIELDS if sent.get(f"right-{field}-{at}"))
        wanted = Wish(values, right, sent.get(f"choice-{at}", seen.choice))
        if wanted != seen:
            wishes[int(at)] = seen, wanted
        if len(wishes) >= 4 * A_PAGE:
            break
    return wishes


def _keep(run: ImportRun, wishes, user) -> list[tuple[RunFile, list]] | None:
    """Note the wishes; return each file concerned with what was refused of it. None where the run
    no longer waits, as somebody was quicker."""
    waits = ImportRun.objects.select_for_update(no_key=True).filter(pk=run.pk)
    if not list(waits.filter(state=RunState.READY)):
        return None
    kept = []
    files = run.files.filter(position__in=wishes)
    may_publish = may(user, Deed.PUBLISH_UNSEEN)
    for file in files:
        seen, wanted = wishes[file.position]
        if wanted.choice == RunFile.Choice.UPDATE != seen.choice and not may_publish:
            raise PermissionDenied
        kept.append((file, before_import.decide(file, seen, wanted, user)))
    RunFile.objects.bulk_update([file for file, _told_of in kept], ["typed", "choice"])
    return kept


def _told(kept: list | None) -> JsonResponse:
    """Return what a script is told: how each file stands now, and what was refused."""
    if kept is None:
        return JsonResponse({"over": True}, status=409)
    return JsonResponse(
        {
            "files": {
                file.position: {
                    "seen": _seen(before_import.standing(file)),
                    "typed": sorted(file.typed),
                    "refused": {field: _in_words(said) for field, said in refused},
                }
                for file, refused in kept
            }
        }
    )


def _called(field: str):
    return _("what becomes of it") if field == "choice" else FIELD_NAMES[field]


def _in_words(said: Exception) -> str:
    if isinstance(said, before_import.Overtaken):
        return _("Somebody else has put “%(text)s” there meanwhile.") % {"text": said.args[0]}
    return str(said.args[0])
