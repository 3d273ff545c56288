"""The life of a bulk run: confirmed, done batch by batch, watched, cancelled, taken up again.

A small run is done within the request, a large one by a process of its own, as uploads are. What
is done is noted in the transaction that does it, so one that is killed goes on where it was.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import jobs
from portal.jobs import Busy
from portal.leases import Stopped

from ...models import BulkItem, BulkRun
from ...search.engine import engine
from .changing import change, failed, in_words
from .choosing import needed

log = logging.getLogger(__name__)

NOT_ALLOWED, NOT_STARTED = "not-allowed", "not-started"
"""Why a run failed, as it is kept: the desk says it in its language. Anything else is the error's
own name and words, for whoever runs the portal."""

AT_ONCE = 200
"""Articles up to which a run is done within the request: it takes some seconds."""

BATCH = 200

KEPT_FOR = timedelta(days=1)
"""How long a run waits for its confirmation."""

State = BulkRun.State


def start(run: BulkRun, *, of: str) -> bool:
    """Confirm a run, or take it up again, and start the process that works on it.

    Returns False where it is no longer in the state `of`: somebody else was quicker. One that
    failed goes on with what waits still, if anything does.
    """
    waiting = run.items.filter(outcome=BulkItem.Outcome.WAITING)
    if of == State.FAILED and not waiting.exists():
        return False
    if not run.claim(of=of, to=State.WORKING):
        return False
    if run.total <= AT_ONCE:
        work(run)
    else:
        spawn(run)
    return True


def spawn(run: BulkRun) -> None:
    """Have the work done by a process that outlives this one."""
    try:
        jobs.launch(jobs.Job("bulk_run", str(run.pk)), run.lose)
    except OSError as error:
        run.end(State.FAILED, of=run.WORKING, error=f"{NOT_STARTED}: {error}")


def work(run: BulkRun, tell: Callable[[int, int], None] | None = None) -> None:
    """Do what still waits of a run."""
    try:
        run.begin()
        if not (run.started_by and run.started_by.has_perm(needed(run))):
            run.end(State.FAILED, of=run.WORKING, error=NOT_ALLOWED)
            return
        waiting = run.items.filter(outcome=BulkItem.Outcome.WAITING).order_by("pk")
        keys = list(waiting.values_list("pk", flat=True))
        run.done = run.total - len(keys)
        for start in range(0, len(keys), BATCH):
            run.sign()
            _change(run, keys[start : start + BATCH])
            if tell:
                tell(run.done, run.total)
            if start + BATCH < len(keys):
                engine().let_others_write()
    except Busy:
        raise  # it is being done
    except Stopped:
        run.end(State.CANCELLED, of=run.WORKING)
    except Exception as error:
        log.exception("Bulk run %s failed", run.pk)
        run.end(State.FAILED, of=run.WORKING, error=f"{type(error).__name__}: {error}")
    else:
        run.end(State.DONE, of=run.WORKING)


def why_failed(run: BulkRun) -> str:
    """Return in words why a run failed."""
    code, _colon, more = run.error.partition(": ")
    if code == NOT_ALLOWED:
        return _("Whoever confirmed it may not do this any more.")
    if code == NOT_STARTED:
        return _("The work could not be started: %(error)s") % {"error": more}
    return in_words(run.error)


def cancel(run: BulkRun) -> None:
    """Ask the process at work to stop after the batch it is at; end the run where none is."""
    if run.ask_to_stop():
        run.end(State.CANCELLED, of=[State.ASKED, *run.WORKING])


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
