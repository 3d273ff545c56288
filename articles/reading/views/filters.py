"""What an address asks of a list: its filters, its order and its page."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote_plus, urlencode

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from ...models import Article, Author, Genre, Tag
from ...models.plain_sql import one_of, rows
from ...models.redirect import at_address
from ...search.find import PER_PAGE
from ...search.query import MOST_CHARACTERS
from ...text.names import current_script
from ...text.script import HANT

FILTERS = ("tag", "author", "year", "genre")

ON_OFFER = 10
"""Values of a filter shown at once; the others follow on demand, up to MOST_OFFERED."""
MOST_OFFERED = 30

Filter = tuple[str, object, str]
"""A filter in use: its name, what it is, and its list."""


def given(request: HttpRequest, name: str) -> str:
    """Return a value of the address, without control characters no database takes."""
    return re.sub(r"[\x00-\x1f\x7f]", "", request.GET.get(name, "")).strip()


def public_article(pk: int | str) -> Article:
    """Return a public article with no more than its address."""
    return get_object_or_404(Article.objects.published().only("pk", "slug"), pk=pk)


def page_of(request: HttpRequest, articles, per_page: int | None = None):
    """Return one page of a list; an unknown page is not found."""
    try:
        return Paginator(articles, per_page or PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None


def filters_of(request: HttpRequest) -> list[Filter]:
    """Return the filters of the address; what there is not is not found."""
    chosen: list[Filter] = []
    for name, model in (("tag", Tag), ("author", Author)):
        if slug := given(request, name):
            found, _moved = at_address(model, slug)
            if found is None:
                raise Http404
            chosen.append((name, found, f"{name[0]}{found.pk}"))
    if year := given(request, "year"):
        if not re.fullmatch("(?:19|20)[0-9]{2}", year):
            raise Http404
        chosen.append(("year", int(year), f"y{year}"))
    if genre := given(request, "genre"):
        if genre not in Genre.values:
            raise Http404
        chosen.append(("genre", Genre(genre).label, f"g{genre}"))
    return chosen


def must_be_seen(chosen: list[Filter], listed: Counter[str]) -> None:
    """Find no tag and no author of whom readers see no article."""
    if any(not listed[facet] for name, _, facet in chosen if name in ("tag", "author")):
        raise Http404


def without(request: HttpRequest, name: str) -> str:
    """Return the query of this page without one filter, back on the first page."""
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


class Choice(NamedTuple):
    """A value of a filter: its list, and how many articles that leaves."""

    text: str
    url: str
    count: int


_quoted = lru_cache(maxsize=5_000)(quote_plus)  # a page has seventy


def choices_of(
    request: HttpRequest, chosen: list[Filter], beside: Counter[str], total: int
) -> list[tuple[str, list[Choice], list[Choice]]]:
    """Return what a list can be narrowed by: the filter's name, its commonest values, and more.

    `beside` counts the markers among its `total` articles.
    """
    taken = {name for name, _, _ in chosen}
    offered = [(one, n) for one, n in beside.most_common() if one and 0 < n < total]
    kept = [(name, given(request, name)) for name in ("q", *FILTERS, "sort")]
    kept = urlencode([(name, value[:MOST_CHARACTERS]) for name, value in kept if value])
    root = f"{request.path}?{kept}{'&' if kept else ''}"

    def choice(name: str, value: str, text: object, n: int) -> Choice:
        return Choice(str(text), f"{root}{name}={_quoted(value)}", n)

    counted = {
        name: [(int(one[1:]), n) for one, n in offered if one[0] == name[0]][:MOST_OFFERED]
        for name in ("tag", "author")
        if name not in taken
    }
    named = _named(counted)
    values = {
        name: [choice(name, *named[name, pk], n) for pk, n in pairs if (name, pk) in named]
        for name, pairs in counted.items()
    }
    if "genre" not in taken:
        genres = [(one[1:], n) for one, n in offered if one[0] == "g"]
        values["genre"] = [choice("genre", one, Genre(one).label, n) for one, n in genres]
    if "year" not in taken:
        years = sorted(((one[1:], n) for one, n in offered if one[0] == "y"), reverse=True)
        values["year"] = [choice("year", year, year, n) for year, n in years]
    return [(name, found[:ON_OFFER], found[ON_OFFER:]) for name, found in values.items() if found]


def _named(counted: dict[str, list[tuple[int, int]]]) -> dict[tuple[str, int], list[str]]:
    """Return address and name of tags and authors, with one query."""
    asked = {kind: [pk for pk, _ in pairs] for kind, pairs in counted.items() if pairs}
    if not asked:
        return {}
    name = "name_hant" if current_script() == HANT else "name"
    parts, values = [], []
    for kind, pks in asked.items():
        condition, keys = one_of("id", pks)
        parts.append(f"SELECT '{kind}', id, slug, {name} FROM articles_{kind} WHERE {condition}")  # noqa: S608 - our own names
        values += keys
    return {(kind, pk): rest for kind, pk, *rest in rows(" UNION ALL ".join(parts), values)}
