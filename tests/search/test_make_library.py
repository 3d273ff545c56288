"""Libraries made to measure with: whole, found, the same again, and never over real articles."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles.making import loading as making
from articles.making import texts
from articles.models import Article, Author, Listing, Rendition, SearchVersion
from articles.search.find import find
from articles.search.rebuild import differences
from articles.text import html, script
from articles.text.script import searchable

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(monkeypatch):
    """Return a function that makes a library, in small chunks."""
    monkeypatch.setattr(making, "_CHUNK", 20)

    def make(count=50, **options):
        call_command("make_library", count, jobs=1, verbosity=0, **options)
        return list(Article.objects.order_by("pk"))

    return make


def test_made_articles_are_whole(library):
    articles = library()
    assert len(articles) == 50
    assert len({article.title for article in articles}) == 50
    assert {article.original_script for article in articles} == set(script.SCRIPTS)
    for article in articles:
        assert 800 <= len(article.search_text) <= 6_100
        assert "工会" in article.search_text
        assert article.is_public
        assert article.body == html.sanitise(article.body)
        assert article.search_text == searchable(
            "\n".join((article.title, "", html.plain_text(article.body)))
        )
        assert 1 <= article.authors.count() <= 3
        assert 2 <= article.tags.count() <= 5
    assert differences() == []
    assert not SearchVersion.current()[1]  # nothing is stale


def test_renditions_are_those_a_save_would_make(library):
    article = library(3)[1]
    fields = ("title", "summary", "excerpt", "body", "outline", "source_name")
    made = {one.script: one for one in article.renditions.all()}
    article.make_renditions()
    for again in Rendition.objects.filter(article=article):
        was = made[again.script]
        if again.script == article.original_script:
            assert [getattr(was, name) for name in fields] == [
                getattr(again, name) for name in fields
            ]
        else:  # a conversion of the whole text takes some words together that were drawn apart
            assert script.comparable(was.body) == script.comparable(again.body)


def test_made_articles_are_found_and_listed(library, client):
    articles = library()
    assert find("工会").total == 50
    assert articles[0].pk in find(articles[0].title).article_ids
    assert Listing.objects.filter(facet="").count() == 50
    article = articles[0]
    for in_script in script.SCRIPTS:
        page = client.get(article.url_in(in_script))
        assert article.renditions.get(script=in_script).title in page.content.decode()


def test_articles_are_published_about_in_the_order_of_their_numbers(library):
    published = [article.published_at for article in library()]
    years = timedelta(days=texts.YEARS * 365)
    assert published[-1] <= timezone.now()
    assert years - timedelta(days=200) < max(published) - min(published) <= years
    for place, at in enumerate(published):
        in_order = max(published) - years * (1 - (place + 1) / len(published))
        assert abs(at - in_order) < timedelta(days=100)


def test_an_ended_run_goes_on_where_it_was(library):
    before = {article.pk: article.body for article in library()}
    Article.objects.filter(pk__gt=making.FIRST + 30).delete()
    assert Article.objects.count() == 31
    assert {article.pk: article.body for article in library()} == before
    assert differences() == []
    assert len(library(60)) == 60
    assert Author.objects.count() == texts.AUTHORS


def test_the_next_article_has_the_next_key(library, make_article):
    last = library()[-1]
    assert make_article().pk > last.pk


def test_a_seed_gives_the_same_texts_and_another_others(library):
    texts = [article.search_text for article in library(5)]
    Article.objects.all().delete()
    assert [article.search_text for article in library(5)] == texts
    Article.objects.all().delete()
    assert library(5, seed="2")[0].search_text != texts[0]


def test_real_articles_are_left_alone(library, make_article):
    real = make_article(pk=7)
    with pytest.raises(CommandError, match="not made"):
        library(5)
    assert Article.objects.count() == 1
    assert len(library(5, force=True)) == 6
    real.refresh_from_db()
    with pytest.raises(CommandError, match="another seed"):
        library(5, seed="2", force=True)
    assert differences() == []


@pytest.mark.parametrize("count", [0, 7_000_000])
def test_a_library_has_its_bounds(library, count):
    with pytest.raises(CommandError, match="N is from"):
        library(count)


def test_indexes_come_back_after_a_run_that_was_ended(library, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL drops indexes")

    def standing():
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
            indexes = {one for (one,) in cursor.fetchall()}
            cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint")
            return indexes | set(cursor.fetchall())

    before = standing()
    making.drop_indexes()  # and there the first run ends
    assert not any("articles_searchwords" in str(one) for one in standing())
    monkeypatch.setattr(making, "_MANY", 1)
    library(5)
    assert standing() == before
