"""Run the suite on PostgreSQL: `python -m tests.support.on_postgres [pytest arguments]`.

What needs no database is left out, and so are the browser's journeys: a page looks the same whatever
it was read from. So is what is marked `same_on_both` or named in `SAME`: tests of how a page shows
rows, or of files before they reach the database, where what is asked of PostgreSQL other tests ask
here too. Whatever finds, counts, orders, locks, refuses or commits is run.

Skips with its reason where no server answers at TEST_POSTGRES_URL, and fails there in CI.
"""

import os
import sys

import psycopg
import pytest

SAME = {
    "admin/test_vocabulary.py::TestSplitting": "what was typed is cut into names",
    "curation/test_review.py::TestThePage": "one request and its text, as a page",
    "curation/test_review.py::TestWhoMayWhat": "permissions, which all pages of the desk ask alike",
    "curation/test_revisions.py::TestPages": "revisions, which the other tests make and read, as pages",
    "curation/test_revisions.py::test_signs_of": "markup",
    "portal/test_project.py": "files of the project",
    "reading/test_own.py::TestCaching": "headers and cookies of pages that others read here",
    "reading/test_own.py::TestGuessing": "counted in the cache",
    "reading/test_own.py::TestHint": "a cookie beside that of the session",
    "reading/test_own.py::TestSigningIn": "forms and where they lead; sessions are Django's",
    "reading/test_pages.py::TestErrors": "pages without rows",
    "reading/test_pages.py::TestScriptChoice": "cookies and headers",
    "reading/test_pages.py::test_the_policy": "a header",
    "reading/test_preview.py::TestForCurators": "one article as a page, without a search or a list",
}
"""Beginnings of tests' names, and what they are about."""

_SAME = tuple(f"tests/{name}" for name in SAME)


def pytest_collection_modifyitems(config, items):
    """Keep what asks the database; this module is pytest's plugin too, in each of its processes."""
    asks = {"db", "transactional_db", "django_db_setup"}
    kept, left = [], []
    for item in items:
        uses = set(getattr(item, "fixturenames", ()))
        is_asking = item.get_closest_marker("django_db") or uses & asks
        is_the_same = "browser" in uses or item.get_closest_marker("same_on_both")
        is_the_same = is_the_same or item.nodeid.startswith(_SAME)
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
