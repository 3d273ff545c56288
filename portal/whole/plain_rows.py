"""A row as JSON says it, and back: the same on every database.

Keys stay as they are: addresses, the log and records name them. Times are in UTC to the
microsecond, bytes hexadecimal, and within values of JSON names stand in the alphabet's order. Rows
of other tables are named by their key; models and permissions, whose keys differ from database to
database, by name.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models

from .kinds import Kind

Writer = Callable[[Any], Any]


class BadRow(ValueError):
    """A line of an export that no row can be made of; it says why."""


def names_of(columns: Iterable[models.Field]) -> dict[str, str]:
    """Return what columns are called in a file, and in a row."""
    return {one.name: one.attname for one in columns}


def writer(kind: Kind, column: models.Field) -> Writer | None:
    """Return what makes a column's value plain, or nothing where it is."""
    if column.name in kind.plain:
        return kind.plain[column.name][0]
    if column.name == kind.original:
        return lambda value: hashlib.sha256(value).hexdigest()
    target = _named(column)
    if target:
        names = {pk: name for name, pk in _by_name(target).items()}
        return names.get
    if isinstance(column, models.DateTimeField):
        return _time
    if isinstance(column, models.DateField):
        return lambda value: value and value.isoformat()
    if isinstance(column, models.BinaryField):
        return lambda value: None if value is None else bytes(value).hex()
    if isinstance(column, models.DecimalField | models.UUIDField):
        return lambda value: None if value is None else str(value)
    if isinstance(column, models.JSONField):
        return lambda value: json.loads(json.dumps(value, sort_keys=True))
    return None


def reader(kind: Kind, column: models.Field) -> Writer:
    """Return what makes a column's value again of a plain one. Raises BadRow."""
    if column.name in kind.plain:
        return kind.plain[column.name][1]
    if column.name == kind.original:
        return str  # its bytes lie in a file of that name
    target = _named(column)
    if target:
        return lambda value: None if value is None else _known(target, value)
    if isinstance(column, models.BinaryField):
        return lambda value: None if value is None else bytes.fromhex(value)
    if isinstance(column, models.JSONField):
        return lambda value: value
    plain = column.target_field if isinstance(column, models.ForeignKey) else column
    return plain.to_python


def _time(value: datetime.datetime | None) -> str | None:
    return value and value.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _named(column: models.Field) -> type[models.Model] | None:
    """Return the model whose rows are named instead of numbered, where a column refers to one."""
    target = column.related_model if isinstance(column, models.ForeignKey) else None
    return target if target in (ContentType, Permission) else None


@cache
def _by_name(model: type[models.Model]) -> dict[str, int]:
    if model is ContentType:
        rows = ContentType.objects.values_list("app_label", "model", "pk")
    else:
        rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{name}": pk for app, name, pk in rows}


def _known(model: type[models.Model], name: str) -> int:
    try:
        return _by_name(model)[name]
    except KeyError:
        raise BadRow(f"there is no {model._meta.verbose_name} {name!r} here") from None


def forget_names() -> None:
    """Forget the keys of what is named: another database has others."""
    _by_name.cache_clear()
