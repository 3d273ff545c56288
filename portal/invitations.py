"""Invitations: a code by mail, or shown once to be printed."""

from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from . import mails
from .one_time_codes import DAYS, code_of, in_groups
from .person_names import person_name


def page_of(request: HttpRequest, user: User | None = None) -> str:
    """Return the address where a code is typed; with an account, the one that has it typed: behind
    its #, which no server is told and no log has."""
    address = request.build_absolute_uri(reverse("welcome"))
    given = urlencode({"username": user.get_username(), "code": code_of(user)}) if user else ""
    return f"{address}#{given}" if given else address


def send_code(request: HttpRequest, user: User, *, again: bool = False) -> bool:
    """Mail somebody a code, for a new account or `again`; tell whether it went out."""
    return mails.send(*_mail(request, user, again=again))


def send_code_beside(request: HttpRequest, user: User) -> None:
    """Mail somebody another code, of which the request does not wait to hear: how long it takes
    would tell whether there is such an account. No broker learns a code."""
    mails.beside(partial(mails.send, *_mail(request, user, again=True)), wait=0)


def _mail(request: HttpRequest, user: User, *, again: bool) -> tuple[str, str, list[str]]:
    subject = _("Choose a new password") if again else _("Your account in the reading room")
    words = {
        "who": person_name(user),
        "name": user.get_username(),
        "code": in_groups(code_of(user)),
        "address": page_of(request, user),
        "days": DAYS,
    }
    text = _(
        "Hello %(who)s,\n\n"
        "choose your password on this page:\n%(address)s\n\n"
        "User name: %(name)s\nCode: %(code)s\n\n"
        "The code is good for %(days)d days and for one time. Whoever did not ask for it need not "
        "do anything.\n"
    )
    return subject, text % words, [user.email]
