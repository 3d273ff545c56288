"""Somebody counts the steps of a list while somebody else changes it."""

import pytest
from django.db import transaction

from articles.models import Article, ListStep
from articles.search import list_steps, lists

from ..support.together import TWO_WRITERS, event, together, until_somebody_waits

pytestmark = [TWO_WRITERS, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def articles(make_article, monkeypatch):
    monkeypatch.setattr(lists, "_NEAR", 1)
    monkeypatch.setattr(lists, "_COUNTED_ANEW", 1)
    monkeypatch.setattr(list_steps, "_STEP", 4)
    return [make_article(f"第{number}篇").pk for number in range(30)]


def places() -> list[tuple[int, int]]:
    """Return of each step how many entries there are up to it, as kept and as it is."""
    steps = ListStep.objects.filter(facet="").order_by("counted")
    return [
        (counted, list_steps.entries("", "count(*)", last=position)[0][0])
        for counted, position in steps.values_list("counted", "position")
    ]


@pytest.mark.parametrize("how", ["withdrawn", "deleted", "brought back"])
def test_who_counted_before_and_says_so_after(articles, how):
    """The steps are counted, and not committed, when the other is done and forgets them."""
    one = Article.objects.get(pk=articles[3])
    if how == "brought back":
        Article.objects.get(pk=one.pk).delete()
        one.status = "archived"
        one.save(force_insert=True)
    counted, changed = event(), event()

    def count():
        with transaction.atomic():
            list_steps.near("", 0)
            counted.set()
            until_somebody_waits(changed)

    def change():
        counted.wait()
        if how == "deleted":
            one.delete()
        else:
            one.status = "published" if how == "brought back" else "archived"
            one.save()
        changed.set()

    together(count, change)
    assert all(kept == there for kept, there in places())


def test_who_counts_while_another_has_not_committed_yet(articles):
    withdrawn, counted = event(), event()

    def withdraw():
        with transaction.atomic():
            one = Article.objects.get(pk=articles[3])
            one.status = "archived"
            one.save()
            withdrawn.set()
            counted.wait()

    def count():
        withdrawn.wait()
        list_steps.near("", 0)
        counted.set()

    together(withdraw, count)
    assert all(kept == there for kept, there in places())


def test_two_who_count_at_once_count_once():
    first, second = event(), event()

    def count():
        with transaction.atomic():
            list_steps.near("", 0)
            first.set()
            second.wait()

    def count_too():
        first.wait()
        list_steps.near("", 0)  # does not wait, and counts nothing
        second.set()

    together(count, count_too)
    assert [kept for kept, _there in places()] == [4, 8, 12, 16, 20, 24, 28]
