"""What is recorded of a member, for that member; who sees it, and who looked."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.text import script
from articles.text.names import current_script

from ..access import members_only, private, tell_where
from ..calendar import calendar_of, member_of_key
from ..models import Look, Office, Record, Seal, SealKey
from ..sealing import told
from .learner import tasks_of


def _titled(record: Record) -> str:
    hant = current_script() == script.HANT
    return record.object.get("title_hant" if hant else "title", "")


@members_only
@require_safe
def my_records(request):
    records = Record.objects.filter(member_uid=request.member.uid).order_by("-pk")
    last = Seal.objects.order_by("-number").first()
    entries = [
        {
            "record": one,
            "title": _titled(one),
            "is_sealed": bool(last and one.pk <= last.to_id),
        }
        for one in records
    ]
    context = {"member": request.member, "entries": entries, "seal": last}
    return render(request, "training/records.html", context)


@members_only
@require_safe
def export(request):
    """Give a member all that is recorded of them, as a file."""
    records = Record.objects.filter(member_uid=request.member.uid).order_by("pk")
    content = {"name": request.member.name, "records": [told(one) for one in records]}
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="training-records.json"'
    return response


@members_only
@require_safe
def who_sees(request):
    """Show who sees what of a member, by name where it is an office, and who has looked."""
    unit = request.member.unit
    above = [int(one) for one in unit.path.split(".")[:-1]] if unit else []
    offices = Office.objects.held().filter(unit__in=above, member__left_on=None)
    looks = Look.objects.filter(member_uid=request.member.uid)[:100]
    tell_where(looks)
    context = {
        "offices": offices.select_related("unit", "member"),
        "looks": looks,
        "unit": unit,
    }
    return render(request, "training/who_sees.html", context)


@private
@require_safe
def calendar(request):
    """Give the dates of a member's open tasks to whoever has the member's secret address."""
    member = member_of_key(request.GET.get("k", ""))
    if member is None:
        raise Http404
    body = calendar_of(
        str(_("Training")),
        [
            (
                task.row.pk,
                f"{_('Due')}：{task.title}",
                task.row.due_on,
                request.build_absolute_uri(task.url),
            )
            for task in tasks_of(member)
            if task.row.state == "open"
        ],
        request.get_host(),
    )
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@require_safe
def seal_keys(request):
    """Tell the public keys that seals are signed with, and the last seal."""
    last = Seal.objects.order_by("-number").first()
    keys = [
        {"key_id": one.key_id, "ed25519": one.public, "from": one.from_on.isoformat()}
        for one in SealKey.objects.order_by("pk")
    ]
    told_last = {"number": last.number, "chain": last.chain} if last else None
    return JsonResponse({"keys": keys, "last_seal": told_last})
