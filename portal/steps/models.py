"""Rows of second steps: passkeys, and django-otp's devices with their secrets out of sight."""

import logging
import os
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from .out_of_sight import Unreadable, hashed, seal, unseal

_log = logging.getLogger("portal.sign_in")

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of a printed code: what nobody takes for another."""

_LENGTH = 10


class App(TOTPDevice):
    """An app that shows a code of six digits."""

    class Meta:
        proxy = True
        default_permissions = ()

    @classmethod
    def begun(cls, user: models.Model) -> Self:
        """Return the one that is being set up: the same, however often its page is loaded."""
        for one in cls.objects.filter(user=user, confirmed=False).order_by("pk"):
            if one.is_readable():
                return one
            one.delete()
        key = seal(os.urandom(20), user.pk)
        return cls.objects.create(user=user, confirmed=False, name="app", key=key)

    @property
    def bin_key(self) -> bytes:
        """The secret that the app shares."""
        return unseal(self.key, self.user_id)

    def is_readable(self) -> bool:
        """Tell whether the secret can be read with the `SECRET_KEY` of today, or one before."""
        try:
            return bool(self.bin_key)
        except Unreadable:
            return False

    def verify_token(self, token: str) -> bool:
        """Try a code, which uses it up. The secret is sealed anew: so a new `SECRET_KEY` takes over
        as people sign in."""
        if not self.is_readable():
            _log.error("The app of account %d is sealed by another SECRET_KEY", self.user_id)
            return False
        self.key = seal(self.bin_key, self.user_id)
        return super().verify_token(token)


class Sheet(StaticDevice):
    """Codes printed for a bad day, each for one time."""

    class Meta:
        proxy = True
        default_permissions = ()

    @classmethod
    def new(cls, user: models.Model, count: int) -> list[str]:
        """Make a user's codes anew, and return them: nobody sees them again."""
        cls.objects.filter(user=user).delete()
        sheet = cls.objects.create(user=user, name="sheet")
        codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(count)]
        StaticToken.objects.bulk_create(
            StaticToken(device=sheet, token=hashed(one, user.pk)) for one in codes
        )
        return codes

    def verify_token(self, token: str) -> bool:
        """Try a code, which uses it up."""
        return super().verify_token(hashed(token, self.user_id))


class Passkey(models.Model):
    """A key of a telephone, a computer or a stick. It works at the host where it was made."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys"
    )
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=253)
    credential = models.CharField(max_length=1400, unique=True)
    public_key = models.BinaryField()
    count = models.PositiveBigIntegerField(default=0)
    transports = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """Who somebody is at a provider of sign-in: its own number for them, which never changes."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities"
    )
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint("issuer", "subject", name="identities_by_subject"),
            models.UniqueConstraint("issuer", "user", name="identities_by_user"),
        )

    def __str__(self) -> str:
        return f"{self.subject} @ {self.issuer}"
