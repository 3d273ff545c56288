"""Search takes some seventy more words: what the law says, found by what members say, and back."""

from importlib import import_module

from django.db import migrations

take_words = import_module("articles.migrations.0046_how_members_say_it").take_words


class Migration(migrations.Migration):
    dependencies = [("articles", "0048_more_everyday_words")]
    operations = [migrations.RunPython(take_words, migrations.RunPython.noop)]
