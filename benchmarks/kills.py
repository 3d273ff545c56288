"""Importers and web workers killed at known points: what they leave, and that it is set right.

    python -m benchmarks.kills [importers] [web workers] [--postgres URL]

Each time a process is held where it has written a certain row, or has just committed, and killed
there (SIGKILL). An importer is run again over the same files: it must end well, and when all
are done the library must be what one clean import of all files makes. A web worker is killed with a
program's request in it, which is then sent again: an article is begun once, a change made once.
Last, what a storm looks for is looked for (`benchmarks.storm_damage`). The exit code is 1 where
something is not clean. Without --postgres the databases are SQLite's.
"""

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .importing import HERE, databases

ESSAYS = 20
"""Files of one import: one transaction takes sixteen."""

IMPORTER = [
    (f"articles.{model}", count)
    for model in ("article", "rendition", "authorship", "source")
    for count in (1, ESSAYS)
] + [("commit", 1), ("commit", 2)]
"""Rows, or commits, at which an importer is killed."""

WEB = ("articles.article", "articles.revisiontext", "articles.revision", "articles.auditentry",
       "articles.apianswer", "commit")  # fmt: skip
"""The same of a web worker that begins an article; one that changes it writes some of them."""

_WORDS = [
    "工會",
    "職工",
    "班組",
    "走訪",
    "維權",
    "協商",
    "民主",
    "管理",
    "座談",
    "勞動",
    "合同",
    "工資",
    "安全",
    "生產",
    "競賽",
]


def essay(number: int) -> str:
    """Return a page with pinyin behind a character, and words of its own."""
    own = random.Random(number)
    said = "。".join("，".join("".join(own.sample(_WORDS, 4)) for _ in range(4)) for _ in range(2))
    return (
        f"第{number}篇{own.choice(_WORDS)}文章\n作者：劉明 第{number % 7}人\n工會(huì)。{said}。\n"
    )


def folders(count: int, place: Path) -> list[Path]:
    """Write the files of so many imports."""
    made = []
    for one in range(count):
        folder = place / f"{one:03}"
        folder.mkdir(parents=True)
        for number in range(one * ESSAYS, (one + 1) * ESSAYS):
            (folder / f"{number:05}.txt").write_text(essay(number), "utf-8")
        made.append(folder)
    return made


def _run(environment: dict, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *words], cwd=HERE, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def kill_importer(environment: dict, folder: Path, point: tuple[str, int]) -> list[str]:
    """Kill an import at a point, run it again, and return what was not clean."""
    held = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.support.held", point[0], str(point[1]),
         "import_essays", str(folder), "--publish"],
        cwd=HERE, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    was_held = "held\n" in iter(held.stdout.readline, "")
    held.kill()
    _out, err = held.communicate()
    if not was_held:
        return [f"{folder.name}: nobody came to {point}: {err[-500:]}"]
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        words = ("manage.py", "import_essays", str(folder), "--publish", "-v0")
        _run(environment, *words, "--report", str(report))
        totals = json.loads(report.read_text())["totals"]
    if totals["created"] + totals["unchanged"] != ESSAYS:
        return [f"{folder.name}, killed at {point}: {totals}"]
    return []


def state(environment: dict) -> dict:
    """Return what a library holds, without numbers and times, and what must not be in it."""
    return json.loads(_run(environment, "-m", "benchmarks.kills", "--state"))


def _state() -> dict:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from articles.models import Article, Source

    from .storm_damage import what_does_not_hold

    rows = []
    for source in Source.objects.select_related("article").order_by("file_name"):
        article = source.article
        rows.append(
            [source.file_name, source.sha256, article.title, article.summary, article.body,
             str(article.status), [one.name for one in article.byline],
             sorted(article.tags.values_list("name_hant", flat=True)), source.edits, source.flags,
             article.revisions.count()]
        )  # fmt: skip
    begun = Article.objects.filter(source=None).order_by("title")
    return {
        "imported": rows,
        "articles": Article.objects.count(),
        "begun": [[one.title, one.body, one.revisions.count()] for one in begun],
        "wrong": what_does_not_hold(),
    }


class Web:
    """A portal with one worker at a time, which can be caught; `token` is for its API."""

    def __init__(self, port: int, token: str, trap: Path):
        self.port, self.token, self.trap = port, token, trap
        os.mkfifo(trap / "held")

    def ask(self, method: str, path: str, said: dict | None, **headers: str):
        """Send a request; return its status and what came back."""
        headers |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            connection.request(method, f"/api/v1/{path}", said and json.dumps(said), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()), dict(answer.headers)
        finally:
            connection.close()

    def killed(self, point: str, *request, **headers: str) -> bool:
        """Send a request, and kill the worker that has it at a point; tell whether there."""
        (self.trap / "wanted").write_text(point)

        pipe = os.open(self.trap / "held", os.O_RDWR)  # which waits for nobody at the other end

        def ask() -> None:
            with suppress(OSError, http.client.HTTPException):
                self.ask(*request, **headers)
            os.write(pipe, b"0\n")  # read only where nobody was caught

        asking = threading.Thread(target=ask)
        asking.start()
        pid = int(os.read(pipe, 64).split()[0])
        (self.trap / "wanted").unlink()
        if pid:
            os.kill(pid, signal.SIGKILL)
        asking.join()
        os.close(pipe)
        return bool(pid)


@contextmanager
def web(environment: dict) -> Iterator[Web]:
    """Serve a library, and give its portal."""
    from tests.support import servers

    make = (
        "from articles.models import ApiToken, Scope; from datetime import timedelta; "
        "from django.contrib.auth.models import User; from django.utils import timezone; "
        "boss = User.objects.create_superuser('killer'); "
        "made = ApiToken(name='kills', owner=boss, scopes=Scope.values, "
        "expires_at=timezone.now() + timedelta(days=1)); print(made.make()); made.save()"
    )
    token = _run(environment, "manage.py", "shell", "-v0", "-c", make).split()[-1]
    port = servers.free_port()
    with tempfile.TemporaryDirectory() as scratch:
        told = {"TRAP": scratch, "HTTPS": "off", "WEB_CONCURRENCY": "1", "WEB_THREADS": "3",
                "API_PER_MINUTE": "100000"}  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "-c", str(HERE / "gunicorn.conf.py")]
        command += ["tests.support.served_held:application", "-b", f"127.0.0.1:{port}"]
        with servers.Server(command, "Booting worker", cwd=HERE, env=environment | told) as server:
            drain = threading.Thread(target=lambda: list(server.process.stdout), daemon=True)
            drain.start()  # so that nobody waits for room in a pipe
            yield Web(port, token, Path(scratch))


def kill_web(portal: Web, number: int, point: str, *, changes: bool) -> list[str]:
    """Kill a worker that begins an article, or changes one; return what was not clean."""
    body = f"<p>第{number}段，說的是工會。</p>"
    said = {"title": f"第{number}篇被打斷的文章", "body": body}
    key = {"Idempotency-Key": f"kill-{number}"}
    where = f"request {number}, killed at {point}"
    if not changes:
        if not portal.killed(point, "POST", "articles", said, **key):
            return [f"{where}: nobody came there"]
        status, told, headers = portal.ask("POST", "articles", said, **key)
        replayed = headers.get("Idempotent-Replayed") == "true"
        good = status == 201 and replayed == (point == "commit")
        return [] if good else [f"{where}: {status} {told} {headers}"]
    _, told, headers = portal.ask("POST", "articles", said, **key)
    address, change = f"articles/{told['id']}", {"summary": f"第{number}次改過。"}
    seen = {"If-Match": headers["ETag"]}
    if not portal.killed(point, "PATCH", address, change, **seen):
        return [f"{where}: nobody came there"]
    status, told, _ = portal.ask("PATCH", address, change, **seen)
    if status != (412 if point == "commit" else 200):
        return [f"{where}: {status} {told}"]
    _, now, _ = portal.ask("GET", address.replace("articles", "drafts"), None)
    return [] if now["summary"] == change["summary"] else [f"{where}: {now}"]


CHANGE = tuple(one for one in WEB if one not in ("articles.article", "articles.apianswer"))
"""Points of a change."""


def main(importers: int, workers: int, postgres: str | None) -> list[str]:
    """Kill so many of each, and return what was not clean."""
    wrong: list[str] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        databases(HERE, postgres) as ours,
        ours.fresh() as clean,
        ours.fresh() as hurt,
    ):
        made = folders(importers, Path(scratch) / "essays")
        for number, folder in enumerate(made):
            found = kill_importer(hurt, folder, IMPORTER[number % len(IMPORTER)])
            print(f"importer {number + 1}: {found or 'clean'}", flush=True)
            wrong += found
        if made:
            _run(clean, "manage.py", "import_essays", *map(str, made), "--publish", "-v0")
        before = state(hurt)
        if before["imported"] != state(clean)["imported"]:
            wrong.append("the library is not what one clean import makes")
        if workers:
            with web(hurt) as portal:
                for number in range(workers):
                    changes = number % 2 == 1
                    points = CHANGE if changes else WEB
                    point = points[number // 2 % len(points)]
                    found = kill_web(portal, number, point, changes=changes)
                    print(f"web worker {number + 1}: {found or 'clean'}", flush=True)
                    wrong += found
        after = state(hurt)
        if after["imported"] != before["imported"]:
            wrong.append("requests of programs have changed what was imported")
        if after["articles"] != before["articles"] + workers:
            wrong.append(f"{after['articles']} articles, not {before['articles']} and {workers}")
        wrong += before["wrong"] + after["wrong"]
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("importers", type=int, nargs="?", default=50)
    parser.add_argument("workers", type=int, nargs="?", default=50)
    parser.add_argument("--postgres", metavar="URL")
    parser.add_argument("--state", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.state:
        print(json.dumps(_state()))
        sys.exit()
    found = main(told.importers, told.workers, told.postgres)
    print("\n".join(found) or f"{told.importers + told.workers} killed, all clean")
    sys.exit(bool(found))
