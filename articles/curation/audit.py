"""The log of the desk: one line for each operation.

Whoever changes something calls `audit` in the same transaction: the line stands if the change does.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import AuditedObject, AuditEntry

ACTIONS = {
    "add": _("added"),
    "change": _("changed"),
    "delete": _("deleted"),
    "draft": _("draft kept"),
    "submit": _("submitted for review"),
    "approve": _("approved and published"),
    "reject": _("sent back"),
    "withdraw": _("withdrawn from review"),
    "comment": _("commented on a passage"),
    "resolve-comment": _("comment resolved"),
    "make-link": _("preview link made"),
    "revoke-link": _("preview link ended"),
    "revoke-token": _("API token revoked"),
    "publish": _("published"),
    "unpublish": _("unpublished"),
    "archive": _("archived"),
    "publish-draft": _("draft published"),
    "discard-draft": _("draft discarded"),
    "restore-revision": _("revision restored"),
    "add_tags": _("tags added"),
    "remove_tags": _("tags removed"),
    "set_authors": _("authors set"),
    "set_genre": _("genre set"),
    "set_source": _("source set"),
    "bin": _("moved to the recycle bin"),
    "restore": _("restored from the recycle bin"),
    "purge": _("deleted for good"),
    "prune": _("old revisions forgotten"),
    "undo": _("bulk change undone"),
    "import": _("imported"),
    "decide": _("decided on an import finding"),
    "look-through": _("import looked through"),
    "undo-look": _("step in the work queue undone"),
    "leave-kind": _("flags of a kind left as they are"),
    "cut-line": _("a line of a site cut"),
    "keep-line": _("a line of a site kept for all imports"),
    "undo-decisions": _("decisions for many taken back"),
    "review-kind": _("edits of a kind accepted"),
    "undo-kind": _("edits of a kind undone"),
    "similar": _("decided on similar articles"),
    "merge": _("merged"),
    "unmerge": _("merge undone"),
}
"""Names of actions. An action that is not named here shows as it is written."""

LONGEST_VALUE = 500
"""Characters kept of a value before or after: whole texts are kept by the revisions."""

_NAMED = 3
"""Objects named in the label of a line."""

_SECRET = ("password", "secret", "token", "session")
HIDDEN = "•••"


def audit(
    user,
    action: str,
    objects: Model | Iterable[Model],
    before: Mapping | None = None,
    after: Mapping | None = None,
    note: str = "",
    *,
    operator: str = "",
) -> AuditEntry:
    """Write one line: `user` did `action` to `objects`, one or several of one model.

    `before` and `after` hold what was changed, by the names of fields; what is secret by its name
    is left out. `operator` names who did it where it was no user: a command's.
    """
    found = [objects] if isinstance(objects, Model) else list(objects)
    if isinstance(objects, QuerySet):
        model = objects.model
    elif found:
        model = type(found[0])
    else:
        raise ValueError("A line of the log tells of something.")
    return audit_numbers(
        user,
        action,
        model,
        [one.pk for one in found],
        label=label_of(map(str, found[:_NAMED]), len(found)),
        before=before,
        after=after,
        note=note,
        operator=operator,
    )


def audit_numbers(
    user,
    action: str,
    model: type[Model],
    numbers: Iterable[int],
    *,
    label: str,
    before: Mapping | None = None,
    after: Mapping | None = None,
    note: str = "",
    operator: str = "",
) -> AuditEntry:
    """Write one line of objects that are known by their numbers."""
    numbers = list(numbers)
    with transaction.atomic():
        entry = AuditEntry.objects.create(
            user=user,
            user_name=(user.get_username() if user else operator)[:150],
            action=action,
            kind=model._meta.label_lower,
            ids=numbers,
            label=label[:300],
            before=_kept(before or {}),
            after=_kept(after or {}),
            note=str(note)[:500],
        )
        _tell_of(entry, numbers)
    return entry


def extend(entry: AuditEntry, numbers: Iterable[int], after: Mapping[str, Mapping]) -> None:
    """Let the line of a bulk run tell of more objects, and of what `after` lists of them: it is
    written batch by batch."""
    numbers = list(numbers)
    entry.ids = [*entry.ids, *numbers]
    entry.after |= {name: entry.after.get(name, {}) | _kept(of) for name, of in after.items()}
    entry.save(update_fields=["ids", "after"])
    _tell_of(entry, numbers)


def retell(entry: AuditEntry, after: Mapping) -> None:
    """Let the line of what is done article by article say how far it has come."""
    entry.after = _kept(after)
    entry.save(update_fields=["after"])


def _tell_of(entry: AuditEntry, numbers: list[int]) -> None:
    told = (AuditedObject(entry=entry, number=number) for number in numbers)
    AuditedObject.objects.bulk_create(told, batch_size=1000)


def label_of(names: Iterable[str], count: int) -> str:
    """Return the names of the first objects of a line, and how many there are."""
    shown = "、".join(name[:80] for name in names)
    return shown if count <= _NAMED else f"{shown}…（{count}）"


def _kept(values: Mapping) -> dict:
    """Return values as JSON keeps them: short, and without secrets."""
    return {
        str(name): HIDDEN if any(word in str(name).lower() for word in _SECRET) else _plain(value)
        for name, value in values.items()
    }


def _plain(value):
    if isinstance(value, Mapping):
        return _kept(value)
    if isinstance(value, list | tuple | set | QuerySet):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
