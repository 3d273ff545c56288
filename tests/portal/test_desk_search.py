"""Finding anything from wherever one is at the desk."""

import re
from functools import cache

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Article, Collection, ImportRun, Status

from ..admin.test_admin import ADMINISTRATOR, EDITOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(sign_in):
    """Return a function: what a query finds for somebody of a group, by kind."""

    client = cache(sign_in)

    def find(query: str, group=ADMINISTRATOR) -> dict[str, list[str]]:
        page = client(group).get("/admin/find/", {"q": query}).content.decode()
        kinds = re.findall(r'<h2 id="kind-\d+">([^<]+)</h2>\s*<ul>(.*?)</ul>', page, re.DOTALL)
        return {name: re.findall(r"<li><a[^>]*>([^<]+)</a>", rows) for name, rows in kinds}

    return find


@pytest.mark.same_on_both
def test_articles_are_found_by_title_in_either_script_before_those_with_the_word(
    found, make_article
):
    make_article("年終總結", body="<p>集體協商談了三回。</p>")
    make_article("集體協商怎麼談", status=Status.DRAFT)
    assert found("集体协商")["文章"] == ["集體協商怎麼談", "年終總結"]
    assert found("體協")["文章"][0] == "集體協商怎麼談"


@pytest.mark.same_on_both
def test_an_article_is_found_by_number_address_and_slug(found, make_article):
    make_article("別的一篇")
    article = make_article("一線職工的八小時")
    for query in (
        str(article.pk),
        f"#{article.pk}",
        f"https://example.org{article.url_in('zh-Hans')}",
        f"/admin/articles/article/{article.pk}/change/",
        article.slug,
    ):
        assert found(query)["文章"][0] == "一線職工的八小時", query


def test_what_lies_in_the_recycle_bin_is_found_by_its_number_alone(found, make_article):
    article = make_article("丟掉的一篇")
    Article.objects.filter(pk=article.pk).update(deleted_at=timezone.now())
    assert "文章" not in found("丟掉的一篇")
    assert found(str(article.pk))["文章"] == ["丟掉的一篇"]


@pytest.mark.same_on_both
def test_names_and_runs_are_found_too(found, make_article):
    make_article("一篇", authors=["王芳"], tags=["維權"])
    collection = Collection(name_hant="新任幹部入門")
    collection.save()
    run = ImportRun.objects.create(options={"paths": ["/data/工会文集.zip"]})
    User.objects.create_user("limei", first_name="美", last_name="李")
    assert found("王芳")["作者"] == ["王芳"]
    assert found("/zh-hans/tags/weiquan/")["標籤"][0] == "維權"
    assert found("新任干部")["專題"] == ["新任幹部入門"]
    assert found("工會文集")["匯入記錄"] == [str(run)]
    assert found(str(run.pk))["匯入記錄"] == [str(run)]
    assert found("limei")["使用者"] == ["limei（李美）"]


def test_nobody_finds_what_they_may_not_look_at(found, make_article):
    make_article("集體協商怎麼談", status=Status.DRAFT)
    User.objects.create_user("limei")
    User.objects.create_superuser("limei-chief")
    assert "使用者" not in found("limei", EDITOR)
    assert found("limei")["使用者"] == ["limei"]
    assert "文章" in found("集體協商", EDITOR)
    assert found("集體協商", None) == {}


@pytest.mark.parametrize(
    "query", ["", "   ", "/", "http://[", "9" * 30, "a\0b", "%", "工" * 5000, "#", "作者:", "-工會"]
)
def test_odd_queries_are_answered(sign_in, make_article, query):
    make_article("一篇")
    response = sign_in(ADMINISTRATOR).get("/admin/find/", {"q": query})
    assert response.status_code == 200
