"""Readers' pages from a copy of the database that follows it, where there is one.

`DATABASE_REPLICA_URL` names a streaming replica of PostgreSQL. Whoever is not signed in reads from
it: all of a page, with the versions it is kept by, so that no page is a mixture of two databases.
Who is signed in reads where they write, and finds what they wrote. A replica that is away, cut off
or too far behind is not asked for a while; nobody notices but the database.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

REPLICA = "replica"

_LOOKED_AT_EVERY = 1.0
"""Seconds between two looks at how far a replica is behind, in each process."""

_LEFT_ALONE = 5.0
"""Seconds in which one that could not be read from is not asked again."""

_BEHIND = """
SELECT CASE
  WHEN NOT pg_is_in_recovery() THEN 0
  WHEN NOT EXISTS (SELECT 1 FROM pg_stat_wal_receiver) THEN NULL
  WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
  ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
END::float8
"""
"""Seconds a replica is behind, or NULL where it hears nothing from its primary."""


class _Standing:
    """What a process knows of its replica: until when it may be read from, or is left alone."""

    def __init__(self):
        self.lock = threading.Lock()
        self.good_until = self.bad_until = 0.0

    def forget(self) -> None:
        self.good_until = self.bad_until = 0.0

    def is_fit(self) -> bool:
        """Tell whether pages may be read from the replica now."""
        now = time.monotonic()
        if now < self.bad_until:
            return False
        if now < self.good_until:
            return True
        with self.lock:  # one looks, the others go by what it finds
            if now < self.good_until or now < self.bad_until:
                return now < self.good_until
            why = self.why_not()
            if why:
                log.warning("Readers are served by the primary: %s", why)
                self.bad_until = time.monotonic() + _LEFT_ALONE
            else:
                self.good_until = time.monotonic() + _LOOKED_AT_EVERY
            return not why

    def why_not(self) -> str:
        """Return why the replica is not fit to be read from, or nothing."""
        try:
            with connections[REPLICA].cursor() as cursor:
                cursor.execute(_BEHIND)
                [behind] = cursor.fetchone()
        except DatabaseError as error:
            connections[REPLICA].close()
            return f"the replica does not answer: {error}".strip().splitlines()[0]
        if behind is None:
            return "the replica hears nothing from its primary"
        if behind > settings.REPLICA_LAG:
            return f"the replica is {behind:.0f} s behind"
        return ""

    def fail(self, error: Exception) -> None:
        """Note that a page could not be read from the replica."""
        log.warning("Readers are served by the primary: %s", error)
        self.bad_until, self.good_until = time.monotonic() + _LEFT_ALONE, 0.0


standing = _Standing()

_primary: ContextVar = ContextVar("primary", default=None)


def read_from_replica(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware, the outermost that asks a database: let the pages of who is not signed in be read
    from the replica."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not (_is_readers(request) and standing.is_fit()):
            return get_response(request)
        with _from_replica():
            response = get_response(request)
        if response.status_code >= 500 and not _answers():
            # It went away while the page was made: the primary makes it.
            standing.fail(DatabaseError("the replica went away"))
            return get_response(request)
        return response

    return respond


def _is_readers(request: HttpRequest) -> bool:
    """Tell whether a request is for a page that shows nobody's own: there is no session."""
    return (
        request.method in ("GET", "HEAD")
        and request.path.startswith(_PAGES)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


_PAGES = (*(f"/{code}/" for code, _ in settings.LANGUAGES), "/sitemap", "/robots.txt", "/pictures/")


def _answers() -> bool:
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connections[REPLICA].close()
        return False
    return True


@contextmanager
def _from_replica() -> Iterator[None]:
    """Let `connection`, and every query that names no database, be the replica's in this thread."""
    own = connections[DEFAULT_DB_ALIAS]
    token = _primary.set(own)
    connections[DEFAULT_DB_ALIAS] = connections[REPLICA]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = own
        _primary.reset(token)


@contextmanager
def primary() -> Iterator[None]:
    """Let what is inside be read from and written to the primary, whatever page is being made."""
    own, there = _primary.get(), connections[DEFAULT_DB_ALIAS]
    if own is None:
        yield
        return
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = there
