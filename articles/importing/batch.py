"""Many files through the pipeline, on one processor or on several, in order."""

import hashlib
import logging
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

from ..text import kept_patterns
from ..text.script.word_borders import dictionary
from . import readers
from .draft import Draft
from .fields.vocabulary import Vocabulary
from .files import ImportFile
from .pipeline import load
from .refusals import Refusal, UnreadableFile
from .workers import Result, Worker, WorkerLost

log = logging.getLogger(__name__)

_AHEAD = 16
"""Files read ahead for each worker. Some are stored together, which takes as long as to read
them: with fewer, workers have nothing to do meanwhile, and after it who stores has not."""

_MOST_AHEAD = 32 * 1024 * 1024
"""Bytes of files read ahead at most."""


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

    Raises WorkerLost where no process can be started to read them in.
    """
    dictionary()  # who stores the drafts reads it as well: once for both, before they part
    if kept_patterns.missing():
        readers.load()  # their patterns are kept as well
        load()
    elif jobs > 1:
        load()  # so that all workers have the same tables, and not each its own
    kept_patterns.stop()
    workers = [Worker((encoding, vocabulary, kept_lines)) for _ in range(jobs)]
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def draft(raw: bytes, name: str) -> Result:
        worker = free.get()
        try:
            return worker.draft(raw, name)
        finally:
            free.put(worker)

    threads = ThreadPoolExecutor(jobs)
    waiting: deque[tuple[ImportFile, bytes, Drafted | None, Future | None]] = deque()
    ahead = 0
    try:
        for file in files:
            raw, failed = _read(file)
            ahead += len(raw)
            future = None if failed else threads.submit(draft, raw, file.name)
            waiting.append((file, raw, failed, future))
            while waiting and (len(waiting) >= jobs * _AHEAD or ahead > _MOST_AHEAD):
                ahead -= len(waiting[0][1])
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.end()


def _read(file: ImportFile) -> tuple[bytes, Drafted | None]:
    try:
        return file.read(), None
    except UnreadableFile as error:
        return b"", Drafted(file, refusal=error.refusal)
    except OSError as error:
        why = {"error": str(error.strerror or error)}
        return b"", Drafted(file, refusal=Refusal("cannot-be-read", why))


def _result(file: ImportFile, raw: bytes, failed: Drafted | None, future: Future | None) -> Drafted:
    if failed:
        return failed
    draft, refusal = future.result()
    if refusal and refusal.code == "importer-failed":
        log.error("The pipeline failed on %s: %s", file.path, refusal.values["error"])
    return Drafted(file, len(raw), hashlib.sha256(raw).hexdigest(), draft, refusal)


__all__ = ["Drafted", "WorkerLost", "draft_all"]
