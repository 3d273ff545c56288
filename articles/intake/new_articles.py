"""Articles of many new files, written together: of each kind of row all with one statement.

Most of what an import brings is new, and to write file by file costs more than to read it: some
thirty statements each, which the database plans and Django puts together anew. What is known, or
may be, goes by `library.store`, file by file; so does what could not be written together.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import IntegrityError
from django.db.models import Q

from portal.transactions import retried

from ..curation.happenings import tell
from ..curation.near_duplicates import note_new, similar_flags
from ..curation.revisions import change_of
from ..importing.draft import Draft
from ..models import (
    Article,
    Author,
    Authorship,
    ImportRun,
    Redirect,
    Rendition,
    RenditionCorrection,
    Source,
    Status,
    Tag,
    TaggedArticle,
    changes,
)
from ..text import script
from . import library
from .authors_and_tags import author_named, tags_by_name
from .identity import moved
from .library import Stored, likest
from .written import as_written, fields_of, fill_source


class File(NamedTuple):
    """A file that was read: its draft, where it lies and what it is called."""

    draft: Draft
    origin: str
    name: str

    @property
    def known_by(self) -> set[str]:
        """What another file may share with it, and be the same then."""
        return {self.origin, self.draft.sha256, self.draft.text_key}


def known_names(files: Collection[File]) -> set[str]:
    """Return the places, digests and text keys of these files that sources of the library have."""
    drafts = [file.draft for file in files]
    some = Source.objects.filter(
        Q(origin__in=[file.origin for file in files])
        | Q(sha256__in=[draft.sha256 for draft in drafts])
        | Q(text_key__in=[draft.text_key for draft in drafts])
    )
    return {name for row in some.values_list("origin", "sha256", "text_key") for name in row}


def store_new(
    files: Sequence[File],
    *,
    run: ImportRun | None,
    publish: bool,
    tags: tuple[str, ...],
    on_conflict: str,
) -> list[Stored]:
    """Write files that nobody knows and that share nothing, as `library.store` would write one
    after the other: all or none.

    Raises IntegrityError where somebody else has written one of them meanwhile, or deleted what it
    goes by, and whatever one of the rows is refused for.
    """
    return retried(lambda: _store_new(files, run, publish, tags, on_conflict))


def _store_new(files, run, publish, tags, on_conflict) -> list[Stored]:
    fields = [fields_of(file.draft) for file in files]
    articles = _articles(files, fields, run, publish)
    signatures = [(one, file.draft.signature) for one, file in zip(articles, files, strict=True)]
    stored = [
        _stored(article, file, run, on_conflict)
        for article, file in zip(note_new(signatures), files, strict=True)
    ]
    known = {name for file in files for name in file.draft.tags}
    by_name = tags_by_name(known, tags)
    tagged = [_tags(by_name, {*file.draft.tags, *tags}) for file in files]
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object=article, tag=tag)
        for article, some in zip(articles, tagged, strict=True)
        for tag in some
    )
    signed = _authors(files)
    _sign(articles, signed)
    changes.says_all([article.pk for article in articles])
    sources = []
    for article, file, own, authors, some in zip(
        articles, files, fields, signed, tagged, strict=True
    ):
        source = Source(article=article)
        fill_source(source, *file, run)
        source.written = as_written(own, authors, some)
        sources.append(source)
    Source.objects.bulk_create(sources)
    for status in sorted({article.status for article in articles}):
        of_it = [article.pk for article in articles if article.status == status]
        tell(change_of(None, status), of_it)
    return stored


def _articles(files, fields, run, publish) -> list[Article]:
    user = run.started_by if run else None
    articles, texts = [], []
    for file, own in zip(files, fields, strict=True):
        article = Article(created_by=user, modified_by=user, **own)
        if publish and not file.draft.blocked:
            article.status = Status.PUBLISHED
        texts.append(article.prepare())
        articles.append(article)
    Article.objects.bulk_create(articles)
    corrections = RenditionCorrection.objects.by_script()
    Rendition.objects.bulk_create(
        rendition
        for article, text in zip(articles, texts, strict=True)
        for rendition in article.in_scripts(script.SCRIPTS, text, corrections)
    )
    return articles


def _tags(by_name: dict[str, Tag], names: set[str]) -> list[Tag]:
    found = {by_name[name].pk: by_name[name] for name in names if name in by_name}
    return [found[key] for key in sorted(found)]


def _authors(files: Sequence[File]) -> list[list[Author]]:
    """Return the authors of each file, found or made in the order of their names, and of one name
    in that of the files: it may depend on who was before."""
    asked = [
        (script.convert(name, script.HANS), at, name)
        for at, file in enumerate(files)
        for name in file.draft.authors
    ]
    found: dict[tuple[int, str], Author] = {}
    last: tuple[str, str, str] | None = None
    for hans, at, name in sorted(asked, key=lambda one: (script.fold(one[0]), one[0], one[1])):
        who = (hans, name, files[at].draft.unit)
        if who != last:
            author = author_named(name, files[at].draft.unit)
        found[at, name], last = author, who
    return [[found[at, name] for name in file.draft.authors] for at, file in enumerate(files)]


def _sign(articles: list[Article], signed: list[list[Author]]) -> None:
    wanted = {author.pk for authors in signed for author in authors}
    now = Redirect.objects.rows(Author, wanted, hold=True)
    if gone := wanted - now.keys():
        raise IntegrityError(f"{len(gone)} authors were deleted meanwhile.")
    Authorship.objects.bulk_create(
        Authorship(article=article, author=author, position=position)
        for article, authors in zip(articles, signed, strict=True)
        for position, author in enumerate(dict.fromkeys(now[one.pk] for one in authors), 1)
    )


def _stored(article: Article, file: File, run, on_conflict: str) -> Stored:
    if not article.found_similar:
        return Stored(library.CREATED, article)
    like = None
    if on_conflict != library.UPDATE:
        like = moved(file.draft, file.name, run, besides=article.pk)
    note = f"perhaps the changed file of article {like.article_id}" if like else ""
    like_key = like.article_id if like else likest(article.pk)
    return Stored(library.CREATED, article, note, similar_flags(article.pk), like_key)
