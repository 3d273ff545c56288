"""Who may come in: members to what is theirs, offices to the people of their units."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from portal.person_names import person_name

from .models import Look, Member, Office, Unit, sees_all

private = cache_control(private=True, no_store=True)
"""No cache keeps what is one person's."""


AT_DESK = "records"
"""Where somebody looked, as it is kept: the desk's records. Else `unit CODE` or `unit CODE csv`."""


def member_of(user) -> Member | None:
    """Return who an account is on the roster, unless they have left."""
    return Member.objects.present().filter(user=user.pk).first()


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view know the member as `request.member`; whoever is signed in and on no roster is told
    so, and what to do."""

    @private
    @login_required
    @wraps(view)
    def respond(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.member = member_of(request.user)
        if request.member is None:
            return render(request, "training/no_member.html", status=403)
        return view(request, *args, **kwargs)

    return respond


def note_look(user, members, why: str) -> None:
    """Note that somebody looked at what is recorded of others; once a day is enough. Who looks at
    their own is not noted."""
    by = person_name(user)
    today = timezone.localdate()
    Look.objects.bulk_create(
        [
            Look(member_uid=uid, by=by[:150], why=why, on=today)
            for uid, user_id in members.values_list("uid", "user_id")
            if user_id != user.pk
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def tell_where(looks) -> None:
    """Give looks where they were taken, in the language of whoever reads it now."""
    looks = list(looks)
    units = [one.why.split()[1] for one in looks if one.why.startswith("unit ")]
    named = {one.code: one for one in Unit.objects.filter(code__in=units)}
    for one in looks:
        if not one.why.startswith("unit "):  # before, it was kept in the looker's language
            one.where = _("records at the desk")
            continue
        code, *csv = one.why.split()[1:]
        of = {"unit": named.get(code, code)}
        one.where = _("table of “%(unit)s”") % of if csv else _("page of “%(unit)s”") % of


def led_by(user) -> list[dict[str, str]]:
    """Return the units whose pages a user is led to: where an office is held, and for those who see
    all units, the tops of the tree."""
    if sees_all(user):
        units = list(Unit.objects.standing().filter(parent=None))
    else:
        offices = Office.objects.of_today(user.pk).select_related("unit").order_by("unit__path")
        units = list(dict.fromkeys(office.unit for office in offices))
    return [{"name": str(unit), "url": reverse("unit", args=[unit.code])} for unit in units]
