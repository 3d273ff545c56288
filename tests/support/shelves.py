"""Libraries that are filled once for the tests that read them: filling takes longer than reading."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

from articles.models import Article, Author, Tag
from articles.reading import card_lines, kept_pages
from articles.search import commonness, index, lists, words

BODY = (
    "<h2>一、走訪</h2><p>工會要到職工中間去，聽他們說。</p><h2>二、回訪</h2><p>辦完再問一聲。</p>"
)

_shelves: set[tuple[str, str]] = set()


def store_article(title="工會要走進班組", *, authors=(), tags=(), status="published", **fields):
    """Store an article, published unless told otherwise."""
    fields = {"body": BODY, "original_script": "zh-Hant"} | fields
    article = Article(title=title, status=status, **fields)
    article.save(with_index=False)
    article.set_authors([_author(name) for name in authors], with_index=False)
    article.set_tags([Tag.objects.named(name) for name in tags])
    return article


def _author(name: str) -> Author:
    author = Author.objects.filter(name_hant=name).first()
    if author is None:
        author = Author(name_hant=name)
        author.save()
    return author


def forget() -> None:
    """Forget what a process keeps of the database and of its last request."""
    translation.deactivate()
    words._words.cache_clear()
    commonness._statistics.cache_clear()
    index._known_terms.clear()
    cache.clear()
    kept_pages.store.forget()
    lists.forget_kept()
    card_lines.forget()


@contextmanager
def filled(blocker, fill: Callable):
    """Fill the database within a transaction that ends unkept; tests roll back to where it stands."""
    with blocker.unblock():
        forget()
        around = transaction.atomic()
        around.__enter__()
        made = fill(store_article)
    yield made
    with blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def shelf(fill: Callable):
    """Make a fixture of a function that fills the library, once for all tests of a module that ask
    for it. What they do is undone after each, and the tests that do not ask for it come before.

    The function is given what stores an article. What it returns the tests are given: keys, no
    rows, as a test changes what it holds. No test of the module may commit.
    """
    _shelves.add((fill.__module__, fill.__name__))

    @pytest.fixture(scope="module", name=fill.__name__)
    def library(django_db_setup, django_db_blocker):
        with filled(django_db_blocker, fill) as made:
            yield made

    return library


def asks_for_shelf(item) -> bool:
    module = item.module.__name__
    return any(one == module and name in item.fixturenames for one, name in _shelves)
