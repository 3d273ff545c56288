"""The sign of life of a rebuild; a library without articles has nothing to rebuild."""

from django.db import migrations, models
from django.db.models import F


def begin(apps, schema_editor):
    if not apps.get_model("articles", "Article").objects.exists():
        apps.get_model("articles", "SearchVersion").objects.update(indexed=F("number"))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchversion",
            name="alive_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
