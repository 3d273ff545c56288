"""Redis as a cache that may be down: meanwhile the memory of the process stands in for it.

So no page fails, and limits are counted by each process, as they are where no `CACHE_URL` is set at
all. What the memory took in during one outage is forgotten before the next.
"""

import logging
import time
from collections import defaultdict
from threading import Lock

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from .seldom import Seldom

_LEFT_ALONE = 5
"""Seconds for which a Redis that did not answer is not asked again: each try may take a second."""

_MOST = 10_000
"""Entries kept meanwhile, as where the memory of the process is the cache."""

logger = logging.getLogger(__name__)


class _Absence:
    """Since when Redis has not answered a process: all its threads go by this. Times are those of a
    clock that is never set, in seconds."""

    def __init__(self):
        self._lock = Lock()
        self._ask_again = 0.0
        self._told = Seldom()
        self.is_going_on = False

    @property
    def is_left_alone(self) -> bool:
        """Whether it is known not to answer, and not to be asked again yet."""
        return self.is_going_on and time.monotonic() < self._ask_again

    def may_ask(self) -> bool:
        """Tell whether to ask Redis: during an outage one thread does, every so often."""
        if not self.is_going_on:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._ask_again:
                return False
            self._ask_again = now + _LEFT_ALONE
            return True

    def begin(self, error: Exception) -> bool:
        """Note that it did not answer; return whether it did before."""
        with self._lock:
            self._ask_again = time.monotonic() + _LEFT_ALONE
            if self._told.is_due():
                logger.warning("Redis does not answer; each process keeps its own: %s", error)
            is_new, self.is_going_on = not self.is_going_on, True
            return is_new

    def end(self) -> None:
        """Note that it answered."""
        if self.is_going_on:
            with self._lock:
                is_new, self.is_going_on = self.is_going_on, False
            if is_new:
                logger.warning("Redis answers again.")


_absences: defaultdict[str, _Absence] = defaultdict(_Absence)
"""By the address of each Redis."""


def _forgiven(name: str):
    """Return a method that asks Redis, or the memory of the process where that does not answer."""

    def method(self, *args, **kwargs):
        if self.absence.may_ask():
            try:
                answer = getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                if self.absence.begin(error):
                    self._meanwhile.clear()
            else:
                self.absence.end()
                return answer
        return getattr(self._meanwhile, name)(*args, **kwargs)

    method.__name__ = name
    return method


class ForgivingRedis(RedisCache):
    """Django's cache in Redis, without its errors."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self.absence = _absences[str(server)]
        options = {"OPTIONS": {"MAX_ENTRIES": _MOST}}
        self._meanwhile = LocMemCache("while Redis does not answer", params | options)

    def answers(self) -> bool:
        """Ask Redis now, whatever was known of it. Takes as long as its time-outs allow."""
        try:
            RedisCache.has_key(self, "ready")
        except (RedisError, OSError) as error:
            if self.absence.begin(error):
                self._meanwhile.clear()
            return False
        self.absence.end()
        return True

    add, get, set, touch, delete = map(_forgiven, ("add", "get", "set", "touch", "delete"))
    get_many, set_many, delete_many = map(_forgiven, ("get_many", "set_many", "delete_many"))
    has_key, incr, clear = map(_forgiven, ("has_key", "incr", "clear"))
