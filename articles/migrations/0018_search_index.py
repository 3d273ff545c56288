"""PostgreSQL's index of words, by positions that no other index is used for.

The library stays open meanwhile: the new index is made beside the old one, which goes once the new
one answers. Neither keeps anybody from reading or writing. What was interrupted is gone on with.
"""

from django.db import migrations

OLD, NEW = "articles_searchwords", "articles_searchwords_anew"
_COLUMNS = "gin ((position + 0), title_words, words) WITH (fastupdate = off)"

_IS_RIGHT = """
SELECT EXISTS (
    SELECT FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid AND indexprs IS NOT NULL
)
"""
"""Whether an index is whole and goes by a sum, as none did before; one that was interrupted is
there, but not valid."""


def make_anew(apps, schema_editor):
    """Put the index by sums in the place of that by positions, unless it is there already."""
    if schema_editor.connection.vendor != "postgresql":
        return

    def is_right(index: str) -> bool:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_IS_RIGHT, [index])
            return cursor.fetchone()[0]

    if is_right(OLD):
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NEW}")
        return
    if not is_right(NEW):
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NEW}")
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY {NEW} ON articles_searchrow USING {_COLUMNS}"
        )
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {OLD}")
    schema_editor.execute(f"ALTER INDEX {NEW} RENAME TO {OLD}")


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL makes and drops no index concurrently within a transaction
    dependencies = [("articles", "0017_review")]
    operations = [migrations.RunPython(make_anew, migrations.RunPython.noop)]
