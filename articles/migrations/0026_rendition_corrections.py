import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def allow(apps, schema_editor):
    """Reviewers and administrators correct what comes out of a conversion."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(
        app_label="articles", model="renditioncorrection"
    )
    for action in ("add", "change", "delete", "view"):
        permission, _ = Permission.objects.get_or_create(
            codename=f"{action}_renditioncorrection",
            content_type=content_type,
            defaults={"name": f"Can {action} correction of a script"},
        )
        for group in Group.objects.filter(name__in=["審核", "管理員"]):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0025_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RenditionCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "script",
                    models.CharField(
                        choices=[
                            ("zh-Hans", "Simplified Chinese"),
                            ("zh-Hant", "Traditional Chinese"),
                        ],
                        max_length=7,
                        verbose_name="reads wrong in",
                    ),
                ),
                ("phrase", models.CharField(max_length=40, verbose_name="as it comes out")),
                ("right", models.CharField(max_length=40, verbose_name="right form")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="added at"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction of a script",
                "verbose_name_plural": "corrections of scripts",
                "ordering": ["script", "phrase"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("script", "phrase"), name="one_correction_a_phrase_and_script"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("phrase", ""), _negated=True),
                            models.Q(("right", ""), _negated=True),
                            models.Q(("phrase", models.F("right")), _negated=True),
                        ),
                        name="corrections_change_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("script__in", ["zh-Hans", "zh-Hant"])),
                        name="corrections_have_a_known_script",
                    ),
                ],
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
