"""Connections that give up: a server that is frozen, or gone behind a network, says nothing.

What takes too long a server that is well ends by itself (`statement_timeout`). One that says
nothing after that is taken not to answer: the connection is closed, and who asked gets an
OperationalError. For a moment afterwards nobody tries to connect, for each try would hold a thread
for seconds.
`DATABASES["default"]["ANSWER_WITHIN"]` is the limit in seconds; without it there is none.
"""

import time
from collections.abc import Generator
from functools import partial
from typing import ClassVar

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base

_GRACE = 5
"""Seconds after a statement's end in which a server that is well has said so."""

_LEFT_ALONE = 2
"""Seconds in which nobody connects after a time-out."""

GONE = "The database does not answer."


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL, with a limit to how long it is waited for."""

    _connect_again_at: ClassVar[dict[str, float]] = {}  # by the name of the database

    def get_connection_params(self) -> dict:
        params = super().get_connection_params()
        if seconds := self.settings_dict.get("ANSWER_WITHIN"):
            before = params.get("options", "")
            params["options"] = f"{before} -c statement_timeout={int(seconds * 1000)}".strip()
        return params

    def get_new_connection(self, conn_params: dict) -> psycopg.Connection:
        started = time.monotonic()
        if started < self._connect_again_at.get(self.alias, 0):
            raise OperationalError(GONE)
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            self._connect_again_at[self.alias] = time.monotonic() + _LEFT_ALONE
            raise
        if seconds := self.settings_dict.get("ANSWER_WITHIN"):
            connection.wait = partial(_wait, connection, alias=self.alias, timeout=seconds + _GRACE)
        return connection


def _wait(
    connection: psycopg.Connection,
    going_on: Generator,
    *args,
    alias: str,
    timeout: float | None,
    **how,
) -> object:
    """Wait as psycopg does, so many seconds at most; then the connection is of no use any more."""
    try:
        return psycopg.Connection.wait(connection, going_on, *args, timeout=timeout, **how)
    except psycopg.OperationalError as error:
        if error.sqlstate is None and connection.pgconn.transaction_status == _ACTIVE:
            connection.pgconn.finish()
            DatabaseWrapper._connect_again_at[alias] = time.monotonic() + _LEFT_ALONE
            raise psycopg.OperationalError(GONE) from error
        raise


_ACTIVE = psycopg.pq.TransactionStatus.ACTIVE
"""What a statement was sent to that has not been answered."""
