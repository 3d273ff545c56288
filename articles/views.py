"""The public pages. A page reads what was prepared on save; it converts and parses nothing."""

import re
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.paginator import InvalidPage, Paginator
from django.db import DatabaseError, connection
from django.db.models import Count
from django.db.models.functions import ExtractMonth, ExtractYear
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from . import script
from .models import Article, Author, Rendition, Status, Tag, TagGroup
from .names import current_script

PER_PAGE = 20
ON_HOME = 8


def script_context(request: HttpRequest) -> dict:
    """Tell templates the script of the page and where it stands in the other one."""
    language = get_language() or "zh-hant"
    prefix, rest = request.path[:9], request.path[9:]
    context = {"script": current_script(), "is_hant": language != "zh-hans"}
    if prefix in ("/zh-hans/", "/zh-hant/"):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        context["in_hans"] = f"/zh-hans/{rest}{query}"
        context["in_hant"] = f"/zh-hant/{rest}{query}"
        with suppress(DisallowedHost):  # the page that says so needs no addresses
            context["alternates"] = [
                (name, request.build_absolute_uri(f"/{name.lower()}/{rest}"))
                for name in script.SCRIPTS
            ]
    return context


def _public():
    return Article.objects.published()


def _given(request: HttpRequest, name: str) -> str:
    """Return a value of the address, without control characters no database takes."""
    return re.sub(r"[\x00-\x1f\x7f]", "", request.GET.get(name, "")).strip()


def _page(request: HttpRequest, articles):
    """Return one page of a list; an unknown page is not found."""
    try:
        return Paginator(articles, PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None


@require_safe
def root(request):
    response = HttpResponseRedirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def home(request):
    public = _public()
    context = {
        "articles": public.newest_first().for_lists(current_script())[:ON_HOME],
        "groups": _grouped(public.tags_in_use()),
        "article_count": public.count(),
        "author_count": public.authors_in_use().count(),
        "years": _years(public),
    }
    return render(request, "articles/home.html", context)


@require_safe
def article_list(request):
    public = _public()
    articles = public
    filters = []
    tag = author = year = None
    if slug := _given(request, "tag"):
        tag = get_object_or_404(public.tags_in_use(), slug=slug)
        articles = articles.filter(tagged__tag=tag)
        filters.append(("tag", tag))
    if slug := _given(request, "author"):
        author = get_object_or_404(public.authors_in_use(), slug=slug)
        articles = articles.filter(authorships__author=author)
        filters.append(("author", author))
    if given := _given(request, "year"):
        if not re.fullmatch("(?:19|20)[0-9]{2}", given):
            raise Http404
        year = int(given)
        articles = articles.dated(year)
        filters.append(("year", year))
    context = {
        "page": _page(request, articles.newest_first().for_lists(current_script())),
        "filters": [(name, value, _without(request, name)) for name, value in filters],
        "tag": tag,
        "author": author,
        "year": year,
        "groups": _grouped(public.tags_in_use()),
        "authors": public.authors_in_use().order_by("slug"),
        "years": _years(public),
    }
    return render(request, "articles/list.html", context)


def _without(request: HttpRequest, name: str) -> str:
    """Return the query of this page without one filter, back on the first page."""
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@require_safe
def article(request, pk, slug=None):
    found = get_object_or_404(
        _public()
        .defer("body", "search_text")
        .select_related("source")
        .defer("source__raw", "source__text", "source__edits", "source__flags", "source__written")
        .defer("source__marks", "source__hints")
        .prefetch_related("authorships__author", "tags"),
        pk=pk,
    )
    if slug != found.slug:
        return redirect(found, permanent=True)
    newer, older = _public().for_links(current_script()).neighbours(found)
    rendition = get_object_or_404(Rendition, article=found, script=current_script())
    context = {"article": found, "rendition": rendition, "newer": newer, "older": older}
    return render(request, "articles/article.html", context)


def _grouped(tags) -> list[tuple[str, list[Tag]]]:
    """Return tags by group, the groups in their own order."""
    groups: dict[str, list[Tag]] = {value: [] for value in TagGroup.values}
    for tag in tags.order_by("-article_count", "slug"):
        groups[tag.group].append(tag)
    return [(TagGroup(value).label, members) for value, members in groups.items() if members]


def _years(articles) -> list[dict]:
    return list(
        articles.annotate(year=ExtractYear("dated"))
        .values("year")
        .annotate(article_count=Count("pk"))
        .order_by("-year")
    )


@require_safe
def tags(request):
    return render(request, "articles/tags.html", {"groups": _grouped(_public().tags_in_use())})


@require_safe
def tag(request, slug):
    public = _public()
    found = get_object_or_404(public.tags_in_use(), slug=slug)
    articles = public.filter(tagged__tag=found).newest_first().for_lists(current_script())
    context = {"tag": found, "page": _page(request, articles)}
    return render(request, "articles/tag.html", context)


@require_safe
def authors(request):
    found = _public().authors_in_use().order_by("slug")
    return render(request, "articles/authors.html", {"authors": found})


@require_safe
def author(request, slug):
    public = _public()
    found: Author = get_object_or_404(public.authors_in_use(), slug=slug)
    articles = public.filter(authorships__author=found).newest_first()
    context = {"author": found, "page": _page(request, articles.for_lists(current_script()))}
    return render(request, "articles/author.html", context)


@require_safe
def archive(request):
    return render(request, "articles/archive.html", {"years": _years(_public())})


@require_safe
def archive_year(request, year):
    return _archive(request, year)


@require_safe
def archive_month(request, year, month):
    return _archive(request, year, month)


def _archive(request, year, month=None):
    public = _public()
    articles = public.dated(year, month).order_by("-dated", "-pk")
    page = _page(request, articles.for_lists(current_script()))
    if not page.paginator.count:
        raise Http404
    months = (
        public.dated(year)
        .annotate(month=ExtractMonth("dated"))
        .values("month")
        .annotate(article_count=Count("pk"))
        .order_by("month")
    )
    context = {
        "year": year,
        "month": month,
        "months": months,
        "years": _years(public),
        "page": page,
    }
    return render(request, "articles/archive.html", context)


@require_safe
def search_page(request):
    query = _given(request, "q")[:100]
    found = search(_public(), query).for_lists(current_script())
    context = {"query": query, "page": _page(request, found) if query else None}
    return render(request, "articles/search.html", context)


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
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /*/choose/", "Disallow: /*/search/"]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request):
    """The process can serve pages: the database answers and is migrated."""
    try:
        Article.objects.filter(status=Status.PUBLISHED).exists()
        connection.ensure_connection()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Say so without the database or the page's own template: either may be what failed."""
    return HttpResponse(loader.render_to_string("500.html"), status=500)
