"""Search takes the words that members say: 不给钱 for 欠薪, 厂长 for who heads a firm."""

from django.db import migrations
from django.db.models import F

from articles.models.search_words import new_change
from articles.search.supplied import supplied, take


def take_words(apps, schema_editor):
    """Take the file's rows; the index follows where they changed."""
    if not take(lambda name: apps.get_model("articles", name), supplied()):
        return
    version = apps.get_model("articles", "SearchVersion").objects
    version.update(number=F("number") + 1, change=new_change())
    if not apps.get_model("articles", "Article").objects.exists():  # none is cut with earlier words
        version.update(indexed=F("number"))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0045_found_by_cover"),
    ]

    operations = [
        migrations.RunPython(take_words, migrations.RunPython.noop, elidable=True),
    ]
