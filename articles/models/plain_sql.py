"""Statements in SQL whose answers every page waits for.

PostgreSQL keeps them prepared, so that it neither reads nor plans them again: half of what a page
asks of it. That goes past Django, which prepares nothing since some poolers cannot; where one is
used, `DISABLE_SERVER_SIDE_CURSORS` says so, as for Django's own. Statements that are counted
or wrapped go by Django, and so does everything on SQLite.
"""

from collections.abc import Collection, Sequence

import psycopg
from django.db import DatabaseError, OperationalError, connection


def rows(statement: str, values: Sequence = ()) -> list[tuple]:
    """Return what a statement reads, whose places are %s. Raises DatabaseError."""
    if _can_be_prepared():
        connection.ensure_connection()
        try:
            with psycopg.Cursor(connection.connection) as cursor:
                cursor.execute(statement, values, prepare=True)
                connection.health_check_done = True  # it answers
                return cursor.fetchall()
        except psycopg.OperationalError as error:
            if connection.in_atomic_block or not connection.connection.broken:
                raise OperationalError(str(error)) from error
            connection.close()  # the database was started anew since: it is asked again
        except psycopg.Error as error:
            raise DatabaseError(str(error)) from error
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def one_of(column: str, keys: Collection[int | str]) -> tuple[str, list]:
    """Return the condition that a column has one of these keys, and its values: the same for any
    number of them where statements are prepared."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [list(keys)]
    return f"{column} IN ({', '.join(['%s'] * len(keys))})", list(keys)


def _can_be_prepared() -> bool:
    return (
        connection.vendor == "postgresql"
        and not connection.queries_logged
        and not connection.execute_wrappers
        and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
    )
