"""The pages about the portal, what a reader is told of their own, feeds with whole texts."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from articles.models import Article, Collection, CollectionItem, Reading, SitePage, Status

from ..admin.test_admin import REVIEWER

pytestmark = pytest.mark.django_db
KEYS = ("about", "contact", "copyright", "privacy")


@pytest.mark.parametrize("script", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize("key", KEYS)
def test_each_page_says_something_before_anybody_wrote_it(client, key, script):
    answer = client.get(f"/{script}/{key}/")
    assert answer.status_code == 200
    assert answer.content.decode().count("<p>") > 2
    assert f'href="/{script}/{key}/"' in client.get(f"/{script}/").content.decode()


def test_a_curator_writes_a_page_and_readers_see_it_in_both_scripts(client, sign_in):
    desk = sign_in(REVIEWER)
    page = SitePage.objects.get(key="contact")
    form = {"name": "", "name_hant": "聯絡我們", "body": "", "body_hant": "<p>電話在門口。</p>"}
    answer = desk.post(f"/admin/articles/sitepage/{page.pk}/change/", form)
    assert answer.status_code == 302
    assert "電話在門口" in client.get("/zh-hant/contact/").content.decode()
    simplified = client.get("/zh-hans/contact/").content.decode()
    assert "电话在门口" in simplified
    assert "<h1>联系我们</h1>" in simplified or "<h1>联络我们</h1>" in simplified


def test_what_a_curator_writes_runs_nothing(client):
    page = SitePage.objects.get(key="about")
    page.body = page.body_hant = "<p>甲</p><script>alert(1)</script>"
    page.save()
    assert "alert(1)" not in client.get("/zh-hans/about/").content.decode()


def test_nobody_makes_a_fifth_page_or_deletes_one(sign_in):
    desk = sign_in(REVIEWER)
    page = SitePage.objects.first()
    assert desk.get("/admin/articles/sitepage/add/").status_code == 403
    assert desk.get(f"/admin/articles/sitepage/{page.pk}/delete/").status_code == 403


def test_the_manifest_names_the_portal_in_each_script(client):
    for script, name in (("zh-hans", "工会书房"), ("zh-hant", "工會書房")):
        found = json.loads(client.get(f"/{script}/manifest.webmanifest").content)
        assert found["name"] == name
        assert found["start_url"] == f"/{script}/"


def test_the_worker_may_show_the_whole_portal(client):
    answer = client.get("/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"]


def test_the_code_of_a_page_is_of_public_ones_only(client, make_article):
    seen, draft = make_article(), make_article(status=Status.DRAFT)
    assert client.get(f"/zh-hant/articles/{seen.pk}/qr.svg").content.startswith(b"<?xml")
    assert client.get(f"/zh-hant/articles/{draft.pk}/qr.svg").status_code == 404


class TestShelf:
    @pytest.fixture
    def read(self, make_article):
        articles = [make_article(f"第{n}篇") for n in "一二三"]
        collection = Collection(name="专题", status=Status.PUBLISHED)
        collection.save()
        for position, article in enumerate(articles):
            CollectionItem(collection=collection, article=article, position=position).save()
        reader = User.objects.create_user("reader")
        Reading.note(reader, articles[0], 100)
        Reading.note(reader, articles[1], 40)
        return reader, articles, collection

    def test_a_reader_is_told_what_they_were_at_and_how_far_they_are(self, read):
        reader, _, collection = read
        client = Client()
        client.force_login(reader)
        found = client.get("/zh-hans/mine/shelf").json()
        assert [(one["title"], one["percent"]) for one in found["begun"]] == [("第二篇", 40)]
        assert found["collections"] == {collection.slug: 1}

    def test_others_are_told_nothing(self, read, client):
        assert client.get("/zh-hans/mine/shelf").json() == {"begun": [], "collections": {}}

    def test_what_is_withdrawn_counts_no_more(self, read):
        reader, articles, _ = read
        Article.objects.filter(pk__in=[one.pk for one in articles[:2]]).update(status=Status.DRAFT)
        client = Client()
        client.force_login(reader)
        assert client.get("/zh-hans/mine/shelf").json() == {"begun": [], "collections": {}}

    def test_an_article_stands_once_among_ones_own(self, read):
        reader, articles, _ = read
        client = Client()
        client.force_login(reader)
        client.post(f"/zh-hans/mine/bookmark/{articles[1].pk}/", {"wanted": "1"})
        page = client.get("/zh-hans/mine/").content.decode()
        assert page.count(">第一篇</a>") == 1
        assert page.count(">第二篇</a>") == 2  # begun, and marked


class TestFeeds:
    ADDRESSES = [f"/zh-hans/feeds/latest.{kind}" for kind in ("rss", "atom", "json")]

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_whole_texts_are_given_where_that_is_set(self, client, make_article, address):
        make_article(summary="摘要", body="<p>第一段。</p><p>最后一段。</p>")
        assert "最后一段" not in client.get(address).content.decode()
        with override_settings(FEEDS_FULL_TEXT=True):
            assert "最后一段" in client.get(address).content.decode()


class TestDates:
    def test_only_the_text_moves_when_a_text_was_changed(self, make_article):
        article = make_article(body="<p>甲。</p>")
        was = article.text_changed_at
        article.genre = "paper"
        article.save()
        assert article.text_changed_at == was
        article.body = "<p>乙。</p>"
        article.save()
        assert article.text_changed_at > was

    def test_what_pages_share_agrees_with_what_they_tell_machines(self, client, make_article):
        from datetime import date

        article = make_article(stated_date=date(2011, 3, 5), date_precision="day")
        page = client.get(article.url_in("zh-Hant")).content.decode()
        assert '"datePublished":"2011-03-05"' in page
        assert 'property="article:published_time" content="2011-03-05"' in page


def test_paragraphs_indented_with_spaces_are_indented_once(make_article):
    article = make_article(body="<p>\u3000\u3000甲段。</p><p>&nbsp;乙段。</p>")
    body = article.renditions.get(script="zh-Hans").body
    assert body == "<p>甲段。</p><p>乙段。</p>" or "\u3000" not in body


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ("<h2>一、标题</h2><p>第一段。</p>", "第一段。"),
        ("<table><tr><td>格</td></tr></table><p>段。</p>", "段。"),
        ("<ul><li>条</li></ul><p>段。</p>", "段。"),
        ("<p>一、头一件事。</p><p>（二）第二件事。</p>", "头一件事。 第二件事。"),
        (f"<p>{'甲' * 60}。{'乙' * 80}。</p>", f"{'甲' * 60}。"),
        ("<h2>只有标题</h2>", "只有标题"),
    ],
)
def test_an_excerpt_is_sentences_of_paragraphs(make_article, body, excerpt):
    article = make_article(body=body)
    assert article.renditions.get(script="zh-Hans").excerpt == excerpt


def test_who_finds_nothing_is_offered_what_others_read(client, make_article):
    make_article("大家读的一篇")
    page = client.get("/zh-hans/search/?q=火星恐龙").content.decode()
    assert "大家读的一篇" in page
