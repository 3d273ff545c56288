"""Somebody counts the steps of a list while somebody else changes it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from articles.models import Article, ListChange, ListStep
from articles.search import list_steps, lists

from ..support.together import TWO_WRITERS, event, together, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


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


@TWO_WRITERS
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


@TWO_WRITERS
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


@TWO_WRITERS
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


@pytest.mark.parametrize("how", ["withdrawn", "expired", "in its place"])
def test_who_dies_between_the_commit_and_forgetting_leaves_nothing_to_go_by(
    articles, make_article, monkeypatch, how
):
    list_steps.near("", 0)
    one = Article.objects.get(pk=articles[3])
    with monkeypatch.context() as dying:
        dying.setattr(list_steps, "_forget", _die)
        if how == "expired":
            one.expires_at = timezone.now() - timedelta(seconds=5)
        else:
            one.status = "archived"
        one.save()
        if how == "in its place":
            make_article("後來的", published_at=one.published_at)
    assert _die.times and ListStep.objects.filter(facet="").count() == 7  # nobody has forgotten
    for start in (24, 12):  # counted from the oldest, and by what somebody counted anew
        last, before = list_steps.near("", start)
        assert before == len(list_steps.entries("", "position", first=last + 1))
    list_steps._count_on("")
    assert not ListChange.objects.filter(facet="").exists()
    assert all(kept == there for kept, there in places())


def _die(*_what) -> None:
    _die.times += 1


_die.times = 0
