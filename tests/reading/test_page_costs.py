"""What a page may cost, counted: queries, bytes and calls of functions, which no other work on the
machine changes. What they cost in time is measured by `benchmarks.pages`."""

import gc
import sys
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Collection, CollectionItem
from articles.reading import sitemaps

from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

MOST = {
    # queries, thousands of calls, kilobytes of the page
    "article": (3, 4.1, 12.2),
    "articles/": (3, 2.5, 16),
    "articles/?page=2": (3, 2.6, 16),
    "articles/?tag=weiquan": (5, 3.0, 16),
    "tags/": (1, 1.8, 5),
    "tags/weiquan/": (5, 2.7, 15),
    "authors/": (1, 1.8, 5),
    "authors/liu-ming/": (4, 2.6, 15),
    "archive/": (1, 2.0, 7),
    "": (5, 2.6, 10),
    "feeds/latest.rss": (2, 1.6, 15),
    "search/?q=工會": (10, 5.2, 19.5),
    "search/suggest?q=工": (7, 1.9, 2),
    "sitemap-articles.xml": (1, 3.2, 70),
}
"""A page of a library of sixty articles, when it is made again: what changes with a list only is
written already. A number that has to go up is a page that got dearer: say why with the change."""

BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config")
"""What PostgreSQL is told about a search's time limit: no row is asked for."""

KEPT = (1, 0.33)
"""Queries, and thousands of calls, of a page that Django shows as it is kept: 0.30 on SQLite and 0.29 on
PostgreSQL, 60 of them of Django's test client. What comes before Django: `test_shown_again`."""


@shelf
def library(make_article):
    """Sixty articles by six authors and with some tags, one of which is in a collection."""
    for number in range(60):
        made = make_article(
            f"第{number}篇 工會要走進班組",
            authors=["劉明"] if number % 2 else ["王芳", "劉明"],
            tags=["維權"] if number % 3 else ["提案", "職代會"],
            stated_date=date(2010 + number % 3, 1 + number % 12, 5),
            summary="聯繫職工。",
            genre="paper",
        )
    collection = Collection(name_hant="工會入門", status="published")
    collection.save()
    CollectionItem.objects.create(collection=collection, article=made, position=1)
    return made.pk


def address(page: str, pk: int) -> str:
    if page == "article":
        found = Article.objects.get(pk=pk - 20)
        return found.get_absolute_url()
    if page == "sitemap-articles.xml" and (block := pk // sitemaps.BLOCK):
        return f"/sitemap-articles-{block + 1}.xml"
    return f"/{page}" if page.startswith("sitemap") else f"/zh-hant/{page}"


def calls_of(ask) -> int:
    """Return how many Python functions are called."""
    called = 0

    def count(frame, event, argument):
        nonlocal called
        called += event == "call"

    before = sys.getprofile()
    gc.collect()  # what earlier tests left behind is put away now, not while it is counted
    gc.disable()
    sys.setprofile(count)
    try:
        ask()
    finally:
        sys.setprofile(before)
        gc.enable()
    return called


@pytest.mark.parametrize("page", MOST)
def test_a_page_that_is_made_costs_no_more(library, page):
    path, client = address(page, library), Client()
    for _ in range(3):
        answer = client.get(path)
    assert answer.status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    statements = [one["sql"] for one in asked if not one["sql"].startswith(BOOKKEEPING)]
    calls = calls_of(lambda: client.get(path)) / 1000
    size = len(answer.content) / 1024
    queries, most_calls, most_size = MOST[page]
    told = f"{page or 'home'}: {len(statements)} queries, {calls:.1f} thousand calls, {size:.1f} KB"
    assert len(statements) <= queries, statements
    assert calls <= most_calls, told
    assert size <= most_size, told


@pytest.mark.parametrize("page", ["article", "articles/", "", "feeds/latest.rss"])
def test_a_page_that_is_kept_costs_next_to_nothing(library, page, settings):
    settings.PAGE_CACHE = True
    path, client = address(page, library), Client()
    etag = next(client.get(path) for _ in range(3))["ETag"]
    for known in ({}, {"if-none-match": etag}):
        with CaptureQueriesContext(connection) as asked:
            client.get(path, headers=known)
        assert len(asked) <= KEPT[0]
        calls = calls_of(lambda known=known: client.get(path, headers=known)) / 1000
        assert calls <= KEPT[1], calls
