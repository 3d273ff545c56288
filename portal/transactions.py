"""Transactions tried again where the database ended them for no fault of their own.

Two that lock each other up, or write the same new row, are nobody's mistake: the one that the
database ends has done nothing, and does the same again a moment later.
"""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 5
"""Tries of a transaction: two that met once seldom meet again, as each waits a while by chance."""

_PAUSE = 0.05
"""Seconds to wait at most before the second try; twice as long before each one after it."""

_POSTGRES = {"40001", "40P01", "55P03"}
"""Serialisation failure, deadlock, lock not available: PostgreSQL's manual, appendix A."""

_SQLITE = ("database is locked", "database table is locked")


def is_transient(error: DatabaseError) -> bool:
    """Tell whether the same transaction may well succeed when it is tried again."""
    if not isinstance(error, OperationalError):
        return False
    if connection.vendor == "postgresql":
        return getattr(error.__cause__, "sqlstate", None) in _POSTGRES
    return any(told in str(error) for told in _SQLITE)


def retried(work: Callable[[], T], *, also: tuple[type[DatabaseError], ...] = ()) -> T:
    """Do `work` in a transaction, and do it again where a transient error ended it.

    So `work` reads anew whatever it goes by, and leaves nothing behind outside the database. `also`
    names other errors to be met in the same way, such as IntegrityError where two may write the
    same row: the second finds it there. The last try's error is raised.
    """
    for tried in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except DatabaseError as error:
            again = tried < TRIES and (is_transient(error) or isinstance(error, also))
            if not again:
                raise
            log.info("A transaction is tried again after %s", error)
        time.sleep(random.uniform(0, _PAUSE * 2 ** (tried - 1)))  # noqa: S311 - no secret
    raise AssertionError("The last try returns or raises.")
