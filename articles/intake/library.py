"""The import's way into the database: the only module that joins Draft and models.

Nothing a curator wrote is overwritten, twins are reported instead of stored again, and each file
is one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from portal.transactions import retried

from ..curation.drafts import change_draft
from ..curation.happenings import tell
from ..curation.near_duplicates import similar_flags, standing_pairs
from ..curation.revisions import change_of
from ..importing.draft import Draft
from ..importing.edits import Edit, Flag, Record
from ..importing.pipeline import draft_of
from ..models import (
    Article,
    Author,
    ImportRun,
    Source,
    Status,
    TaggedArticle,
)
from ..text import html, script
from .authors_and_tags import merged, tags_named
from .identity import another, follow, known, moved, of_article, place_of, told_moved
from .patching import in_place
from .pictures_inside import Beside, with_pictures
from .updating import update
from .written import as_written, authors_of, fields_of, fill_source, lies_beside, sign, source_text

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


GONE = "The article that was to be updated is there no more; decide on the file again."


class Conflict(ValueError):
    """What was to be done with a known file that has changed cannot be: the import was told to
    fail on that, or the article to update is there no more. `like` is the article."""

    def __init__(self, message: str, like: int | None = None):
        super().__init__(message)
        self.like = like


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a draft: the outcome, the article it belongs to, a flag for each article
    that is a near duplicate of what was written, and the key of another article that it may be a
    changed file of."""

    outcome: str
    article: Article
    note: str = ""
    similar: tuple[Flag, ...] = ()
    like: int | None = None


def store(
    draft: Draft,
    origin: str,
    file_name: str,
    *,
    run: ImportRun | None = None,
    publish: bool = False,
    tags: tuple[str, ...] = (),
    on_conflict: str = SKIP,
    onto: int | None = None,
    trial: bool = False,
    beside: Beside | None = None,
    then: Callable[[Stored], None] | None = None,
) -> Stored:
    """Write a draft into the library, once.

    `origin` is where the file lies, and with the SHA-256 of its bytes its identity; what was moved
    or renamed is known by its text; `onto` names the article it is an update of, where a curator
    has said so; `beside` gives the files that lie near it. `then` is called in the same
    transaction, so that what it writes is kept with the article or not at all; where a transient
    error or another import came in between, all of it is done anew.

    In a trial the caller rolls back what is written and tries again where that is called for; no
    time goes into renditions. Raises Conflict where `on_conflict` is "fail" and the file at
    `origin` has changed, and where the article `onto` is there no more.
    """

    def work() -> Stored:
        how = (run, publish, tags, on_conflict, trial, onto, beside)
        stored = _store(draft, origin, file_name, *how)
        if then:
            then(stored)
        return stored

    if trial:
        with transaction.atomic():
            return work()
    # Another import may write the same essay, author or tag, and a curator delete or merge what
    # was just found: looked for again, all is there or made.
    return retried(work, also=(IntegrityError,))


def _store(
    draft, origin, file_name, run, publish, tags, on_conflict, trial, onto, beside
) -> Stored:
    here, same, twin = known(draft, origin)
    was = None
    if onto:
        was = here = of_article(onto)
        if here is None or here.article.deleted_at:
            raise Conflict(GONE, onto)
    elif on_conflict in (UPDATE, FAIL) and not (here or same or twin):
        was = here = moved(draft, file_name, run)
    if here and here != same and on_conflict == UPDATE:
        # Whoever holds the article may change or delete it, or take in this very file.
        Article.objects.filter(pk=here.article_id).lock()
        there, same, twin = known(draft, origin)
        here = (was if onto else there) or was
        here = here and Source.objects.select_related("article").filter(pk=here.pk).first()
        if here and there and there != here:
            origin = another(origin, run)  # it is another article's place
    if same:
        note = _binned(same.article) or follow(same, origin, here) or _earlier(same, origin, run)
        return Stored(UNCHANGED, same.article, note)
    if twin and twin != here:
        note = _binned(twin.article) or follow(twin, origin, here) or _earlier(twin, origin, run)
        notes = filter(None, [note, _named_otherwise(draft, twin.article)])
        return Stored(DUPLICATE, twin.article, "; ".join(notes))
    like = here
    if here and on_conflict == NEW:
        origin, here = another(origin, run), None
    if not trial:
        draft = with_pictures(draft, run.started_by if run else None, beside)
    if here is None:
        article = _create(draft, origin, file_name, run, publish, tags, trial)
        similar = similar_flags(article.pk) if article.found_similar else ()
        note = ""
        if not like and (trial or similar) and on_conflict != UPDATE:
            like = moved(draft, file_name, run, besides=article.pk)
            note = f"perhaps the changed file of article {like.article_id}" if like else ""
        like = like.article_id if like else likest(article.pk) if similar else None
        return Stored(CREATED, article, note, similar, like)
    if on_conflict == FAIL:
        raise Conflict(
            f"The file has changed since it was imported as article {here.article_id}. "
            "Import it with --on-conflict update, or skip.",
            here.article_id,
        )
    if here.article.deleted_at:
        return Stored(UNCHANGED, here.article, _binned(here.article))
    if on_conflict == SKIP:
        note = "the file has changed since its import; --on-conflict update takes the change"
        return Stored(UNCHANGED, here.article, note, like=here.article_id)
    place = told_moved(here.origin) if was and not onto else ""
    found = update(here, draft, origin, file_name, run, tags, trial)
    here.article.refresh_from_db()
    note = "; ".join(filter(None, [place, found.note]))
    return Stored(UPDATED, here.article, note, similar_flags(here.article_id))


def likest(article: int) -> int | None:
    """Return the article most like this one."""
    return next((pair.partner_of(article) for pair in standing_pairs(article)), None)


def _binned(article: Article) -> str:
    """Say of an article in the recycle bin that it is there: an import takes nothing out of it."""
    if article.deleted_at is None:
        return ""
    return f"article {article.pk} is in the recycle bin; restore it there"


def _earlier(source: Source, origin: str, run: ImportRun | None) -> str:
    """Name the file of the same import that has the same text."""
    if run is None or source.run_id != run.pk or source.origin == origin:
        return ""
    return f"the same text as {place_of(source.origin)}, earlier in this import"


def _named_otherwise(draft: Draft, article: Article) -> str:
    """Tell title and authors of a copy that are others than those of its article."""
    authors = [author.name for author in article.byline]
    named = [script.convert(name, script.HANS) for name in draft.authors]
    has_title = script.comparable(draft.title) == script.comparable(article.title)
    if has_title and (not named or named == authors):
        return ""
    by = f" by {'、'.join(draft.authors)}" if draft.authors else ""
    return f"called 《{draft.title}》{by} in this file"


def _create(draft, origin, file_name, run, publish, tags, trial) -> Article:
    user = run.started_by if run else None
    article = Article(created_by=user, modified_by=user)
    fields = fields_of(draft)
    for name, value in fields.items():
        setattr(article, name, value)
    if publish and not draft.blocked:
        article.status = Status.PUBLISHED
    article.save(signature=draft.signature, with_renditions=not trial, with_index=False)
    article_tags, authors = tags_named(draft.tags, tags), authors_of(draft)
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object=article, tag=tag) for tag in article_tags
    )
    sign(article, authors, new=True)
    if not trial:
        article.make_findable()
    source = Source(article=article)
    fill_source(source, draft, origin, file_name, run)
    source.written = as_written(fields, authors, article_tags)
    source.save()
    if not trial:
        tell(change_of(None, article.status), [article.pk])
    return article


def rewrite(source: Source, edits: list[Edit], user, at: str = "") -> bool:
    """Make `edits` those of the source, and let the article follow; tell whether it changed.

    The body is made anew as on import. One that is no longer what the importer wrote is changed
    at the one place concerned; where the last update lies over the article as a draft, it is the
    draft. NoPlace is raised where that is not found for certain, unless `at` names it. Only where
    the body stays the same, a line read as metadata was touched: then title, date, authors and the
    like follow, except those a curator changed. Nothing is saved but the article. Raises
    UnreadableFile where no essay would be left.
    """
    before = Record(source.text, edits=[Edit(**edit) for edit in source.edits])
    after = Record(source.text, edits=edits)
    text = source_text(source)
    was, now = draft_of(before, text), draft_of(after, text)
    old, new = fields_of(was), fields_of(now)
    source.written = merged(source.written)
    article, written = source.article, source.written
    changed = {name for name in new if new[name] != old[name]}
    made, texts = (old["body"], new["body"]), (before.text, after.text)
    if lies_beside(source):
        _change_draft(source, changed, as_written(new, [], []), (made, texts, at), user)
        changed = set()
    elif "body" in changed:
        changed = {"body"}
        article.body = _body(article.body, written, made, texts, at)
    else:
        standing = as_written({name: getattr(article, name) for name in new}, [], [])
        plain = as_written(new, [], [])
        changed = {name for name in changed if standing[name] == written.get(name)}
        for name in changed:
            setattr(article, name, new[name])
            written[name] = plain[name]
        authors = [author.pk for author in article.byline]
        if was.authors != now.authors and authors == written["authors"]:
            people = authors_of(now)
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


def _change_draft(source: Source, changed: set[str], new: dict, texts: tuple, user) -> None:
    """Let the draft follow in which the last update lies over the article."""
    stands, written = source.article.draft.content, source.written
    if "body" in changed:
        changes = {"body": _body(stands["body"], written, *texts)}
    else:
        changes = {name: new[name] for name in changed if stands[name] == written.get(name)}
        written |= changes
    change_draft(source.article, changes, user)


def _body(
    stands: str, written: dict, made: tuple[str, str], texts: tuple[str, str], at: str
) -> str:
    """Return a body with a change made in it: as the importer makes it, of one that is his."""
    (old, new), (before, after) = made, texts
    if stands == written["body"] == old:
        written["body"] = new
        return new
    body = html.sanitise(in_place(stands, before, after, at))
    if stands == written["body"]:  # an earlier version of the importer built it otherwise
        written["body"] = body
    return body


def _spell(author: Author, old: str, new: str, article: Article) -> None:
    """Spell an author's traditional name as his only article does now, if it was read there."""
    elsewhere = author.authorships.exclude(article=article).exists()
    if author.name_hant == old and script.detect(new) == script.HANT and not elsewhere:
        author.name_hant = new
        author.save()
