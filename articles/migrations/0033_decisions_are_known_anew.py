"""Look through all decisions for the constraint the migration before has added."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Validate(ValidateConstraint):
    """Validate a constraint where the database knows that."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0032_the_work_queue"),
    ]

    operations = [Validate(model_name="decision", name="decisions_are_of_a_known_kind")]
