"""Run the suite on PostgreSQL: `python -m tests.on_postgres [pytest arguments]`.

Skips with its reason where no server answers at TEST_POSTGRES_URL, and fails there in CI.
"""

import os
import sys

import psycopg
import pytest


def main() -> int:
    address = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        print(f"No PostgreSQL at TEST_POSTGRES_URL ({reason}): its tests", end=" ")
        print("must run in CI." if os.environ.get("CI") else "are skipped.")
        return 1 if os.environ.get("CI") else 0
    os.environ["DATABASE_URL"] = address
    return pytest.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
