"""A dry run's files, each tried as an import would store it, and taken back at once.

Nobody waits for a dry run: each file is a transaction of its own that is rolled back. Yet in a real
run a later file meets what earlier ones left: the same text again is a duplicate, a changed file an
update, a like one a near duplicate. So of each file that would leave something its draft is put by,
and what others would know it by; and a file is tried right after those it may meet, stored once
more in the same transaction. The code that decides is the import's own, and what is kept between
two files is on disk: tens of thousands of drafts would not fit into memory.
"""

import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from portal.transactions import retried

from ..importing.batch import Drafted
from ..models import Fingerprint, Source
from ..models.near_duplicates import BUCKET, likeliest
from ..text import html
from ..text.fingerprints import likeness, shingles
from . import library
from .library import Stored

_TABLES = """
    PRAGMA journal_mode = OFF;
    CREATE TABLE draft (position INTEGER PRIMARY KEY, pickled BLOB);
    CREATE TABLE article (position INTEGER PRIMARY KEY, of INTEGER, body TEXT);
    CREATE INDEX its_files ON article (of);
    CREATE TABLE name (name TEXT, position INTEGER, PRIMARY KEY (name, position)) WITHOUT ROWID;
    CREATE TABLE print (hash INTEGER, position INTEGER, PRIMARY KEY (hash, position)) WITHOUT ROWID;
"""
"""`article.of` is the first file of those that may be about one article: they are tried together.
`article.body` is the text of one that was made, not updated. `name` holds what files are known by:
bytes, place and text."""


class Trial:
    """Tries files in turn; to be closed in the end.

    Raises OSError where the disk has no room for the drafts.
    """

    def __init__(self) -> None:
        # A database of its own, in a nameless file that goes with the connection.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.executescript(_TABLES)
        self._count = 0

    def close(self) -> None:
        self._kept.close()

    def store(self, drafted: Drafted, **options) -> tuple[Stored, str]:
        """Return what would become of a file, and the path of the earlier file of this run whose
        article it would come upon, if it is one. What comes back is no longer in the database."""
        draft, place = drafted.draft, drafted.file.origin
        names = {f"bytes {draft.sha256}", f"place {place}", f"text {draft.text_key}"}
        with _told():
            articles = self._about(names)
        stored, twin = self._tried(drafted, articles, options)
        if stored.outcome in (library.CREATED, library.UPDATED):
            with _told():
                like = self._like(draft.signature, stored.article.body) - articles
            if like:
                stored, twin = self._tried(drafted, articles | like, options)
            self._keep(drafted, names, stored, twin)
        return stored, twin

    def _tried(self, drafted: Drafted, articles: set[int], options: dict) -> tuple[Stored, str]:
        unit = partial(self._try, drafted, articles, options)
        return retried(unit, also=(IntegrityError,))

    def _try(self, drafted: Drafted, articles: set[int], options: dict) -> tuple[Stored, str]:
        made: dict[int, str] = {}
        for path, arguments in self._files_about(articles):
            # What would fail by now, as somebody else has stored it meanwhile, is not met.
            with suppress(ValueError):
                stored = library.store(*arguments, trial=True, **options)
                if stored.outcome == library.CREATED:
                    made[stored.article.pk] = path
        stored = library.store(*_arguments(drafted), trial=True, **options)
        # What is told of the article is read now: soon it is gone, or as it was.
        also = ["source"] if stored.outcome == library.UPDATED else []
        prefetch_related_objects([stored.article], "tags", *also)
        transaction.set_rollback(True)
        if stored.like in made:  # soon it is gone
            stored = replace(stored, like=None)
        return stored, made.get(stored.article.pk, "")

    def _about(self, names: Iterable[str]) -> set[int]:
        """Return the articles of this run that files of such names are about."""
        query = "SELECT of FROM name JOIN article USING (position) WHERE name = ?"
        return {of for name in names for (of,) in self._kept.execute(query, [name])}

    def _like(self, signature: list[int], body: str) -> set[int]:
        """Return the articles of this run that are near duplicates, found as the library's are, and
        those that an update may have made into others."""
        query = "SELECT position FROM print WHERE hash = ? ORDER BY position LIMIT ?"
        buckets = {
            value: [at for (at,) in self._kept.execute(query, [value, BUCKET])]
            for value in signature
        }
        likely = likeliest(buckets.values())
        own = shingles(html.plain_text(body)) if likely else frozenset()
        found = set()
        for at in likely:
            query = "SELECT of, body FROM article WHERE position = ?"
            of, other = self._kept.execute(query, [at]).fetchone()
            if other is None or likeness(own, shingles(html.plain_text(other))).near:
                found.add(of)
        return found

    def _files_about(self, articles: set[int]) -> Iterator[tuple[str, tuple]]:
        query = "SELECT position FROM article WHERE of = ?"
        positions = sorted(at for of in articles for (at,) in self._kept.execute(query, [of]))
        for position in positions:
            query = "SELECT pickled FROM draft WHERE position = ?"
            (pickled,) = self._kept.execute(query, [position]).fetchone()
            yield pickle.loads(pickled)  # noqa: S301 - our own, in a file without a name

    def _keep(self, drafted: Drafted, names: set[str], stored: Stored, twin: str) -> None:
        prints, body = set(drafted.draft.signature), stored.article.body
        if stored.outcome == library.UPDATED:
            body = None
            if not twin:
                names, prints = _before(stored.article.pk, names, prints)
        position, self._count = self._count, self._count + 1
        pickled = pickle.dumps((drafted.file.path, _arguments(drafted)), pickle.HIGHEST_PROTOCOL)
        with _told():
            same = self._about(names)
            first = min(same, default=position)
            for one in same - {first}:
                self._kept.execute("UPDATE article SET of = ? WHERE of = ?", [first, one])
            insert, insert_many = self._kept.execute, self._kept.executemany
            insert("INSERT INTO draft VALUES (?, ?)", [position, pickled])
            insert("INSERT INTO article VALUES (?, ?, ?)", [position, first, body])
            insert_many("INSERT INTO name VALUES (?, ?)", [(name, position) for name in names])
            insert_many("INSERT INTO print VALUES (?, ?)", [(value, position) for value in prints])


def _arguments(drafted: Drafted) -> tuple:
    return drafted.draft, drafted.file.origin, drafted.file.name


def _before(article_id: int, names: set[str], prints: set[int]) -> tuple[set[str], set[int]]:
    """Add what an article is known by that an update would change: who goes by that comes upon the
    article as the update leaves it."""
    source = Source.objects.filter(article=article_id)
    for sha256, text_key in source.values_list("sha256", "text_key"):
        names = names | {f"bytes {sha256}", f"text {text_key}"}
    standing = Fingerprint.objects.filter(article=article_id).values_list("hash", flat=True)
    return names, prints | set(standing)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(f"The drafts of the dry run cannot be kept: {error}") from None
