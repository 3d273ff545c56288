"""Search: the page of results, and suggestions while typing."""

import re

from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.database_faults import took_too_long

from ...search.engine import time_limit
from ...search.find import MOST_PAGES, PER_PAGE, find
from ...search.lists import counts
from ...search.query import MOST_CHARACTERS
from ...search.query_log import note
from ...search.snippets import Marker
from ...search.suggest import suggest
from ...text.names import current_script
from ..card_lines import found_lines
from ..cards import Card, Shelf, cards
from ..read_counts import most_read
from .filters import choices_of, filters_of, given, must_be_seen, without
from .within import link_in_page

OFFERED = 5
"""Articles offered to who found nothing."""


@require_safe
def search_page(request):
    typed = given(request, "q")
    query = typed[:MOST_CHARACTERS]
    chosen = filters_of(request)
    number = _number(request)
    by_date = given(request, "sort") == "date"
    context = {"query": query, "by_date": by_date, "cut_short": len(typed) > MOST_CHARACTERS}
    if not query:
        if chosen:
            must_be_seen(chosen, counts())
        return render(request, "reading/search.html", context)
    try:
        with time_limit():
            facets = [facet for _, _, facet in chosen]
            results = find(query, facets=facets, page=number, by_date=by_date)
    except OperationalError as error:
        if not took_too_long(error):
            raise
        return render(request, "reading/search.html", context | {"too_slow": True}, status=503)
    if number > results.pages:
        raise Http404
    if chosen and not results.total:  # of what has results there are articles
        must_be_seen(chosen, counts())
    if number == 1 and not chosen and not results.query.is_empty:
        is_less = results.dropped or results.scattered
        note(query, 0 if is_less else results.whole or results.total)
    marker = Marker(results.query)
    shown = found_lines(results.article_ids, current_script(), marker)
    context |= {
        "results": results,
        "articles": shown,
        "within": link_in_page(request, [line.pk for line in shown]),
        "page": Paginator(range(results.reachable), PER_PAGE).page(number),
        "filters": [(name, value, without(request, name)) for name, value, _ in chosen],
        "narrowed": choices_of(request, chosen, results.facets, results.total),
        "ends": results.total > results.reachable,
        "popular": [] if results.total or results.query.is_empty else _popular(),
    }
    return render(request, "reading/search.html", context)


def _popular() -> list[Card]:
    """Return what is read most, or else what came last: for who found nothing."""
    found = cards(most_read(OFFERED), current_script())
    return found or Shelf(current_script(), count=0)[:OFFERED]


def _number(request: HttpRequest) -> int:
    """Return which page of the results is asked for; one that cannot be is not found."""
    number = given(request, "page") or "1"
    if not re.fullmatch("[1-9][0-9]?", number) or int(number) > MOST_PAGES:
        raise Http404
    return int(number)


@require_safe
def suggestions(request):
    """What may be meant by what was typed so far, as JSON; nothing where it takes too long."""
    try:
        with time_limit():
            found = suggest(given(request, "q"), current_script())
        is_all = True
    except OperationalError as error:
        if not took_too_long(error):
            raise
        found, is_all = [], False
    content, content_type = {"suggestions": [one._asdict() for one in found]}, "application/json"
    if given(request, "format") == "opensearch":  # what browsers ask for in their address bar
        urls = [request.build_absolute_uri(one.url) for one in found]
        content = [given(request, "q"), [one.text for one in found], [""] * len(found), urls]
        content_type = "application/x-suggestions+json"
    response = JsonResponse(
        content, safe=False, content_type=content_type, json_dumps_params={"ensure_ascii": False}
    )
    if is_all:
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, no_store=True)
    return response
