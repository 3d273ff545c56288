"""Which articles and authors a picture stands for, found by it, as is asked before it goes.

PostgreSQL makes these indexes while others write; what was interrupted is begun again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class AddIndex(AddIndexConcurrently):
    """Add an index beside whoever writes where the database can."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.index.name}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_forwards(
                self, app_label, schema_editor, from_state, to_state
            )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_backwards(
                self, app_label, schema_editor, from_state, to_state
            )


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL makes no index concurrently within a transaction
    dependencies = [("articles", "0044_comments_of_texts")]
    operations = [
        AddIndex(
            "article",
            models.Index(fields=["cover"], condition=Q(cover__isnull=False), name="article_covers"),
        ),
        AddIndex(
            "author",
            models.Index(
                fields=["portrait"], condition=Q(portrait__isnull=False), name="authors_by_portrait"
            ),
        ),
    ]
