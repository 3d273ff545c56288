"""Signing in with the accounts of an organisation: OpenID Connect, where settings name a provider.

The protocol is Authlib's, an extra (`requirements-oidc.txt`). Whose account it is, and its roles,
say `organisation.py`. The second step of the desk is asked for as ever.
"""

import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core import checks
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from .accounts import note_failure
from .organisation import Refused, Vouching, let_in
from .persons import Person
from .throttle import address_of

_log = logging.getLogger("portal.sign_in")

_NEXT = "sign_on_next"
_PATIENCE = 10
"""Seconds to wait for a provider."""


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
        person = _person(told["userinfo"])
    except Exception as error:
        return _failed(request, error)
    try:
        user = let_in(
            person,
            Vouching(
                issuer=settings.OIDC_ISSUER,
                called="OpenID Connect",
                takes_known_names=settings.OIDC_TAKES_KNOWN_NAMES,
                roles=settings.OIDC_ROLES,
            ),
        )
    except Refused as refusal:
        note_failure(address_of(request), person.name, "provider")
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


def _person(claims: Mapping[str, Any]) -> Person:
    told = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    return Person(
        number=str(claims["sub"]),
        name=str(claims.get("preferred_username") or claims["sub"]),
        first_name=str(claims.get("given_name") or ""),
        last_name=str(claims.get("family_name") or ""),
        email=str(claims.get("email") or ""),
        groups={str(one) for one in (told if isinstance(told, list) else [told])},
    )
