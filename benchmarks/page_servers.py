"""Servers to be measured, and what the kernel says of the time they took."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
_STARTS_WITHIN = 120  # seconds


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@dataclass
class Server:
    """A server that runs: its address, its processes, and what its connections to the database are
    called there."""

    name: str
    port: int
    process: subprocess.Popen
    database: str = ""
    calls_itself: str = ""
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of a page, on a connection that is kept open."""
        headers = {"Accept-Encoding": "gzip"} | headers
        if self._connection is not None:
            try:
                self._connection.request("GET", path, headers=headers)
                answer = self._connection.getresponse()
            except http.client.RemoteDisconnected:  # it was idle for longer than is waited
                self._connection = None
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._connection.request("GET", path, headers=headers)
            answer = self._connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, told, answer.read()

    def milliseconds(self) -> tuple[float, float]:
        """Return the time its processes had of a processor so far, and its connections' at the
        database, by the kernel's own accounting."""
        own = sum(map(_on_processor, family(self.process.pid)))
        if not self.calls_itself:
            return own, 0.0
        with psycopg.connect(self.database) as database:
            asked = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
            backends = [pid for (pid,) in database.execute(asked, [self.calls_itself])]
        return own, sum(map(_on_processor, backends))


def family(pid: int) -> Iterator[int]:
    """Yield the processes below one, and it itself."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def _on_processor(pid: int) -> float:
    """Return the milliseconds that all threads of a process had of a processor."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except FileNotFoundError:  # a thread that has just ended
            continue
    return total / 1e6


@contextmanager
def served(
    name: str, *command: str, told: dict[str, str], first: str, cwd: Path = ROOT,
    database: str = "",
) -> Iterator[Server]:  # fmt: skip
    """Run a server on a port of its own until it answers `first`; `{port}` in its command is that.
    With a `database` it calls itself by a name there, given to it in DATABASE_URL."""
    port, calls_itself = free_port(), ""
    if database.startswith("postgres"):
        calls_itself = f"pages-{port}"
        told = told | {"DATABASE_URL": f"{database}?application_name={calls_itself}"}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [part.format(port=port) for part in command],
            cwd=cwd, env=os.environ | told, stdout=log, stderr=log,
        )  # fmt: skip
        server = Server(name, port, process, database, calls_itself)
        try:
            _until_it_answers(server, first, log)
            yield server
        finally:
            process.terminate()
            process.wait()


def _until_it_answers(server: Server, first: str, log) -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            if server.get(first)[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            server._connection = None
        if server.process.poll() is not None or time.monotonic() > ends:
            log.seek(0)
            raise SystemExit(f"{server.name} does not start:\n{log.read().decode()[-3000:]}")
        time.sleep(0.2)


def gunicorn(application: str, python: str = sys.executable, *, ours: bool = True) -> list[str]:
    """Return the command of one worker of gunicorn with one thread: `ours` as `gunicorn.conf.py`
    has it, or else gunicorn's own."""
    conf = ["-c", str(ROOT / "gunicorn.conf.py")] if ours else ["--worker-class", "gthread"]
    return [python, "-m", "gunicorn", *conf, "--workers", "1", "--threads", "1",
            "--keep-alive", "75", "-b", "127.0.0.1:{port}", application]  # fmt: skip


_NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{ access_log off; default_type text/html; client_body_temp_path {folder}/body;
fastcgi_temp_path {folder}/f; proxy_temp_path {folder}/p; scgi_temp_path {folder}/s;
uwsgi_temp_path {folder}/u; gzip_static on;
server {{ listen 127.0.0.1:{port}; root {folder}/pages; }} }}
"""


@contextmanager
def nginx_with(pages: dict[str, bytes]) -> Iterator[Server | None]:
    """Run nginx with these pages as files, compressed ones, where it is installed."""
    program = shutil.which("nginx")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, body in pages.items():
            at = Path(folder) / "pages" / f"{name}.html.gz"
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(body)
            at.with_suffix("").write_bytes(b"")
        Path(folder).chmod(0o755)
        port = free_port()
        conf = Path(folder) / "nginx.conf"
        conf.write_text(_NGINX.format(folder=folder, port=port))
        process = subprocess.Popen([program, "-c", str(conf)])  # noqa: S603 - nginx, by settings of ours
        server = Server("nginx", port, process)
        try:
            ends = time.monotonic() + 20
            while time.monotonic() < ends:
                try:
                    server.get(f"/{next(iter(pages))}.html")
                    break
                except OSError:
                    server._connection = None
                    time.sleep(0.2)
            yield server
        finally:
            process.terminate()
            process.wait()


def with_name(database: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlsplit(database)._replace(path=f"/{name}", query="").geturl()
