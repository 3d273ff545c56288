"""Made articles into the database, many at a time, and what is still missing after a kill."""

import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, models, transaction
from django.db.models import Max

from ..models import (
    Article,
    Authorship,
    Listing,
    Rendition,
    SearchRow,
    SearchVersion,
    TaggedArticle,
)
from ..search import index, postgres, sqlite
from ..search.list_steps import count_steps
from ..search.lists import long_lists
from ..search.rows import Row
from ..search.words import current_words
from .texts import FIRST, Made, Plan, make_article, mark, plan_for

MOST = 6_000_000
"""Articles at the most: the order of publication tells keys apart up to 2²⁴."""

_CHUNK = 2_000  # articles a transaction
_AT_ONCE = 500  # of them on SQLite
_MANY = 10_000
"""Articles from which it pays to drop indexes and make them again."""


class NotOurs(Exception):
    """Articles stand where others were to be made."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made, and how long it took without and with what comes after."""

    made: int
    standing: int
    loading: float
    seconds: float


def make(
    count: int,
    seed: str = "1",
    *,
    jobs: int = 1,
    force: bool = False,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Make a library of `count` articles, or what is missing of it; raise NotOurs where other
    articles stand, with `force` only where they stand in its place.

    Each chunk is a transaction, so a run that was ended goes on where it was.
    """
    started = time.monotonic()
    others = Article.objects.exclude(source_name=mark(seed))
    if others.filter(pk__gte=FIRST).exists():
        raise NotOurs(
            f"Articles from {FIRST} on were made with another seed, or not made at all. Use that "
            "seed, or a database of its own."
        )
    stand_beside = others.exists()
    if stand_beside and not force:
        raise NotOurs(
            "There are articles in this library that were not made. Make one in a database of its "
            "own, with DATABASE_URL; or beside them, with --force."
        )
    there = set(Article.objects.filter(pk__gte=FIRST).values_list("pk", flat=True))
    chunks = [
        missing
        for start in range(1, count + 1, _CHUNK)
        if (
            missing := [
                number
                for number in range(start, min(start + _CHUNK, count + 1))
                if FIRST - 1 + number not in there
            ]
        )
    ]
    total = sum(map(len, chunks))
    plan = plan_for(seed, count)
    is_postgres = connection.vendor == "postgresql"
    if is_postgres and total >= _MANY and not stand_beside:
        drop_indexes()
    done = 0
    for made in _chunks_made(chunks, plan, jobs if is_postgres else 1):
        done += made
        tell(done, total)
    loaded = time.monotonic()
    if is_postgres:
        restore_indexes(jobs)
        _settle()
    with connection.cursor() as cursor:
        if not is_postgres:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
        elif connection.in_atomic_block:
            cursor.execute("ANALYZE")
        else:  # lists read their index alone only where pages are known to be seen by all
            for table in _tables():
                cursor.execute(f"VACUUM (ANALYZE, PROCESS_TOAST off) {table}")
            cursor.execute("ANALYZE articles_term")
    count_steps(long_lists())
    version, _ = SearchVersion.current()
    if not SearchRow.objects.exclude(version=version).exists():
        SearchVersion.objects.filter(number=version).update(indexed=version)
    ended = time.monotonic()
    return Outcome(total, len(there), loaded - started, ended - started)


def _chunks_made(chunks: list[list[int]], plan: Plan, jobs: int) -> Iterable[int]:
    """Make chunks, in this process or in several; yield the number of articles of each."""
    if jobs == 1 or len(chunks) < 2:
        for chunk in chunks:
            yield _make_chunk(chunk, plan)
        return
    connections.close_all()  # none is shared with a forked process
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _start_worker) as pool:
        try:
            for future in as_completed([pool.submit(_make_chunk, one, plan) for one in chunks]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the parent was killed, which cannot stop its workers: they would wait forever."""
    multiprocessing.parent_process().join()
    os._exit(1)


def _make_chunk(numbers: list[int], plan: Plan) -> int:
    words = current_words()
    with transaction.atomic():
        if connection.vendor == "postgresql":
            _copy_in([make_article(number, plan, words) for number in numbers])
        else:
            for start in range(0, len(numbers), _AT_ONCE):
                some = numbers[start : start + _AT_ONCE]
                _insert([make_article(number, plan, words) for number in some])
    return len(numbers)


def _insert(made: list[Made]) -> None:
    """Write articles through Django: on SQLite."""
    rows = [one.row for one in made]
    Article.objects.bulk_create(Article(**one.article) for one in made)
    Rendition.objects.bulk_create(Rendition(**fields) for one in made for fields in one.renditions)
    for model, values in ((Authorship, _authorships(made)), (TaggedArticle, _taggings(made))):
        model.objects.bulk_create(model(**fields) for fields in values)
    sqlite.write(rows)
    Listing.objects.bulk_create(index.listings(rows))
    index.add_terms({word for row in rows for word in row.tokens})


def _authorships(made: list[Made]) -> list[dict[str, Any]]:
    return [
        {"article_id": one.article["id"], "author_id": author, "position": position}
        for one in made
        for position, author in enumerate(one.authors, 1)
    ]


def _taggings(made: list[Made]) -> list[dict[str, Any]]:
    return [
        {"content_object_id": one.article["id"], "tag_id": tag} for one in made for tag in one.tags
    ]


def _copy_in(made: list[Made]) -> None:
    """Write articles by COPY: on PostgreSQL."""
    with connection.cursor() as cursor:
        # The last chunk may be lost with the server, and is made again then.
        cursor.execute("SET LOCAL synchronous_commit = off")
        # Triggers would go on by the plans they made when the tables were empty.
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        cursor.execute(
            "SELECT set_config(name, 'lz4', true) FROM pg_settings "
            "WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
        )
        _copy(cursor, Article, [one.article for one in made])
        for rendition in (fields for one in made for fields in one.renditions):
            rendition["outline"] = json.dumps(rendition["outline"], ensure_ascii=False)
        _copy(cursor, Rendition, [fields for one in made for fields in one.renditions])
        _copy(cursor, Authorship, _authorships(made))
        _copy(cursor, TaggedArticle, _taggings(made))
        _copy(cursor, SearchRow, [_search_row(one.row) for one in made])
        lists = (
            {
                "facet": facet,
                "position": one.row.position,
                "dated": one.row.dated,
                "article_id": one.row.article_id,
            }
            for one in made
            for facet in ("", *one.row.facets)
        )
        _copy(cursor, Listing, list(lists))
        index.add_terms({word for one in made for word in one.row.tokens})


def _search_row(row: Row) -> dict[str, Any]:
    return {
        "article_id": row.article_id,
        "position": row.position,
        "title": row.title,
        "pinyin": row.pinyin,
        "facets": " ".join(row.facets),
        "version": row.version,
        "title_words": _tsvector(row.title_tokens),
        "words": _tsvector(postgres.lexemes(row)),
    }


def _tsvector(lexemes: list[str]) -> str:
    text = "\n".join(lexemes).replace("\\", "\\\\").replace("'", "''").replace("\n", "' '")
    return f"'{text}'" if lexemes else ""


def _copy(cursor, model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Write rows that have the same columns; keys not given come from the sequence."""
    columns = ", ".join(rows[0])
    text = "\n".join(["\t".join([_field(value) for value in row.values()]) for row in rows])
    with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        copy.write(text.encode("utf-8"))


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    text = value if isinstance(value, str) else str(value)
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\n", "\\n") if "\n" in text else text


def _tables() -> list[str]:
    """Return the tables that grow with the library, the one that takes longest first."""
    grown = (SearchRow, Listing, Article, Rendition, Authorship, TaggedArticle)
    return [model._meta.db_table for model in grown]


_DROPPABLE = """
SELECT conrelid::regclass::text, conname,
    format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
        pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u')
UNION ALL
SELECT indrelid::regclass::text, relname,
    format('DROP INDEX %%I', relname), pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
    AND relname !~ '^(lists_in_order$|articles_listing_article_id_)'
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')
"""
_MARKED = "articles_searchrow"
"""The table whose comment keeps what is to be made again, until it is: a run may be ended."""


def drop_indexes() -> None:
    """Drop what slows writing down. Keys of rows and checks stay, and the indexes by which triggers
    of pages find the lists of an article that comes: without them they look through all."""
    if _dropped():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DROPPABLE, [_tables(), _tables()])
        found = cursor.fetchall()
        for *_, drop, _again in found:
            cursor.execute(drop)
        _remember([[table, name, again] for table, name, _, again in found])


def _dropped() -> list[list[str]]:
    """Return table, name and statement of each index and rule that is dropped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass, 'pg_class')", [_MARKED])
        kept = cursor.fetchone()[0]
    return json.loads(kept) if kept else []


def _remember(dropped: list[list[str]] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('COMMENT ON TABLE %%s IS %%L', %s::text, %s::text)",
            [_MARKED, json.dumps(dropped) if dropped else None],
        )
        cursor.execute(cursor.fetchone()[0])


def restore_indexes(jobs: int = 1) -> None:
    """Make again what was dropped, by this run or one that was ended; tables side by side."""
    dropped = _dropped()
    if not dropped:
        return
    tables = [[one for one in dropped if one[0] == table] for table in _tables()]
    if jobs == 1 or connection.in_atomic_block:
        for of_table in tables:
            _restore(connection, of_table)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(_restore_apart, tables))
    _remember(None)


def _restore_apart(dropped: list[list[str]]) -> None:
    own = connection.copy()
    try:
        _restore(own, dropped)
    finally:
        own.close()


def _restore(own, dropped: Sequence[Sequence[str]]) -> None:
    with own.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        # Indexes first: they look rows up for nothing else.
        for _, name, again in sorted(dropped, key=lambda one: one[2].startswith("ALTER")):
            cursor.execute(
                "SELECT 1 FROM pg_class WHERE relname = %s AND relkind = 'i' "
                "UNION ALL SELECT 1 FROM pg_constraint WHERE conname = %s",
                [name, name],
            )
            if not cursor.fetchone():
                cursor.execute(again)
        cursor.execute("RESET maintenance_work_mem")


def _settle() -> None:
    """Let the next article have the key after the last."""
    last = Article.objects.aggregate(last=Max("pk"))["last"]
    if last:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('articles_article', 'id'), %s)", [last]
            )
