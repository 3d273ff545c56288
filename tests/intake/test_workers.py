"""Imports by way of a broker: workers die, brokers go away, and each file is imported once."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.admin import site
from django.db import OperationalError, connection
from kombu import Connection

from articles.intake import chunks
from articles.models import Article, AuditEntry, ImportRun, Source
from portal import celery as by_broker
from portal.jobs import Job

from ..support.elsewhere import elsewhere
from ..support.places import ESSAYS, ROOT
from ..support.timing import soon

RABBIT = os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")

ASKED = """
import sys, django
django.setup()
from django.core.management import call_command
from articles.intake import chunks
chunks.QUIET = float(sys.argv[1])
call_command("import_essays", *sys.argv[2:])
"""

TOLD = """
import json, django
django.setup()
from articles.models import *
rows = []
for one in Source.objects.select_related("article").order_by("sha256"):
    article = one.article
    rows.append([
        one.sha256, one.origin, one.edits, one.flags, one.run_id and one.run.finished_at is not None,
        article.title, article.body, article.status, article.summary, str(article.stated_date),
        sorted(tag.name for tag in article.tags.all()), [author.name for author in article.byline],
        article.renditions.count(), article.search_row.version,
    ])
[run] = ImportRun.objects.all()
print(json.dumps([
    rows, Article.objects.count(), run.totals, AuditEntry.objects.filter(action="import").count(),
]))
"""
"""What stands in a library after an import, whoever did it and in whatever order."""


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return essays, short so that they take little time: single ones, a table, and two that are the
    same."""
    place = tmp_path / "essays"
    place.mkdir()
    for path in sorted(ESSAYS.iterdir())[:14]:
        text = path.read_text("utf-8")
        (place / path.name).write_text(text[:700], "utf-8")
    rows = "".join(f"表中第{n}篇,工會幹部要走進第{n}班組，聽職工說{n}件事。\n" for n in "一二三四")
    (place / "table.csv").write_text(f"標題,正文\n{rows}", "utf-8")
    (place / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    return place


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Redis:
    """A Redis of the test's own, which can be stopped and started again as it was."""

    def __init__(self, folder: Path):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        words = ["--port", str(self.port), "--dir", str(self.folder), "--bind", "127.0.0.1"]
        words += ["--save", "3600 1", "--loglevel", "warning"]
        self.process = subprocess.Popen([shutil.which("redis-server"), *words])

        def answers() -> bool:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as one:
                one.sendall(b"PING\r\n")
                return one.recv(16).startswith(b"+PONG")
            return False

        soon(answers)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


@pytest.fixture
def rabbit():
    """Return the address of RabbitMQ and a queue that is the test's own."""
    queue = f"test_{uuid4().hex}"
    try:
        with Connection(RABBIT, connect_timeout=5) as server:
            server.connect()
            yield RABBIT, queue
            server.default_channel.queue_delete(queue)
    except (OSError, ConnectionError) as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"No RabbitMQ at {RABBIT}: {error}")


@pytest.fixture
def own_redis(tmp_path):
    if not shutil.which("redis-server"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no redis-server")
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@contextmanager
def worker(environment: dict, log: Path, *, place: str = "-", held_at: int = 0):
    """Run a worker as a process of its own."""
    words = ["--concurrency=1", f"--hostname={uuid4().hex}@%h", "--without-gossip"]
    words += ["--without-mingle", "--loglevel=INFO"]
    command = [sys.executable, "-m", "tests.support.held_worker", place, str(held_at), *words]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen) -> None:
    """End a worker and its processes as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(program: str, environment: dict, *words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture
def libraries(transactional_db, django_db_setup, tmp_path, folder):
    """Return two libraries: one into which one process imported the essays, and an empty one."""
    with ExitStack() as stack:
        plain, shared = (
            stack.enter_context(elsewhere(tmp_path / name, django_db_setup or True))
            for name in ("plain", "shared")
        )
        assert plain.run(f"import_essays|{folder}|--publish").returncode == 3  # one is broken
        yield plain, shared


@contextmanager
def asked(environment: dict, quiet: float, folder: Path):
    """Ask for the import, and look on until it is done."""
    command = [sys.executable, "-c", ASKED, str(quiet), str(folder), "--publish", "--queue"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def held_there(held: Path, doomed: subprocess.Popen) -> None:
    """Wait until a worker is in the middle of an article."""
    soon(lambda: held.exists() or doomed.poll() is not None)
    assert held.exists(), Path(doomed.args[3]).with_suffix(".log").read_text()


def test_a_worker_that_is_killed_costs_nothing_and_nothing_is_done_twice(
    libraries, rabbit, folder, tmp_path
):
    plain, shared = libraries
    url, queue = rabbit
    environment = shared.environment | {"CELERY_BROKER_URL": url, "CELERY_QUEUE": queue}
    held = tmp_path / "one"
    with (
        worker(environment, tmp_path / "one.log", place=str(held), held_at=3) as doomed,
        asked(environment, 600, folder) as asking,
    ):
        held_there(held, doomed)
        with worker(environment, tmp_path / "two.log"):
            kill(doomed)
            said, errors = asking.communicate(timeout=600)
    logs = (tmp_path / "one.log").read_text() + (tmp_path / "two.log").read_text()
    assert asking.returncode == 3, errors + logs
    assert "19 files, 18 created, 0 updated, 0 unchanged, 0 duplicate, 1 failed" in said
    assert "broken.pdf" in errors
    there = run(TOLD, shared.environment).stdout
    assert len(there) > 1000
    assert there == run(TOLD, plain.environment).stdout


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the same messages; the other database")
def test_a_broker_that_is_started_again_loses_nothing(libraries, own_redis, folder, tmp_path):
    plain, shared = libraries
    environment = shared.environment | {"CELERY_BROKER_URL": own_redis.url}
    held = tmp_path / "one"
    with (
        worker(environment, tmp_path / "one.log", place=str(held), held_at=3) as doomed,
        worker(environment, tmp_path / "two.log"),
        asked(environment, 5, folder) as asking,
    ):
        held_there(held, doomed)
        own_redis.stop()
        kill(doomed)
        own_redis.start()
        _said, errors = asking.communicate(timeout=600)
    logs = (tmp_path / "one.log").read_text() + (tmp_path / "two.log").read_text()
    assert asking.returncode == 3, errors + logs
    assert run(TOLD, shared.environment).stdout == run(TOLD, plain.environment).stdout


def test_without_a_broker_celery_is_not_loaded():
    program = (
        "import sys, portal.wsgi, articles.management.commands.import_essays; "
        "print([name for name in sys.modules if name.split('.')[0] in ('celery', 'kombu')])"
    )
    kept = {name: value for name, value in os.environ.items() if name != "CELERY_BROKER_URL"}
    done = run(program, kept | {"DEBUG": "on"})
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("shell", "-c", "print(1)"),
        ("import_essays", "/etc"),
        ("import_essays", "--run", "1", "--report"),
        ("bulk_run", "--help"),
        ("bulk_run", "1 2"),
        (),
    ],
)
def test_a_message_cannot_ask_for_anything_else(words, monkeypatch):
    monkeypatch.setattr(by_broker, "call_command", lambda *_: pytest.fail("it was carried out"))
    assert not by_broker.is_ours(words)
    by_broker.job.apply(args=words)


def test_where_the_broker_is_away_nobody_takes_the_job(monkeypatch):
    def away(*_, **__):
        raise by_broker.BrokerAway("[Errno 111] Connection refused")

    monkeypatch.setattr(by_broker.job, "apply_async", away)
    with pytest.raises(OSError, match="the broker is away"):
        by_broker.launch(Job("bulk_run", "1"), lambda: None)


def test_a_database_that_is_away_is_asked_again_but_not_for_ever(monkeypatch):
    asked_for = []

    def away(*words):
        asked_for.append(words)
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(by_broker, "call_command", away)
    by_broker.job.apply(args=("bulk_run", "1"))
    assert asked_for == [("bulk_run", "1")] * by_broker.TRIES


def test_what_fails_is_tried_again_some_times(monkeypatch):
    asked_for = []

    def broken(*words):
        asked_for.append(words)
        raise RuntimeError("the share is not mounted")

    monkeypatch.setattr(by_broker, "call_command", broken)
    by_broker.job.apply(args=("rebuild_search",))
    assert asked_for == [("rebuild_search",)] * by_broker.TRIES_OF_OTHERS


@pytest.mark.django_db
class TestChunks:
    @pytest.fixture
    def listed(self, folder) -> ImportRun:
        chunks._files_of.cache_clear()
        for path in sorted(folder.iterdir())[4:]:
            path.unlink()
        options = {"paths": [str(folder)], "encoding": None, "publish": False, "tag": []}
        run = ImportRun.objects.create(options=options | {"on_conflict": "skip"})
        found = chunks.collect([folder], lambda *skip: None, None)
        assert chunks.list_files(run, found) == 4
        return run

    def outcomes(self, run) -> list[str]:
        return list(run.files.order_by("position").values_list("outcome", flat=True))

    def test_what_comes_twice_is_done_once(self, listed):
        for _ in range(2):
            chunks.work(listed, 0, 2)
        assert Article.objects.count() == 2
        listed.refresh_from_db()
        assert (listed.done, listed.total, listed.finished_at) == (2, 4, None)
        assert site._registry[ImportRun].standing(listed) == "2 / 4"
        for _ in range(2):
            chunks.work(listed, 2, 4)
        listed.refresh_from_db()
        assert listed.totals["created"] == listed.done == 4
        assert AuditEntry.objects.filter(action="import").count() == 1

    def test_a_file_that_workers_die_of_is_set_aside_and_the_others_are_not(self, listed):
        listed.files.update(tries=1)
        listed.files.filter(position=1).update(tries=chunks.TRIES)
        chunks.work(listed, 0, 4)
        assert self.outcomes(listed) == ["created", "failed", "created", "created"]
        [aside] = listed.files.filter(outcome="failed")
        assert aside.error == chunks.SET_ASIDE.format(chunks.TRIES)
        listed.refresh_from_db()
        assert listed.finished_at

    def test_each_try_of_a_file_is_known_before_it_is_read(self, listed, monkeypatch):
        tried = []

        def die(files, *_, **__):
            tried.append(Counter(listed.files.values_list("tries", flat=True)))
            raise MemoryError
            yield

        monkeypatch.setattr(chunks.import_loop, "import_files", die)
        for _ in range(2):
            with pytest.raises(MemoryError):
                chunks.work(listed, 0, 4)
        # All are read together first, and then one at a time.
        assert tried == [{1: 4}, {2: 1, 1: 3}]

    def test_a_file_that_is_gone_is_told(self, listed, folder):
        sorted(folder.iterdir())[2].unlink()
        chunks.work(listed, 0, 4)
        assert self.outcomes(listed) == ["created", "created", "failed", "created"]
        assert listed.files.get(outcome="failed").error == chunks.GONE
        assert Source.objects.count() == 3

    def test_what_a_broker_lost_is_handed_out_again(self, listed, monkeypatch):
        given = []
        monkeypatch.setattr(chunks, "QUIET", 0)
        monkeypatch.setattr(chunks, "_BETWEEN_LOOKS", 0)

        def lose_the_first(job):
            given.append(job.words)
            if len(given) > 4:
                chunks.work(listed, *map(int, job.words[3:]))

        monkeypatch.setattr(chunks.jobs, "launch", lose_the_first)
        assert chunks.hand_out(listed) == 4
        assert list(chunks.follow(listed))[-1] == 4
        assert Article.objects.count() == 4

    def test_many_files_are_cut_into_chunks_of_some(self, listed, monkeypatch):
        given = []
        monkeypatch.setattr(chunks.jobs, "launch", lambda job: given.append(job.words[3:]))
        monkeypatch.setattr(chunks, "SHARES", 2)
        chunks.hand_out(listed)
        assert given == [("0", "2"), ("2", "4")]
        listed.files.filter(position=0).update(is_imported=True)
        listed.files.filter(position=1).update(is_imported=True)
        given.clear()
        chunks.hand_out(listed)
        assert given == [("2", "4")]
