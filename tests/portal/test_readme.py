"""What the README says to type is typed here, into a copy of the project, and must work.

Every line of its blocks runs as it stands, one after the other, as right after `make run`; what is
altered says INSTEAD. Servers are started, asked for a page, and stopped. Blocks with a database of
their own have a copy of the project too.
"""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
import pytest

from ..support.places import ROOT

pytestmark = pytest.mark.takes_long

README = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh.md").read_text("utf-8")
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
HOST = "books.example.org"  # of the README
SERVERS = ("make run", ".venv/bin/gunicorn portal.wsgi")
INSTEAD = {
    "make test": "make --dry-run test",  # this suite
    "make relevance": "make --dry-run relevance",  # test_relevance asks the same queries
    "make_library 1000": "make_library 20",  # in a quarter of the time
    "createsuperuser": "createsuperuser --noinput",  # it would ask; the environment answers
    "SECRET_KEY=…": "SECRET_KEY=aKeyOfNobodyThatIsLongEnoughToSignTheCookiesOfReaders",
    "postgres://…": "$OWN_POSTGRES",
}
TRYING_OUT = "DEBUG=on\n"
TOO_LONG = 300
"""Seconds after which a server that has not answered is taken to hang."""


def blocks(page: str) -> list[str]:
    """Return the shell blocks of a page, without remarks, which are in its language."""
    found = re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [re.sub(r" +# .*", "", block) for block in found]


ON_POSTGRES = [block for block in blocks(README) if "postgres://" in block]
ELSEWHERE = [block for block in blocks(README) if "sqlite://" in block]
IN_THE_LIBRARY = [block for block in blocks(README) if "DATABASE_URL" not in block]


@pytest.fixture
def clone(tmp_path):
    """Return a folder with the tracked files, in which all packages are installed already; what is
    compiled here is so there."""
    folder = tmp_path / "clone"
    listed = [shutil.which("git"), "ls-files", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in names.split("\0"):
        if (ROOT / name).is_file():
            _copy(name, folder)
        if name.endswith(".py"):
            compiled = Path(importlib.util.cache_from_source(ROOT / name))
            if compiled.is_relative_to(ROOT) and compiled.is_file():
                _copy(compiled.relative_to(ROOT), folder)
    environment = folder / ".venv"
    environment.mkdir()
    stamps = {".run", ".dev"}  # by which make knows that it need not install
    for path in Path(sys.prefix).iterdir():
        if path.name not in stamps:
            (environment / path.name).symlink_to(path)
    for name in stamps:
        (environment / name).touch()
    return folder


def _copy(name: str | Path, folder: Path) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(ROOT / name, folder / name)


class Terminal:
    """A shell in a folder: nothing is set in it but what a newcomer has, and what is exported."""

    def __init__(self, folder: Path, **answers: str):
        self.folder = folder
        self.port = _free_port()
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME") or k[:2] == "PG"}
        self.environment = kept | answers | {"PORT": str(self.port)}
        self.exported = []

    def type(self, block: str) -> None:
        """Run the lines of a block as they stand but for INSTEAD; each must succeed."""
        for written in block.splitlines():
            line = written
            for what, instead in INSTEAD.items():
                line = line.replace(what, instead)
            if line.startswith("export "):
                self.exported.append(line)
            elif line in SERVERS:
                self._serve(line)
            else:
                with self._start(line) as process:
                    said = process.communicate()[0]
                assert process.returncode == 0, f"{written}\n{said}"

    def _start(self, line: str, output=subprocess.PIPE) -> subprocess.Popen:
        return subprocess.Popen(
            ["/bin/sh", "-c", "\n".join([*self.exported, line])],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that all it starts can be stopped
        )

    def _serve(self, line: str) -> None:
        """Start a server, look at its first page and the style sheet of it, and stop it."""
        log = self.folder.parent / "log"
        with log.open("w") as output, self._start(line, output) as process:
            try:
                started = time.monotonic()
                while not self._get("/healthz"):
                    is_alive = process.poll() is None and time.monotonic() - started < TOO_LONG
                    assert is_alive, f"{line}\n{log.read_text()}"
                    time.sleep(0.1)
                page = self._get("/zh-hant/")
                assert page, log.read_text()
                assert self._get(re.search(r'href="(/static/[^"]+\.css)"', page)[1])
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)

    def _get(self, path: str) -> str:
        """Return what the server answers, nothing where it does not or with an error."""
        is_proxied = any("BEHIND_PROXY" in line for line in self.exported)
        said_by_proxy = {"Host": HOST, "X-Forwarded-Proto": "https"} if is_proxied else {}
        request = Request(f"http://127.0.0.1:{self.port}{path}", headers=said_by_proxy)
        try:
            with urlopen(request, timeout=TOO_LONG) as answer:  # noqa: S310 - our own server
                return answer.read().decode()
        except (URLError, ConnectionError):
            return ""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def postgres():
    """Return the address of an empty database on the server of the tests."""
    try:
        server = psycopg.connect(POSTGRES, connect_timeout=3, autocommit=True)
    except psycopg.OperationalError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"No PostgreSQL at TEST_POSTGRES_URL: {str(error).splitlines()[0]}"
        )
    name = f"readme_{uuid4().hex}"
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def tried_out(clone):
    """Return the folder as `make run` leaves it for commands that have a database of their own."""
    (clone / ".env").write_text(TRYING_OUT)
    (clone / ".local").mkdir()
    return clone


def test_every_command_works_right_after_make_run(clone):
    assert ON_POSTGRES
    assert ELSEWHERE
    assert IN_THE_LIBRARY[0].startswith("make run\n")
    terminal = Terminal(clone)
    for block in IN_THE_LIBRARY:
        terminal.type(block)
    assert (clone / ".env").read_text() == TRYING_OUT
    assert (clone / ".local").is_dir()


@pytest.mark.same_on_both
@pytest.mark.parametrize("block", ELSEWHERE)
def test_another_database_is_filled_as_written(tried_out, own_database, block):
    """`migrate` finds its work done: what it makes of nothing the first of these tests shows."""
    shutil.copy(own_database, tried_out / re.search(r"sqlite:///(\S+)", block)[1])
    Terminal(tried_out).type(block)
    assert not (tried_out / "db.sqlite3").exists()


@pytest.mark.parametrize("block", ON_POSTGRES)
def test_production_is_set_up_as_written_where_the_portal_was_tried_out(tried_out, postgres, block):
    answers = {"USERNAME": "chair", "EMAIL": "chair@example.org", "PASSWORD": uuid4().hex}
    answers = {f"DJANGO_SUPERUSER_{name}": answer for name, answer in answers.items()}
    Terminal(tried_out, OWN_POSTGRES=postgres, **answers).type(block)
    with psycopg.connect(postgres) as database:
        assert database.execute("SELECT username FROM auth_user").fetchall() == [("chair",)]
    assert not (tried_out / "db.sqlite3").exists()


def test_both_languages_say_the_same_section_by_section():
    """As far as can be compared: the same commands, and rows about the same things."""
    ours, theirs = (re.split(r"^## ", page, flags=re.MULTILINE) for page in (README, CHINESE))
    assert len(ours) == len(theirs) > 5
    for section, translated in zip(ours, theirs, strict=True):
        assert blocks(section) == blocks(translated)
        assert _rows(section) == _rows(translated)


def _rows(section: str) -> list[str]:
    """Return what rows of tables are about; of what has no name in code, only that they are."""
    first_cells = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)
    return [cell if cell[0] == cell[-1] == "`" else "" for cell in first_cells]
