"""Let those who publish import from the desk, and keep what a run is at."""

import django.db.models.deletion
from django.db import migrations, models


def allow(apps, schema_editor):
    """Importing can publish, so it is for 審核 and 管理員; the permission is Django's own."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    uploading = Permission.objects.filter(
        codename="add_importrun", content_type__app_label="articles"
    )
    for group in Group.objects.filter(name__in=["審核", "管理員"]):
        group.permissions.add(*uploading)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="alive_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="cancel_requested",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="importrun",
            name="done",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="files done"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="error",
            field=models.TextField(blank=True, default="", verbose_name="error"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "Being checked"),
                    ("ready", "Waiting for confirmation"),
                    ("importing", "Importing"),
                    ("done", "Finished"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Failed"),
                ],
                db_default="done",
                default="done",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="total",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="files"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="worker",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.CreateModel(
            name="RunFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("path", models.CharField(max_length=1000, verbose_name="path")),
                ("outcome", models.CharField(max_length=9, verbose_name="outcome")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("authors", models.CharField(blank=True, max_length=300, verbose_name="authors")),
                ("stated_date", models.DateField(null=True, verbose_name="stated date")),
                ("edit_kinds", models.JSONField(default=dict)),
                ("flag_kinds", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                ("error", models.TextField(blank=True)),
                ("is_imported", models.BooleanField(default=False)),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="articles.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "position"), name="a_file_stands_once_in_a_run"
                    )
                ],
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
