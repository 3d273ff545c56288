"""What pages show, as versions; their triggers are put in place after every `migrate`."""

from django.db import migrations, models

from articles.models import page_triggers


def take_triggers_away(apps, schema_editor):
    page_triggers.take_away()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0030_before_import"),
    ]

    operations = [
        migrations.CreateModel(
            name="PageVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=32)),
                ("slot", models.SmallIntegerField()),
                ("mark", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "slot"), name="one_mark_a_name_and_slot"
                    )
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, take_triggers_away),
    ]
