"""Readers, searchers, feed readers and curators at once, for half an hour, on the portal as served.

    DATABASE_URL=postgres://… CACHE_URL=redis://… python -m benchmarks.load [--minutes 30]
                              [--clients 8] [--json FILE]

Of a hundred deeds 85 are pages (a third of them asked for again by who has them), ten searches or
suggestions, three feeds and two saves at the desk: a form that is opened, changed and sent, half of
them published at once. Served by gunicorn with `gunicorn.conf.py`, static files collected first;
the database is that of DATABASE_URL, best one that `manage.py make_library` made, whose texts are
changed. The clients take a part of the same processors.

Told are, minute by minute, requests, p50, p99, errors and the memory of the server's processes (RSS
of the first and of each worker); at the end p50 and p99 by kind and of all, and memory after the
first tenth, at most and at the end. An error is an answer that is none of 200, 302 and 304, none at
all, or a form that comes back; the exit code is 1 where there is one. A connection that was kept
and is closed before anything is sent is opened again, as browsers do, and counted apart.
"""

import argparse
import http.client
import json
import math
import os
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from .page_servers import ROOT, Server, family, served

MIX = {"page": 85, "search": 10, "feed": 3, "save": 2}
"""What a hundred deeds are."""

_WORDS = ("工人", "安全", "民主", "文化", "生活", "工作", "班次", "互助")
"""Alike in both scripts: of others the form asks how they are to be read."""

_PATIENCE = 60  # seconds
_FINE = (200, 302, 304)


class Told:
    """What all clients saw: milliseconds by kind, errors by what they were."""

    def __init__(self):
        self._lock = threading.Lock()
        self._all: dict[str, list[float]] = defaultdict(list)
        self._now: list[float] = []
        self.errors: Counter[str] = Counter()
        self.opened_again = 0

    def add(self, kind: str, milliseconds: float, error: str = "") -> None:
        with self._lock:
            self._all[kind].append(milliseconds)
            self._now.append(milliseconds)
            if error:
                self.errors[f"{kind}: {error}"] += 1

    def minute(self) -> list[float]:
        """Return the times since this was asked last."""
        with self._lock:
            now, self._now = self._now, []
        return now

    def kinds(self) -> dict[str, list[float]]:
        return dict(sorted(self._all.items()))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that so many of a hundred do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] if ordered else 0.0


class Library:
    """What may be asked for, drawn from the library."""

    def __init__(self, clients: int):
        from articles.models import Article, Author, Tag

        from .sampling import beginnings, queries, sample

        rng, known = random.Random(4), sample()
        public = list(Article.objects.published().newest_first().values_list("pk", "slug"))
        some = rng.sample(public, min(400, len(public)))
        self.popular = [f"articles/{pk}-{slug}/" for pk, slug in public[:20]]
        self.articles = [f"articles/{pk}-{slug}/" for pk, slug in some]
        last = min(50, -(-len(public) // 20))
        tags, authors = (
            list(model.objects.order_by("pk").values_list("slug", flat=True)[:40])
            for model in (Tag, Author)
        )
        self.lists = ["", "articles/", "tags/", "authors/", "archive/", "collections/"]
        self.lists += [f"articles/?page={number}" for number in range(2, last + 1)]
        self.lists += [f"tags/{slug}/" for slug in tags] + [f"authors/{slug}/" for slug in authors]
        self.feeds = ["feeds/latest.rss", "feeds/latest.atom", "feeds/latest.json"]
        self.feeds += [f"feeds/tags/{slug}.rss" for slug in tags[:10]]
        asked = [one for group in queries(known).values() for one in group]
        begun = [one for group in beginnings(known).values() for one in group]
        self.searches = [f"search/?q={quote(one)}" for one in asked]
        self.searches += [f"search/suggest?q={quote(one)}" for one in begun]
        # Each client changes articles of its own: nobody is told that another was faster.
        self.own = [[pk for pk, _ in public[n::clients]][:50] for n in range(clients)]


class Client(threading.Thread):
    """One of those who ask, until it is told to end."""

    def __init__(self, number: int, server: Server, library: Library, cookie: str, told: Told):
        super().__init__(daemon=True)
        self._random = random.Random(number)
        self._port, self._library, self._told = server.port, library, told
        self._own, self._cookie = library.own[number], cookie
        self._connection: http.client.HTTPConnection | None = None
        self._known: dict[str, str] = {}
        self._saves = 0
        self.ends = threading.Event()

    def run(self) -> None:
        deeds, weights = [self.page, self.search, self.feed, self.save], list(MIX.values())
        while not self.ends.is_set():
            self._random.choices(deeds, weights)[0]()

    def page(self) -> None:
        chosen = self._random.choices(
            (self._library.articles, self._library.popular, self._library.lists), (45, 20, 35)
        )[0]
        self._read("page", self._random.choice(chosen))

    def search(self) -> None:
        self._read("search", self._random.choice(self._library.searches))

    def feed(self) -> None:
        self._read("feed", self._random.choice(self._library.feeds))

    def save(self) -> None:
        """Open the form of an article, change its text and send it, on a connection of its own."""
        from lxml import html

        self._saves += 1
        path = f"/admin/articles/article/{self._random.choice(self._own)}/change/"
        self._connection = None
        headers = {"Cookie": self._cookie}
        answer = self._asked("form", "GET", path, headers)
        if answer is None:
            return
        token = next(
            value.partition("=")[2].partition(";")[0]
            for name, value in answer[1]
            if name.lower() == "set-cookie" and value.startswith("csrftoken=")
        )
        form = html.fromstring(answer[2].decode()).get_element_by_id("article_form")
        sent: dict[str, list[str]] = defaultdict(list)
        for name, value in form.form_values():
            sent[name].append(value)
        said = f"{''.join(self._random.choices(_WORDS, k=4))}。</p>"
        sent["body"] = [sent["body"][0].replace("</p>", said, 1)]
        sent["_publish" if self._saves % 2 else "_save"] = ["1"]
        headers |= {
            "Cookie": f"{self._cookie}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(sent, doseq=True)
        self._asked("save", "POST", path, headers, body, fine=(302,))
        self._connection = None

    def _read(self, kind: str, path: str) -> None:
        path = f"/zh-han{self._random.choice('st')}/{path}"
        headers = {}
        if path in self._known and self._random.random() < 1 / 3:
            headers["If-None-Match"] = self._known[path]
        answer = self._asked(kind, "GET", path, headers)
        for name, value in answer[1] if answer else ():
            if name.lower() == "etag":
                self._known[path] = value

    def _asked(
        self, kind: str, method: str, path: str, headers: dict[str, str], body: str | None = None,
        fine: Iterable[int] = _FINE,
    ) -> tuple[int, list[tuple[str, str]], bytes] | None:  # fmt: skip
        """Return status, headers and body; None where it is an error, which is told."""
        started = time.perf_counter()
        found, error = None, ""
        try:
            found = self._sent(method, path, headers, body)
            if found[0] not in fine:
                found, error = None, f"{found[0]} {path.partition('?')[0]}"
        except (OSError, http.client.HTTPException) as wrong:
            self._connection, error = None, f"{type(wrong).__name__} {path.partition('?')[0]}"
        self._told.add(kind, 1000 * (time.perf_counter() - started), error)
        return found

    def _sent(self, method: str, path: str, headers: dict[str, str], body: str | None):
        headers = {"Accept-Encoding": "identity" if "Cookie" in headers else "gzip"} | headers
        was_kept = self._connection is not None
        for _ in range(2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    "127.0.0.1", self._port, timeout=_PATIENCE
                )
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._connection = None
                if not was_kept or method != "GET":
                    raise
                was_kept = False
                self._told.opened_again += 1
        raise AssertionError


def signed_in() -> str:
    """Return the cookie of a curator who may do everything."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client as Browser

    user, _ = User.objects.get_or_create(
        username="load", defaults={"is_staff": True, "is_superuser": True}
    )
    browser = Browser()
    browser.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}"


def memory(server: Server) -> list[float]:
    """Return the megabytes that each of the server's processes has in memory, the first first."""
    found = []
    for pid in family(server.process.pid):
        with suppress(OSError):  # it has just ended
            status = Path(f"/proc/{pid}/status").read_text()
            found.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
    return found


def watch(server: Server, told: Told, minutes: float) -> list[dict]:
    """Wait for so many minutes, and tell of each."""
    print("| minute | requests | p50 ms | p99 ms | errors | RSS MB |")
    print("|--:|--:|--:|--:|--:|---|")
    lines: list[dict] = []
    begun = time.monotonic()
    while (left := minutes * 60 - (time.monotonic() - begun)) > 0:
        time.sleep(min(60, left))
        taken, held = told.minute(), memory(server)
        lines.append(
            {
                "minute": round((time.monotonic() - begun) / 60, 1),
                "requests": len(taken),
                "p50": round(percentile(taken, 50), 1),
                "p99": round(percentile(taken, 99), 1),
                "errors": told.errors.total(),
                "rss": [round(one) for one in held],
            }
        )
        line = lines[-1]
        rss = f"{sum(line['rss'])} = {' + '.join(map(str, line['rss']))}"
        print("|", " | ".join(map(str, [*list(line.values())[:-1], rss])), "|", flush=True)
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    database, cache = (os.environ.get(name, "") for name in ("DATABASE_URL", "CACHE_URL"))
    if not database.startswith("postgres") or not cache.startswith("redis"):
        raise SystemExit("Name a PostgreSQL in DATABASE_URL and a Redis in CACHE_URL.")
    os.environ |= {"DEBUG": "off", "HTTPS": "off", "LOG_LEVEL": "ERROR", "PAGE_CACHE": "on"}
    os.environ.setdefault("SECRET_KEY", "of a benchmark that nobody else can reach, long enough")
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    library, cookie, told = Library(options.clients), signed_in(), Told()
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")]
    command += ["-b", "127.0.0.1:{port}", "portal.wsgi"]
    with served("load", *command, told={}, first="/healthz", database=database) as server:
        clients = [
            Client(number, server, library, cookie, told) for number in range(options.clients)
        ]
        for client in clients:
            client.start()
        lines = watch(server, told, options.minutes)
        for client in clients:
            client.ends.set()
        for client in clients:
            client.join(_PATIENCE)
    print("\n| kind | requests | p50 ms | p99 ms | slowest ms |\n|---|--:|--:|--:|--:|")
    kinds = told.kinds()
    for kind, taken in (kinds | {"all": [one for each in kinds.values() for one in each]}).items():
        slow = (percentile(taken, 50), percentile(taken, 99), max(taken))
        print(f"| {kind} | {len(taken)} |", " | ".join(f"{one:.1f}" for one in slow), "|")
    held = [sum(line["rss"]) for line in lines]
    print(
        f"\nMB: {held[len(held) // 10]} after a tenth, {max(held)} at most, {held[-1]} at the end"
    )
    print(f"{told.errors.total()} errors, {told.opened_again} connections opened again")
    for error, count in told.errors.most_common(20):
        print(f"{count} × {error}")
    if options.json:
        options.json.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return 1 if told.errors else 0


if __name__ == "__main__":
    sys.exit(main())
