from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0024_derived_near_duplicates"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="evidence",
            field=models.JSONField(
                db_default=[], default=list, verbose_name="why fields got their values"
            ),
        ),
    ]
