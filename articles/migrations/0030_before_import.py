"""What is decided on each file in the table before an import, and the runs an article is of.

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
        ("articles", "0029_list_changes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="decision",
            name="decisions_are_of_a_known_kind",
        ),
        migrations.AddField(
            model_name="runfile",
            name="begins",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="runfile",
            name="choice",
            field=models.CharField(
                blank=True,
                default="",
                choices=[
                    ("update", "update that article"),
                    ("new", "another article"),
                    ("leave", "leave the file out"),
                ],
                db_default="",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="runfile",
            name="cut",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="runfile",
            name="cut_count",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="runfile",
            name="doubts",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="runfile",
            name="like",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="runfile",
            name="refusal",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="runfile",
            name="source_name",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="source"
            ),
        ),
        migrations.AddField(
            model_name="runfile",
            name="stated",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="runfile",
            name="typed",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="runfile",
            name="weight",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="source",
            name="earlier_runs",
            field=models.ManyToManyField(related_name="+", to="articles.importrun"),
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
                    ("table", "answered in the table before the import"),
                ],
                max_length=6,
                verbose_name="action",
            ),
        ),
        AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("action__in", ["accept", "settle", "undo", "review", "form", "table"])
                ),
                name="decisions_are_of_a_known_kind",
            ),
        ),
    ]
