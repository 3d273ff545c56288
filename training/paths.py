"""Versions of paths: each is what was asked from one day on."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.curation.audit import audit

from .editions import current_edition
from .models import Path, PathVersion, Step


def make_version(
    path: Path,
    article_ids: Sequence[int],
    user,
    *,
    optional: frozenset[int] = frozenset(),
    note: str = "",
) -> PathVersion:
    """Let a path consist of these articles from now on, in this order and as they read now.

    Where that is what the path consists of already, its version is returned. Raises NotPublished
    where readers do not see one of the articles.
    """
    with transaction.atomic():
        Path.objects.select_for_update().get(pk=path.pk)
        steps = [(current_edition(one), one not in optional) for one in article_ids]
        now = path.version
        if now and [(one.edition, one.required) for one in now.steps.select_related("edition")] == (
            steps
        ):
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
