"""Search takes a hundred more everyday words: 没签合同 for what a written contract is asked by."""

from importlib import import_module

from django.db import migrations

take_words = import_module("articles.migrations.0046_how_members_say_it").take_words


class Migration(migrations.Migration):
    dependencies = [("articles", "0047_desk_list")]
    operations = [migrations.RunPython(take_words, migrations.RunPython.noop)]
