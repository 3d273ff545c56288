"""A security key of software, as the standard has them: it signs what a browser would give it."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _NEW = 0x01, 0x04, 0x40


def _letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def challenge_of(options: str) -> str:
    """Return the challenge in what a page gives to the browser."""
    return json.loads(options)["challenge"]


@dataclass
class SecurityKey:
    """One passkey of one portal, and how often it was used."""

    origin: str = "http://testserver"
    host: str = "testserver"
    count: int = 0
    flags: int = _PRESENT | _VERIFIED
    name: bytes = field(default_factory=lambda: os.urandom(32))

    def __post_init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())

    def _client_data(self, kind: str, options: str) -> bytes:
        told = {
            "type": kind,
            "challenge": challenge_of(options),
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(told).encode()

    def _data(self, more: bytes = b"", flags: int = 0) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([self.flags | flags]) + self.count.to_bytes(4, "big") + more

    def _sent(self, response: dict) -> str:
        name = _letters(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def made(self, options: str) -> str:
        """Return what a browser sends of a new passkey."""
        point = self._key.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        new = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + cbor2.dumps(public)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(new, _NEW)}
        return self._sent(
            {
                "clientDataJSON": _letters(self._client_data("webauthn.create", options)),
                "attestationObject": _letters(cbor2.dumps(attested)),
                "transports": ["usb", "of no standard"],
            }
        )

    def shown(self, options: str) -> str:
        """Return what a browser sends when the passkey is shown."""
        self.count += 1
        client, data = self._client_data("webauthn.get", options), self._data()
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._sent(
            {
                "clientDataJSON": _letters(client),
                "authenticatorData": _letters(data),
                "signature": _letters(signature),
            }
        )


def raw(letters: str) -> bytes:
    """Return the bytes that letters of an answer stand for."""
    return urlsafe_b64decode(letters + "==")
