"""Feeds, by the rules their validators go by: RSS 2.0, RFC 4287 and JSON Feed 1.1."""

import json
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from lxml import etree

from articles.models import Author, Rendition, Tag

from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

SCRIPTS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
KINDS = ["rss", "atom", "json"]
FEEDS = ["latest", "tags/weiquan", "authors/liu-ming"]
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = 'a < b & c > d "e" ]]> \x01\x0b\x1f\ufffe <script>x</script> 工會'


@shelf
def library(make_article):
    """Three public articles, one with a hostile title, and secrets of every kind."""
    now = timezone.now()
    for number in range(3):
        article = make_article(
            f"第{number}篇 工會的故事", authors=["劉明", "王芳"] if number else ["劉明"], tags=["維權"],
            summary="聯繫職工，<b>不</b>讓 & 他們等。", published_at=now - timedelta(days=3 - number),
        )  # fmt: skip
    Rendition.objects.filter(article=article).update(title=HOSTILE)
    for fields in (
        {"status": "draft"}, {"status": "in_review"}, {"status": "archived", "published_at": now},
        {"published_at": now + timedelta(days=1)},
        {"published_at": now - timedelta(days=2), "expires_at": now - timedelta(days=1)},
    ):  # fmt: skip
        make_article("不可告人", authors=["劉明"], tags=["維權"], **fields)


def absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def no_relative_addresses(markup: str) -> bool:
    return all(absolute(found) for found in re.findall(r'(?:href|src)="([^"]*)"', markup))


def rfc3339(moment: str) -> datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)", moment)
    return datetime.fromisoformat(moment)


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("script", SCRIPTS)
class TestRules:
    def test_rss(self, client, library, script, name):
        response = client.get(f"/{script}/feeds/{name}.rss")
        assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
        root = etree.fromstring(response.content)
        assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
        [channel] = root
        for required in ("title", "link", "description", "language", "lastBuildDate"):
            assert len(channel.findall(required)) == 1
            assert channel.findtext(required).strip()
        assert channel.findtext("language") == SCRIPTS[script]
        assert absolute(channel.findtext("link"))
        [own] = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
        assert own.get("href") == f"http://testserver/{script}/feeds/{name}.rss"
        assert parsedate_to_datetime(channel.findtext("lastBuildDate")).tzinfo
        items = channel.findall("item")
        assert len(items) == 3
        for item in items:
            assert absolute(item.findtext("link"))
            assert item.findtext("title") or item.findtext("description")
            pub_date = item.findtext("pubDate")
            assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [-+]\d{4}", pub_date)  # fmt: skip
            assert item.find("guid").get("isPermaLink") == "true"
            assert absolute(item.findtext("guid"))
            assert item.find("author") is None  # it would have to be a mail address
            # Markup in a description is markup; the text has to be escaped within.
            assert "<b>" not in item.findtext("description")
            assert no_relative_addresses(item.findtext("description"))
        assert len({item.findtext("guid") for item in items}) == 3

    def test_atom(self, client, library, script, name):
        response = client.get(f"/{script}/feeds/{name}.atom")
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = etree.fromstring(response.content)
        assert feed.tag == f"{ATOM}feed"
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == SCRIPTS[script]
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == 3
        for node in (feed, *entries):
            for required in ("id", "title", "updated"):
                assert len(node.findall(ATOM + required)) == 1
                assert node.findtext(ATOM + required).strip()
            rfc3339(node.findtext(f"{ATOM}updated"))
            assert absolute(node.findtext(f"{ATOM}id"))
        own = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert own["self"] == f"http://testserver/{script}/feeds/{name}.atom"
        assert absolute(own["alternate"])
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        for entry in entries:
            [link] = entry.findall(f"{ATOM}link")
            assert (link.get("rel"), absolute(link.get("href"))) == ("alternate", True)
            assert entry.findtext(f"{ATOM}author/{ATOM}name")
            published = rfc3339(entry.findtext(f"{ATOM}published"))
            assert published <= rfc3339(entry.findtext(f"{ATOM}updated"))
            summary = entry.find(f"{ATOM}summary")
            assert summary.get("type") == "html"
            assert "<b>" not in summary.text
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len({feed.findtext(f"{ATOM}id"), *ids}) == 4
        newest = max(rfc3339(entry.findtext(f"{ATOM}updated")) for entry in entries)
        assert rfc3339(feed.findtext(f"{ATOM}updated")) == newest

    def test_json(self, client, library, script, name):
        response = client.get(f"/{script}/feeds/{name}.json")
        assert response.headers["Content-Type"] == "application/feed+json"
        feed = json.loads(response.content)
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert feed["feed_url"] == f"http://testserver/{script}/feeds/{name}.json"
        assert absolute(feed["home_page_url"])
        assert feed["language"] == SCRIPTS[script]
        assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) == 3
        for item in feed["items"]:
            assert isinstance(item["id"], str)
            assert absolute(item["url"])
            assert item["content_text"]
            assert rfc3339(item["date_published"]) <= rfc3339(item["date_modified"])
            assert all(author["name"] and absolute(author["url"]) for author in item["authors"])
            assert item["tags"] == ["维权" if script == "zh-hans" else "維權"]

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_hidden_is_in_it(self, client, library, script, name, kind):
        content = client.get(f"/{script}/feeds/{name}.{kind}").content.decode()
        assert "不可告人" not in content

    @pytest.mark.parametrize("kind", KINDS)
    def test_queries_do_not_grow(self, client, library, make_article, django_assert_max_num_queries, script, name, kind):  # fmt: skip
        for number in range(4):
            make_article(f"又{number}", authors=["劉明"], tags=["維權"])
        with django_assert_max_num_queries(5):
            client.get(f"/{script}/feeds/{name}.{kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_title_is_shown_and_harmless(client, library, kind):
    response = client.get(f"/zh-hant/feeds/latest.{kind}")
    if kind == "json":
        title = response.json()["items"][0]["title"]
    else:
        root = etree.fromstring(response.content)
        title = root.findtext(f"{ATOM}entry/{ATOM}title") or root.findtext("channel/item/title")
    assert title == 'a < b & c > d "e" ]]> <script>x</script> 工會'
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", response.content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_names_may_be_hostile_too(client, library, kind):
    Author.objects.filter(slug="liu-ming").update(name_hant="劉<明>&\x02")
    Tag.objects.filter(slug="weiquan").update(name_hant="維<權>&\x02")
    for name in FEEDS:
        response = client.get(f"/zh-hant/feeds/{name}.{kind}")
        if kind == "json":
            assert response.json()["items"][0]["tags"] == ["維<權>&"]
        else:
            assert "劉<明>&" in "".join(etree.fromstring(response.content).itertext())


def ids(client, path="/zh-hant/feeds/latest.json") -> list[str]:
    return [item["id"] for item in client.get(path).json()["items"]]


def test_an_item_keeps_its_id_when_its_title_changes_and_the_id_leads_to_it(client, make_article):
    article = make_article("原來的題目")
    before = ids(client)
    article.title = "改過的題目"
    article.save()
    assert ids(client) == before
    response = client.get(before[0], follow=True)
    assert response.redirect_chain[0][1] == 301
    assert "改過的題目" in response.content.decode()


def test_all_kinds_know_an_item_by_the_same_id_and_each_script_by_its_own(client, make_article):
    make_article()
    rss = etree.fromstring(client.get("/zh-hant/feeds/latest.rss").content)
    atom = etree.fromstring(client.get("/zh-hant/feeds/latest.atom").content)
    [known] = ids(client)
    assert rss.findtext("channel/item/guid") == known
    assert atom.findtext(f"{ATOM}entry/{ATOM}id") == known
    assert ids(client, "/zh-hans/feeds/latest.json") == [known.replace("zh-hant", "zh-hans")]


@pytest.mark.parametrize("kind", KINDS)
def test_who_has_it_is_told_so(client, library, kind):
    path = f"/zh-hant/feeds/latest.{kind}"
    first = client.get(path)
    assert "max-age=300" in first.headers["Cache-Control"]
    assert "Cookie" not in first.headers.get("Vary", "")
    for header, name in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        again = client.get(path, headers={header: first.headers[name]})
        assert (again.status_code, again.content) == (304, b"")
    Tag.objects.filter(slug="weiquan").update(name_hant="維護權益")
    again = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 200


def test_an_article_that_was_scheduled_is_news_when_it_appears(client, make_article):
    make_article("先到", published_at=timezone.now() - timedelta(hours=2))
    late = make_article("後到")
    public = timezone.now() - timedelta(seconds=5)
    type(late).objects.filter(pk=late.pk).update(
        published_at=public, text_changed_at=public - timedelta(days=9)
    )
    entry = client.get("/zh-hant/feeds/latest.json").json()["items"]
    assert {item["title"]: item["date_modified"] for item in entry}["後到"] == public.isoformat()


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_library_has_an_empty_feed_that_stays_the_same(client, kind):
    first = client.get(f"/zh-hant/feeds/latest.{kind}")
    assert first.status_code == 200
    if kind != "json":
        etree.fromstring(first.content)
    again = client.get(f"/zh-hant/feeds/latest.{kind}")
    assert again.content == first.content


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["tags/none", "authors/none", "tags/ankangbei", "authors/wang-fang"])  # fmt: skip
def test_what_nobody_can_read_has_no_feed(client, make_article, name, kind):
    make_article("不可告人", status="draft", authors=["王芳"], tags=["安康杯"])
    assert client.get(f"/zh-hant/feeds/{name}.{kind}").status_code == 404


@pytest.mark.parametrize(
    ("page", "feeds"),
    [("", ["latest"]), ("tags/weiquan/", ["latest", "tags/weiquan"]), ("authors/liu-ming/", ["latest", "authors/liu-ming"])],
)  # fmt: skip
def test_pages_name_their_feeds(client, library, page, feeds):
    root = etree.fromstring(client.get(f"/zh-hant/{page}").content, etree.HTMLParser())
    named = root.xpath("//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom') or contains(@type, 'feed+json')]")  # fmt: skip
    assert [link.get("href") for link in named] == [f"/zh-hant/feeds/{name}.{kind}" for name in feeds for kind in KINDS]  # fmt: skip
    for link in named:
        response = client.get(link.get("href"))
        assert response.headers["Content-Type"].startswith(link.get("type"))
