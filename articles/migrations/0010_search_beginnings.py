"""Find titles by their beginning, in characters and in pinyin; and what has expired."""

from django.db import migrations, models


def by_codes(apps, schema_editor):
    """Order the columns by characters' codes, whatever the database's language is."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE articles_searchrow "
            'ALTER COLUMN title TYPE varchar(600) COLLATE "C", '
            'ALTER COLUMN pinyin TYPE varchar(120) COLLATE "C"'
        )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_search_rebuild"),
    ]

    operations = [
        migrations.RunPython(by_codes, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="searchrow",
            index=models.Index(fields=["title"], name="titles_by_beginning"),
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=models.Index(fields=["pinyin"], name="titles_by_pinyin"),
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=models.Index(fields=["expires"], name="search_rows_by_end"),
        ),
    ]
