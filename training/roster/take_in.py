"""Taking a roster in: what is plain, and what was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.curation.audit import audit_numbers
from articles.text import script

from ..models import Assigned, AssignedState, Member, Membership, Office, OfficeRole, Unit, UnitKind
from ..tree import plant
from .plan import Item, Outcome, compare, employer_of
from .spreadsheet import Row

ROLES = {
    "主席": OfficeRole.CHAIR,
    "工会主席": OfficeRole.CHAIR,
    "主任": OfficeRole.CHAIR,
    "培训员": OfficeRole.TRAINER,
    "教育委员": OfficeRole.TRAINER,
    "经审主任": OfficeRole.AUDITOR,
    "经费审查委员会主任": OfficeRole.AUDITOR,
}
"""Offices of a roster that give a right here, as it names them; what else it names gives none."""

_BATCH = 1000


@dataclass(slots=True)
class TakenIn:
    """How many members were taken in, changed, moved and let go, and how many rows were not."""

    new: int = 0
    changed: int = 0
    moved: int = 0
    left: int = 0
    units: int = 0
    untouched: int = 0
    not_taken: list[Item] = field(default_factory=list)


def take_in(
    rows: list[Row],
    answers: Mapping[str, str],
    user,
    *,
    within: Unit | None = None,
    on: date | None = None,
) -> TakenIn:
    """Do what the rows say and what was answered, all or nothing; ask no more.

    What was not answered stays as it is. Compared anew, under the lock of the units, so that what
    another changed since the preview is seen. `on` is the day moves count from.
    """
    today = on or timezone.localdate()
    done = TakenIn()
    with transaction.atomic():
        list(Unit.objects.select_for_update().order_by("pk").values_list("pk"))
        _plant_missing(compare(rows, within).of(Outcome.ASK_UNIT), answers, within, done)
        new = []
        for item in compare(rows, within).items:
            if _settle(item, answers.get(item.key, ""), today, done):
                new.append(item)
        _join(new, today)
        done.new = len(new)
        told = {name: getattr(done, name) for name in ("new", "changed", "moved", "left", "units")}
        if any(told.values()):
            audit_numbers(user, "import", Member, [], label=_("roster"), after=told)
    return done


def _plant_missing(asked: Iterable[Item], answers, within: Unit | None, done: TakenIn) -> None:
    """Make the units that are to be made, each once, below the last known one of their names."""
    made: dict[tuple, Unit] = {}
    for item in asked:
        if answers.get(item.key) != "new-unit":
            continue
        parent = item.below or within
        for name in item.told["names"]:
            where = (parent and parent.pk, name)
            if where not in made:
                kind = UnitKind.BRANCH if item.below or parent else UnitKind.GRASSROOTS
                made[where] = plant(Unit(name=name, parent=parent, kind=kind, code=_code()))
                done.units += 1
            parent = made[where]


def _code() -> str:
    return f"U{uuid4().hex[:8].upper()}"


def _settle(item: Item, answer: str, today: date, done: TakenIn) -> bool:
    """Do what becomes of a row; return whether it is a new member, who is still to be made."""
    if answer and answer not in item.answers:
        answer = ""
    match item.outcome, answer:
        case (Outcome.NEW, _):
            return True
        case (Outcome.ASK_PERSON, "other-person"):
            leave(item.member, today)
            done.left += 1
            return True
        case (_, "other-person"):
            return True
        case (Outcome.SAME, _) | (Outcome.ASK_LEFT, "" | "stays"):
            done.untouched += 1
        case (Outcome.CHANGED, _) | (Outcome.ASK_PERSON, "renamed"):
            _change(item)
            done.changed += 1
        case (Outcome.ASK_MOVE, "move"):
            move(item.member, item.unit, today)
            _change(item)
            done.moved += 1
        case (Outcome.ASK_LEFT, "left"):
            leave(item.member, today)
            done.left += 1
        case _:
            done.not_taken.append(item)
    return False


def _change(item: Item) -> None:
    item.member.name = item.row.name
    item.member.phone = item.row.phone or item.member.phone
    item.member.joined_on = item.row.joined_on or item.member.joined_on
    item.member.save(update_fields=["name", "phone", "joined_on"])


def _join(items: list[Item], today: date) -> None:
    units = Unit.objects.in_bulk()
    made = Member.objects.bulk_create(
        [
            Member(
                name=item.row.name,
                staff_no=item.row.staff_no,
                phone=item.row.phone,
                joined_on=item.row.joined_on,
                employer=employer_of(item.unit, units),
            )
            for item in items
        ],
        batch_size=_BATCH,
    )
    joined = list(zip(made, items, strict=True))
    Membership.objects.bulk_create(
        [Membership(member=one, unit=item.unit, from_on=today) for one, item in joined],
        batch_size=_BATCH,
    )
    Office.objects.bulk_create(
        Office(member=one, unit=item.unit, role=role, from_on=today)
        for one, item in joined
        if (role := ROLES.get(script.fold(item.row.office)))
    )


def move(member: Member, unit: Unit, on: date) -> None:
    """Let a member belong to another unit from a day on. Offices in the old unit end; tasks that
    are open are counted with the new one, and what is recorded stays with the old one."""
    with transaction.atomic():
        list(Membership.objects.select_for_update().filter(member=member, until_on=None))
        Membership.objects.filter(member=member, until_on=None).update(until_on=on)
        Membership.objects.create(member=member, unit=unit, from_on=on)
        member.offices.filter(until_on=None).update(until_on=on)
        Assigned.objects.of(member).open().update(unit=unit)


def leave(member: Member, on: date) -> None:
    """Let a member go: nothing more is asked of them, and what is recorded stays."""
    with transaction.atomic():
        Membership.objects.filter(member=member, until_on=None).update(until_on=on)
        member.offices.filter(until_on=None).update(until_on=on)
        Assigned.objects.of(member).open().update(state=AssignedState.LAPSED)
        member.left_on = on
        member.save(update_fields=["left_on"])
