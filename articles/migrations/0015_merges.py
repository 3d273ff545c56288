"""Old addresses of tags and authors, names authors sign by as well, and merges with their undo."""

import re

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from articles.text import script

BATCH = 2000


def name_key(name):
    return re.sub(r"[\s·•‧・∙．.\-]+", "", script.comparable(name)).casefold()[:80]


def fill_keys(apps, schema_editor):
    Author = apps.get_model("articles", "Author")
    some = []
    for author in Author.objects.only("name").iterator(BATCH):
        author.key = name_key(author.name)
        some.append(author)
        if len(some) == BATCH:
            Author.objects.bulk_update(some, ["key"])
            some = []
    Author.objects.bulk_update(some, ["key"])


def allow(apps, schema_editor):
    """Let those who keep authors keep their aliases, as with tags."""
    # Permissions are otherwise made after the last migration, too late for this one.
    config = apps.get_app_config("articles")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    own = Permission.objects.filter(content_type__app_label="articles")
    for action in ("add", "change", "view", "delete"):
        permission = own.get(codename=f"{action}_authoralias")
        for group in apps.get_model("auth", "Group").objects.filter(
            permissions__in=own.filter(codename=f"{action}_author")
        ):
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0014_revisions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="author",
            name="key",
            field=models.CharField(db_index=True, default="", editable=False, max_length=80),
        ),
        migrations.CreateModel(
            name="AuthorAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="alias")),
                ("unit", models.CharField(blank=True, max_length=120, verbose_name="unit")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="articles.author",
                        verbose_name="author",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias",
                "verbose_name_plural": "aliases",
                "ordering": ["name", "unit"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "unit"), name="one_author_an_alias_and_unit"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
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
                        choices=[("tag", "tag"), ("author", "author")],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("survivor", models.BigIntegerField()),
                ("names", models.JSONField()),
                ("moved", models.JSONField()),
                ("article_count", models.PositiveIntegerField(verbose_name="articles")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="time")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone at")),
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
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "ordering": ["-pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["kind", "survivor"], name="merges_into")],
            },
        ),
        migrations.CreateModel(
            name="Redirect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=90, verbose_name="old address")),
                ("former", models.BigIntegerField(db_index=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redirects",
                        to="articles.author",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redirects",
                        to="articles.tag",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("tag__isnull", False)),
                        fields=("slug",),
                        name="one_tag_an_old_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("author__isnull", False)),
                        fields=("slug",),
                        name="one_author_an_old_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("author__isnull", False), ("tag__isnull", True)),
                            models.Q(("author__isnull", True), ("tag__isnull", False)),
                            _connector="OR",
                        ),
                        name="redirects_lead_to_one",
                    ),
                ],
            },
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
