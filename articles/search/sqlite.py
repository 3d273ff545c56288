"""The words of the library in SQLite: an FTS5 table whose rows are numbered by position.

Texts are cut before, so the table takes what stands between spaces as a word. Newest first is the
order of its rows, so a query ends as soon as enough are found. Rows of articles deleted by others
than search are no harm: each result is joined to its SearchRow.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from time import monotonic, sleep

from django.core.cache import cache
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ..models import SearchRow
from .query import Query, written
from .rows import Found, Match, Row, last_position, match_of, places

CREATE = (
    "CREATE VIRTUAL TABLE articles_searchwords USING "
    "fts5(title, body, marks, tokenize='ascii', detail='column')",
)
DROP = ("DROP TABLE articles_searchwords",)

_GAP = 0.12
"""Seconds; SQLite's own handler of a busy database waits 0.1 at most before it looks again."""


def hold_words() -> None:
    """Keep the curators' words as they are: a transaction that writes is the only one."""


change_words = hold_words


def let_others_write() -> None:
    """Leave a gap between two long transactions: who waits looks ten times a second."""
    sleep(_GAP)


def write(rows: Sequence[Row]) -> None:
    """Put rows in the place of those of the same articles."""
    remove([row.article_id for row in rows])
    SearchRow.objects.bulk_create(
        SearchRow(
            article_id=row.article_id,
            position=row.position,
            expires=row.expires,
            title=row.title,
            pinyin=row.pinyin,
            facets=" ".join(row.facets),
            version=row.version,
        )
        for row in rows
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO articles_searchwords(rowid, title, body, marks) "
            "VALUES (%s, %s, %s, %s)",
            [(row.position, *_texts(row)) for row in rows],
        )


def _texts(row: Row) -> list[str]:
    return [" ".join(row.title_tokens), " ".join(row.tokens), " ".join(row.facets)]


def add_terms(terms: Sequence[tuple[str, str, int]]) -> None:
    """Keep words with their pinyin and how common each is; those that are there stay."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR IGNORE INTO articles_term (word, pinyin, weight) VALUES (%s, %s, %s)", terms
        )


def write_marks(changed: Sequence) -> None:
    """Write the markers of these SearchRows; each with those it had."""
    SearchRow.objects.bulk_update([row for row, _before in changed], ["facets"])
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE articles_searchwords SET marks = %s WHERE rowid = %s",
            [(row.facets, row.position) for row, _before in changed],
        )


def remove(article_ids: Iterable[int]) -> None:
    """Forget articles."""
    known = SearchRow.objects.filter(article_id__in=list(article_ids))
    positions = list(known.values_list("position", flat=True))
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM articles_searchwords WHERE rowid = %s", [(at,) for at in positions]
        )
    known.delete()


def _word(word: str) -> str:
    return '"{}"'.format(word.replace('"', '""'))


_FTS5 = written(
    " AND ",
    " OR ",
    " NOT ",
    word=_word,
    marker=lambda facet: f"marks : {_word(facet)}",
    in_column=lambda condition, in_titles: (
        f"{'title' if in_titles else '{title body}'} : ({condition})"
    ),
)
_PUBLIC = (
    "articles_searchwords MATCH %s AND w.rowid BETWEEN 0 AND %s AND w.rowid NOT IN "
    # Without statistics SQLite would read the whole table instead.
    "(SELECT position FROM articles_searchrow INDEXED BY search_rows_by_end WHERE expires <= %s)"
)
_MOST_COUNTED = 10_000

_STEP, _FEW, _STEPS_FOR = 100, 10, 60
"""Articles from one known place among all to the next, how many such tell too little, and seconds
they are kept for."""

_JOINED = "articles_searchwords w JOIN articles_searchrow r ON r.position = w.rowid"


def newest(query: Query, limit: int, *, in_titles: bool = False) -> list[Match]:
    """Return what readers may see of the matches, newest first."""
    now = timezone.now()
    wanted = query.expression(_FTS5, in_titles=in_titles)
    with connection.cursor() as cursor:
        # Only constants are put together.
        cursor.execute(
            f"SELECT r.article_id, r.position, r.title, r.facets FROM {_JOINED} "  # noqa: S608
            f"WHERE {_PUBLIC} ORDER BY w.rowid DESC LIMIT %s",
            [wanted, last_position(now), now, limit],
        )
        return [match_of(row) for row in cursor.fetchall()]


def stands(query: Query) -> bool:
    """Tell whether readers may see any match."""
    return bool(newest(query, 1))


def find(query: Query, limit: int, *, to_be_read: bool = False) -> Found:
    """Return the newest matches and how many there are: counted up to 10,000, and beyond, or of
    those `to_be_read`, by how far back they stand."""
    matches = newest(query, limit)
    if len(matches) < limit:
        return Found(matches, len(matches), True)
    if to_be_read and (total := _among_all(len(matches), matches[-1].position)):
        return Found(matches, total, False)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(place) FROM (SELECT w.rowid AS place "  # noqa: S608 - constants
            f"FROM articles_searchwords w WHERE {_PUBLIC} ORDER BY w.rowid DESC LIMIT %s)",
            [query.expression(_FTS5), last_position(now), now, _MOST_COUNTED + 1],
        )
        total, oldest = cursor.fetchone()
    if total <= _MOST_COUNTED:
        return Found(matches, total, True)
    return Found(matches, _among_all(total, oldest) or total, False)


def _among_all(found: int, oldest: int) -> int | None:
    """Return how many there should be in all, where so many are found down to a position; None
    where that is too near to tell."""
    steps = _steps()
    looked_at = bisect_right(steps, -oldest)
    return round(found * len(steps) / looked_at) if looked_at >= _FEW else None


def _steps() -> list[int]:
    """Return the negated position of each so many of the published articles, newest first. Kept
    for a minute, as an estimate needs no more: to count them takes 50 ns each."""
    key = f"search-steps-{connection.settings_dict['NAME']}".replace(" ", "")
    steps = cache.get(key)
    if steps is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT -position FROM (SELECT position, row_number() OVER (ORDER BY position DESC)"
                " AS n FROM articles_searchrow WHERE position BETWEEN 0 AND %s) WHERE n %% %s = 0",
                [last_position(timezone.now()), _STEP],
            )
            steps = [position for (position,) in cursor.fetchall()]
        cache.set(key, steps, _STEPS_FOR)
    return steps


def article_ids(query: Query) -> tuple[RawSQL, bool]:
    """Return the condition that finds articles of any status, and that it finds all."""
    condition = RawSQL(
        "SELECT r.article_id FROM articles_searchwords w "
        "JOIN articles_searchrow r ON r.position = w.rowid WHERE articles_searchwords MATCH %s",
        [query.expression(_FTS5)],
    )
    return condition, True


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what takes longer with an OperationalError."""
    deadline = monotonic() + seconds
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: monotonic() > deadline, 100_000)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)


def write_without_waiting(statement: str, values: Sequence) -> None:
    """Write, but fail at once where another connection is writing."""
    with connection.cursor() as cursor:
        usual = round(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
        cursor.execute("PRAGMA busy_timeout = 20")
        try:
            cursor.execute(statement, values)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")


count_without_waiting = write_without_waiting
"""Who writes is alone, and reads what stands: nobody has to be kept from it."""

counting_held = nullcontext


def differences(rows: Sequence[Row]) -> list[int]:
    """Return the articles whose words in the index are not those of `rows`."""
    wanted = {row.position: row for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, title, body, marks FROM articles_searchwords "  # noqa: S608 - places only
            f"WHERE rowid IN ({places(wanted)})",
            list(wanted),
        )
        standing = {position: words for position, *words in cursor.fetchall()}
    return [
        row.article_id for position, row in wanted.items() if standing.get(position) != _texts(row)
    ]


def strays() -> int:
    """Return how many rows of words belong to no article."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM articles_searchwords WHERE rowid NOT IN "
            "(SELECT position FROM articles_searchrow)"
        )
        return cursor.fetchone()[0]


def remove_strays() -> None:
    """Forget rows of words that belong to no article."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM articles_searchwords WHERE rowid NOT IN "
            "(SELECT position FROM articles_searchrow)"
        )
