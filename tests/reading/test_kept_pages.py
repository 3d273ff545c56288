"""Pages that are kept are shown again for as long as they are what would be made, and not longer."""

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import brotli
import psycopg
import pytest
from django.core.cache import caches
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from articles.curation import merging, publishing
from articles.models import (
    Article,
    Author,
    Collection,
    CollectionItem,
    Related,
    Tag,
    page_triggers,
    page_version,
    plain_sql,
)
from articles.models.page_version import EVERYTHING, standing_until
from articles.models.plain_sql import rows
from articles.reading import kept_pages
from articles.reading.kept_addresses import kind_of, normalised
from portal import page_store
from portal.forgiving_redis import ForgivingRedis

from ..support.places import ROOT
from ..support.timing import soon
from .test_leaks import ADDRESSES, API, SECRETS, in_api, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on(settings):
    settings.PAGE_CACHE = settings.DEBUG = True


def get(path: str, **headers):
    return Client().get(f"/zh-hant/{path}", headers=headers)


def told(path: str, **headers) -> str:
    """Return whether a page was kept."""
    return get(path, **headers).get("X-Page-Cache", "")


def page_of(article: Article) -> str:
    return f"articles/{article.pk}-{article.slug}/"


class TestWhatIsKept:
    def test_it_is_what_is_made(self, make_article):
        live = make_article(authors=["劉明"], tags=["維權"])
        for path in ("", "articles/", page_of(live), "tags/weiquan/", "feeds/latest.atom"):
            made, kept = get(path), get(path)
            assert (made["X-Page-Cache"], kept["X-Page-Cache"]) == ("miss", "hit")
            assert kept.content == made.content
            remark = {"X-Page-Cache", "X-Request-ID"}
            assert {k: v for k, v in kept.items() if k not in remark} == {
                k: v for k, v in made.items() if k not in remark
            }

    def test_as_each_reader_takes_it(self, make_article):
        make_article()
        plain = get("articles/").content
        for _ in range(2):
            by_brotli = get("articles/", accept_encoding="gzip, br")
            assert by_brotli["Content-Encoding"] == "br"
            assert brotli.decompress(by_brotli.content) == plain
            by_gzip = get("articles/", accept_encoding="gzip, br;q=0")
            assert by_gzip["Content-Encoding"] == "gzip"
            assert gzip.decompress(by_gzip.content) == plain
            assert "Content-Encoding" not in get("articles/", accept_encoding="identity")
            assert "Accept-Encoding" in by_gzip["Vary"]

    def test_whoever_asks_gets_it_without_what_is_his(self, make_article, sign_in):
        make_article()
        curator = sign_in("編輯")
        assert curator.get("/zh-hant/articles/")["X-Page-Cache"] == "miss"
        assert told("articles/") == "hit"
        assert not get("articles/").cookies

    def test_what_no_page_asks_for_makes_no_other_page(self, make_article):
        make_article(tags=["維權"])
        assert told("articles/?tag=weiquan&utm_source=letter&page=1") == "miss"
        assert told("articles/?page=1&tag=weiquan&fbclid=1") == "hit"
        assert "utm_source" not in get("articles/?page=1&tag=weiquan").content.decode()
        assert normalised("page=" + "1" * 1000) is None

    def test_never_what_is_somebodys_or_counted(self, make_article, sign_in):
        live = make_article()
        at = page_of(live)
        for path in ("search/?q=工會", "mine/", f"{at}report/", "account/sign-in/", "choose/",
                     "articles/999999-x/", "preview/", "mine/state", "tags/none/"):  # fmt: skip
            for _ in range(2):
                assert not get(path).get("X-Page-Cache"), path
        assert sign_in("審核").get("/admin/").get("X-Page-Cache") is None
        assert Client().post(f"/zh-hant/articles/{live.pk}/read").get("X-Page-Cache") is None

    def test_every_address_of_readers_is_kept_or_not_on_purpose(self):
        """One that is added to the portal is looked at here."""
        not_kept = {
            *("search", "mine", "bookmarks", "history", "export", "mine-state", "mine-read"),
            *("bookmark", "mine-shelf", "sign-in", "change-password", "report", "report-thanks"),
            *("welcome", "forgotten", "preview"),
            *("opensearch", "manifest", "qr"),
        }
        names = {"HIDDENPK": "5", "PK": "4", "HIDDEN": "5-x", "LIVE": "4-y", "SHARED": "x",
                 "SECRET": "y"}  # fmt: skip
        for name, paths in ADDRESSES.items():
            for path in paths:
                for word, value in names.items():
                    path = path.replace(word, value)
                kept = kind_of(f"/zh-hant/{path.partition('?')[0]}") is not None
                assert kept == (name not in not_kept), path

    def test_it_is_off_where_it_is_put_off(self, make_article, settings):
        make_article()
        settings.PAGE_CACHE = False
        assert [told("articles/"), told("articles/")] == ["", ""]


class TestValidators:
    def test_who_has_it_is_told_so_before_any_work(self, make_article, django_assert_num_queries):
        live = make_article(authors=["劉明"], tags=["維權"])
        make_article("更新的一篇")  # the page of the newest is known for a minute only
        for path in (page_of(live), "articles/", "feeds/latest.rss"):
            first = get(path)
            kept_pages.store.forget()
            with django_assert_num_queries(1):
                again = get(path, if_none_match=first["ETag"])
            assert again.status_code == 304
            assert again["Cache-Control"] == first["Cache-Control"]
            assert not again.content
        live.title = "工會要走進車間"
        live.save()
        assert get("articles/", if_none_match=first["ETag"]).status_code == 200

    def test_caches_between_are_told_how_long(self, make_article):
        make_article()
        said = get("articles/")["Cache-Control"]
        assert said == "public, max-age=60, s-maxage=60"
        assert get("search/?q=工會")["Cache-Control"] == said
        assert "no-store" in get("account/sign-in/")["Cache-Control"]


@pytest.fixture
def library(make_article):
    """Return a live article and another beside it, whose every word is its own."""
    live = make_article("工會要走進班組", authors=["劉明"], tags=["維權"], stated_date="2011-03-05",
                        genre="paper")  # fmt: skip
    make_article("工會要辦實事", authors=["劉明"], tags=["維權"], stated_date="2011-03-06")
    other = make_article(
        "秘而不宣的工會文章",
        authors=["劉明", "隱名氏"],
        tags=["維權", "安康杯"],
        stated_date="1999-03-05",
        genre="paper",
        body="<p>工會秘而不宣的話，工會要到職工中間去。</p>",
        summary="秘而不宣。",
        source_name="密報社",
    )
    for one, another in ((live, other), (other, live)):
        Related.objects.update_or_create(article=one, other=another, defaults={"score": 1.0})
    collection = Collection(name_hant="工會入門", status="published")
    collection.save()
    for position, item in enumerate((live, other), 1):
        CollectionItem.objects.create(collection=collection, article=item, position=position)
    return live, other, collection


def addresses(live: Article, other: Article, collection: Collection, script: int) -> list[str]:
    """Return all that there is to ask for in one script, of which half of the ways see each."""
    names = {
        "HIDDENPK": other.pk, "PK": live.pk, "HIDDEN": f"{other.pk}-{other.slug}",
        "LIVE": f"{live.pk}-{live.slug}", "TAG": f"t{Tag.objects.get(slug='weiquan').pk}",
        "AUTHOR": f"a{live.byline[0].pk}", "COLLECTION": f"c{collection.pk}",
        "SHARED": collection.slug, "SECRET": collection.slug,
    }  # fmt: skip
    found = []
    for path in (path for group in ADDRESSES.values() for path in group):
        for word, value in names.items():
            path = path.replace(word, str(value))
        found.append(f"/{('zh-hant', 'zh-hans')[script]}/{path}")
    for path in (path for group in API.values() for path in group if "q=" not in path):
        for word, value in names.items():
            path = path.replace(word, str(value))
        found.append(in_api(path, ("zh-hant", "zh-hans")[script]))
    kept = [path for path in found if kind_of(path.partition("?")[0])]
    return [*kept, "/sitemap.xml", "/sitemap-articles.xml", "/sitemap-tags.xml",
            "/sitemap-authors.xml", "/sitemap-archive.xml"]  # fmt: skip


WITHDRAWN = {
    "archived": lambda one: publishing.move(_rows(one), "archived", None),
    "a draft again": lambda one: publishing.move(_rows(one), "draft", None),
    "in the bin": lambda one: publishing.to_bin(_rows(one), None),
    "deleted for good": lambda one: one.delete(),
    "scheduled anew": lambda one: _saved(one, published_at=timezone.now() + timedelta(days=1)),
    "expired": lambda one: _saved(one, expires_at=timezone.now() - timedelta(seconds=5)),
    "a row written past all of the portal": lambda one: _rows(one).update(status="draft"),
}


def _rows(article: Article):
    return Article.objects.filter(pk=article.pk)


def _saved(article: Article, **changes) -> None:
    fresh = Article.objects.get(pk=article.pk)
    fresh.published_at = fresh.published_at - timedelta(days=1)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save()


class TestWhatIsWithdrawn:
    @pytest.mark.parametrize("how", WITHDRAWN)
    def test_it_is_gone_from_every_page_that_was_kept(self, library, how):
        live, other, collection = library
        paths = addresses(live, other, collection, list(WITHDRAWN).index(how) % 2)
        showed = set()
        for path in paths:
            Client().get(path)
            answer = Client().get(path)
            said = text_of(answer)
            if answer.status_code == 200 and any(word in said for word in SECRETS):
                assert answer.get("X-Page-Cache") == "hit", path
                showed.add(path)
        assert len(showed) > 30
        WITHDRAWN[how](other)
        # Of a row that is written so, the lists still say that it stands in them.
        secrets = SECRETS[:2] if "past" in how else SECRETS
        leaks = []
        for path in paths:
            asked = Client().get(path)
            found = [word for word in secrets if word in text_of(asked) and word not in path]
            if asked.status_code == 200 and (found or page_of(other) in path):
                leaks.append((path, asked.get("X-Page-Cache"), found))
        assert not leaks, leaks


class TestChanges:
    """What is changed shows at once; what has nothing to do with it stays kept."""

    def keep(self, *paths: str) -> None:
        for path in paths:
            get(path)
            assert told(path) == "hit", path

    def test_what_is_published_shows_in_its_lists_and_beside_its_neighbours(self, make_article):
        one = make_article("甲文", tags=["維權"], published_at=timezone.now() - timedelta(days=3))
        two = make_article("乙文", tags=["安康杯"], published_at=timezone.now() - timedelta(days=2))
        self.keep(page_of(one), page_of(two), "articles/", "", "tags/weiquan/", "feeds/latest.rss")
        tag = Tag.objects.get(name_hant="安康杯")
        self.keep(f"tags/{tag.slug}/", f"feeds/tags/{tag.slug}.rss")
        three = make_article("丙文", tags=["安康杯"])
        for path in ("articles/", "", f"tags/{tag.slug}/", "feeds/latest.rss", page_of(two)):
            answer = get(path)
            assert answer["X-Page-Cache"] == "miss", path
            assert three.title in answer.content.decode()
        assert told("tags/weiquan/") == "hit"
        assert told(page_of(one)) == "hit"

    def test_a_draft_that_is_worked_on_touches_nothing(self, make_article):
        live = make_article("甲文", authors=["劉明"], tags=["維權"])
        draft = make_article("乙文", authors=["劉明"], tags=["維權"], status="draft")
        paths = (page_of(live), "articles/", "", "tags/weiquan/", "tags/", "authors/")
        self.keep(*paths)
        draft.title = "丙文"
        draft.save()
        draft.set_tags([])
        draft.delete()
        assert [told(path) for path in paths] == ["hit"] * len(paths)

    def test_another_title_shows_wherever_it_stood(self, make_article):
        one = make_article("甲文", published_at=timezone.now() - timedelta(days=2))
        two = make_article("乙文")
        self.keep(page_of(two), "articles/", "feeds/latest.json")
        one.title = "甲文改題"
        one.save()
        for path in (page_of(two), "articles/", "feeds/latest.json"):
            assert "甲文改題" in get(path).content.decode(), path

    def test_tags_and_authors(self, make_article):
        live = make_article("甲文", authors=["劉明"], tags=["維權"])
        beside = make_article("乙文", authors=["張三"], tags=["安康杯"])
        self.keep(page_of(live), "articles/", "tags/", "authors/", "tags/weiquan/")
        live.set_authors([Author.objects.get(name_hant="張三")])
        assert "劉明" not in get(page_of(live)).content.decode()
        assert "劉明" not in get("authors/").content.decode()
        tag = Tag.objects.get(slug="weiquan")
        merging.merge(Tag.objects.get(name_hant="安康杯"), [tag], None)
        for path in (page_of(live), "articles/", "tags/"):
            said = get(path).content.decode()
            assert "維權" not in said and "安康杯" in said, path
        assert get("tags/weiquan/").status_code == 301
        Author.objects.filter(name_hant="張三").update(name_hant="張叁")
        assert "張叁" in get(page_of(beside)).content.decode()

    def test_collections(self, make_article):
        live, other = make_article("甲文"), make_article("乙文")
        collection = Collection(name_hant="工會入門", status="published")
        collection.save()
        CollectionItem.objects.create(collection=collection, article=live, position=1)
        within = f"{page_of(live)}?in=c{collection.pk}"
        self.keep("", "collections/", f"collections/{collection.slug}/", within)
        CollectionItem.objects.create(collection=collection, article=other, position=2)
        assert "乙文" in get(f"collections/{collection.slug}/").content.decode()
        assert "（1／2）" in get(within).content.decode()
        collection.status = "draft"
        collection.save()
        assert get(f"collections/{collection.slug}/").status_code == 404
        assert "工會入門" not in get("").content.decode()

    def test_by_the_clock(self, make_article, monkeypatch):
        make_article("甲文", expires_at=timezone.now() + timedelta(hours=1))
        make_article("乙文", published_at=timezone.now() + timedelta(hours=2))
        ends = standing_until((EVERYTHING,))[2]
        assert abs(ends - (timezone.now() + timedelta(hours=1)).timestamp()) < 60
        self.keep("articles/")
        standing = kept_pages.standing
        monkeypatch.setattr(
            kept_pages, "standing", lambda names: (standing(names)[0], ends + 0.001)
        )
        assert told("articles/") == "miss"

    def test_what_is_rolled_back_has_not_happened(self, make_article):
        live = make_article("甲文")
        self.keep("articles/", page_of(live))
        with transaction.atomic():
            publishing.move(_rows(live), "archived", None)
            assert get(page_of(live)).status_code == 404
            transaction.set_rollback(True)
        assert [told("articles/"), told(page_of(live))] == ["hit", "hit"]


class TestLines:
    """Lines of lists are written once and shown for as long as they are what would be written."""

    @pytest.fixture(autouse=True)
    def pages_made_anew(self, on, settings):
        settings.PAGE_CACHE = False

    def test_only_what_changed_is_asked_for_again(
        self, make_article, django_assert_max_num_queries
    ):
        first, second = make_article("工會要走進車間", tags=["維權"]), make_article("另一篇")
        before = get("articles/").content.decode()
        get("articles/")
        with django_assert_max_num_queries(
            3
        ):  # versions of the list and of its lines, and their keys
            assert get("articles/").content.decode() == before
        Article.objects.filter(pk=second.pk).update(genre="paper")
        after = get("articles/").content.decode()
        assert after != before
        assert "工會要走進車間" in after
        first.tags.first().delete()
        assert "維權</a>" not in get("articles/").content.decode()

    def test_what_is_withdrawn_is_gone_with_its_line(self, make_article):
        live, other = make_article("工會要走進車間", tags=["維權"]), make_article("另一篇")
        for path in ("articles/", "tags/weiquan/", "articles/"):
            assert "工會要走進車間" in get(path).content.decode()
        Article.objects.filter(pk=live.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert "工會要走進車間" not in get("articles/").content.decode()
        other.title = "換了題目"
        other.save()
        assert "換了題目" in get("articles/").content.decode()

    @pytest.mark.parametrize(
        "path",
        ["", "feeds/latest.rss", "feeds/latest.atom", "feeds/tags/weiquan.json", "search/?q=走進"],
    )
    def test_parts_of_other_pages_are_as_they_would_be_written(self, make_article, path):
        live, gone = (
            make_article(f"工會要走進{place}", authors=["劉明"], tags=["維權"])
            for place in ("車間", "班組")
        )
        for _ in range(2):
            text = text_of(get(path))
            assert all(one in text for one in ("車間", "班組", "劉明", "維權"))
        Article.objects.filter(pk=gone.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert "班組" not in text_of(get(path))
        Author.objects.filter(name_hant="劉明").update(name_hant="王芳")
        tag = Tag.objects.get(slug="weiquan")
        tag.name, tag.name_hant = "护权", "護權"
        tag.save()
        live.title = "工會要走進學校"
        live.save()
        text = text_of(get(path))
        assert all(one in text for one in ("學校", "王芳", "護權"))
        assert not any(one in text for one in ("車間", "劉明", "維權"))

    def test_each_list_leads_to_them_in_its_own_way_and_each_script_in_its_own(self, make_article):
        make_article("工會要走進車間", tags=["維權"])
        tag = Tag.objects.get(slug="weiquan")
        for _ in range(2):
            assert f'/?in=t{tag.pk}">工會要走進車間' in get("tags/weiquan/").content.decode()
            assert '/">工會要走進車間' in get("articles/").content.decode()
            simplified = Client().get("/zh-hans/articles/").content.decode()
            assert '/">工会要走进车间' in simplified


class TestTriggers:
    def test_all_are_in_place(self):
        assert page_triggers.there().keys() == dict(page_triggers.wanted()).keys()

    def test_they_come_back_and_nothing_older_is_shown(self, make_article):
        make_article("甲文")
        get("articles/")
        page_triggers.take_away()
        make_article("乙文")
        assert told("articles/") == "hit"  # so it would be without them
        page_triggers.put_in_place()
        assert "乙文" in get("articles/").content.decode()
        self.test_all_are_in_place()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is asked by Django alone")
class TestHowTheyAreAsked:
    """Versions are asked for past psycopg."""

    NAMES = (EVERYTHING, "l")

    @pytest.fixture(autouse=True)
    def uncounted(self, on, settings):
        settings.DEBUG = False  # what is counted goes by Django

    def test_it_is_what_psycopg_would_tell(self, make_article):
        live = make_article(authors=["劉明"])
        for statement, values in (
            ("SELECT sum(mark)::bigint FROM articles_pageversion WHERE name IN (%s, %s)", self.NAMES),
            ("SELECT id, title, published_at, expires_at, dated, stated_date, %s, %s, %s::float8 "
             "FROM articles_article WHERE id = ANY(%s) OR created_at > %s",
             ["工會", True, 0.5, [live.pk, 10**15], timezone.now()]),
            ("SELECT 1 WHERE %s::text IS NULL", [None]),
            ("SELECT 1 WHERE false", []),
        ):  # fmt: skip
            for _ in range(2):
                told = rows(statement, values)
                known = psycopg.Cursor(connection.connection).execute(statement, values).fetchall()
                assert told == known
        prepared = {text for (text,) in rows("SELECT statement FROM pg_prepared_statements")}
        assert "SELECT 1 WHERE $1::text IS NULL" in prepared

    def test_so_many_are_kept_and_no_more(self, monkeypatch):
        monkeypatch.setattr(plain_sql, "_MOST_PREPARED", 3)
        for number in (1, 2, 3, 1, 4, 5, 1):
            assert rows(f"SELECT {number}") == [(number,)]
        [(kept,)] = rows("SELECT count(*) FROM pg_prepared_statements")
        assert kept <= 3

    @pytest.mark.django_db(transaction=True)
    def test_a_transaction_begins_with_it(self, make_article):
        live = make_article()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            rows(
                "UPDATE articles_article SET title = %s WHERE id = %s RETURNING id", ["x", live.pk]
            )
            raise ZeroDivisionError
        assert rows("SELECT title FROM articles_article") == [(live.title,)]

    @pytest.mark.django_db(transaction=True)
    def test_it_is_asked_again_where_that_does_not_go(self, make_article):
        make_article()
        statement = page_version._query("postgresql", len(self.NAMES), False)
        before = rows(statement, self.NAMES)[0][0]
        connection.connection.execute("DEALLOCATE ALL")  # as some poolers do
        assert rows(statement, self.NAMES)[0][0] == before
        pid = connection.connection.info.backend_pid
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert rows(statement, self.NAMES)[0][0] == before
        with pytest.raises(DatabaseError):
            rows("SELECT none FROM nowhere WHERE one = %s", ["x"])

    @pytest.mark.django_db(transaction=True)
    def test_a_search_reads_under_settings_that_end_with_it(self):
        asked = "SELECT current_setting('enable_seqscan'), current_setting('statement_timeout')"
        before = rows(asked)
        limits = {"enable_seqscan": "off", "statement_timeout": "60"}

        def told() -> list[tuple]:
            with plain_sql.for_the_time(limits):
                return rows(asked)

        assert told() == [("off", "60ms")]
        assert rows(asked) == before
        with pytest.raises(OperationalError), plain_sql.for_the_time(limits):
            rows("SELECT pg_sleep(20)")
        assert rows(asked) == before
        with pytest.raises(ZeroDivisionError), plain_sql.for_the_time(limits):
            raise ZeroDivisionError
        assert rows(asked) == before
        with psycopg.connect(**connection.get_connection_params()) as other:
            pid = connection.connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert told() == [("off", "60ms")]
        with transaction.atomic():
            assert told() == [("off", "60ms")]
        assert rows(asked) == before

    @pytest.mark.django_db(transaction=True)
    def test_a_table_is_altered_below_a_page(self):
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
            other.execute("CREATE TABLE altered AS SELECT 1 AS one")
            try:
                for kind in (int, str, int):
                    for _ in range(3):
                        [(one,)] = rows("SELECT one FROM altered WHERE one::text = %s", ["1"])
                        assert one == kind(1)
                    to = "text" if kind is int else "int"
                    other.execute(f"ALTER TABLE altered ALTER COLUMN one TYPE {to} USING one::{to}")
            finally:
                other.execute("DROP TABLE altered")


class TestTheStore:
    def page(self, size: int, version: int = 1) -> page_store.KeptPage:
        return page_store.KeptPage(("*",), version, 0, "x", (), b"x" * size, "")

    def test_it_takes_no_more_than_it_may(self):
        store = page_store.PageStore(100_000)
        store.keep("large", self.page(30_000), 1)
        assert store.here("large") is None
        for number in range(20):
            store.keep(str(number), self.page(10_000), 1)
            store.here("0")
        kept = [number for number in range(20) if store.here(str(number))]
        assert len(kept) == 8
        assert kept[0] == 0  # asked for all the time

    def test_one_makes_a_page_while_the_others_wait(self, monkeypatch):
        all_are_there = threading.Barrier(4)

        class Waited(threading.Event):
            def wait(self, timeout=None):
                all_are_there.wait()
                return super().wait(timeout)

        monkeypatch.setattr(page_store, "Event", Waited)
        store, made, found = page_store.PageStore(100_000), [], []

        def ask() -> None:
            with store.making("x", lambda: store.here("x")) as page:
                if page is None:
                    made.append(1)
                    all_are_there.wait()
                    store.keep("x", self.page(1), 1)
                found.append(store.here("x"))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 1
        assert len(found) == 4 and all(found)

    def test_a_redis_that_is_down_costs_no_page(self, make_article, settings):
        make_article()
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            at = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
            down = {"BACKEND": "portal.forgiving_redis.ForgivingRedis", "LOCATION": at}
            settings.CACHES = {"default": down}
            assert isinstance(caches["default"], ForgivingRedis)
            for path in ("", "articles/", "search/?q=工會", "account/sign-in/"):
                assert get(path).status_code == 200
            assert told("articles/") == "hit"


@contextmanager
def redis_of_its_own(folder):
    """Give the address of a Redis that nobody else has, or nothing where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("There is no redis-server.")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        for line in server.stdout:
            if "Ready to accept" in line or "accept connections" in line:
                break
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.communicate()


class TestTwoProcesses:
    @pytest.fixture(params=["the process", "Redis"])
    def another(self, request, transactional_db, tmp_path, settings):
        """Return what asks another process for a page: whether it was kept, and what it says."""
        with redis_of_its_own(tmp_path) if request.param == "Redis" else _nothing() as redis:
            if redis:
                settings.CACHES = {
                    "default": {
                        "BACKEND": "portal.forgiving_redis.ForgivingRedis",
                        "LOCATION": redis,
                    }
                }
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.another_reader"],
                cwd=ROOT, env=os.environ | _where(redis), text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip

            def ask(path: str) -> tuple[int, str, str]:
                process.stdin.write(f"/zh-hant/{path}\n")
                process.stdin.flush()
                return tuple(json.loads(process.stdout.readline()))

            try:
                yield ask
            finally:
                process.stdin.close()
                process.wait()

    def test_what_one_made_the_other_shows(self, another, make_article, request):
        make_article("甲文")
        get("articles/")
        in_redis = "Redis" in request.node.name
        assert another("articles/")[1] == ("hit" if in_redis else "miss")

    def test_what_one_withdraws_the_other_shows_no_more(self, another, make_article):
        live, other = make_article("甲文"), make_article("秘而不宣")
        paths = ("", "articles/", page_of(other), page_of(live), "feeds/latest.rss")
        for path in paths:
            assert "秘而不宣" in another(path)[2], path
            # On a busy machine Redis may be late, and is left alone for some seconds then.
            soon(lambda path=path: another(path)[1] == "hit")
            get(path)  # here too
        publishing.to_bin(_rows(other), None)
        for path in paths:
            assert "秘而不宣" not in another(path)[2], path
            assert "秘而不宣" not in get(path).content.decode()


@contextmanager
def _nothing():
    yield ""


def _where(redis: str) -> dict[str, str]:
    """Return what tells another process of the database of this test, and of its cache."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        at = f"sqlite:///{database['NAME']}"
    else:
        user = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
        at = f"postgres://{user}{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    cache = {"CACHE_URL": redis} if redis else {}
    return {"DATABASE_URL": at, "PAGE_CACHE": "on", "DEBUG": "off"} | cache
