"""The life of an upload: checked by a dry run, confirmed, imported, watched all the while.

The work is done by a process of its own, `manage.py import_essays --run N`: a request would time
out, and a web server's worker may be ended at any time. All that is known of it stands in the
database, so that any process can show it, end it or take it up again.
"""

import logging
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from portal import processes

from ..curation.audit import audit
from ..importing.batch import Drafted
from ..importing.files import ImportFile
from ..models import Article, ImportRun, RunFile, RunState, Tag
from . import import_loop, library, spool

log = logging.getLogger(__name__)

_SIGN_OF_LIFE = timedelta(minutes=2)
"""How long a process may be silent: the worst single file takes up to a minute."""

_BETWEEN_SIGNS = 0.5
"""Seconds between two signs of life, less than the page's between two questions."""

_A_FILE = timedelta(seconds=0.1)
"""Time to allow for storing a file in a dry run, which can give no sign meanwhile; five times
what was measured."""

_MOST_PASSED_OVER = 200
"""Files named that were passed over, of each upload."""


class Stopped(Exception):
    """The run was cancelled, or another process has taken it up."""


def start(run: ImportRun, *, of: str, to: str) -> bool:
    """Take a run from one state to the next and start the process that works on it.

    Returns False where it is no longer in that state: somebody else was quicker.
    """
    waiting = ImportRun.objects.filter(pk=run.pk, state=of)
    if of in ImportRun.WORKING:
        waiting = waiting.filter(alive_until__lt=timezone.now())
    changed = waiting.update(
        state=to,
        worker=uuid.uuid4().hex,
        alive_until=timezone.now() + _SIGN_OF_LIFE,
        cancel_requested=False,
        done=0,
        error="",
    )
    if changed:
        run.refresh_from_db()
        spawn(run)
    return bool(changed)


def spawn(run: ImportRun) -> None:
    """Start a process that outlives this one."""

    def when_dead() -> None:
        mine = ImportRun.objects.filter(pk=run.pk, worker=run.worker, state__in=ImportRun.WORKING)
        mine.update(alive_until=timezone.now() - timedelta(seconds=1))

    try:
        command = ["import_essays", "--run", str(run.pk)]
        processes.start(command, spool.folder(run) / "log", when_dead)
    except OSError as error:
        _end(run, RunState.FAILED, error=f"The import could not be started: {error}.")


def work(run: ImportRun) -> None:
    """Do what a run waits for: the dry run, or the import. Called in its own process."""
    spool.sweep()
    try:
        if run.state == RunState.CHECKING:
            _check(run)
        elif run.state == RunState.IMPORTING:
            _import(run)
    except Stopped:
        log.info("Import run %s was stopped", run.pk)
        _end(run, RunState.CANCELLED)
    except Exception as error:
        log.exception("Import run %s failed", run.pk)
        _end(run, RunState.FAILED, error=f"{type(error).__name__}: {error}")
        raise


def cancel(run: ImportRun) -> None:
    """Ask the process at work to stop after the file it is at; end the run where none is."""
    ImportRun.objects.filter(pk=run.pk, state__in=ImportRun.WORKING).update(cancel_requested=True)
    run.refresh_from_db()
    if run.state == RunState.READY or run.is_interrupted:
        _end(run, RunState.CANCELLED)


def _end(run: ImportRun, state: RunState, error: str = "") -> None:
    """Close a run, unless another process has it by now; its files are no longer needed."""
    mine = ImportRun.objects.filter(pk=run.pk, worker=run.worker).exclude(state=RunState.DONE)
    was_importing, totals = run.state == RunState.IMPORTING, _totals(run)
    if mine.update(
        state=state, error=error, finished_at=timezone.now(), totals=totals, alive_until=None
    ):
        if was_importing:
            said = f"{state.label} {error}"
            audit(run.started_by, "import", run, after=totals, note=said, operator=run.operator)
        spool.discard(run)


def _totals(run: ImportRun) -> dict[str, int]:
    """Return the counts of what was imported, as reports give them."""
    outcomes = Counter(run.files.filter(is_imported=True).values_list("outcome", flat=True))
    return {"files": outcomes.total()} | {name: outcomes[name] for name in library.OUTCOMES}


def _check(run: ImportRun) -> None:
    passed_over: list[tuple[str, str]] = []
    files = spool.files_of(run, lambda *skip: passed_over.append(skip))
    run.options["passed_over"] = passed_over[:_MOST_PASSED_OVER]
    run.total = len(files)
    run.save(update_fields=["options", "total"])
    run.files.all().delete()
    last = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = [
        RunFile(run=run, position=position, **_row(result, last))
        for position, result in enumerate(_results(run, files, dry_run=True))
    ]
    RunFile.objects.bulk_create(rows, batch_size=200)
    if not rows:
        _end(run, RunState.FAILED, error="There is no essay among the files.")
        return
    totals = Counter(row.outcome for row in rows)
    ImportRun.objects.filter(pk=run.pk, worker=run.worker, state=RunState.CHECKING).update(
        state=RunState.READY,
        done=len(rows),
        alive_until=None,
        totals={"files": len(rows)} | {name: totals[name] for name in library.OUTCOMES},
    )


def _import(run: ImportRun) -> None:
    files = spool.files_of(run, lambda *skip: None)
    done = set(run.files.filter(is_imported=True).values_list("position", flat=True))
    waiting = [position for position in range(len(files)) if position not in done]
    positions = iter(waiting)

    def record(result: import_loop.Result) -> None:
        fields = _row(result) | {"is_imported": True}
        run.files.update_or_create(position=next(positions), defaults=fields)

    for _result in _results(run, [files[n] for n in waiting], on_stored=record, before=len(done)):
        pass  # each is on record
    _end(run, RunState.DONE)


def _results(
    run: ImportRun, files: list[ImportFile], *, before: int = 0, **how
) -> Iterator[import_loop.Result]:
    chosen = run.options
    on_conflict = chosen["on_conflict"]
    options = import_loop.Options(
        encoding=chosen["encoding"] or None,
        publish=chosen["publish"],
        tags=tuple(chosen["tag"]),
        on_conflict=library.SKIP if on_conflict == spool.NEW else on_conflict,
    )
    return import_loop.import_files(
        files,
        run,
        options,
        vocabulary=Tag.objects.vocabulary(),
        watch=lambda drafts: _alive(run, drafts, before, len(files) if "dry_run" in how else 0),
        **how,
    )


def _alive(
    run: ImportRun, drafts: Iterator[Drafted], before: int, stored_later: int
) -> Iterator[Drafted]:
    """Yield the drafts, telling the database from time to time how far it is."""
    last = 0.0
    for number, drafted in enumerate(drafts, before):
        if time.monotonic() - last >= _BETWEEN_SIGNS:
            _sign(run, number, _SIGN_OF_LIFE)
            last = time.monotonic()
        yield drafted
    _sign(run, run.total, _SIGN_OF_LIFE + _A_FILE * stored_later)


def _sign(run: ImportRun, done: int, silence: timedelta) -> None:
    mine = ImportRun.objects.filter(pk=run.pk, worker=run.worker, cancel_requested=False)
    if not mine.update(done=done, alive_until=timezone.now() + silence):
        raise Stopped


def _row(result: import_loop.Result, last: int | None = None) -> dict:
    """Return what is kept of one file's result; of a dry run, no article newer than `last`."""
    drafted, stored, draft = result.drafted, result.stored, result.drafted.draft
    article = stored.article if stored else None
    if article and last is not None and article.pk > last:
        article = None  # rolled back
    fields = {
        "path": drafted.file.path[-1000:],
        "outcome": result.outcome,
        "article_id": article.pk if article else None,
        "note": stored.note if stored else "",
        "error": result.error,
    }
    if draft is None:
        return fields
    flag_kinds = Counter(flag.kind for flag in draft.flags)
    if result.outcome in (library.CREATED, library.UPDATED):
        flag_kinds = (
            stored.article.source.flag_kinds
        )  # with near duplicates, which the library finds
    return fields | {
        "title": draft.title[:200],
        "authors": "、".join(draft.authors)[:300],
        "stated_date": draft.stated_date,
        "edit_kinds": Counter(edit.kind for edit in draft.edits),
        "flag_kinds": flag_kinds,
    }
