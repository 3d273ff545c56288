"""What an import writes of a draft: into its article, and into the record of its source."""

from datetime import date

from django.db import IntegrityError

from ..curation.answers import BESIDE
from ..importing.draft import Draft
from ..importing.source import (
    SourceText,
    hints_as_json,
    hints_from_json,
    marks_as_json,
    marks_from_json,
)
from ..importing.structure.as_html import from_blocks
from ..models import Article, Author, Source, Tag
from ..text import html, script
from .authors_and_tags import author_named


def sign(article: Article, authors: list[Author], **how: bool) -> None:
    """Let these sign the article; where one was deleted since he was found, all is looked for
    again."""
    if gone := article.set_authors(authors, **how):
        raise IntegrityError(f"{gone[0]} was deleted meanwhile.")


def fields_of(draft: Draft) -> dict:
    """Return the article's own fields as the importer writes them."""
    return {
        "title": draft.title,
        "summary": draft.summary,
        "body": html.sanitise(from_blocks(draft.blocks)),
        "stated_date": draft.stated_date,
        "date_precision": draft.date_precision,
        "date_is_upload": any(flag.kind == "upload-date" for flag in draft.flags),
        "source_name": draft.source_name,
        "source_url": draft.source_url,
        "genre": draft.genre,
        "original_script": draft.script,
    }


def as_written(fields: dict, authors: list[Author], tags: list[Tag]) -> dict:
    """Return what was written, as JSON, to compare a later state with."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
    }
    return plain | {
        "authors": [author.pk for author in authors],
        "tags": sorted(tag.pk for tag in tags),
    }


def fill_source(source: Source, draft: Draft, origin: str, file_name: str, run) -> None:
    source.run = run
    source.raw = draft.raw
    source.sha256 = draft.sha256
    source.text_key = draft.text_key
    source.origin = origin
    source.file_name = file_name[-255:]
    source.encoding = draft.encoding
    source.text = draft.source_text
    source.edits = [edit.as_json() for edit in draft.edits]
    source.flags = [flag.as_json() for flag in draft.flags]
    source.tally()
    source.marks = marks_as_json(draft.marks)
    source.hints = hints_as_json(draft.hints)
    source.keywords = draft.keywords
    source.extracted = draft.extracted
    source.evidence = [one.as_json() for one in draft.evidence]


def source_text(source: Source) -> SourceText:
    """Return what the reader made of the file: with the edits, all that `draft_of` needs."""
    marks, hints = marks_from_json(source.marks), hints_from_json(source.hints)
    return SourceText(source.text, source.encoding, marks=marks, hints=hints)


def authors_of(draft: Draft) -> list[Author]:
    # In the order of their names: two imports of the same new authors wait for each other instead
    # of locking up.
    names = sorted(draft.authors, key=script.fold)
    found = {name: author_named(name, draft.unit) for name in names}
    return [found[name] for name in draft.authors]


def lies_beside(source: Source) -> bool:
    """Tell whether what the source says lies over its article as a draft: an update that waits."""
    return bool(source.article.draft_id and source.written.get(BESIDE))
