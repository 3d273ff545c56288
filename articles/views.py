"""The public pages. A page reads what was prepared on save; it converts and parses nothing."""

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.core.paginator import InvalidPage, Paginator
from django.db import DatabaseError, OperationalError, connection
from django.db.models import Count
from django.db.models.functions import ExtractMonth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from . import script
from .models import Article, Author, Rendition, Status, Tag, TagGroup
from .names import current_script
from .search.find import MOST_PAGES, PER_PAGE, Results, find
from .search.index import time_limit
from .search.lists import Shelf, are_kept, counts, in_order, neighbours
from .search.log import note
from .search.query import MOST_CHARACTERS
from .search.snippets import Marker
from .search.suggest import suggest

ON_HOME = 8
FILTERS = ("tag", "author", "year")
AUTHORS_TO_CHOOSE = 100
ON_OFFER = 8
"""Values of a filter that results can be narrowed by."""


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
    listed = counts()
    context = {
        "articles": Shelf(current_script())[:ON_HOME],
        "groups": _grouped(listed),
        "article_count": listed[""],
        "author_count": sum(facet.startswith("a") for facet in listed),
        "years": _years(listed),
    }
    return render(request, "articles/home.html", context)


@require_safe
def article_list(request):
    listed = counts()
    chosen = _filters(request, listed)
    facets = [facet for _, _, facet in chosen]
    count = listed["".join(facets)] if len(facets) < 2 else None
    shelf = Shelf(current_script(), *facets, count=count)
    context = {
        "page": _page(request, shelf),
        "filters": [(name, value, _without(request, name)) for name, value, _ in chosen],
        "choices": _choices(listed, {name: value for name, value, _ in chosen}),
    }
    return render(request, "articles/list.html", context)


def _choices(listed: Counter[str], chosen: dict[str, object]) -> dict[str, SafeString]:
    """Return the options of each filter, as markup: there are hundreds, and templates are slow."""
    key = f"choices-{current_script()}"
    choices = cache.get(key) if are_kept(listed) else None
    if choices is None:
        tags = [
            (label, _options((tag.slug, tag, tag.article_count) for tag in members))
            for label, members in _grouped(listed)
        ]
        authors = _authors(listed, AUTHORS_TO_CHOOSE)
        years = _years(listed)
        choices = {
            "tag": format_html_join("", '<optgroup label="{}">{}</optgroup>', tags),
            "author": _options((one.slug, one, one.article_count) for one in authors),
            "year": _options((one["year"], one["year"], one["article_count"]) for one in years),
        }
        if are_kept(listed):
            cache.set(key, choices, 60)
    return {name: _chosen(markup, chosen.get(name)) for name, markup in choices.items()}


def _options(values: Iterable[tuple[object, object, int]]) -> SafeString:
    return format_html_join("", '<option value="{}">{} ({})</option>', values)


def _chosen(markup: SafeString, value: object) -> SafeString:
    """Return options with one of them selected."""
    option = format_html('value="{}"', getattr(value, "slug", value))
    return mark_safe(markup.replace(option, f"{option} selected", 1))  # noqa: S308


def _filters(request: HttpRequest, listed: Counter[str]) -> list[tuple[str, object, str]]:
    """Return the filters of the address: name, what it is, and its list. What readers see no
    article of is not found."""
    chosen: list[tuple[str, object, str]] = []
    for name, model in (("tag", Tag), ("author", Author)):
        if slug := _given(request, name):
            found = get_object_or_404(model, slug=slug)
            chosen.append((name, found, f"{name[0]}{found.pk}"))
    if given := _given(request, "year"):
        if not re.fullmatch("(?:19|20)[0-9]{2}", given):
            raise Http404
        chosen.append(("year", int(given), f"y{given}"))
    if any(not listed[facet] for name, _, facet in chosen if name != "year"):
        raise Http404
    return chosen


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
    newer, older = neighbours(found, current_script())
    rendition = get_object_or_404(Rendition, article=found, script=current_script())
    context = {"article": found, "rendition": rendition, "newer": newer, "older": older}
    return render(request, "articles/article.html", context)


def _grouped(listed: Counter[str]) -> list[tuple[str, list[Tag]]]:
    """Return the tags readers see an article of, by group, the groups in their own order."""
    groups: dict[str, list[Tag]] = {value: [] for value in TagGroup.values}
    for tag in Tag.objects.defer("description", "description_hant").order_by("slug"):
        tag.article_count = listed[f"t{tag.pk}"]
        if tag.article_count:
            groups[tag.group].append(tag)
    for members in groups.values():
        members.sort(key=lambda tag: -tag.article_count)
    return [(TagGroup(value).label, members) for value, members in groups.items() if members]


def _authors(listed: Counter[str], most: int | None = None) -> list[Author]:
    """Return the authors readers see an article of; at most so many, those who wrote most."""
    wrote = {int(facet[1:]): n for facet, n in listed.items() if facet.startswith("a")}
    chosen = sorted(wrote, key=lambda pk: (-wrote[pk], pk))[:most]
    if most is None:
        found = [author for author in Author.objects.order_by("slug") if author.pk in wrote]
    else:
        authors = Author.objects.defer("biography", "biography_hant")
        found = list(authors.filter(pk__in=chosen).order_by("slug"))
    for author in found:
        author.article_count = wrote[author.pk]
    return found


def _years(listed: Counter[str]) -> list[dict]:
    years = ((int(facet[1:]), n) for facet, n in listed.items() if facet.startswith("y"))
    return [{"year": year, "article_count": n} for year, n in sorted(years, reverse=True)]


@require_safe
def tags(request):
    return render(request, "articles/tags.html", {"groups": _grouped(counts())})


@require_safe
def tag(request, slug):
    found = get_object_or_404(Tag, slug=slug)
    page = _page(request, Shelf(current_script(), f"t{found.pk}"))
    if not page.paginator.count:
        raise Http404
    return render(request, "articles/tag.html", {"tag": found, "page": page})


@require_safe
def authors(request):
    return render(request, "articles/authors.html", {"authors": _authors(counts())})


@require_safe
def author(request, slug):
    found = get_object_or_404(Author, slug=slug)
    page = _page(request, Shelf(current_script(), f"a{found.pk}"))
    if not page.paginator.count:
        raise Http404
    return render(request, "articles/author.html", {"author": found, "page": page})


@require_safe
def archive(request):
    return render(request, "articles/archive.html", {"years": _years(counts())})


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
        "years": _years(counts()),
        "page": page,
    }
    return render(request, "articles/archive.html", context)


@require_safe
def search_page(request):
    typed = _given(request, "q")
    query = typed[:MOST_CHARACTERS]
    listed = counts() if any(_given(request, name) for name in FILTERS) else Counter()
    chosen = _filters(request, listed)
    number = _number(request)
    by_date = _given(request, "sort") == "date"
    context = {"query": query, "by_date": by_date, "cut_short": len(typed) > MOST_CHARACTERS}
    if not query:
        return render(request, "articles/search.html", context)
    try:
        with time_limit():
            facets = [facet for _, _, facet in chosen]
            results = find(query, facets=facets, page=number, by_date=by_date)
    except OperationalError:
        return render(request, "articles/search.html", context | {"too_slow": True}, status=503)
    if number > results.pages:
        raise Http404
    if number == 1 and not chosen:
        note(query, 0 if results.dropped or results.scattered else results.total)
    marker = Marker(results.query)
    articles = in_order(results.article_ids, current_script(), with_bodies=True)
    for found in articles:
        shown = found.rendition
        found.snippet = marker.snippet(shown.title, shown.summary, shown.body)
    context |= {
        "results": results,
        "articles": articles,
        "page": Paginator(range(results.reachable), PER_PAGE).page(number),
        "filters": [(name, value, _without(request, name)) for name, value, _ in chosen],
        "facets": _facets(results, chosen),
        "ends": results.total > results.reachable,
    }
    return render(request, "articles/search.html", context)


def _number(request: HttpRequest) -> int:
    """Return which page of the results is asked for; one that cannot be is not found."""
    given = _given(request, "page") or "1"
    if not re.fullmatch("[1-9][0-9]?", given) or int(given) > MOST_PAGES:
        raise Http404
    return int(given)


def _facets(results: Results, chosen) -> list[tuple[str, list[tuple[str, object, int]]]]:
    """Return what the results could be narrowed by: a filter's name, and its values with their
    address and how many articles they leave."""
    taken = {name for name, _, _ in chosen}
    offered = {one: n for one, n in results.facets.most_common() if n < results.total}
    narrowed = []
    for name, model in (("tag", Tag), ("author", Author)):
        likely = [(int(facet[1:]), n) for facet, n in offered.items() if facet.startswith(name[0])][
            :ON_OFFER
        ]
        if name in taken or not likely:
            continue
        found = model.objects.in_bulk([pk for pk, _ in likely])
        values = [(found[pk].slug, found[pk], n) for pk, n in likely if pk in found]
        narrowed.append((name, values))
    years = sorted(
        ((facet[1:], n) for facet, n in offered.items() if facet.startswith("y")),
        reverse=True,
    )[: ON_OFFER + 4]
    if "year" not in taken and years:
        narrowed.append(("year", [(year, year, n) for year, n in years]))
    return narrowed


@require_safe
def suggestions(request):
    """What may be meant by what was typed so far, as JSON; nothing where it takes too long."""
    try:
        with time_limit():
            found = suggest(_given(request, "q"), current_script())
    except OperationalError:
        found = []
    content = {"suggestions": [asdict(one) for one in found]}
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=60)
    return response


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
