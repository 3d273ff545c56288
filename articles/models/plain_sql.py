"""Statements in SQL whose answers every page waits for.

PostgreSQL keeps them prepared, so that it neither reads nor plans them again: half of what a page
asks of it. That goes past Django, which lets psycopg prepare nothing since some poolers cannot
keep it; where one is used, `DISABLE_SERVER_SIDE_CURSORS` says so, as for Django's own. Statements
that are counted or wrapped go by Django, and so does everything on SQLite.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count

import psycopg
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult


def rows(statement: str, values: Sequence = ()) -> list[tuple]:
    """Return what a statement reads, whose places are %s. Raises DatabaseError."""
    # Once: `connection` is looked up for each thing asked of it.
    here = connections[DEFAULT_DB_ALIAS]
    if _can_be_prepared(here):
        here.ensure_connection()
        try:
            found = _read(here.connection, statement, values)
        except psycopg.OperationalError as error:
            if here.in_atomic_block or not here.connection.broken:
                raise OperationalError(str(error)) from error
            here.close()  # the database was started anew since: it is asked again
        except (InvalidSqlStatementName, FeatureNotSupported) as error:
            # It forgot what was prepared, or a table was altered since.
            vars(here.connection).pop(_PREPARED, None)
            if here.in_atomic_block:
                raise DatabaseError(str(error)) from error
        except psycopg.Error as error:
            raise DatabaseError(str(error)) from error
        else:
            here.health_check_done = True  # it answers
            return found
    with here.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


_PREPARED = "prepared_here"
"""Where a connection has the names of its statements, by their text and the types of values."""

_MOST_PREPARED = 200
"""Statements that a connection keeps: a search has a form for each number of words."""

_numbers = count()
_FORMATS = [[PyFormat.AUTO] * many for many in range(500)]


def _read(asked: psycopg.Connection, statement: str, values: Sequence) -> list[tuple]:
    """Return what is read, by libpq and psycopg's tables of types alone: its cursors take as long
    again. Waits for the answer as psycopg does, no longer."""
    server = asked.pgconn
    if not asked.autocommit and server.transaction_status == TransactionStatus.IDLE:
        server.send_query(b"BEGIN")
        _answer(asked)
    types = Transformer(asked)
    given = types.dump_sequence(values, _FORMATS[len(values)])
    known = vars(asked).setdefault(_PREPARED, {})
    name = known.get((statement, types.types))
    if name is None:
        if len(known) >= _MOST_PREPARED:
            asked.execute("DEALLOCATE ALL")
            known.clear()
        name = b"plain_%d" % next(_numbers)
        server.send_prepare(name, _numbered(statement), types.types)
        _answer(asked)
        known[statement, types.types] = name
    server.send_query_prepared(name, given, types.formats)
    answer = _answer(asked)
    types.set_pgresult(answer)
    return types.load_rows(0, answer.ntuples, tuple)


@contextmanager
def for_the_time(settings: Mapping[str, str]) -> Iterator[None]:
    """Read under settings of PostgreSQL that end with it; nothing inside begins a transaction.

    To begin one and to set them is one message here. Django would look whether the connection still
    stands, begin, and then be told the settings: three, and half as much again in Python.
    """
    here = connections[DEFAULT_DB_ALIAS]
    if here.in_atomic_block or not _can_be_prepared(here):
        told = ", ".join(f"set_config('{name}', %s, true)" for name in settings)
        if not here.health_check_done:  # Django would look, and take longer
            rows("SELECT 1")
        with transaction.atomic():
            rows(f"SELECT {told}", list(settings.values()))
            yield
        return
    told = "".join(f"; SET LOCAL {name} = '{value}'" for name, value in settings.items())
    here.ensure_connection()
    try:
        _do(here.connection, f"BEGIN{told}")
    except psycopg.OperationalError as error:
        if not here.connection.broken:
            raise OperationalError(str(error)) from error
        here.close()  # the database was started anew since
        here.connect()
        _do(here.connection, f"BEGIN{told}")
    here.health_check_done = True  # it answers
    try:
        yield
    finally:  # nothing was written, so nothing is lost
        try:
            if here.connection is not None:
                _do(here.connection, "COMMIT")
        except psycopg.Error:
            here.close()


def _do(asked: psycopg.Connection, statements: str) -> None:
    """Have statements without values done, all in one message."""
    asked.pgconn.send_query(statements.encode())
    for answer in asked.wait(generators.execute(asked.pgconn)):
        if answer.status in _SAID_NO:
            raise error_from_result(answer, encoding="utf-8")


def _answer(asked: psycopg.Connection) -> PGresult:
    [answer] = asked.wait(generators.execute(asked.pgconn))
    if answer.status in _SAID_NO:
        raise error_from_result(answer, encoding="utf-8")
    return answer


_SAID_NO = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE)


@lru_cache(maxsize=64)
def _numbered(statement: str) -> bytes:
    """Return a statement with the places as PostgreSQL itself has them: $1, $2."""
    first, *others = statement.split("%s")
    return "".join([first, *(f"${n}{part}" for n, part in enumerate(others, 1))]).encode()


_PLANNED_FOR = 10
"""Keys that PostgreSQL plans a prepared statement for. With fewer it would think it cheaper to plan
anew for those, each time: 0.2 ms, more than the answer takes. What comes twice is found once."""


def one_of(column: str, keys: Collection[int | str]) -> tuple[str, list]:
    """Return the condition that a column has one of these keys, and its values: the same for any
    number of them where statements are prepared."""
    if connection.vendor == "postgresql":
        values = list(keys)
        return f"{column} = ANY(%s)", [values + values[:1] * (_PLANNED_FOR - len(values))]
    return f"{column} IN ({', '.join(['%s'] * len(keys))})", list(keys)


def _can_be_prepared(here: BaseDatabaseWrapper) -> bool:
    return (
        here.vendor == "postgresql"
        and not here.queries_logged
        and not here.execute_wrappers
        and not here.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
    )
