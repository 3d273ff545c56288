"""The import's way into the database: the only module that joins Draft and models.

Nothing a curator wrote is overwritten, twins are reported instead of stored again, and each file
is one transaction.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from ..curation.near_duplicates import flag_similar, look_again, similar_flags
from ..curation.revisions import recorded
from ..importing.draft import Draft
from ..importing.edits import Edit, Record
from ..importing.pipeline import draft_of
from ..importing.source import (
    SourceText,
    hints_as_json,
    hints_from_json,
    marks_as_json,
    marks_from_json,
)
from ..importing.structure.as_html import from_blocks
from ..models import (
    Article,
    Author,
    AuthorAlias,
    ImportRun,
    Redirect,
    Revision,
    Source,
    Status,
    Tag,
    TaggedArticle,
)
from ..text import html, script
from .carryover import carry_over
from .patching import in_place

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


def store(
    draft: Draft,
    origin: str,
    file_name: str,
    *,
    run: ImportRun | None = None,
    publish: bool = False,
    tags: tuple[str, ...] = (),
    on_conflict: str = SKIP,
    trial: bool = False,
) -> Stored:
    """Write a draft into the library, once.

    `origin` is where the file lies, and with the SHA-256 of its bytes its identity. In a trial
    the caller rolls back what is written, so no time goes into renditions. Raises Conflict where
    `on_conflict` is "fail" and the file at `origin` has changed.
    """
    arguments = (draft, origin, file_name, run, publish, tags, on_conflict, trial)
    try:
        with transaction.atomic():
            stored = _store(*arguments)
    except IntegrityError:
        # Another import wrote the same essay, author or tag meanwhile: look again, it is there.
        with transaction.atomic():
            stored = _store(*arguments)
    if not trial and stored.outcome in (CREATED, UPDATED):
        signature = draft.signature if stored.outcome == CREATED else None
        if look_again(stored.article, signature):
            flag_similar(stored.article.source)
    return stored


def _store(draft, origin, file_name, run, publish, tags, on_conflict, trial) -> Stored:
    sources = Source.objects.select_related("article").defer("raw", "text", "edits", "flags")
    known = list(  # of each no more than one: all three are unique
        sources.filter(Q(sha256=draft.sha256) | Q(origin=origin) | Q(text_key=draft.text_key))
    )
    same = next((source for source in known if source.sha256 == draft.sha256), None)
    if same:
        return Stored(UNCHANGED, same.article, _binned(same.article))
    here = next((source for source in known if source.origin == origin), None)
    twin = next((source for source in known if source.text_key == draft.text_key), None)
    if twin and twin != here:
        return Stored(DUPLICATE, twin.article, _binned(twin.article))
    if here is None:
        return Stored(CREATED, _create(draft, origin, file_name, run, publish, tags, trial))
    if on_conflict == FAIL:
        raise Conflict(
            f"The file has changed since it was imported as article {here.article_id}. "
            "Import it with --on-conflict update, or skip."
        )
    if here.article.deleted_at:
        return Stored(UNCHANGED, here.article, _binned(here.article))
    if on_conflict == SKIP:
        note = "the file has changed since its import; --on-conflict update takes the change"
        return Stored(UNCHANGED, here.article, note)
    kept, lost = _update(here, draft, file_name, run, tags, trial)
    notes = [f"kept what a curator changed: {', '.join(kept)}"] if kept else []
    if lost:
        notes.append(f"{lost} decisions of curators have no place in the changed text")
    here.article.refresh_from_db()
    return Stored(UPDATED, here.article, "; ".join(notes))


def _binned(article: Article) -> str:
    """Say of an article in the recycle bin that it is there: an import takes nothing out of it."""
    if article.deleted_at is None:
        return ""
    return f"article {article.pk} is in the recycle bin; restore it there"


def _create(draft, origin, file_name, run, publish, tags, trial) -> Article:
    user = run.started_by if run else None
    article = Article(created_by=user, modified_by=user)
    fields = _fields(draft)
    for name, value in fields.items():
        setattr(article, name, value)
    if publish and not draft.blocked:
        article.status = Status.PUBLISHED
    article.save(signature=draft.signature, with_renditions=not trial, with_index=False)
    authors = _authors(draft)
    article.set_authors(authors, new=True)
    article_tags = _tags([*draft.tags, *tags])
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object=article, tag=tag) for tag in article_tags
    )
    if not trial:
        article.make_findable()
    source = Source(article=article)
    _fill(source, draft, origin, file_name, run)
    source.written = _written(fields, authors, article_tags)
    source.save()
    return article


def _update(source: Source, draft: Draft, file_name, run, tags, trial) -> tuple[list[str], int]:
    """Take a changed file into its article.

    Returns the names of the fields a curator keeps, and how many decisions were lost.
    """
    # Read again under a lock: a curator may have decided on it since it was found.
    locked = Source.objects.select_for_update().select_related("article").defer("raw")
    source = locked.get(pk=source.pk)
    article = source.article
    carried = carry_over(source, draft)
    if carried.edits != draft.edits:
        text = SourceText(draft.source_text, draft.encoding, marks=draft.marks, hints=draft.hints)
        again = draft_of(Record(draft.source_text, edits=carried.edits), text, raw=draft.raw)
        # Twins are known by what the pipeline alone makes of them, tags by the vocabulary used.
        draft = replace(again, flags=draft.flags, tags=draft.tags, text_key=draft.text_key)
    fields = _fields(draft)
    authors, article_tags = _authors(draft), _tags([*draft.tags, *tags])
    written = _written(fields, authors, article_tags)
    standing = _written(
        {name: getattr(article, name) for name in fields},
        article.byline,
        list(article.tags.order_by("pk")),
    )
    before = _merged(source.written)
    kept = [name for name in written if standing[name] != before.get(name)]
    for name, value in fields.items():
        if name not in kept:
            setattr(article, name, value)
    blocked = any(flag.blocking for n, flag in enumerate(draft.flags) if n not in carried.settled)
    if blocked and article.status == Status.PUBLISHED and "body" not in kept:
        article.status = Status.IN_REVIEW  # a damaged text goes before a curator, not readers
    article.modified_by = run.started_by if run else None
    with recorded([article.pk], article.modified_by, Revision.Kind.IMPORTED, file_name):
        article.save(with_renditions=not trial, with_index=False)
        if "authors" not in kept:
            article.set_authors(authors, with_index=False)
        if "tags" not in kept:
            article.set_tags(article_tags, with_index=False)
        if not trial:
            article.make_findable()
    _fill(source, draft, source.origin, file_name, run)
    for number, decision in carried.settled.items():
        source.flags[number]["settled"] = decision
    source.tally()
    source.written = written | {name: before.get(name) for name in kept}
    source.save()
    carried.save()
    return kept, len(carried.lost)


def rewrite(source: Source, edits: list[Edit], user) -> bool:
    """Make `edits` those of the source, and let the article follow; tell whether it changed.

    The body is made anew as on import. One that is no longer what the importer wrote is changed
    at the one place concerned; NoPlace is raised where that is not found for certain. Only where
    the body stays the same, a line read as metadata was touched: then title, date, authors and
    the like follow, except those a curator changed. Nothing is saved but the article. Raises
    UnreadableFile where no essay would be left.
    """
    before = Record(source.text, edits=[Edit(**edit) for edit in source.edits])
    after = Record(source.text, edits=edits)
    text = source_text(source)
    was, now = draft_of(before, text), draft_of(after, text)
    old, new = _fields(was), _fields(now)
    source.written = _merged(source.written)
    article, written = source.article, source.written
    changed = {name for name in new if new[name] != old[name]}
    if "body" in changed:
        changed = {"body"}
        if article.body == written["body"] == old["body"]:
            article.body = written["body"] = new["body"]
        else:
            untouched = article.body == written["body"]
            article.body = html.sanitise(in_place(article.body, before.text, after.text))
            if untouched:  # an earlier version of the importer built it otherwise
                written["body"] = article.body
    else:
        standing = _written({name: getattr(article, name) for name in new}, [], [])
        plain = _written(new, [], [])
        changed = {name for name in changed if standing[name] == written.get(name)}
        for name in changed:
            setattr(article, name, new[name])
            written[name] = plain[name]
        authors = [author.pk for author in article.byline]
        if was.authors != now.authors and authors == written["authors"]:
            people = _authors(now)
            article.set_authors(people)
            if len(people) == len(now.authors) == len(was.authors):
                for author, old_name, new_name in zip(
                    people, was.authors, now.authors, strict=True
                ):
                    _spell(author, old_name, new_name, article)
            written["authors"] = [author.pk for author in people]
    if changed:
        article.modified_by = user
        article.save()
    source.edits = [edit.as_json() for edit in after.edits]
    source.extracted = now.extracted
    return bool(changed)


def _spell(author: Author, old: str, new: str, article: Article) -> None:
    """Spell an author's traditional name as his only article does now, if it was read there."""
    elsewhere = author.authorships.exclude(article=article).exists()
    if author.name_hant == old and script.detect(new) == script.HANT and not elsewhere:
        author.name_hant = new
        author.save()


def _fields(draft: Draft) -> dict:
    """Return the article's own fields as the importer writes them."""
    return {
        "title": draft.title[:200],
        "summary": draft.summary,
        "body": html.sanitise(from_blocks(draft.blocks)),
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


def _merged(written: dict) -> dict:
    """Return what was written with what its authors and tags were merged into since."""
    now = dict(written)
    for name, model in (("authors", Author), ("tags", Tag)):
        if keys := written.get(name):
            moved = Redirect.objects.moved(model, keys)
            now[name] = list(dict.fromkeys(moved.get(key, key) for key in keys))
            now[name] = sorted(now[name]) if name == "tags" else now[name]
    return now


def _fill(source: Source, draft: Draft, origin: str, file_name: str, run) -> None:
    source.run = run
    source.raw = draft.raw
    source.sha256 = draft.sha256
    source.text_key = draft.text_key
    source.origin = origin
    source.file_name = file_name[-255:]
    source.encoding = draft.encoding
    source.text = draft.source_text
    source.edits = [edit.as_json() for edit in draft.edits]
    flags = list(draft.flags)
    if source.pk or source.article.found_similar:
        flags += similar_flags(source.article_id)
    source.flags = [flag.as_json() for flag in flags]
    source.tally()
    source.marks = marks_as_json(draft.marks)
    source.hints = hints_as_json(draft.hints)
    source.keywords = draft.keywords
    source.extracted = draft.extracted


def source_text(source: Source) -> SourceText:
    """Return what the reader made of the file: with the edits, all that `draft_of` needs."""
    marks, hints = marks_from_json(source.marks), hints_from_json(source.hints)
    return SourceText(source.text, source.encoding, marks=marks, hints=hints)


def _authors(draft: Draft) -> list[Author]:
    return [author_named(name, draft.unit) for name in draft.authors]


def author_named(name: str, unit: str = "") -> Author:
    """Return the author of that name and unit; without a unit, the only one of that name."""
    name, unit = name[:80], unit[:120]
    original = script.detect(name)
    hans = script.convert(name, script.HANS, original)
    unit_hans = script.convert(unit, script.HANS)
    namesakes = list(Author.objects.filter(name=hans)[:20])
    for author in namesakes:
        if author.unit == unit_hans:
            return author
    aliases = list(AuthorAlias.objects.filter(name=hans).select_related("author")[:20])
    for alias in aliases:
        if alias.unit == unit_hans:
            return alias.author
    people = {*namesakes, *(alias.author for alias in aliases)}
    if not unit and len(people) == 1:
        return people.pop()
    author = Author(name=hans, unit=unit_hans)
    if original == script.HANT:
        author.name_hant = name
    author.save()
    return author


def _tags(names: list[str]) -> list[Tag]:
    if not names:
        return []
    folded = {name: script.fold(name.strip()) for name in names}
    by_name = {tag.name: tag for tag in Tag.objects.filter(name__in=folded.values())}
    found: dict[str, Tag] = {}
    for name in names:
        tag = by_name.get(folded[name]) or Tag.objects.named(name)
        if tag is None:
            tag = Tag(name=name)
            tag.save()
        found.setdefault(tag.name, tag)
    return list(found.values())
