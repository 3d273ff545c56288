"""Several people at once: each in a thread with a connection of its own."""

import os
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections

TWO_WRITERS = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="SQLite has one writer at a time",
)
"""Marks a test in which two write at the same moment."""

END = 120
"""Seconds after which somebody who waits for another is taken to wait for ever."""


def together(*acts: Callable[[], object]) -> list:
    """Do these at once; return what each returned. What one of them raised is raised."""
    results: list = [None] * len(acts)
    errors: list[BaseException] = []

    def do(number: int, act: Callable[[], object]) -> None:
        try:
            results[number] = act()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(END)
        assert not thread.is_alive(), "somebody waits for ever"
    if errors:
        raise errors[0]
    return results


def barrier(parties: int) -> threading.Barrier:
    """Return a place where so many wait for each other."""
    return threading.Barrier(parties, timeout=END)


def event() -> threading.Event:
    """Return an event whose `wait` fails instead of going on unmet."""
    happened = threading.Event()
    wait = happened.wait

    def met() -> None:
        assert wait(END), "what was waited for did not happen"

    happened.wait = met
    return happened


def until_somebody_waits(*or_happened: threading.Event) -> None:
    """Return once another connection waits for a lock, or one of these has happened: what was to
    meet the lock has met it, or gone by it. PostgreSQL alone tells who waits."""
    waiting = (
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
        "WHERE NOT granted AND datname = current_database()"
    )
    end = time.monotonic() + END
    with connection.cursor() as cursor:
        while not any(event.is_set() for event in or_happened):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < end, "nobody waits"
            time.sleep(0.01)
