"""The import's way into the database: the only module that joins Draft and models.

Nothing a curator wrote is overwritten, twins are reported instead of stored again, and each file
is one transaction.
"""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Prefetch

from . import html, script
from .importing.draft import Draft
from .importing.source import (
    SourceText,
    hints_as_json,
    hints_from_json,
    marks_as_json,
    marks_from_json,
)
from .importing.vocabulary import Vocabulary
from .models import Article, Author, ImportRun, Source, Status, Tag, TagAlias

CREATED, UPDATED, UNCHANGED, DUPLICATE, FAILED = OUTCOMES = (
    "created",
    "updated",
    "unchanged",
    "duplicate",
    "failed",
)

SKIP, UPDATE, FAIL = ON_CONFLICT = ("skip", "update", "fail")


class Conflict(ValueError):
    """A known file has changed and the import was told to fail on that."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a draft: the outcome and the article it belongs to."""

    outcome: str
    article: Article
    note: str = ""


def vocabulary() -> Vocabulary:
    """Return the tags as curators keep them now."""
    tags = Tag.objects.prefetch_related(Prefetch("aliases", TagAlias.objects.only("name", "tag")))
    return Vocabulary.of((tag.name, [alias.name for alias in tag.aliases.all()]) for tag in tags)


def store(
    draft: Draft,
    origin: str,
    file_name: str,
    *,
    run: ImportRun | None = None,
    publish: bool = False,
    tags: tuple[str, ...] = (),
    on_conflict: str = SKIP,
) -> Stored:
    """Write a draft into the library, once.

    `origin` is where the file lies, and with the SHA-256 of its bytes its identity. Raises
    Conflict where `on_conflict` is "fail" and the file at `origin` has changed.
    """
    arguments = (draft, origin, file_name, run, publish, tags, on_conflict)
    try:
        with transaction.atomic():
            return _store(*arguments)
    except IntegrityError:
        # Another import wrote the same essay, author or tag meanwhile: look again, it is there.
        with transaction.atomic():
            return _store(*arguments)


def _store(draft, origin, file_name, run, publish, tags, on_conflict) -> Stored:
    known = Source.objects.select_related("article").defer("raw", "text")
    same = known.filter(sha256=draft.sha256).first()
    if same:
        return Stored(UNCHANGED, same.article)
    here = known.filter(origin=origin).first()
    twin = known.filter(text_key=draft.text_key).first()
    if twin and twin != here:
        return Stored(DUPLICATE, twin.article)
    if here is None:
        return Stored(CREATED, _create(draft, origin, file_name, run, publish, tags))
    if on_conflict == FAIL:
        raise Conflict(
            f"The file has changed since it was imported as article {here.article_id}. "
            "Import it with --on-conflict update, or skip."
        )
    if on_conflict == SKIP:
        note = "the file has changed since its import; --on-conflict update takes the change"
        return Stored(UNCHANGED, here.article, note)
    kept = _update(here, draft, file_name, run, tags)
    note = f"kept what a curator changed: {', '.join(kept)}" if kept else ""
    return Stored(UPDATED, here.article, note)


def _create(draft, origin, file_name, run, publish, tags) -> Article:
    user = run.started_by if run else None
    article = Article(created_by=user, modified_by=user)
    fields = _fields(draft)
    for name, value in fields.items():
        setattr(article, name, value)
    if publish and not draft.blocked:
        article.status = Status.PUBLISHED
    article.save()
    authors = _authors(draft)
    article.set_authors(authors)
    article_tags = _tags([*draft.tags, *tags])
    article.tags.set(article_tags)
    source = Source(article=article)
    _fill(source, draft, origin, file_name, run)
    source.written = _written(fields, authors, article_tags)
    source.save()
    return article


def _update(source: Source, draft: Draft, file_name, run, tags) -> list[str]:
    """Take a changed file into its article; return the names of the fields a curator keeps."""
    article = source.article
    fields = _fields(draft)
    authors, article_tags = _authors(draft), _tags([*draft.tags, *tags])
    written = _written(fields, authors, article_tags)
    standing = _written(
        {name: getattr(article, name) for name in fields},
        article.byline,
        list(article.tags.order_by("pk")),
    )
    kept = [name for name in written if standing[name] != source.written.get(name)]
    for name, value in fields.items():
        if name not in kept:
            setattr(article, name, value)
    if draft.blocked and article.status == Status.PUBLISHED and "body" not in kept:
        article.status = Status.IN_REVIEW  # a damaged text goes before a curator, not readers
    article.modified_by = run.started_by if run else None
    article.save()
    if "authors" not in kept:
        article.set_authors(authors)
    if "tags" not in kept:
        article.tags.set(article_tags)
    _fill(source, draft, source.origin, file_name, run)
    source.written = written | {name: source.written.get(name) for name in kept}
    source.save()
    return kept


def _fields(draft: Draft) -> dict:
    """Return the article's own fields as the importer writes them."""
    return {
        "title": draft.title[:200],
        "summary": draft.summary,
        "body": html.sanitise(html.from_blocks(draft.blocks)),
        "stated_date": draft.stated_date,
        "date_precision": draft.date_precision,
        "date_is_upload": any(flag.kind == "upload-date" for flag in draft.flags),
        "source_name": draft.source_name[:120],
        "source_url": draft.source_url[:500],
        "genre": draft.genre,
        "original_script": draft.script,
    }


def _written(fields: dict, authors: list[Author], tags: list[Tag]) -> dict:
    """Return what was written, as JSON, to compare a later state with."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
    }
    return plain | {
        "authors": [author.pk for author in authors],
        "tags": sorted(tag.pk for tag in tags),
    }


def _fill(source: Source, draft: Draft, origin: str, file_name: str, run) -> None:
    source.run = run
    source.raw = draft.raw
    source.sha256 = draft.sha256
    source.text_key = draft.text_key
    source.origin = origin
    source.file_name = file_name[-255:]
    source.encoding = draft.encoding
    source.text = draft.source_text
    source.edits = [asdict(edit) for edit in draft.edits]
    source.edit_count = len(draft.edits)
    source.flags = [asdict(flag) for flag in draft.flags]
    source.flag_count = len(draft.flags)
    source.blocking_count = sum(flag.blocking for flag in draft.flags)
    source.marks = marks_as_json(draft.marks)
    source.hints = hints_as_json(draft.hints)
    source.keywords = draft.keywords
    source.extracted = draft.extracted


def source_text(source: Source) -> SourceText:
    """Return what the reader made of the file: with the edits, all that `draft_of` needs."""
    marks, hints = marks_from_json(source.marks), hints_from_json(source.hints)
    return SourceText(source.text, source.encoding, marks=marks, hints=hints)


def _authors(draft: Draft) -> list[Author]:
    return [_author(name, draft.unit) for name in draft.authors]


def _author(name: str, unit: str) -> Author:
    """Return the author of that name and unit; without a unit, the only one of that name."""
    name, unit = name[:80], unit[:120]
    original = script.detect(name)
    hans = script.convert(name, script.HANS, original)
    unit_hans = script.convert(unit, script.HANS)
    namesakes = list(Author.objects.filter(name=hans)[:20])
    for author in namesakes:
        if author.unit == unit_hans:
            return author
    if not unit and len(namesakes) == 1:
        return namesakes[0]
    author = Author(name=hans, unit=unit_hans)
    if original == script.HANT:
        author.name_hant = name
    author.save()
    return author


def _tags(names: list[str]) -> list[Tag]:
    found: dict[str, Tag] = {}
    for name in names:
        tag = Tag.objects.named(name)
        if tag is None:
            tag = Tag(name=name)
            tag.save()
        found.setdefault(tag.name, tag)
    return list(found.values())
