"""Signing in, for readers and at the desk, with limits to guessing.

A browser that signed in as somebody before is known as that one's (OWASP calls it a device cookie).
What others guess, at the same address or all over the world, does not lock it out; nor does it lock
out an office that shares one address.
"""

import logging
import secrets

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from .directory import AWAY
from .metrics import SIGN_INS_FAILED
from .one_time_codes import DAYS, is_code
from .throttle import Limit, address_of

TOO_MANY = "too-many"
SHARED = "shared"
"""What the session of somebody at a shared device is marked with."""
SHARED_SECONDS = 600
"""Seconds without a request after which that session ends."""
_MINUTES = 15
_NAME = Limit("sign-in", most=5, seconds=_MINUTES * 60)
"""Of one user name from one address, or one known browser: nobody is locked out by what others type
elsewhere."""
_ADDRESS = Limit("sign-in address", most=100, seconds=_MINUTES * 60)
"""Failures from one address, which may be a whole office's; known browsers are let in."""
_ACCOUNT = Limit("sign-in account", most=30, seconds=3600)
"""Failures of one user name from wherever; known browsers are let in."""
_OLD_PASSWORD = Limit("old password", most=5, seconds=_MINUTES * 60)
"""Wrong old passwords of one account: whoever finds a browser signed in may guess no longer."""

KNOWN = "known_browser"
_KNOWN_SECONDS = 180 * 24 * 3600

logger = logging.getLogger("portal.sign_in")


def share(session) -> None:
    """Let a session be that of somebody at a shared device: it ends soon, and leaves nothing."""
    session[SHARED] = True
    session.set_expiry(SHARED_SECONDS)


class SharedDevice(forms.Form):
    """Mixed into a form that signs somebody in: asks whether others use the device too."""

    shared = forms.BooleanField(
        label=_("This is a shared device"),
        required=False,
        help_text=_("You are signed out after ten minutes without a touch."),
    )


def _too_many() -> ValidationError:
    return ValidationError(
        _("Too many tries. Wait %(minutes)d minutes, then try again."),
        code=TOO_MANY,
        params={"minutes": _MINUTES},
    )


def note_failure(address: str, name: str, why: str) -> None:
    """Log a failed sign-in for who watches the log (`deploy/fail2ban`): the address first, for the
    name may be anything."""
    SIGN_INS_FAILED.labels(why).inc()
    logger.warning("Sign-in failed from %s (%s) as %r", address or "unknown", why, name[:150])


def _digest(name: str, number: str) -> str:
    return salted_hmac(KNOWN, f"{number}\0{name.casefold()}", algorithm="sha256").hexdigest()


def known_number(request: HttpRequest | None, name: str) -> str:
    """Return the number of a browser that signed in with this name before, or nothing."""
    number, _, digest = (request.COOKIES.get(KNOWN, "") if request else "").partition("-")
    is_known = number and constant_time_compare(digest, _digest(name, number))
    return number if is_known else ""


def know_browser(request: HttpRequest, response: HttpResponse) -> None:
    """Let a browser that just signed in be known as this account's; its cookie does not say so."""
    name = request.user.get_username()
    number = known_number(request, name) or secrets.token_hex(16)
    response.set_cookie(
        KNOWN,
        f"{number}-{_digest(name, number)}",
        max_age=_KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class Guarded(forms.Form):
    """Mixed into a form that signs in: refuses to look at the password after too many tries."""

    guarded = "password"

    def clean(self):
        name, password = (self.cleaned_data.get(field) for field in ("username", self.guarded))
        if not (name and password):
            return super().clean()
        address = address_of(self.request) if self.request else ""
        number, folded = known_number(self.request, name), name.casefold()
        whose = (number or address, folded)
        is_over = _NAME.is_reached(*whose)
        if not number:
            is_over |= _ADDRESS.is_reached(address) or _ACCOUNT.is_reached(folded)
        if is_over:
            note_failure(address, name, "limit")
            raise _too_many()
        _NAME.count(*whose)  # before it is known whether it fails: many at once count too
        try:
            data = super().clean()
        except ValidationError as error:
            if error.code == AWAY:
                note_failure(address, name, "directory")
                _NAME.forget(*whose)  # nothing was guessed
                raise
            note_failure(address, name, self.guarded)
            _ADDRESS.count(address)
            _ACCOUNT.count(folded)
            raise
        _NAME.forget(*whose)
        return data


class SignInForm(Guarded, SharedDevice, AuthenticationForm):
    """Where readers sign in: with any account that is active."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("The user name or the password is wrong.")
    }
    field_order = ["username", "password", "shared"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class DeskSignInForm(Guarded, AdminAuthenticationForm):
    """Where curators sign in."""


class _ByCode(SetPasswordForm):
    """Chooses a password of the account whose code is typed."""

    username = forms.CharField(label=_("User name"), max_length=150)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("As it was given to you on paper or by mail."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    field_order = ["username", "code", "new_password1", "new_password2"]

    def __init__(self, request: HttpRequest, *args, **kwargs):
        self.request = request
        super().__init__(None, *args, label_suffix="", **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "username"}

    def clean(self):
        name, code = self.cleaned_data["username"], self.cleaned_data["code"]
        self.user = User.objects.filter(username=name, is_active=True).first()
        if self.user is None or not is_code(self.user, code):
            raise ValidationError(
                _(
                    "The name and the code do not belong together, or the code is used or older "
                    "than %(days)d days. Ask for another one."
                ),
                params={"days": DAYS},
            )
        return super().clean()


class WelcomeForm(Guarded, _ByCode):
    """Where somebody with a code chooses a password, for the first time or anew. Who guesses is
    held up as at a sign-in."""

    guarded = "code"

    def clean(self):
        asked = {"username", "code"} <= self.cleaned_data.keys()
        return super().clean() if asked else self.cleaned_data


class ForgottenForm(forms.Form):
    """Where somebody asks for a code by mail."""

    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("The one that your account has."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class GuardedChange(forms.Form):
    """Mixed into a form that changes a password: looks at the old one a few times only."""

    def clean_old_password(self):
        whose = str(self.user.pk)
        if _OLD_PASSWORD.is_reached(whose):
            raise _too_many()
        _OLD_PASSWORD.count(whose)
        old = super().clean_old_password()
        _OLD_PASSWORD.forget(whose)
        return old


class ChangePasswordForm(GuardedChange, PasswordChangeForm):
    """Where readers change their password."""


class DeskPasswordForm(GuardedChange, AdminPasswordChangeForm):
    """Where curators change theirs."""


def with_status(form: forms.Form, response: HttpResponse) -> HttpResponse:
    """Return an answer with 429 where its form refused for too many tries."""
    if any(form.has_error(name, TOO_MANY) for name in ("__all__", "old_password", "code")):
        response.status_code = 429
    return response
