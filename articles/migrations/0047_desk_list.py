"""The desk's list in its order, found by an index: PostgreSQL takes none whose order stands behind a
column that is asked for being empty, and sorted the whole library for each page."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

AddIndex = import_module("articles.migrations.0045_found_by_cover").AddIndex


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL makes no index concurrently within a transaction
    dependencies = [("articles", "0046_how_members_say_it")]
    operations = [
        AddIndex(
            "article",
            models.Index(
                fields=["-modified_at", "-id"],
                condition=Q(deleted_at=None),
                name="at_desk",
            ),
        ),
    ]
