"""A flag answered in the form of its article is a decision on record."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0025_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["accept", "settle", "undo", "review", "form"])),
                name="decisions_are_of_a_known_kind",
            ),
        ),
    ]
