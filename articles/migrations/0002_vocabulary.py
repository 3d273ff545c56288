"""Load the starter vocabulary; curators take it from there in the admin."""

import json
from pathlib import Path

from django.db import migrations

DATA_FILE = Path(__file__).resolve().parent.parent / "importing" / "fields" / "vocabulary.json"


def load(apps, schema_editor):
    Tag = apps.get_model("articles", "Tag")
    TagAlias = apps.get_model("articles", "TagAlias")
    for group in json.loads(DATA_FILE.read_text("utf-8")):
        for term in group["tags"]:
            tag = Tag.objects.create(
                name=term["hans"], name_hant=term["hant"], slug=term["slug"], group=group["group"]
            )
            TagAlias.objects.bulk_create(TagAlias(tag=tag, name=name) for name in term["aliases"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
