"""An import from its first file to its last: what the command and the upload page both run."""

import logging
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, OperationalError, reset_queries, transaction

from ..importing.batch import Drafted, draft_all
from ..importing.fields.vocabulary import Vocabulary
from ..importing.files import ImportFile
from ..models import ImportRun
from . import library

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """What may be chosen for an import, the same in the command and on the upload page."""

    encoding: str | None = None
    publish: bool = False
    tags: tuple[str, ...] = ()
    on_conflict: str = library.SKIP
    jobs: int = 1
    fail_fast: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One file after its import: what the pipeline and the library made of it, or why not."""

    drafted: Drafted
    stored: library.Stored | None = None
    error: str = ""

    @property
    def outcome(self) -> str:
        return self.stored.outcome if self.stored else library.FAILED


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
    """Import files one by one and yield what became of each.

    Each is a transaction of its own; `on_stored` runs inside it, so that what it writes is kept
    with the article or not at all. A dry run keeps nothing: it sends everything through the
    pipeline first, which takes nearly all the time, and only then holds the database for one
    transaction, rolled back. `watch` sees each draft as it is made, for showing progress, and
    may raise to stop. Raises OperationalError where the database stops, batch.WorkerLost, and in
    a dry run OSError where the disk has no room for the drafts.
    """
    drafts = draft_all(files, vocabulary=vocabulary, encoding=options.encoding, jobs=options.jobs)
    try:
        if dry_run:
            yield from _tried(files, watch(drafts), run, options)
            return
        for drafted in watch(drafts):
            _forget_queries()
            with transaction.atomic() if on_stored else nullcontext():
                result = _stored(drafted, run, options)
                if on_stored:
                    on_stored(result)
            yield result
            if options.fail_fast and not result.stored:
                return
    finally:
        drafts.close()


def _tried(
    files: list[ImportFile], drafts: Iterable[Drafted], run: ImportRun | None, options: Options
) -> Iterator[Result]:
    # On disk, not in memory: tens of thousands of drafts would not fit.
    with tempfile.TemporaryFile() as kept:
        count = 0
        for drafted in drafts:
            made = (drafted.size, drafted.sha256, drafted.draft, drafted.error)
            pickle.dump(made, kept, pickle.HIGHEST_PROTOCOL)
            count += 1
            if options.fail_fast and drafted.draft is None:
                break
        kept.seek(0)
        with transaction.atomic():
            try:
                for file in files[:count]:
                    _forget_queries()
                    drafted = Drafted(file, *pickle.load(kept))  # noqa: S301 - our own, unnamed
                    result = _stored(drafted, run, options, trial=True)
                    yield result
                    if options.fail_fast and not result.stored:
                        return
            finally:
                transaction.set_rollback(True)


def _forget_queries() -> None:
    """Drop what Django keeps of the last queries under DEBUG: 9,000 of them, with whole essays."""
    if settings.DEBUG:
        reset_queries()


def _stored(
    drafted: Drafted, run: ImportRun | None, options: Options, *, trial: bool = False
) -> Result:
    if drafted.draft is None:
        return Result(drafted, error=drafted.error)
    try:
        stored = library.store(
            drafted.draft,
            drafted.file.origin,
            drafted.file.name,
            run=run,
            publish=options.publish,
            tags=options.tags,
            on_conflict=options.on_conflict,
            trial=trial,
        )
    except library.Conflict as error:
        return Result(drafted, error=str(error))
    except OperationalError:
        raise  # the database itself, not this file
    except (DatabaseError, ValueError) as error:
        log.exception("Storing %s failed", drafted.file.path)
        return Result(drafted, error=f"The article could not be stored: {error}")
    return Result(drafted, stored)
