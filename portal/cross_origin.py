"""Scripts of other web sites that read the API: let in where a setting names their origin.

They read and no more: what a token opens is not for a browser, where anybody can look at it.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

_BELOW = "/api/v1/"
_DAY = 24 * 3600


def allow_other_sites(get_response: Callable[[HttpRequest], HttpResponse]):
    """Tell browsers that scripts of the origins in API_CORS_ORIGINS may read an answer. It stands
    before what keeps pages, as it goes by who asks."""
    origins = frozenset(settings.API_CORS_ORIGINS)
    if not origins:
        raise MiddlewareNotUsed

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(_BELOW):
            return get_response(request)
        origin = request.headers.get("Origin", "")
        is_allowed = bool(origin) and ("*" in origins or origin in origins)
        is_question = request.method == "OPTIONS" and "Access-Control-Request-Method" in (
            request.headers
        )
        response = HttpResponse(status=204) if is_question else get_response(request)
        if is_allowed:
            response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
            response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
            if is_question:
                response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
                response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
                response.headers["Access-Control-Max-Age"] = str(_DAY)
        if "*" not in origins:
            patch_vary_headers(response, ["Origin"])
        return response

    return respond
