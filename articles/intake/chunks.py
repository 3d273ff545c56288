"""An import handed out in chunks to workers, here or on other machines.

What is to be done stands in the database, a row for each file, and is noted as done in the
transaction that stores its article. So a chunk may be given to two workers, or come again after one
died: nothing is done twice and nothing is lost. The files must lie at the same place for all.
"""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.db.models import Count, F
from django.utils import timezone

from portal import jobs
from portal.transactions import retried

from ..curation.audit import audit
from ..importing.files import ImportFile, collect
from ..importing.pipeline import make_draft
from ..models import ImportRun, RunFile, Tag
from . import before_import, import_loop, library

log = logging.getLogger(__name__)

MOST = 50
"""Files of a chunk at most: some seconds of work, which is what a dead worker costs."""

SHARES = 40
"""Chunks that a small import is cut into at least, so that several workers have something to do."""

TRIES = 3
"""Times that a file may end the worker it is read by before it is set aside."""

GONE = "The file is no longer where it was."
SET_ASIDE = "Set aside: {} workers in a row did not come to its end."

QUIET = 180
"""Seconds without a file done, after which what is open is handed out again."""

_BETWEEN_LOOKS = 0.5  # seconds
_BATCH = 1000
_LONGEST = 1000  # characters of a place, of those that fit its row


def list_files(run: ImportRun, files: Iterable[ImportFile]) -> int:
    """Note what is to be imported, and return how many files there are."""
    rows = (RunFile(run=run, position=at, path=_place(one)) for at, one in enumerate(files))
    while batch := list(islice(rows, _BATCH)):
        RunFile.objects.bulk_create(batch)
        run.total += len(batch)
    run.save(update_fields=["total"])
    return run.total


def hand_out(run: ImportRun) -> int:
    """Have all done that is still open, chunk by chunk; return how many chunks that makes.

    Raises OSError where nobody takes it.
    """
    size = min(max(run.total // SHARES, 1), MOST)
    waiting = run.files.filter(is_imported=False).order_by("position")
    chunks = sorted({at // size for at in waiting.values_list("position", flat=True)})
    for chunk in chunks:
        first = chunk * size
        words = ("import_essays", "--chunk", str(run.pk), str(first), str(first + size))
        jobs.launch(jobs.Job(*words))
    return len(chunks)


def work(run: ImportRun, first: int, behind: int) -> None:
    """Import the files of a chunk that are still to be done, from one position to before another;
    whoever does the last of a run ends it."""
    rows = run.files.filter(position__gte=first, position__lt=behind, is_imported=False)
    _load()
    there = _files_of(run.pk)
    together = []
    for row in rows.order_by("position"):
        if row.path not in there:
            _fail(row, GONE)
        elif row.tries >= TRIES:
            _fail(row, SET_ASIDE.format(row.tries))
        elif row.tries:  # a worker died of one of those it had: which, is found out one by one
            _import(run, [row], there)
        else:
            together.append(row)
    if together:
        _import(run, together, there)
    end_if_done(run)


def _import(run: ImportRun, chosen_rows: list[RunFile], there: dict[str, ImportFile]) -> None:
    """Import files, noted as tried before they are read."""
    rows = {row.path: row for row in chosen_rows}
    tried = run.files.filter(pk__in=[row.pk for row in chosen_rows])
    retried(lambda: tried.update(tries=F("tries") + 1))
    options = run.options
    chosen = import_loop.Options(
        options["encoding"], options["publish"], tuple(options["tag"]), options["on_conflict"]
    )

    def note(result: import_loop.Result) -> None:
        row = rows[_place(result.drafted.file)]
        waiting = run.files.filter(pk=row.pk, is_imported=False)
        told = before_import.row_of(result) | {"path": row.path, "is_imported": True}
        waiting.update(**told)  # none where another worker was quicker

    files = [there[place] for place in rows]
    results = import_loop.import_files(
        files, run, chosen, vocabulary=Tag.objects.vocabulary(), on_stored=note
    )
    with closing(results):
        for _result in results:
            pass  # each is on record
    done = run.files.filter(is_imported=True).count()
    retried(lambda: ImportRun.objects.filter(pk=run.pk, done__lt=done).update(done=done))


def end_if_done(run: ImportRun) -> bool:
    """End a run of which nothing is open, once; tell whether that is so."""
    if run.files.filter(is_imported=False).exists():
        return False

    def end() -> None:
        own = ImportRun.objects.select_for_update(no_key=True).filter(pk=run.pk, finished_at=None)
        if own.first() is None:
            return  # another worker had the last but one
        told = totals(run)
        own.update(finished_at=timezone.now(), totals=told, done=run.total)
        said = " ".join(run.options["paths"])
        audit(None, "import", run, after=told, note=said, operator=run.operator)

    retried(end)
    return True


def totals(run: ImportRun) -> dict[str, int]:
    """Return the counts of what was imported so far, as reports give them."""
    rows = run.files.filter(is_imported=True).values_list("outcome").annotate(n=Count("pk"))
    found = Counter(dict(rows.order_by()))
    return {"files": found.total()} | {name: found[name] for name in library.OUTCOMES}


def follow(run: ImportRun) -> Iterator[int]:
    """Yield how many files are done, until all are; hand out again what is open when nothing has
    been done for `QUIET` seconds: a broker may have lost what it was given."""
    done, since = -1, time.monotonic()
    while True:
        now = run.files.filter(is_imported=True).count()
        if now != done:
            done, since = now, time.monotonic()
            yield done
        if end_if_done(run):
            return
        if time.monotonic() - since > QUIET:
            with suppress(OSError):  # the broker is away still
                log.warning("Nothing was done for %.0f s: %s is handed out again", QUIET, run)
                hand_out(run)
            since = time.monotonic()
        time.sleep(_BETWEEN_LOOKS)


@lru_cache(1)
def _load() -> None:
    """Load the dictionaries once: the processes that files are read in are forked from this one."""
    text = "工会(huì)要打?qū)嵎⻊?wù)职工的基础，走进班组听职工说。"
    make_draft(text.encode(), "first.txt", vocabulary=Tag.objects.vocabulary())


def _fail(row: RunFile, error: str) -> None:
    waiting = RunFile.objects.filter(pk=row.pk, is_imported=False)
    retried(lambda: waiting.update(is_imported=True, outcome=library.FAILED, error=error))


def _place(file: ImportFile) -> str:
    """Return what tells a file from all others of its run, short enough for its row."""
    if len(file.origin) <= _LONGEST:
        return file.origin
    return hashlib.sha256(file.origin.encode()).hexdigest() + file.origin[-_LONGEST + 64 :]


@lru_cache(1)
def _files_of(run: int) -> dict[str, ImportFile]:
    """Return the files of a run by their places: walked once by each worker."""
    options = ImportRun.objects.values_list("options", flat=True).get(pk=run)
    paths = [Path(path) for path in options["paths"]]
    found = collect(paths, lambda *skip: None, options["encoding"])
    return {_place(file): file for file in found}
