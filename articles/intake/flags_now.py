"""What stands at a flag of an import now, with what later repairs and decisions changed there."""

import re
from dataclasses import replace

from ..importing.edits import Edit, apply
from ..models import Source

_ANNOTATION = re.compile("[(（][^)）]*[)）]")


def stretch_now(source: Source, flag: dict) -> str:
    """Return what stands at a flag now, with the edits made inside it; empty of a flag on the
    whole page."""
    start = flag["start"]
    inside = [Edit(**edit) for edit in edits_at(source, flag)]
    moved = [replace(edit, start=edit.start - start, end=edit.end - start) for edit in inside]
    return apply(source.text[start : flag["end"]], moved)


def candidates_now(source: Source, flag: dict) -> list[str]:
    """Return a flag's candidates as they fit what now stands there, in the same order.

    Later repairs and decisions may have changed the flagged text, its script for one. A break or
    an annotation to be dropped leaves the rest as it stands.
    """
    candidates = list(flag["candidates"])
    if flag["kind"] not in ("paragraph-break", "pinyin-doubt"):
        return candidates
    now = stretch_now(source, flag)
    if flag["kind"] == "pinyin-doubt":
        return [_ANNOTATION.sub("", now, count=1) for _candidate in candidates]
    places = [max(now.find(candidate.strip()), 0) for candidate in candidates]
    return [f"{now[:place]}\n{now[place:]}" for place in places]


def edits_at(source: Source, flag: dict) -> list[dict]:
    """Return the edits within the flagged text; insertions at its ends stand beside it."""
    start, end = flag["start"], flag["end"]
    inside = [edit for edit in source.edits if start <= edit["start"] and edit["end"] <= end]
    return [e for e in inside if e["start"] < e["end"] or start < e["start"] < end]
