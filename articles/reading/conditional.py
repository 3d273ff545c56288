"""Answers that a reader may keep: whoever has the same one already is told so, and no more."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date


def etag_of(*values: object) -> str:
    """Return the tag of what is made from these values, plain ones."""
    return f'"{hashlib.sha256(repr(values).encode()).hexdigest()[:32]}"'


def unless_known(
    request: HttpRequest,
    etag: str,
    modified: datetime | None,
    make: Callable[[], HttpResponse],
    **cache_control: object,
) -> HttpResponse:
    """Return what `make` gives, made only for who does not have it; `cache_control` as in
    Django's `patch_cache_control`."""
    at = int(modified.timestamp()) if modified else None
    response = get_conditional_response(request, etag=etag, last_modified=at)
    if response is None:
        response = make()
        response["ETag"] = etag
        if modified:
            response["Last-Modified"] = http_date(modified.timestamp())
    patch_cache_control(response, **cache_control)
    return response
