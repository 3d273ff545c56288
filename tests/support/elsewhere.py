"""A second portal beside the one of the tests: a database of its own, and commands in a process."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connection

from .places import ROOT

PROGRAM = """
import sys, django
django.setup()
from django.core.management import call_command
for line in sys.argv[1:]:
    call_command(*line.split("|"))
"""


class Elsewhere:
    """A database that is nobody else's, and a folder for its uploads."""

    def __init__(self, address: str, folder: Path):
        self.environment = os.environ | {
            "DATABASE_URL": address,
            "SPOOL_DIR": str(folder / "spool"),
            "MEDIA_ROOT": str(folder / "media"),
            "SEAL_KEY_FILE": str(folder / "seal.key"),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "CACHE_URL": "locmem://",
            "LOG_LEVEL": "WARNING",
            "SECRET_KEY": "aKeyOfNobodyThatIsLongEnoughToSignTheCookiesOfReaders",
        }

    def run(self, *lines: str, **environment: str) -> subprocess.CompletedProcess:
        """Run commands of `manage.py` one after the other, their words parted by |."""
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *lines],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
        )

    def do(self, *lines: str) -> str:
        """Run commands that must succeed; return what they said."""
        done = self.run(*lines)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def elsewhere(folder: Path, migrated: Path | bool | None = None):
    """Give another portal, without tables; or `migrated` and else empty, as the tests' own is when
    a test that commits begins (of SQLite, the file that `django_db_setup` keeps)."""
    folder.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        path = folder / "db.sqlite3"
        if migrated:
            shutil.copy(migrated, path)
        yield Elsewhere(f"sqlite:///{path}", folder)
        return
    own = connection.settings_dict
    where = {"user": own["USER"], "host": own["HOST"], "port": own["PORT"] or None}
    where |= {"password": own["PASSWORD"] or None, "dbname": "postgres"}
    name = f"elsewhere_{uuid4().hex}"
    template = own["NAME"] if migrated else "template0"
    if migrated:
        connection.close()  # who is connected cannot be copied
    with psycopg.connect(**where, autocommit=True) as server:
        server.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        try:
            password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
            user = f"{own['USER']}{password}@" if own["USER"] else ""
            port = f":{own['PORT']}" if own["PORT"] else ""
            address = f"postgres://{user}{own['HOST'] or 'localhost'}{port}/{name}"
            yield Elsewhere(address, folder)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
