"""Which list a reader came to an article from, as the address says: `?in=t5`.

A list is known by a letter and a number: a tag, an author, a year, a day of the archive's order.
A page of results or of combined filters has no number of its own, so its articles stand in the
address, with the query that finds them. What is not known, or does not hold the article, counts as
all articles: the same page, never an error.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from ...models import Collection
from ...search.find import PER_PAGE
from ...search.lists import dated_neighbours
from ..cards import Link
from ..whole_article import WholeArticle
from .filters import FILTERS, given

_FORM = re.compile("[a-z][0-9]{1,18}")
_PAGE = re.compile(rf"p[0-9]{{1,18}}(?:\.[0-9]{{1,18}}){{0,{PER_PAGE - 1}}}")
_KEPT = ("q", *FILTERS, "sort", "page")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Within:
    """A list as the article's page shows it: a way back, and by its marker or by their keys the
    articles on either side in it, the newer first.

    `query` goes on to the next article of the list.
    """

    name: str
    url: str
    query: str
    facet: str = ""
    beside: tuple[int | None, int | None] | None = None


def link_in(facet: str) -> str:
    """Return what a list adds to the addresses of its articles."""
    return f"?in={facet}"


def link_in_page(request: HttpRequest, article_ids: Iterable[int]) -> str:
    """Return what a page of results adds to the addresses of its articles."""
    ids = ".".join(map(str, article_ids))
    return f"?{urlencode({'in': f'p{ids}'} | _page_of(request))}"


def _page_of(request: HttpRequest) -> dict[str, str]:
    return {name: text for name in _KEPT if (text := given(request, name)[:_LONGEST])}


def list_of(request: HttpRequest, article: WholeArticle) -> Within:
    """Return the list the address names, or that of all articles."""
    wanted = given(request, "in")
    found = None
    if _PAGE.fullmatch(wanted):
        found = _in_page(request, article, [int(one) for one in wanted[1:].split(".")])
    elif _FORM.fullmatch(wanted) and wanted[0] in LISTS:
        found = LISTS[wanted[0]](article, int(wanted[1:]))
    return found or Within("", "", "")


def _in_page(request: HttpRequest, article: WholeArticle, ids: list[int]) -> Within | None:
    if article.pk not in ids:
        return None
    at = ids.index(article.pk)
    kept = _page_of(request)
    query = QueryDict(mutable=True)
    query.update(kept)
    page, name = reverse("articles"), _("the articles you chose")
    if "q" in kept:
        page, name = reverse("search"), _("search for “%(query)s”") % {"query": kept["q"]}
    return Within(
        name,
        f"{page}?{query.urlencode()}" if kept else page,
        link_in_page(request, ids),
        beside=(ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None),
    )


def _in_link(links: Iterable[Link], facet: str, number: int) -> Within | None:
    found = next((link for link in links if link.pk == number), None)
    return found and Within(found.text, found.url, link_in(facet), facet)


def _in_tag(article: WholeArticle, number: int) -> Within | None:
    return _in_link(article.tags, f"t{number}", number)


def _in_author(article: WholeArticle, number: int) -> Within | None:
    return _in_link(article.authors, f"a{number}", number)


def _in_year(article: WholeArticle, year: int) -> Within | None:
    if article.dated.year != year:
        return None
    facet = f"y{year}"
    url = f"{reverse('articles')}?year={year}"
    return Within(f"{year}年", url, link_in(facet), facet)


def _in_archive(article: WholeArticle, number: int) -> Within | None:
    """Return the archive of a year, 2011, or of a month, 201103."""
    year, month = article.dated.year, article.dated.month
    if number == year:
        url, beside = reverse("archive-year", args=[year]), dated_neighbours(article, year)
        return Within(f"{year}年", url, link_in(f"d{year}"), beside=beside)
    if number == year * 100 + month:
        url = reverse("archive-month", args=[year, month])
        beside = dated_neighbours(article, year, month)
        return Within(f"{year}年{month}月", url, link_in(f"d{number}"), beside=beside)
    return None


def _in_collection(article: WholeArticle, number: int) -> Within | None:
    collection = Collection.objects.published().filter(pk=number).first()
    place = collection.around(article.pk) if collection else None
    if place is None:
        return None
    before, after = (one and one.article_id for one in (place.previous, place.next))
    name = f"{collection}（{place.position}／{place.total}）"
    return Within(
        name, collection.get_absolute_url(), link_in(f"c{number}"), beside=(before, after)
    )


LISTS: dict[str, Callable[[WholeArticle, int], Within | None]] = {
    "t": _in_tag,
    "a": _in_author,
    "y": _in_year,
    "d": _in_archive,
    "c": _in_collection,
}
"""The lists an address may name: a letter, and what finds the list by its number and tells where
the article stands in it; None where it does not stand there."""
