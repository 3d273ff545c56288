"""How well search finds what readers want, on SQLite and on PostgreSQL.

    python -m benchmarks.relevance

Loads the library of tests/relevance, then the starter library, into a test database of its own, in
memory or on the server at TEST_POSTGRES_URL, and asks the judged queries. Prints the figures, and
of each query that is not answered perfectly what came instead.
"""

import os
import subprocess
import sys

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
STARTER = (
    *("starter", "aside", "fresh", "last", "everyday", "once", "situations"),
    *("situations_aside", "first_sight", "spoken"),
)


def measure() -> None:
    """Print the report for the database of the settings."""
    import tests.support.environment  # noqa: F401

    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

    import django

    django.setup()
    from django.db import connection, transaction
    from django.db.utils import OperationalError
    from django.test.utils import setup_databases, teardown_databases

    from tests.support import judged

    try:
        connection.ensure_connection()
    except OperationalError as error:
        print(f"{connection.display_name}: skipped. {str(error).splitlines()[0]}")
        return
    made = setup_databases(verbosity=0, interactive=False)
    try:
        for load, names in (
            (judged.load, ("queries", "questions", "unseen")),
            (judged.load_essays, STARTER),
        ):
            with transaction.atomic():
                keys = load()
                for name in names:
                    report = judged.report(judged.score(keys, name))
                    print(f"{connection.display_name}, {name}: {report}\n")
                transaction.set_rollback(True)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    if "--here" in sys.argv:
        measure()
    else:
        for address in ("sqlite://:memory:", POSTGRES):
            subprocess.run(
                [sys.executable, "-m", "benchmarks.relevance", "--here"],
                env=os.environ | {"DATABASE_URL": address},
                check=True,
            )
