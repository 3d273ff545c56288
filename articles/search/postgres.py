"""The words of the library in PostgreSQL: two columns of lexemes beside each SearchRow.

One GIN index holds position, words of the title and all words, so that "these words, of the newest
8,000 articles" is one merge inside the index that skips what lies between. A walk along the newest
articles would have to read every text's words from its row instead, and all matches of a common
word are too many to sort.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from hashlib import blake2b

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ..models import SearchRow, plain_sql
from .commonness import kept, key, row_count
from .query import Query
from .rows import Found, Match, Row, last_position, match_of
from .tsquery import TSQUERY, conditions_of, expected_rows, marker, wide

CREATE = (
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
    "ALTER TABLE articles_searchrow ADD COLUMN title_words tsvector NOT NULL DEFAULT ''",
    "ALTER TABLE articles_searchrow ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    # Common words are told from rare ones by these statistics.
    "ALTER TABLE articles_searchrow ALTER COLUMN words SET STATISTICS 1000",
    # A sum, so that nothing else is used to find the newest articles that have a word: the index of
    # positions alone seems cheaper to the planner, but the words of each text would have to be
    # fetched and unpacked then.
    "CREATE INDEX articles_searchwords ON articles_searchrow "
    "USING gin ((position + 0), title_words, words) WITH (fastupdate = off)",
)
DROP = (
    "ALTER TABLE articles_searchrow DROP COLUMN title_words",
    "ALTER TABLE articles_searchrow DROP COLUMN words",
)
_COLUMNS = "article_id, position, expires, title, pinyin, facets, version, title_words, words"
_SET = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS.split(", ")[1:])
_APART = "\x1f"
"""What no word has. To take words apart is a tenth of the work for PostgreSQL that it is for
psycopg to make a list of them."""

_WRITE = f"""
INSERT INTO articles_searchrow ({_COLUMNS})
VALUES (%s, %s, %s, %s, %s, %s, %s, array_to_tsvector(string_to_array(%s, '{_APART}')),
array_to_tsvector(string_to_array(%s, '{_APART}')))
ON CONFLICT (article_id) DO UPDATE SET {_SET}
"""  # noqa: S608 - our own columns


_WORDS_LOCK = 7340572839
"""The advisory lock of the curators' words, a number of our own."""


def hold_words() -> None:
    """Keep the curators' words as they are until the end of the transaction.

    Not by a lock on their row: a queue of importers would never let a curator in.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_WORDS_LOCK])


def change_words() -> None:
    """Wait for those who hold the words, and keep others off until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WORDS_LOCK])


def let_others_write() -> None:
    """Wait for nobody: writers do not shut each other out."""


def write(rows: Sequence[Row]) -> None:
    """Put rows in the place of those of the same articles."""
    values = [
        (
            row.article_id,
            row.position,
            row.expires,
            row.title,
            row.pinyin,
            " ".join(row.facets),
            row.version,
            _APART.join(row.title_tokens),
            _APART.join(lexemes(row)),
        )
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE, values)


def add_terms(terms: Sequence[tuple[str, str, int]]) -> None:
    """Keep words with their pinyin and how common each is; those that are there stay."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_TERMS, [_APART.join(map(str, one)) for one in zip(*terms, strict=True)])


_ADD_TERMS = f"""
INSERT INTO articles_term (word, pinyin, weight)
SELECT word, coalesce(pinyin, ''), weight FROM unnest(string_to_array(%s, '{_APART}'),
string_to_array(%s, '{_APART}'), string_to_array(%s, '{_APART}')::int[]) new(word, pinyin, weight)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own text


_WRITE_MARKS = """
UPDATE articles_searchrow SET facets = %s,
words = ts_delete(words, %s::text[]) || array_to_tsvector(%s::text[]) WHERE article_id = %s
"""


def write_marks(changed: Sequence) -> None:
    """Write the markers of these SearchRows; each with those it had. In one statement a row, as
    each writes the row's words into their index again."""
    values = [
        (row.facets, *(list(map(marker, marks.split())) for marks in (before, row.facets)), row.pk)
        for row, before in changed
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE_MARKS, values)


def lexemes(row: Row) -> list[str]:
    """Return a row's words and markers as the index has them."""
    return [*row.tokens, *map(marker, row.facets)]


def remove(article_ids: Iterable[int]) -> None:
    """Forget articles."""
    SearchRow.objects.filter(article_id__in=list(article_ids)).delete()


_RUNGS = (500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000)
"""Newest articles looked through before all are: the fewest that should have enough matches."""

_WITHOUT = 32_000
"""Newest articles looked through at most for those that have one common word and not another: all
the others would take a second."""

_ALL_AT_ONCE = 10_000
"""Matches expected at most where all are fetched and counted: some 10 ms."""

_NOT_COUNTED = 1_500
"""Matches expected at most where all are fetched though nobody has to know how many they are."""

_AT_DESK = 5_000
"""Matches at most, about, that a list of the desk is made of."""

_PUBLIC = "position - 0 BETWEEN 0 AND %s AND coalesce(expires, 'infinity') > %s"
"""So that no index is used for it: the time of an article says little. Below 0 is what is not
published."""


def newest(query: Query, limit: int, *, in_titles: bool = False) -> list[Match]:
    """Return what readers may see of the matches, newest first."""
    rungs = _rungs(query, wide(query, in_titles), limit, _NOT_COUNTED)
    return _climb(query, limit, in_titles, rungs)[0]


def stands(query: Query) -> bool:
    """Tell whether readers may see any match."""
    if wide(query) > _ALL_AT_ONCE:
        return bool(newest(query, 1))
    conditions, values = conditions_of(query)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM articles_searchrow "  # noqa: S608 - no words
            f"WHERE {' AND '.join(conditions)} AND {_PUBLIC} LIMIT 1",
            [*values, last_position(now), now],
        )
        return cursor.fetchone() is not None


def find(query: Query, limit: int, *, to_be_read: bool = False) -> Found:
    """Return the newest matches and how many there are: counted where they are not too many, else
    as PostgreSQL's statistics have it. Of those `to_be_read`, as a phrase may not stand in them,
    only a few are counted.

    To count thousands takes longer than all else, so their number is kept for a minute, for the
    next page and the next reader.
    """
    expected = wide(query)
    may_be_kept = not (to_be_read or query.excluded) and _NOT_COUNTED < expected <= _ALL_AT_ONCE
    name = _total_key(query) if may_be_kept else None
    known = cache.get(name) if name else None
    at_once = _NOT_COUNTED if to_be_read or known is not None else _ALL_AT_ONCE
    matches, total, rung = _climb(query, limit, False, _rungs(query, expected, limit, at_once))
    if rung is None:
        if name:
            cache.set(name, total, _TOTAL_FOR)
        return Found(matches, total, True)
    if known is not None:
        return Found(matches, max(known, total), True)
    # The planner knows little of what has one word and not another, or several.
    if query.excluded or to_be_read:
        return Found(matches, round(total * row_count() / rung), False)
    return Found(matches, max(expected, total), False)


_TOTAL_FOR = 60
"""Seconds for which it is kept how many articles a query finds; caches keep a page as long."""


def _total_key(query: Query) -> str:
    asked = " ".join(query.conditions(TSQUERY)).encode()
    return key(f"total-{blake2b(asked, digest_size=16).hexdigest()}")


def _rungs(query: Query, expected: int, limit: int, at_once: int) -> list[int]:
    """Return how many of the newest articles to look through before all; none where no more than
    `at_once` are expected, or where they are too thinly spread."""
    if expected <= at_once:
        return []
    enough = 1.3 * limit * row_count() / expected
    rungs = [rung for rung in _RUNGS if rung > enough][::3]
    if not (query.excluded and rungs):
        return rungs
    return [rung for rung in rungs if rung < _WITHOUT] + [_WITHOUT]


def _climb(query, limit, in_titles, rungs) -> tuple[list[Match], int, int | None]:
    """Look through more and more of the newest articles until there are enough matches; tell among
    how many, if not among all."""
    for rung in rungs:
        first = _first_of_newest(rung)
        if first is None:
            break
        matches, total = _fetch(query, limit, in_titles, first)
        if len(matches) == limit:
            return matches, total, rung
        if query.excluded and rung == rungs[-1]:
            return matches, total, rung
    return *_fetch(query, limit, in_titles, None), None


def _fetch(query: Query, limit: int, in_titles: bool, first: int | None) -> tuple[list[Match], int]:
    """Return the newest matches from a position on, and the number of all of them."""
    now = timezone.now()
    conditions, values = conditions_of(query, in_titles)
    if first is not None:
        conditions.append("position + 0 >= %s")
        values.append(first)
    # Places alone are sorted and counted: carrying the rows along takes three times as long.
    found = plain_sql.rows(
        "WITH found AS MATERIALIZED (SELECT ctid AS place, position "  # noqa: S608 - no words
        f"FROM articles_searchrow WHERE {' AND '.join(conditions)} AND {_PUBLIC}) "
        "SELECT article_id, position, title, facets, (SELECT count(*) FROM found) "
        "FROM articles_searchrow WHERE ctid = ANY(ARRAY("
        "SELECT place FROM found ORDER BY position DESC LIMIT %s)) ORDER BY position - 0 DESC",
        [*values, last_position(now), now, limit],
    )
    return [match_of(row[:4]) for row in found], found[0][4] if found else 0


def _first_of_newest(count: int) -> int | None:
    """Return the position of the oldest of the newest `count` articles; None if there are fewer."""
    newest = (
        "SELECT position FROM articles_searchrow WHERE position <= %s "
        "ORDER BY position DESC OFFSET %s LIMIT 1"
    )
    return kept(f"rung-{count}", newest, last_position(timezone.now()), count) or None


def article_ids(query: Query) -> tuple[RawSQL, bool]:
    """Return the condition that finds articles of any status, and whether it finds all: of what
    is very common, the newest and what is not published."""
    conditions, values = conditions_of(query, a_query="%s::tsquery")
    expected = expected_rows(query)
    first = None
    if expected > _AT_DESK:
        first = _first_of_newest(round(_AT_DESK * row_count() / expected))
    # Conditions hold no words, only places for them.
    sql = f"SELECT article_id FROM articles_searchrow WHERE {' AND '.join(conditions)}"  # noqa: S608
    if first is None:
        return RawSQL(sql, values), True  # noqa: S611 - the values are apart
    # The index knows places as they are: compared with a shorter number, all would be read.
    found = _by_index(
        f"{sql} AND position + 0 < 0::bigint UNION ALL {sql} AND position + 0 >= %s",
        [*values, *values, first],
    )
    return RawSQL("SELECT unnest(%s::bigint[])", [found]), False


def _by_index(statement: str, values: Sequence) -> list[int]:
    """Return the keys that a statement finds, for which no table is read from end to end: see
    `time_limit`. Several statements go by them, so that each need not look anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(statement, values)
        found = [key for (key,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what takes longer with an OperationalError.

    Tables are not read from end to end: the planner does not know that it would have to fetch and
    unpack the words of each text, where the index has the answer. Where it has no index it now
    thinks a query dear, and would spend 100 ms on compiling it: no JIT either. Rows are not asked
    for one ahead: out of memory that is as fast, and from the disk it took twice as long (10,000
    of a million rows, 670 ms against 320).
    """
    limits = {
        "statement_timeout": f"{seconds * 1000:.0f}",
        "enable_seqscan": "off",
        "jit": "off",
        "effective_io_concurrency": "0",
    }
    with plain_sql.for_the_time(limits):
        yield


_WITHOUT_WAITING = (
    "SELECT set_config('lock_timeout', '20ms', true), "
    "set_config('synchronous_commit', 'off', true); "
)


def write_without_waiting(statement: str, values: Sequence) -> None:
    """Write, but fail at once where another connection has the row, and do not wait for the disk
    either: what is counted so may be lost with the machine.

    Both statements go in one message, which is one transaction where none is open: Django's cursors
    put values in themselves, unless `server_side_binding` is asked for.
    """
    apart = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with apart, connection.cursor() as cursor:
        cursor.execute(_WITHOUT_WAITING + statement, values)


_COUNTING_LOCK = 7340572840
"""The advisory lock of those who count something of the lists, and of those who forget it."""


def count_without_waiting(statement: str, values: Sequence) -> None:
    """Write without waiting what is counted of the lists, alone: whoever changed them meanwhile
    forgets it when it is written, and not before."""
    # A statement sees what was committed when it began: of these, when the lock was there.
    write_without_waiting(f"SELECT pg_advisory_xact_lock({_COUNTING_LOCK}); {statement}", values)


@contextmanager
def counting_held() -> Iterator[None]:
    """Wait for those who count something of the lists, and keep others from it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING_LOCK])
        yield


def differences(rows: Sequence[Row]) -> list[int]:
    """Return the articles whose words in the index are not those of `rows`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT article_id, tsvector_to_array(title_words), tsvector_to_array(words) "
            "FROM articles_searchrow WHERE article_id = ANY(%s)",
            [[row.article_id for row in rows]],
        )
        standing = {key: (set(title), set(words)) for key, title, words in cursor.fetchall()}
    return [
        row.article_id
        for row in rows
        if standing.get(row.article_id) != (set(row.title_tokens), set(lexemes(row)))
    ]


def strays() -> int:
    """Return how many rows of words belong to no article: none can."""
    return 0


def remove_strays() -> None:
    """Forget rows of words that belong to no article: there are none."""
