"""Kept pages before Django: what it has shown as it was kept is shown again, headers and all.

To make a request and a response, and to hand them through what stands before kept pages, takes
Django three quarters of what such a page costs. None of that looks at who asks, so the headers it
came to once are those it would come to again for the same address, host and coding. Whether the
page still stands is asked of the database each time, as `kept_pages` does; what is in doubt goes
to Django.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from portal.metrics import count_answer
from portal.page_store import KeptPage
from portal.request_ids import HEADER, log_answer, name_of

from ..models.page_version import standing
from .kept_pages import SHOWN, is_known, store

_READERS = ("/zh-han", "/sitemap")
"""The API is left out: what it answers goes by the site that asks (`portal.cross_origin`)."""

_GOES_BY = (
    *("PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO"),
    *("wsgi.url_scheme", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT"),
)
"""All that Django looks at before a kept page."""

_MOST = 2_000
"""Addresses that are known, of a kilobyte or two each; then it begins anew."""

_STATUS = {200: "200 OK", 304: "304 Not Modified"}
Headers = list[tuple[str, str]]
WSGI = Callable[[dict, Callable], Iterable[bytes]]


@dataclass(slots=True)
class _Shown:
    """A page as it was shown at an address: where it is kept, and its headers by status."""

    key: str
    etag: str
    headers: dict[str, Headers] = field(default_factory=dict)


class ShownAgain:
    """The application, which is asked for what cannot be shown again."""

    def __init__(self, application: WSGI):
        self._application = application
        self._known: dict[tuple, _Shown] = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        started = time.perf_counter()
        path = environ.get("PATH_INFO", "")
        if environ.get("REQUEST_METHOD") != "GET" or not path.startswith(_READERS):
            return self._application(environ, start_response)
        at = tuple(map(environ.get, _GOES_BY))
        known = self._known.get(at)
        if known is not None:
            page, status = _standing(known, environ.get("HTTP_IF_NONE_MATCH", ""))
            if page is not None:
                name = name_of(environ.get("HTTP_X_REQUEST_ID", ""))
                start_response(status, [*known.headers[status], (HEADER, name)])
                count_answer("GET", "kept", int(status[:3]), started)
                log_answer(name, "GET", path, int(status[:3]), started)
                return [page.body] if status == _STATUS[200] else []
        return self._noted(at, environ, start_response)

    def _noted(self, at: tuple, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Let Django answer, and remember how if that was a kept page."""
        told: list = []

        def start(status: str, headers: Headers, *more) -> Callable:
            told[:] = status, headers
            return start_response(status, headers, *more)

        answer = self._application(environ, start)
        shown = environ.get(SHOWN)
        if shown and not any(name == "Set-Cookie" for name, _ in told[1]):  # that is somebody's own
            key, etag = shown
            known = self._known.get(at)
            if known is None or (known.key, known.etag) != shown:
                known = _Shown(key, etag)
            status, headers = told
            known.headers[status] = [one for one in headers if one[0] != HEADER]
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[at] = known
        return answer


def _standing(known: _Shown, asked: str) -> tuple[KeptPage | None, str]:
    """Return the page if it may be shown, with the status of the answer."""
    page = store.here(known.key)
    if page is None or page.etag != known.etag:
        return None, ""
    status = _STATUS[304 if asked and is_known(page.etag, asked) else 200]
    if status not in known.headers:
        return None, ""
    try:
        version, now = standing(page.names)
    except DatabaseError:
        return None, ""
    finally:  # as Django does at the end of a request
        connections[DEFAULT_DB_ALIAS].close_if_unusable_or_obsolete()
    if version != page.version or now >= page.until:
        return None, ""
    store.count("hits")
    return page, status


def shown_again(application: WSGI) -> WSGI:
    """Return the application with this before it, except where pages are read from a replica, of
    which `portal.replicas` decides."""
    return application if settings.DATABASE_REPLICA_URL else ShownAgain(application)
