"""PostgreSQL's index of words, by positions that no other index is used for."""

from django.db import migrations

from articles.search import postgres


def make_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS articles_searchwords")
        schema_editor.execute(postgres.CREATE[-1])


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_review")]
    operations = [migrations.RunPython(make_again, migrations.RunPython.noop)]
