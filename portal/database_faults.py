"""The database is gone, frozen or overloaded: what readers are told, and what the log is.

That is nobody's mistake and passes, so it is no 500: whoever asks is told when to come again, and
no cache keeps the answer.
"""

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation

from .seldom import Seldom

RETRY_AFTER = 30
"""Seconds after which to ask again: about what a database takes to start anew."""

_OURS = ("no such ", "no tables ")
"""How SQLite begins to say what is a mistake of ours or a missing migration, by the same error."""

_told = Seldom()
logger = logging.getLogger(__name__)


def is_away(error: BaseException | None) -> bool:
    """Tell whether the database does not answer, or not now: no connection, no room, a time-out."""
    is_operational = isinstance(error, OperationalError | InterfaceError)
    return is_operational and not str(error).startswith(_OURS)


def took_too_long(error: DatabaseError) -> bool:
    """Tell whether the database ended a statement for the time it took, and is well otherwise."""
    told, said = getattr(error.__cause__, "sqlstate", None), str(error)
    return told == "57014" or said == "interrupted" or "statement timeout" in said


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Say in the script of the address that the library is away for a moment."""
    if _told.is_due():
        logger.error("The database does not answer; readers are asked to wait: %s", error)
    language = translation.get_language_from_path(request.path) or translation.get_language()
    with translation.override(language or settings.LANGUAGE_CODE):
        page = loader.render_to_string("503.html")
    response = HttpResponse(page, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # Django would log each of them, with all that was called
    return response
