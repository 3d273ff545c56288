"""A unit's people, for its chair and whoever looks into it: done, open, excused. Nobody's mistakes,
times or tries: these are kept nowhere."""

import csv

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.text.csv_cells import harmless
from articles.text.keys import is_key

from ..access import note_look, private
from ..activation import make_slips
from ..models import (
    Assigned,
    AssignedState,
    Member,
    Office,
    OfficeRole,
    PaperEntry,
    Rule,
    Unit,
    sees_all,
)
from ..paper import NotYours, confirm, enter, excuse
from ..tallies import by_unit
from .qr import qr_svg


def _unit(request, code: str) -> Unit:
    """Return a unit whose people the user may see, or answer that there is none."""
    return get_object_or_404(Unit.objects.led_by(request.user), code=code)


def may_enter(user, unit: Unit) -> bool:
    """Tell whether a user enters, excuses and prints slips in a unit: its chair or trainer, or one
    above, and those who see to training everywhere. Who only looks into it does not."""
    if user.has_perm("training.change_member"):
        return True
    offices = Office.objects.of_today(user.pk)
    held = offices.filter(role__in=[OfficeRole.CHAIR, OfficeRole.TRAINER]).select_related("unit")
    return any(unit.path.startswith(one.unit.path) for one in held)


LISTED = 600
"""People of a unit and those below it whom one page lists, and prints slips for; where there are
more, these are the unit's own, and the others are on the pages of the units below."""


def _listed(unit: Unit):
    """Return the members whom the page of a unit lists, and whether these are all."""
    everybody = Member.objects.present().in_units([unit])
    if everybody.count() <= LISTED:
        return everybody, True
    return everybody.filter(memberships__unit=unit, memberships__until_on=None), False


def _members(members, rule: Rule | None):
    tasks = Assigned.objects.exclude(state=AssignedState.LAPSED).select_related(
        "rule__version__path"
    )
    if rule:
        tasks = tasks.filter(rule=rule)
    shown = Prefetch("assigned", queryset=tasks.order_by("due_on", "pk"), to_attr="tasks")
    return members.prefetch_related(shown).order_by("employer__path", "staff_no", "pk")


def _rule(request, unit: Unit) -> tuple[list[Rule], Rule | None]:
    """Return the rules that ask somebody in a unit, and the one that is chosen."""
    asked = Assigned.objects.filter(unit__in=Unit.objects.below(unit)).values("rule")
    rules = list(
        Rule.objects.filter(pk__in=asked, cancelled_on=None).select_related("version__path")
    )
    chosen = request.GET.get("rule", "")
    found = next((one for one in rules if str(one.pk) == chosen), None)
    if chosen and found is None:
        raise Http404
    return rules, found


@private
@login_required
@require_safe
def unit_page(request, code: str):
    unit = _unit(request, code)
    rules, rule = _rule(request, unit)
    listed, is_all = _listed(unit)
    members = _members(listed, rule)
    note_look(request.user, listed, f"unit {unit.code}")
    entries = PaperEntry.objects.filter(member__in=listed, confirmed_on=None).select_related(
        "member", "edition"
    )
    counted = by_unit(request.user, top=unit)
    context = {
        "unit": unit,
        "rules": rules,
        "rule": rule,
        "members": members,
        "is_all": is_all,
        "lines": [one for one in counted if one.unit != unit],
        "own": next((one for one in counted if one.unit == unit), None),
        "may_enter": may_enter(request.user, unit),
        "entries": entries,
        "today": timezone.localdate(),
        "sees_all": sees_all(request.user),
    }
    return render(request, "training/unit.html", context)


@private
@login_required
@require_safe
def unit_table(request, code: str):
    """Give a unit's people and tasks as a file that Excel opens as it is: UTF-8 with a mark."""
    unit = _unit(request, code)
    _rules, rule = _rule(request, unit)
    members = _members(Member.objects.present().in_units([unit]), rule)
    note_look(request.user, members, f"unit {unit.code} csv")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="unit-{unit.code}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(
        map(str, [_("Name"), _("Staff number"), _("Path"), _("Due on"), _("State"), _("Finished")])
    )
    for member in members:
        for task in member.tasks:
            writer.writerow(
                map(
                    harmless,
                    [
                        member.name,
                        member.staff_no,
                        str(task.rule.version.path),
                        task.due_on.isoformat(),
                        task.get_state_display(),
                        task.completed_on.isoformat() if task.completed_on else "",
                    ],
                )
            )
    return response


@private
@login_required
@require_POST
def slips(request, code: str):
    """Print slips for those of a unit who have no account yet. Older ones are of no use then."""
    unit = _unit(request, code)
    if not may_enter(request.user, unit):
        raise Http404
    led = Unit.objects.led_by(request.user).values("pk")
    above = Office.objects.held().exclude(unit__in=led)  # whose account would open more than theirs
    listed, _is_all = _listed(unit)
    members = listed.exclude(pk__in=above.values("member"))
    chosen = request.POST.getlist("member")
    if chosen:
        members = members.filter(pk__in=[one for one in chosen if is_key(one)])
    made = make_slips(members, request.user)
    address = request.build_absolute_uri
    shown = [
        {
            "slip": slip,
            "url": (url := address(_activation(slip.number))),
            "qr": qr_svg(f"{url}#{slip.code}"),
        }
        for slip in made
    ]
    return render(request, "training/slips.html", {"unit": unit, "slips": shown})


def _activation(number: int) -> str:
    return f"{reverse('activate')}?n={number}"


@private
@login_required
@require_POST
def settle(request, code: str):
    """Enter what was read on paper, confirm what another entered, or excuse somebody."""
    unit = _unit(request, code)
    if not may_enter(request.user, unit):
        raise Http404
    members = Member.objects.present().in_units([unit])
    do, number = request.POST.get("do"), request.POST.get("number", "")
    if not is_key(number):
        return HttpResponseBadRequest()
    try:
        if do == "paper":
            task = get_object_or_404(Assigned, pk=number, member__in=members)
            steps = task.rule.version.steps.select_related("edition")
            count = enter(task.member, [step.edition for step in steps], request.user)
            told = _("%d texts are entered; another person confirms them.") % count
        elif do == "confirm":
            entry = get_object_or_404(PaperEntry, pk=number, member__in=members)
            confirm(entry.pk, request.user)
            told = _("Confirmed and recorded.")
        elif do == "excuse":
            task = get_object_or_404(Assigned, pk=number, member__in=members)
            if not request.POST.get("reason", "").strip():
                messages.warning(request, _("Say why; the reason stands in the record."))
                return redirect("unit", unit.code)
            excuse(task.pk, request.POST["reason"], request.user)
            told = _("Excused, and recorded with the reason.")
        else:
            return HttpResponseBadRequest()
    except NotYours as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, told)
    return redirect("unit", unit.code)
