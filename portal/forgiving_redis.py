"""Redis as a cache that may be down: then nothing is found and nothing kept, and no page fails."""

import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

_LEFT_ALONE = 5
"""Seconds for which a Redis that did not answer is not asked again: each try may take a second."""

logger = logging.getLogger(__name__)


def _forgiven(name: str, otherwise):
    """Return a method that gives `otherwise` where Redis does not answer; a function is called with
    what was asked."""

    def method(self, *args, **kwargs):
        if time.monotonic() < self._asked_again_at:
            return otherwise(*args, **kwargs)
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            type(self)._asked_again_at = time.monotonic() + _LEFT_ALONE
            logger.warning("Redis does not answer, and is left alone for a while: %s", error)
            return otherwise(*args, **kwargs)

    method.__name__ = name
    return method


def _nothing(key, default=None, version=None):
    return default


def _no_number(key, delta=1, version=None):
    raise ValueError(f"Key {key!r} not found")


class ForgivingRedis(RedisCache):
    """Django's cache in Redis, without its errors."""

    _asked_again_at = 0.0

    get = _forgiven("get", _nothing)
    get_many = _forgiven("get_many", lambda *args, **kwargs: {})
    add = _forgiven("add", lambda *args, **kwargs: True)
    set = _forgiven("set", lambda *args, **kwargs: None)
    set_many = _forgiven("set_many", lambda *args, **kwargs: [])
    delete = _forgiven("delete", lambda *args, **kwargs: False)
    delete_many = _forgiven("delete_many", lambda *args, **kwargs: None)
    touch = _forgiven("touch", lambda *args, **kwargs: False)
    has_key = _forgiven("has_key", lambda *args, **kwargs: False)
    incr = _forgiven("incr", _no_number)
    clear = _forgiven("clear", lambda *args, **kwargs: False)
