"""Where one is signed in at the desk, and ending that: one's own page, and an action on accounts.

Sessions stand in the database without a column for whose they are, so all that have not ended are
looked through: about a second for ten thousand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin, messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.curation.audit import audit

from .second_step import has_step

_BROWSERS = ("Edg", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "HarmonyOS", "Linux")


@dataclass(frozen=True, slots=True)
class Signed:
    """One session: a number that stands for its key, the browser, its beginning and its end."""

    number: str
    browser: str
    began: datetime | None
    ends: datetime
    is_this: bool


def _of(user: User) -> Iterator[tuple[Session, dict]]:
    live = Session.objects.filter(expire_date__gt=timezone.now()).order_by("-expire_date")
    for session in live.iterator():
        told = session.get_decoded()
        if told.get(SESSION_KEY) == str(user.pk):
            yield session, told


def _number(key: str) -> str:
    return salted_hmac("session", key).hexdigest()[:20]


def browser_of(agent: str) -> str:
    """Return what a browser is called, by the words that are in what it calls itself."""
    found = [next((n for n in names if n in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return (
        " · ".join(filter(None, found)).replace("Edg", "Edge") or re.split(r"[ /]", agent)[0][:30]
    )


def end_all(user: User, but: str | None = None) -> int:
    """End all sessions of an account, but the one with this key; return how many there were."""
    keys = [session.pk for session, _told in _of(user) if session.pk != but]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in, and end what is not oneself."""
    this = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("end", "")
        ended = 0
        for session, _told in _of(request.user):
            if session.pk != this and chosen in ("all", _number(session.pk)):
                session.delete()
                ended += 1
        if ended:
            user = User.objects.get(pk=request.user.pk)
            audit(user, "change", user, note=f"sessions ended: {ended}")
        messages.success(request, _("%(count)d sessions were ended.") % {"count": ended})
        return redirect("admin:sessions")
    signed = [
        Signed(
            _number(session.pk),
            browser_of(told.get("browser", "")),
            datetime.fromisoformat(told["began"]) if "began" in told else None,
            session.expire_date,
            session.pk == this,
        )
        for session, told in _of(request.user)
    ]
    context = admin.site.each_context(request) | {
        "title": _("Sign-in"), "signed": signed, "has_step": has_step(request.user),
    }  # fmt: skip
    return render(request, "admin/sessions.html", context)
