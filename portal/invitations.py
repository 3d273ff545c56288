"""Invitations: a code by mail, or shown once to be printed."""

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
    return mails.send(subject, text % words, [user.email])
