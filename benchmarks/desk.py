"""How long the curators' desk takes over a large library: whole requests, median of 20, by the
clock and by the processor, with the database's share where it runs on this machine.

    DATABASE_URL=postgres://… python -m benchmarks.desk

Run it on a library made by `make_library`. What a save changes is put back; the article's own
history grows by the revisions of the saves.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django
from lxml import html

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from articles.models import Article, Tag  # noqa: E402

TIMES = 20
LIST = "/admin/articles/article/"


def on_processor() -> float:
    """Return the seconds of a processor that this process and its part of PostgreSQL have had."""
    own = time.process_time()
    with suppress(OSError, AttributeError):  # SQLite is part of this process
        pid = connection.connection.info.backend_pid
        own += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return own


class Taken:
    """What requests took: by the clock, by the processor, and how many queries each made."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.processor: list[float] = []
        self.queries: set[int] = set()

    @contextmanager
    def one(self) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            start, cpu = time.perf_counter(), on_processor()
            yield
            self.processor.append(1000 * (on_processor() - cpu))
            self.times.append(1000 * (time.perf_counter() - start))
        self.queries.add(len(captured))

    def tell(self, name: str) -> None:
        queries = "–".join(map(str, sorted({min(self.queries), max(self.queries)})))
        print(
            f"| {name} | {statistics.median(self.times):.0f} | {max(self.times):.0f} | "
            f"{statistics.median(self.processor):.0f} | {queries} |",
            flush=True,
        )


def measure(name: str, request) -> None:
    """Print what some requests take."""
    request()
    taken = Taken()
    for _ in range(TIMES):
        with taken.one():
            request()
    taken.tell(name)


def main() -> None:
    user, _ = User.objects.get_or_create(
        username="benchmark", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    tag = Tag.objects.filter(tagged__isnull=False).first()
    middle = Article.objects.order_by("pk")[Article.objects.count() // 2].pk

    def get(address: str):
        def request() -> None:
            response = client.get(address)
            # No benchmark is run with -O.
            assert response.status_code == 200, (address, response.status_code)  # noqa: S101

        return request

    form = f"{LIST}{middle}/change/"
    number = 0

    def save() -> None:
        nonlocal number
        number += 1
        page = html.fromstring(client.get(form).content.decode())
        sent: dict = {}
        for name, value in page.get_element_by_id("article_form").form_values():
            sent.setdefault(name, []).append(value)
        sent |= {"summary": f"第{number}次", "_publish": "1"}
        with taken.one():
            response = client.post(form, sent)
        if response.status_code != 302:
            raise SystemExit("The form was not saved.")

    taken = Taken()
    load = os.getloadavg()[0]
    print(f"{Article.objects.count()} articles, {connection.vendor}, load {load:.0f}\n")
    print("| page | median ms | slowest ms | processor ms | queries |\n|---|--:|--:|--:|---|")
    for name, address in {
        "start page": "/admin/",
        "articles": LIST,
        "articles, page 100": f"{LIST}?p=100",
        "articles, drafts": f"{LIST}?status__exact=draft",
        "articles, published": f"{LIST}?status__exact=published",
        "articles of a tag": f"{LIST}?tagged__tag__id__exact={tag.pk}",
        "articles with flags": f"{LIST}?flags=some",
        "articles of a year": f"{LIST}?year=2020",
        "search, common word": f"{LIST}?q=工会",
        "search, rare words": f"{LIST}?q=集体合同+审查",
        "form": form,
        "history": f"{LIST}{middle}/history/",
        "tags": "/admin/articles/tag/",
        "authors": "/admin/articles/author/",
        "log": "/admin/articles/auditentry/",
    }.items():
        measure(name, get(address))
    before = Article.objects.values_list("summary", flat=True).get(pk=middle)
    for _ in range(TIMES):
        save()
    taken.tell("a save that is published")
    article = Article.objects.get(pk=middle)
    article.summary = before
    article.save()


if __name__ == "__main__":
    main()
