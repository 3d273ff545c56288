"""Run the suite on PostgreSQL: `python -m tests.support.on_postgres [pytest arguments]`.

What needs no database is left out, and so are the browser's journeys: a page looks the same whatever
it was read from. So is what is marked `same_on_both`: tests of how a page shows rows, or of files
before they reach the database, where what is asked of PostgreSQL other tests ask here too. Whatever
finds, counts, orders, locks, refuses or commits is not marked.

Skips with its reason where no server answers at TEST_POSTGRES_URL, and fails there in CI.
"""

import os
import sys

import psycopg
import pytest


def pytest_collection_modifyitems(config, items):
    """Keep what asks the database; this module is pytest's plugin too, in each of its processes."""
    asks = {"db", "transactional_db", "django_db_setup"}
    kept, left = [], []
    for item in items:
        uses = set(getattr(item, "fixturenames", ()))
        is_asking = item.get_closest_marker("django_db") or uses & asks
        is_the_same = "browser" in uses or item.get_closest_marker("same_on_both")
        (kept if is_asking and not is_the_same else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def main() -> int:
    address = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
    try:
        psycopg.connect(address, connect_timeout=30).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        print(f"No PostgreSQL at TEST_POSTGRES_URL ({reason}): its tests", end=" ")
        print("must run in CI." if os.environ.get("CI") else "are skipped.")
        return 1 if os.environ.get("CI") else 0
    os.environ["DATABASE_URL"] = address
    # What a test has written need not survive the machine.
    os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")
    return pytest.main(["-p", "tests.support.on_postgres", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
