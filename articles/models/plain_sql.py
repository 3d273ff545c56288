"""Statements in SQL whose answers every page waits for.

PostgreSQL keeps them prepared, so that it neither reads nor plans them again: half of what a page
asks of it. psycopg prepares what a connection asks the second time (`prepare_threshold` in the
settings, which Django otherwise sets to never). That goes past Django's cursors, which put values
in themselves, since some poolers cannot keep what is prepared; where one is used,
`DISABLE_SERVER_SIDE_CURSORS` says so, as for Django's own. Statements that are counted or wrapped
go by Django, and so does everything on SQLite.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import generators
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult


def rows(statement: str, values: Sequence = ()) -> list[tuple]:
    """Return what a statement reads, whose places are %s. Raises DatabaseError."""
    here = connections[
        DEFAULT_DB_ALIAS
    ]  # once: `connection` is looked up for each thing asked of it
    if _can_be_prepared(here):
        here.ensure_connection()
        try:
            with psycopg.Cursor(here.connection) as cursor:
                cursor.execute(statement, values)
                here.health_check_done = True  # it answers
                return cursor.fetchall()
        except psycopg.OperationalError as error:
            if here.in_atomic_block or not here.connection.broken:
                raise OperationalError(str(error)) from error
            here.close()  # the database was started anew since: it is asked again
        except (InvalidSqlStatementName, FeatureNotSupported) as error:
            # It forgot what was prepared, or a table was altered since. In a transaction that is
            # an error, after which psycopg prepares anew.
            if here.in_atomic_block:
                raise DatabaseError(str(error)) from error
        except psycopg.Error as error:
            raise DatabaseError(str(error)) from error
    with here.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def row_of_numbers(statement: str, texts: Sequence[str]) -> Sequence[float | None]:
    """Return the one row of numbers that a statement reads which is given nothing but texts: what
    every page that is kept is asked before it is shown. Raises DatabaseError.

    That goes past psycopg too, which takes five times as long to write the request and to read
    the answer. What does not go well is asked for again by `rows`, which says what it was.
    """
    here = connections[DEFAULT_DB_ALIAS]
    if _can_be_prepared(here) and not here.in_atomic_block and here.connection is not None:
        try:
            answer = _answer_of(here.connection, statement, texts)
        except psycopg.Error:
            answer = None
        if answer is not None and answer.status == ExecStatus.TUPLES_OK:
            here.health_check_done = True
            told = [answer.get_value(0, column) for column in range(answer.nfields)]
            return [value and (float(value) if b"." in value else int(value)) for value in told]
    [row] = rows(statement, texts)
    return row


def _answer_of(asked: psycopg.Connection, statement: str, texts: Sequence[str]) -> PGresult:
    """Return what the database answers, be it an error; wait for it as psycopg does, no longer."""
    prepared = vars(asked).setdefault("prepared_here", {})
    name = prepared.get(statement)
    if name is None:
        name = f"plain_{len(prepared)}".encode()
        asked.pgconn.send_prepare(name, _numbered(statement))
        [answer] = asked.wait(generators.execute(asked.pgconn))
        if answer.status != ExecStatus.COMMAND_OK:
            return answer
        prepared[statement] = name
    asked.pgconn.send_query_prepared(name, [text.encode() for text in texts])
    [answer] = asked.wait(generators.execute(asked.pgconn))
    return answer


@lru_cache(maxsize=64)
def _numbered(statement: str) -> bytes:
    """Return a statement with the places as PostgreSQL itself has them: $1, $2."""
    first, *others = statement.split("%s")
    return "".join([first, *(f"${n}{part}" for n, part in enumerate(others, 1))]).encode()


def one_of(column: str, keys: Collection[int | str]) -> tuple[str, list]:
    """Return the condition that a column has one of these keys, and its values: the same for any
    number of them where statements are prepared."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [list(keys)]
    return f"{column} IN ({', '.join(['%s'] * len(keys))})", list(keys)


def _can_be_prepared(here: BaseDatabaseWrapper) -> bool:
    return (
        here.vendor == "postgresql"
        and not here.queries_logged
        and not here.execute_wrappers
        and not here.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
    )
