"""How far units are: who is done, open or excused, counted for whoever may see it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import Count, Q

from .models import Assigned, AssignedState, Rule, Unit


@dataclass(slots=True)
class Standing:
    """Tasks of one rule in one unit and below it, by state."""

    done: int = 0
    open: int = 0
    excused: int = 0

    @property
    def asked(self) -> int:
        """Return how many are asked: who is excused is not."""
        return self.done + self.open

    @property
    def percent(self) -> int:
        """Return the percent of those asked who are done, rounded down; of nobody, all."""
        return 100 * self.done // self.asked if self.asked else 100

    def add(self, other: "Standing") -> None:
        self.done += other.done
        self.open += other.open
        self.excused += other.excused


@dataclass(slots=True)
class Line:
    """One unit of a table: its place in the tree, and its counts by rule."""

    unit: Unit
    depth: int
    counts: dict[int, Standing] = field(default_factory=lambda: defaultdict(Standing))

    @property
    def total(self) -> Standing:
        out = Standing()
        for one in self.counts.values():
            out.add(one)
        return out


def by_unit(user, rules: Iterable[Rule] | None = None, top: Unit | None = None) -> list[Line]:
    """Return the units a user may see, in the order of the tree, with what stands below counted in
    each. Two queries, however many rules and members.
    """
    units = Unit.objects.led_by(user)
    if top is not None:
        units = units.below(top)
    found = sorted(units, key=attrgetter("path"))
    if not found:
        return []
    least = min(unit.path.count(".") for unit in found)
    lines = {unit.pk: Line(unit, unit.path.count(".") - least) for unit in found}
    tasks = Assigned.objects.order_by("rule", "unit")  # as the index has them: nothing is sorted
    wanted = None if rules is None else {rule.pk for rule in rules}
    if wanted is not None and len(wanted) == 1:
        tasks = tasks.filter(rule__in=wanted)  # several are cheaper to leave out below
    asked = (AssignedState.DONE, AssignedState.OPEN, AssignedState.EXCUSED)
    counts = [Count("rule", filter=Q(state=state)) for state in asked]
    for rule_id, unit_id, *numbers in tasks.values_list("rule", "unit").annotate(
        done=counts[0], open=counts[1], excused=counts[2]
    ):
        if unit_id in lines and (wanted is None or rule_id in wanted) and any(numbers):
            lines[unit_id].counts[rule_id] = Standing(*numbers)
    for unit in reversed(found):  # what is below comes after
        above = lines.get(unit.parent_id)
        if above is not None:
            for rule_id, standing in lines[unit.pk].counts.items():
                above.counts[rule_id].add(standing)
    return list(lines.values())
