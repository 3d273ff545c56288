"""A name for each request, which all lines of the log that come of it have, and lines as JSON.

A proxy may give the name (`X-Request-ID`); the answer says it, so that somebody who reports an
error can say which it was. Where `LOG_REQUESTS` is on each request is a line: its page, but neither
what was searched for nor who asked.
"""

import json
import logging
import os
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

current: ContextVar[str] = ContextVar("request", default="")
"""The name of the request that is being answered."""

logger = logging.getLogger("portal.requests")


def name_requests(get_response: Callable[[HttpRequest], HttpResponse]):
    """Give each request its name, and the answer with it. First of all middleware."""

    def respond(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        name = name_of(request.META.get("HTTP_X_REQUEST_ID", ""))
        token = current.set(name)
        try:
            response = get_response(request)
        finally:
            current.reset(token)
        log_answer(name, request.method, request.path, response.status_code, started)
        response.headers[HEADER] = name
        return response

    return respond


def name_of(given: str) -> str:
    """Return the name of a request: what its proxy gives, or a new one."""
    is_told = given and settings.BEHIND_PROXY and _GIVEN.fullmatch(given)
    return given if is_told else os.urandom(16).hex()


def log_answer(name: str, method: str, path: str, status: int, started: float) -> None:
    """Write the line of a request, where that is wished for."""
    if settings.LOG_REQUESTS:
        token = current.set(name)
        took = round((time.perf_counter() - started) * 1000)
        logger.info("%s %s %s %d ms", method, path, status, took)
        current.reset(token)


class WithRequest(logging.Filter):
    """Tells a line of the log which request it came of."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        return True


class AsJson(logging.Formatter):
    """A line of JSON for each thing said: time (UTC), level, logger, message, request, error."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if request := getattr(record, "request_id", "") or current.get():
            said["request"] = request
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
