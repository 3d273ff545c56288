"""What is not read on a screen: entered by one person of the unit, confirmed by another."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.curation.audit import audit
from portal.person_names import person_name

from .finishing import finish, told_rule
from .models import (
    Assigned,
    AssignedState,
    Edition,
    How,
    Member,
    PaperEntry,
    RecordKind,
    Seen,
)
from .recording import record


class NotYours(ValueError):
    """Who entered it does not confirm it, and nobody enters or confirms what is their own."""


def _name(user) -> str:
    return person_name(user)[:150]


def enter(member: Member, editions: list[Edition], user) -> int:
    """Note that a member read texts on paper; return how many are new. Raises NotYours."""
    if member.user_id == user.pk:
        raise NotYours(_("What you read yourself is entered by somebody else."))
    read = set(
        Seen.objects.filter(member=member, finished_on__isnull=False).values_list(
            "edition", flat=True
        )
    )
    rows = [
        PaperEntry(
            member=member,
            edition=edition,
            entered_by=user,
            entered_name=_name(user),
            entered_on=timezone.localdate(),
        )
        for edition in editions
        if edition.pk not in read
    ]
    before = PaperEntry.objects.filter(member=member).count()
    PaperEntry.objects.bulk_create(rows, ignore_conflicts=True)
    return PaperEntry.objects.filter(member=member).count() - before


def confirm(entry_id: int, user) -> bool:
    """Confirm what another entered, and record it; return whether it was still open. Raises
    NotYours."""
    with transaction.atomic():
        entry = PaperEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        member = Member.objects.select_for_update(of=("self",)).get(pk=entry.member_id)
        if user.pk in (entry.entered_by_id, member.user_id):
            raise NotYours(_("Somebody else confirms this: not who read it, nor who entered it."))
        if entry.confirmed_on:
            return False
        entry.confirmed_on = timezone.localdate()
        entry.save(update_fields=["confirmed_on"])
        Seen.objects.update_or_create(
            member=member, edition=entry.edition, defaults={"how": How.PAPER}
        )
        result = {"how": How.PAPER, "entered_by": entry.entered_name}
        finish(member, entry.edition, RecordKind.PAPER, result, by=_name(user))
    return True


def excuse(task_id: int, reason: str, user) -> bool:
    """Excuse a member from a task, on record with the reason; return whether it was still open."""
    with transaction.atomic():
        # The member before the task, as whoever finishes a text holds them.
        member = Member.objects.select_for_update(of=("self",)).get(assigned=task_id)
        task = Assigned.objects.select_for_update(of=("self",)).get(pk=task_id)
        if member.user_id == user.pk:
            raise NotYours(_("Nobody excuses themselves."))
        if task.state != AssignedState.OPEN or not reason.strip():
            return False
        task.state, task.excuse = AssignedState.EXCUSED, reason.strip()[:200]
        task.save(update_fields=["state", "excuse"])
        version = task.rule.version
        of = {
            "path": version.path_id,
            "version": version.number,
            "title": version.path.name,
            "title_hant": version.path.name_hant,
        }
        result = {"reason": task.excuse}
        record(member, RecordKind.EXCUSE, of, by=_name(user), rule=told_rule(task), result=result)
        audit(user, "decide", task, after={"state": task.state}, note=task.excuse)
    return True
