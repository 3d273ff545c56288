"""What readers get while the database or Redis is gone or frozen: both are, really."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError
from django.test import RequestFactory

from portal import database_faults, readiness, seldom

from ..support import servers

QUERY = "%E5%B7%A5%E6%9C%83"
PAGES = ("/zh-hant/", "/zh-hans/articles/", f"/zh-hant/search/?q={QUERY}", "/zh-hant/tags/")
SUGGEST = f"/zh-hant/search/suggest?q={QUERY}"
SAID = {"/zh-hant/": "書房暫時沒有回應", "/zh-hans/": "书房暂时没有响应"}


@pytest.fixture(scope="module")
def database():
    with servers.postgres() as (server, address):
        servers.manage("migrate", "-v0", DATABASE_URL=address, SECRET_KEY="of a test")
        yield server, address


def says_that_it_is_away(answer: servers.Answer, page: str) -> bool:
    return (
        answer.status == 503
        and answer.is_for_nobody
        and int(answer.headers["Retry-After"]) > 0
        and "default-src 'none'" in answer.headers["Content-Security-Policy"]
        and SAID[page[:9]] in answer.text
    )


def comes_back(visitor: servers.Visitor) -> None:
    """Wait until what was left alone for a moment is asked again."""
    for _ in range(600):
        if visitor.get("/readyz").status == 200 == visitor.get(PAGES[0]).status:
            return
        time.sleep(0.1)
    raise AssertionError("it does not come back")


@pytest.mark.takes_long
def test_a_database_that_is_gone_or_frozen_is_told_as_that_and_comes_back(database):
    server, address = database
    with (
        servers.portal(DATABASE_URL=address, DATABASE_TIMEOUT="2") as visitor,
        ThreadPoolExecutor(len(PAGES)) as together,
    ):

        def all_are_there():
            assert [visitor.get(page).status for page in PAGES] == [200] * len(PAGES)
            assert "public" in visitor.get(SUGGEST).headers["Cache-Control"]
            assert visitor.get("/readyz").text == "ok\n"

        all_are_there()

        server.freeze()
        asked = [
            together.submit(visitor.get, page) for page in PAGES
        ]  # more than there are threads
        ready = visitor.get("/readyz")
        assert (ready.status, ready.text) == (503, "the database does not answer\n")
        assert visitor.get("/healthz").status == 200
        for page, answer in zip(PAGES, asked, strict=True):
            assert says_that_it_is_away(answer.result(), page), page
        assert says_that_it_is_away(visitor.get(SUGGEST), SUGGEST)
        server.thaw()
        comes_back(visitor)
        all_are_there()

        server.stop(signal.SIGINT)  # at once, whoever is connected
        for page in (*PAGES, SUGGEST):
            assert says_that_it_is_away(visitor.get(page), page), page
        assert visitor.get("/readyz").status == 503
        assert visitor.get("/admin/login/").status == 200
        server.start()
        comes_back(visitor)
        all_are_there()
        visitor.server.stop()
    told = [line for line in visitor.server.said if "The database does not answer; " in line]
    assert len(told) == 1, "once a minute"
    assert not [line for line in visitor.server.said if "Traceback" in line]


@pytest.mark.takes_long
def test_a_server_whose_database_lacks_a_migration_is_not_ready(database):
    _, address = database
    with psycopg.connect(address, autocommit=True) as connection:
        last = connection.execute(
            "DELETE FROM django_migrations WHERE id IN "
            "(SELECT max(id) FROM django_migrations WHERE app = 'articles' "
            "AND name NOT LIKE '%squashed%') RETURNING name"
        ).fetchone()[0]
        with servers.portal(DATABASE_URL=address) as visitor:
            ready = visitor.get("/readyz")
            assert ready.status == 503
            assert ready.text == f"1 migrations are not applied, articles.{last} first\n"
            connection.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', %s, now())",
                [last],
            )
            assert visitor.get("/readyz").text == "ok\n"


@pytest.mark.takes_long
def test_threads_of_runserver_keep_no_connection(database):
    """Each browser has a thread there for as long as it keeps its own connection."""
    _, address = database
    program = "from portal import settings; print(settings.DATABASES['default']['CONN_MAX_AGE'])"
    told = {"DATABASE_URL": address, "SECRET_KEY": "x"}
    assert servers.manage("shell", "-v0", "-c", program, **told).strip() == "0"


@pytest.mark.takes_long
def test_a_redis_that_is_gone_or_frozen_costs_time_alone(own_database, tmp_path):
    server, address = servers.redis(tmp_path)
    with (
        server,
        servers.portal(DATABASE_URL=f"sqlite:///{own_database}", CACHE_URL=address) as visitor,
    ):

        def all_are_there():
            pages = (*PAGES, SUGGEST, "/zh-hant/feeds/latest.rss", "/sitemap.xml", "/admin/login/")
            assert [visitor.get(page).status for page in pages] == [200] * len(pages)

        def guess(name: str) -> list[int]:
            form = {"username": name, "password": "wrong"}
            return [visitor.post("/zh-hant/account/sign-in/", form).status for _ in range(7)]

        all_are_there()
        assert visitor.get("/readyz").text == "ok\n"
        for number, (begin, end) in enumerate(
            ((server.freeze, server.thaw), (server.stop, server.start))
        ):
            begin()
            ready = visitor.get("/readyz")
            assert (ready.status, ready.text) == (200, "degraded: the cache does not answer\n")
            all_are_there()
            assert guess(f"somebody {number}")[-1] == 429, "counted by the process"
            end()
            assert visitor.get("/readyz").text == "ok\n"
            all_are_there()
            assert guess(f"somebody else {number}")[-1] == 429, "counted in Redis"
        visitor.server.stop()
    told = [line for line in visitor.server.said if "Redis does not answer" in line]
    assert len(told) == 1, "once a minute"


class TestReadiness:
    def test_it_answers_while_what_it_looks_at_does_not(self, monkeypatch):
        hangs = threading.Event()
        monkeypatch.setattr(readiness, "_look", lambda: (hangs.wait(), (200, "ok"))[1])
        monkeypatch.setattr(readiness, "_PATIENCE", 0.05)
        ready = readiness.Readiness()
        before = threading.active_count()
        assert [ready.ask() for _ in range(3)] == [readiness._AWAY] * 3
        assert threading.active_count() == before + 1, "no thread for each who asks"
        hangs.set()
        ready._looking.result(servers.TOO_LONG)
        monkeypatch.setattr(readiness, "_PATIENCE", servers.TOO_LONG)
        assert ready.ask() == (200, "ok")


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("error", "away"),
        [
            (OperationalError("server closed the connection unexpectedly"), True),
            (OperationalError("database is locked"), True),
            (OperationalError("no such table: articles_article"), False),
            (ValueError("x"), False),
            (None, False),
        ],
    )
    def test_what_is_taken_for_an_outage(self, error, away):
        assert database_faults.is_away(error) == away

    def test_it_is_said_in_the_script_of_the_address(self):
        for page, said in SAID.items():
            answer = database_faults.unavailable(RequestFactory().get(page), OperationalError())
            assert said in answer.content.decode()

    def test_what_is_said_seldom_is_said_by_the_first(self):
        said = seldom.Seldom(3600)
        assert [said.is_due() for _ in range(3)] == [True, False, False]
        always = seldom.Seldom(0)
        assert always.is_due() and always.is_due()
