"""From rules to tasks: who is asked what, kept up with who joins, moves and leaves."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.curation.audit import audit

from .finishing import count_what_is_read
from .models import Assigned, AssignedState, Membership, Office, Rule
from .models.unit import below

_BATCH = 1000


def concerned(rule: Rule, units, on: date):
    """Return the memberships of those a rule asks on a day, with `units` for the rule's own."""
    found = Membership.objects.filter(
        below(units, "unit__path"), until_on=None, member__left_on=None
    ).exclude(unit__closed_on__lte=on)
    if rule.offices:
        held = Office.objects.held().filter(below(units, "unit__path"), role__in=rule.offices)
        found = found.filter(member__in=held.values("member"))
    if rule.newcomers:
        joined = Q(member__joined_on__gte=rule.opens_on)
        unsaid = Q(member__joined_on=None, from_on__gte=rule.opens_on)
        found = found.filter(joined | unsaid)
    return found


def how_many(rule: Rule, units) -> tuple[int, int]:
    """Return how many members in how many units a rule would ask today; it need not be saved."""
    found = concerned(rule, units, timezone.localdate()).values_list("member", "unit")
    return len({member for member, _ in found}), len({unit for _, unit in found})


def bring_up_to_date(rules: Iterable[Rule] | None = None, on: date | None = None) -> int:
    """Give a task to everybody whom the rules ask and who has none of them; return how many.

    Whoever a rule asks no longer, and who had not finished, is no longer asked: who moved out of
    its units, gave up the office, or left. Doing it twice changes nothing.
    """
    today = on or timezone.localdate()
    made = 0
    chosen = Rule.objects.filter(cancelled_on=None, opens_on__lte=today)
    if rules is not None:
        chosen = chosen.filter(pk__in=[rule.pk for rule in rules])
    for rule in chosen.select_related("version").prefetch_related("units").order_by("pk"):
        with transaction.atomic():
            Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
            made += _bring_up_to_date(rule, today)
    return made


def _bring_up_to_date(rule: Rule, today: date) -> int:
    asked = {
        membership.member_id: membership
        for membership in concerned(rule, rule.units.all(), today).select_related("member")
    }
    has = dict(Assigned.objects.filter(rule=rule).order_by("round").values_list("member", "round"))
    steps = rule.version.steps.filter(required=True).count()
    rows = []
    for pk, membership in asked.items():
        for number, due in rounds(rule, membership, today):
            if number > has.get(pk, 0):
                rows.append(
                    Assigned(
                        rule=rule,
                        member_id=pk,
                        unit_id=membership.unit_id,
                        round=number,
                        due_on=due,
                        step_count=steps,
                    )
                )
    Assigned.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    count_what_is_read(rule)
    open_ones = Assigned.objects.filter(rule=rule)
    gone = open_ones.open().exclude(
        member__in=concerned(rule, rule.units.all(), today).values("member")
    )
    gone.update(state=AssignedState.LAPSED)
    back = open_ones.filter(state=AssignedState.LAPSED, member__in=list(asked))
    back.update(state=AssignedState.OPEN)
    return len(rows)


def rounds(rule: Rule, membership: Membership, today: date) -> list[tuple[int, date]]:
    """Return the rounds a rule asks of a member so far, by number and the day each is due.

    The first is due on the rule's day, or so many days after a newcomer joined. Each further one
    is asked from the day on which the one before was due, and due `repeat_months` after it.
    """
    if rule.newcomers:
        joined = membership.member.joined_on or membership.from_on
        due = joined + timedelta(days=rule.due_days)
    else:
        due = rule.due_on
    found = [(1, due)]
    while rule.repeat_months and due < today:
        due = months_later(due, rule.repeat_months)
        found.append((len(found) + 1, due))
    return found


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month."""
    months += day.month - 1
    year, month = day.year + months // 12, months % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(
        date(year, month, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1)
    )


def cancel(rule: Rule, user, note: str = "") -> None:
    """Take a rule back: nothing more is asked by it. What was done stays done."""
    with transaction.atomic():
        Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
        rule.cancelled_on = timezone.localdate()
        rule.save(update_fields=["cancelled_on"])
        Assigned.objects.filter(rule=rule).open().update(state=AssignedState.LAPSED)
        audit(user, "withdraw", rule, note=note)
