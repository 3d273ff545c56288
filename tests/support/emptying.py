"""How the database is emptied after a test that commits: hundreds do, and Django takes most of a
second for each. Only tables with rows are emptied, and what `migrate` makes beside its tables, the
kinds of rows and permissions, is worked out once for a database and put back from then on."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, connections, transaction

_DELETE = "DELETE FROM "
_MARKS = "articles_pageversion"
"""Filled by triggers of the other tables while these are emptied, so it comes last."""

_RECORDS = "training_record"
"""Triggers refuse to delete from it."""

Rows = tuple[str, list[Any]]
"""A statement that puts rows into a table, and their values."""

_made: dict[tuple, list[Rows]] = {}


def empty_faster() -> None:
    """Let Django empty the database of the tests in this way."""
    type(connection.ops).sql_flush = _row_by_row
    type(connection.ops).execute_sql_flush = _without_refusals
    flush.emit_post_migrate_signal = _as_migrated


def _row_by_row(operations, style, tables, **how) -> list[str]:
    """Return what empties tables of the little a test has committed: TRUNCATE would make the files
    of all tables and of their indexes anew. References are checked when all are empty."""
    ordered = sorted(tables, key=lambda table: table == _MARKS)
    return [f"{_DELETE}{operations.quote_name(table)}" for table in ordered]


def _without_refusals(operations, statements) -> None:
    """Empty tables, records among them, which the database would refuse to delete."""
    there = operations.connection
    marks = operations.quote_name(_MARKS)
    with transaction.atomic(there.alias), there.cursor() as cursor:
        filled = _filled(cursor, [one.removeprefix(_DELETE) for one in statements])
        triggers = []
        if operations.quote_name(_RECORDS) in filled:
            triggers = _told_to_let_go(cursor, there.vendor)
        for statement in statements:
            if statement.removeprefix(_DELETE) in {*filled, marks}:
                cursor.execute(statement)
        for statement in triggers:
            cursor.execute(statement)


def _filled(cursor, tables: list[str]) -> set[str]:
    """Return which tables, by their quoted names, have rows."""
    asked = (f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables)  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return {name for (name,) in cursor.fetchall()}


def _told_to_let_go(cursor, vendor: str) -> list[str]:
    """Let records be deleted; return the statements after which they cannot be any more."""
    if vendor == "postgresql":
        cursor.execute(f"ALTER TABLE {_RECORDS} DISABLE TRIGGER USER")
        return [f"ALTER TABLE {_RECORDS} ENABLE TRIGGER USER"]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = [one for one in cursor.fetchall() if one[0].startswith("training_")]
    for name, _created in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    return [created for _name, created in triggers]


def _as_migrated(verbosity: int, interactive: bool, db: str) -> None:
    """Do what is done after `migrate`, and remember what came of it."""
    there = connections[db]
    where = (there.vendor, *map(there.settings_dict.get, ("NAME", "HOST", "PORT")))
    if where not in _made:
        emit_post_migrate_signal(verbosity, interactive, db)
        _made[where] = _rows(there)
        return
    ContentType.objects.clear_cache()
    with transaction.atomic(db), there.cursor() as cursor:
        for statement, values in _made[where]:
            cursor.execute(statement, values)


def _rows(there) -> list[Rows]:
    """Return what puts into each table the rows that it has now."""
    quoted = there.ops.quote_name
    tables = map(quoted, there.introspection.django_table_names(only_existing=True))
    found = []
    with there.cursor() as cursor:
        for table in sorted(_filled(cursor, list(tables))):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            columns = ", ".join(quoted(column[0]) for column in cursor.description)
            rows = cursor.fetchall()
            row = f"({', '.join(['%s'] * len(rows[0]))})"
            statement = f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * len(rows))}"  # noqa: S608
            found.append((statement, [value for one in rows for value in one]))
    return found
