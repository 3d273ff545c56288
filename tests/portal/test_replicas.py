"""Pages from a streaming replica: a real one, behind a primary of the test's own."""

import inspect
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client, RequestFactory, override_settings

from articles.models import Article
from portal import health, replicas
from portal.safekeeping import dumps

from ..support.shelves import store_article
from ..support.timing import soon

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no replicas"),
]

POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
PAGE = "/zh-hant/articles/"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A PostgreSQL of the test's own, run by the user that owns its files."""

    def __init__(self, folder: Path):
        self.folder, self.port, self.process = folder, free_port(), None
        self.where = {"host": "127.0.0.1", "port": self.port, "user": "postgres"}

    def run(self, program: str, *words: str) -> None:
        subprocess.run([POSTGRES / program, *words], check=True, **self.how())

    def how(self) -> dict:
        """Return as whom to run a program: a server refuses to be run by root."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        if os.getuid():
            return quiet
        owner = pwd.getpwnam("postgres")
        return quiet | {"user": owner.pw_uid, "group": owner.pw_gid, "env": {"HOME": "/"}}

    def start(self) -> None:
        words = ["-D", str(self.folder), "-p", str(self.port), "-c", "unix_socket_directories="]
        words += [
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
            "-c",
            "shared_buffers=32MB",
        ]
        self.process = subprocess.Popen([POSTGRES / "postgres", *words], **self.how())

        def answers() -> bool:
            with suppress(psycopg.OperationalError):
                psycopg.connect(**self.where, dbname="postgres", connect_timeout=2).close()
                return True
            return False

        soon(answers)

    def stop(self) -> None:
        self.process.send_signal(3)  # at once
        self.process.wait()

    def execute(self, statement: str, dbname: str = "postgres"):
        with psycopg.connect(**self.where, dbname=dbname, autocommit=True) as asked:
            found = asked.execute(statement)
            return found.fetchone() if found.description else None


@pytest.fixture(scope="module")
def servers():
    """Start a primary and a replica that follows it."""
    if POSTGRES is None:
        pytest.skip("no PostgreSQL server is installed here")
    folder = Path(tempfile.mkdtemp(prefix="replica-"))
    if not os.getuid():
        shutil.chown(folder, "postgres", "postgres")
    primary, replica = Server(folder / "primary"), Server(folder / "replica")
    started = []
    try:
        primary.run(
            *("initdb", "-D", str(primary.folder), "-U", "postgres", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        primary.start()
        started.append(primary)
        primary.execute("CREATE DATABASE portal")
        primary.run(
            *("pg_basebackup", "-D", str(replica.folder), "-R", "-X", "stream", "--no-sync"),
            *("-c", "fast", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres"),
        )
        replica.start()
        started.append(replica)
        yield primary, replica
    finally:
        for one in reversed(started):
            one.stop()
        shutil.rmtree(folder)


@pytest.fixture
def both(servers, transactional_db, tmp_path, monkeypatch):
    """Let the portal write to the primary and its readers read from the replica; return both."""
    primary, replica = servers
    # What is committed is written at once, whatever the other tests' server is told: `caught_up`
    # goes by it.
    monkeypatch.delenv("PGOPTIONS", raising=False)
    dumps.dump(tmp_path / "dump")
    kept = {alias: dict(one) for alias, one in connections.settings.items()}
    own = connections["default"]
    # Django lets no test connect to a database that was not there when it began.
    forbids = inspect.getclosurevars(type(own).ensure_connection).nonlocals
    monkeypatch.setattr(type(own), "ensure_connection", forbids["real_ensure_connection"])

    def at(server: Server) -> dict:
        told = {"HOST": "127.0.0.1", "PORT": str(server.port), "USER": "postgres"}
        return kept["default"] | told | {"NAME": "portal", "PASSWORD": ""}

    connections.settings["default"] = at(primary)
    connections.settings["replica"] = at(replica)
    del connections["default"]
    with override_settings(
        MIDDLEWARE=["portal.replicas.read_from_replica", *configured.MIDDLEWARE]
    ):
        try:
            dumps.restore(tmp_path / "dump")
            replicas.standing.forget()
            yield primary, replica
        finally:
            for alias in ("default", "replica"):
                with suppress(AttributeError):
                    connections[alias].close()
                    del connections[alias]
            connections.settings.pop("replica", None)
            connections.settings.update(kept)
            connections["default"] = own
            replicas.standing.forget()


def caught_up(primary: Server, replica: Server) -> None:
    [at] = primary.execute("SELECT pg_current_wal_lsn()")
    soon(lambda: replica.execute(f"SELECT pg_last_wal_replay_lsn() >= '{at}'")[0])


def shown(client: Client | None = None, path: str = PAGE) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_readers_read_from_the_replica_and_who_is_signed_in_what_they_wrote(both):
    primary, replica = both
    store_article("先有的一篇")
    caught_up(primary, replica)
    curator = Client()
    curator.force_login(User.objects.create_superuser("curator"))
    caught_up(primary, replica)
    replica.execute("SELECT pg_wal_replay_pause()")
    try:
        store_article("剛寫的一篇")
        assert "剛寫的一篇" in shown(curator, "/admin/articles/article/")
        assert "剛寫的一篇" in shown(curator)  # the public list, by who is signed in
        page = shown()
        assert "先有的一篇" in page
        assert "剛寫的一篇" not in page
        assert shown(path="/zh-hant/search/?q=先有").count("先有") > 1  # its count is written down
        [searches] = primary.execute("SELECT count(*) FROM articles_searchlog", "portal")
        assert searches == 1
    finally:
        replica.execute("SELECT pg_wal_replay_resume()")
    caught_up(primary, replica)
    assert "剛寫的一篇" in shown()
    assert Article.objects.count() == 2  # outside a page all is the primary's
    Article.objects.filter(title="剛寫的一篇").get().delete()
    caught_up(primary, replica)
    assert "剛寫的一篇" not in shown()


def test_one_that_is_away_cut_off_or_behind_is_not_asked(both, settings):
    primary, replica = both
    store_article("一篇")
    caught_up(primary, replica)
    assert replicas.standing.is_fit()
    assert [str(one) for one in health._replica()] == ["ok   replica: follows its primary"]
    # Cut off: it answers, and nobody tells it anything any more.
    [follows] = replica.execute("SHOW primary_conninfo")
    replica.execute("ALTER SYSTEM SET primary_conninfo = ''")
    replica.execute("SELECT pg_reload_conf()")
    soon(lambda: replica.execute("SELECT count(*) FROM pg_stat_wal_receiver")[0] == 0)
    store_article("另一篇")
    replicas.standing.forget()
    assert [one.level for one in health._replica()] == [health.ILL]
    assert "另一篇" in shown()
    assert not replicas.standing.is_fit()
    told = follows.replace("'", "''")
    replica.execute(f"ALTER SYSTEM SET primary_conninfo = '{told}'")
    replica.execute("SELECT pg_reload_conf()")
    soon(lambda: replica.execute("SELECT count(*) FROM pg_stat_wal_receiver")[0] == 1)
    # Behind: what it was told it has not carried out yet.
    replica.execute("SELECT pg_wal_replay_pause()")
    store_article("第三篇")
    settings.REPLICA_LAG = 0
    replicas.standing.forget()
    soon(lambda: "第三篇" in shown() or replicas.standing.forget())
    replica.execute("SELECT pg_wal_replay_resume()")
    settings.REPLICA_LAG = 5
    caught_up(primary, replica)
    replicas.standing.forget()
    assert replicas.standing.is_fit()
    # Away, between two looks: a page that is asked for then is made all the same.
    replica.stop()
    try:
        replicas.standing.good_until = float("inf")
        assert "第三篇" in shown(Client(raise_request_exception=False))
        assert not replicas.standing.is_fit()
        assert "第三篇" in shown()
    finally:
        replica.start()
    replicas.standing.forget()
    soon(lambda: replicas.standing.is_fit() or replicas.standing.forget())


def test_only_pages_that_show_nobodys_own_are_read_from_it(both, settings):
    make = RequestFactory()
    assert replicas._is_readers(make.get(PAGE))
    assert replicas._is_readers(make.head("/zh-hans/"))
    assert not replicas._is_readers(make.post(PAGE))
    assert not replicas._is_readers(make.get("/admin/"))
    assert not replicas._is_readers(make.get("/readyz"))
    signed_in = make.get(PAGE)
    signed_in.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    assert not replicas._is_readers(signed_in)
