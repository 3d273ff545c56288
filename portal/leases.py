"""Rows that work is done on in the background: who holds one, for how long, and how it ends.

Whoever works on a row promises its next sign of life by `alive_until`. Once that is past, nobody is
taken to be at work, and another worker takes the row up where it was. No clock but that of the
database's clients is needed for it, nor a process that watches.
"""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .jobs import Busy
from .transactions import retried

_WAITING = "-"
"""Before the name of a worker that was claimed for and has not begun."""

SIGN_OF_LIFE = timedelta(minutes=2)
"""How long a worker may be silent: a batch or a file takes seconds, its turn at SQLite up to 30."""


class Stopped(Exception):
    """The work was cancelled, or another worker has taken it up."""


class LeasedQuerySet(models.QuerySet):
    def held(self):
        """Return the rows that somebody is at work on."""
        return self.filter(alive_until__gt=timezone.now())

    def free(self):
        """Return the rows that nobody is at work on, or that nobody has been heard from."""
        return self.filter(Q(alive_until=None) | Q(alive_until__lte=timezone.now()))

    def sign(self, silence: timedelta = SIGN_OF_LIFE, **told) -> int:
        """Promise the next sign of life of these rows, and tell how far they are; returns how many
        there are. `free().sign()` takes them, and of two who do only one succeeds."""
        return self.update(alive_until=timezone.now() + silence, **told)

    def release(self, **told) -> int:
        """Say that nobody is at work on these rows any more."""
        return self.update(alive_until=None, **told)


class Held(models.Model):
    """A row that is worked on by whoever has taken it; two at once would do no harm."""

    alive_until = models.DateTimeField(null=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        abstract = True


class Leased(Held):
    """A row that goes through states, and in some of them (WORKING) one worker alone has it.

    It has a `state`, an `error` and the time when it was `finished_at` as well. The worker knows
    itself by `worker`, so one that was thought dead and comes back is told to stop.

        run.claim(of=State.ASKED, to=State.WORKING) and launch(job, run.lose)   at the desk
        run.begin()                              the worker, first; it may be Stopped or Busy
        run.sign(done=200)                       the worker, after each batch; it may be Stopped
        run.ask_to_stop() and run.end(State.CANCELLED)    at the desk: no worker will do that
        run.end(State.DONE)                      the worker
        run.claim(of=State.WORKING, to=State.WORKING)     again, when nobody has been heard from
    """

    WORKING: Collection[str] = ()

    worker = models.CharField(max_length=32, blank=True, default="")
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def is_interrupted(self) -> bool:
        """Tell whether the worker has not been heard from for longer than it promised."""
        silent = self.alive_until is None or self.alive_until < timezone.now()
        return self.state in self.WORKING and silent

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING and not self.is_interrupted

    def claim(self, of: str, to: str, **told) -> bool:
        """Take the row from one state to another that is worked in, for a worker to come.

        Returns False where it is no longer in that state, or somebody is at work on it: somebody
        else was quicker.
        """
        waiting = self._rows().filter(pk=self.pk, state=of)
        if of in self.WORKING:
            waiting = waiting.free()
        told = {"cancel_requested": False, "error": "", "finished_at": None} | told
        told |= {"state": to, "worker": _WAITING + uuid.uuid4().hex[len(_WAITING) :]}
        claimed = retried(lambda: waiting.sign(**told))
        if claimed:
            self.refresh_from_db()
        return bool(claimed)

    def begin(self) -> None:
        """Take up what was claimed. Of two who were sent to do it one does.

        A message may come again while who got it first is at work, or after that one died: then it
        is claimed anew. Raises Busy in the first case, Stopped where another has claimed it.
        """
        own = self.worker.removeprefix(_WAITING)
        waiting = self.mine().filter(state__in=self.WORKING)
        if self.worker != own and retried(lambda: waiting.sign(worker=own)):
            self.worker = own
            return
        # Whoever is not claimed for any more must not come to know the name of who is.
        theirs = self._rows().filter(pk=self.pk, worker=own, state__in=self.WORKING)
        standing = theirs.values_list("state", "alive_until").first()
        if standing is None:
            raise Stopped
        state, until = standing
        if not self.claim(of=state, to=state):
            if until is None:  # claimed or ended at this moment
                raise Stopped
            raise Busy(until - timezone.now())
        self.begin()

    def sign(self, silence: timedelta = SIGN_OF_LIFE, **told) -> None:
        """Give a sign of life, and tell how far it is; raises Stopped where that is not wanted."""
        going = self.mine().filter(state__in=self.WORKING, cancel_requested=False)
        if not retried(lambda: going.sign(silence, **told)):
            raise Stopped

    def ask_to_stop(self) -> bool:
        """Ask the worker to stop at its next sign of life; tell whether there is none to do so."""
        working = self._rows().filter(pk=self.pk, state__in=self.WORKING)
        retried(lambda: working.update(cancel_requested=True))
        self.refresh_from_db()
        return not self.is_working

    def end(self, state: str, *, of: Collection[str], error: str = "", **told) -> bool:
        """Close the row in one of the states `of`; tells whether it was this worker's to close."""
        mine = self.mine().filter(state__in=of)
        told = {"state": state, "error": error, "finished_at": timezone.now()} | told
        ended = retried(lambda: mine.release(**told))
        self.refresh_from_db()
        return bool(ended)

    def lose(self) -> None:
        """Say that the worker has died, so that others need not wait for its next sign."""
        worker = self.worker.removeprefix(_WAITING)
        theirs = self._rows().filter(pk=self.pk, worker__in=[worker, self.worker])
        theirs.filter(state__in=self.WORKING).release()

    def mine(self) -> LeasedQuerySet:
        """Return this row, unless another worker has it by now."""
        return self._rows().filter(pk=self.pk, worker=self.worker)

    def _rows(self) -> LeasedQuerySet:
        return type(self)._default_manager.all()
