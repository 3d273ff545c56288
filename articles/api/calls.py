"""How a request of the API is taken in: who asks, how often, in which script, and how it ends."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from portal.database_faults import RETRY_AFTER, is_away, took_too_long
from portal.middleware import PUBLIC
from portal.throttle import Limit, address_of

from ..models import ApiToken, Scope
from ..text.script import HANT
from .parameters import Parameter, values_of
from .problems import Problem, not_found

logger = logging.getLogger(__name__)

_MINUTE = 60
_WRONG_TOKENS = Limit("api-wrong-token", most=30, seconds=10 * _MINUTE)
_PRIVATE = "private, no-store"


@dataclass(slots=True)
class Call:
    """What is asked: the values of the query, and by which token, if it takes one."""

    request: HttpRequest
    asked: dict
    token: ApiToken | None = None

    @property
    def user(self) -> User:
        """Return whom the token acts for."""
        return self.token.owner

    @property
    def script(self) -> str:
        return self.asked.get("script", HANT)


@dataclass(slots=True)
class Answer:
    """What is answered: JSON, its status, and headers beside it."""

    content: object
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One method of an address: what answers, what may be asked, and which scope that takes."""

    act: Callable[..., Answer]
    parameters: tuple[Parameter, ...] = ()
    scope: Scope | None = None


def resource(**ways: Way) -> Callable[..., HttpResponse]:
    """Return the view of an address, from its methods: get, post, patch."""

    @csrf_exempt  # nothing here looks at a cookie
    def respond(request: HttpRequest, **parts) -> HttpResponse:
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)  # a tag renamed changes no date: the ETag
        try:
            response = _taken_in(request, ways, parts)
        except Problem as problem:
            response = problem.response()
        except RequestDataTooBig:
            response = Problem(413, "That is more than is taken at once.").response()
        except UnreadablePostError:
            response = Problem(400, "The request broke off.").response()
        except (OperationalError, InterfaceError) as error:
            response = _without_database(error)
        except Exception:
            logger.exception("The API failed at %s", request.path)
            response = _failed()
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return respond


def _taken_in(request: HttpRequest, ways: dict[str, Way], parts: dict) -> HttpResponse:
    method = "get" if request.method == "HEAD" else (request.method or "").lower()
    way = ways.get(method)
    if way is None:
        allowed = [name.upper() for name in ways] + ["HEAD"] * ("get" in ways)
        told = ", ".join(allowed)
        raise Problem(405, f"This address takes {told}.", headers={"Allow": told})
    token = _token(request, way.scope) if way.scope else None
    _count(request, token)
    call = Call(request, values_of(request, way.parameters), token)
    with translation.override(call.script.lower()):
        answer = way.act(call, **parts)
    response = JsonResponse(
        answer.content,
        status=answer.status,
        json_dumps_params={"ensure_ascii": False},
        headers={"Cache-Control": _PRIVATE if way.scope else PUBLIC, **answer.headers},
    )
    if "script" in call.asked:
        response.headers["Content-Language"] = call.script
    return response


def _token(request: HttpRequest, scope: Scope) -> ApiToken:
    """Return the token of a request; raise Problem where it opens nothing, or not this."""
    address = address_of(request)
    if _WRONG_TOKENS.is_reached(address):
        raise _too_many(_WRONG_TOKENS)
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    token = ApiToken.objects.of(told.strip()) if kind.lower() == "bearer" and told else None
    if token is None:
        if told:
            _WRONG_TOKENS.count(address)
        raise Problem(
            401,
            "This takes a token that an administrator made, not revoked and not expired: "
            "“Authorization: Bearer urr_…”.",
            headers={"WWW-Authenticate": 'Bearer realm="api"'},
        )
    if not token.may(scope):
        told = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
        raise Problem(
            403, f"The token lacks the scope {scope}.", headers={"WWW-Authenticate": told}
        )
    return token


def _count(request: HttpRequest, token: ApiToken | None) -> None:
    limit = Limit("api", most=settings.API_PER_MINUTE, seconds=_MINUTE)
    whose = f"token {token.pk}" if token else address_of(request)
    if limit.is_reached(whose):
        raise _too_many(limit)
    limit.count(whose)


def _too_many(limit: Limit) -> Problem:
    told = f"At most {limit.most} within {limit.seconds} seconds. Come again later."
    return Problem(429, told, headers={"Retry-After": str(limit.seconds)})


def _without_database(error: OperationalError | InterfaceError) -> HttpResponse:
    if isinstance(error, OperationalError) and took_too_long(error):
        told = "That takes too long. Ask for less: fewer words, or a filter."
        return Problem(503, told, headers={"Retry-After": str(RETRY_AFTER)}).response()
    if not is_away(error):
        logger.exception("The API failed")
        return _failed()
    logger.error("The database does not answer; programs are asked to wait: %s", error)
    told = "The library is away for a moment."
    return Problem(503, told, headers={"Retry-After": str(RETRY_AFTER)}).response()


def _failed() -> HttpResponse:
    return Problem(500, "Something went wrong here. It is in the log.").response()


@csrf_exempt
def nowhere(request: HttpRequest, **parts) -> HttpResponse:
    """Answer at any other address below /api/v1/."""
    return not_found().response()
