"""What readers keep for themselves, and the errors they report to the curators."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def allow(apps, schema_editor):
    """Everyone at the desk handles reports; administrators may throw them away."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(app_label="articles", model="report")
    for action, names in {
        "view": ["編輯", "審核", "管理員"],
        "change": ["編輯", "審核", "管理員"],
        "delete": ["管理員"],
    }.items():
        permission, _ = Permission.objects.get_or_create(
            codename=f"{action}_report",
            content_type=content_type,
            defaults={"name": f"Can {action} error report"},
        )
        for group in Group.objects.filter(name__in=names):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0011_related"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReaderSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("keeps_history", models.BooleanField(default=True)),
                (
                    "reader",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reader_settings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reader's settings",
                "verbose_name_plural": "readers' settings",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookmarks",
                        to="articles.article",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookmarks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "bookmark",
                "verbose_name_plural": "bookmarks",
                "ordering": ["-created_at", "-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["reader", "-created_at", "-id"], name="bookmarks_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reader", "article"), name="a_reader_marks_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="articles.article",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reading",
                "verbose_name_plural": "readings",
                "ordering": ["-read_at", "-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["reader", "-read_at", "-id"], name="readings_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reader", "article"), name="a_reading_an_article"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100)), name="readings_are_percents"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("character", "Wrong character"),
                            ("garbled", "Garbled text"),
                            ("missing", "Missing text"),
                            ("facts", "Wrong author, date or source"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                        verbose_name="what is wrong",
                    ),
                ),
                ("passage", models.CharField(blank=True, max_length=500, verbose_name="passage")),
                (
                    "note",
                    models.CharField(blank=True, max_length=2000, verbose_name="reader's note"),
                ),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="contact")),
                (
                    "script",
                    models.CharField(
                        choices=[
                            ("zh-Hans", "Simplified Chinese"),
                            ("zh-Hant", "Traditional Chinese"),
                        ],
                        max_length=7,
                        verbose_name="read in",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="reported at"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("resolved", "Resolved"),
                            ("rejected", "Rejected"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("handled_at", models.DateTimeField(null=True, verbose_name="handled at")),
                (
                    "answer",
                    models.TextField(blank=True, max_length=2000, verbose_name="what was done"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "error report",
                "verbose_name_plural": "error reports",
                "ordering": ["-created_at", "-pk"],
                "default_permissions": ("change", "delete", "view"),
                "indexes": [models.Index(fields=["status", "-created_at"], name="reports_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["character", "garbled", "missing", "facts", "other"])
                        ),
                        name="reports_are_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handled_at__isnull", True), ("status", "open")),
                            models.Q(
                                ("handled_at__isnull", False),
                                ("status__in", ["resolved", "rejected"]),
                            ),
                            _connector="OR",
                        ),
                        name="reports_are_handled_once_not_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), ("passage", ""), _negated=True),
                        name="reports_say_something",
                    ),
                ],
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
