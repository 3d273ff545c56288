"""The flags of an import that nobody has settled, each with the passage it is on."""

from django.db.models.functions import Substr

from ..models import Source
from .finding_words import finding_words
from .findings import FLAG_NAMES

FLAGS_BESIDE = 12
_ROUND, _PASSAGE = 8, 40
"""Flags shown beside the form; characters round the passage of each, and of the passage."""


def open_flags(source: Source) -> list[dict]:
    """Return the first open flags of an import, blocking ones first, as they stand beside the form
    of its article."""
    return shown_flags(source.article_id, source.open_flags()[:FLAGS_BESIDE])


def shown_flags(article: int, flags: list[tuple[int, dict]]) -> list[dict]:
    """Return flags, given with their numbers, with their names and passages; of the source's text,
    which may be long, no more than these passages is read."""
    cuts = {}
    for number, flag in flags:
        start, end = flag["start"], min(flag["end"], flag["start"] + _PASSAGE)
        if flag["end"]:
            before = max(0, start - _ROUND)
            for name, low, high in (
                ("before", before, start),
                ("passage", start, end),
                ("behind", end, end + _ROUND),
            ):
                cuts[f"{name}_{number}"] = Substr("text", low + 1, high - low)
    rows = Source.objects.filter(article=article).annotate(**cuts)
    read = rows.values(*cuts).get() if cuts else {}
    return [
        flag
        | {
            "number": number,
            "name": FLAG_NAMES.get(flag["kind"], flag["kind"]),
            "message": finding_words(flag["message"]),
            **{
                name: " ".join(read.get(f"{name}_{number}", "").split())
                for name in ("before", "passage", "behind")
            },
        }
        for number, flag in flags
    ]
