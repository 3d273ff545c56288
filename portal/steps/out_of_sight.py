"""Secrets of second steps as the database has them: of use to nobody who has the database alone.

A key of an app has to be read again, so it is encrypted with a key made of `SECRET_KEY`, which no
backup holds. A printed code is only compared, so what stands there is made of it the slow way.
"""

import base64
import hashlib
import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
ROUNDS = 2**14
"""What a guess at a printed code costs: 16 MB, and 50 milliseconds of a processor."""


class Unreadable(Exception):
    """A secret was sealed with another `SECRET_KEY`, or for somebody else."""


def _box(secret_key: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # no command needs it

    return AESGCM(salted_hmac("second step", "", secret_key, algorithm="sha256").digest())


def seal(secret: bytes, owner: object) -> str:
    """Return a secret as the database keeps it, of use for this owner's row alone."""
    nonce = os.urandom(_NONCE)
    sealed = _box(settings.SECRET_KEY).encrypt(nonce, secret, str(owner).encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, owner: object) -> bytes:
    """Return the secret again; `SECRET_KEY_FALLBACKS` are tried too."""
    from cryptography.exceptions import InvalidTag

    try:
        raw = base64.urlsafe_b64decode(sealed)
    except ValueError as error:
        raise Unreadable from error
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _box(key).decrypt(raw[:_NONCE], raw[_NONCE:], str(owner).encode())
        except (InvalidTag, ValueError):
            continue
    raise Unreadable


def hashed(code: str, owner: object) -> str:
    """Return what stands for a printed code: 16 characters, made the slow way."""
    salt = f"printed code of {owner}".encode()
    made = hashlib.scrypt(code.encode(), salt=salt, n=ROUNDS, r=8, p=1, dklen=12)
    return base64.urlsafe_b64encode(made).decode()
