"""Processes that read files under limits: what asks for too much costs its file, never the run.

The system sets the limits, as no parser can be trusted to keep any: a hundred kilobytes can be made
to ask for gigabytes or hours. Memory and time of the processor are counted for each file; a clock
stands behind that for what waits without working. A worker that died is followed by another.
"""

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Collection, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from .draft import Draft
from .fields.vocabulary import Vocabulary
from .pipeline import make_draft
from .refusals import Refusal, UnreadableFile

SECONDS, MEMORY, OUTPUT = 90, 1024 * 1024 * 1024, 256 * 1024 * 1024
"""Time of the processor for one file, twice what the longest takes; memory of a worker beyond what
it starts with, and bytes of a draft."""

_GARBAGE = 100_000
"""Objects that a worker makes and keeps before Python looks for those that nobody reaches: what one
page out of step needs meanwhile, and Python's 700 cost it a fifth of its time."""

_WALL = SECONDS * 10
"""Seconds by the clock, on a machine that does much else, after which a worker is given up."""

How = tuple[str | None, Vocabulary, Collection[str]]
"""Encoding, vocabulary and kept lines: what `make_draft` is told beside a file."""

Result = tuple[Draft | None, Refusal | None]

HEAVY = Refusal("file-heavy")
DIED = Refusal("importer-failed", {"error": "its process ended"})


class WorkerLost(RuntimeError):
    """No worker can be started; the files behind the last one yielded are open."""


class Worker:
    """A process that makes drafts of files, one after the other; used by one thread at a time."""

    def __init__(self, how: How):
        self._how = how
        self._start()

    def _start(self) -> None:
        # Forked, it has loaded all there is to load. Elsewhere systems do not bear that.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_work, args=(there, self._how), daemon=True)
        try:
            with _as_no_daemon():
                self._process.start()
        except OSError as error:
            raise WorkerLost(f"No worker can be started: {error.strerror}") from None
        there.close()

    def draft(self, raw: bytes, name: str) -> Result:
        """Return the draft of a file, or why there is none. One that was killed by somebody else,
        mostly for want of memory, is followed by another that tries once more."""
        for _ in range(2):
            if not self._process.is_alive():
                self._start()
            with contextlib.suppress(OSError, EOFError):
                self._here.send_bytes(pickle.dumps((raw, name)))
                if not self._here.poll(_WALL):
                    break
                result = pickle.loads(self._here.recv_bytes(OUTPUT))  # noqa: S301 - our own process
                if result[1] == HEAVY:  # the memory that took may not come back
                    self.end()
                return result
            for _ in range(100):  # its end is told by the system a moment after its pipe is closed
                if not self._process.is_alive():
                    break
                time.sleep(0.01)
            if self._process.exitcode != -signal.SIGKILL:
                break
        cost_too_much = self._process.exitcode in (None, -getattr(signal, "SIGXCPU", 0))
        self.end()
        return None, HEAVY if cost_too_much else DIED

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._here.close()


@contextlib.contextmanager
def _as_no_daemon() -> Iterator[None]:
    """Start a process from one that counts as a daemon too, as those of Celery do: Python forbids
    that, so that nothing is left behind, but these end with their parent by themselves."""
    config = multiprocessing.current_process()._config
    was = config.pop("daemon", None)
    try:
        yield
    finally:
        if was is not None:
            config["daemon"] = was


def _work(there: Connection, how: How) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    if sys.platform == "linux":
        _let_go(there)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory()
    gc.set_threshold(_GARBAGE, *gc.get_threshold()[1:])
    while True:
        try:
            raw, name = pickle.loads(there.recv_bytes())  # noqa: S301 - of our own process
        except EOFError:
            os._exit(0)
        _limit_time()
        there.send_bytes(pickle.dumps(_drafted(raw, name, how)))


def _drafted(raw: bytes, name: str, how: How) -> Result:
    encoding, vocabulary, lines = how
    try:
        chosen: dict[str, Any] = {"encoding": encoding, "vocabulary": vocabulary}
        return make_draft(raw, name, **chosen, kept_lines=lines), None
    except UnreadableFile as error:
        return None, error.refusal
    except MemoryError:
        return None, HEAVY
    except Exception as error:
        # A slip of ours must not cost the other files of a long import their turn.
        return None, Refusal("importer-failed", {"error": repr(error)})


def _let_go(there: Connection) -> None:
    """Close what was open in the parent: connections to the database, files, a server's sockets.

    None of it is used here, and what the parent closes is to be closed. Objects that stand for it
    are never freed, so none of them says goodbye in the parent's name.
    """
    gc.disable()
    gc.freeze()
    kept = {0, 1, 2, there.fileno(), multiprocessing.parent_process().sentinel}
    for opened in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        if opened not in kept:
            with contextlib.suppress(OSError):
                os.close(opened)
    gc.enable()


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _limit_time() -> None:
    """Give the next file its time: the system ends this process when that is used up."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        most = int(time.process_time()) + 1 + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _end_with_parent() -> None:
    """Wait for the parent's end: killed, it cannot stop its workers, and they would wait forever.

    Ends the process at once: what it is doing nobody will fetch.
    """
    multiprocessing.parent_process().join()
    os._exit(1)
