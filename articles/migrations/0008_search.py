"""Search by words: the index beside the articles, in the form each database has for it."""

import json
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from articles.search import postgres, sqlite

DATA_FILE = Path(__file__).resolve().parent.parent / "search" / "words.json"


def _engine(schema_editor):
    return postgres if schema_editor.connection.vendor == "postgresql" else sqlite


def create(apps, schema_editor):
    for statement in _engine(schema_editor).CREATE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in _engine(schema_editor).DROP:
        schema_editor.execute(statement)


def load(apps, schema_editor):
    """Load the words to begin with; curators take them from there in the admin."""
    words = json.loads(DATA_FILE.read_text("utf-8"))
    DomainWord = apps.get_model("articles", "DomainWord")
    Synonym = apps.get_model("articles", "Synonym")
    DomainWord.objects.bulk_create(DomainWord(word=word) for word in words["domain"])
    Synonym.objects.bulk_create(Synonym(words="、".join(group)) for group in words["synonyms"])
    apps.get_model("articles", "SearchVersion").objects.create()


def allow(apps, schema_editor):
    """Reviewers and administrators keep the words and see what is looked for."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    wanted = {"domainword": ("add", "change", "delete", "view"), "synonym": ("add", "change", "delete", "view"), "searchlog": ("view",)}  # fmt: skip
    for model, actions in wanted.items():
        content_type, _ = ContentType.objects.get_or_create(app_label="articles", model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                codename=f"{action}_{model}",
                content_type=content_type,
                defaults={"name": f"Can {action} {model}"},
            )
            for group in Group.objects.filter(name__in=["審核", "管理員"]):
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_source_marks"),
    ]

    operations = [
        migrations.CreateModel(
            name="DomainWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=20, unique=True, verbose_name="word")),
            ],
            options={
                "verbose_name": "search word",
                "verbose_name_plural": "search words",
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_row",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("position", models.BigIntegerField(unique=True)),
                ("expires", models.DateTimeField(null=True)),
                ("title", models.CharField(max_length=600)),
                ("pinyin", models.CharField(max_length=120)),
                ("facets", models.TextField()),
                ("version", models.PositiveIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SearchVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(default=1)),
                ("indexed", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.CharField(max_length=300, verbose_name="words that mean the same"),
                ),
            ],
            options={
                "verbose_name": "synonyms",
                "verbose_name_plural": "synonyms",
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=8, unique=True)),
                ("pinyin", models.CharField(db_index=True, max_length=48)),
                ("weight", models.PositiveIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="article",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="expires at"),
        ),
        migrations.CreateModel(
            name="SearchLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("query", models.CharField(max_length=60, verbose_name="looked for")),
                ("hits", models.PositiveIntegerField(verbose_name="found")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="times")),
            ],
            options={
                "verbose_name": "search",
                "verbose_name_plural": "searches",
                "ordering": ["-day", "-times"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("day", "query"), name="a_query_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facet", models.CharField(max_length=24)),
                ("position", models.BigIntegerField()),
                ("expires", models.DateTimeField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listings",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["facet", "-position", "expires", "article"], name="lists_in_order"
                    )
                ],
            },
        ),
        migrations.RunPython(create, drop),
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
