"""Planting and moving units: the only place that writes their paths."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from .models import Unit


def plant(unit: Unit) -> Unit:
    """Save a new unit below its parent."""
    with transaction.atomic():
        parent = Unit.objects.select_for_update().get(pk=unit.parent_id) if unit.parent_id else None
        unit.path = f"{uuid4().hex}."  # until it has a number
        unit.save(force_insert=True)
        unit.path = f"{parent.path if parent else ''}{unit.pk}."
        unit.save(update_fields=["path"])
    return unit


def move(unit: Unit, parent: Unit | None) -> None:
    """Put a unit, with all below it, under another one. What was recorded keeps its old name.

    Raises ValidationError where that would put it below itself, or so deep that paths are too long.
    """
    with transaction.atomic():
        list(Unit.objects.select_for_update().order_by("pk").values_list("pk"))
        unit.refresh_from_db()
        if parent is not None:
            parent.refresh_from_db()
            if parent.path.startswith(unit.path):
                raise ValidationError(_("A unit cannot belong to itself or to what is below it."))
        was, now = unit.path, f"{parent.path if parent else ''}{unit.pk}."
        longest = max(map(len, Unit.objects.below(unit).values_list("path", flat=True)))
        if longest - len(was) + len(now) > Unit._meta.get_field("path").max_length:
            raise ValidationError(_("The tree of units would be too deep."))
        Unit.objects.filter(pk=unit.pk).update(parent=parent)
        Unit.objects.below(unit).update(path=Concat(Value(now), Substr(F("path"), len(was) + 1)))
        unit.refresh_from_db()
