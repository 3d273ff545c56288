"""Texts are matched by more words that traditional pages write otherwise, 活著, 答覆, 藉口; and search
takes the synonyms that came with the essays on dues, injuries and leave."""

from functools import reduce
from operator import or_

from django.db import migrations
from django.db.models import F, Q

from articles.models.search_words import new_change
from articles.search.supplied import supplied, take
from articles.text.script import searchable

_WRITTEN = ("著", "瞭解", "藉", "覆")
_BATCH = 200


def match_anew(apps, schema_editor):
    """Keep those texts as they are matched now, and let the index follow."""
    articles = apps.get_model("articles", "Article").objects
    written = reduce(or_, (Q(search_text__contains=word) for word in _WRITTEN))
    keys = list(articles.filter(written).order_by("pk").values_list("pk", flat=True))
    changed = 0
    for first in range(0, len(keys), _BATCH):
        batch = []
        for article in articles.filter(pk__in=keys[first : first + _BATCH]).only("search_text"):
            matched = searchable(article.search_text)
            if matched != article.search_text:
                article.search_text = matched
                batch.append(article)
        articles.bulk_update(batch, ["search_text"], batch_size=50)
        changed += len(batch)
    words = take(lambda name: apps.get_model("articles", name), supplied())
    if changed or words:
        version = apps.get_model("articles", "SearchVersion").objects
        version.update(number=F("number") + 1, change=new_change())
        if not articles.exists():  # no text is cut with earlier words
            version.update(indexed=F("number"))


class Migration(migrations.Migration):
    atomic = False  # nobody waits for more than a batch; begun again, it goes on

    dependencies = [
        ("articles", "0040_saved_by_itself"),
    ]

    operations = [
        migrations.RunPython(match_anew, migrations.RunPython.noop, elidable=True),
    ]
