"""How long the curators' desk takes over a large library: whole requests, median of 20.

    DATABASE_URL=postgres://… python -m benchmarks.desk

Run it on a library made by `make_library`. What a save changes is put back; the article's own
history grows by the revisions of the saves.
"""

import os
import statistics
import time

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


def measure(name: str, request) -> None:
    """Print the median and the slowest of some requests, and how many queries each makes."""
    request()
    taken, queries = [], set()
    for _ in range(TIMES):
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            request()
            taken.append(1000 * (time.perf_counter() - start))
        queries.add(len(captured))
    print(
        f"| {name} | {statistics.median(taken):.0f} | {max(taken):.0f} | "
        f"{'–'.join(map(str, sorted({min(queries), max(queries)})))} |",
        flush=True,
    )


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
        nonlocal taken
        start = time.perf_counter()
        response = client.post(form, sent)
        taken.append(1000 * (time.perf_counter() - start))
        if response.status_code != 302:
            raise SystemExit("The form was not saved.")

    taken: list[float] = []
    print(f"{Article.objects.count()} articles, {connection.vendor}\n")
    print("| page | median ms | slowest ms | queries |\n|---|---|---|---|")
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
    print(f"| a save that changes the text | {statistics.median(taken):.0f} | {max(taken):.0f} | |")
    article = Article.objects.get(pk=middle)
    article.summary = before
    article.save()


if __name__ == "__main__":
    main()
