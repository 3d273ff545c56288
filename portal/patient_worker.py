"""A worker of gunicorn in which whoever says nothing, or says it slowly, holds up nobody.

Gunicorn's own gives each new connection a thread that waits for its request: a few dozen idle ones,
as browsers open them ahead, take all threads. Here what is said is gathered as it comes, and a
thread takes over when the request is whole: its head, and of its body what is small. A large upload
is read by its thread, as it goes to a file.
"""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ

from gunicorn.workers.gthread import TConn, ThreadWorker

MOST_GATHERED = 64 * 1024
"""Bytes after which a thread takes over in any case."""

_BY_MACHINES = re.compile(rb"(?:GET|HEAD) /(?:healthz|readyz|metrics)[ ?]")
"""How a request begins that asks how the portal is. It has a thread of its own, for it is asked
most when all others wait for something that does not answer."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)


def is_whole(said: bytes) -> bool:
    """Tell whether a thread can take over: the request is there, or larger than is gathered."""
    if len(said) >= MOST_GATHERED:
        return True
    head, end, body = said.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + end)
    missing = int(length[1]) - len(body) if length else 0
    return bool(end) and (missing <= 0 or len(said) + missing > MOST_GATHERED)


class PatientWorker(ThreadWorker):
    """Listens to all connections in one thread, and answers in several."""

    def init_process(self) -> None:
        """Have one thread besides those that make pages."""
        self._apart = ThreadPoolExecutor(1)
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Gather the next request of a connection; what was read ahead of it is its beginning."""
        if self.cfg.is_ssl:  # nothing can be read before there is a key
            super().enqueue_req(conn)
            return
        conn.said = conn.parser.unreader.take_buffered() if conn.parser else b""
        conn.sock.setblocking(False)
        if self._hear(conn):
            return
        conn.timeout = time.monotonic() + self.cfg.timeout
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._hear_more, conn))

    def _hear_more(self, conn: TConn, sock) -> None:
        if self._hear(conn, is_pending=True):
            self.pending_conns.remove(conn)

    def _hear(self, conn: TConn, *, is_pending: bool = False) -> bool:
        """Gather what has come; tell whether that was all, and a thread took over or it ended."""
        is_open = True
        try:
            while is_open and not is_whole(conn.said):
                some = conn.sock.recv(MOST_GATHERED)
                conn.said += some
                is_open = bool(some)
        except BlockingIOError:
            return False
        except OSError:
            is_open = False
        if is_pending:
            self.poller.unregister(conn.sock)
        if is_open and _BY_MACHINES.match(conn.said):
            answered = self._apart.submit(self.handle, conn)
            answered.add_done_callback(
                lambda done: self.method_queue.defer(self.finish_request, conn, done)
            )
        elif is_open:
            super().enqueue_req(conn)
        else:
            self.nr_conns -= 1
            conn.close()
        return True

    def handle(self, conn: TConn):
        """Answer a request, in a thread."""
        if not self.cfg.is_ssl:
            conn.data_ready = True
            conn.init()
            conn.parser.unreader.unread(conn.said)
            conn.said = b""
        return super().handle(conn)
