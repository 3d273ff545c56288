"""The tables as the migrations up to 0004 leave them; see that of the articles."""

import re
import uuid
from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

STEPS = (
    ("0002_append_only", "refuse"),
    ("0003_groups", "create"),
    ("0004_units_in_the_order_of_the_tree", "by_character"),
)


def take_steps(apps, schema_editor):
    for name, function in STEPS:
        getattr(import_module(f"training.migrations.{name}"), function)(apps, schema_editor)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("training", "0001_initial"),
        ("training", "0002_append_only"),
        ("training", "0003_groups"),
        ("training", "0004_units_in_the_order_of_the_tree"),
    ]

    dependencies = [
        ("articles", "0028_decisions_are_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("from_id", models.BigIntegerField()),
                ("to_id", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("chain", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("key_id", models.CharField(max_length=16)),
                ("sealed_on", models.DateField()),
            ],
            options={
                "verbose_name": "seal",
                "verbose_name_plural": "seals",
                "ordering": ["number"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SealKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_id", models.CharField(max_length=16, unique=True)),
                ("public", models.CharField(max_length=64)),
                ("from_on", models.DateField()),
            ],
            options={
                "verbose_name": "public key of seals",
                "verbose_name_plural": "public keys of seals",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title (simplified)")),
                (
                    "title_hant",
                    models.CharField(max_length=300, verbose_name="title (traditional)"),
                ),
                ("body", models.TextField()),
                ("body_hant", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("passages", models.JSONField()),
                ("chars", models.PositiveIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="editions",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="articles.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition of a text",
                "verbose_name_plural": "editions of texts",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "sha256"), name="an_edition_is_made_once_of_a_text"
                    )
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
                ("member_uid", models.UUIDField(db_index=True)),
                ("by", models.CharField(max_length=150, verbose_name="looked at by")),
                ("why", models.CharField(max_length=40, verbose_name="where")),
                ("on", models.DateField(verbose_name="on")),
            ],
            options={
                "verbose_name": "look at records",
                "verbose_name_plural": "looks at records",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member_uid", "by", "why", "on"), name="a_look_is_noted_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Path",
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
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "in use"),
                            ("closed", "no longer in use"),
                        ],
                        default="draft",
                        max_length=6,
                        verbose_name="status",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("new", "new officers"),
                            ("serving", "serving officers"),
                            ("core", "core officers"),
                            ("all", "all members"),
                        ],
                        default="all",
                        max_length=7,
                        verbose_name="for",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        verbose_name="credited hours",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.collection",
                        verbose_name="collection it follows",
                    ),
                ),
            ],
            options={
                "verbose_name": "training path",
                "verbose_name_plural": "training paths",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="paths_have_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "open", "closed"])),
                        name="paths_have_a_known_status",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PathItem",
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
                ("required", models.BooleanField(default=True, verbose_name="required")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "path",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="training.path",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a path",
                "verbose_name_plural": "texts of a path",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("path", "article"), name="an_article_stands_once_in_a_path"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PathVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("made_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "path",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="training.path",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a path",
                "verbose_name_plural": "versions of paths",
                "ordering": ["path", "-number"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("path", "number"), name="versions_of_a_path_are_numbered"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("passage_hash", models.CharField(max_length=16, verbose_name="passage")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("approved", "approved"),
                            ("retired", "no longer asked"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["article", "pk"],
                "permissions": [("approve_question", "approve questions")],
                "indexes": [
                    models.Index(fields=["article", "passage_hash"], name="questions_of_a_passage")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "approved", "retired"])),
                        name="questions_are_in_a_known_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("single", "single choice"), ("truefalse", "true or false")],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                (
                    "stem",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="question (simplified)"
                    ),
                ),
                (
                    "stem_hant",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="question (traditional)"
                    ),
                ),
                ("options", models.JSONField(blank=True, default=list, verbose_name="answers")),
                ("key", models.PositiveSmallIntegerField(verbose_name="right answer")),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="explanation (simplified)"
                    ),
                ),
                (
                    "note_hant",
                    models.CharField(
                        blank=True, max_length=400, verbose_name="explanation (traditional)"
                    ),
                ),
                ("made_on", models.DateField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="training.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a question",
                "verbose_name_plural": "versions of questions",
                "ordering": ["question_id", "-number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("question", "number"), name="versions_of_a_question_are_numbered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stem", ""), _negated=True),
                        name="questions_ask_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["single", "truefalse"])),
                        name="questions_are_of_a_known_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("member_uid", models.UUIDField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("step", "read and understood"),
                            ("path", "path finished"),
                            ("excuse", "excused"),
                            ("paper", "read on paper"),
                            ("correction", "correction"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("object", models.JSONField(verbose_name="of what")),
                ("rule", models.JSONField(default=dict, verbose_name="by which rule")),
                ("result", models.JSONField(default=dict, verbose_name="result")),
                ("unit", models.JSONField(default=dict, verbose_name="unit at that time")),
                ("by", models.CharField(max_length=150, verbose_name="recorded by")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("corrects", models.UUIDField(null=True)),
                ("leaf_sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "record",
                "verbose_name_plural": "records",
                "ordering": ["pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["step", "path", "excuse", "paper", "correction"])
                        ),
                        name="records_are_of_a_known_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("required", models.BooleanField(default=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="training.edition",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="training.pathversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a path",
                "verbose_name_plural": "steps of paths",
                "ordering": ["version", "position"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "position"), name="steps_of_a_version_are_numbered"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "edition"), name="a_version_asks_for_a_text_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
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
                ("path", models.CharField(editable=False, max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("federation", "federation"),
                            ("district", "township or industry union"),
                            ("grassroots", "grassroots union"),
                            ("branch", "branch"),
                            ("team", "team"),
                        ],
                        default="grassroots",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Stands on slips and begins the sign-in names of the unit's members.",
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^[-\\w]+\\Z"),
                                "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
                                "invalid",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="training.unit",
                        verbose_name="belongs to",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "ordering": ["path"],
                "permissions": [("view_all_units", "see the people of all units")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="units_have_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="units_have_a_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__endswith", ".")),
                        name="paths_of_units_end_with_a_full_stop",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["federation", "district", "grassroots", "branch", "team"])
                        ),
                        name="units_are_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("pk")), _negated=True),
                        name="a_unit_is_not_above_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="full name")),
                ("staff_no", models.CharField(max_length=40, verbose_name="staff number")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="joined on")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="member",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employees",
                        to="training.unit",
                        verbose_name="employer",
                    ),
                ),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "ordering": ["employer__path", "staff_no"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None)),
                        fields=("employer", "staff_no"),
                        name="a_staff_number_is_one_member_of_an_employer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="members_have_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("staff_no", ""), _negated=True),
                        name="members_have_a_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Activation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code_sha256", models.CharField(max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("made_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("used_on", models.DateField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="activations",
                        to="training.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "activation slip",
                "verbose_name_plural": "activation slips",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_on", None)),
                        fields=("member",),
                        name="a_member_has_one_open_slip",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entered_name", models.CharField(max_length=150)),
                ("entered_on", models.DateField()),
                ("confirmed_on", models.DateField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_entries",
                        to="training.edition",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper_entries",
                        to="training.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading on paper",
                "verbose_name_plural": "readings on paper",
                "ordering": ["-pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "edition"), name="reading_on_paper_is_entered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckPass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("passage", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passes",
                        to="training.edition",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passes",
                        to="training.member",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passes",
                        to="training.question",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.questionversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "question answered",
                "verbose_name_plural": "questions answered",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "edition", "question"), name="a_question_is_answered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "offices",
                    models.JSONField(
                        blank=True, default=list, verbose_name="only who holds an office"
                    ),
                ),
                (
                    "newcomers",
                    models.BooleanField(
                        default=False,
                        help_text="Who joins on the first day or later; each has the days below.",
                        verbose_name="only newcomers",
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="first day")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="days a newcomer has"
                    ),
                ),
                (
                    "repeat_months",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="again after (months)"
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=200, verbose_name="note for members"),
                ),
                (
                    "cancelled_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="cancelled on"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="training.pathversion",
                        verbose_name="training path",
                    ),
                ),
                (
                    "units",
                    models.ManyToManyField(
                        related_name="rules", to="training.unit", verbose_name="units"
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment rule",
                "verbose_name_plural": "assignment rules",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__isnull", False), ("newcomers", False)),
                            models.Q(("due_days__isnull", False), ("newcomers", True)),
                            _connector="OR",
                        ),
                        name="rules_have_a_due_date_or_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on", None), ("due_on__gte", models.F("opens_on")), _connector="OR"
                        ),
                        name="rules_are_due_after_they_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repeat_months", None), ("repeat_months__gte", 1), _connector="OR"
                        ),
                        name="rules_repeat_after_a_month_or_more",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assigned",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("excused", "excused"),
                            ("lapsed", "no longer asked"),
                        ],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("done_count", models.PositiveSmallIntegerField(default=0)),
                ("step_count", models.PositiveSmallIntegerField()),
                ("completed_on", models.DateField(null=True)),
                ("excuse", models.CharField(blank=True, max_length=200)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned",
                        to="training.member",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned",
                        to="training.rule",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "task of a member",
                "verbose_name_plural": "tasks of members",
                "ordering": ["due_on", "pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["member", "due_on"],
                        name="open_tasks_of_a_member",
                    ),
                    models.Index(fields=["rule", "unit", "state"], name="tasks_of_a_rule_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "member", "round"), name="a_rule_asks_a_member_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "done", "excused", "lapsed"])),
                        name="tasks_are_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            ("completed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="done_tasks_have_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "excused"), _negated=True),
                            models.Q(("excuse", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="excused_tasks_say_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen", models.BinaryField(default=b"")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("screen", "on the screen"),
                            ("print", "in print"),
                            ("listen", "read out to me, or by a screen reader"),
                            ("paper", "on paper, entered by the unit"),
                        ],
                        default="screen",
                        max_length=6,
                    ),
                ),
                ("finished_on", models.DateField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seen",
                        to="training.edition",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="training.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "what was seen of a text",
                "verbose_name_plural": "what was seen of texts",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "edition"), name="a_member_sees_an_edition_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["screen", "print", "listen", "paper"])),
                        name="texts_are_read_in_a_known_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepDone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_uid", models.UUIDField()),
                (
                    "assigned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps_done",
                        to="training.assigned",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.step",
                    ),
                ),
            ],
            options={
                "verbose_name": "step done",
                "verbose_name_plural": "steps done",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("assigned", "step"), name="a_step_is_done_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chair", "chair"),
                            ("trainer", "trainer"),
                            ("auditor", "auditor"),
                        ],
                        max_length=7,
                        verbose_name="office",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="training.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="training.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "office",
                "verbose_name_plural": "offices",
                "ordering": ["unit__path", "role", "from_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("member", "unit", "role"),
                        name="an_office_is_held_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="offices_end_after_they_begin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["chair", "trainer", "auditor"])),
                        name="offices_are_of_a_known_role",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="training.member",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="training.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["from_on", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("until_on", None)),
                        fields=["unit", "member"],
                        name="members_of_a_unit",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("member",),
                        name="a_member_belongs_to_one_unit_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on", None),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="memberships_end_after_they_begin",
                    ),
                ],
            },
        ),
        migrations.RunPython(take_steps, migrations.RunPython.noop),
    ]
