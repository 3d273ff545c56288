"""Many files through the pipeline, on one processor or on several, in order."""

import hashlib
import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from .draft import Draft
from .fields.vocabulary import Vocabulary
from .files import ImportFile
from .pipeline import make_draft
from .refusals import Refusal, UnreadableFile

log = logging.getLogger(__name__)

_AHEAD = 4
"""Files read ahead for each worker: keeps them busy, and memory flat."""


class WorkerLost(RuntimeError):
    """A worker process was ended from outside; the files behind the last one yielded are open."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """One file after the pipeline: a draft, or why there is none."""

    file: ImportFile
    size: int = 0  # bytes
    sha256: str = ""
    draft: Draft | None = None
    refusal: Refusal | None = None

    @property
    def error(self) -> str:
        return str(self.refusal or "")


def draft_all(
    files: Iterable[ImportFile],
    *,
    vocabulary: Vocabulary,
    encoding: str | None = None,
    kept_lines: Collection[str] = (),
    jobs: int = 1,
) -> Iterator[Drafted]:
    """Yield each file drafted, in the order given; a file that gives no draft says why.

    Raises WorkerLost where the system ends a worker process, mostly for want of memory.
    """
    how = encoding, vocabulary, kept_lines
    if jobs == 1:
        for file in files:
            raw, failed = _read(file)
            yield failed or _drafted(file, raw, _draft(raw, file.name, *how))
        return
    # Started afresh, not forked: a forked worker would share the database connection.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _start_worker, how) as pool:
        waiting: deque[tuple[ImportFile, bytes, Drafted | None, Future | None]] = deque()
        try:
            for file in files:
                raw, failed = _read(file)
                future = None if failed else pool.submit(_work, raw, file.name)
                waiting.append((file, raw, failed, future))
                if len(waiting) >= jobs * _AHEAD:
                    yield _result(*waiting.popleft())
            while waiting:
                yield _result(*waiting.popleft())
        except BrokenProcessPool:
            raise WorkerLost(
                "A worker process was ended from outside, perhaps for want of memory"
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(file: ImportFile) -> tuple[bytes, Drafted | None]:
    try:
        return file.read(), None
    except UnreadableFile as error:
        return b"", Drafted(file, refusal=error.refusal)
    except OSError as error:
        why = {"error": str(error.strerror or error)}
        return b"", Drafted(file, refusal=Refusal("cannot-be-read", why))


def _draft(
    raw: bytes, name: str, encoding: str | None, vocabulary: Vocabulary, lines: Collection[str]
) -> tuple[Draft | None, Refusal | None]:
    try:
        chosen = {"encoding": encoding, "vocabulary": vocabulary, "kept_lines": lines}
        return make_draft(raw, name, **chosen), None
    except UnreadableFile as error:
        return None, error.refusal
    except Exception as error:
        # A slip of ours must not cost the other files of a long import their turn.
        log.exception("The pipeline failed on %s", name)
        return None, Refusal("importer-failed", {"error": repr(error)})


def _drafted(file: ImportFile, raw: bytes, result: tuple[Draft | None, Refusal | None]) -> Drafted:
    draft, refusal = result
    return Drafted(file, len(raw), hashlib.sha256(raw).hexdigest(), draft, refusal)


def _result(file: ImportFile, raw: bytes, failed: Drafted | None, future: Future | None) -> Drafted:
    return failed or _drafted(file, raw, future.result())


_settings: tuple[str | None, Vocabulary, Collection[str]] = (None, Vocabulary({}), ())


def _start_worker(encoding: str | None, vocabulary: Vocabulary, lines: Collection[str]) -> None:
    global _settings
    _settings = encoding, vocabulary, lines
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent's end: killed, it cannot stop its workers, and they would wait forever.

    Ends the process at once: what it is doing nobody will fetch.
    """
    multiprocessing.parent_process().join()
    os._exit(1)


def _work(raw: bytes, name: str) -> tuple[Draft | None, Refusal | None]:
    return _draft(raw, name, *_settings)
