"""Which file is which: by its bytes, by the place it lies at, and by its text where it was moved.

A file that was moved or renamed goes on being the one its article came from, once it no longer lies
where it was. Of one in an archive, only its place inside counts. Files that are gone are told, and
nothing is deleted.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from django.db.models import Q

from ..importing.draft import Draft
from ..importing.structure.as_html import from_blocks
from ..models import Article, Fingerprint, ImportRun, Source
from ..text import html, script
from ..text.fingerprints import likeness, shingles

_UPLOADED = "upload:/"

_SAME = 0.6
"""How alike two texts have to be, all in all, to be one under another name; they also have one
title. Essays written on one form, year by year, are less so."""


def known(draft: Draft, origin: str) -> tuple[Source | None, Source | None, Source | None]:
    """Return the source at this place, that of these bytes and that of this text, where there are
    any: all three are unique."""
    same = Q(sha256=draft.sha256) | Q(origin=origin) | Q(text_key=draft.text_key)
    found = list(_sources().filter(same))
    return (
        next((source for source in found if source.origin == origin), None),
        next((source for source in found if source.sha256 == draft.sha256), None),
        next((source for source in found if source.text_key == draft.text_key), None),
    )


def _sources():
    return Source.objects.select_related("article").defer("raw", "text", "edits", "flags")


def of_article(article: int) -> Source | None:
    """Return the source of an article that was imported."""
    return _sources().filter(article=article).first()


def another(origin: str, run: ImportRun | None) -> str:
    """Return a place of its own for a file whose place is another's."""
    base = place = f"{origin}#{run.pk if run else ''}"
    number = 1
    while Source.objects.filter(origin=place).exists():
        number += 1
        place = f"{base}.{number}"
    return place


def moved(
    draft: Draft, file_name: str, run: ImportRun | None, *, besides: int = 0
) -> Source | None:
    """Return the source of an article, `besides` one, whose file has been changed and now lies
    elsewhere, or is in an archive of another name, where exactly one may be it."""
    likely = Fingerprint.objects.candidates(draft.signature, besides)
    is_one = Q(article__in=likely)
    if not draft.signature:  # it is too short for fingerprints
        is_one = Q(file_name=file_name)
    sources = _sources().filter(is_one, article__deleted_at=None).exclude(article=besides)
    if run is not None:
        sources = sources.exclude(run=run)  # two files of one import are two
    own = shingles(html.plain_text(from_blocks(draft.blocks)))
    found = []
    for source in sources:
        if not _is_gone(source.origin):
            continue
        alike = likeness(own, shingles(html.plain_text(source.article.body)))
        has_name = PurePosixPath(source.file_name).name == PurePosixPath(file_name).name
        has_title = script.comparable(source.article.title) == script.comparable(draft.title)
        if (has_name and alike.near) or (has_title and alike.jaccard >= _SAME):
            found.append((has_name, alike.jaccard, source))
    named = [one for one in found if one[0]]
    best = named or found
    return best[0][2] if len(best) == 1 else None


def follow(source: Source, origin: str, here: Source | None) -> str:
    """Note where a file lies now that was moved as it is; return what is to be told of it."""
    if here or source.origin == origin or origin.startswith(_UPLOADED):
        return ""
    if source.origin.startswith(_UPLOADED) or not _is_gone(source.origin):
        return ""
    Article.objects.filter(pk=source.article_id).lock()
    Source.objects.filter(pk=source.pk, origin=source.origin).update(origin=origin)
    return told_moved(source.origin)


def told_moved(origin: str) -> str:
    """Return what is told of a file that was at `origin`."""
    return f"moved or renamed, it was {place_of(origin)}"


def place_of(origin: str) -> str:
    """Return a place as people know it: of what was uploaded, its name."""
    return origin.removeprefix(_UPLOADED)


def _is_gone(origin: str) -> bool:
    """Tell whether nothing lies at a place any more; of what was uploaded nobody knows."""
    if origin.startswith(_UPLOADED):
        return True
    try:
        return not any(Path(part).exists() for part in (origin, origin.partition("!")[0]))
    except (OSError, ValueError):
        return False


def gone(paths: Iterable[Path], there: set[str], met: set[int]) -> list[Source]:
    """Return the sources that lay in these folders and archives and are not among the places
    `there`; articles that were `met` under another are about a file that was moved."""
    lost = []
    for path in paths:
        place = str(path.resolve())
        below = Q(origin__startswith=f"{place}/") | Q(origin__startswith=f"{place}!")
        sources = _sources().filter(below, article__deleted_at=None).order_by("origin")
        lost += [
            source
            for source in sources
            # An archive or table that cannot be read stands for all that is in it.
            if source.article_id not in met
            and not {source.origin, source.origin.partition("!")[0]} & there
        ]
    return lost
