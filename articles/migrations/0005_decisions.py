"""Keep curators' decisions on imports, and counts of edits and flags by kind for lists."""

from collections import Counter

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def count(apps, schema_editor):
    """Count what was imported before; flags had no decisions then."""
    Source = apps.get_model("articles", "Source")
    for source in Source.objects.only("edits", "flags").iterator(chunk_size=200):
        kinds = {}
        for edit in source.edits:
            tally = kinds.setdefault(edit["kind"], [0, 0])
            tally[0] += 1
            tally[1] += edit["certain"]
        source.edit_kinds = kinds
        source.flag_kinds = Counter(flag["kind"] for flag in source.flags)
        source.save(update_fields=["edit_kinds", "flag_kinds"])


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_near_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="edit_kinds",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="source",
            name="flag_kinds",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("accept", "text put in"),
                            ("settle", "left as it is"),
                            ("undo", "edit undone"),
                            ("review", "edits looked through"),
                        ],
                        max_length=6,
                        verbose_name="action",
                    ),
                ),
                ("finding", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("removed", models.JSONField(default=list)),
                ("added", models.JSONField(default=list)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("undone_at", models.DateTimeField(null=True)),
                ("lost_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="articles.source",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["accept", "settle", "undo", "review"])),
                        name="decisions_are_of_a_known_kind",
                    )
                ],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
