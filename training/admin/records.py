"""Records, seals and looks at the desk: to be looked at, by nobody to be changed."""

import json
from collections.abc import Callable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from articles.admin.desk_admin import DeskAdmin
from articles.text import script
from articles.text.names import current_script

from ..access import AT_DESK, note_look, tell_where
from ..models import Look, Member, Record, Seal
from ..sealing import export
from .record_words import object_in_words, result_in_words, rule_in_words
from .training_desk import TrainingDesk


def _fact(name: str, description) -> Callable:
    """Return what shows a field under a name in the desk's language; a dash where it is empty."""

    def fact(row):
        value = getattr(row, name)
        return "–" if value in (None, "") else value

    fact.__name__ = name
    return admin.display(fact, description=description, ordering=name)


def _in_words(name: str, description, words: Callable[[dict], list[str]]) -> Callable:
    """Return what tells a field that is kept as data in words; a dash where it is empty."""

    def told(row):
        return " · ".join(words(getattr(row, name))) or "–"

    told.__name__ = name
    return admin.display(told, description=description)


def _of(name: str) -> Q:
    """Return what finds the rows of members by a name, in either script, or a staff number."""
    found = Q(name__icontains=name) | Q(name__icontains=script.fold(name)) | Q(staff_no=name)
    return Q(member_uid__in=Member.objects.filter(found).values("uid"))


def _name(rows) -> None:
    """Give rows of members the names of these, asked for at once."""
    names = dict(
        Member.objects.filter(uid__in={one.member_uid for one in rows}).values_list("uid", "name")
    )
    for one in rows:
        one.member_name = names.get(one.member_uid, "–")


class ReadOnly(DeskAdmin):
    """Rows of members, or of none: looked at, never changed."""

    actions = None

    class Media:
        css = TrainingDesk.Media.css

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("member"))
    def who(self, row):
        if not hasattr(row, "member_name"):
            _name([row])
        return row.member_name


@admin.register(Record)
class RecordAdmin(ReadOnly):
    list_display = [_fact("id", _("number")), "who", "kind", "title", "unit_name", "at", "by"]
    fields = readonly_fields = [
        *("who", "kind", "title"),
        _in_words("object", _("of what"), object_in_words),
        *("unit_name", "at", "by"),
        _in_words("rule", _("by which rule"), rule_in_words),
        _in_words("result", _("result"), result_in_words),
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
        return queryset.filter(_of(search_term)), False

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None:
            _name(shown.result_list)
            uids = [one.member_uid for one in shown.result_list]
            note_look(request.user, Member.objects.filter(uid__in=uids), AT_DESK)
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if response.status_code == 200 and (row := self.get_object(request, object_id)):
            members = Member.objects.filter(uid=row.member_uid)
            note_look(request.user, members, AT_DESK)
        return response

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
    list_display = ["who", "by", "where", _fact("on", _("on"))]
    fields = readonly_fields = ["who", "by", "where", "on"]
    list_filter = ["on"]
    search_fields = ["by"]

    def get_search_results(self, request, queryset, search_term):
        """Find looks by the name of who looked, or of who was looked at."""
        if not search_term:
            return queryset, False
        return queryset.filter(Q(by__icontains=search_term) | _of(search_term)), False

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None:
            _name(shown.result_list)
            tell_where(shown.result_list)
        return response

    @admin.display(description=_("where"), ordering="why")
    def where(self, look):
        if not hasattr(look, "where"):
            tell_where([look])
        return look.where
