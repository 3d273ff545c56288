"""Collections, counts of reading, and lists by genre, by month and in the order of dates."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

KEPT = ("add", "change", "delete", "view")
ALLOWED = {
    "編輯": {"collection": ("add", "change", "view"), "collectionitem": KEPT},
    "審核": {"collection": ("add", "change", "view"), "collectionitem": KEPT},
    "管理員": {"collection": KEPT, "collectionitem": KEPT},
}


def allow(apps, schema_editor):
    """Whoever edits articles collects them; who publishes is asked beside."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for group in Group.objects.filter(name__in=ALLOWED):
        for model, actions in ALLOWED[group.name].items():
            content_type, _ = ContentType.objects.get_or_create(app_label="articles", model=model)
            for action in actions:
                permission, _ = Permission.objects.get_or_create(
                    codename=f"{action}_{model}",
                    content_type=content_type,
                    defaults={"name": f"Can {action} {model}"},
                )
                group.permissions.add(permission)


def date(apps, schema_editor):
    """Date the lists that stand, and have `rebuild_search` make those by genre and month."""
    Article = apps.get_model("articles", "Article")
    Listing = apps.get_model("articles", "Listing")
    if Article.objects.exists():
        filed = Article.objects.filter(pk=OuterRef("article")).values("dated")
        Listing.objects.update(dated=Subquery(filed))
        apps.get_model("articles", "SearchVersion").objects.update(number=F("number") + 1)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_readers_own"),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["position", "pk"],
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
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="listing",
            name="dated",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["facet", "-dated", "-position", "expires", "article"], name="lists_by_date"
            ),
        ),
        migrations.AddField(
            model_name="collectionitem",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="collected",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="collectionitem",
            name="collection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="articles.collection",
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="articles",
            field=models.ManyToManyField(
                related_name="collections", through="articles.CollectionItem", to="articles.article"
            ),
        ),
        migrations.AddField(
            model_name="readcount",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="read_counts",
                to="articles.article",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionitem",
            constraint=models.UniqueConstraint(
                fields=("collection", "article"), name="an_article_stands_once_in_a_collection"
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="collections_have_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "published"])),
                name="collections_have_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="published_collections_have_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="readcount",
            constraint=models.UniqueConstraint(
                fields=("day", "article"), name="an_article_once_a_day"
            ),
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
        migrations.RunPython(date, migrations.RunPython.noop),
    ]
