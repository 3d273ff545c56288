"""Whether this process can serve pages, told within seconds whatever happened to what it needs."""

import threading
import time
from concurrent.futures import Future
from contextlib import closing
from functools import cache

from django.core.cache import caches
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .forgiving_redis import ForgivingRedis

OK = "ok"
_PATIENCE = 4.0
"""Seconds to wait for an answer: who asks gives up after 5, as a rule."""

_OF_A_STATEMENT = 1
"""Seconds a statement may take that looks whether the database is there."""

_AWAY = (503, "the database does not answer")


def migrations_missing() -> list[str]:
    """Return what this release has of migrations, and the database not. Raises DatabaseError."""
    with closing(connections.create_connection("default")) as connection:
        connection.settings_dict = connection.settings_dict | {"ANSWER_WITHIN": _OF_A_STATEMENT}
        recorder = MigrationRecorder(connection)
        applied = set(recorder.applied_migrations()) if recorder.has_table() else set()
    return sorted(".".join(one) for one, of in _migrations() if not applied & of)


@cache
def _migrations() -> list[tuple[tuple[str, str], frozenset]]:
    """Return each migration of this release with what it goes by; one that takes the place of
    others is there with the last of these."""
    loader = MigrationLoader(None)
    found = loader.disk_migrations.items()
    replaced = {old for _, migration in found for old in migration.replaces}
    return [
        (key, frozenset([key, *migration.replaces[-1:]]))
        for key, migration in found
        if key not in replaced
    ]


def _look() -> tuple[int, str]:
    try:
        missing = migrations_missing()
    except DatabaseError:
        return _AWAY
    if missing:
        return 503, f"{len(missing)} migrations are not applied, {missing[0]} first"
    shared = caches["default"]
    if isinstance(shared, ForgivingRedis) and not shared.answers():
        return 200, "degraded: the cache does not answer"
    return 200, OK


class Readiness:
    """Looks in a thread of its own, one at a time: where one hangs, nobody waits for it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._looking: Future | None = None
        self._since = 0.0

    def ask(self) -> tuple[int, str]:
        """Return the status of HTTP and a line that says why, after 4 seconds at most."""
        with self._lock:
            if self._looking is None or self._looking.done():
                self._looking, self._since = Future(), time.monotonic()
                threading.Thread(target=_tell, args=(self._looking,), daemon=True).start()
            looking, left = self._looking, self._since + _PATIENCE - time.monotonic()
        try:
            return looking.result(timeout=max(0, left))
        except TimeoutError:
            return _AWAY


def _tell(asked: Future) -> None:
    try:
        asked.set_result(_look())
    except Exception as error:
        asked.set_exception(error)


readiness = Readiness()
"""That of this process."""
