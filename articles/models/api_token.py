"""Tokens by which programs act for a curator: what each may do, for whom, and until when; and what
their requests were answered."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PREFIX = "urr_"
"""How a token begins: who finds one in a file knows what it opens."""


class Scope(models.TextChoices):
    """What a token may do, where its owner may."""

    READ_DRAFTS = "read:drafts", _("read what is not published")
    WRITE_ARTICLES = "write:articles", _("write drafts")


def digest_of(token: str) -> str:
    """Return what is kept of a token: it is random and long, so that a plain hash tells nothing."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def in_force(self):
        """Return the tokens that open anything: of owners who may come to the desk."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=timezone.now(),
            owner__is_active=True,
            owner__is_staff=True,
        )

    def of(self, token: str) -> "ApiToken | None":
        """Return the token in force that is written so, with its owner."""
        found = self.in_force().select_related("owner").filter(digest=digest_of(token)).first()
        if found and found.used_on != timezone.localdate():
            self.filter(pk=found.pk).update(used_on=timezone.localdate())
        return found


class ApiToken(models.Model):
    """A token. Itself it is shown once, when it is made; a digest is kept."""

    name = models.CharField(
        _("what it is for"),
        max_length=80,
        help_text=_("The program and where it runs: the log names it beside the owner."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("acts for"),
        help_text=_("The token may do no more than this account, and never publishes."),
    )
    scopes = models.JSONField(_("token allows"), default=list)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(pgettext_lazy("a token", "expires at"))
    used_on = models.DateField(_("last used on"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(name="api_tokens_have_a_digest", condition=~Q(digest=""))
        ]

    def __str__(self) -> str:
        return self.name

    def make(self) -> str:
        """Give the row a token of its own and return it: nobody can read it later."""
        token = PREFIX + secrets.token_urlsafe(32)
        self.digest = digest_of(token)
        return token

    def may(self, scope: Scope) -> bool:
        """Tell whether the token has a scope."""
        return scope in self.scopes


class ApiAnswer(models.Model):
    """What a request got that a program gave a key: who sends it again gets the same."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content = models.JSONField()
    headers = models.JSONField()
    answered_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint("token", "key", name="api_answers_by_key")]

    def __str__(self) -> str:
        return self.key
