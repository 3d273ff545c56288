"""A code that lets somebody choose a password once: of a new account, or a forgotten one.

It is derived from the account as it is and the day it was given on, so nothing is kept: with the
password that it leads to, it is of no use any more. Nobody else ever knows a password.
"""

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 signs; those that look like another one, 0 O 1 I, are not among them."""

LENGTH = 12
"""Signs of a code: 60 bits."""

DAYS = 14
"""Days until a code is of no use any more, the one it was given on counted."""


def code_of(user: User, day: date | None = None) -> str:
    """Return the code of an account, as it is given on a day."""
    day = day or timezone.localdate()
    facts = (user.pk, user.password, user.last_login, user.email, user.is_active, day)
    digest = salted_hmac("one-time code", "\0".join(map(str, facts)), algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def in_groups(code: str) -> str:
    """Return a code as it is printed."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def is_code(user: User, typed: str) -> bool:
    """Tell whether this is the account's code, however it is typed."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    today = timezone.localdate()
    days = (today - timedelta(days=ago) for ago in range(DAYS))
    return any(constant_time_compare(code_of(user, day), plain) for day in days)
