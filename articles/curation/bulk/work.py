"""The life of a bulk run: confirmed, done batch by batch, watched, cancelled, taken up again.

A small run is done within the request, a large one by a process of its own, as uploads are. What
is done is noted in the transaction that does it, so one that is killed goes on where it was.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal import processes
from portal.transactions import retried

from ...models import BulkItem, BulkRun
from ...search.engine import engine
from .changing import change, failed
from .choosing import needed

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Articles up to which a run is done within the request: it takes some seconds."""

BATCH = 200

_SIGN_OF_LIFE = timedelta(minutes=2)
"""How long a process may be silent: a batch takes seconds, its turn at SQLite up to 30."""

KEPT_FOR = timedelta(days=1)
"""How long a run waits for its confirmation."""

State = BulkRun.State


class Stopped(Exception):
    """The run was cancelled, or another process has taken it up."""


def start(run: BulkRun, *, of: str) -> bool:
    """Confirm a run, or take it up again, and start the process that works on it.

    Returns False where it is no longer in the state `of`: somebody else was quicker. One that
    failed goes on with what waits still, if anything does.
    """
    waiting = BulkRun.objects.filter(pk=run.pk, state=of)
    if of == State.WORKING:
        waiting = waiting.filter(alive_until__lt=timezone.now())
    elif of == State.FAILED:
        left = BulkItem.objects.filter(run=OuterRef("pk"), outcome=BulkItem.Outcome.WAITING)
        waiting = waiting.filter(Exists(left))
    changed = waiting.update(
        state=State.WORKING,
        worker=uuid.uuid4().hex,
        alive_until=timezone.now() + _SIGN_OF_LIFE,
        finished_at=None,
        cancel_requested=False,
        error="",
    )
    if changed:
        run.refresh_from_db()
        if run.total <= AT_ONCE:
            work(run)
        else:
            spawn(run)
    return bool(changed)


def spawn(run: BulkRun) -> None:
    """Start a process that outlives this one."""

    def when_dead() -> None:
        mine = BulkRun.objects.filter(pk=run.pk, worker=run.worker, state=State.WORKING)
        mine.update(alive_until=timezone.now() - timedelta(seconds=1))

    try:
        place = Path(settings.SPOOL_DIR) / "bulk_run.log"
        processes.start(["bulk_run", str(run.pk)], place, when_dead)
    except OSError as error:
        _end(run, State.FAILED, error=f"The work could not be started: {error}.")


def work(run: BulkRun, tell: Callable[[int, int], None] | None = None) -> None:
    """Do what still waits of a run."""
    try:
        if not (run.started_by and run.started_by.has_perm(needed(run))):
            raise PermissionError("Whoever confirmed it may not do this any more.")
        waiting = run.items.filter(outcome=BulkItem.Outcome.WAITING).order_by("pk")
        keys = list(waiting.values_list("pk", flat=True))
        run.done = run.total - len(keys)
        for start in range(0, len(keys), BATCH):
            _sign(run)
            _change(run, keys[start : start + BATCH])
            if tell:
                tell(run.done, run.total)
            if start + BATCH < len(keys):
                engine().let_others_write()
    except Stopped:
        _end(run, State.CANCELLED)
    except Exception as error:
        log.exception("Bulk run %s failed", run.pk)
        _end(run, State.FAILED, error=f"{type(error).__name__}: {error}")
    else:
        _end(run, State.DONE)
    run.refresh_from_db()


def cancel(run: BulkRun) -> None:
    """Ask the process at work to stop after the batch it is at; end the run where none is."""
    BulkRun.objects.filter(pk=run.pk, state=State.WORKING).update(cancel_requested=True)
    run.refresh_from_db()
    if run.state == State.ASKED or run.is_interrupted:
        _end(run, State.CANCELLED)


def sweep() -> None:
    """Forget runs nobody confirmed: nor does anybody while they are being forgotten."""
    before = timezone.now() - KEPT_FOR
    with transaction.atomic():
        asked = BulkRun.objects.filter(state=State.ASKED, as_of__lt=before).order_by("pk")
        keys = list(asked.select_for_update().values_list("pk", flat=True))
        BulkRun.objects.filter(pk__in=keys).delete()


def _change(run: BulkRun, keys: list[int]) -> None:
    """Change a batch; where it fails, article by article, so that one holds no other up."""
    try:
        change(run, keys)
    except OperationalError:
        raise  # the database itself, not an article
    except Exception as error:
        log.exception("A batch of bulk run %s failed", run.pk)
        if len(keys) == 1:
            failed(run, keys[0], error)
            return
        for key in keys:
            _change(run, [key])


def _sign(run: BulkRun) -> None:
    mine = BulkRun.objects.filter(pk=run.pk, worker=run.worker, cancel_requested=False)
    if not retried(lambda: mine.update(alive_until=timezone.now() + _SIGN_OF_LIFE)):
        raise Stopped


def _end(run: BulkRun, state: str, error: str = "") -> None:
    """Close a run, unless another process has it by now."""
    mine = BulkRun.objects.filter(pk=run.pk, worker=run.worker)
    mine = mine.filter(state__in=[State.ASKED, State.WORKING])
    end = {"state": state, "error": error, "finished_at": timezone.now(), "alive_until": None}
    retried(lambda: mine.update(**end))
    run.refresh_from_db()
