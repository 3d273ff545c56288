"""How long it takes to find the candidates of one article among a million.

    python -m benchmarks.near_duplicate_lookup [articles] [--sqlite]

Fills a database of its own (dropped at the end) on the PostgreSQL server at TEST_POSTGRES_URL, or
a temporary SQLite file, with articles and their fingerprints. One article in fifty is a notice on
one of twenty forms: three quarters of its fingerprints are shared by a thousand others and more.
One fingerprint in eight of any article is a phrase's: Zipf's law says how often. Looked up are
new texts, pieces of known ones, and further notices; each answer is checked.
"""

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

BINS, FORMS, PHRASES = 32, 20, 200_000
LOOKUPS = 1000


def signature(number: int) -> list[int]:
    """Return the fingerprints of the made-up article `number`."""
    rng = random.Random(number)
    own = [rng.getrandbits(63) for _ in range(BINS)]
    for at in range(0, BINS, 8):
        own[at] = int(PHRASES ** rng.random())  # the n-th phrase as often as 1/n
    if number % 50 == 0:
        form = random.Random(-1 - number // 50 % FORMS)
        shared = [form.getrandbits(63) for _ in range(BINS)]
        own[: BINS * 3 // 4] = shared[: BINS * 3 // 4]
    return own


def rows(count: int):
    for number in range(1, count + 1):
        for value in dict.fromkeys(signature(number)):
            yield value, number


def fill_postgres(connection, count: int) -> None:
    with connection.cursor() as cursor:
        key = "CONSTRAINT articles_fingerprint_pkey"  # built at the end: random order is slow
        cursor.execute(f"ALTER TABLE articles_fingerprint DISABLE TRIGGER ALL, DROP {key}")
        with cursor.copy("COPY articles_fingerprint (hash, article_id) FROM STDIN") as copy:
            for row in rows(count):
                copy.write_row(row)
        cursor.execute(
            "ALTER TABLE articles_fingerprint ENABLE TRIGGER ALL, "
            f"ADD {key} PRIMARY KEY (hash, article_id)"
        )
        cursor.execute("VACUUM ANALYZE articles_fingerprint")


def fill_sqlite(connection, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("BEGIN")
        cursor.connection.executemany("INSERT INTO articles_fingerprint VALUES (?, ?)", rows(count))
        cursor.execute("COMMIT")


def questions(count: int):
    """Yield (kind, signature, the article that must be found or None), always the same ones."""
    rng = random.Random("questions")
    for number in range(LOOKUPS):
        kind = ("new", "piece", "notice", "new notice")[number % 4]
        known = rng.randrange(1, count + 1)
        if kind == "new":
            yield kind, signature(count + 1 + number), None
        elif kind == "piece":
            known += known % 50 == 0  # no notice
            kept = rng.sample(signature(known), BINS // 3)
            yield kind, kept + [rng.getrandbits(63) for _ in range(BINS - len(kept))], known
        elif kind == "notice":
            known -= known % 50
            yield kind, signature(known or 50), known or 50
        else:
            yield kind, signature(50 * (count + number)), None


def measure(count: int) -> dict[str, list[float]]:
    """Return the milliseconds of each lookup by kind; fails where a known text is not found."""
    from articles.models import Fingerprint

    times: dict[str, list[float]] = {}
    missed = 0
    for kind, hashes, wanted in questions(count):
        hashes = list(dict.fromkeys(hashes))
        start = time.perf_counter()
        found = Fingerprint.objects.candidates(hashes, besides=0)
        times.setdefault(kind, []).append((time.perf_counter() - start) * 1000)
        missed += wanted is not None and wanted not in found
    print(f"{missed} known texts missed")
    return times


def main(count: int, vendor: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    start = time.monotonic()
    (fill_sqlite if vendor == "sqlite" else fill_postgres)(connection, count)
    print(f"{count:,} articles on {vendor}, filled in {time.monotonic() - start:.0f} s")
    if vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('articles_fingerprint')")
            print(f"index and table: {cursor.fetchone()[0] / 1e9:.1f} GB")
    for turn in ("first", "again"):
        print(f"{turn:14}  p50 ms  p95 ms  max ms")
        times = measure(count)
        times["all"] = [taken for kind in times.values() for taken in kind]
        for kind, taken in times.items():
            cuts = statistics.quantiles(taken, n=20)
            print(f"{kind:14} {cuts[9]:7.1f} {cuts[18]:7.1f} {max(taken):7.1f}")


def on_postgres(count: int) -> None:
    import psycopg

    server = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            start_django(server.rsplit("/", 1)[0] + f"/{name}")
            main(count, "postgresql")
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def start_django(address: str) -> None:
    os.environ |= {"DATABASE_URL": address, "SECRET_KEY": "benchmark", "DEBUG": "off"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    articles = numbers[0] if numbers else 1_000_000
    if "--sqlite" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            start_django(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
            main(articles, "sqlite")
    else:
        on_postgres(articles)
