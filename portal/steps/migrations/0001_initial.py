"""Passkeys; and what stands in the database as it is, of apps and printed codes, stands there so no
more."""

from binascii import unhexlify

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.steps.out_of_sight import hashed, seal, unseal


def put_out_of_sight(apps, schema_editor):
    for app in apps.get_model("otp_totp", "TOTPDevice").objects.all():
        app.key = seal(unhexlify(app.key), app.user_id)
        app.save(update_fields=["key"])
    for code in apps.get_model("otp_static", "StaticToken").objects.select_related("device"):
        code.token = hashed(code.token, code.device.user_id)
        code.save(update_fields=["token"])


def put_back(apps, schema_editor):
    """Printed codes cannot be read again: whoever has a second step makes new ones."""
    for app in apps.get_model("otp_totp", "TOTPDevice").objects.all():
        app.key = unseal(app.key, app.user_id).hex()
        app.save(update_fields=["key"])
    apps.get_model("otp_static", "StaticToken").objects.all().delete()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("otp_static", "0003_add_timestamps"),
        ("otp_totp", "0003_add_timestamps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="App",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("otp_totp.totpdevice",),
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("otp_static.staticdevice",),
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("host", models.CharField(max_length=253)),
                ("credential", models.CharField(max_length=1400, unique=True)),
                ("public_key", models.BinaryField()),
                ("count", models.PositiveBigIntegerField(default=0)),
                ("transports", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ("made_at", "pk"), "default_permissions": ()},
        ),
        migrations.RunPython(put_out_of_sight, put_back),
    ]
