"""Paths of units are compared by character: a collation of words passes over full stops, and puts
1.11. between 1.1. and 1.1.2., another unit among those of its neighbour. SQLite compares so anyway.
"""

from django.db import migrations

BY_CHARACTER = 'ALTER TABLE training_unit ALTER COLUMN path TYPE varchar(200) COLLATE "{}"'


def by_character(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BY_CHARACTER.format("C"))


def by_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BY_CHARACTER.format("default"))


class Migration(migrations.Migration):
    dependencies = [("training", "0003_groups")]

    operations = [migrations.RunPython(by_character, by_words)]
