"""How fast readers get their answers from a library of any size, and how much of it is found.

    python -m benchmarks.search [--database URL] [--search] [--suggest] [--lists] [--odd]
                                [--compare] [--sizes]

Measures the library DATABASE_URL names, best one that `manage.py make_library` made. Told are
whole requests, from the address to the last byte of the page, by Django's test client in this
process, DEBUG off, warmed up as a server is; no requests run side by side. Without options all
parts are measured:

--search   40 queries by what they ask for, three times each: words are chosen by the share of a
           sample of articles they stand in
--suggest  20 beginnings, Chinese and pinyin, three times each
--lists    the list of all articles, of a tag, an author and a year: the first page and the last,
           at most page 5000
--odd      32 queries that are long, hostile or senseless, three times each
--compare  search against LIKE over the same texts and against PostgreSQL's to_tsvector('simple'):
           all three over the same part of the library, at most 20,000 articles; found by
           reading every text, what is missed
--sizes    bytes an article, of each table and index of search
"""

import argparse
import logging
import math
import os
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from .sampling import Sample, beginnings, lists, odd, queries, sample

TIMES = 3
COMPARED = 20_000  # articles at the most


class Table:
    """Times by group, as a Markdown table."""

    def __init__(self, title: str):
        print(f"\n| {title} | times | p50 ms | p95 ms | max ms | failed |")
        print("|---|--:|--:|--:|--:|--:|", flush=True)
        self._all: list[float] = []
        self._failed = 0

    def add(self, group: str, seconds: list[float], failed: int = 0) -> None:
        self._all += seconds
        self._failed += failed
        self._line(group, seconds, failed)

    def end(self) -> None:
        self._line("**all**", self._all, self._failed)

    def _line(self, group: str, seconds: list[float], failed: int) -> None:
        told = " | ".join(
            f"{1000 * value:.1f}"
            for value in (percentile(seconds, 50), percentile(seconds, 95), max(seconds))
        )
        print(f"| {group} | {len(seconds)} | {told} | {failed} |", flush=True)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def requests(title: str, path: str, groups: dict[str, list[dict]]) -> None:
    """Time whole requests, each some times; the first one of all warms the process up."""
    from django.test import Client

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    table = Table(title)
    client.get(path, next(iter(groups.values()))[0])
    for group, asked in groups.items():
        seconds, failed = [], 0
        for one in asked:
            for _ in range(TIMES):
                took, response = timed(partial(client.get, path, one))
                seconds.append(took)
                failed += response.status_code != 200
        table.add(group, seconds, failed)
    table.end()


def _asked(groups: dict[str, list[str]]) -> dict[str, list[dict]]:
    return {group: [{"q": query} for query in asked] for group, asked in groups.items()}


def compare(known: Sample) -> None:
    """Find the same words in three ways, in the same articles, and by reading each text."""
    from django.db import connection

    from articles.models import Article
    from articles.search.engine import engine, time_limit
    from articles.search.find import find
    from articles.search.query import parse
    from articles.search.words import current_words
    from articles.text.script import searchable

    pks = list(Article.objects.order_by("pk").values_list("pk", flat=True)[:COMPARED])
    bound = pks[-1]
    texts = dict(Article.objects.filter(pk__lte=bound).values_list("pk", "search_text"))
    kept = current_words()
    is_postgres = connection.vendor == "postgresql"
    total = Article.objects.count()
    if is_postgres:  # where the desk is content with the newest
        engine()._AT_DESK = total
    print(f"\nAgainst others: over {len(texts):,} of {total:,} articles, the first by number.")
    if is_postgres:
        took, _ = timed(lambda: _make_vectors(bound))
        print(f"to_tsvector('simple') of these, with a GIN index, made in {took:.0f} s.")
    ways = {
        "this search": lambda query, words: {
            pk for pk in _matching(parse(query, kept)) if pk <= bound
        },
        "LIKE": lambda query, words: _ids(
            "SELECT id FROM articles_article WHERE id <= %s"  # noqa: S608 - no words
            + " AND search_text LIKE %s" * len(words),
            [bound, *(f"%{word}%" for word in words)],
        ),
    }
    if is_postgres:
        ways["to_tsvector('simple')"] = lambda query, words: _ids(
            "SELECT id FROM simple_vectors WHERE vector @@ ("  # noqa: S608 - no words
            + " && ".join(["plainto_tsquery('simple', %s)"] * len(words))
            + ")",
            words,
        )
    seconds, shares, right = defaultdict(list), defaultdict(list), defaultdict(list)
    pages: list[float] = []
    for group, asked in queries(known).items():
        if group in ("author: and tag:", "no hit", "pinyin"):
            continue
        for query in asked:
            words = [searchable(word) for word in query.strip("“”").split()]
            truth = {pk for pk, text in texts.items() if all(word in text for word in words)}
            for way, ask in ways.items():
                with engine().time_limit(60):  # and what goes with it
                    took, found = timed(partial(ask, query, words))
                if query.startswith("“") and way == "this search":
                    found = {pk for pk in found if words[0] in texts[pk]}  # as `find` does
                seconds[way].append(took)
                if truth:
                    shares[way].append(len(found & truth) / len(truth))
                if found:
                    right[way].append(len(found & truth) / len(found))
            with time_limit():
                pages.append(timed(partial(find, query))[0])
    print("\n| every match of a query | p50 ms | p95 ms | max ms | found of what has it | least |")
    print("|---|--:|--:|--:|--:|--:|")
    for way, took in seconds.items():
        told = " | ".join(
            f"{1000 * value:.1f}"
            for value in (percentile(took, 50), percentile(took, 95), max(took))
        )
        share = sum(shares[way]) / len(shares[way])
        print(f"| {way} | {told} | {share:.1%} | {min(shares[way]):.1%} |")
    exact = sum(right["this search"]) / len(right["this search"])
    print(
        f"\nOf what this search finds, {exact:.1%} has the words as typed; the rest has a synonym, "
        "or a tag or author so called."
    )
    print(
        f"Its first page with ranking, out of all {total:,}, without the request: p50 "
        f"{1000 * percentile(pages, 50):.1f} ms, p95 {1000 * percentile(pages, 95):.1f} ms. LIKE "
        f"reads every text, so over all of them it takes {total / len(texts):.0f} times as long."
    )


def _matching(query) -> set[int]:
    from articles.search.engine import engine

    condition, _ = engine().article_ids(query)
    return _ids(condition.sql, condition.params)


def _ids(statement: str, values: Sequence) -> set[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {pk for (pk,) in cursor.fetchall()}


def _make_vectors(bound: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET client_min_messages = warning")  # runs longer than a word may be
        cursor.execute(
            "CREATE TEMP TABLE simple_vectors AS SELECT id, to_tsvector('simple', search_text) "
            "AS vector FROM articles_article WHERE id <= %s",
            [bound],
        )
        cursor.execute("CREATE INDEX ON simple_vectors USING gin (vector)")
        cursor.execute("ANALYZE simple_vectors")


_PARTS_OF_SEARCH = ("articles_searchrow", "articles_listing", "articles_liststep", "articles_term")


def sizes() -> None:
    """Tell what search keeps, by table and index."""
    from django.db import DatabaseError, connection

    from articles.models import SearchRow

    rows = SearchRow.objects.count()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, pg_relation_size(oid) FROM pg_class "
                "WHERE oid = ANY(%s::regclass[]) UNION ALL "
                "SELECT relname || ', long values', pg_total_relation_size(reltoastrelid) "
                "FROM pg_class WHERE oid = ANY(%s::regclass[]) AND reltoastrelid > 0 UNION ALL "
                "SELECT pg_class.relname, pg_relation_size(indexrelid) FROM pg_index "
                "JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = ANY(%s::regclass[])",
                [list(_PARTS_OF_SEARCH)] * 3,
            )
            found = cursor.fetchall()
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            try:
                cursor.execute(
                    "SELECT name, sum(pgsize) FROM dbstat WHERE name LIKE "
                    "'articles\\_search%%' ESCAPE '\\' OR name LIKE '%%list%%' OR "
                    "name LIKE '%%term%%' GROUP BY name"
                )
                found = cursor.fetchall()
            except DatabaseError:  # SQLite is built without dbstat mostly
                cursor.execute("SELECT sum(length(block)) FROM articles_searchwords_data")
                found = [
                    ("articles_searchwords; other tables cannot be told", cursor.fetchone()[0])
                ]
            cursor.execute(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            )
        whole = cursor.fetchone()[0]
    print(f"\n| what search keeps of {rows:,} articles | bytes an article |")
    print("|---|--:|")
    for name, size in sorted(found, key=lambda one: -one[1]):
        if size / rows >= 1:
            print(f"| {name} | {size / rows:.0f} |")
    print(f"| **search** | {sum(size for _, size in found) / rows:.0f} |")
    print(f"| the whole database | {whole / rows:.0f} |")


def main(chosen: argparse.Namespace) -> None:
    import django
    from django.conf import settings

    # Static files as they lie: no benchmark needs `collectstatic`.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    warnings.filterwarnings("ignore", "No directory at", UserWarning)
    django.setup()
    logging.disable()  # failed requests are counted
    from django.db import connection

    import portal.wsgi  # noqa: F401 - warms up as a server does
    from articles.models import Article

    wanted = [name for name, on in vars(chosen).items() if on is True]
    parts = wanted or ["search", "suggest", "lists", "odd", "sizes", "compare"]
    print(f"{Article.objects.count():,} articles, {connection.display_name}")
    known = sample() if set(parts) - {"sizes"} else None
    if "search" in parts:
        requests("search", "/zh-hans/search/", _asked(queries(known)))
    if "suggest" in parts:
        requests("suggestions", "/zh-hans/search/suggest", _asked(beginnings(known)))
    if "lists" in parts:
        requests("lists", "/zh-hans/articles/", lists(known))
    if "odd" in parts:
        requests("odd queries", "/zh-hans/search/", _asked(odd(known)))
    if "sizes" in parts:  # before temporary tables are made
        sizes()
    if "compare" in parts:
        compare(known)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", metavar="URL", help="instead of DATABASE_URL")
    for name in ("search", "suggest", "lists", "odd", "compare", "sizes"):
        parser.add_argument(f"--{name}", action="store_true")
    arguments = parser.parse_args()
    if arguments.database:
        os.environ["DATABASE_URL"] = arguments.database
    # As in production, but for the lock to HTTPS: with DEBUG, Django keeps every query.
    os.environ |= {"DEBUG": "off", "HTTPS": "off"}
    os.environ.setdefault("SECRET_KEY", "b" * 50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main(arguments)
