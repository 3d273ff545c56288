"""Flags of near duplicates are derived: nothing of a curator's is lost to them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from articles.curation.near_duplicates import similar_flags
from articles.curation.publishing import from_bin, to_bin
from articles.importing.repairs.byteshift import step as byteshift
from articles.intake import decisions
from articles.models import Article, Similarity, Source

from ..intake.test_decisions import TEXT, lost, store
from ..support.together import TWO_WRITERS, event, together, until_somebody_waits

LONG = (
    f"{TEXT}工會幹部要經常到班組去，聽職工說生產和生活的事，記下來，辦完以後再去告訴他們結果。"
    "不能只在會上問，也不能只問先進班組，夜班和外包的班組也要去問一問。\n"
)


@pytest.fixture(autouse=True)
def in_doubt(monkeypatch):
    """Leave something to decide."""
    monkeypatch.setattr(byteshift, "_CERTAIN_GUESS", float("inf"))


def pair():
    one = store(LONG).article
    two = store(LONG.replace("辦成的事", "辦好的事"), "/imported/b.txt").article
    assert Similarity.objects.count() == 1
    return one, two


@pytest.mark.django_db(transaction=True)
@TWO_WRITERS
def test_a_decision_stands_while_its_near_duplicate_goes_into_the_bin(monkeypatch):
    one, two = pair()
    curator = User.objects.create_superuser("curator")
    token = decisions.token(lost(Article.objects.get(pk=two.pk)))
    deciding = event()

    def decide():
        real = decisions.recorded

        def held(*args, **more):
            deciding.set()
            until_somebody_waits()
            return real(*args, **more)

        monkeypatch.setattr(decisions, "recorded", held)
        return decisions.accept(two, token, "。縣", curator)

    def bin_both():
        deciding.wait()
        return to_bin(Article.objects.filter(pk__in=[one.pk, two.pk]), curator)

    decision, binned = together(decide, bin_both)
    assert binned == [one.pk, two.pk]
    assert lost(Article.objects.get(pk=two.pk))["settled"] == decision.pk
    assert Source.objects.get(article=two).blocking_count == 0


@pytest.mark.django_db
def test_dismissing_a_pair_writes_no_flag(client):
    one, two = pair()
    client.force_login(User.objects.create_superuser("curator"))
    before = list(Source.objects.order_by("pk").values("flags", "flag_count"))
    client.post(f"/admin/articles/article/{two.pk}/compare/{one.pk}/", {"decision": "dismiss"})
    assert not similar_flags(one.pk)
    assert list(Source.objects.order_by("pk").values("flags", "flag_count")) == before


@pytest.mark.django_db
def test_the_page_of_an_import_leads_to_the_comparison(client):
    one, two = pair()
    client.force_login(User.objects.create_superuser("curator"))
    page = f"/admin/articles/article/{two.pk}/import/"
    address = f"/admin/articles/article/{two.pk}/compare/{one.pk}/"
    assert address in client.get(page).content.decode()
    to_bin(Article.objects.filter(pk=one.pk), None)
    assert address not in client.get(page).content.decode()
    from_bin(Article.objects.filter(pk=one.pk), None)
    assert address in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_pair_that_is_none_any_more_is_told_to_who_dismisses_it(client):
    one, two = pair()
    client.force_login(User.objects.create_superuser("curator"))
    standing = Similarity.objects.get()
    Similarity.objects.all().delete()
    assert not standing.dismiss(None)
    address = f"/admin/articles/article/{two.pk}/compare/{one.pk}/"
    assert client.post(address, {"decision": "dismiss"}).status_code == 404


@pytest.mark.django_db
def test_flags_that_were_kept_are_dropped_and_settled_ones_become_dismissals():
    one, two = pair()
    curator = User.objects.create_user("curator")
    sources = {pk: Source.objects.get(article=pk) for pk in (one.pk, two.pk)}
    for pk, source in sources.items():
        source.flags += [flag.as_json() for flag in similar_flags(pk)]
    decision = sources[two.pk].decisions.create(action="settle", finding={}, by=curator)
    sources[two.pk].flags[-1]["settled"] = decision.pk
    for source in sources.values():
        source.tally()
        source.save()
    derive = import_module("articles.migrations.0024_derived_near_duplicates").derive
    decision.finding = sources[two.pk].flags[-1]
    decision.save()
    derive(apps, None)
    for source in Source.objects.all():
        assert "near-duplicate" not in source.flag_kinds
        assert "near-duplicate" not in [flag["kind"] for flag in source.flags]
        assert source.flag_count == sum(source.flag_kinds.values())
    found = Similarity.objects.get()
    assert (found.dismissed_by, found.dismissed_at) == (curator, decision.at)
