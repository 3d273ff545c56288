"""Finishing: when a text counts as read, what is recorded of it, and what that does for tasks."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import (
    Assigned,
    AssignedState,
    CheckPass,
    Edition,
    How,
    Member,
    Question,
    QuestionState,
    Record,
    RecordKind,
    Rule,
    Seen,
    Step,
    StepDone,
)
from .recording import record


def open_questions(edition: Edition) -> dict[int, list[Question]]:
    """Return the approved questions of an edition by the number of the passage they are about.

    A question is known to an edition by what its passage says: where that was changed, it is no
    question of this edition any more.
    """
    numbers: dict[str, int] = {}
    for passage in edition.cut:
        numbers.setdefault(passage.hash, passage.number)
    found: dict[int, list[Question]] = {}
    if edition.article_id is None:
        return found
    approved = Question.objects.filter(article=edition.article_id, state=QuestionState.APPROVED)
    for question in approved.order_by("pk"):
        if question.passage_hash in numbers:
            found.setdefault(numbers[question.passage_hash], []).append(question)
    return found


def wanted(questions: dict[int, list[Question]], how: str) -> dict[int, int]:
    """Return how many questions of each passage are to be answered: one, and two where there are
    two and the text was not read on the screen, since then the answers alone say that it was."""
    alone = how in (How.PRINT, How.LISTEN)
    return {number: min(2 if alone else 1, len(of)) for number, of in questions.items()}


def missing_passages(seen: Seen, edition: Edition, only: Iterable[int] | None = None) -> set[int]:
    """Return the passages not yet shown on the screen; none where the text is read otherwise."""
    if seen.how != How.SCREEN:
        return set()
    asked = set(only) if only is not None else {one.number for one in edition.cut}
    return asked - seen.numbers


def missing_checks(member: Member, edition: Edition, how: str) -> set[int]:
    """Return the passages with questions still to be answered."""
    asked = wanted(open_questions(edition), how)
    passed: dict[int, int] = {}
    for number in CheckPass.objects.filter(member=member, edition=edition).values_list(
        "passage", flat=True
    ):
        passed[number] = passed.get(number, 0) + 1
    return {number for number, count in asked.items() if passed.get(number, 0) < count}


def finish_if_done(member: Member, edition: Edition, *, by: str) -> Record | None:
    """Record that a member has read an edition, once all of it was shown and answered.

    Returns the record when it is made now. What read otherwise than on the screen needs questions
    to answer: without any, a unit enters it on paper.
    """
    with transaction.atomic():
        Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        seen = Seen.objects.filter(member=member, edition=edition).first()
        if seen is None or seen.finished_on:
            return None
        questions = open_questions(edition)
        if seen.how != How.SCREEN and not questions:
            return None
        if missing_passages(seen, edition) or missing_checks(member, edition, seen.how):
            return None
        passed = CheckPass.objects.filter(member=member, edition=edition).count()
        result = {
            "how": seen.how,
            "passages": len(edition.passages) if seen.how == How.SCREEN else 0,
            "checks": passed,
        }
        return finish(member, edition, RecordKind.STEP, result, by=by)


def finish(member: Member, edition: Edition, kind: RecordKind, result: dict, *, by: str) -> Record:
    """Record a text as read, and settle the open tasks that ask for it. In one transaction, and
    only for a member who is held by the caller's lock."""
    made = record(member, kind, described(edition), by=by, result=result)
    Seen.objects.update_or_create(
        member=member, edition=edition, defaults={"finished_on": timezone.localdate()}
    )
    settle(member, edition, made, by=by)
    return made


def described(edition: Edition) -> dict:
    """Return what a record says of a text: enough to tell it without the library."""
    return {
        "article": edition.article_id,
        "revision": edition.revision.number,
        "sha256": edition.sha256,
        "title": edition.title,
        "title_hant": edition.title_hant,
    }


def settle(member: Member, edition: Edition, made: Record, *, by: str) -> None:
    """Count a read text in the member's open tasks, and record the paths that it finishes."""
    steps = Step.objects.filter(edition=edition)
    tasks = Assigned.objects.of(member).open().filter(rule__version__steps__in=steps)
    for task in tasks.select_related("rule__version__path").order_by("pk"):
        step = steps.get(version=task.rule.version_id)
        _, is_new = StepDone.objects.get_or_create(
            assigned=task, step=step, defaults={"record_uid": made.uid}
        )
        if is_new and step.required:
            Assigned.objects.filter(pk=task.pk).update(done_count=F("done_count") + 1)
            task.refresh_from_db(fields=["done_count"])
        if task.done_count >= task.step_count:
            _complete(member, task, by=by)


def _complete(member: Member, task: Assigned, *, by: str) -> None:
    task.state, task.completed_on = AssignedState.DONE, timezone.localdate()
    task.save(update_fields=["state", "completed_on"])
    version = task.rule.version
    of = {
        "path": version.path_id,
        "version": version.number,
        "title": version.path.name,
        "title_hant": version.path.name_hant,
    }
    record(
        member,
        RecordKind.PATH,
        of,
        by=by,
        rule=told_rule(task),
        result={"steps": task.step_count},
    )


def told_rule(task: Assigned) -> dict:
    """Return a rule as it was, for a record."""
    return {"rule": task.rule_id, "round": task.round, "due_on": task.due_on.isoformat()}


def count_what_is_read(rule: Rule) -> None:
    """Count in a rule's untouched tasks what their members have read already, in the same edition.

    What is asked again is read again: for a further round, what was seen and answered is begun
    anew. The records of it stay.
    """
    editions = list(rule.version.steps.values_list("edition", flat=True))
    seen = Seen.objects.filter(edition__in=editions, finished_on__isnull=False)
    untouched = Assigned.objects.open().filter(rule=rule, done_count=0)
    tasks = untouched.filter(member__in=seen.values("member")).select_related("member")
    for task in tasks.order_by("pk"):
        task.refresh_from_db(fields=["state"])
        if task.state != AssignedState.OPEN:
            continue  # an earlier round was counted, and this one with it
        mine = seen.filter(member=task.member).select_related("edition")
        if task.round > 1:
            CheckPass.objects.filter(member=task.member, edition__in=editions).delete()
            mine.update(seen=b"", finished_on=None)
            continue
        for one in mine:
            told = Record.objects.filter(
                member_uid=task.member.uid,
                kind__in=[RecordKind.STEP, RecordKind.PAPER],
                object__sha256=one.edition.sha256,
            )
            if made := told.last():
                settle(task.member, one.edition, made, by=made.by)
