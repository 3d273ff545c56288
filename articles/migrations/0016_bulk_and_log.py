"""The recycle bin, bulk changes and the log of the desk."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def allow(apps, schema_editor):
    """Reviewers and administrators read the log."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(app_label="articles", model="auditentry")
    permission, _ = Permission.objects.get_or_create(
        codename="view_auditentry",
        content_type=content_type,
        defaults={"name": "Can view line of the log"},
    )
    for group in Group.objects.filter(name__in=["審核", "管理員"]):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0015_merges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditedObject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="at"
                    ),
                ),
                ("user_name", models.CharField(blank=True, max_length=150, verbose_name="done by")),
                ("action", models.CharField(max_length=20, verbose_name="action")),
                ("kind", models.CharField(max_length=40, verbose_name="kind of object")),
                ("ids", models.JSONField(default=list, verbose_name="numbers")),
                ("label", models.CharField(blank=True, max_length=300, verbose_name="what")),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
            ],
            options={
                "verbose_name": "line of the log",
                "verbose_name_plural": "log",
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="BulkItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("title", models.CharField(db_default="", max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("changed", "changed"),
                            ("left", "left out"),
                            ("failed", "failed"),
                        ],
                        db_default="waiting",
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(db_default="", max_length=300)),
                ("wanted", models.JSONField(null=True)),
                ("base", models.DateTimeField(null=True)),
                ("before", models.JSONField(null=True)),
                ("stamp", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
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
                            ("submit", "Submit for review"),
                            ("publish", "Publish"),
                            ("unpublish", "Unpublish: back to draft"),
                            ("archive", "Archive"),
                            ("add_tags", "Add tags"),
                            ("remove_tags", "Remove tags"),
                            ("set_authors", "Set the authors"),
                            ("set_genre", "Set the genre"),
                            ("set_source", "Set the source"),
                            ("bin", "Move to the recycle bin"),
                            ("restore", "Restore from the recycle bin"),
                            ("purge", "Delete for good"),
                            ("undo", "Undo"),
                        ],
                        max_length=12,
                        verbose_name="action",
                    ),
                ),
                ("parameters", models.JSONField(default=dict)),
                ("foreseen", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for confirmation"),
                            ("working", "At work"),
                            ("done", "Finished"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="asked",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="articles")),
                ("done", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("as_of", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("alive_until", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, max_length=32)),
                ("cancel_requested", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "bulk change",
                "verbose_name_plural": "bulk changes",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.RemoveIndex(
            model_name="article",
            name="articles_last_modified",
        ),
        migrations.AddField(
            model_name="article",
            name="deleted_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="in the recycle bin since"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="deleted_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="moved there by",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["deleted_at", "-modified_at", "-id"], name="articles_last_touched"
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="done by",
            ),
        ),
        migrations.AddField(
            model_name="auditedobject",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="objects_told_of",
                to="articles.auditentry",
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="bulk_runs",
                to="articles.auditentry",
            ),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="started_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="done by",
            ),
        ),
        migrations.AddField(
            model_name="bulkrun",
            name="undoes",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="undone_by",
                to="articles.bulkrun",
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="articles.bulkrun",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["user", "-at"], name="log_of_a_user"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["action", "-at"], name="log_of_an_action"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["kind", "-at"], name="log_of_a_kind"),
        ),
        migrations.AddIndex(
            model_name="auditedobject",
            index=models.Index(fields=["number", "entry"], name="log_of_an_object"),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "undo"), ("undoes__isnull", False)),
                    models.Q(models.Q(("action", "undo"), _negated=True), ("undoes__isnull", True)),
                    _connector="OR",
                ),
                name="undoing_undoes_a_run",
            ),
        ),
        migrations.AddIndex(
            model_name="bulkitem",
            index=models.Index(fields=["run", "outcome", "id"], name="outcomes_of_a_bulk_run"),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(
                fields=("run", "number"), name="an_article_stands_once_in_bulk"
            ),
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
