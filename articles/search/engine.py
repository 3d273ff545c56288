"""The database in use, by the module that keeps words in it."""

from django.db import connection

from . import postgres, sqlite


def engine():
    """Return the module that keeps words in the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def change_words() -> None:
    """Let nobody index with the words curators keep until those that are changing stand."""
    engine().change_words()


TIME_LIMIT = 0.8
"""Seconds after which the database gives a search up: a last guard, none takes a tenth of it."""


def time_limit():
    """Return the guard of a search, a context that raises OperationalError after TIME_LIMIT."""
    return engine().time_limit(TIME_LIMIT)
