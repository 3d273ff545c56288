"""What a member was shown of a text: noted as the page tells it, and believed only so far.

The page tells which passages were on the screen for as long as a person takes to read them. The
server believes so many characters a second since it gave the page out, for all of a member's pages
together; so a script that tells everything at once gains nothing over sitting there. When somebody
read, and for how long, is kept nowhere: the budget lies in the cache and goes with it.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.core.cache import cache
from django.db import transaction

from .finishing import (
    finish_if_done,
    missing_checks,
    missing_passages,
    open_questions,
)
from .models import CheckPass, Edition, How, Member, Question, QuestionVersion, Record, Seen

PACE = 20
"""Characters a second, 1,200 a minute: twice as fast as most people read Chinese."""

MOST = 3600 * PACE
"""Characters believed at once at most: what an hour without a connection comes to."""

_VALID = 24 * 3600
"""Seconds a page can be told of after it was given out."""


def token(member: Member, edition: Edition) -> str:
    """Return what a page tells with: whose it is, of what, and signed when it was given out."""
    return signing.dumps([member.pk, edition.pk, time.time()], salt="training.reading")


def _given_out(signed: str, member: Member, edition: Edition) -> float:
    """Return when a page was given out, in seconds since 1970. Raises BadSignature where it was
    not, or to somebody else."""
    who, what, when = signing.loads(signed, salt="training.reading", max_age=_VALID)
    if (who, what) != (member.pk, edition.pk):
        raise signing.BadSignature("another page's")
    return when


def seen_of(member: Member, edition: Edition) -> Seen:
    """Return the row of what a member was shown of an edition, made where there is none. What says
    the same as in an earlier edition, and was seen there, counts as seen."""
    row = Seen.objects.filter(member=member, edition=edition).first()
    if row:
        return row
    row = Seen(member=member, edition=edition)
    known: set[str] = set()
    for other in Seen.objects.filter(
        member=member, edition__article=edition.article_id
    ).select_related("edition"):
        passages = other.edition.cut
        numbers = {one.number for one in passages} if other.finished_on else other.numbers
        known |= {one.hash for one in passages if one.number in numbers}
    row.add({one.number for one in edition.cut if one.hash in known})
    Seen.objects.bulk_create([row], ignore_conflicts=True)
    return Seen.objects.get(member=member, edition=edition)


def note_seen(
    member: Member,
    edition: Edition,
    numbers: Iterable[int],
    signed: str,
    *,
    now: float | None = None,
) -> tuple[Seen, set[int]]:
    """Note passages a page says were on its screen; return what is known now, and what of it was
    believed this time, in reading order as far as the budget goes.

    Raises BadSignature where the page is not this member's, or too old.
    """
    given_out = _given_out(signed, member, edition)
    now = time.time() if now is None else now
    passages = {one.number: one for one in edition.cut}
    with transaction.atomic():
        Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        row = seen_of(member, edition)
        last, credit = cache.get(_key(member), (given_out, 0))
        credit = min(MOST, credit + PACE * max(0, now - last))
        believed = set()
        for number in sorted(set(numbers) & passages.keys() - row.numbers):
            if passages[number].chars > credit:
                break
            credit -= passages[number].chars
            believed.add(number)
        cache.set(_key(member), (now, credit), _VALID)
        if believed:
            row.add(believed)
            row.save(update_fields=["seen"])
            finish_if_done(member, edition, by="screen")
            row.refresh_from_db()
    return row, believed


def _key(member: Member) -> str:
    return f"reading-budget-{member.pk}"


def read_otherwise(member: Member, edition: Edition, how: How) -> Seen:
    """Note how a member reads a text: in print or by ear it is the answers alone that count."""
    with transaction.atomic():
        Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        row = seen_of(member, edition)
        row.how = how
        row.save(update_fields=["how"])
        finish_if_done(member, edition, by=how)
    return row


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: whether it was right, where to look, what to answer next there, and
    the record if the text is read now."""

    is_right: bool
    passage: int
    version: QuestionVersion
    next: Question | None
    record: Record | None


def next_question(
    member: Member, edition: Edition, passage: int, *, after: Question | None = None
) -> Question | None:
    """Return a question of a passage the member has not answered yet, another one than `after`
    where there is another; which comes first differs from member to member."""
    of = open_questions(edition).get(passage, [])
    passed = set(
        CheckPass.objects.filter(member=member, edition=edition).values_list("question", flat=True)
    )
    start = of.index(after) + 1 if after in of else member.pk
    turned = [of[(start + at) % len(of)] for at in range(len(of))]
    return next((one for one in turned if one.pk not in passed), None)


def answer(member: Member, edition: Edition, question: Question, chosen: int) -> Answered:
    """Take a member's answer to a question of an edition. A wrong one leaves no trace.

    Raises LookupError where the edition does not ask this.
    """
    passage = next(
        (number for number, of in open_questions(edition).items() if question in of), None
    )
    if passage is None:
        raise LookupError("no question of this text")
    version = question.version
    if chosen != version.key:
        other = next_question(member, edition, passage, after=question)
        return Answered(False, passage, version, other, None)
    with transaction.atomic():
        Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        row = seen_of(member, edition)
        CheckPass.objects.bulk_create(
            [
                CheckPass(
                    member=member,
                    edition=edition,
                    passage=passage,
                    question=question,
                    version=version,
                )
            ],
            ignore_conflicts=True,
        )
        made = finish_if_done(member, edition, by=row.how)
    still = passage in missing_checks(member, edition, row.how)
    return Answered(
        True, passage, version, next_question(member, edition, passage) if still else None, made
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a member is with a text: passages and questions still missing, by passage."""

    how: str
    seen: list[int]
    passages: list[int]
    checks: list[int]
    is_done: bool


def progress(member: Member, edition: Edition) -> Progress:
    row = seen_of(member, edition)
    done = row.finished_on is not None
    return Progress(
        how=row.how,
        seen=sorted(row.numbers),
        passages=[] if done else sorted(missing_passages(row, edition)),
        checks=[] if done else sorted(missing_checks(member, edition, row.how)),
        is_done=done,
    )
