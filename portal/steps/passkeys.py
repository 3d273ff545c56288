"""Passkeys (WebAuthn): what a browser is asked for, and whether what it sends proves one.

The cryptography is py_webauthn's. A question stands in the session until somebody answers it, so
that two tabs may be open; an answer, right or wrong, uses it up.
"""

import ipaddress
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge
from webauthn.helpers import (
    parse_authentication_credential_json as parse_answer,
)
from webauthn.helpers import parse_registration_credential_json as parse_new
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
)

from .models import Passkey

_log = logging.getLogger("portal.sign_in")

_CREATE, _GET = "passkey_create", "passkey_get"
"""Names in a session of the two questions."""

_LONGEST = 20_000
"""Characters of an answer at most: attestations have some thousands."""


def host_of(request: HttpRequest) -> str:
    """Return the host that passkeys made or shown here belong to; empty where there can be none,
    because what stands there is the number of a machine."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""


def _origins(request: HttpRequest, host: str) -> list[str]:
    trusted = [one for one in settings.CSRF_TRUSTED_ORIGINS if urlsplit(one).hostname == host]
    return [f"{request.scheme}://{request.get_host()}", *trusted]


def _question(request: HttpRequest, name: str) -> bytes:
    if name not in request.session:
        request.session[name] = bytes_to_base64url(generate_challenge())
    return base64url_to_bytes(request.session[name])


def _named(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(one.credential),
            transports=[AuthenticatorTransport(way) for way in one.transports],
        )
        for one in passkeys
    ]


def _here(request: HttpRequest, user: User) -> list[Passkey]:
    return list(Passkey.objects.filter(user=user, host=host_of(request)))


def to_create(request: HttpRequest, user: User, portal: str) -> str:
    """Return in JSON what the browser needs to make a passkey, or nothing where none can be."""
    if not (host := host_of(request)):
        return ""
    options = webauthn.generate_registration_options(
        rp_id=host,
        rp_name=portal,
        user_id=salted_hmac("passkeys of", str(user.pk), algorithm="sha256").digest(),
        user_name=user.get_username(),
        user_display_name=user.get_full_name(),
        challenge=_question(request, _CREATE),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED
        ),
        exclude_credentials=_named(_here(request, user)),
    )
    return webauthn.options_to_json(options)


def to_get(request: HttpRequest, user: User) -> str:
    """Return in JSON what the browser needs to show a passkey, or nothing where there is none."""
    if not (mine := _here(request, user)):
        return ""
    options = webauthn.generate_authentication_options(
        rp_id=host_of(request), challenge=_question(request, _GET), allow_credentials=_named(mine)
    )
    return webauthn.options_to_json(options)


def _tried(check: Callable[..., Any], request: HttpRequest, question: str, **more) -> Any:
    """Return what a check makes of an answer, or nothing where it proves nothing. It reads bytes
    that a stranger may have made, so whatever goes wrong in it is a no."""
    host, asked = host_of(request), request.session.pop(question, "")
    if not (host and asked):
        return None
    expected = {
        "expected_challenge": base64url_to_bytes(asked),
        "expected_rp_id": host,
        "expected_origin": _origins(request, host),
    }
    try:
        return check(**expected, **more)
    except Exception as error:
        _log.info("No passkey: %s: %s", type(error).__name__, str(error)[:200])
        return None


def _parsed(parse: Callable[[str], Any], sent: str) -> Any:
    try:
        return parse(sent) if len(sent) <= _LONGEST else None
    except Exception:
        return None


def take_in(request: HttpRequest, user: User, sent: str, name: str) -> Passkey | None:
    """Keep the passkey that a browser made for a user; nothing where it proves none, or where
    somebody has it."""
    credential = _parsed(parse_new, sent)
    check = webauthn.verify_registration_response
    proved = _tried(check, request, _CREATE, credential=credential)
    if not proved:
        return None
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                user=user,
                name=name,
                host=host_of(request),
                credential=bytes_to_base64url(proved.credential_id),
                public_key=proved.credential_public_key,
                count=proved.sign_count,
                transports=[one.value for one in credential.response.transports or ()],
            )
    except IntegrityError:
        return None


def is_shown(request: HttpRequest, user: User, sent: str) -> bool:
    """Tell whether an answer proves one of a user's passkeys of this host."""
    answer = _parsed(parse_answer, sent)
    with transaction.atomic():
        mine = Passkey.objects.select_for_update().filter(user=user, host=host_of(request))
        known = {one.credential: one for one in mine}.get(answer.id if answer else "")
        if not known:
            request.session.pop(_GET, None)
            return False
        proved = _tried(
            webauthn.verify_authentication_response, request, _GET, credential=answer,
            credential_public_key=bytes(known.public_key),
            credential_current_sign_count=known.count,
        )  # fmt: skip
        if not proved:
            return False
        known.count, known.used_at = proved.new_sign_count, timezone.now()
        known.save(update_fields=["count", "used_at"])
    return True
