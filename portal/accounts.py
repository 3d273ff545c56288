"""Signing in, for readers and at the desk, with a limit to guessing."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .throttle import Limit, address_of

TOO_MANY = "too-many"
SHARED = "shared"
"""What the session of somebody at a shared device is marked with."""
SHARED_SECONDS = 600
"""Seconds without a request after which that session ends."""
_MINUTES = 15
_NAME = Limit("sign-in", most=5, seconds=_MINUTES * 60)
"""Of one user name from one address: nobody is locked out by what others type elsewhere."""
_ADDRESS = Limit("sign-in address", most=50, seconds=_MINUTES * 60)
"""Failures from one address, which may be a whole office's."""


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


class Guarded(forms.Form):
    """Mixed into a form that signs in: refuses to look at the password after too many tries."""

    def clean(self):
        name, password = (self.cleaned_data.get(field) for field in ("username", "password"))
        if not (name and password):
            return super().clean()
        address = address_of(self.request) if self.request else ""
        whose = (address, name.casefold())
        if _NAME.is_reached(*whose) or _ADDRESS.is_reached(address):
            raise ValidationError(
                _("Too many tries. Wait %(minutes)d minutes, then try again."),
                code=TOO_MANY,
                params={"minutes": _MINUTES},
            )
        _NAME.count(*whose)  # before it is known whether it fails: many at once count too
        try:
            data = super().clean()
        except ValidationError:
            _ADDRESS.count(address)
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
