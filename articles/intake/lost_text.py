"""The passages of imports that nobody could read: where readers are told that text is lost."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..importing.edits import Edit, Flag, Record
from ..models import Source

LOST = "lost-text"
LACUNA = "□□"
"""What a curator puts where text is lost for good; readers' pages say what it stands for."""

_AROUND = 6
"""Characters on either side that tell a passage apart from another like it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of the clean text as its flag has it, and what stands before and behind it; all
    without white space, which a page sets in its own way."""

    before: str
    text: str
    behind: str


def lost_passages(articles: Iterable[int]) -> dict[int, list[Passage]]:
    """Return the passages of these articles' imports that are flagged as lost and that no curator
    has settled; articles without any are left out."""
    flagged = Source.objects.filter(article__in=list(articles), flag_kinds__has_key=LOST)
    rows = flagged.values_list("article_id", "text", "edits", "flags")
    return {article: list(_passages(*row)) for article, *row in rows}


def _passages(text: str, edits: list[dict], flags: list[dict]) -> Iterable[Passage]:
    record = Record(text, edits=[Edit(**edit) for edit in edits])
    record.flags = [
        Flag(LOST, flag["start"], flag["end"], "")
        for flag in flags
        if flag["kind"] == LOST and flag["end"] and not flag.get("settled")
    ]
    for flag in record.flags_in_text():
        start, end = flag.start, flag.end
        if passage := _bare(record.text[start:end]):
            before = _bare(record.text[max(0, start - 2 * _AROUND) : start])
            behind = _bare(record.text[end : end + 2 * _AROUND])
            yield Passage(before[-_AROUND:], passage, behind[:_AROUND])


def _bare(text: str) -> str:
    return "".join(text.split())
