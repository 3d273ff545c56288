"""Pages about the portal that curators can edit, and when the text of an article changed last."""

import django_prose_editor.fields  # noqa: F401 - as the models have it
from django.db import migrations, models

import articles.models.article

KEYS = ("about", "contact", "copyright", "privacy")


def fill(apps, schema_editor):
    """Make the pages, and let those who keep the words change them."""
    SitePage = apps.get_model("articles", "SitePage")
    SitePage.objects.bulk_create(SitePage(key=key) for key in KEYS)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(app_label="articles", model="sitepage")
    for action in ("change", "view"):
        permission, _ = Permission.objects.get_or_create(
            codename=f"{action}_sitepage",
            content_type=content_type,
            defaults={"name": f"Can {action} page of the portal"},
        )
        for group in Group.objects.filter(name__in=["審核", "管理員"]):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0036_supplied_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="text_changed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="SitePage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("about", "About"),
                            ("contact", "Contact"),
                            ("copyright", "Copyright"),
                            ("privacy", "Privacy"),
                        ],
                        max_length=9,
                        unique=True,
                        verbose_name="page",
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=80, verbose_name="title (simplified)"),
                ),
                (
                    "name_hant",
                    models.CharField(blank=True, max_length=80, verbose_name="title (traditional)"),
                ),
                (
                    "body",
                    articles.models.article.SafeHTMLField(
                        blank=True, verbose_name="text (simplified)"
                    ),
                ),
                (
                    "body_hant",
                    articles.models.article.SafeHTMLField(
                        blank=True, verbose_name="text (traditional)"
                    ),
                ),
                ("modified_at", models.DateTimeField(auto_now=True, verbose_name="modified at")),
            ],
            options={
                "verbose_name": "page of the portal",
                "verbose_name_plural": "pages of the portal",
                "ordering": ["key"],
                "default_permissions": ("change", "view"),
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
