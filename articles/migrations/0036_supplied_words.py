"""Synonyms with a reason, one-way ones too, and the words that search comes with."""

from django.db import migrations, models
from django.db.models import F

from articles.models.search_words import new_change
from articles.search.supplied import supplied, take


def bring_up_to_date(apps, schema_editor):
    def model(name):
        return apps.get_model("articles", name)

    if take(model, supplied()):
        version = model("SearchVersion").objects
        version.update(number=F("number") + 1, change=new_change())
        if not model("Article").objects.exists():  # no text is cut with earlier words
            version.update(indexed=F("number"))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0035_pictures"),
    ]

    operations = [
        migrations.AddField(
            model_name="synonym",
            name="one_way",
            field=models.BooleanField(default=False, verbose_name="one way"),
        ),
        migrations.AddField(
            model_name="synonym",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="source or reason"),
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
                        on_delete=models.deletion.SET_NULL,
                        related_name="+",
                        to="articles.synonym",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(bring_up_to_date, migrations.RunPython.noop),
    ]
