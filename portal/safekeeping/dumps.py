"""The database as one file, made while it is written to, and brought back all or not at all.

PostgreSQL's own programs make and read theirs: `pg_dump` in its custom format, `pg_restore` and
`psql` of the same version. SQLite copies itself, page by page, as of one moment.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

SESSIONS = "django_session"
"""Whose rows no backup has: with them, who signed out since would be signed in again."""

NAMES = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}

_BEGINS = {"postgresql": b"PGDMP", "sqlite": b"SQLite format 3\0"}

_EMPTIED = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE', CASE one.relkind WHEN 'v' THEN 'VIEW'
      WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, one.name);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one.name);
  END LOOP;
END $$;
"""
"""What takes away all that is the portal's own. Extensions stay: only their owner may make them."""


class DumpFailed(Exception):
    """The database could not be copied, or not be brought back; it says what to do."""


def dump(target: Path) -> None:
    """Write the database in use into a file. Raises DumpFailed, OSError."""
    if connection.vendor == "postgresql":
        _pg_dump(target)
    else:
        _copy_sqlite(target)


def restore(source: Path) -> None:
    """Make the database in use what it was, in one transaction. Raises DumpFailed, OSError."""
    with source.open("rb") as stream:
        begins = _BEGINS[connection.vendor]
        if stream.read(len(begins)) != begins:
            raise DumpFailed(f"{source.name} is no backup of this kind of database.")
    if connection.vendor == "postgresql":
        _pg_restore(source)
    else:
        _restore_sqlite(source)


def _pg_dump(target: Path) -> None:
    words = ["--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    words += [f"--exclude-table-data={SESSIONS}", f"--file={target}"]
    arguments, environment = _where()
    done = subprocess.run(  # noqa: S603 - our words, and the settings'
        [program("pg_dump"), *words, *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise DumpFailed(_said("pg_dump", done.stderr))


def _pg_restore(source: Path) -> None:
    """Have `psql` do what `pg_restore` writes out. Its COMMIT comes only when all was written: with
    anything less the database stays as it is."""
    reader = [program("pg_restore"), "--no-owner", "--no-privileges", "--no-comments"]
    reader += ["--file=-", str(source)]
    arguments, environment = _where()
    writer = [program("psql"), "--no-psqlrc", "--quiet", "--no-password"]
    writer += ["--set=ON_ERROR_STOP=1", "--output", os.devnull, *arguments]
    connection.close()  # nothing of ours holds a table
    with (
        tempfile.TemporaryFile("w+") as errors_of_reader,
        tempfile.TemporaryFile("w+") as errors_of_writer,
        subprocess.Popen(  # noqa: S603 - our words, and the settings'
            reader, stdout=subprocess.PIPE, stderr=errors_of_reader, env=environment
        ) as read,
        subprocess.Popen(  # noqa: S603 - the same
            writer, stdin=subprocess.PIPE, stderr=errors_of_writer, env=environment
        ) as write,
    ):
        with suppress(BrokenPipeError):  # psql has stopped, and says why
            write.stdin.write(b"BEGIN;\n" + _EMPTIED.encode())
            shutil.copyfileobj(read.stdout, write.stdin, 1 << 20)
            if read.wait() == 0:
                write.stdin.write(b"\nCOMMIT;\n")
            write.stdin.close()
        read.stdout.close()
        for process, name, errors in (
            (write, "psql", errors_of_writer),
            (read, "pg_restore", errors_of_reader),
        ):
            if process.wait():
                errors.seek(0)
                raise DumpFailed(_said(name, errors.read()))


def _where() -> tuple[list[str], dict[str, str]]:
    """Return the words and the environment by which PostgreSQL's programs find the database; a
    password stands in the environment, where nobody else sees it."""
    words, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return words[1:], os.environ | (environment or {})


def program(name: str) -> str:
    """Return where a program lies. Raises DumpFailed where it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise DumpFailed(
            f"There is no {name} on this machine: install PostgreSQL's client programs, of the "
            "server's version or a later one (Debian: postgresql-client)."
        )
    return found


def _said(name: str, errors: str) -> str:
    """Return what a program said, and what to do about it where that is known."""
    lines = [line.strip() for line in errors.strip().splitlines() if line.strip()]
    said = f"{name} failed: {' '.join(lines[:3]) or 'it did not say why'}"
    hints = {
        "version mismatch": "Install the client programs of the server's version.",
        "unsupported version": "Install the client programs of the version it was made with.",
        "No space left": "Make room and do it again; nothing was changed.",
        "could not connect": "Check DATABASE_URL.",
        "permission denied": "The role in DATABASE_URL has to own the database.",
    }
    return " ".join([said.rstrip(".") + ".", *(v for k, v in hints.items() if k in errors)])


def _copy_sqlite(target: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            with copy:
                copy.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608 - a name of ours
            _check_sqlite(copy)
    except sqlite3.DatabaseError as error:
        raise DumpFailed(f"SQLite could not be copied: {error}.") from None


def _restore_sqlite(source: Path) -> None:
    """Copy the pages of a backup over those that are there: SQLite does so in one transaction."""
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as backup:
            _check_sqlite(backup)
            backup.backup(connection.connection)
    except sqlite3.DatabaseError as error:
        raise DumpFailed(f"SQLite could not be brought back: {error}.") from None
    connection.close()


def _check_sqlite(database: sqlite3.Connection) -> None:
    [found] = database.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise DumpFailed(f"The database is damaged: {found}.")
