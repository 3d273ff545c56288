from django.db import migrations, models

import articles.models.search_words


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0020_bulk_items_seen"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchversion",
            name="change",
            field=models.CharField(
                db_default="", default=articles.models.search_words.new_change, max_length=16
            ),
        ),
        migrations.AlterField(
            model_name="bulkrun",
            name="worker",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
    ]
