"""A curator's decisions on one state of a file, placed again in a changed one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.utils import timezone

from ..curation.answers import FIELD_OF
from ..importing.draft import Draft
from ..importing.edits import Edit, EditError, Flag, in_order
from ..models import Decision, Source

_CONTEXT = 8
"""Characters on either side that tell two equal places apart."""


@dataclass
class Carried:
    """The edits as the decisions leave them, the flags they settle, and what found no place."""

    edits: list[Edit]
    settled: dict[int, int] = field(default_factory=dict)  # flag by number: decision
    kept: list[Decision] = field(default_factory=list)
    lost: list[Decision] = field(default_factory=list)

    def save(self) -> None:
        now = timezone.now()
        for decision in self.lost:
            decision.lost_at = now
        Decision.objects.bulk_update(self.kept, ["finding", "removed", "added"])
        Decision.objects.bulk_update(self.lost, ["lost_at"])


def carry_over(source: Source, draft: Draft) -> Carried:
    """Place the decisions on `source`, as it stands, in the draft of the changed file.

    A decision goes where its flag or edit stands exactly once, with the same text around it.
    Any other is lost, and said to be: guessing a place would change a text nobody looked at.
    That a kind of edits was looked through says nothing of a changed text.
    """
    carried = Carried(list(draft.edits))
    for decision in source.decisions.standing():
        if decision.action == Decision.Action.REVIEW or not _place(
            decision, source.text, draft, carried
        ):
            carried.lost.append(decision)
        else:
            carried.kept.append(decision)
    return carried


def _place(decision: Decision, old_text: str, draft: Draft, carried: Carried) -> bool:
    if decision.finding.get("by_hand"):
        return True  # what a curator stated of a field: an update keeps that
    if decision.finding.get("cut"):
        return _cut_again(decision, draft, carried)
    if decision.action == Decision.Action.UNDO:
        return _undo_again(decision, old_text, draft, carried)
    number = _find(decision.finding, old_text, draft.flags, draft.source_text)
    if number is None or number in carried.settled:
        return False
    flag = draft.flags[number]
    if decision.action == Decision.Action.SETTLE and flag.kind in FIELD_OF:
        says = (flag.message, list(flag.candidates))
        if says != (decision.finding["message"], list(decision.finding["candidates"])):
            return False  # another doubt than the one that was looked at
    if decision.added:
        inside = [e for e in carried.edits if flag.start <= e.start and e.end <= flag.end]
        edit = Edit(**decision.added[0])
        edit = Edit(edit.kind, flag.start, flag.end, edit.before, edit.after, edit.certain)
        edits = [e for e in carried.edits if e not in inside]
        try:
            carried.edits = in_order(draft.source_text, [*edits, edit])
        except EditError:
            return False
        decision.removed, decision.added = [asdict(e) for e in inside], [asdict(edit)]
    decision.finding = decision.finding | asdict(flag)
    carried.settled[number] = decision.pk
    return True


def _cut_again(decision: Decision, draft: Draft, carried: Carried) -> bool:
    """Cut the same lines, where they stand whole and once."""
    text, before = draft.source_text, decision.finding["before"]
    start = text.find(before)
    end = start + len(before)
    begins, ends = text[start - 1 : start] in ("", "\n"), before.endswith("\n") or end == len(text)
    if start < 0 or text.find(before, start + 1) >= 0 or not (begins and ends):
        return False
    inside = [edit for edit in carried.edits if start <= edit.start and edit.end <= end]
    edit = Edit("boilerplate", start, end, before, "", certain=False)
    try:
        others = [one for one in carried.edits if one not in inside]
        carried.edits = in_order(text, [*others, edit])
    except EditError:
        return False
    decision.removed, decision.added = [asdict(one) for one in inside], [asdict(edit)]
    decision.finding |= {"start": start, "end": end}
    return True


def _undo_again(decision: Decision, old_text: str, draft: Draft, carried: Carried) -> bool:
    """Undo the same edits; one that is not found again is no longer made, or made elsewhere."""
    found = []
    for edit in decision.removed:
        number = _find(edit, old_text, carried.edits, draft.source_text)
        if number is not None:
            found.append(carried.edits.pop(number))
    complete = len(found) == len(decision.removed)
    if complete:
        decision.removed = [asdict(edit) for edit in found]
        if "start" in decision.finding:
            decision.finding = decision.removed[0]
    else:
        carried.edits = sorted([*carried.edits, *found], key=lambda edit: (edit.start, edit.end))
    return complete


def _find(old: dict, old_text: str, findings: Sequence[Edit | Flag], text: str) -> int | None:
    """Return which of `findings` is `old` again, if exactly one is."""
    same = [
        number
        for number, new in enumerate(findings)
        if new.kind == old["kind"]
        and text[new.start : new.end] == old_text[old["start"] : old["end"]]
        and getattr(new, "after", None) == old.get("after")
        and bool(new.end) == bool(old["end"])
    ]
    if len(same) > 1:
        around = _around(old_text, old["start"], old["end"])
        same = [n for n in same if _around(text, findings[n].start, findings[n].end) == around]
    return same[0] if len(same) == 1 else None


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
