"""The language of the desk: Chinese in either script, or English. Readers' pages know the scripts
alone, so it is kept apart from theirs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

LANGUAGES = {"zh-hant": ("繁", "繁體中文"), "zh-hans": ("简", "简体中文"), "en": ("EN", "English")}
"""Codes with a sign and a name for the menu, each in its own language."""

COOKIE = "desk_language"
_DESK = "/admin/"


def desk_language(get_response: Callable[[HttpRequest], HttpResponse]):
    """Show the desk in the language chosen there; where none was, Django's own choice stands."""

    def respond(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(COOKIE)
        if chosen in LANGUAGES and request.path.startswith(_DESK):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return get_response(request)

    return respond


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen in the menu, and lead back to the page it was chosen on."""
    back, chosen = request.POST.get("next", ""), request.POST.get("language")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("admin:index")
    response = HttpResponseRedirect(back)
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=_DESK,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response
