"""Accounts of people whom an organisation vouches for: a provider of sign-in, or its directory.

Who somebody is stands with the organisation's name and number for them; names can change hands.
Roles follow the groups that it tells of, at each sign-in.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.curation.audit import audit

from . import directory
from .persons import Person
from .steps.models import Identity

_log = logging.getLogger("portal.sign_in")


class Refused(Exception):
    """The organisation knows somebody whom the portal lets not in; the message is for them."""


@dataclass(frozen=True, slots=True)
class Vouching:
    """Who vouches for people, as the settings have it: what the log calls it, whether its names are
    trusted to be those of accounts that are here, and the roles by its groups."""

    issuer: str
    called: str
    takes_known_names: bool
    roles: Mapping[str, str]


def let_in(person: Person, by: Vouching) -> User:
    """Return the account of somebody, with the roles of their groups; one is made where nobody is
    known."""
    with transaction.atomic():
        known = Identity.objects.select_related("user")
        identity = known.filter(issuer=by.issuer, subject=person.number).first()
        user = identity.user if identity else _new(person, by)
        if not user.is_active:
            raise Refused(_("This account is closed."))
        _give_roles(user, person, by)
    return user


def _new(person: Person, by: Vouching) -> User:
    try:
        User._meta.get_field("username").clean(person.name, None)
    except ValidationError as error:
        raise Refused(
            _("Your organisation calls you what no account here can be called.")
        ) from error
    user = User.objects.filter(username__iexact=person.name).first()
    if user is None:
        user = User(username=person.name)
        for field in ("first_name", "last_name", "email"):
            longest = User._meta.get_field(field).max_length
            setattr(user, field, getattr(person, field).replace("\0", "")[:longest])
        user.set_unusable_password()
        user.save()
        audit(None, "add", user, note="sign-in by the provider", operator=by.called)
    elif (
        user.is_superuser
        or not by.takes_known_names
        or Identity.objects.filter(user=user, issuer=by.issuer).exists()
    ):
        raise Refused(_("An account of this name is here already. Ask an administrator."))
    try:
        with transaction.atomic():
            Identity.objects.create(user=user, issuer=by.issuer, subject=person.number)
    except IntegrityError as error:  # a second window was quicker
        raise Refused(_("Signing in with your organisation failed. Try again.")) from error
    return user


def _give_roles(user: User, person: Person, by: Vouching) -> None:
    """Give the roles that the settings have for the person's groups, and take those away that
    they have for others; roles that they do not name are the portal's own. Nobody becomes a
    superuser."""
    if not by.roles:
        return
    by_name = {one.name: one for one in Group.objects.filter(name__in=by.roles.values())}
    wanted = {role for group, role in by.roles.items() if group in person.groups} & by_name.keys()
    has = set(user.groups.values_list("name", flat=True))
    gone = (has & by_name.keys()) - wanted
    if not (wanted - has or gone):
        return
    user.groups.add(*(by_name[name] for name in wanted - has))
    user.groups.remove(*(by_name[name] for name in gone))
    user.is_staff = user.is_superuser or user.groups.exists()
    user.save(update_fields=["is_staff"])
    roles = {"groups": sorted(has)}, {"groups": sorted((has | wanted) - gone)}
    audit(None, "change", user, *roles, note="roles by the provider", operator=by.called)


class DirectoryBackend(BaseBackend):
    """Lets in whose password the directory takes; who has rights here is never asked of it."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **others: Any
    ) -> User | None:
        """Return the account of who signs in. A `ValidationError` tells them why not, where it is
        not the password."""
        # An empty password, or one that a server of C takes to be, would ask for nobody's word.
        if not (username and password) or "\0" in username + password:
            return None
        known = User.objects.filter(username__iexact=username).first()
        has_own = known is not None and known.has_usable_password()
        if known and (known.is_superuser or (has_own and not settings.LDAP_TAKES_KNOWN_NAMES)):
            return None
        try:
            person = directory.person_of(username, password)
            return let_in(person, self._vouching()) if person else None
        except Refused as refusal:
            raise ValidationError(str(refusal), code="refused") from refusal
        except directory.Away as error:
            if str(error):
                _log.error("The directory did not answer as it should: %s", error)
            told = _(
                "Your organisation's directory does not answer, so its passwords "
                "cannot be checked. Try again in a while."
            )
            raise ValidationError(told, code="" if has_own else directory.AWAY) from error

    @staticmethod
    def _vouching() -> Vouching:
        return Vouching(
            issuer=f"ldap:{settings.LDAP_BASE}"[:255],
            called="LDAP",
            takes_known_names=settings.LDAP_TAKES_KNOWN_NAMES,
            roles=settings.LDAP_ROLES,
        )

    def get_user(self, user_id: int) -> User | None:
        """Return whom a session is of, while the account is open."""
        return ModelBackend().get_user(user_id)
