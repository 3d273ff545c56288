"""What Prometheus is told: requests and how long they took, kept pages, failed sign-ins.

With several processes each counts in files of its own, which are added up when somebody asks
(`PROMETHEUS_MULTIPROC_DIR`; `gunicorn.conf.py` makes one). A page is told by its name in the table
of addresses, never by its address: there are millions of those, and some are secret.
"""

import os
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as _as_text
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "portal_requests", "Answers, by page and status", ["method", "page", "status"]
)  # fmt: skip
SECONDS = Histogram(
    "portal_request_seconds", "Time to an answer, by page", ["page"], buckets=_BUCKETS
)
KEPT_PAGES = Counter(
    "portal_kept_pages", "Pages that were kept, were made, or could not be kept", ["outcome"]
)
SIGN_INS_FAILED = Counter(
    "portal_sign_ins_failed", "Failed sign-ins, by what stopped them", ["why"]
)

# By its labels, which are looked through and written anew each time otherwise.
_requests, _seconds, kept_pages = (
    lru_cache(maxsize=2_000)(one.labels) for one in (REQUESTS, SECONDS, KEPT_PAGES)
)
_METHODS = frozenset(("GET", "HEAD", "POST"))
FORMAT = CONTENT_TYPE_LATEST


def count_requests(get_response: Callable[[HttpRequest], HttpResponse]):
    """Count each answer, and how long it took."""

    def respond(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        method = request.method if request.method in _METHODS else "other"
        count_answer(method, _page_of(request, response), response.status_code, started)
        return response

    return respond


def count_answer(method: str, page: str, status: int, started: float) -> None:
    """Count an answer that was begun then, by `time.perf_counter`."""
    _requests(method, page, status).inc()
    _seconds(page).observe(time.perf_counter() - started)


def _page_of(request: HttpRequest, response: HttpResponse) -> str:
    if request.resolver_match:
        return request.resolver_match.view_name or "unnamed"
    if response.status_code in (200, 304):
        return "static" if request.path_info.startswith("/static/") else "kept"
    return "none"


def told(more: Iterable[Collector] = ()) -> bytes:
    """Return all metrics in Prometheus' text format, and those that `more` looks up now."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    for one in more:
        registry.register(one)
    return _as_text(registry)
