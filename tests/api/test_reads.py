"""What programs read: articles, tags, authors, collections, search, and how they go on in a list."""

import json
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.api import reads
from articles.models import Article, Author, Collection, CollectionItem, Picture

from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

NOW = timezone.now()
CLIENT = Client()


@shelf
def library(make_article):
    """Twelve articles of three years, a day apart; half of them stand in a collection."""
    keys = [
        make_article(
            f"第{number}篇 工會要走進班組",
            authors=["劉明"] if number % 2 else ["王芳", "劉明"],
            tags=["維權"] if number % 3 else ["提案", "職代會"],
            stated_date=date(2010 + number % 3, 3, 5),
            genre="paper" if number % 4 else "speech",
            published_at=NOW - timedelta(days=20 - number),
            summary="聯繫職工。",
        ).pk
        for number in range(12)
    ]
    collection = Collection(name_hant="工會入門", summary_hant="從這裡開始", status="published")
    collection.save()
    for position, pk in enumerate(keys[::2], 1):
        CollectionItem.objects.create(
            collection=collection, article_id=pk, position=position, note_hant="先讀這篇"
        )
    return keys, collection.slug


def get(path: str, **headers):
    return CLIENT.get(f"/api/v1/{path}", headers=headers)


def read(path: str) -> dict:
    answer = get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def keys_of(path: str, cursor: str | None = "") -> list[int]:
    """Return what a list has, page by page."""
    found = []
    while cursor is not None:
        page = read(f"{path}{cursor and f'&cursor={cursor}'}")
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    return found


class TestLists:
    def test_by_pages_of_any_size_it_is_one_list(self, library):
        keys, _ = library
        for limit in (1, 5, 12, 100):
            assert keys_of(f"articles?limit={limit}") == keys[::-1]

    def test_filters_together_leave_what_has_them_all(self, library):
        keys, slug = library
        newest = keys[::-1]
        numbered = {pk: number for number, pk in enumerate(keys)}
        chosen = {
            "tag=weiquan": lambda n: n % 3 > 0,
            "author=wang-fang": lambda n: n % 2 == 0,
            "year=2011": lambda n: n % 3 == 1,
            "genre=paper": lambda n: n % 4 > 0,
            f"collection={slug}": lambda n: n % 2 == 0,
            "q=班組": lambda n: True,
        }
        names = list(chosen)
        for one in names:
            for other in names:
                asked = [one] if one == other else [one, other]
                wanted = [pk for pk in newest if all(chosen[name](numbered[pk]) for name in asked)]
                assert keys_of(f"articles?limit=2&{'&'.join(asked)}") == wanted, asked

    @pytest.mark.parametrize(
        "asked", ["", "&tag=weiquan", "&tag=weiquan&author=liu-ming", "&q=班組"]
    )
    def test_what_is_published_meanwhile_moves_nothing(self, library, make_article, asked):
        before = keys_of(f"articles?limit=3{asked}")
        page = read(f"articles?limit=3{asked}")
        new = make_article("新的 工會要走進班組", authors=["劉明"], tags=["維權"])
        rest = keys_of(f"articles?limit=3{asked}", page["next"])
        assert [one["id"] for one in page["items"]] + rest == before
        assert keys_of(f"articles?limit=3{asked}") == [new.pk, *before]

    def test_what_is_withdrawn_leaves_no_gap(self, library):
        keys, _ = library
        page = read("articles?limit=3")
        gone = Article.objects.get(pk=page["items"][-1]["id"])
        gone.status = "archived"
        gone.save()
        assert keys_of("articles?limit=3", page["next"]) == keys[::-1][3:]

    def test_what_there_is_not_is_told(self, library):
        for asked in ("tag=none", "author=none", "collection=none"):
            answer = get(f"articles?{asked}")
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

    @pytest.mark.parametrize(
        "asked",
        ["limit=0", "limit=101", "limit=x", "limit=１", "script=en", "year=1", "genre=none", "q=",
         "tag=%00", "page=2", "cursor=xx", "cursor=WyJ0YWciLDFd", "limit=1&limit=2",
         "q=" + "x" * 101, "cursor=" + "W" * 190],
    )  # fmt: skip
    def test_what_the_document_does_not_have_is_refused(self, library, asked):
        answer = get(f"articles?{asked}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert answer["Cache-Control"] == "no-store"
        assert answer.json()["status"] == 400


class TestOne:
    def test_it_is_what_readers_see_in_either_script(self, library):
        pk = library[0][3]
        hant, hans = (read(f"articles/{pk}?script={one}") for one in ("zh-Hant", "zh-Hans"))
        assert hant["title"] == "第3篇 工會要走進班組"
        assert hans["title"] == "第3篇 工会要走进班组"
        assert hans["body_html"].startswith('<h2 id="s1">一、走访</h2><p>工会要到职工中间去')
        assert hans["body_text"].split("\n")[1] == "工会要到职工中间去，听他们说。"
        assert [one["name"] for one in hans["authors"]] == ["刘明"]
        assert {one["name"] for one in hans["tags"]} == {"提案", "职代会"}
        assert hans["url"].startswith(f"http://testserver/zh-hans/articles/{pk}-")
        assert (hant["stated_date"], hant["genre"]) == ("2010-03-05", "paper")
        assert read(f"articles/{pk}") == hant
        assert Client().get(hans["url"]).status_code == 200

    def test_it_says_when_it_was_changed_and_is_known_by_its_etag(self, library, settings):
        pk = library[0][0]
        for kept in (False, True):
            settings.PAGE_CACHE = kept
            answer = get(f"articles/{pk}")
            assert answer["Last-Modified"]
            again = get(f"articles/{pk}", if_none_match=answer["ETag"])
            assert (again.status_code, again.content) == (304, b"")
            # A tag is renamed without it: of a date alone nothing is said to be unchanged.
            dated = get(f"articles/{pk}", if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT")
            assert dated.status_code == 200

    def test_what_is_not_there(self, library):
        for path in ("articles/999999", "articles/999999999999999999", "collections/none", "x/y"):
            answer = get(path)
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

    def test_another_method_is_told_which_there_are(self, library):
        answer = Client().delete(f"/api/v1/articles/{library[0][0]}")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, PATCH, HEAD")
        assert answer.json()["status"] == 405


class TestTheRest:
    def test_tags_and_authors_with_how_many_articles(self, library):
        tags = {one["slug"]: one["article_count"] for one in read("tags?limit=100")["items"]}
        assert tags["weiquan"] == 8
        assert keys_of("tags?limit=1") == [one["id"] for one in read("tags")["items"]]
        authors = {one["name"]: one for one in read("authors?script=zh-Hans")["items"]}
        assert {name: one["article_count"] for name, one in authors.items()} == {
            "王芳": 6, "刘明": 12,
        }  # fmt: skip

    def test_a_collection_has_its_articles_in_order(self, library):
        keys, slug = library
        assert [one["slug"] for one in read("collections")["items"]] == [slug]
        found = read(f"collections/{slug}?script=zh-Hans")
        assert [one["id"] for one in found["articles"]] == keys[::2]
        assert found["articles"][0]["note"] == "先读这篇"
        assert (found["name"], found["article_count"]) == ("工会入门", 6)

    def test_pictures_that_were_chosen_are_told_with_their_room_and_what_they_show(self, library):
        keys, slug = library
        picture = Picture.objects.create(
            key="ab" * 16, name="a.jpg", alt="職代會會場", width=1200, height=800, size=1
        )
        assert read("authors")["items"][0]["portrait"] is None
        assert read(f"articles/{keys[0]}")["cover"] is None
        for model, one in ((Article, {"pk": keys[0]}), (Collection, {"slug": slug})):
            chosen = model.objects.get(**one)
            chosen.cover = picture
            chosen.save()
        author = Author.objects.get(slug="wang-fang")
        author.portrait = picture
        author.save()

        def told(path: str, place: str) -> list:
            page = read(f"{path}{'&' if '?' in path else '?'}script=zh-Hans")
            return [one[place] for one in page.get("items", [page]) if one[place]]

        wanted = {
            "url": f"http://testserver{picture.address}", "alt": "职代会会场",
            "width": 1200, "height": 800,
        }  # fmt: skip
        for path in ("articles", f"articles/{keys[0]}", "search?q=班组", "collections"):
            assert told(path, "cover") == [wanted], path
        assert told(f"collections/{slug}", "cover") == [wanted]
        assert read(f"collections/{slug}")["articles"][0]["cover"]["alt"] == "職代會會場"
        assert told("authors", "portrait") == [wanted]

    def test_search_goes_on_among_what_was_there(self, library, make_article, monkeypatch):
        monkeypatch.setattr("articles.search.find.PER_PAGE", 5)
        first = read("search?q=班组")
        assert (first["total"], len(first["items"])) == (12, 5)
        assert "<mark>班組</mark>" in first["items"][0]["title_html"]
        make_article("班組班組 工會要走進班組")
        found = [one["id"] for one in first["items"]]
        cursor = first["next"]
        while cursor:
            page = read(f"search?q=班组&cursor={cursor}")
            found += [one["id"] for one in page["items"]]
            cursor = page["next"]
        assert sorted(found) == library[0]
        assert read("search?q=班組&year=2011")["total"] == 4
        assert read("search?q=班組 蛋糕")["left_out"] == ["蛋糕"]

    def test_nothing_to_look_for_finds_nothing(self, library):
        assert read("search?q=%20")["items"] == []
        assert get("search").status_code == 400


class TestLimits:
    def test_too_often_is_told_when_to_come_again(self, library, settings):
        settings.API_PER_MINUTE = 3
        answers = [get("tags") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert answers[-1]["Retry-After"] == "60"
        assert answers[-1].json()["status"] == 429

    def test_what_is_kept_does_not_count(self, library, settings):
        settings.API_PER_MINUTE, settings.PAGE_CACHE = 3, True
        assert {get("tags").status_code for _ in range(9)} == {200}

    @pytest.mark.parametrize("told", ["interrupted", "could not connect to server"])
    def test_a_database_that_does_not_answer(self, library, monkeypatch, told):
        def fail(*args):
            raise OperationalError(told)

        monkeypatch.setattr(reads, "newest", fail)
        answer = get("articles")
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Type"] == "application/problem+json"

    def test_a_mistake_of_ours_is_one_form_too(self, library, monkeypatch):
        monkeypatch.setattr(reads, "newest", lambda *args: 1 / 0)
        answer = get("articles")
        assert (answer.status_code, answer.json()["status"]) == (500, 500)
        assert "division" not in answer.content.decode()


class TestOtherSites:
    def test_it_is_off_by_default(self, library):
        assert "Access-Control-Allow-Origin" not in get("tags", origin="https://a.example")

    def test_each_origin_is_told_of_itself_alone_kept_or_not(self, library, settings):
        settings.API_CORS_ORIGINS, settings.PAGE_CACHE = ["https://a.example"], True
        client = Client()
        for origin, told in (("https://a.example", "https://a.example"),
                             ("https://b.example", None), ("https://a.example", "https://a.example")):  # fmt: skip
            answer = client.get("/api/v1/tags", headers={"origin": origin})
            assert answer.get("Access-Control-Allow-Origin") == told
            assert "Origin" in answer["Vary"]
        asked = {"origin": "https://a.example", "access-control-request-method": "GET"}
        answer = client.options("/api/v1/tags", headers=asked)
        assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
        assert "Access-Control-Allow-Origin" not in client.get(
            "/zh-hant/", headers={"origin": "https://a.example"}
        )


MOST = {
    "openapi.json": 0,
    "articles": 4,
    "articles?tag=weiquan": 6,
    "articles?tag=weiquan&year=2011": 6,
    "articles?collection=SLUG": 6,
    "articles?q=班組": 6,
    "articles/PK": 2,
    "tags": 3,
    "authors": 3,
    "collections": 1,
    "collections/SLUG": 5,
    "search?q=班組": 13,
}
"""Queries of an address, when it is asked for again and nothing is kept."""


@pytest.mark.parametrize("path", MOST)
def test_what_each_address_costs(library, path):
    asked = path.replace("PK", str(library[0][0])).replace("SLUG", library[1])
    for _ in range(2):
        get(asked)
    with CaptureQueriesContext(connection) as queries:
        get(asked)
    bookkeeping = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config")
    statements = [one["sql"] for one in queries if not one["sql"].startswith(bookkeeping)]
    assert len(statements) <= MOST[path], statements


@pytest.mark.parametrize("path", ["articles?limit=5", "articles/PK", "tags", "collections/SLUG"])
def test_what_is_kept_costs_one(library, path, settings):
    settings.PAGE_CACHE = True
    path = path.replace("PK", str(library[0][0])).replace("SLUG", library[1])
    made = get(path)
    for headers in ({}, {"if_none_match": made["ETag"]}):
        with CaptureQueriesContext(connection) as queries:
            again = get(path, **headers)
        assert len(queries) == 1
        assert again.status_code == (304 if headers else 200)
        assert headers or json.loads(again.content) == made.json()


def test_the_page_about_it(library):
    answer = Client().get("/api/", headers={"accept-language": "zh-CN"})
    assert answer["Location"] == "/zh-hans/api/"
    for script, said in (("zh-hans", "最新的在前"), ("zh-hant", "最新的在前")):
        page = Client().get(f"/{script}/api/").content.decode()
        assert "/api/v1/openapi.json" in page
        assert said in page
