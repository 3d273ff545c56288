"""Which pages anybody may keep a copy of, and how a browser knows that its reader signed in.

A reader's page is the same for everyone: it neither looks at the session nor holds a form that is
sent with one. So caches may keep it for a minute, and a change to the library (a publication, a
withdrawal) shows within that minute. What is not such a page is kept by nobody.
"""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header

from .accounts import SHARED

SECONDS = 60
PUBLIC = f"public, max-age={SECONDS}, s-maxage={SECONDS}"
"""What is said of such a page. Nothing lets a cache show it longer while it asks for a new one
(`stale-while-revalidate`): what is withdrawn would be shown once more. To ask costs next to
nothing, as pages are known by their versions."""

HINT = "signed_in"
"""Name of the cookie that tells the script on a page to ask for the reader's own part. It holds no
more than that, and whether the device is a shared one; the session's own cookie no script reads."""

_READERS = tuple(f"/{code}/" for code, _ in settings.LANGUAGES)


def cache_public_pages(get_response: Callable[[HttpRequest], HttpResponse]):
    """Allow caches a minute of what is the same for everyone, and no copy of anything else."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(_READERS) and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = (
                PUBLIC if _is_same_for_all(request, response) else "private, no-store"
            )
        return response

    return respond


def _is_same_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and response.status_code in (200, 301)
        and not response.cookies
        and not has_vary_header(response, "Cookie")
    )


def keep_short(get_response: Callable[[HttpRequest], HttpResponse]):
    """Let the session at a shared device end so long after the last page that looked at it, and not
    after the first."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed and request.session.get(SHARED):
            request.session.modified = True
        return response

    return respond


def hint_at_session(get_response: Callable[[HttpRequest], HttpResponse]):
    """Set and delete the hint together with the session's cookie, at whichever page that is: here
    only those who sign in have a session."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is not None:
            ends = session["max-age"]
            if session.value:
                response.set_cookie(
                    HINT,
                    SHARED if request.session.get(SHARED) else "1",
                    max_age=None if ends == "" else ends,
                    secure=settings.SESSION_COOKIE_SECURE,
                    samesite=settings.SESSION_COOKIE_SAMESITE,
                )
            else:
                response.delete_cookie(HINT, samesite=settings.SESSION_COOKIE_SAMESITE)
        return response

    return respond


_OWN_POLICY = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class WrittenPolicy(CSPMiddleware):
    """Sends the policy of the settings as it was written once; a page with one of its own, and what
    Django shows with DEBUG, as `csp` does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        super().__init__(get_response)
        self._policy = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the header, unless the view has set it."""
        is_own = any(name in response.__dict__ for name in _OWN_POLICY)
        if settings.DEBUG or is_own or request.csp_nonce:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response
