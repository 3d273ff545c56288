"""What an export holds: kinds of rows in an order, and of all others why they are left out.

Each half of the portal says so for its own tables, in a `Part` that its app names as `whole`; what
is Django's stands here. A test asks for every model and every column, so that nothing is forgotten.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.module_loading import import_string
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..steps.models import App, Identity, Passkey, Sheet


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one model. Every column is exported, but for those with a reason not to be.

    `secret` are columns that only an export with passwords has. `plain` gives for a column what
    makes its value readable, and what makes it again. `original` names a column of bytes that are
    files of the export, called by their SHA-256, which is what stands in the row. `has_files` says
    that a row has `files`, names in the storage of media, which are exported too. `is_given` says
    that `migrate` fills the table, and an import takes that away first.
    """

    model: type[models.Model]
    left_out: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, ...] = ()
    plain: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = field(
        default_factory=dict
    )
    original: str = ""
    has_files: bool = False
    is_given: bool = False

    @property
    def name(self) -> str:
        """Return what the file of these rows is called: `articles.article`."""
        return self.model._meta.label_lower

    def columns(self, with_secrets: bool) -> list[models.Field]:
        """Return the columns that stand in the file, in their order."""
        out = set(self.left_out) | (set() if with_secrets else set(self.secret))
        return [one for one in self.model._meta.concrete_fields if one.name not in out]


@dataclass(frozen=True, slots=True)
class Part:
    """What one half of the portal has: its kinds in an order, and why other models stay behind."""

    kinds: tuple[Kind, ...]
    left_out: Mapping[type[models.Model], str]


OF_DJANGO = Part(
    kinds=(
        Kind(Group, is_given=True),
        Kind(Group.permissions.through, is_given=True),
        Kind(User, secret=("password",)),
        Kind(User.groups.through),
        Kind(Identity),
        Kind(User.user_permissions.through),
        Kind(LogEntry),
    ),
    left_out={
        ContentType: "`migrate` fills it; rows name models instead",
        Permission: "`migrate` fills it; rows name permissions instead",
        Session: "everybody signs in again",
        TOTPDevice: "a secret: whoever had a second step sets it up anew",
        StaticDevice: "codes for a bad day are made anew with the second step",
        StaticToken: "codes for a bad day are made anew with the second step",
        App: "another name of a TOTP device",
        Sheet: "another name of a static device",
        Passkey: "it belongs to a host: whoever had a second step sets it up anew",
    },
)


def parts() -> list[Part]:
    """Return the parts of the portal, what others refer to first."""
    named = [getattr(app, "whole", None) for app in apps.get_app_configs()]
    return [OF_DJANGO, *(import_string(name) for name in named if name)]


def kinds() -> list[Kind]:
    """Return the kinds of rows in the order of their files."""
    return [kind for part in parts() for kind in part.kinds]


def left_out() -> dict[str, str]:
    """Return of models and columns that no export holds why that is so."""
    told = {
        model._meta.label_lower: why for part in parts() for model, why in part.left_out.items()
    }
    for kind in kinds():
        told |= {f"{kind.name}.{name}": why for name, why in kind.left_out.items()}
    return dict(sorted(told.items()))
