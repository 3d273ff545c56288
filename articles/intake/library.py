"""The import's way into the database: the only module that joins Draft and models.

Nothing a curator wrote is overwritten, twins are reported instead of stored again, and each file
is one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from portal.transactions import retried

from ..curation.answers import FIELD_OF
from ..curation.happenings import tell
from ..curation.near_duplicates import look_again, similar_flags
from ..curation.revisions import change_of, recorded
from ..importing.draft import Draft
from ..importing.edits import Edit, Flag, Record
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
    ImportRun,
    Revision,
    Source,
    Status,
    Tag,
    TaggedArticle,
)
from ..text import html, script
from .authors_and_tags import author_named, merged, tags_named
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

NEW = "new"
"""What to do with a file of a known name, besides ON_CONFLICT: an article of its own. Two essays
are often both called 1.txt; on a disk the folder tells them apart, in an upload nothing does."""


class Conflict(ValueError):
    """A known file has changed and the import was told to fail on that."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a draft: the outcome, the article it belongs to, and a flag for each article
    that is a near duplicate of what was written."""

    outcome: str
    article: Article
    note: str = ""
    similar: tuple[Flag, ...] = ()


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
    then: Callable[[Stored], None] | None = None,
) -> Stored:
    """Write a draft into the library, once.

    `origin` is where the file lies, and with the SHA-256 of its bytes its identity. `then` is
    called in the same transaction, so that what it writes is kept with the article or not at all;
    where a transient error or another import came in between, all of it is done anew.

    In a trial the caller rolls back what is written and tries again where that is called for; no
    time goes into renditions. Raises Conflict where `on_conflict` is "fail" and the file at
    `origin` has changed.
    """

    def work() -> Stored:
        stored = _store(draft, origin, file_name, run, publish, tags, on_conflict, trial)
        if then:
            then(stored)
        return stored

    if trial:
        with transaction.atomic():
            return work()
    # Another import may write the same essay, author or tag, and a curator delete or merge what
    # was just found: looked for again, all is there or made.
    stored = retried(work, also=(IntegrityError,))
    if stored.outcome in (CREATED, UPDATED):
        signature = draft.signature if stored.outcome == CREATED else None
        if look_again(stored.article, signature):
            return replace(stored, similar=similar_flags(stored.article.pk))
    return stored


def _store(draft, origin, file_name, run, publish, tags, on_conflict, trial) -> Stored:
    here, same, twin = _known(draft, origin)
    if here and here != same and on_conflict == UPDATE:
        # Whoever holds the article may change or delete it, or take in this very file.
        Article.objects.filter(pk=here.article_id).lock()
        here, same, twin = _known(draft, origin)
    if same:
        return Stored(UNCHANGED, same.article, _binned(same.article))
    if twin and twin != here:
        return Stored(DUPLICATE, twin.article, _binned(twin.article))
    if here and on_conflict == NEW:
        origin, here = _another(origin, run), None
    if here is None:
        article = _create(draft, origin, file_name, run, publish, tags, trial)
        similar = similar_flags(article.pk) if article.found_similar else ()
        return Stored(CREATED, article, similar=similar)
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
    return Stored(UPDATED, here.article, "; ".join(notes), similar_flags(here.article_id))


def _known(draft: Draft, origin: str) -> tuple[Source | None, Source | None, Source | None]:
    """Return the source at this place, that of these bytes and that of this text, where there are
    any: all three are unique."""
    sources = Source.objects.select_related("article").defer("raw", "text", "edits", "flags")
    found = list(
        sources.filter(Q(sha256=draft.sha256) | Q(origin=origin) | Q(text_key=draft.text_key))
    )
    return (
        next((source for source in found if source.origin == origin), None),
        next((source for source in found if source.sha256 == draft.sha256), None),
        next((source for source in found if source.text_key == draft.text_key), None),
    )


def _another(origin: str, run: ImportRun | None) -> str:
    """Return a place of its own for a file whose place is another's."""
    base = place = f"{origin}#{run.pk if run else ''}"
    number = 1
    while Source.objects.filter(origin=place).exists():
        number += 1
        place = f"{base}.{number}"
    return place


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
    article_tags, authors = tags_named(draft.tags, tags), _authors(draft)
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object=article, tag=tag) for tag in article_tags
    )
    _sign(article, authors, new=True)
    if not trial:
        article.make_findable()
    source = Source(article=article)
    _fill(source, draft, origin, file_name, run)
    source.written = _written(fields, authors, article_tags)
    source.save()
    if not trial:
        tell(change_of(None, article.status), [article.pk])
    return article


def _sign(article: Article, authors: list[Author], **how: bool) -> None:
    """Let these sign the article; where one was deleted since he was found, all is looked for
    again."""
    if gone := article.set_authors(authors, **how):
        raise IntegrityError(f"{gone[0]} was deleted meanwhile.")


def _update(source: Source, draft: Draft, file_name, run, tags, trial) -> tuple[list[str], int]:
    """Take a changed file into its article.

    Returns the names of the fields a curator keeps, and how many decisions were lost.
    """
    # Read again under a lock: a curator may have decided on it since it was found. The article
    # is locked already.
    locked = Source.objects.select_for_update(of=("self",), no_key=True)
    source = locked.select_related("article").defer("raw").get(pk=source.pk)
    article = source.article
    carried = carry_over(source, draft)
    if carried.edits != draft.edits:
        text = SourceText(draft.source_text, draft.encoding, marks=draft.marks, hints=draft.hints)
        again = draft_of(Record(draft.source_text, edits=carried.edits), text, raw=draft.raw)
        # Twins are known by what the pipeline alone makes of them, tags by the vocabulary used.
        draft = replace(again, flags=draft.flags, tags=draft.tags, text_key=draft.text_key)
    fields = _fields(draft)
    article_tags, authors = tags_named(draft.tags, tags), _authors(draft)
    written = _written(fields, authors, article_tags)
    standing = _written(
        {name: getattr(article, name) for name in fields},
        article.byline,
        list(article.tags.order_by("pk")),
    )
    before = merged(source.written)
    kept = [name for name in written if standing[name] != before.get(name)]
    for name, value in fields.items():
        if name not in kept:
            setattr(article, name, value)
    opened = [flag for n, flag in enumerate(draft.flags) if n not in carried.settled]
    blocked = any(flag.blocking and FIELD_OF.get(flag.kind, "body") not in kept for flag in opened)
    if blocked and article.status == Status.PUBLISHED:
        # A damaged text goes before a curator, not readers: one whose draft lies over it has it in
        # hand, and nobody is asked to review what is not submitted.
        is_in_hand = article.draft is not None and article.draft.status == Status.DRAFT
        article.status = Status.DRAFT if is_in_hand else Status.IN_REVIEW
    article.modified_by = run.started_by if run else None
    with recorded([article.pk], article.modified_by, Revision.Kind.IMPORTED, file_name):
        article.save(with_renditions=not trial, with_index=False)
        if "authors" not in kept:
            _sign(article, authors, with_index=False)
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
    source.written = merged(source.written)
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
    source.evidence = [one.as_json() for one in now.evidence]
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


def _authors(draft: Draft) -> list[Author]:
    # In the order of their names: two imports of the same new authors wait for each other instead
    # of locking up.
    names = sorted(draft.authors, key=script.fold)
    found = {name: author_named(name, draft.unit) for name in names}
    return [found[name] for name in draft.authors]
