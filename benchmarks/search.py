"""How fast readers get their answers from a library of any size, and how much of it is found.

    python -m benchmarks.search [--database URL] [--search] [--suggest] [--lists] [--compare]
                                [--sizes]

Measures the library DATABASE_URL names, best one that `manage.py make_library` made. Told are
whole requests, from the address to the last byte of the page, by Django's test client in this
process, DEBUG off; no requests run side by side. Without options all parts are measured:

--search   40 queries by what they ask for, three times each: words are chosen by the share of a
           sample of articles they stand in
--suggest  20 beginnings, Chinese and pinyin, three times each
--lists    the list of all articles, of a tag, an author and a year: the first page and the last,
           at most page 5000
--compare  search against LIKE over the same texts and against PostgreSQL's to_tsvector('simple'):
           all three over the same part of the library, at most 20,000 articles; found by
           reading every text, what is missed
--sizes    bytes an article, of each table and index of search
"""

import argparse
import logging
import math
import os
import random
import re
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

TIMES = 3
LAST_PAGE, PER_PAGE = 5000, 20
COMPARED = 20_000  # articles at the most
_READ = 2_000  # articles whose words are counted
_NOWHERE = ("饕餮狴犴貔貅", "zzqxj")


@dataclass
class Sample:
    """Words by how common they are, and names, out of the library itself."""

    rare: list[str]
    one_percent: list[str]
    fifteen_percent: list[str]
    everywhere: list[str]
    phrases: list[str]
    titles: list[str]
    authors: list[tuple[int, str, str]] = field(default_factory=list)  # key, name, slug
    tags: list[tuple[int, str, str]] = field(default_factory=list)


def sample() -> Sample:
    """Read some articles, evenly spread, and count the words they have."""
    from articles.models import Article, Author, Tag
    from articles.search.text import HAN, current_words, cut

    words = current_words()
    rng = random.Random(1)
    pks = list(Article.objects.published().order_by("pk").values_list("pk", flat=True))
    if not pks:
        raise SystemExit("There are no articles: make some with manage.py make_library.")
    pks = sorted(rng.sample(pks, min(_READ, len(pks))))
    counts: Counter[str] = Counter()
    phrases, titles = [], []
    for start in range(0, len(pks), 200):
        some = Article.objects.filter(pk__in=pks[start : start + 200]).order_by("pk")
        for title, text in some.values_list("title", "search_text"):
            counts.update(
                word for word in words.tokens(text) if len(word) > 1 and all(map(HAN.match, word))
            )
            titles.append(title)
            clause = rng.choice(re.findall(r"[\u4e00-\u9fff]{8,}", text) or [title])
            in_order = cut(clause)
            phrases.append("".join(in_order[:3])[:12])

    def near(share: float, count: int) -> list[str]:
        """Return words of about this share, a chosen few of the nearest."""
        wanted = share * len(pks)
        by_distance = sorted(counts, key=lambda word: (abs(counts[word] - wanted), word))
        return rng.sample(by_distance[: 3 * count], count)

    once = sorted(word for word, count in counts.items() if count == 1)
    return Sample(
        _rarest(rng.sample(once, min(40, len(once))))[:8],
        near(0.01, 12),
        near(0.15, 12),
        [word for word, _ in counts.most_common(6)],
        rng.sample(phrases, min(8, len(phrases))),
        rng.sample(titles, min(8, len(titles))),
        _used(Author, "a"),
        _used(Tag, "t"),
    )


def _rarest(words: list[str]) -> list[str]:
    from articles.search.index import engine
    from articles.search.query import parse
    from articles.search.text import current_words

    kept = current_words()
    return sorted(words, key=lambda word: engine().find(parse(word, kept), 1000).total)


def _used(model, letter: str) -> list[tuple[int, str, str]]:
    """Return those with most articles first."""
    from django.db.models import Count

    from articles.models import Listing

    listed = Listing.objects.filter(facet__startswith=letter).values("facet")
    order = listed.annotate(count=Count("pk")).order_by("-count", "facet")[:20]
    keys = [int(one["facet"][1:]) for one in order]
    named = model.objects.in_bulk(keys)
    return [(key, named[key].name, named[key].slug) for key in keys]


def queries(known: Sample) -> dict[str, list[str]]:
    """Return the 40 queries by their kind."""
    from articles.search.text import pinyin_of

    one, fifteen, rng = known.one_percent, known.fifteen_percent, random.Random(2)
    named = [
        f"{word} author:{rng.choice(known.authors)[1]}"
        for word in (fifteen[9], known.everywhere[0])
    ]
    named += [f"{word} tag:{rng.choice(known.tags)[1]}" for word in (one[10], fifteen[10])]
    author, tag = rng.choice(known.authors)[1], rng.choice(known.tags)[1]
    return {
        "a rare word": known.rare[:5],
        "a word of 1 %": one[:6],
        "a word of 15 %": fifteen[:6],
        "a word everywhere": known.everywhere[:3],
        "two common words": [
            f"{known.everywhere[0]} {fifteen[6]}",
            f"{fifteen[6]} {fifteen[7]}",
            f"{fifteen[8]} {one[6]}",
            f"{known.everywhere[1]} {known.everywhere[2]}",
            f"{one[7]} {one[8]}",
            f"{known.everywhere[3]} {one[9]}",
        ],
        "a phrase": [f"“{phrase}”" for phrase in known.phrases[:4]],
        "author: and tag:": [*named, f"{known.everywhere[0]} author:{author} tag:{tag}"],
        "no hit": list(_NOWHERE),
        "pinyin": ["gonghui", pinyin_of(one[11]), pinyin_of(fifteen[11])],
    }


def beginnings(known: Sample) -> dict[str, list[str]]:
    """Return 20 beginnings of what a reader may be typing."""
    from articles.search.text import pinyin_of

    return {
        "Chinese": [
            *("工", "职", "工会"),
            *(word[:2] for word in known.fifteen_percent[:2]),
            *(title[:length] for title, length in zip(known.titles, (2, 4, 6), strict=False)),
            known.authors[0][1],
            known.tags[0][1],
        ],
        "pinyin": [
            *("g", "gong", "gonghui", "zhi"),
            *(pinyin_of(word)[:4] for word in known.one_percent[:2]),
            *(pinyin_of(title[:4]) for title in known.titles[3:5]),
            pinyin_of(known.authors[0][1]),
            pinyin_of(known.tags[0][1]),
        ],
    }


def lists(known: Sample) -> dict[str, list[dict]]:
    """Return the queries of lists."""
    from articles.models import Listing

    years = Listing.objects.filter(facet__startswith="y").order_by("-facet")
    years = sorted(set(years.values_list("facet", flat=True)))
    year = years[len(years) // 2]
    filters = {
        "all": ({}, ""),
        "of a tag": ({"tag": known.tags[0][2]}, f"t{known.tags[0][0]}"),
        "of an author": ({"author": known.authors[0][2]}, f"a{known.authors[0][0]}"),
        "of a year": ({"year": year[1:]}, year),
    }
    found = {}
    for kind, (query, facet) in filters.items():
        pages = math.ceil(Listing.objects.filter(facet=facet).count() / PER_PAGE)
        for page in dict.fromkeys([1, max(1, min(pages, LAST_PAGE))]):
            found[f"{kind}, page {page}"] = [query | {"page": page}]
    return found


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
    from articles.search.find import find
    from articles.search.index import engine
    from articles.search.query import parse
    from articles.search.text import current_words, searchable

    pks = list(Article.objects.order_by("pk").values_list("pk", flat=True)[:COMPARED])
    bound = pks[-1]
    texts = dict(Article.objects.filter(pk__lte=bound).values_list("pk", "search_text"))
    kept = current_words()
    is_postgres = connection.vendor == "postgresql"
    total = Article.objects.count()
    print(f"\nAgainst others: over {len(texts):,} of {total:,} articles, the first by number.")
    if is_postgres:
        took, _ = timed(lambda: _make_vectors(bound))
        print(f"to_tsvector('simple') of these, with a GIN index, made in {took:.0f} s.")
    ways = {
        "this search": lambda query, words: set(
            Article.objects.filter(
                pk__lte=bound, pk__in=engine().article_ids(parse(query, kept))
            ).values_list("pk", flat=True)
        ),
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
                took, found = timed(partial(ask, query, words))
                if query.startswith("“") and way == "this search":
                    found = {pk for pk in found if words[0] in texts[pk]}  # as `find` does
                seconds[way].append(took)
                if truth:
                    shares[way].append(len(found & truth) / len(truth))
                if found:
                    right[way].append(len(found & truth) / len(found))
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


_PARTS_OF_SEARCH = ("articles_searchrow", "articles_listing", "articles_term")


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
                    "'articles\\_search%%' ESCAPE '\\' OR name LIKE '%%listing%%' OR "
                    "name LIKE '%%term%%' OR name = 'lists_in_order' GROUP BY name"
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

    from articles.models import Article

    wanted = [name for name, on in vars(chosen).items() if on is True]
    parts = wanted or ["search", "suggest", "lists", "sizes", "compare"]
    print(f"{Article.objects.count():,} articles, {connection.display_name}")
    known = sample() if set(parts) - {"sizes"} else None
    if "search" in parts:
        requests("search", "/zh-hans/search/", _asked(queries(known)))
    if "suggest" in parts:
        requests("suggestions", "/zh-hans/search/suggest", _asked(beginnings(known)))
    if "lists" in parts:
        requests("lists", "/zh-hans/articles/", lists(known))
    if "sizes" in parts:  # before temporary tables are made
        sizes()
    if "compare" in parts:
        compare(known)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", metavar="URL", help="instead of DATABASE_URL")
    for name in ("search", "suggest", "lists", "compare", "sizes"):
        parser.add_argument(f"--{name}", action="store_true")
    arguments = parser.parse_args()
    if arguments.database:
        os.environ["DATABASE_URL"] = arguments.database
    # As in production, but for the lock to HTTPS: with DEBUG, Django keeps every query.
    os.environ |= {"DEBUG": "off", "HTTPS": "off"}
    os.environ.setdefault("SECRET_KEY", "b" * 50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main(arguments)
