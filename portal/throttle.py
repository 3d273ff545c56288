"""Limits to what one visitor may try: so many times in so long, counted in the cache.

Nobody's address is kept: what stands in the cache is a digest made with the secret key, for as
long as the limit runs. With several processes the count is one only where they share a cache.
"""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from; behind a proxy that is what the proxy says, which stands
    last: what stands before it anybody may have written."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")


class Limit:
    """At most so many times within so many seconds from the first."""

    def __init__(self, name: str, most: int, seconds: int):
        self.name, self.most, self.seconds = name, most, seconds

    def _key(self, *whose: str) -> str:
        return f"limit-{salted_hmac(self.name, chr(0).join(whose)).hexdigest()}"

    def is_reached(self, *whose: str) -> bool:
        return cache.get(self._key(*whose), 0) >= self.most

    def count(self, *whose: str) -> None:
        """Count one more."""
        key = self._key(*whose)
        if not cache.add(key, 1, self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out in between
                cache.set(key, 1, self.seconds)

    def forget(self, *whose: str) -> None:
        cache.delete(self._key(*whose))
