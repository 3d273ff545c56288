"""The second step of signing in at the desk: a passkey, a code of an app (TOTP), or one printed for
a bad day.

Apps and printed codes, their clocks and their throttling are django-otp's, passkeys py_webauthn's;
who must have a step, and the pages, are ours. What a session still owes stands in it from the
sign-in on, so no page of the desk looks for it.
"""

import base64
import time
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
from django_otp.plugins.otp_static.models import StaticToken

from articles.curation.audit import audit

from .accounts import TOO_MANY, note_failure, with_status
from .steps import passkeys
from .steps.models import App, Passkey, Sheet
from .throttle import Limit, address_of

OWED = "second_step"
"""Name in a session of what it owes: a code, a device, or nothing."""
CODE, DEVICE, NOTHING = "code", "device", ""

_SHEET = 10
"""Codes printed for a bad day, each for one time."""

_TRIES = Limit("second step", most=6, seconds=15 * 60)
"""Codes of one account, wherever they are typed."""

_SHOWN, _GOOD_FOR = "step_shown", 10 * 60
"""Name in a session of when a step was shown, and the seconds after which it is asked for again by
who wants to change what the steps are."""

EVERYBODY, SUPERUSERS = "everybody", "superusers"
"""What `SECOND_STEP_FOR` may name besides groups."""


def has_step(user: User) -> bool:
    """Tell whether an account has a second step."""
    apps = App.objects.filter(user=user, confirmed=True)
    return apps.exists() or Passkey.objects.filter(user=user).exists()


def must_have_step(user: User) -> bool:
    """Tell whether one of the account's roles has to have a second step."""
    asked = set(settings.SECOND_STEP_FOR)
    if EVERYBODY in asked or (user.is_superuser and asked):
        return True
    return bool(asked) and user.groups.filter(name__in=asked).exists()


def take_step_away(user: User) -> None:
    """Leave an account without a second step; who must have one is asked for it at once."""
    for model in (App, Sheet, Passkey):
        model.objects.filter(user=user).delete()


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


def _shows(request: HttpRequest) -> None:
    """Write into a session that nothing is owed, and since when."""
    request.session[OWED], request.session[_SHOWN] = NOTHING, time.time()


def _is_fresh(request: HttpRequest) -> bool:
    return time.time() - request.session.get(_SHOWN, 0) < _GOOD_FOR


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
    """Where a code is typed, of six digits or one of the sheet, or a passkey is shown."""

    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}
        ),
    )

    def __init__(self, request: HttpRequest, *args, new: App | None = None, **kwargs):
        self._request, self._new = request, new
        super().__init__(*args, **kwargs)
        if new:  # a part of a page that has others
            self.fields["code"].widget.attrs["autofocus"] = False
        if self.is_passkey():
            self.fields["code"].required = False

    def is_passkey(self) -> bool:
        """Tell whether a passkey is shown, and no code typed."""
        return not self._new and bool(self.data.get("passkey"))

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
        code = "".join(self.cleaned_data["code"].replace("-", "").split()).lower()
        if self.is_passkey():
            is_right = passkeys.is_shown(self._request, user, self.data["passkey"])
            kind, wrong = "passkey", _("This passkey was not accepted. Try again.")
        else:
            is_right = _is_right(user, code, self._new)
            kind, wrong = "code", _("This code is wrong, or was used already.")
        if not is_right:
            note_failure(address_of(self._request), user.get_username(), kind)
            raise forms.ValidationError(wrong)
        _TRIES.forget(str(user.pk))
        return code


def _is_right(user: User, code: str, new: App | None) -> bool:
    """Try a code, which uses it up: of two who send the same one at once, one is let in. It is that
    of the app that is being set up, or of any the account has."""
    with transaction.atomic():
        if new:
            return App.objects.select_for_update().get(pk=new.pk).verify_token(code)
        model = App if code.isdecimal() else Sheet
        mine = model.objects.select_for_update().filter(user=user, confirmed=True)
        return any(one.verify_token(code) for one in mine)


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
    """Ask for the second step before anything else of the desk, and again before it is changed."""
    user = User.objects.get(pk=request.user.pk)
    is_owed = request.session.get(OWED) == CODE
    if not is_owed and (_is_fresh(request) or not has_step(user)):
        return _onwards(request)
    form = CodeForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()
        _shows(request)
        return _onwards(request)
    page = _page(
        request, "admin/code.html", form=form, title=_("Second step of signing in"),
        has_app=App.objects.filter(user=user, confirmed=True).exists(),
        passkey=passkeys.to_get(request, user), is_owed=is_owed,
        is_elsewhere=Passkey.objects.filter(user=user).exists(),
    )  # fmt: skip
    return with_status(form, page) if form.is_bound else page


@_for_staff
def device(request: HttpRequest) -> HttpResponse:
    """Set second steps up, and take them away."""
    user = User.objects.get(pk=request.user.pk)
    if request.session.get(OWED) == CODE:
        return redirect("admin:code")
    if has_step(user) and not _is_fresh(request):
        here = quote(request.get_full_path())
        return redirect(f"{reverse('admin:code')}?next={here}")
    app = App.begun(user)
    is_code = request.method == "POST" and "code" in request.POST
    form = CodeForm(request, request.POST if is_code else None, new=app)
    if is_code and form.is_valid():
        with transaction.atomic():
            App.objects.filter(user=user, confirmed=True).delete()
            App.objects.filter(pk=app.pk).update(confirmed=True)
            return _added(request, user, "app")
    if request.method == "POST" and not is_code:
        for name, act in _ACTS.items():
            if name in request.POST:
                with transaction.atomic():
                    return act(request, user)
    page = _page(
        request, "admin/code_device.html", form=form, title=_("Second step of signing in"),
        is_owed=request.session.get(OWED) == DEVICE, **_steps_of(request, user),
        **_drawn(user, app),
    )  # fmt: skip
    return with_status(form, page) if form.is_bound else page


def _steps_of(request: HttpRequest, user: User) -> dict[str, object]:
    """Return what a user has, and may do with it."""
    return {
        "has_app": App.objects.filter(user=user, confirmed=True).exists(),
        "passkeys": Passkey.objects.filter(user=user),
        "host": passkeys.host_of(request),
        "to_create": passkeys.to_create(request, user, _("Union reading room")),
        "left": StaticToken.objects.filter(device__user=user).count(),
        "is_required": must_have_step(user),
        "next": _next(request),
    }


def _drawn(user: User, app: App) -> dict[str, str]:
    """Return an app's secret as a picture, and in letters."""
    secret = base64.b32encode(app.bin_key).decode().rstrip("=")
    name = quote(f"{_('Union reading room')}:{user.get_username()}")
    uri = f"otpauth://totp/{name}?secret={secret}&issuer={quote(_('Union reading room'))}"
    drawn = segno.make(uri, error="m", micro=False).svg_inline(
        omitsize=True, border=2, light="#fff"
    )
    return {
        "qr": mark_safe(drawn),  # noqa: S308 - drawn here, and holds no text
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
    }


def _next(request: HttpRequest) -> str:
    return _onwards(request).url


def _added(request: HttpRequest, user: User, what: str) -> HttpResponse:
    """Log a new step; with the first come codes for a bad day."""
    audit(user, "change", user, note=f"second step: on, {what}")
    _shows(request)
    if not Sheet.objects.filter(user=user).exists():
        return _sheet(request, user)
    messages.success(request, _("It is set up."))
    return redirect(request.get_full_path())


def _add_passkey(request: HttpRequest, user: User) -> HttpResponse:
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:60]
    sent = request.POST["passkey"]
    if not passkeys.take_in(request, user, sent, name or _("Passkey")):
        messages.error(request, _("This passkey was not accepted. Try again."))
        return redirect(request.get_full_path())
    return _added(request, user, "passkey")


def _remove(request: HttpRequest, user: User) -> HttpResponse:
    """Take one step away; the last goes only from who need not have one, and the codes with it."""
    chosen = request.POST["remove"]
    keys = Passkey.objects.select_for_update().filter(user=user)
    by_name: dict[str, App | Passkey] = {str(one.pk): one for one in keys}
    if app := App.objects.select_for_update().filter(user=user, confirmed=True).first():
        by_name["app"] = app
    if not (gone := by_name.get(chosen)):
        return redirect(request.get_full_path())
    if len(by_name) == 1:
        return _off(request, user)
    gone.delete()
    what = "app" if chosen == "app" else "passkey"
    audit(user, "change", user, note=f"second step: {what} taken away")
    messages.success(request, _("It is removed."))
    return redirect(request.get_full_path())


def _off(request: HttpRequest, user: User) -> HttpResponse:
    if must_have_step(user):
        messages.error(request, _("Your role must have it."))
        return redirect(request.get_full_path())
    take_step_away(user)
    audit(user, "change", user, note="second step: off")
    messages.success(request, _("You sign in without a second step from now on."))
    return redirect("admin:index")


def _new_sheet(request: HttpRequest, user: User) -> HttpResponse:
    if not has_step(user):
        return redirect(request.get_full_path())
    audit(user, "change", user, note="second step: new codes")
    return _sheet(request, user)


def _sheet(request: HttpRequest, user: User) -> HttpResponse:
    codes = [f"{one[:5]}-{one[5:]}" for one in Sheet.new(user, _SHEET)]
    title = _("Second step of signing in")
    return _page(request, "admin/code_sheet.html", codes=codes, title=title, next=_next(request))


_ACTS = {"passkey": _add_passkey, "remove": _remove, "off": _off, "sheet": _new_sheet}
"""What the page about one's steps does, by the name of what its forms send."""
