"""The public pages: what they show, to whom, in which script, with how many queries."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

SCRIPTS = ["zh-hans", "zh-hant"]


@shelf
def library(make_article):
    """A small library: 25 public articles, some with authors, tags and dates, and secrets."""
    for number in range(25):
        make_article(
            f"第{number}篇 工會的故事",
            authors=["劉明"] if number % 2 else ["王芳", "劉明"],
            tags=["維權"] if number % 5 == 0 else ["提案", "職代會"],
            stated_date=date(2010 + number % 3, 1 + number % 12, 5),
            summary="聯繫職工。",
            source_name="工人時報",
        )
    now = timezone.now()
    for status, at in [("draft", None), ("in_review", None), ("archived", now), ("published", now + timedelta(days=1))]:  # fmt: skip
        make_article(
            "不可告人的草稿",
            status=status,
            published_at=at,
            authors=["隱名氏"],
            tags=["安康杯"],
            stated_date=date(1999, 9, 9),
            body="<p>不可告人</p>",
        )


PAGES = {
    "": 8,
    "articles/": 7,
    "articles/?page=2": 7,
    "articles/?tag=weiquan&author=liu-ming&year=2010": 8,
    "collections/": 1,
    "tags/": 2,
    "tags/weiquan/": 8,
    "authors/": 2,
    "authors/liu-ming/": 7,
    "archive/": 1,
    "archive/2011/": 5,
    "archive/2011/02/": 5,
    "search/?q=工会": 8,
    "search/?q=工会&tag=weiquan": 9,
    "search/": 0,
    "search/suggest?q=工": 9,
    "feeds/latest.rss": 5,
    "feeds/latest.atom": 5,
    "feeds/latest.json": 5,
    "feeds/tags/weiquan.rss": 7,
    "feeds/tags/weiquan.json": 7,
}


_GUARD = re.compile(r"SAVEPOINT|RELEASE|PRAGMA busy_timeout|EXPLAIN|SELECT set_config\(")
"""What opens and closes a transaction, sets how long it may take or asks the planner how common a
word is: no question to the library."""


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("path", "queries"), PAGES.items())
def test_every_page_answers_with_a_constant_number_of_queries(
    client, library, script, path, queries
):
    client.get(f"/{script}/{path}")  # the first of a day also clears old counts away
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/{script}/{path}")
    asked = [one["sql"] for one in captured if not _GUARD.match(one["sql"])]
    assert len(asked) <= queries, asked
    assert response.status_code == 200
    if "html" in response.headers["Content-Type"]:
        content = response.content.decode()
        assert f'<html lang="{"zh-Hans" if script == "zh-hans" else "zh-Hant"}">' in content
        assert 'hreflang="zh-Hans"' in content
        assert 'hreflang="zh-Hant"' in content


@pytest.mark.parametrize("path", [*PAGES, "sitemap"])
def test_nothing_of_an_unpublished_article_is_shown(client, library, path):
    address = "/sitemap-articles.xml" if path == "sitemap" else f"/zh-hant/{path}"
    content = client.get(address).content.decode()
    for secret in (
        "不可告人",
        "隱名氏",
        "yin-ming-shi",
        "安康杯",
        "ankangbei",
        "1999年",
        "archive/1999",
    ):
        assert secret not in content


@pytest.mark.parametrize(
    "path",
    ["tags/ankangbei/", "authors/yin-ming-shi/", "archive/1999/", "archive/1999/09/", "articles/?author=yin-ming-shi",
     "articles/?tag=ankangbei", "feeds/tags/ankangbei.rss", "feeds/tags/ankangbei.json"],
)  # fmt: skip
def test_what_only_drafts_have_is_not_found(client, library, path):
    assert client.get(f"/zh-hant/{path}").status_code == 404


def test_a_draft_is_not_found_by_anyone_at_its_address(client, make_article, sign_in):
    draft = make_article(status="draft")
    for reader in (client, sign_in("管理員")):
        assert reader.get(f"/zh-hant/articles/{draft.pk}-{draft.slug}/").status_code == 404
        assert reader.get(f"/zh-hant/articles/{draft.pk}/").status_code == 404


class TestArticle:
    @pytest.fixture
    def article(self, make_article):
        make_article("更早的一篇", published_at=timezone.now() - timedelta(days=2))
        article = make_article(
            "工會要走進班組",
            authors=["劉明", "王芳"],
            tags=["維權"],
            stated_date=date(2011, 3, 1),
            date_precision="month",
            source_name="工人時報",
            source_url="https://example.org/a",
            summary="走進班組的辦法。",
            published_at=timezone.now() - timedelta(days=1),
        )
        make_article("更新的一篇")
        return article

    def test_it_shows_all_it_should_in_few_queries(
        self, client, article, django_assert_num_queries
    ):
        with django_assert_num_queries(3):
            content = client.get(f"/zh-hant/articles/{article.pk}-{article.slug}/").content.decode()
        for text in (
            *("<h1>工會要走進班組</h1>", "劉明", "王芳", "維權", "2011年3月", "工人時報"),
            *("https://example.org/a", "走進班組的辦法", 'href="#s1"', '<h2 id="s1">一、走訪</h2>'),
            *("更早的一篇", "更新的一篇"),
        ):
            assert text in content

    def test_the_other_script_is_prepared(self, client, article):
        content = client.get(f"/zh-hans/articles/{article.pk}-{article.slug}/").content.decode()
        for text in ("工会要走进班组", "刘明", "维权", "工人时报", "一、走访", "更新的一篇"):
            assert text in content
        assert not set("會進組訪") & set(re.sub(r"<nav class=.scripts.*?</nav>", "", content))

    @pytest.mark.parametrize("tail", ["", "-", "-wrong-slug"])
    def test_a_wrong_slug_leads_to_the_right_one(self, client, article, tail):
        response = client.get(f"/zh-hant/articles/{article.pk}{tail}/")
        assert response.status_code == 301
        assert response.url == f"/zh-hant/articles/{article.pk}-{article.slug}/"

    def test_each_script_names_the_other(self, client, article):
        path = f"articles/{article.pk}-{article.slug}/"
        content = client.get(f"/zh-hant/{path}").content.decode()
        assert f'hreflang="zh-Hans" href="http://testserver/zh-hans/{path}"' in content
        assert f"/zh-hans/choose/?next=/zh-hans/{path}" in content


class TestScriptChoice:
    @pytest.mark.parametrize(
        ("languages", "script"),
        [("zh-CN,zh", "hans"), ("zh-SG", "hans"), ("zh-TW", "hant"), ("zh-HK", "hant"), ("en", "hant"), ("", "hant")],
    )  # fmt: skip
    def test_the_root_follows_the_browser(self, client, languages, script):
        response = client.get("/", headers={"accept-language": languages})
        assert (response.status_code, response.url) == (302, f"/zh-{script}/")
        assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))

    def test_the_cookie_goes_before_the_browser(self, client):
        response = client.get("/zh-hans/choose/?next=/zh-hans/tags/")
        assert response.url == "/zh-hans/tags/"
        assert client.get("/", headers={"accept-language": "zh-TW"}).url == "/zh-hans/"

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example", "javascript:x", ""]
    )
    def test_the_choice_leads_nowhere_else(self, client, target):
        assert client.get("/zh-hans/choose/", {"next": target}).url == "/zh-hans/"

    def test_reading_sets_no_cookie(self, client, library):
        assert not client.get("/zh-hant/").cookies


class TestLists:
    def test_twenty_a_page_newest_first(self, client, library):
        content = client.get("/zh-hant/articles/").content.decode()
        titles = re.findall(r"第(\d+)篇", content)
        assert titles == [str(n) for n in range(24, 4, -1)]
        assert "第 1 頁，共 2 頁" in content

    def test_filters_combine_and_can_be_removed(self, client, library):
        content = client.get("/zh-hant/articles/?tag=weiquan&year=2010&page=1").content.decode()
        assert set(re.findall(r"第(\d+)篇", content)) == {"0", "15"}
        assert 'href="/zh-hant/articles/?year=2010"' in content

    @pytest.mark.parametrize(
        "query",
        ["tag=nope", "author=nope", "year=abc", "year=99999", "page=0", "page=99", "page=x"],
    )
    def test_unknown_filters_and_pages_are_not_found(self, client, library, query):
        assert client.get(f"/zh-hant/articles/?{query}").status_code == 404

    def test_filters_that_do_not_meet_say_what_to_do(self, client, library):
        content = client.get("/zh-hant/articles/?tag=weiquan&year=2012&author=wang-fang")
        assert content.status_code == 200

    @pytest.mark.parametrize(
        "path", ["", "articles/", "tags/", "authors/", "archive/", "search/?q=無"]
    )
    def test_an_empty_library_says_so(self, client, path):
        response = client.get(f"/zh-hant/{path}")
        assert response.status_code == 200
        assert 'class="empty"' in response.content.decode()


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "found"),
        [("班组", True), ("班組", True), ("维权", True), ("劉明", True), ("刘明 班组", True), ("班組 沒有", True), ("strong", False), ("%", False)],
    )  # fmt: skip
    def test_either_script_finds(self, client, make_article, query, found):
        make_article(
            "走進班組", authors=["劉明"], tags=["維權"], body="<p><strong>職工</strong></p>"
        )
        content = client.get("/zh-hans/search/", {"q": query}).content.decode()
        listed = content.partition('class="offered"')[0]  # not what others read
        assert ("走进班组" in re.sub("</?mark>", "", listed)) is found

    def test_titles_come_first(self, client, make_article):
        make_article("談票決")
        make_article("別的", body="<p>票決</p>")
        content = client.get("/zh-hant/search/?q=票决").content.decode()
        assert content.index("談<mark>票決</mark>") < content.index("別的")

    def test_a_word_that_stands_nowhere_is_left_out_and_named(self, client, make_article):
        make_article("走進班組", body="<p>班組</p>")
        content = client.get("/zh-hant/search/?q=班組 火星").content.decode()
        assert "沒有一篇同時有這些詞，以下結果不含：火星" in content
        assert "走進<mark>班組</mark>" in content

    def test_hostile_words_are_shown_not_run(self, client):
        content = client.get("/zh-hant/search/", {"q": "<script>x</script>"}).content.decode()
        assert "<script>x" not in content


@pytest.mark.parametrize("path", ["search/?q=%00", "articles/?tag=%00", "articles/?author=a%00b"])
def test_control_characters_in_an_address_do_no_harm(client, path):
    assert client.get(f"/zh-hant/{path}").status_code in (200, 404)


@pytest.mark.parametrize("year", [1900, 2099])
def test_every_year_a_text_may_state_has_its_archive(client, make_article, year):
    make_article(stated_date=date(year, 5, 1))
    assert client.get("/zh-hant/").status_code == 200
    assert client.get(f"/zh-hant/archive/{year}/").status_code == 200


@pytest.mark.parametrize("year", [202, 1886, 2100])
def test_a_year_without_an_archive_is_refused(make_article, year):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_article(stated_date=date(year, 5, 1))


class TestMachines:
    def test_health_and_readiness(self, client):
        assert client.get("/healthz").content == client.get("/readyz").content == b"ok\n"

    def test_robots_name_the_sitemap(self, client):
        content = client.get("/robots.txt").content.decode()
        assert "Sitemap: http://testserver/sitemap.xml" in content
        assert "Disallow: /admin/" in content

    def test_the_sitemap_has_both_scripts(self, client, library):
        blocks = re.findall(
            "/sitemap-articles[-0-9]*.xml", client.get("/sitemap.xml").content.decode()
        )
        content = "".join(client.get(block).content.decode() for block in blocks)
        assert content.count("<loc>") == 50
        assert 'hreflang="zh-Hans"' in content

    def test_feeds_speak_the_script(self, client, library):
        assert "联系职工" in client.get("/zh-hans/feeds/latest.rss").content.decode()
        feed = client.get("/zh-hant/feeds/latest.json").json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["items"][0]["authors"][0]["name"] == "王芳"


class TestErrors:
    @pytest.mark.parametrize("script", SCRIPTS)
    def test_not_found_in_the_readers_script(self, client, script):
        response = client.get(f"/{script}/nowhere/")
        assert response.status_code == 404
        assert (
            "找不到此页" if script == "zh-hans" else "找不到這一頁"
        ) in response.content.decode()

    def test_a_fault_is_owned_up_to(self, client, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("articles.reading.views.search_page.find", broken)
        client.raise_request_exception = False
        response = client.get("/zh-hant/search/?q=x")
        assert response.status_code == 500
        assert "系統出錯了" in response.content.decode()

    def test_forbidden_and_bad_requests_have_pages(self, rf):
        from articles.reading.views.site import bad_request, permission_denied

        request = rf.get("/zh-hant/")
        assert "網址或表單有誤" in bad_request(request).content.decode()
        assert permission_denied(request).status_code == 403

    def test_a_wrong_host_is_refused(self):
        assert Client(headers={"host": "evil.example"}).get("/zh-hant/").status_code == 400

    def test_pages_are_only_read(self, client):
        assert client.post("/zh-hant/articles/").status_code in (403, 405)


def test_the_policy_allows_no_inline_script(client):
    policy = client.get("/zh-hant/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    content = client.get("/zh-hant/").content.decode()
    assert "style=" not in content
    assert not re.search(r'<script(?! src=| type="application/ld\+json")', content)
