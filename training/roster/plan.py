"""What a roster would change: row by row, with what has to be asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from articles.text import script

from ..models import Member, Membership, Unit, UnitKind
from .spreadsheet import Row


class Outcome(StrEnum):
    """What becomes of a row, or of a member who is in no row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"  # phone, day of joining
    ASK_MOVE = "ask-move"  # the same number and name, in another unit
    ASK_PERSON = "ask-person"  # the same number, another name: renamed, or somebody else?
    ASK_UNIT = "ask-unit"  # no unit of that name
    ASK_LEFT = "ask-left"  # a member of the roster's units who is in no row
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Item:
    """One row, or one member who is missing, and what would become of it.

    `key` names it in an answer: the row's number, or `m` and the member's.
    """

    key: str
    outcome: Outcome
    row: Row | None = None
    member: Member | None = None
    unit: Unit | None = None  # where the row puts the member
    below: Unit | None = None  # where a unit that is not there yet would be made
    is_same_employer: bool = False
    fault: str = ""
    told: dict = field(default_factory=dict)

    @property
    def answers(self) -> tuple[str, ...]:
        """Return what may be answered. The last leaves all as it is, and holds where nothing is.

        `other-person` of a number at another employer is one more member; of one at the same
        employer, whose number it is now, the one who had it has left.
        """
        match self.outcome:
            case Outcome.ASK_MOVE if self.member is None:
                return ("leave-out",) if self.is_same_employer else ("other-person", "leave-out")
            case Outcome.ASK_MOVE if self.is_same_employer:
                return ("move", "leave-out")
            case Outcome.ASK_MOVE:
                return ("move", "other-person", "leave-out")
            case Outcome.ASK_PERSON:
                return ("renamed", "other-person", "leave-out")
            case Outcome.ASK_UNIT:
                return ("new-unit", "leave-out")
            case Outcome.ASK_LEFT:
                return ("left", "stays")
        return ()


@dataclass(frozen=True, slots=True)
class Plan:
    items: list[Item]

    def of(self, *outcomes: Outcome) -> list[Item]:
        return [item for item in self.items if item.outcome in outcomes]

    @property
    def counts(self) -> dict[Outcome, int]:
        counted: dict[Outcome, int] = defaultdict(int)
        for item in self.items:
            counted[item.outcome] += 1
        return dict(counted)


class _Units:
    """Units by what rosters call them: a name, or the names from one unit down to another."""

    def __init__(self, within: Iterable[Unit]):
        self.all = {unit.pk: unit for unit in within}
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.all.values():
            self.by_name[script.fold(unit.name)].append(unit)

    def find(self, names: tuple[str, ...]) -> list[Unit]:
        """Return the units meant: with more than one the names are not clear."""
        folded = [script.fold(name) for name in names]
        return [unit for unit in self.by_name[folded[-1]] if self._is_below(unit, folded[:-1])]

    def deepest(self, names: tuple[str, ...]) -> tuple[Unit | None, tuple[str, ...]]:
        """Return the last unit of these names that there is, and the names below it."""
        for known in range(len(names) - 1, 0, -1):
            found = self.find(names[:known])
            if len(found) == 1:
                return found[0], names[known:]
        return None, names

    def _is_below(self, unit: Unit, names: list[str]) -> bool:
        above = [self.all[int(one)] for one in unit.path.split(".")[:-2] if int(one) in self.all]
        folded = [script.fold(one.name) for one in above]
        return not names or folded[-len(names) :] == names


def employer_of(unit: Unit, units: Mapping[int, Unit]) -> Unit:
    """Return the unit whose staff numbers hold in a unit: the nearest grassroots union at or above
    it, or else itself."""
    chain = [units[int(one)] for one in unit.path.split(".")[:-1] if int(one) in units]
    grassroots = [one for one in chain if one.kind == UnitKind.GRASSROOTS]
    return grassroots[-1] if grassroots else unit


def compare(rows: list[Row], within: Unit | None = None) -> Plan:
    """Return what these rows would change among the members of `within` and below, or of all.

    Who is missing is asked about in the units only that some row names. With a fixed number of
    queries.
    """
    standing = Unit.objects.standing().order_by("path")
    units = _Units(standing.below(within) if within else standing)
    present = Member.objects.present().order_by("pk")
    held = dict(
        Membership.objects.filter(until_on=None, member__in=present).values_list(
            "member_id", "unit_id"
        )
    )
    members = [one for one in present if held.get(one.pk) in units.all]
    by_number: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_number[member.staff_no].append(member)
    items, met, taken = [], set(), {}
    for row in rows:
        item = _item(row, units, by_number, held, taken)
        items.append(item)
        if item.member:
            met.add(item.member.pk)
    named = {item.unit.pk for item in items if item.unit}
    missing = [one for one in members if held[one.pk] in named and one.pk not in met]
    items += [
        Item(f"m{one.pk}", Outcome.ASK_LEFT, member=one, unit=units.all[held[one.pk]])
        for one in missing
    ]
    return Plan(items)


def _item(row, units: _Units, by_number, held, taken: dict) -> Item:
    key = str(row.number)
    if row.fault:
        return Item(key, Outcome.FAULT, row, fault=row.fault, told=row.told)
    found = units.find(row.unit)
    if len(found) > 1:
        return Item(key, Outcome.FAULT, row, fault="unit-not-clear", told={"text": row.unit[-1]})
    if not found:
        below, names = units.deepest(row.unit)
        return Item(key, Outcome.ASK_UNIT, row, below=below, told={"names": names})
    unit = found[0]
    employer = employer_of(unit, units.all)
    same_number = by_number[row.staff_no]
    here = [one for one in same_number if one.employer_id == employer.pk]
    elsewhere = [
        one for one in same_number if one.employer_id != employer.pk and one.name == row.name
    ]
    before = taken.setdefault(row.staff_no, [])
    twice = next((item for item in before if item.row.name == row.name), None)
    same_row = next((item for item in before if item.unit.pk == unit.pk), None)
    if twice or same_row:
        first = twice or same_row
        item = _second(key, row, unit, first, employer == employer_of(first.unit, units.all))
    elif here:
        item = _known(key, row, unit, here[0], held)
    elif elsewhere:
        item = Item(key, Outcome.ASK_MOVE, row, elsewhere[0], unit)
    else:
        item = Item(key, Outcome.NEW, row, unit=unit)
    before.append(item)
    return item


def _second(key: str, row: Row, unit: Unit, first: Item, is_same_employer: bool) -> Item:
    """Return what becomes of a row whose number, and name or unit, stands in a row above it."""
    told = {"row": first.row.number}
    if first.row.name == row.name and first.unit.pk != unit.pk:
        return Item(
            key,
            Outcome.ASK_MOVE,
            row,
            first.member,
            unit,
            is_same_employer=is_same_employer,
            told=told,
        )
    return Item(key, Outcome.FAULT, row, unit=unit, fault="twice", told=told)


def _known(key: str, row: Row, unit: Unit, member: Member, held) -> Item:
    if script.fold(member.name) != script.fold(row.name):
        return Item(key, Outcome.ASK_PERSON, row, member, unit, is_same_employer=True)
    if held[member.pk] != unit.pk:
        return Item(key, Outcome.ASK_MOVE, row, member, unit, is_same_employer=True)
    changed = (row.phone and row.phone != member.phone) or (
        row.joined_on and row.joined_on != member.joined_on
    )
    return Item(key, Outcome.CHANGED if changed else Outcome.SAME, row, member, unit)
