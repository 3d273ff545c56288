"""Versions of paths: each is what was asked from one day on."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.curation.audit import audit

from .editions import current_edition
from .models import Path, PathItem, PathVersion, Step


def number_items(path: Path) -> None:
    """Number a path's texts from 1, in their order; those without a number come last."""
    items = sorted(path.items.all(), key=lambda one: (one.position or 10_000, one.pk))
    for number, item in enumerate(items, 1):
        item.position = number
    PathItem.objects.bulk_update(items, ["position"])


def make_version(path: Path, user, *, note: str = "") -> PathVersion:
    """Let a path consist from now on of the texts it has, in their order and as they read now.

    Where that is what it consists of already, its version is returned. Raises NotPublished where
    readers do not see one of the texts.
    """
    with transaction.atomic():
        Path.objects.select_for_update().get(pk=path.pk)
        steps = [
            (current_edition(item.article_id), item.required)
            for item in path.items.order_by("position", "pk")
        ]
        now = path.version
        if now and steps == [
            (one.edition, one.required) for one in now.steps.select_related("edition")
        ]:
            return now
        number = (path.versions.aggregate(n=Max("number"))["n"] or 0) + 1
        version = PathVersion.objects.create(
            path=path, number=number, made_by=user, made_on=timezone.localdate(), note=note
        )
        Step.objects.bulk_create(
            Step(version=version, position=position, edition=edition, required=required)
            for position, (edition, required) in enumerate(steps, 1)
        )
        after = {"version": number, "steps": [str(edition) for edition, _ in steps]}
        audit(user, "change", path, after=after, note=note)
    return version
