"""The second step of signing in at the desk: a code of an app (TOTP), or one printed for a bad day.

Devices, their clocks and their throttling are django-otp's; who must have one, and the pages, are
ours. What a session still owes stands in it from the sign-in on, so no page of the desk looks for
it.
"""

import base64
from functools import wraps
from urllib.parse import quote

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_otp import devices_for_user
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.curation.audit import audit

from .accounts import TOO_MANY, note_failure, with_status
from .throttle import Limit, address_of

OWED = "second_step"
"""Name in a session of what it owes: a code, a device, or nothing."""
CODE, DEVICE, NOTHING = "code", "device", ""

_SHEET = 10
"""Codes printed for a bad day, each for one time."""

_TRIES = Limit("second step", most=6, seconds=15 * 60)
"""Codes of one account, wherever they are typed."""

EVERYBODY, SUPERUSERS = "everybody", "superusers"
"""What `SECOND_STEP_FOR` may name besides groups."""


def has_step(user: User) -> bool:
    """Tell whether an account has a second step."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def must_have_step(user: User) -> bool:
    """Tell whether one of the account's roles has to have a second step."""
    asked = set(settings.SECOND_STEP_FOR)
    if EVERYBODY in asked or (user.is_superuser and asked):
        return True
    return bool(asked) and user.groups.filter(name__in=asked).exists()


def take_step_away(user: User) -> None:
    """Leave an account without a second step; who must have one is asked for it at once."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


@receiver(user_logged_in)
def owe(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Write into a session of the desk what it owes, where it is, and that it ends the same day."""
    if user.is_staff:
        request.session[OWED] = _owed_by(user)
        request.session["began"] = timezone.now().isoformat()
        request.session["browser"] = request.headers.get("User-Agent", "")[:300]
        request.session.set_expiry(settings.DESK_SESSION_HOURS * 3600)


def _owed_by(user: User) -> str:
    if has_step(user):
        return CODE
    return DEVICE if must_have_step(user) else NOTHING


def what_is_owed(request: HttpRequest) -> str:
    """Return the address of the page that has to come first, or nothing."""
    if not (request.user.is_active and request.user.is_staff):
        return ""
    if OWED not in request.session:  # it is older than the second step
        request.session[OWED] = _owed_by(request.user)
    pages = {CODE: "admin:code", DEVICE: "admin:code_device"}
    page = pages.get(request.session[OWED])
    return f"{reverse(page)}?next={quote(request.get_full_path())}" if page else ""


class CodeForm(forms.Form):
    """Where a code is typed, of six digits or one of the sheet."""

    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}
        ),
    )

    def __init__(self, request: HttpRequest, *args, new: TOTPDevice | None = None, **kwargs):
        self._request, self._new = request, new
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        user = self._request.user
        if _TRIES.is_reached(str(user.pk)):
            note_failure(address_of(self._request), user.get_username(), "limit")
            raise forms.ValidationError(
                _("Too many tries. Wait %(minutes)d minutes, then try again."),
                code=TOO_MANY,
                params={"minutes": 15},
            )
        _TRIES.count(str(user.pk))
        code = "".join(self.cleaned_data["code"].split()).lower()
        if not _is_right(user, code, self._new):
            note_failure(address_of(self._request), user.get_username(), "code")
            raise forms.ValidationError(_("This code is wrong, or was used already."))
        _TRIES.forget(str(user.pk))
        return code


def _is_right(user: User, code: str, new: TOTPDevice | None) -> bool:
    """Try a code, which uses it up: of two who send the same one at once, one is let in. It is that
    of the device that is being set up, or of any the account has."""
    with transaction.atomic():
        if new:
            return TOTPDevice.objects.select_for_update().get(pk=new.pk).verify_token(code)
        model = TOTPDevice if code.isdecimal() else StaticDevice
        devices = devices_for_user(user, for_verify=True)
        return any(one.verify_token(code) for one in devices if isinstance(one, model))


def _for_staff(view):
    """Let who signed in at the desk see a page, whether or not the session owes something."""

    @never_cache
    @staff_member_required(login_url="admin:login")
    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        return view(request)

    return shown


def _onwards(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure()):
        to = reverse("admin:index")
    return HttpResponseRedirect(to)  # `redirect` takes what has no slash for the name of a page


def _page(request: HttpRequest, template: str, **context) -> HttpResponse:
    shared = admin.site.each_context(request) | {"has_permission": False}
    return render(request, template, shared | context)


@_for_staff
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code before anything else of the desk."""
    if request.session.get(OWED) != CODE:
        return _onwards(request)
    form = CodeForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()
        request.session[OWED] = NOTHING
        return _onwards(request)
    page = _page(request, "admin/code.html", form=form, title=_("Second step of signing in"))
    return with_status(form, page) if form.is_bound else page


@_for_staff
def device(request: HttpRequest) -> HttpResponse:
    """Set the second step up, and show what to keep for the day the telephone is lost."""
    user = User.objects.get(pk=request.user.pk)
    if request.session.get(OWED) == CODE:
        return redirect("admin:code")
    title = _("Second step of signing in")
    if has_step(user):
        return _set_up_already(request, user, title)
    mine = _begun(user)
    form = CodeForm(request, request.POST or None, new=mine)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            TOTPDevice.objects.filter(pk=mine.pk).update(confirmed=True)
            sheet = _new_sheet(user)
            audit(user, "change", user, note="second step: on")
        request.session[OWED] = NOTHING
        return _page(
            request, "admin/code_sheet.html", codes=sheet, title=title, next=_next(request)
        )
    secret = base64.b32encode(mine.bin_key).decode().rstrip("=")
    name = quote(f"{_('Union reading room')}:{user.get_username()}")
    uri = f"otpauth://totp/{name}?secret={secret}&issuer={quote(_('Union reading room'))}"
    drawn = segno.make(uri, error="m", micro=False).svg_inline(
        omitsize=True, border=2, light="#fff"
    )
    page = _page(
        request, "admin/code_device.html", form=form, title=title,
        qr=mark_safe(drawn),  # noqa: S308 - drawn here, and holds no text
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        is_owed=request.session.get(OWED) == DEVICE,
    )  # fmt: skip
    return with_status(form, page) if form.is_bound else page


def _begun(user: User) -> TOTPDevice:
    """Return the device that is being set up: always the same, however often the page is loaded."""
    begun = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk")
    if not begun.exists():
        TOTPDevice.objects.create(user=user, confirmed=False, name="app")
    return begun.first()


def _next(request: HttpRequest) -> str:
    return _onwards(request).url


def _set_up_already(request: HttpRequest, user: User, title: str) -> HttpResponse:
    """Show an account that has its second step how to get a new sheet, or to be without it."""
    form = CodeForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "off" in request.POST and not must_have_step(user):
            with transaction.atomic():
                take_step_away(user)
                audit(user, "change", user, note="second step: off")
            messages.success(request, _("You sign in without a second step from now on."))
            return redirect("admin:index")
        with transaction.atomic():
            sheet = _new_sheet(user)
            audit(user, "change", user, note="second step: new codes")
        return _page(
            request, "admin/code_sheet.html", codes=sheet, title=title, next=_next(request)
        )
    left = StaticToken.objects.filter(device__user=user).count()
    page = _page(
        request, "admin/code_device.html", form=form, title=title, is_set_up=True, left=left,
        is_required=must_have_step(user),
    )  # fmt: skip
    return with_status(form, page) if form.is_bound else page


def _new_sheet(user: User) -> list[str]:
    """Make the codes for a bad day anew, and return them: nobody sees them again."""
    StaticDevice.objects.filter(user=user).delete()
    sheet = StaticDevice.objects.create(user=user, name="sheet")
    codes = [StaticToken.random_token() for _ in range(_SHEET)]
    StaticToken.objects.bulk_create(StaticToken(device=sheet, token=one) for one in codes)
    return codes
