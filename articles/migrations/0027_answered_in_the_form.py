"""A flag answered in the form of its article is a decision on record.

The constraint is added without a look at all the rows, which no decision that stands can break; the
next migration has that look while others read and write.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class AddConstraint(AddConstraintNotValid):
    """Add a constraint NOT VALID where the database knows that."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        postgresql = schema_editor.connection.vendor == "postgresql"
        add = super() if postgresql else super(AddConstraintNotValid, self)
        add.database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0026_rendition_corrections"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="decision",
            name="decisions_are_of_a_known_kind",
        ),
        migrations.AlterField(
            model_name="decision",
            name="action",
            field=models.CharField(
                choices=[
                    ("accept", "text put in"),
                    ("settle", "left as it is"),
                    ("undo", "edit undone"),
                    ("review", "edits looked through"),
                    ("form", "answered in the form"),
                ],
                max_length=6,
                verbose_name="action",
            ),
        ),
        AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["accept", "settle", "undo", "review", "form"])),
                name="decisions_are_of_a_known_kind",
            ),
        ),
    ]
