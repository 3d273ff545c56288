"""Migrations of a library that stays open: nobody is kept from reading or writing for long."""

import inspect
import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import OperationalError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import F

from articles.models import Article, SearchRow, SearchVersion

from ..support.timing import soon
from ..support.together import event, together

only_postgres = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite locks all of the database, whatever is done to it"
)

FROM = "0020"
"""The first migration that was written to this rule."""

FEW_ROWS = {
    f"articles_{name}"
    for name in ("bulkrun", "collection", "domainword", "importrun", "merge", "reviewcomment")
} | {"articles_searchversion", "articles_synonym", "articles_tag", "articles_tagalias"}
"""Tables that are read through in no time, however many articles there are."""

CONCURRENTLY = (
    "Make and drop indexes CONCURRENTLY on PostgreSQL, with `atomic = False`, so that what was "
    "interrupted can be run again; 0018_search_index shows how. For SQLite and the models, keep "
    "AddIndex or RemoveIndex in the state_operations of a SeparateDatabaseAndState."
)
RULES = {
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY).* ON {table}": (
        f"nobody can write while the index is made. {CONCURRENTLY}"
    ),
    r"DROP INDEX (?!CONCURRENTLY)": (
        f"who reads and who writes wait for each other and for this. {CONCURRENTLY}"
    ),
    r"ALTER TABLE {table} ADD CONSTRAINT (?!.* NOT VALID)": (
        "nobody can read or write while all rows are checked, or an index is made of them. Add it "
        "NOT VALID and VALIDATE it in a migration after that; make a unique index concurrently."
    ),
    r"ALTER TABLE {table} ALTER COLUMN \S+ TYPE (?!text|varchar)": (
        "nobody can read or write while every row is written anew. Add another column, fill it in "
        "batches, and let the old one go."
    ),
    r"ALTER TABLE {table} ALTER COLUMN \S+ SET NOT NULL": (
        "nobody can read or write while all rows are looked through. Add a CHECK that it is not "
        "null, NOT VALID, and VALIDATE it in a migration after that."
    ),
}
"""What PostgreSQL does under a lock for as long as a table is large, and what to do instead."""


def faults(migration: migrations.Migration, state) -> list[str]:
    """Return what a migration does that a live library should not see."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    statements = [one for one in editor.collected_sql if not one.startswith("--")]
    made = {match[1] for one in statements if (match := re.match(r'CREATE TABLE "(\w+)"', one))}
    table = rf'"?(?!(?:{"|".join(made | FEW_ROWS)})\b)\w+"?'
    return [
        f"{migration}: {statement}\n  {why}"
        for statement in [*statements, *_of_functions(migration)]
        for pattern, why in RULES.items()
        if re.search(pattern.format(table=table), statement, re.IGNORECASE)
    ]


def _of_functions(migration: migrations.Migration) -> list[str]:
    """Return the lines of a migration whose functions may write statements themselves."""
    functions = [one for one in migration.operations if isinstance(one, migrations.RunPython)]
    if not functions:
        return []
    return inspect.getsource(import_module(type(migration).__module__)).splitlines()


def own_migrations() -> list[tuple[str, str]]:
    """Return the project's own migrations from the rule on, by app and name."""
    disk = MigrationLoader(None).disk_migrations
    return sorted(
        key
        for key, migration in disk.items()
        if key[1] >= FROM
        and settings.BASE_DIR / ".venv" not in (place := _place(migration)).parents
        and settings.BASE_DIR in place.parents
    )


def _place(migration: migrations.Migration) -> Path:
    return Path(inspect.getfile(type(migration)))


@only_postgres
def test_no_migration_keeps_a_live_library_waiting(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader = MigrationLoader(connection, replace_migrations=False)
        found = [
            fault
            for key in own_migrations()
            for fault in faults(loader.disk_migrations[key], loader.project_state(key, False))
        ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("app", ["articles", "training"])
def test_a_new_database_is_made_in_one_step(app):
    """Those that are replaced stay for databases on their way; none is replaced but in their place."""
    disk = MigrationLoader(None).disk_migrations
    own = sorted(name for label, name in disk if label == app and "_squashed_" not in name)
    (together,) = (disk[key] for key in disk if key[0] == app and "_squashed_" in key[1])
    replaced = [name for _app, name in together.replaces]
    assert replaced == own[: len(replaced)]
    assert together.name == f"0001_squashed_{replaced[-1]}"


class Untold(migrations.Migration):
    """A migration that comes after all that there are."""

    def __init__(self, *operations):
        super().__init__("9999_untold", "articles")
        self.operations = list(operations)


BY_DATE = models.Index(fields=["stated_date"], name="articles_by_date")
STATED = models.CheckConstraint(name="stated", condition=models.Q(stated_date__isnull=False))
BAD = {
    "an index": migrations.AddIndex("article", BY_DATE),
    "an index that goes": migrations.RemoveIndex("searchrow", "titles_by_pinyin"),
    "an index of a column": migrations.AddField(
        "article", "shelf", models.CharField(max_length=9, default="", db_index=True)
    ),
    "an index by hand": migrations.RunSQL("DROP INDEX articles_searchwords"),
    "a rule for all rows": migrations.AddConstraint("article", STATED),
    "another type": migrations.AlterField("source", "edit_count", models.BigIntegerField()),
    "no more NULL": migrations.AlterField(
        "article", "stated_date", models.DateField(default=date(2000, 1, 1))
    ),
}
GOOD = {
    "a table with indexes": migrations.CreateModel(
        "Shelf",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=9, unique=True, db_index=True)),
            ("of", models.ForeignKey("articles.Article", models.CASCADE)),
        ],
    ),
    "a column": migrations.AddField("bulkitem", "more", models.IntegerField(null=True)),
    "a column with a value": migrations.AddField(
        "article", "shelf", models.CharField(max_length=9, default="")
    ),
    "a longer column": migrations.AlterField("article", "title", models.CharField(max_length=300)),
    "an index of few rows": migrations.AddIndex(
        "tag", models.Index(fields=["name_hant", "group"], name="tags_by_both")
    ),
    "an index made beside": AddIndexConcurrently("article", BY_DATE),
    "an index by hand": migrations.RunSQL("DROP INDEX CONCURRENTLY articles_searchwords"),
}


@only_postgres
@pytest.mark.parametrize("what", [*BAD, *GOOD])
def test_the_rule_tells_what_keeps_others_waiting(django_db_setup, django_db_blocker, what):
    with django_db_blocker.unblock():
        state = MigrationLoader(connection).project_state()
        for operations, is_bad in ((BAD, True), (GOOD, False)):
            if what in operations:
                found = faults(Untold(operations[what]), state.clone())
                assert bool(found) == is_bad, found


@only_postgres
@pytest.mark.django_db(transaction=True)
class TestTheIndexOfWords:
    """Migration 0018 on a library that has the index as it was before."""

    migration = import_module("articles.migrations.0018_search_index")
    OLD, NEW = "articles_searchwords", "articles_searchwords_anew"
    BEFORE = "ON articles_searchrow USING gin (position, title_words, words)"
    NOW = "ON articles_searchrow USING gin ((position + 0), title_words, words)"

    def execute(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    @pytest.fixture(autouse=True)
    def as_it_was(self, transactional_db):
        self.execute(f"DROP INDEX {self.OLD}", f"CREATE INDEX {self.OLD} {self.BEFORE}")
        yield
        self.migrate()
        assert self.indexes() == {self.OLD: True}

    def migrate(self) -> None:
        with connection.schema_editor(atomic=self.migration.Migration.atomic) as editor:
            self.migration.Migration.operations[0].code(None, editor)

    def indexes(self) -> dict[str, bool]:
        """Return the indexes of words, and of each whether it is valid and goes by a sum."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, indisvalid AND indexprs IS NOT NULL FROM pg_index "
                "JOIN pg_class ON pg_class.oid = indexrelid WHERE relname IN (%s, %s)",
                [self.OLD, self.NEW],
            )
            return dict(cursor.fetchall())

    def invalid(self) -> None:
        """Leave a new index as it is left where its making is ended half-way."""
        with transaction.atomic():
            SearchRow.objects.update(pinyin="x")  # which it waits for

            def give_up():
                with pytest.raises(OperationalError, match="lock timeout"):
                    self.execute(
                        "SET lock_timeout = '10ms'",
                        f"CREATE INDEX CONCURRENTLY {self.NEW} {self.NOW}",
                    )

            together(give_up)
        assert self.indexes()[self.NEW] is False

    def valid(self) -> None:
        self.execute(f"CREATE INDEX {self.NEW} {self.NOW}")

    def renamed_not_yet(self) -> None:
        self.valid()
        self.execute(f"DROP INDEX {self.OLD}")

    def ended(self) -> None:
        self.migrate()

    @pytest.mark.parametrize("stage", ["invalid", "valid", "renamed_not_yet", "ended"])
    def test_it_goes_on_where_it_was_interrupted(self, make_article, stage):
        make_article()
        getattr(self, stage)()
        self.migrate()
        assert self.indexes() == {self.OLD: True}

    def test_who_reads_and_who_writes_go_on_meanwhile(self, make_article):
        articles = [make_article(name) for name in ("甲", "乙")]
        known, pids = event(), []

        def migrate():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pids.append(cursor.fetchone()[0])
            known.set()
            self.migrate()

        def locks() -> set[str]:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT mode FROM pg_locks WHERE pid = %s AND granted "
                    "AND relation = 'articles_searchrow'::regclass",
                    pids,
                )
                return {mode for (mode,) in cursor.fetchall()}

        def others():
            known.wait()
            soon(waits)  # the index is being made
            assert locks() == {"ShareUpdateExclusiveLock"}
            self.execute("SET lock_timeout = '10ms'")
            rows = SearchRow.objects.filter(article=articles[1].pk)
            assert rows.update(pinyin="y") == 1
            assert rows.get().pinyin == "y"
            done.set()

        def waits() -> bool:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_blocking_pids(%s)", pids)
                return bool(cursor.fetchone()[0])

        done = event()

        def write():
            with transaction.atomic():
                SearchRow.objects.filter(article=articles[0].pk).update(pinyin="x")
                written.set()
                done.wait()

        written = event()

        def migrate_then():
            written.wait()
            migrate()

        together(write, migrate_then, others)
        assert self.indexes() == {self.OLD: True}
        assert set(SearchRow.objects.values_list("pinyin", flat=True)) == {"x", "y"}


@pytest.mark.django_db
def test_texts_are_matched_anew_once_and_the_index_is_told(make_article):
    match_anew = import_module("articles.migrations.0041_words_alike").match_anew
    burning, other = make_article(body="<p>倉庫著火。</p>"), make_article(body="<p>名著。</p>")
    before = Article.objects.get(pk=burning.pk)
    assert "着火" in before.search_text
    Article.objects.filter(pk=burning.pk).update(
        search_text=before.search_text.replace("着火", "著火")
    )
    SearchVersion.objects.update(indexed=F("number"))
    match_anew(apps, None)
    assert Article.objects.get(pk=burning.pk).search_text == before.search_text
    assert "名著" in Article.objects.get(pk=other.pk).search_text
    number, is_stale = SearchVersion.current()
    assert is_stale
    match_anew(apps, None)
    assert SearchVersion.current()[0] == number
