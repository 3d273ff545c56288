"""What curators have looked through of many imports at once."""

from django.db import transaction
from django.db.models import QuerySet

from ..models import Decision, Source


def review_kind(sources: QuerySet[Source], kind: str, user) -> int:
    """Record that a curator has looked through the certain edits of one kind in many imports.

    It changes no text; pages of imports leave these edits out until asked. Returns in how many.
    """
    seen = Decision.objects.standing().filter(
        action=Decision.Action.REVIEW, finding__kind=kind, source__in=sources
    )
    with transaction.atomic():
        # Of two who do it at once the second finds it done.
        held = sources.order_by("pk").select_for_update(of=("self",), no_key=True)
        kinds = list(held.values_list("pk", "edit_kinds"))
        done = set(seen.values_list("source_id", flat=True))
        new = [
            Decision(source_id=pk, action=Decision.Action.REVIEW, finding={"kind": kind}, by=user)
            for pk, counts in kinds
            if counts.get(kind, [0, 0])[1] and pk not in done
        ]
        Decision.objects.bulk_create(new, batch_size=500)
    return len(new)
