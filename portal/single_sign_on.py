"""Signing in with the accounts of an organisation: OpenID Connect, where settings name a provider.

The protocol is Authlib's, an extra (`requirements-oidc.txt`). Who somebody is stands with the
provider's name and number for them; names can change hands. Roles follow the groups that the
provider tells of, at each sign-in. The second step of the desk is asked for as ever.
"""

import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import Group, User
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from articles.curation.audit import audit

from .accounts import note_failure
from .steps.models import Identity
from .throttle import address_of

_log = logging.getLogger("portal.sign_in")

_NEXT = "sign_on_next"
_PATIENCE = 10
"""Seconds to wait for a provider."""

_LONGEST = 255
"""Characters of a provider's number for somebody, as the standard has it."""


class Refused(Exception):
    """The provider knows somebody whom the portal lets not in; the message is for them."""


@checks.register
def check_extra(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Say so where a provider is named, and what speaks to it is not installed."""
    if settings.OIDC_ISSUER and not find_spec("authlib"):
        told = "OIDC_ISSUER is set, and Authlib is not installed."
        return [checks.Error(told, hint="pip install -r requirements-oidc.txt", id="portal.E001")]
    return []


@cache
def _client(issuer: str, client_id: str, secret: str, scopes: str) -> Any:
    from authlib.integrations.django_client import OAuth

    return OAuth().register(
        "organisation",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": scopes,
            "code_challenge_method": "S256",
            "default_timeout": _PATIENCE,
        },
    )


def _provider() -> Any:
    if not settings.OIDC_ISSUER:
        raise Http404
    return _client(
        settings.OIDC_ISSUER,
        settings.OIDC_CLIENT_ID,
        settings.OIDC_CLIENT_SECRET,
        settings.OIDC_SCOPES,
    )


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the provider, with where to go on from there."""
    provider = _provider()
    to = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    request.session[_NEXT] = to if is_ours else reverse("admin:index")
    try:
        back = request.build_absolute_uri(reverse("admin:sign_on_back"))
        return provider.authorize_redirect(request, back)
    except Exception as error:
        return _failed(request, error)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Let in who comes back from the provider with its word."""
    provider = _provider()
    to = request.session.pop(_NEXT, reverse("admin:index"))
    try:
        expected = {
            "iss": {"essential": True, "values": [settings.OIDC_ISSUER]},
            "aud": {"essential": True, "values": [settings.OIDC_CLIENT_ID]},
        }
        told = provider.authorize_access_token(request, claims_options=expected)
        claims = dict(told["userinfo"])
        subject = str(claims["sub"])
        if not subject.isprintable() or not 0 < len(subject) <= _LONGEST:
            raise ValueError("The provider's number for somebody is none.")
    except Exception as error:
        return _failed(request, error)
    try:
        user = _user_of(claims)
    except Refused as refusal:
        note_failure(address_of(request), str(claims.get("preferred_username", "")), "provider")
        messages.error(request, str(refusal))
        return redirect("admin:login")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(to)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Lead back to the form. What a provider, or a stranger in its name, may send is manifold:
    whatever goes wrong with it is no sign-in, and no error of ours."""
    note_failure(address_of(request), type(error).__name__, "provider")
    _log.warning("No sign-in by the provider: %s: %s", type(error).__name__, str(error)[:200])
    messages.error(request, _("Signing in with your organisation failed. Try again."))
    return redirect("admin:login")


def _user_of(claims: Mapping[str, Any]) -> User:
    """Return whom the provider means, with the roles of its groups; made where nobody is known."""
    with transaction.atomic():
        known = Identity.objects.select_related("user").filter(
            issuer=claims["iss"], subject=str(claims["sub"])
        )
        identity = known.first()
        user = identity.user if identity else _new(claims)
        if not user.is_active:
            raise Refused(_("This account is closed."))
        _give_roles(user, claims)
    return user


def _new(claims: Mapping[str, Any]) -> User:
    name = str(claims.get("preferred_username") or claims["sub"])
    try:
        User._meta.get_field("username").clean(name, None)
    except ValidationError as error:
        raise Refused(
            _("Your organisation calls you what no account here can be called.")
        ) from error
    user = User.objects.filter(username__iexact=name).first()
    if user is None:
        user = User(username=name)
        for field, claim in (
            ("first_name", "given_name"),
            ("last_name", "family_name"),
            ("email", "email"),
        ):
            longest = User._meta.get_field(field).max_length
            setattr(user, field, str(claims.get(claim) or "").replace("\0", "")[:longest])
        user.set_unusable_password()
        user.save()
        audit(None, "add", user, note="sign-in by the provider", operator="OpenID Connect")
    elif (
        user.is_superuser
        or not settings.OIDC_TAKES_KNOWN_NAMES
        or Identity.objects.filter(user=user, issuer=claims["iss"]).exists()
    ):
        raise Refused(_("An account of this name is here already. Ask an administrator."))
    try:
        with transaction.atomic():
            Identity.objects.create(user=user, issuer=claims["iss"], subject=str(claims["sub"]))
    except IntegrityError as error:  # a second window was quicker
        raise Refused(_("Signing in with your organisation failed. Try again.")) from error
    return user


def _give_roles(user: User, claims: Mapping[str, Any]) -> None:
    """Give the roles that `OIDC_ROLES` has for the provider's groups, and take those away that it
    has for others; roles that it does not name are the portal's own. Nobody becomes a superuser."""
    if not settings.OIDC_ROLES:
        return
    told = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    told = {str(one) for one in (told if isinstance(told, list) else [told])}
    by_name = {
        group.name: group for group in Group.objects.filter(name__in=settings.OIDC_ROLES.values())
    }
    wanted = {role for group, role in settings.OIDC_ROLES.items() if group in told} & by_name.keys()
    has = set(user.groups.values_list("name", flat=True))
    gone = (has & by_name.keys()) - wanted
    if not (wanted - has or gone):
        return
    user.groups.add(*(by_name[name] for name in wanted - has))
    user.groups.remove(*(by_name[name] for name in gone))
    user.is_staff = user.is_superuser or user.groups.exists()
    user.save(update_fields=["is_staff"])
    roles = {"groups": sorted(has)}, {"groups": sorted((has | wanted) - gone)}
    audit(None, "change", user, *roles, note="roles by the provider", operator="OpenID Connect")
