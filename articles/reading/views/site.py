"""What belongs to no one page: the script chosen, answers for machines, and errors."""

import sys
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.database_faults import is_away, unavailable
from portal.readiness import readiness

from ...text import script
from ...text.names import current_script
from ..sitemaps import DEFAULT_SCRIPT

_LISTS = (
    *("articles", "search", "tag", "authors", "author", "archive-year", "archive-month"),
    "collections",
)
"""Pages whose address may go on with what they show; elsewhere it says how one came."""

_VARIANTS = ("tag", "author", "year", "genre", "sort", "q")
"""What narrows or orders a list: such pages are followed, and not indexed."""

_PAGES = ("initial", "page")
"""What leads to another page of the same list."""


def script_context(request: HttpRequest) -> dict:
    """Tell templates the script of the page and where it stands in the other one.

    `canonical` is its one address, and `alternates` are those in both scripts: the second page of
    a list is a page, what else an address may carry is not.
    """
    language = get_language() or "zh-hant"
    prefix, rest = request.path[:9], request.path[9:]
    at = (request.resolver_match and request.resolver_match.url_name) or ""
    context = {"script": current_script(), "is_hant": language != "zh-hans", "at": at}
    if prefix in ("/zh-hans/", "/zh-hant/"):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        context["in_hans"] = f"/zh-hans/{rest}{query}"
        context["in_hant"] = f"/zh-hant/{rest}{query}"
        names = (*_VARIANTS, *_PAGES) if at in _LISTS else ()
        kept = [(name, request.GET[name]) for name in names if request.GET.get(name)]
        context["is_variant"] = any(name not in _PAGES for name, _ in kept)
        kept = [pair for pair in kept if pair != ("page", "1")]
        below = f"{escape_uri_path(rest)}{'?' if kept else ''}{urlencode(kept)}"
        with suppress(DisallowedHost):  # the page that says so needs no addresses
            root = request.build_absolute_uri("/")
            in_both = {name: f"{root}{name.lower()}/{below}" for name in script.SCRIPTS}
            context["canonical"] = in_both[current_script()]
            context["alternates"] = [*in_both.items(), ("x-default", in_both[DEFAULT_SCRIPT])]
    return context


@require_safe
def root(request):
    response = HttpResponseRedirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def api_root(request):
    """Lead to the page about the API, in the reader's script."""
    response = HttpResponseRedirect(reverse("api"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def api(request):
    """How programs read the library."""
    root = request.build_absolute_uri("/api/v1/")
    return render(request, "reading/api.html", {"root": root, "most": settings.API_PER_MINUTE})


@require_safe
def choose_script(request):
    """Keep the reader's choice of script in a cookie, and go on to the page in that script."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or urlsplit(target).netloc:
        target = reverse("home")
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        get_language(),
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


@require_safe
def robots(request):
    hidden = [
        "/admin/",
        "/api/v1/",
        "/*/choose/",
        "/*/search/",
        "/*/account/",
        "/*/mine/",
        "/*/report/",
    ]
    hidden.append("/*/preview/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden)]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request):
    """How a browser searches the library from its own address bar."""
    context = {
        name: request.build_absolute_uri(reverse(page))
        for name, page in (("search", "search"), ("suggest", "suggest"), ("own", "opensearch"))
    }
    context["icon"] = request.build_absolute_uri(static("icon.svg"))
    response = render(
        request,
        "reading/opensearch.xml",
        context,
        "application/opensearchdescription+xml; charset=utf-8",
    )
    patch_cache_control(response, public=True, max_age=24 * 3600)
    return response


@require_safe
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request):
    """The process can serve pages: the database answers and is migrated. A cache that does not
    answer costs time alone."""
    status, told = readiness.ask()
    return HttpResponse(f"{told}\n", status=status, content_type="text/plain")


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Say so without the database or the page's own template: either may be what failed."""
    error = sys.exc_info()[1]
    if is_away(error):
        return unavailable(request, error)
    return HttpResponse(loader.render_to_string("500.html"), status=500)
