"""An import from its first file to its last: what the command and the upload page both run."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import DatabaseError, OperationalError, reset_queries

from portal.transactions import retried

from ..importing.batch import Drafted, WorkerLost, draft_all
from ..importing.fields.vocabulary import Vocabulary
from ..importing.files import ImportFile
from ..models import Article, ImportRun, SiteLine
from . import library
from .identity import moved
from .new_articles import File, known_names, store_new
from .pictures_inside import has_pictures, looked_at
from .trial import Trial

log = logging.getLogger(__name__)


Chosen = Mapping[ImportFile, tuple[str, int | None]]
"""Of files that were decided on one by one: what to do on a conflict, and the article that is to be
updated."""


@dataclass(frozen=True)
class Options:
    """What may be chosen for an import, the same in the command and on the upload page."""

    encoding: str | None = None
    publish: bool = False
    tags: tuple[str, ...] = ()
    on_conflict: str = library.SKIP
    jobs: int = 1
    fail_fast: bool = False
    chosen: Chosen = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """One file after its import: what the pipeline and the library made of it, or why not."""

    drafted: Drafted
    stored: library.Stored | None = None
    error: str = ""
    dry_run: bool = False
    twin: str = ""  # in a dry run, the path of an earlier file that would make the article
    conflict: int | None = None  # the article that a conflict is with, which has stopped it

    @property
    def outcome(self) -> str:
        return self.stored.outcome if self.stored else library.FAILED

    @property
    def article(self) -> Article | None:
        """The article that is there now; what a dry run made is not."""
        gone = self.twin or (self.dry_run and self.outcome == library.CREATED)
        return self.stored.article if self.stored and not gone else None

    @property
    def like(self) -> int | None:
        """The key of the article that the file may be a changed one of."""
        return self.stored.like if self.stored else self.conflict

    @property
    def note(self) -> str:
        note = self.stored.note if self.stored else ""
        if self.twin and self.outcome in (library.DUPLICATE, library.UNCHANGED):
            note = note or f"the same text as {self.twin}, earlier in this import"
        return note


def _as_it_comes(drafts: Iterator[Drafted]) -> Iterator[Drafted]:
    return drafts


def import_files(
    files: list[ImportFile],
    run: ImportRun | None,
    options: Options,
    *,
    vocabulary: Vocabulary,
    dry_run: bool = False,
    watch: Callable[[Iterator[Drafted]], Iterable[Drafted]] = _as_it_comes,
    on_stored: Callable[[Result], None] | None = None,
) -> Iterator[Result]:
    """Import files and yield what became of each, in their order.

    New ones are written some together, in one transaction; where that fails, and all others, each
    in its own. `on_stored` runs inside that of each, so that what it writes is kept with the
    article or not at all, and runs again where the transaction has to: then none are written
    together. A dry run keeps nothing: it rolls each file back before the next. `watch` sees each
    draft as it is made, for showing progress, and may raise to stop. Raises OperationalError where
    the database stops, batch.WorkerLost, and in a dry run OSError where the disk has no room for
    the drafts.
    """
    drafts = draft_all(
        files,
        vocabulary=vocabulary,
        encoding=options.encoding,
        kept_lines=SiteLine.objects.kept(),
        jobs=options.jobs,
    )
    with closing(drafts), closing(Trial()) if dry_run else nullcontext() as trial:
        one_by_one = bool(trial or on_stored or options.fail_fast)
        for some in _groups(watch(drafts), 1 if one_by_one else TOGETHER):
            _forget_queries()
            if len(some) > 1:
                yield from _all_stored(some, run, options)
                continue
            result = _stored(some[0], run, options, trial, on_stored)
            yield result
            if options.fail_fast and not result.stored:
                return


TOGETHER = 16
"""Files at the most that are written together: beyond, the database does not get faster, and what a
stopped import has read and not yet written is not lost for long."""

_MOST_CHARACTERS = 200_000
"""Characters of them, so that memory stays flat."""


def _groups(drafts: Iterable[Drafted], most: int) -> Iterator[list[Drafted]]:
    """Yield files in their order, some at a time."""
    some, size = [], 0
    try:
        for drafted in drafts:
            some.append(drafted)
            size += len(drafted.draft.source_text) if drafted.draft else 0
            if len(some) >= most or size >= _MOST_CHARACTERS:
                yield some
                some, size = [], 0
    except WorkerLost:  # what came before is whole
        if some:
            yield some
        raise
    if some:
        yield some


def _all_stored(some: list[Drafted], run: ImportRun | None, options: Options) -> Iterator[Result]:
    """Write files, the new ones among them together, and yield what became of each."""
    files = {
        drafted.file: File(drafted.draft, drafted.file.origin, drafted.file.name)
        for drafted in some
        if drafted.draft
    }
    met, waiting = known_names(files.values()), []
    for drafted in some:
        file = files.get(drafted.file)
        if file is None:
            waiting.append(drafted)  # its turn comes with the others'
            continue
        by_itself = drafted.file in options.chosen or not met.isdisjoint(file.known_by)
        by_itself = by_itself or has_pictures(drafted.draft)
        if not by_itself and options.on_conflict in (library.UPDATE, library.FAIL):
            by_itself = bool(moved(file.draft, file.name, run))
        met |= file.known_by
        if not by_itself:
            waiting.append(drafted)
            continue
        yield from _together(waiting, run, options)
        waiting = []
        yield _stored(drafted, run, options, None, None)
    yield from _together(waiting, run, options)


def _together(some: list[Drafted], run: ImportRun | None, options: Options) -> Iterator[Result]:
    """Write new files together, or one by one where that cannot be."""
    drafted = [one for one in some if one.draft]
    stored = {}
    if len(drafted) > 1:
        try:
            found = store_new(
                [File(one.draft, one.file.origin, one.file.name) for one in drafted],
                run=run,
                publish=options.publish,
                tags=options.tags,
                on_conflict=options.on_conflict,
            )
            stored = dict(zip((one.file for one in drafted), found, strict=True))
        except OperationalError:
            raise  # the database itself, not these files
        except (DatabaseError, ValueError) as failure:
            log.info("Files are written one by one after %s", failure)
    for one in some:
        if one.file in stored:
            yield Result(one, stored[one.file])
        else:
            yield _stored(one, run, options, None, None)


def _forget_queries() -> None:
    """Drop what Django keeps of the last queries under DEBUG: 9,000 of them, with whole essays."""
    if settings.DEBUG:
        reset_queries()


def _stored(
    drafted: Drafted,
    run: ImportRun | None,
    options: Options,
    trial: Trial | None,
    on_stored: Callable[[Result], None] | None,
) -> Result:
    draft, file = drafted.draft, drafted.file
    on_conflict, onto = options.chosen.get(file, (options.on_conflict, None))
    chosen = {
        "run": run,
        "publish": options.publish,
        "tags": options.tags,
        "on_conflict": on_conflict,
        "onto": onto,
    }
    error, like = drafted.error, None
    try:
        if draft and trial:
            drafted = replace(drafted, draft=looked_at(draft, file.beside))
            stored, twin = trial.store(drafted, **chosen)
            return Result(drafted, stored, dry_run=True, twin=twin)
        if draft:

            def then(stored: library.Stored) -> None:
                if on_stored:
                    on_stored(Result(drafted, stored))

            chosen["beside"], chosen["then"] = file.beside, then
            return Result(drafted, library.store(draft, file.origin, file.name, **chosen))
    except library.Conflict as conflict:
        error, like = str(conflict), conflict.like
    except OperationalError:
        raise  # the database itself, not this file
    except (DatabaseError, ValueError) as failure:
        log.exception("Storing %s failed", file.path)
        error = f"The article could not be stored: {failure}"
    failed = Result(drafted, error=error, dry_run=trial is not None, conflict=like)
    if on_stored:
        retried(lambda: on_stored(failed))
    return failed
