"""What is said to machines: the sitemap, robots, how to search, and the heads of pages."""

import json
import re
from datetime import date, datetime, timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone
from lxml import etree

from articles.models import Author, Rendition
from articles.reading import sitemaps, structured

from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

SCRIPTS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@shelf
def articles(make_article):
    """Four public articles, and secrets of every kind."""
    for number in range(4):
        make_article(
            f"第{number}篇 工會的故事", authors=["劉明"], tags=["維權", "提案"],
            stated_date=date(2010, 1 + number % 2, 5), summary="聯繫職工。", genre="paper",
        )  # fmt: skip
    now = timezone.now()
    for fields in (
        {"status": "draft"}, {"status": "in_review"}, {"status": "archived", "published_at": now},
        {"published_at": now + timedelta(days=1)},
        {"published_at": now - timedelta(days=2), "expires_at": now - timedelta(days=1)},
    ):  # fmt: skip
        make_article("不可告人", authors=["隱名氏"], tags=["安康杯"], stated_date=date(1999, 9, 9), **fields)  # fmt: skip


@pytest.fixture
def library(articles, monkeypatch):
    """The articles, which are two pages of a list."""
    monkeypatch.setattr("articles.reading.views.filters.PER_PAGE", 3)


def sitemap_entries(client) -> list[etree._Element]:
    index = etree.fromstring(client.get("/sitemap.xml").content)
    assert index.tag == f"{MAP}sitemapindex"
    entries = []
    for page in index:
        response = client.get(page.findtext(f"{MAP}loc"))
        assert response.status_code == 200
        assert len(response.content) < 50 * 1024 * 1024
        found = etree.fromstring(response.content)
        assert found.tag == f"{MAP}urlset"
        assert len(found) <= 50_000
        entries += found
    return entries


class TestSitemap:
    def test_every_address_answers_and_names_its_counterpart(self, client, library):
        entries = sitemap_entries(client)
        addresses = {}
        for entry in entries:
            address = entry.findtext(f"{MAP}loc")
            assert address not in addresses
            addresses[address] = {link.get("hreflang"): link.get("href") for link in entry.findall(LINK)}  # fmt: skip
        for address, others in addresses.items():
            assert client.get(address).status_code == 200, address
            assert set(others) == {"zh-Hans", "zh-Hant", "x-default"}
            assert address in others.values()
            assert others["x-default"] == others["zh-Hant"]
            for other in others.values():
                assert addresses[other] == others
        for page in ("", "articles/", "tags/weiquan/", "authors/liu-ming/", "archive/2010/", "archive/2010/02/"):  # fmt: skip
            assert f"http://testserver/zh-hans/{page}" in addresses

    def test_nothing_hidden_is_in_it(self, client, library):
        text = "".join(etree.tostring(entry).decode() for entry in sitemap_entries(client))
        for secret in ("bu-ke-gao-ren", "yin-ming-shi", "ankangbei", "archive/1999"):
            assert secret not in text

    def test_it_says_when_an_article_changed(self, client, make_article):
        article = make_article()
        told = {entry.findtext(f"{MAP}loc"): entry.findtext(f"{MAP}lastmod") for entry in sitemap_entries(client)}  # fmt: skip
        said = {datetime.fromisoformat(told[f"http://testserver{article.url_in(script)}"]) for script in ("zh-Hant", "zh-Hans")}  # fmt: skip
        # Which of the two is later, the clock decides.
        changed = max(article.modified_at, article.published_at)
        assert said == {changed.replace(microsecond=0)}

    def test_articles_come_in_blocks(self, client, make_article, monkeypatch, django_assert_num_queries):  # fmt: skip
        monkeypatch.setattr(sitemaps, "BLOCK", 3)
        articles = [make_article(f"第{n}篇") for n in range(8)]
        addresses = [entry.findtext(f"{MAP}loc") for entry in sitemap_entries(client)]
        for article in articles:
            assert f"http://testserver{article.url_in('zh-Hans')}" in addresses
        index = client.get("/sitemap.xml").content.decode()
        named = re.findall(r"/sitemap-articles(?:-\d+)?\.xml", index)
        assert len(named) >= 3
        with django_assert_num_queries(1):
            client.get(named[-1])

    def test_a_block_is_no_more_than_can_be_made_at_once(self, client, make_article):
        make_article("工會怎樣把職工代表大會的各項職權一件一件地落到實處的體會")
        entries = len(client.get("/sitemap-articles.xml").content)
        assert entries * sitemaps.BLOCK <= 2 * 1024 * 1024

    @pytest.mark.parametrize("path", ["articles-0", "articles-99", "articles-99999999999999999999", "tags-7", "pages-2", "none"])  # fmt: skip
    def test_a_block_that_is_not_there_is_not_found(self, client, library, path):
        assert client.get(f"/sitemap-{path}.xml").status_code == 404

    def test_who_has_it_is_told_so(self, client, library):
        first = client.get("/sitemap-articles.xml")
        assert "max-age" in first.headers["Cache-Control"]
        again = client.get("/sitemap-articles.xml", headers={"if-none-match": first.headers["ETag"]})  # fmt: skip
        assert again.status_code == 304

    def test_an_empty_library_has_one_too(self, client):
        assert len(sitemap_entries(client)) == 12

    def test_robots_let_in_what_the_sitemap_names(self, client):
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert "Sitemap: http://testserver/sitemap.xml" in lines
        closed = [line.partition(": ")[2] for line in lines if line.startswith("Disallow")]
        patterns = [re.escape(path).replace(r"\*", ".*") for path in closed]
        for entry in sitemap_entries(client):
            path = entry.findtext(f"{MAP}loc").removeprefix("http://testserver")
            assert not any(re.match(pattern, path) for pattern in patterns)


@pytest.mark.same_on_both
class TestOpenSearch:
    @pytest.mark.parametrize("script", SCRIPTS)
    def test_it_describes_a_search_that_works(self, client, library, script):
        root = etree.fromstring(client.get(f"/{script}/").content, etree.HTMLParser())
        [link] = root.xpath("//link[@rel='search']")
        response = client.get(link.get("href"))
        assert response.headers["Content-Type"].startswith(link.get("type"))
        found = etree.fromstring(response.content)
        space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
        assert 0 < len(found.findtext("o:ShortName", namespaces=space)) <= 16
        assert found.findtext("o:Language", namespaces=space) == SCRIPTS[script]
        urls = {url.get("type"): url.get("template") for url in found.findall("o:Url", space)}
        for template in urls.values():
            assert template.startswith(f"http://testserver/{script}/")
        page = client.get(urls["text/html"].replace("{searchTerms}", quote("工会")))
        assert "工会" in page.content.decode()
        suggestions = client.get(urls["application/x-suggestions+json"].replace("{searchTerms}", quote("第1")))  # fmt: skip
        assert suggestions.headers["Content-Type"] == "application/x-suggestions+json"
        typed, texts, abouts, addresses = json.loads(suggestions.content)
        assert typed == "第1"
        assert texts
        assert len(texts) == len(abouts) == len(addresses)
        assert all(address.startswith(f"http://testserver/{script}/") for address in addresses)

    def test_the_search_box_is_answered_as_before(self, client, library):
        assert set(client.get("/zh-hant/search/suggest?q=第1").json()) == {"suggestions"}


def head(client, path) -> etree._Element:
    response = client.get(path)
    assert response.status_code == 200
    return etree.fromstring(response.content, etree.HTMLParser()).find("head")


def data(head) -> dict[str, dict]:
    """Return what a page says in JSON-LD, by type."""
    scripts = head.xpath("//script[@type='application/ld+json']")
    said = [one for script in scripts for one in json.loads(script.text)]
    assert all(one["@context"] == "https://schema.org" for one in said)
    assert len({one["@type"] for one in said}) == len(said)
    return {one["@type"]: one for one in said}


PAGES = {
    "": "WebSite",
    "articles/": "CollectionPage",
    "articles/?page=2": "CollectionPage",
    "articles/?tag=weiquan": "CollectionPage",
    "tags/": "CollectionPage",
    "tags/weiquan/": "CollectionPage",
    "tags/weiquan/?page=2": "CollectionPage",
    "authors/": "CollectionPage",
    "authors/liu-ming/": "ProfilePage",
    "archive/": "CollectionPage",
    "archive/2010/": "CollectionPage",
    "archive/2010/02/": "CollectionPage",
    "article": "Article",
}


@pytest.mark.same_on_both
@pytest.mark.parametrize(("page", "kind"), PAGES.items())
@pytest.mark.parametrize("script", SCRIPTS)
class TestHeads:
    def path(self, page, script) -> str:
        if page == "article":
            rendition = Rendition.objects.get(title__startswith="第3篇", script=SCRIPTS[script])
            return rendition.article.url_in(SCRIPTS[script])
        return f"/{script}/{page}"

    def test_addresses_agree(self, client, library, script, page, kind):
        path = self.path(page, script)
        found = head(client, path)
        [canonical] = found.xpath("link[@rel='canonical']/@href")
        assert canonical == f"http://testserver{path}"
        pairs = {link.get("hreflang"): link.get("href") for link in found.xpath("link[@hreflang]")}
        assert set(pairs) == {"zh-Hans", "zh-Hant", "x-default"}
        assert pairs[SCRIPTS[script]] == canonical
        assert pairs["x-default"] == pairs["zh-Hant"]
        for address in pairs.values():  # each says the same of itself and of the others
            other = head(client, address.removeprefix("http://testserver"))
            assert {link.get("hreflang"): link.get("href") for link in other.xpath("link[@hreflang]")} == pairs  # fmt: skip
        assert found.xpath("meta[@property='og:url']/@content") == [canonical]

    def test_it_says_what_it_is(self, client, library, script, page, kind):
        found = head(client, self.path(page, script))
        said = data(found)
        assert kind in said
        assert said[kind]["inLanguage"] == SCRIPTS[script]
        if kind != "WebSite":
            items = said["BreadcrumbList"]["itemListElement"]
            assert [item["position"] for item in items] == list(range(1, len(items) + 1))
            assert len(items) >= 2
            for item in items:
                assert (item["@type"], bool(item["name"])) == ("ListItem", True)
                assert client.get(item["item"]).status_code == 200
        graph = {meta.get("property"): meta.get("content") for meta in found.xpath("meta[@property]")}  # fmt: skip
        assert graph["og:title"] == found.findtext("title")
        assert graph["og:site_name"] in ("工會書房", "工会书房")
        assert graph["og:locale"] == ("zh_CN" if script == "zh-hans" else "zh_TW")
        assert len(found.xpath("meta[@property='og:image']")) == 1
        assert len(found.xpath("meta[@property='og:type']")) <= 1

    def test_only_what_narrows_a_list_is_kept_out(self, client, library, script, page, kind):
        robots = head(client, self.path(page, script)).xpath("meta[@name='robots']/@content")
        assert robots == (["noindex, follow"] if "tag=" in page else [])


def test_an_article_is_told_completely(client, make_article):
    article = make_article(
        "工會要走進班組", authors=["劉明", "市總工會辦公室"], tags=["維權"], summary="辦法。",
        stated_date=date(2011, 3, 1), date_precision="month", genre="paper",
    )  # fmt: skip
    found = head(client, article.url_in("zh-Hant"))
    said = data(found)["Article"]
    address = f"http://testserver{article.url_in('zh-Hant')}"
    home = "http://testserver/zh-hant/"
    assert said["headline"] == "工會要走進班組"
    assert said["author"][0] == {"@type": "Person", "name": "劉明", "url": f"{home}authors/liu-ming/"}  # fmt: skip
    assert said["publisher"]["@type"] == "Organization"
    assert said["datePublished"] == "2011-03"
    assert datetime.fromisoformat(said["dateModified"]) >= article.published_at
    assert (said["inLanguage"], said["keywords"]) == ("zh-Hant", ["維權"])
    assert said["isAccessibleForFree"] is True
    assert said["mainEntityOfPage"] == said["url"] == address
    graph = [(meta.get("property"), meta.get("content")) for meta in found.xpath("meta[@property]")]
    assert ("og:type", "article") in graph
    assert ("og:description", "辦法。") in graph
    assert ("article:tag", "維權") in graph


def test_a_site_s_upload_date_is_not_said_to_be_the_texts(client, make_article):
    article = make_article(stated_date=date(2011, 3, 1), date_is_upload=True)
    said = data(head(client, article.url_in("zh-Hant")))["Article"]
    assert datetime.fromisoformat(said["datePublished"]) == article.published_at


def test_without_an_author_none_is_said(client, make_article):
    said = data(head(client, make_article().url_in("zh-Hant")))["Article"]
    assert "author" not in said
    assert said["publisher"]["name"] == "工會書房"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("劉明", "Person"), ("歐陽小明", "Person"), ("丁部", "Person"), ("市總工會", "Organization"), ("本刊編輯部", "Organization"), ("John Smith", "Person")],
)  # fmt: skip
def test_who_signs_is_a_person_or_a_body(name, kind):
    assert structured.author(name, "x")["@type"] == kind


HOSTILE = "</script><script>alert(1)</script><!-- \"&\u2028 ' ]]>"


def test_no_text_ends_the_data_or_an_attribute(client, make_article):
    article = make_article(HOSTILE, authors=["</script>劉"], summary=HOSTILE)
    content = client.get(article.url_in("zh-Hant")).content.decode()
    assert "<script>alert" not in content
    found = head(client, article.url_in("zh-Hant"))
    assert data(found)["Article"]["headline"] == HOSTILE
    assert found.xpath("meta[@property='og:description']/@content") == [HOSTILE]
    assert found.xpath("meta[@property='og:title']/@content")[0].startswith(HOSTILE)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("articles/?page=1", "articles/"),
        ("articles/?utm_source=x&page=2", "articles/?page=2"),
        ("articles/?page=2&tag=weiquan", "articles/?tag=weiquan&page=2"),
        ("archive/2010/?sort=x", "archive/2010/?sort=x"),
        ("?q=x&page=3", ""),
    ],
)
def test_one_address_for_one_page(client, library, asked, canonical):
    [found] = head(client, f"/zh-hans/{asked}").xpath("link[@rel='canonical']/@href")
    assert found == f"http://testserver/zh-hans/{canonical}"


def test_how_one_came_to_an_article_is_not_its_address(client, library):
    path = Rendition.objects.filter(script="zh-Hant").first().article.url_in("zh-Hant")
    found = head(client, f"{path}?tag=weiquan&page=2")
    assert found.xpath("link[@rel='canonical']/@href") == [f"http://testserver{path}"]
    assert not found.xpath("meta[@name='robots']")


def test_search_is_not_indexed(client, library):
    assert head(client, "/zh-hant/search/?q=x").xpath("meta[@name='robots']/@content")[0].startswith("noindex")  # fmt: skip


def test_a_biography_is_told(client, make_article):
    make_article(authors=["劉明"])
    Author.objects.update(biography_hant="老工會。")
    said = data(head(client, "/zh-hant/authors/liu-ming/"))["ProfilePage"]
    assert said["mainEntity"]["description"] == "老工會。"
