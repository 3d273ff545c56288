"""How far units are: who is done, open or excused, counted for whoever may see it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

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

    def add(self, state: str, count: int) -> None:
        setattr(self, state, getattr(self, state) + count)


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
            out.done += one.done
            out.open += one.open
            out.excused += one.excused
        return out


def by_unit(user, rules: Iterable[Rule] | None = None, top: Unit | None = None) -> list[Line]:
    """Return the units a user may see, in the order of the tree, with what stands below counted in
    each. Two queries, however many rules and members.
    """
    units = Unit.objects.led_by(user).order_by("path")
    if top is not None:
        units = units.below(top)
    found = list(units)
    if not found:
        return []
    least = min(unit.path.count(".") for unit in found)
    lines = {unit.pk: Line(unit, unit.path.count(".") - least) for unit in found}
    tasks = Assigned.objects.exclude(state=AssignedState.LAPSED)
    if rules is not None:
        tasks = tasks.filter(rule__in=[rule.pk for rule in rules])
    counted = tasks.order_by().values_list("unit", "rule", "state").annotate(n=Count("pk"))
    for unit_id, rule_id, state, count in counted:
        line = lines.get(unit_id)
        if line is None:
            continue
        for above in line.unit.path.split(".")[:-1]:
            if int(above) in lines:
                lines[int(above)].counts[rule_id].add(state, count)
    return list(lines.values())
