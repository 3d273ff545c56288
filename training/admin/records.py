"""Records, seals and looks at the desk: to be looked at, by nobody to be changed."""

import json
from collections.abc import Callable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from articles.admin.desk_admin import DeskAdmin
from articles.text import script
from articles.text.names import current_script

from ..access import note_look
from ..models import Look, Member, Record, Seal
from ..sealing import export
from .training_desk import TrainingDesk


def _fact(name: str, description) -> Callable:
    """Return what shows a field under a name in the desk's language; a dash where it is empty."""

    def fact(row):
        value = getattr(row, name)
        return "–" if value in (None, "") else value

    fact.__name__ = name
    return admin.display(fact, description=description, ordering=name)


class ReadOnly(DeskAdmin):
    actions = None

    class Media:
        css = TrainingDesk.Media.css

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Record)
class RecordAdmin(ReadOnly):
    list_display = [_fact("id", _("number")), "who", "kind", "title", "unit_name", "at", "by"]
    fields = readonly_fields = [
        *("who", "kind", "title", "unit_name", "at", "by", "rule", "result", "object"),
        _fact("corrects", _("corrects the record")),
        _fact("uid", _("identifier")),
        _fact("leaf_sha256", _("fingerprint (SHA-256)")),
    ]
    list_filter = ["kind", "at"]
    search_fields = ["member_uid"]
    ordering = ["-pk"]
    change_list_template = "admin/training/record_list.html"

    def get_search_results(self, request, queryset, search_term):
        """Find records by the name or staff number of the member."""
        if not search_term:
            return queryset, False
        folded = script.fold(search_term)
        found = Member.objects.filter(name__icontains=search_term) | Member.objects.filter(
            name__icontains=folded
        )
        found |= Member.objects.filter(staff_no=search_term)
        return queryset.filter(member_uid__in=found.values("uid")), False

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None:
            uids = [one.member_uid for one in shown.result_list]
            members = Member.objects.filter(uid__in=uids)
            note_look(request.user, members, str(_("records at the desk")))
            names = dict(members.values_list("uid", "name"))
            for one in shown.result_list:
                one.member_name = names.get(one.member_uid, "–")
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if response.status_code == 200 and (row := self.get_object(request, object_id)):
            members = Member.objects.filter(uid=row.member_uid)
            note_look(request.user, members, str(_("records at the desk")))
        return response

    @admin.display(description=_("member"))
    def who(self, record):
        if hasattr(record, "member_name"):
            return record.member_name
        member = Member.objects.filter(uid=record.member_uid).first()
        return member.name if member else "–"

    @admin.display(description=_("title"))
    def title(self, record):
        name = "title_hant" if current_script() == script.HANT else "title"
        return record.object.get(name, "")

    @admin.display(description=_("unit at that time"))
    def unit_name(self, record):
        name = "name_hant" if current_script() == script.HANT else "name"
        return record.unit.get(name, "")

    def get_urls(self):
        own = path(
            "export/", self.admin_site.admin_view(self.export), name="training_record_export"
        )
        return [own, *super().get_urls()]

    def export(self, request):
        """Give all records, seals and keys as JSON Lines, to be checked without the portal."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        lines = (json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in export())
        response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="records.jsonl"'
        return response


_NUMBER = _fact("number", _("number"))
_COUNT = _fact("count", _("number of records"))
_CHAIN = _fact("chain", _("chained fingerprint"))
_KEY = _fact("key_id", _("public key"))
_SEALED_ON = _fact("sealed_on", _("sealed on"))


@admin.register(Seal)
class SealAdmin(ReadOnly):
    list_display = [_NUMBER, _COUNT, _CHAIN, _KEY, _SEALED_ON]
    fields = readonly_fields = [
        *(_NUMBER, _SEALED_ON, _COUNT),
        _fact("from_id", _("first record")),
        _fact("to_id", _("last record")),
        _fact("root", _("Merkle root")),
        _fact("previous", _("seal before")),
        *(_CHAIN, _KEY),
        _fact("signature", _("signature")),
    ]


@admin.register(Look)
class LookAdmin(ReadOnly):
    list_display = ["by", "why", "on", "member_uid"]
    list_filter = ["on"]
    search_fields = ["by"]
