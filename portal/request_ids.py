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

_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

current: ContextVar[str] = ContextVar("request", default="")
"""The name of the request that is being answered."""

logger = logging.getLogger("portal.requests")


def name_requests(get_response: Callable[[HttpRequest], HttpResponse]):
    """Give each request its name, and the answer with it. First of all middleware."""

    def respond(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        name = given if _GIVEN.fullmatch(given) else os.urandom(16).hex()
        token = current.set(name)
        started = time.monotonic()
        try:
            response = get_response(request)
            if settings.LOG_REQUESTS:
                took = round((time.monotonic() - started) * 1000)
                told = (request.method, request.path, response.status_code, took)
                logger.info("%s %s %s %d ms", *told)
        finally:
            current.reset(token)
        response.headers["X-Request-ID"] = name
        return response

    return respond


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
