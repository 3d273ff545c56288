"""The tables as the migrations up to 0038 leave them, for a database that has none of these yet.

Those migrations stay for databases that are on their way. What they do beside tables is taken from
them: the index of search, the words to begin with, the groups. `tests/models/test_migrations.py`
holds that both ways end alike.
"""

import datetime
from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import taggit.managers
from django.conf import settings
from django.db import migrations, models

import articles.models.search_words

STEPS = (
    ("0008_search", "create"),
    ("0010_search_beginnings", "by_codes"),
    ("0002_vocabulary", "load"),
    ("0003_groups", "create"),
    ("0006_uploads", "allow"),
    ("0008_search", "load"),
    ("0008_search", "allow"),
    ("0012_readers_own", "allow"),
    ("0013_collections", "allow"),
    ("0015_merges", "allow"),
    ("0016_bulk_and_log", "allow"),
    ("0017_review", "grant"),
    ("0026_rendition_corrections", "allow"),
    ("0032_the_work_queue", "allow"),
    ("0035_pictures", "allow"),
    ("0036_supplied_words", "bring_up_to_date"),
    ("0037_pages_of_the_portal", "fill"),
    ("0038_api_tokens", "allow"),
)
"""What a database without articles needs of the migrations that are replaced, in their order."""


def take_steps(apps, schema_editor):
    for name, function in STEPS:
        getattr(import_module(f"articles.migrations.{name}"), function)(apps, schema_editor)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("articles", "0001_initial"),
        ("articles", "0002_vocabulary"),
        ("articles", "0003_groups"),
        ("articles", "0004_near_duplicates"),
        ("articles", "0005_decisions"),
        ("articles", "0006_uploads"),
        ("articles", "0007_source_marks"),
        ("articles", "0008_search"),
        ("articles", "0009_search_rebuild"),
        ("articles", "0010_search_beginnings"),
        ("articles", "0011_related"),
        ("articles", "0012_readers_own"),
        ("articles", "0013_collections"),
        ("articles", "0014_revisions"),
        ("articles", "0015_merges"),
        ("articles", "0016_bulk_and_log"),
        ("articles", "0017_review"),
        ("articles", "0018_search_index"),
        ("articles", "0019_list_steps"),
        ("articles", "0020_bulk_items_seen"),
        ("articles", "0022_leases"),
        ("articles", "0023_revision_base"),
        ("articles", "0024_derived_near_duplicates"),
        ("articles", "0025_evidence"),
        ("articles", "0026_rendition_corrections"),
        ("articles", "0027_answered_in_the_form"),
        ("articles", "0028_decisions_are_known"),
        ("articles", "0029_list_changes"),
        ("articles", "0030_before_import"),
        ("articles", "0031_page_versions"),
        ("articles", "0032_the_work_queue"),
        ("articles", "0033_decisions_are_known_anew"),
        ("articles", "0034_files_are_set_aside"),
        ("articles", "0035_pictures"),
        ("articles", "0036_supplied_words"),
        ("articles", "0037_pages_of_the_portal"),
        ("articles", "0038_api_tokens"),
    ]

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

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
            name="SearchVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alive_until", models.DateTimeField(null=True)),
                ("number", models.PositiveIntegerField(default=1)),
                ("indexed", models.PositiveIntegerField(default=0)),
                (
                    "change",
                    models.CharField(
                        db_default="",
                        default=articles.models.search_words.new_change,
                        max_length=16,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
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
                ("body", models.TextField(blank=True, verbose_name="text (simplified)")),
                ("body_hant", models.TextField(blank=True, verbose_name="text (traditional)")),
                ("modified_at", models.DateTimeField(auto_now=True, verbose_name="modified at")),
            ],
            options={
                "verbose_name": "page of the portal",
                "verbose_name_plural": "pages of the portal",
                "ordering": ["key"],
                "default_permissions": ("change", "view"),
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
                ("one_way", models.BooleanField(default=False, verbose_name="one way")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="source or reason"),
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
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the log",
                "verbose_name_plural": "log",
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["user", "-at"], name="log_of_a_user"),
                    models.Index(fields=["action", "-at"], name="log_of_an_action"),
                    models.Index(fields=["kind", "-at"], name="log_of_a_kind"),
                ],
            },
        ),
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
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objects_told_of",
                        to="articles.auditentry",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["number", "entry"], name="log_of_an_object")],
            },
        ),
        migrations.CreateModel(
            name="Author",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=80, verbose_name="name (simplified)"),
                ),
                (
                    "name_hant",
                    models.CharField(blank=True, max_length=80, verbose_name="name (traditional)"),
                ),
                (
                    "slug",
                    models.SlugField(
                        blank=True, max_length=90, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "unit",
                    models.CharField(blank=True, max_length=120, verbose_name="unit (simplified)"),
                ),
                (
                    "unit_hant",
                    models.CharField(blank=True, max_length=120, verbose_name="unit (traditional)"),
                ),
                ("biography", models.TextField(blank=True, verbose_name="biography (simplified)")),
                (
                    "biography_hant",
                    models.TextField(blank=True, verbose_name="biography (traditional)"),
                ),
                ("key", models.CharField(db_index=True, default="", editable=False, max_length=80)),
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="authors_have_a_name"
                    ),
                    models.UniqueConstraint(
                        fields=("name", "unit"), name="one_author_a_name_and_unit"
                    ),
                ],
            },
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
            name="BulkRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alive_until", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, default="", max_length=32)),
                ("cancel_requested", models.BooleanField(default=False)),
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
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="bulk_runs",
                        to="articles.auditentry",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_by",
                        to="articles.bulkrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk change",
                "verbose_name_plural": "bulk changes",
                "ordering": ["-pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", "undo"), ("undoes__isnull", False)),
                            models.Q(
                                models.Q(("action", "undo"), _negated=True),
                                ("undoes__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="undoing_undoes_a_run",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alive_until", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, default="", max_length=32)),
                ("cancel_requested", models.BooleanField(default=False)),
                ("operator", models.CharField(blank=True, max_length=80, verbose_name="operator")),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("options", models.JSONField(default=dict, verbose_name="options")),
                ("totals", models.JSONField(default=dict, verbose_name="totals")),
                (
                    "state",
                    models.CharField(
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
                (
                    "done",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="files done"),
                ),
                (
                    "total",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="files"),
                ),
                ("error", models.TextField(blank=True, default="", verbose_name="error")),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import run",
                "verbose_name_plural": "import runs",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="ListChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facet", models.CharField(max_length=24)),
                ("position", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["facet", "position"], name="list_changes_in_order")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facet", models.CharField(max_length=24)),
                ("counted", models.PositiveIntegerField()),
                ("position", models.BigIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("facet", "counted"), name="a_step_counted_once")
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
            name="PageVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=32)),
                ("slot", models.SmallIntegerField()),
                ("mark", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "slot"), name="one_mark_a_name_and_slot"
                    )
                ],
            },
        ),
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
            name="SuppliedWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=30, unique=True)),
                ("words", models.CharField(max_length=300)),
                (
                    "synonym",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.synonym",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=60, unique=True, verbose_name="name (simplified)"
                    ),
                ),
                (
                    "name_hant",
                    models.CharField(
                        blank=True, max_length=60, unique=True, verbose_name="name (traditional)"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        blank=True, max_length=90, unique=True, verbose_name="address"
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("duty", "Basic duties"),
                            ("democracy", "Democratic institutions"),
                            ("ability", "Cadre skills"),
                            ("method", "Working methods"),
                            ("building", "Building the union"),
                            ("campaign", "Campaigns"),
                            ("law", "Law"),
                            ("other", "Other"),
                        ],
                        db_index=True,
                        default="other",
                        max_length=12,
                        verbose_name="group",
                    ),
                ),
                (
                    "description",
                    models.TextField(blank=True, verbose_name="description (simplified)"),
                ),
                (
                    "description_hant",
                    models.TextField(blank=True, verbose_name="description (traditional)"),
                ),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["group", "slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="tags_have_a_name"
                    )
                ],
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
        migrations.CreateModel(
            name="TagAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="alias")),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="articles.tag",
                        verbose_name="tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias",
                "verbose_name_plural": "aliases",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The program and where it runs: the log names it beside the owner.",
                        max_length=80,
                        verbose_name="what it is for",
                    ),
                ),
                ("scopes", models.JSONField(default=list, verbose_name="token allows")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                (
                    "used_on",
                    models.DateField(editable=False, null=True, verbose_name="last used on"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="revoked at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="The token may do no more than this account, and never publishes.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="acts for",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "ordering": ["-pk"],
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest", ""), _negated=True),
                        name="api_tokens_have_a_digest",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("slug", models.SlugField(blank=True, max_length=90, verbose_name="address")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("body", models.TextField(verbose_name="body")),
                (
                    "stated_date",
                    models.DateField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(datetime.date(1900, 1, 1)),
                            django.core.validators.MaxValueValidator(datetime.date(2099, 12, 31)),
                        ],
                        verbose_name="stated date",
                    ),
                ),
                (
                    "date_precision",
                    models.CharField(
                        blank=True,
                        choices=[("day", "day"), ("month", "month"), ("year", "year")],
                        max_length=5,
                        verbose_name="precision",
                    ),
                ),
                (
                    "date_is_upload",
                    models.BooleanField(
                        default=False, verbose_name="the date is a web site's upload date"
                    ),
                ),
                (
                    "source_name",
                    models.CharField(blank=True, max_length=120, verbose_name="source"),
                ),
                (
                    "source_url",
                    models.URLField(blank=True, max_length=500, verbose_name="source address"),
                ),
                (
                    "genre",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("paper", "Paper"),
                            ("speech", "Speech"),
                            ("commentary", "Commentary"),
                            ("experience", "Experience report"),
                        ],
                        max_length=12,
                        verbose_name="genre",
                    ),
                ),
                (
                    "original_script",
                    models.CharField(
                        choices=[
                            ("zh-Hans", "Simplified Chinese"),
                            ("zh-Hant", "Traditional Chinese"),
                        ],
                        max_length=7,
                        verbose_name="original script",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("published", "Published"),
                            ("archived", "Archived"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published at"),
                ),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expires at"),
                ),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "dated",
                    models.DateField(db_index=True, editable=False, verbose_name="filed under"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("modified_at", models.DateTimeField(auto_now=True, verbose_name="modified at")),
                ("text_changed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "deleted_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in the recycle bin since"
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
                        verbose_name="created by",
                    ),
                ),
                (
                    "deleted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="moved there by",
                    ),
                ),
                (
                    "modified_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="modified by",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["-pk"],
                "permissions": [
                    ("publish_article", "Can publish and unpublish articles"),
                    (
                        "publish_unreviewed",
                        "Can publish own changes without a review by somebody else",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["status", "-published_at", "-id"], name="articles_newest_first"
                    ),
                    models.Index(
                        fields=["deleted_at", "-modified_at", "-id"], name="articles_last_touched"
                    ),
                    models.Index(
                        condition=models.Q(("expires_at__isnull", False)),
                        fields=["expires_at"],
                        name="articles_that_expire",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="articles_have_a_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("original_script__in", ["zh-Hans", "zh-Hant"])),
                        name="articles_have_a_known_script",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_articles_have_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stated_date__isnull", True),
                            models.Q(
                                ("stated_date__gte", datetime.date(1900, 1, 1)),
                                ("stated_date__lte", datetime.date(2099, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="stated_dates_have_an_archive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("date_precision", ""), ("stated_date__isnull", True)),
                            models.Q(
                                ("date_precision__in", ["day", "month", "year"]),
                                ("stated_date__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="stated_dates_have_a_precision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Authorship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authorships",
                        to="articles.article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorships",
                        to="articles.author",
                        verbose_name="author",
                    ),
                ),
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "author"), name="an_author_signs_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="authors",
            field=models.ManyToManyField(
                related_name="articles",
                through="articles.Authorship",
                to="articles.author",
                verbose_name="authors",
            ),
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
                ("seen", models.IntegerField(null=True)),
                ("before", models.JSONField(null=True)),
                ("stamp", models.DateTimeField(null=True)),
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
                        related_name="items",
                        to="articles.bulkrun",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["run", "outcome", "id"], name="outcomes_of_a_bulk_run")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "number"), name="an_article_stands_once_in_bulk"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hash",
                        "article_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("hash", models.BigIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fingerprints",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "fingerprint",
                "verbose_name_plural": "fingerprints",
                "default_permissions": (),
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
                ("dated", models.DateField(null=True)),
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
                    ),
                    models.Index(
                        fields=["facet", "-dated", "-position", "expires", "article"],
                        name="lists_by_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("steps", models.JSONField(default=list)),
                ("stepped_at", models.DateTimeField(null=True)),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look",
                        to="articles.article",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stepped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_by__isnull", True), ("done_at__isnull", False), _connector="OR"
                        ),
                        name="looked_through_by_then",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=32, unique=True)),
                ("name", models.CharField(max_length=150, verbose_name="file name")),
                (
                    "alt",
                    models.CharField(
                        blank=True,
                        help_text="What is to be seen, for who does not see it. Each text may say it in its way.",
                        max_length=300,
                        verbose_name="description",
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                (
                    "size",
                    models.PositiveIntegerField(
                        editable=False, help_text="Bytes, all forms.", verbose_name="size"
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="added at"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "articles",
                    models.ManyToManyField(
                        editable=False,
                        related_name="pictures",
                        to="articles.article",
                        verbose_name="shown in",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ["-added_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="pictures_have_a_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("height__gte", 1), ("width__gte", 1)),
                        name="pictures_have_room",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("article", "user"), name="one_presence_a_user")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("reads", models.PositiveIntegerField(default=1, verbose_name="times")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_counts",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("day", "article"), name="an_article_once_a_day")
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
            name="Related",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.FloatField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related",
                        to="articles.article",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["article", "-score"], name="related_best_first")],
                "constraints": [
                    models.UniqueConstraint(fields=("article", "other"), name="related_once"),
                    models.CheckConstraint(
                        condition=models.Q(("article", models.F("other")), _negated=True),
                        name="nothing_is_related_to_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rendition",
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
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("summary", models.TextField(blank=True)),
                ("excerpt", models.TextField(blank=True)),
                ("body", models.TextField()),
                ("outline", models.JSONField(default=list)),
                ("source_name", models.CharField(blank=True, max_length=120)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "script"), name="one_rendition_a_script"
                    )
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
        migrations.CreateModel(
            name="RevisionText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("packed", models.BinaryField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("before", "as it stood"),
                            ("saved", "saved"),
                            ("draft", "saved as a draft"),
                            ("published", "published"),
                            ("moved", "status changed"),
                            ("restored", "restored"),
                            ("decided", "decision on the import"),
                            ("imported", "imported again"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("is_draft", models.BooleanField(default=False)),
                ("base", models.PositiveIntegerField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("published", "Published"),
                            ("archived", "Archived"),
                        ],
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what changed")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="at"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="articles.revisiontext",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["-number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "number"), name="a_revision_has_its_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_draft", False),
                            ("status__in", ["draft", "in_review"]),
                            _connector="OR",
                        ),
                        name="drafts_over_a_text_are_not_published",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="draft",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="draft_of",
                to="articles.revision",
                verbose_name="draft over the text readers see",
            ),
        ),
        migrations.CreateModel(
            name="ReviewRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for review"),
                            ("approved", "approved"),
                            ("rejected", "sent back"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_requests",
                        to="articles.article",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="requests",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["-at"], name="requests_open"
                    ),
                    models.Index(
                        fields=["submitted_by", "state", "-at"], name="requests_of_somebody"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("article",),
                        name="one_open_request_an_article",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ["approved", "rejected", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="requests_are_decided_once_not_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rejected"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="what_is_sent_back_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=500)),
                ("note", models.CharField(max_length=1000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="articles.reviewrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True),
                        name="comments_say_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_links",
                        to="articles.article",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_links",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="preview_links_expire_later",
                    )
                ],
            },
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
                    "source_name",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=120, verbose_name="source"
                    ),
                ),
                ("stated", models.CharField(blank=True, db_default="", default="", max_length=10)),
                ("begins", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("cut", models.JSONField(db_default=[], default=list)),
                ("cut_count", models.PositiveIntegerField(db_default=0, default=0)),
                ("doubts", models.JSONField(db_default={}, default=dict)),
                ("weight", models.PositiveIntegerField(db_default=0, default=0)),
                ("like", models.PositiveBigIntegerField(null=True)),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("update", "update that article"),
                            ("new", "another article"),
                            ("leave", "leave the file out"),
                        ],
                        db_default="",
                        default="",
                        max_length=6,
                    ),
                ),
                ("typed", models.JSONField(db_default={}, default=dict)),
                ("refusal", models.JSONField(db_default=[], default=list)),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
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
        migrations.CreateModel(
            name="Similarity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("jaccard", models.FloatField(verbose_name="similarity")),
                ("containment", models.FloatField(verbose_name="share of the shorter text")),
                ("found_at", models.DateTimeField(auto_now_add=True, verbose_name="found at")),
                ("dismissed_at", models.DateTimeField(null=True, verbose_name="dismissed at")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="dismissed by",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "similarity",
                "verbose_name_plural": "similarities",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("article", "other"), name="a_pair_stands_once"),
                    models.CheckConstraint(
                        condition=models.Q(("article__lt", models.F("other"))),
                        name="a_pair_begins_with_the_older",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.CharField(max_length=300, verbose_name="line")),
                ("key", models.CharField(editable=False, max_length=300, unique=True)),
                (
                    "is_kept",
                    models.BooleanField(
                        default=False,
                        help_text="Imports to come leave this line out, on record as an edit; nothing else.",
                        verbose_name="cut by every import",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="at"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "learned_on",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="articles.article",
                        verbose_name="learned on",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="articles.importrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a site",
                "verbose_name_plural": "lines of sites",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        name="site_lines_say_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("raw", models.BinaryField(verbose_name="original bytes")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                ("text_key", models.CharField(max_length=64, unique=True, verbose_name="text key")),
                ("origin", models.CharField(max_length=1000, unique=True, verbose_name="path")),
                ("file_name", models.CharField(max_length=255, verbose_name="file name")),
                ("encoding", models.CharField(max_length=20, verbose_name="encoding")),
                ("text", models.TextField(verbose_name="decoded text")),
                ("edits", models.JSONField(default=list, verbose_name="edits")),
                ("edit_count", models.PositiveIntegerField(default=0, verbose_name="edits")),
                ("edit_kinds", models.JSONField(default=dict)),
                ("flags", models.JSONField(default=list, verbose_name="flags")),
                ("flag_kinds", models.JSONField(default=dict)),
                (
                    "flag_count",
                    models.PositiveIntegerField(db_index=True, default=0, verbose_name="flags"),
                ),
                (
                    "blocking_count",
                    models.PositiveIntegerField(default=0, verbose_name="blocking flags"),
                ),
                (
                    "extracted",
                    models.JSONField(default=list, verbose_name="lines read as metadata"),
                ),
                ("keywords", models.JSONField(default=list, verbose_name="keywords")),
                (
                    "marks",
                    models.JSONField(default=list, verbose_name="structure of the source text"),
                ),
                (
                    "hints",
                    models.JSONField(
                        default=dict, verbose_name="what the file states beside its text"
                    ),
                ),
                ("written", models.JSONField(default=dict)),
                (
                    "evidence",
                    models.JSONField(
                        db_default=[], default=list, verbose_name="why fields got their values"
                    ),
                ),
                ("imported_at", models.DateTimeField(auto_now=True, verbose_name="imported at")),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                ("earlier_runs", models.ManyToManyField(related_name="+", to="articles.importrun")),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sources",
                        to="articles.importrun",
                        verbose_name="import run",
                    ),
                ),
            ],
            options={
                "verbose_name": "import source",
                "verbose_name_plural": "import sources",
                "indexes": [
                    models.Index(
                        condition=models.Q(("blocking_count__gt", 0)),
                        fields=["-imported_at"],
                        name="sources_held",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), _negated=True),
                        name="sources_have_a_digest",
                    )
                ],
            },
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
                            ("form", "answered in the form"),
                            ("table", "answered in the table before the import"),
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
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("action__in", ["accept", "settle", "undo", "review", "form", "table"])
                        ),
                        name="decisions_are_of_a_known_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaggedArticle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="articles.article",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="articles.tag",
                        verbose_name="tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("content_object", "tag"), name="a_tag_stands_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="articles.TaggedArticle",
                to="articles.Tag",
                verbose_name="tags",
            ),
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
                "indexes": [
                    models.Index(fields=["title"], name="titles_by_beginning"),
                    models.Index(fields=["pinyin"], name="titles_by_pinyin"),
                    models.Index(fields=["expires"], name="search_rows_by_end"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    "slug",
                    models.SlugField(
                        blank=True, max_length=90, unique=True, verbose_name="address"
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="summary (simplified)")),
                (
                    "summary_hant",
                    models.TextField(blank=True, verbose_name="summary (traditional)"),
                ),
                (
                    "introduction",
                    models.TextField(blank=True, verbose_name="introduction (simplified)"),
                ),
                (
                    "introduction_hant",
                    models.TextField(blank=True, verbose_name="introduction (traditional)"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="published at"
                    ),
                ),
                (
                    "is_featured",
                    models.BooleanField(
                        default=False,
                        help_text="The newest featured one stands on the home page.",
                        verbose_name="featured",
                    ),
                ),
                ("modified_at", models.DateTimeField(auto_now=True, verbose_name="modified at")),
            ],
            options={
                "verbose_name": "collection",
                "verbose_name_plural": "collections",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="collections_have_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published"])),
                        name="collections_have_a_known_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_collections_have_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        blank=True, default=0, verbose_name="position"
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=200, verbose_name="note (simplified)"),
                ),
                (
                    "note_hant",
                    models.CharField(blank=True, max_length=200, verbose_name="note (traditional)"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="collected",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="articles.collection",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collection", "article"),
                        name="an_article_stands_once_in_a_collection",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="collection",
            name="articles",
            field=models.ManyToManyField(
                related_name="collections", through="articles.CollectionItem", to="articles.article"
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "in_review", "published", "archived"])),
                name="articles_have_a_known_status",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("status", "draft"), ("status", "in_review"), _connector="OR"),
                fields=["modified_by", "-modified_at"],
                name="articles_in_hand",
            ),
        ),
        migrations.RunPython(take_steps, migrations.RunPython.noop),
    ]
