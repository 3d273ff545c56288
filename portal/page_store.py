"""Pages that were made, kept by the process and, where there is one, in the Redis they all share.

What is kept is found here by its key, and nothing more: whether it may still be shown, who asks
knows. The process keeps those asked for last, up to a number of bytes; Redis as its own settings
say.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Event, Lock

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

_LONGEST_WAIT = 20
"""Seconds one request waits for another that makes the same page; then it makes it itself."""

_MOST_OF_ALL = 4
"""No page takes more than this part of the bytes, a quarter."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it is sent, until some time at the latest, in seconds since 1970, and as long as
    the `version` of all its `names` stands. `coding` is that of its bytes: br, gzip or none."""

    names: tuple[str, ...]
    version: int
    until: float
    etag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    coding: str


class PageStore:
    """Pages by their keys, the ones not asked for longest first to go. `counts` says how often a
    page was there (`hits`), how often it had to be made (`misses`), and what was neither."""

    def __init__(self, most_bytes: int):
        self._most = most_bytes
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._made_now: dict[str, Event] = {}
        self.counts: Counter[str] = Counter()

    def count(self, outcome: str) -> None:
        """Count one more page that came out so."""
        from .metrics import kept_pages  # loaded where pages are shown: a command shows none

        self.counts[outcome] += 1
        kept_pages(outcome).inc()

    def here(self, key: str) -> KeptPage | None:
        """Return what the process keeps."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def shared(self, key: str) -> KeptPage | None:
        """Return what Redis keeps."""
        cache = _shared_cache()
        page = cache.get(f"page-{key}") if cache else None
        if isinstance(page, KeptPage):
            self._keep_here(key, page)
            return page
        return None

    def keep(self, key: str, page: KeptPage, seconds: float) -> None:
        """Keep a page in both, in Redis for so long."""
        if not self._keep_here(key, page):
            return
        if cache := _shared_cache():
            cache.set(f"page-{key}", page, max(1, int(seconds)))

    def _keep_here(self, key: str, page: KeptPage) -> bool:
        size = _size(page)
        if size > self._most / _MOST_OF_ALL:
            return False
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += size - (_size(before) if before else 0)
            self._pages[key] = page
            while self._bytes > self._most:
                self._bytes -= _size(self._pages.popitem(last=False)[1])
        return True

    def forget(self) -> None:
        """Forget what the process keeps."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    @contextmanager
    def making(self, key: str, look: Callable[[], object]) -> Iterator[object]:
        """Let one thread make a page, while others that ask for it wait and then `look`. Yields
        what was found so, or None to who is to make it."""
        with self._lock:
            event = self._made_now.get(key)
            mine = event is None
            if mine:
                event = self._made_now[key] = Event()
        if not mine:
            event.wait(_LONGEST_WAIT)
            yield look()
            return
        try:
            yield None
        finally:
            with self._lock:
                del self._made_now[key]
            event.set()


def _size(page: KeptPage) -> int:
    return len(page.body) + 1500  # headers, names and what Python adds


def _shared_cache() -> BaseCache | None:
    """Return the Redis of all processes; while it does not answer, each keeps its pages here."""
    cache = caches["default"]
    absence = getattr(cache, "absence", None)  # of ForgivingRedis, which only who has one loads
    return None if absence is None or absence.is_left_alone else cache


_bounds: ContextVar[list[float] | None] = ContextVar("bounds", default=None)


def no_longer_than(seconds: float) -> None:
    """Say of the page that is being made that it holds true for so long at most: something on it
    goes by time."""
    bounds = _bounds.get()
    if bounds is not None:
        bounds.append(seconds)


@contextmanager
def bounds_told() -> Iterator[list[float]]:
    """Give the list of what is said so while a page is made."""
    bounds: list[float] = []
    token = _bounds.set(bounds)
    try:
        yield bounds
    finally:
        _bounds.reset(token)
