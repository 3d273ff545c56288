"""What a member is asked to read, and reading it."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article
from articles.text.names import current_script
from articles.text.reading_time import minutes

from ..access import led_by, members_only
from ..calendar import address_of
from ..finishing import finish_if_done, open_questions
from ..models import Assigned, AssignedState, Edition, How, Seen, Step
from ..shown import (
    answer,
    next_questions,
    note_seen,
    progress,
    read_otherwise,
    seen_of,
    token,
)

SOON = 7
"""Days before a task is due in which it is said to be due soon."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as its owner sees it: what it is, how much, by when, and where to go on."""

    row: Assigned
    title: str
    minutes: int
    days_left: int
    url: str

    @property
    def is_late(self) -> bool:
        return self.days_left < 0

    @property
    def is_due_soon(self) -> bool:
        return 0 <= self.days_left <= SOON


def tasks_of(member) -> list[Task]:
    """Return all tasks of a member: the open ones by the day they are due, then the others."""
    rows = (
        Assigned.objects.of(member)
        .exclude(state=AssignedState.LAPSED)
        .select_related("rule__version__path")
        .prefetch_related("rule__version__steps__edition", "steps_done")
    )
    tasks = [_task(row, timezone.localdate()) for row in rows]
    return sorted(tasks, key=lambda task: (task.row.state != AssignedState.OPEN, task.row.due_on))


def _task(row: Assigned, today: date) -> Task:
    done = {one.step_id for one in row.steps_done.all()}
    left = [step for step in row.rule.version.steps.all() if step.pk not in done and step.required]
    return Task(
        row=row,
        title=str(row.rule.version.path),
        minutes=sum(minutes(step.edition.chars) for step in left),
        days_left=(row.due_on - today).days,
        url=reverse("task", args=[row.pk]),
    )


@members_only
@require_safe
def learn(request):
    """Show what is asked, how long it takes, by when, and where to go on."""
    tasks = tasks_of(request.member)
    context = {
        "member": request.member,
        "open": [one for one in tasks if one.row.state == AssignedState.OPEN],
        "settled": [one for one in tasks if one.row.state != AssignedState.OPEN],
        "led": led_by(request.user),
        "calendar": address_of(request.member),
    }
    return render(request, "training/learn.html", context)


def own_task(request, pk: int) -> Assigned:
    rows = Assigned.objects.of(request.member).exclude(state=AssignedState.LAPSED)
    return get_object_or_404(rows.select_related("rule__version__path"), pk=pk)


@members_only
@require_safe
def task(request, pk: int):
    """Show the texts of a task in their order, and which are read."""
    row = own_task(request, pk)
    steps = list(row.rule.version.steps.select_related("edition"))
    seen = Seen.objects.filter(member=request.member, edition__steps__in=steps)
    finished = dict(seen.values_list("edition", "finished_on"))
    there = readable([step.edition for step in steps])
    entries = [
        {
            "step": step,
            "title": str(step.edition),
            "minutes": minutes(step.edition.chars),
            "finished_on": finished.get(step.edition_id),
            "is_begun": step.edition_id in finished,
            "is_there": step.edition.article_id in there,
        }
        for step in steps
    ]
    ahead = [one for one in entries if one["is_there"] and not one["finished_on"]]
    context = {
        "task": _task(row, timezone.localdate()),
        "path": row.rule.version.path,
        "note": row.rule.note,
        "entries": entries,
        "next": ahead[0] if ahead else None,
    }
    return render(request, "training/task.html", context)


def readable(editions: list[Edition]) -> set[int]:
    """Return the articles among these that readers see: what was withdrawn is not shown here."""
    numbers = [one.article_id for one in editions if one.article_id]
    return set(Article.objects.published().filter(pk__in=numbers).values_list("pk", flat=True))


def _own_step(request, pk: int, position: int) -> tuple[Assigned, Step]:
    """Return a step of a member's own task whose text readers see, or answer that there is none."""
    row = own_task(request, pk)
    step = get_object_or_404(
        row.rule.version.steps.select_related("edition__revision"), position=position
    )
    if not readable([step.edition]):
        raise Http404
    return row, step


@members_only
@require_safe
def text(request, pk: int, position: int):
    """Show a text in the edition that was assigned, with the questions that are still open."""
    row, step = _own_step(request, pk, position)
    edition = step.edition
    seen_of(request.member, edition)
    state = progress(request.member, edition)
    if not (state.is_done or state.passages or state.checks):
        # Nothing is missing: all of it was read in an earlier edition, or what was asked is not
        # asked any more.
        finish_if_done(request.member, edition, by=state.how)
        state = progress(request.member, edition)
    asked = _asked(request, edition, state)
    current = Article.objects.published().filter(pk=edition.article_id).first()
    context = {
        "task": row,
        "path": row.rule.version.path,
        "step": step,
        "edition": edition,
        "title": str(edition),
        "body": edition.body_in(current_script()),
        "minutes": minutes(edition.chars),
        "state": state,
        "passages": edition.passages,
        "asked": asked,
        "question_count": sum(map(len, open_questions(edition).values())),
        "ways": [one for one in How if one != How.PAPER],
        "token": token(request.member, edition),
        "article": current,
        "steps": row.rule.version.steps.count(),
    }
    return render(request, "training/text.html", context)


def _asked(request, edition: Edition, state) -> list[dict]:
    """Return for each passage with an open question the one that is asked; after a wrong answer,
    named in the address, another one."""
    asked_at = {one: number for number, of in open_questions(edition).items() for one in of}
    wrong = request.GET.get("wrong", "")
    after = next((one for one in asked_at if str(one.pk) == wrong), None)
    found = next_questions(request.member, edition, state.checks, after=after)
    return [
        {
            "passage": passage,
            "question": as_shown(question),
            "failed": after is not None and asked_at[after] == passage,
        }
        for passage, question in found.items()
    ]


def as_shown(question) -> dict:
    """Return a question as the page shows it: without its key."""
    version = question.version
    options = version.answers or [_("False"), _("True")]
    return {
        "id": question.pk,
        "kind": version.get_kind_display(),
        "stem": version.text("stem"),
        "options": list(enumerate(options)),
    }


@members_only
@require_POST
def seen(request, pk: int, position: int):
    """Take what a page says was on its screen."""
    _row, step = _own_step(request, pk, position)
    numbers = request.POST.get("passages", "").split(",")
    if not all(one.isdecimal() and len(one) < 5 for one in numbers if one):
        return HttpResponseBadRequest()
    try:
        note_seen(
            request.member,
            step.edition,
            [int(one) for one in numbers if one],
            request.POST.get("token", ""),
        )
    except signing.BadSignature:
        return HttpResponseBadRequest()
    state = progress(request.member, step.edition)
    return JsonResponse({"seen": state.seen, "checks": state.checks, "done": state.is_done})


@members_only
@require_POST
def check(request, pk: int, position: int):
    """Take an answer to a question in the text, and lead back to the passage."""
    _row, step = _own_step(request, pk, position)
    questions = [one for of in open_questions(step.edition).values() for one in of]
    by_number = {str(one.pk): one for one in questions}
    question = by_number.get(request.POST.get("question", ""))
    chosen = request.POST.get("answer", "")
    here = reverse("text", args=[pk, position])
    if question is None:
        messages.warning(request, _("This question is not asked any more."))
        return redirect(here)
    if not (chosen.isdecimal() and len(chosen) < 3):
        messages.warning(request, _("Choose an answer first."))
        return redirect(f"{here}#q{question.pk}")
    result = answer(request.member, step.edition, question, int(chosen))
    if not result.is_right:
        messages.warning(
            request, _("Not so. Read the marked passage again; then another question is asked.")
        )
        return redirect(f"{here}?wrong={question.pk}&passage={result.passage}#p{result.passage}")
    note = result.version.text("note")
    messages.success(request, f"{_('Right.')} {note}".strip())
    if result.record:
        messages.success(request, _("This text is read, and recorded as read."))
    return redirect(f"{here}#checks")


@members_only
@require_POST
def how(request, pk: int, position: int):
    """Take how a member reads a text."""
    _row, step = _own_step(request, pk, position)
    chosen = request.POST.get("how", "")
    if chosen not in (How.SCREEN, How.PRINT, How.LISTEN):
        return HttpResponseBadRequest()
    if chosen != How.SCREEN and not open_questions(step.edition):
        messages.warning(
            request,
            _("This text has no questions yet. Ask your unit to enter what you read on paper."),
        )
    else:
        read_otherwise(request.member, step.edition, How(chosen))
    return redirect(f"{reverse('text', args=[pk, position])}#checks")
