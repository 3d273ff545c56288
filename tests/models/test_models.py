"""What the database holds to, whatever Python forgets."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from articles.curation.publishing import move
from articles.models import Article, Author, Authorship, Collection, Rendition, Tag, TagAlias
from articles.models.in_both_scripts import InBothScripts
from articles.search.lists import neighbours
from articles.text.names import pinyin_slug

from ..support.together import barrier, together

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"status": "secret"},
        {"original_script": "zh"},
        {"status": "published", "published_at": None},
        {"stated_date": date(2020, 1, 1), "date_precision": ""},
        {"stated_date": None, "date_precision": "day"},
        {"stated_date": date(2020, 1, 1), "date_precision": "hour"},
    ],
    ids=str,
)
def test_the_database_refuses_what_must_not_be(make_article, change):
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**change)


def test_an_author_signs_an_article_once(make_article):
    article = make_article(authors=["劉明"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Authorship.objects.create(article=article, author=article.byline[0], position=2)


def test_authors_keep_their_order(make_article):
    article = make_article(authors=["王芳", "安怡", "李明"])
    assert [author.name_hant for author in article.byline] == ["王芳", "安怡", "李明"]


def test_both_scripts_are_rendered_on_save(make_article):
    article = make_article(
        "工会干部", body="<h2>职工</h2><p>为职工</p>", summary="一线", original_script="zh-Hans"
    )
    hans, hant = (article.renditions.get(script=name) for name in ("zh-Hans", "zh-Hant"))
    assert (hans.title, hant.title) == ("工会干部", "工會幹部")
    assert hant.body == '<h2 id="s1">職工</h2><p>為職工</p>'
    assert hant.outline == [{"id": "s1", "level": 2, "title": "職工"}]
    assert (hans.summary, hant.summary) == ("一线", "一線")


def test_saving_again_replaces_the_renditions(make_article):
    article = make_article()
    article.title = "改了題目"
    article.save()
    assert {r.title for r in article.renditions.all()} == {"改了題目", "改了题目"}


def test_rebuild_renditions_makes_them_anew(make_article):
    make_article()
    Rendition.objects.update(body="spoiled")
    call_command("rebuild_renditions", verbosity=0)
    assert not Rendition.objects.filter(body="spoiled").exists()


def test_the_body_is_sanitised_on_every_way_in(make_article):
    hostile = '<p onclick="x()">好<script>alert(1)</script></p>'
    article = make_article(body=hostile)
    assert article.body == "<p>好</p>"
    Article.objects.filter(pk=article.pk).update(body=hostile)
    article.refresh_from_db()
    assert article.body == "<p>好</p>"
    article.body = hostile
    Article.objects.bulk_update([article], ["body"])
    assert Article.objects.get(pk=article.pk).body == "<p>好</p>"


def test_only_published_articles_whose_time_has_come_are_public(make_article):
    now = timezone.now()
    make_article("公開")
    make_article("草稿", status="draft")
    make_article("審核", status="in_review")
    make_article("封存", status="archived", published_at=now)
    later = make_article("以後", published_at=now + timedelta(hours=1))
    assert [article.title for article in Article.objects.published()] == ["公開"]
    assert not later.is_public


def test_neighbours_follow_the_order_of_the_list(make_article):
    at = datetime(2024, 1, 1, tzinfo=UTC)
    first, second, third = (make_article(f"第{n}篇", published_at=at) for n in "一二三")
    make_article("草稿", status="draft")
    assert neighbours(second) == (third.pk, first.pk)
    assert neighbours(third) == (None, second.pk)


def test_an_article_is_filed_under_its_own_date_before_the_day_it_came(make_article):
    own = make_article(stated_date=date(2011, 3, 5))
    assert own.date_precision == "day"
    assert list(Article.objects.dated(2011, 3)) == [own]
    assert not Article.objects.dated(2011, 4).exists()
    assert make_article().dated == timezone.localdate()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"name": "于志远"}, ("于志远", "于志遠")),
        ({"name": "余杭区总工会"}, ("余杭区总工会", "餘杭區總工會")),
        ({"name": "范云", "name_hant": "范云"}, ("范云", "范云")),  # as a curator wrote it
    ],
)
def test_a_surname_keeps_its_form_in_the_other_script(db, given, wanted):
    author = Author(**given)
    author.save()
    assert (author.name, author.name_hant) == wanted


def test_the_other_script_of_a_name_is_filled_in_and_can_be_corrected():
    author = Author(name_hant="劉後村")
    author.save()
    assert author.name == "刘后村"
    author.name_hant = "劉后村"
    author.save()
    author.refresh_from_db()
    assert author.name_hant == "劉后村"
    with override("zh-hans"):
        assert str(author) == "刘后村"


def test_slugs_are_pinyin_and_unique():
    slugs = []
    for unit in ("甲厂", "乙厂"):
        author = Author(name="刘明", unit=unit)
        author.save()
        slugs.append(author.slug)
    assert slugs == ["liu-ming", "liu-ming-2"]


def test_a_tag_answers_to_both_scripts_and_its_aliases():
    tag = Tag.objects.get(name="职代会")
    for name in ("職代會", "职代会", "職工代表大會", "职工代表大会"):
        assert Tag.objects.named(name) == tag
    assert Tag.objects.named("職代") is None


def test_an_alias_belongs_to_one_tag():
    with pytest.raises(IntegrityError), transaction.atomic():
        TagAlias.objects.create(tag=Tag.objects.get(name="提案"), name="职工代表大会")


def test_moving_keeps_the_first_time_of_publication(make_article):
    at = datetime(2020, 1, 1, tzinfo=UTC)
    article = make_article(published_at=at)
    move(Article.objects.all(), "draft", None)
    move(Article.objects.all(), "published", None)
    article.refresh_from_db()
    assert (article.status, article.published_at) == ("published", at)


def test_an_excerpt_that_was_cut_says_so(make_article):
    cut = make_article(body=f"<p>{'工' * 200}</p>").renditions.first().excerpt
    assert (len(cut), cut[-1]) == (110, "…")
    assert make_article(body="<p>一句。</p>").renditions.first().excerpt == "一句。"
    assert make_article(summary="摘要", body="<p>一</p>").renditions.first().excerpt == "摘要"


NAMESAKES = {
    "two people": (Author(name="刘明"), Author(name="刘铭")),
    "two terms": (Tag(name="公示"), Tag(name="工时")),
    "two collections": (Collection(name="公示"), Collection(name="工时")),
}
"""Different names of one sound, so of one address."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pair", NAMESAKES.values(), ids=NAMESAKES)
def test_names_of_one_sound_that_two_people_save_at_once_get_an_address_each(monkeypatch, pair):
    both_have_looked = barrier(2)
    fill_slug, rows = InBothScripts.fill_slug, deepcopy(pair)
    waited = set()

    def look_together(row):
        fill_slug(row)
        if id(row) not in waited:
            waited.add(id(row))
            both_have_looked.wait()

    monkeypatch.setattr(InBothScripts, "fill_slug", look_together)
    together(*(row.save for row in rows))
    slug = pinyin_slug(pair[0].name)
    assert slug == pinyin_slug(pair[1].name)
    assert {row.slug for row in type(pair[0]).objects.all()} >= {slug, f"{slug}-2"}


def test_a_name_that_stands_already_is_no_namesake():
    """An address is looked for anew only where it was the address that was taken."""
    Author(name="刘明", unit="甲厂").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Author(name="刘明", unit="甲厂").save()
