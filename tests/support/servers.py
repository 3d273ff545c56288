"""Servers of a test's own, which it may stop and freeze: PostgreSQL, Redis, and the portal."""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

import pytest

from .places import ROOT

TOO_LONG = 120
"""Seconds after which an answer is taken never to come."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def program(name: str) -> str:
    """Return where a program lies; where there is none the test is skipped, and fails in CI."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    for folder in () if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        found = found or shutil.which(name, path=folder)
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"There is no {name}.")
    return found


class Server:
    """A process that listens, with what stops it, and freezes it where it stands."""

    def __init__(self, command: list[str], says: str, **how):
        self._command, self._says, self._how = command, says, how
        self.said: list[str] = []
        self.start()

    def start(self) -> None:
        """Start it, and wait until it says that it listens."""
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} | self._how
        self.process = subprocess.Popen(self._command, start_new_session=True, **how)
        while not re.search(self._says, line := self.process.stdout.readline()):
            assert line, f"{self._command[0]} does not start: {''.join(self.said)}"
            self.said.append(line)

    def freeze(self) -> None:
        """Let all its processes stand still; the system goes on taking connections for them."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it, and gather what it said until then."""
        self.thaw()
        self._signal(how)
        self.said += self.process.communicate(timeout=TOO_LONG)[0].splitlines(keepends=True)

    def _signal(self, number: int) -> None:
        """Send a signal to it and all it started, which may be sessions of their own."""
        tree = [self.process.pid]
        for pid in tree:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            tree += map(int, children.read_text().split()) if children.exists() else []
        for pid in tree if number in (signal.SIGSTOP, signal.SIGCONT) else tree[:1]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop(signal.SIGINT)  # PostgreSQL would wait for who is connected


def redis(folder: Path) -> tuple[Server, str]:
    """Return a Redis and its address."""
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    server = Server([*command, "--dir", str(folder)], "Ready to accept|accept connections")
    return server, f"redis://127.0.0.1:{port}/0"


@contextmanager
def postgres(*options: str) -> Iterator[tuple[Server, str]]:
    """Give a PostgreSQL whose files last as long as it, and the address of its one database.

    Root may not run it: then it is the user of the system's own, or nobody.
    """
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(dir="/tmp")))
        owner = {}
        if os.geteuid() == 0:
            import pwd

            names = {one.pw_name for one in pwd.getpwall()}
            owner = {"user": "postgres" if "postgres" in names else "nobody"}
            shutil.chown(folder, owner["user"])
        data, port = folder / "data", free_port()
        made = [program("initdb"), "-D", data, "-U", "portal", "-A", "trust", "-N", "-E", "UTF8"]
        subprocess.run([*made, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd="/", **owner)  # fmt: skip
        told = (f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}",
                "fsync=off", "log_min_messages=log", "shared_buffers=16MB", *options)  # fmt: skip
        command = [
            program("postgres"),
            "-D",
            str(data),
            *(word for one in told for word in ("-c", one)),
        ]
        server = opened.enter_context(
            Server(command, "ready to accept connections", cwd="/", **owner)
        )
        yield server, f"postgres://portal@127.0.0.1:{port}/postgres"


@contextmanager
def portal(**environment: str) -> Iterator["Visitor"]:
    """Give who asks the portal for pages, served as in production by one process."""
    port = free_port()
    told = {"DEBUG": "off", "SECRET_KEY": "of a test", "HTTPS": "off", "PAGE_CACHE": "on",
            "WEB_CONCURRENCY": "1", "WEB_THREADS": "3"} | environment  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")]
    command += ["tests.support.served:application", "-b", f"127.0.0.1:{port}"]
    with Server(command, "Booting worker", cwd=ROOT, env=os.environ | told) as server:
        yield Visitor(f"http://127.0.0.1:{port}", server)


IN_ONE = """
import json, sys
from django import setup
from django.core.management import call_command
setup()
for words in json.loads(sys.argv[1]):
    call_command(*words)
"""


def manage(*words: str, **environment: str) -> str:
    """Run a command of `manage.py`, which must succeed, and return what it printed."""
    return manage_all(words, **environment)


def manage_all(*commands: Sequence[str], **environment: str) -> str:
    """Run commands one after the other in one process, which takes seconds to start; all must
    succeed. Return what they printed."""
    told = {"DJANGO_SETTINGS_MODULE": "portal.settings"} | environment
    done = subprocess.run(
        [sys.executable, "-c", IN_ONE, json.dumps(commands)],
        cwd=ROOT, env=os.environ | told, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Answer:
    """What came back: the status, the headers and the text."""

    def __init__(self, answer):
        self.status, self.headers, self.raw = answer.status, answer.headers, answer.read()

    @property
    def text(self) -> str:
        return self.raw.decode()

    @property
    def is_for_nobody(self) -> bool:
        """Whether no cache keeps it."""
        return "no-store" in self.headers.get("Cache-Control", "")


class Visitor:
    """Somebody with cookies who asks a portal for pages; `server` is its process."""

    def __init__(self, address: str, server: Server):
        self.address, self.server = address, server
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        self._browser = build_opener(
            HTTPCookieProcessor(CookieJar()), HTTPSHandler(context=trusting)
        )

    def at(self, other: "Visitor") -> "Visitor":
        """Return the same visitor, with the same cookies, at another portal of this host."""
        moved = Visitor(other.address, other.server)
        moved._browser = self._browser
        return moved

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(path, None, headers)

    def post(self, path: str, fields: dict[str, str], to: str = "", **headers: str) -> Answer:
        """Send a form that stands at an address, to that or to another."""
        form = self.get(path, **headers).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
        return self._ask(
            to or path, urlencode(fields | {"csrfmiddlewaretoken": token}).encode(), headers
        )

    def _ask(self, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        request = Request(self.address + path, data, headers)  # noqa: S310 - ours
        try:
            with self._browser.open(request, timeout=TOO_LONG) as answer:
                return Answer(answer)
        except HTTPError as answer:
            with answer:
                return Answer(answer)
