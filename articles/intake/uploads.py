"""The life of an upload: checked by a dry run, confirmed, imported, watched all the while.

The work is done by a process of its own, `manage.py import_essays --run N`: a request would time
out, and a web server's worker may be ended at any time. All that is known of it stands in the
database, so that any process can show it, end it or take it up again. One that failed keeps its
files for a while and can be taken up again too.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.utils import timezone

from portal import jobs
from portal.jobs import Busy
from portal.leases import Stopped
from portal.transactions import retried

from ..curation.audit import audit
from ..curation.policy import Deed, may
from ..importing.batch import Drafted
from ..importing.files import ImportFile
from ..models import Article, ImportRun, RunFile, RunState, Tag
from . import before_import, import_loop, library, spool

log = logging.getLogger(__name__)

UPLOAD = "articles.add_importrun"

KEPT_FOR = timedelta(days=1)
"""How long the files of an upload are kept that nobody confirms, goes on with or gives up."""

_BETWEEN_SIGNS = 0.5
"""Seconds between two signs of life, less than the page's between two questions."""

_MOST_PASSED_OVER = 200
"""Files named that were passed over, of each upload."""

NOT_ALLOWED = "Whoever confirmed the import may no longer do so."


class NotAllowed(Exception):
    """Whoever confirmed the run may no longer import, or not in this way."""


def may_run(user, run: ImportRun) -> bool:
    """Tell whether a user may import in the way that was chosen: updating may change what readers
    see, as publishing does."""
    changes_readers_pages = (
        run.options["publish"]
        or run.options["on_conflict"] == library.UPDATE
        or before_import.may_update(run)
    )
    unseen = may(user, Deed.PUBLISH_UNSEEN)
    return user.has_perm(UPLOAD) and (unseen or not changes_readers_pages)


def can_go_on(run: ImportRun) -> bool:
    """Tell whether a run that failed can be taken up again."""
    return run.state == RunState.FAILED and spool.is_kept(run)


def start(run: ImportRun, *, of: str, to: str, by) -> bool:
    """Take a run from one state to the next and start the process that works on it.

    An import is done at the word of `by`, who has to be allowed to for as long as it takes.
    Returns False where the run is no longer in that state, as somebody else was quicker, or where
    its files are gone.
    """
    # The files of one just asked for wait for confirmation from now on.
    since = {} if to == RunState.IMPORTING else {"started_at": timezone.now()}

    def take() -> bool:
        list(ImportRun.objects.select_for_update(no_key=True).filter(pk=run.pk))  # nobody sweeps
        if not (spool.is_kept(run) and run.claim(of=of, to=to, done=0, **since)):
            return False
        if to == RunState.IMPORTING:
            run.options["confirmed_by"] = by.pk
            run.save(update_fields=["options"])
        return True

    taken = retried(take)
    if taken:
        spawn(run)
    return taken


def resume(run: ImportRun, *, by) -> bool:
    """Take up again a run that was interrupted or failed, where it was; as `start`."""
    was_confirmed = "confirmed_by" in run.options or run.state == RunState.IMPORTING
    step = RunState.IMPORTING if was_confirmed else RunState.CHECKING
    may_be = (*ImportRun.WORKING, RunState.FAILED)
    return run.state in may_be and start(run, of=run.state, to=step, by=by)


def spawn(run: ImportRun) -> None:
    """Have the work done by a process that outlives this one."""
    words = ("import_essays", "--run", str(run.pk))
    try:
        jobs.launch(jobs.Job(*words, log=spool.folder(run) / "log"), run.lose)
    except OSError as error:
        _end(run, RunState.FAILED, error=f"The import could not be started: {error}.")


def work(run: ImportRun) -> None:
    """Do what a run waits for: the dry run, or the import. Called in its own process."""
    sweep()
    try:
        if run.state in run.WORKING:
            run.begin()
        if run.state == RunState.CHECKING:
            _check(run)
        elif run.state == RunState.IMPORTING:
            _import(run)
    except Stopped:
        log.info("Import run %s was stopped", run.pk)
        _end(run, RunState.CANCELLED)
    except Busy:
        raise  # it is being done
    except NotAllowed:
        log.info("Import run %s was stopped: nobody answers for it any more", run.pk)
        _end(run, RunState.FAILED, error=NOT_ALLOWED)
    except Exception as error:
        log.exception("Import run %s failed", run.pk)
        _end(run, RunState.FAILED, error=f"{type(error).__name__}: {error}")
        raise


def cancel(run: ImportRun) -> None:
    """Ask the process at work to stop after the file it is at; end the run where none is."""
    is_waiting = run.ask_to_stop() and run.state in (*run.WORKING, RunState.READY)
    if is_waiting or can_go_on(run):
        _end(run, RunState.CANCELLED, error=run.error)


def sweep() -> None:
    """End uploads that waited too long, and delete folders that belong to none."""
    kept = spool.numbers()
    standing = ImportRun.objects.in_bulk(kept)
    for number in kept:
        if number not in standing:
            spool.discard(ImportRun(pk=number))
        elif _is_left(standing[number]):
            retried(partial(_sweep, number))


def _is_left(run: ImportRun) -> bool:
    """Tell whether nobody has come back to a run for so long that its files may go."""
    last = run.alive_until or run.finished_at or run.started_at
    return last < timezone.now() - KEPT_FOR


def _sweep(number: int) -> None:
    # Under a lock: whoever confirms the run at this moment keeps its files, or is told it is over.
    run = ImportRun.objects.select_for_update(no_key=True).filter(pk=number).first()
    if run and _is_left(run):
        if run.state in (*ImportRun.WORKING, RunState.READY):
            _end(run, RunState.CANCELLED)
        spool.discard(run)


def _end(run: ImportRun, state: RunState, error: str = "") -> None:
    """Close a run, unless another process has it by now. Its files are no longer needed, but for
    those of one that failed: it can be taken up again."""
    was = run.state

    def close() -> bool:
        totals = _totals(run)
        closed = run.end(state, of=[was], error=error, totals=totals)
        if closed and was == RunState.IMPORTING:
            said = f"{state.label} {error}"
            audit(run.started_by, "import", run, after=totals, note=said, operator=run.operator)
        return closed

    if retried(close) and state != RunState.FAILED:
        spool.discard(run)


def _totals(run: ImportRun) -> dict[str, int]:
    """Return the counts of what was imported, as reports give them."""
    outcomes = Counter(run.files.filter(is_imported=True).values_list("outcome", flat=True))
    return {"files": outcomes.total()} | {name: outcomes[name] for name in library.OUTCOMES}


def _hold(run: ImportRun) -> None:
    """Let nobody else take the run up before this transaction ends. Raises Stopped where somebody
    has."""
    mine = run.mine().filter(state=run.state).select_for_update(no_key=True)
    standing = mine.values_list("started_by").first()
    if standing is None:
        raise Stopped
    [run.started_by_id] = standing  # a user may be deleted


def _check(run: ImportRun) -> None:
    passed_over: list[tuple[str, str]] = []
    files = spool.files_of(run, lambda *skip: passed_over.append(skip))
    run.options["passed_over"] = passed_over[:_MOST_PASSED_OVER]
    run.total = len(files)

    def begin() -> None:
        _hold(run)
        run.save(update_fields=["options", "total"])

    retried(begin)
    found = [before_import.row_of(result) for result in _results(run, files, dry_run=True)]
    if not found:
        _end(run, RunState.FAILED, error="There is no essay among the files.")
        spool.discard(run)
        return
    totals = Counter(row["outcome"] for row in found)

    def tell() -> None:
        _hold(run)
        named = {row[name] for row in found for name in ("article_id", "like")} - {None}
        standing = dict(Article.objects.filter(pk__in=named).values_list("pk", "deleted_at"))
        rows = [
            row
            | {
                "article_id": row["article_id"] if row["article_id"] in standing else None,
                "like": row["like"] if standing.get(row["like"], True) is None else None,
            }
            for row in found
        ]
        run.files.all().delete()
        RunFile.objects.bulk_create(
            (RunFile(run=run, position=position, **row) for position, row in enumerate(rows)),
            batch_size=200,
        )
        run.mine().release(
            state=RunState.READY,
            done=len(found),
            totals={"files": len(found)} | {name: totals[name] for name in library.OUTCOMES},
        )

    retried(tell, also=(IntegrityError,))  # an article may be deleted meanwhile


def _import(run: ImportRun) -> None:
    files = spool.files_of(run, lambda *skip: None)
    retried(partial(_leave_out, run))
    done = set(run.files.filter(is_imported=True).values_list("position", flat=True))
    decided = run.files.exclude(typed={}, choice="")
    rows = {row.position: row for row in decided}
    waiting = [position for position in range(len(files)) if position not in done]
    at = 0

    def record(result: import_loop.Result) -> None:
        _hold(run)
        row, source = rows.get(waiting[at]), None
        if row and row.typed and result.outcome in (library.CREATED, library.UPDATED):
            publish = run.options["publish"] and result.outcome == library.CREATED
            source = before_import.put_in(result.stored.article, row, publish=publish)
        fields = before_import.row_of(result, source) | {"is_imported": True}
        run.files.update_or_create(position=waiting[at], defaults=fields)

    chosen = {
        files[n]: before_import.way_of(rows[n]) for n in waiting if n in rows and rows[n].choice
    }
    results = _results(
        run, [files[n] for n in waiting], on_stored=record, before=len(done), chosen=chosen
    )
    for at, _result in enumerate(results, 1):  # noqa: B007 - each is on record, at its place
        pass
    _end(run, RunState.DONE)


def _leave_out(run: ImportRun) -> None:
    """Mark the files as done with that a curator wants left out."""
    _hold(run)
    run.files.filter(is_imported=False, choice=RunFile.Choice.LEAVE).update(
        is_imported=True, outcome=library.UNCHANGED, article=None, note=before_import.LEFT_OUT
    )


def _results(
    run: ImportRun,
    files: list[ImportFile],
    *,
    before: int = 0,
    chosen: import_loop.Chosen = MappingProxyType({}),
    **how,
) -> Iterator[import_loop.Result]:
    options = import_loop.Options(
        encoding=run.options["encoding"] or None,
        publish=run.options["publish"],
        tags=tuple(run.options["tag"]),
        on_conflict=run.options["on_conflict"],
        chosen=chosen,
    )
    return import_loop.import_files(
        files,
        run,
        options,
        vocabulary=Tag.objects.vocabulary(),
        watch=lambda drafts: _alive(run, drafts, before),
        **how,
    )


def _alive(run: ImportRun, drafts: Iterator[Drafted], before: int) -> Iterator[Drafted]:
    """Yield the drafts, telling the database from time to time how far it is."""
    last = 0.0
    for number, drafted in enumerate(drafts, before):
        if time.monotonic() - last >= _BETWEEN_SIGNS:
            _sign(run, number)
            last = time.monotonic()
        yield drafted
    _sign(run, run.total)


def _sign(run: ImportRun, done: int) -> None:
    """Tell how far a run is. Raises Stopped where it was cancelled or taken up by another process,
    NotAllowed where nobody who may import answers for it any more."""
    run.sign(done=done)
    if run.state == RunState.IMPORTING:
        number = run.options.get("confirmed_by", run.started_by_id)
        user = get_user_model().objects.filter(pk=number).first()
        if user is None or not may_run(user, run):
            raise NotAllowed
