"""Desks whose changes stand in the log, with what was there before and after."""

from collections.abc import Callable
from functools import partial

from django.contrib.messages.storage import default_storage
from django.db import DatabaseError, IntegrityError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from portal.transactions import retried

from ..curation.audit import audit
from ..text.keys import is_key
from .desk_admin import DeskAdmin
from .form_changes import changes
from .seen import SeenAdmin

VIEW_LOG = "articles.view_auditentry"


class AuditedAdmin(SeenAdmin, DeskAdmin):
    """Writes a line of the log wherever Django's own admin writes to its history."""

    def log_addition(self, request, obj, message):
        audit(request.user, "add", obj, after=_of_form(obj)[1], note=_note(obj))
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message, action="change"):
        """Log a change; `message` says what was done where no form tells what was changed."""
        before, after = _of_form(obj)
        said = _note(obj) or (message if isinstance(message, str) else "")
        audit(request.user, action, obj, before, after, said)
        return super().log_change(request, obj, message)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if kept := getattr(form, "kept", 0):
            told = ngettext(
                "%(count)d passage was kept as it was written.",
                "%(count)d passages were kept as they were written.",
                kept,
            )
            self.message_user(request, told % {"count": kept})
        if count := getattr(obj, "put_right", 0) + getattr(form, "put_right", 0):
            told = ngettext(
                "%(count)d passage was put into the script of its field.",
                "%(count)d passages were put into the script of their fields.",
                count,
            )
            self.message_user(request, told % {"count": count})

    def log_deletions(self, request, queryset):
        chosen = list(queryset)
        if chosen:
            before = {"name": [str(one) for one in chosen[:20]]}
            audit(request.user, "delete", chosen, before=before)
        return super().log_deletions(request, queryset)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Take in a form anew where another wrote the same row first: now it is seen to be there,
        and the form says so, with all that was typed."""
        take_in = partial(super().changeform_view, request, object_id, form_url, extra_context)
        if request.method != "POST":
            return take_in()
        return as_one(request, take_in, also=(IntegrityError,))

    def response_action(self, request, queryset):
        """Do what is chosen for many and log it, both or neither, as Django does for one."""
        return as_one(request, partial(super().response_action, request, queryset))

    def delete_view(self, request, object_id, extra_context=None):
        delete = partial(super().delete_view, request, object_id, extra_context)
        return as_one(request, delete) if request.method == "POST" else delete()

    def construct_change_message(self, request, form, formsets, add=False):
        """Keep what the form changed beside the object, for the line that follows."""
        obj = form.user if hasattr(form, "user") else form.instance  # Django's form of passwords
        obj.audited = changes(form, formsets)
        obj.audited_note = form.cleaned_data.get("note", "")
        return super().construct_change_message(request, form, formsets, add)

    def history_view(self, request, object_id, extra_context=None):
        """Lead those who may see the log to the lines about this object."""
        if request.user.has_perm(VIEW_LOG) and is_key(object_id):
            return redirect(log_of(self.model, object_id))
        return super().history_view(request, object_id, extra_context)


def as_one(
    request, act: Callable[[], HttpResponse], *, also: tuple[type[DatabaseError], ...] = ()
) -> HttpResponse:
    """Do all of a deed in one transaction, tried again as `retried` has it; what is told of it is
    what the last try told."""

    def once() -> HttpResponse:
        request._messages = default_storage(request)
        return act()

    return retried(once, also=also)


def log_of(model: type[Model], number) -> str:
    """Return the address of the lines about one object."""
    query = urlencode({"kind": model._meta.label_lower, "number": number})
    return f"{reverse('admin:articles_auditentry_changelist')}?{query}"


def _of_form(obj) -> tuple[dict, dict]:
    return getattr(obj, "audited", ({}, {}))


def _note(obj) -> str:
    return getattr(obj, "audited_note", "")
