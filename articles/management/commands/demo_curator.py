"""Create the account that `make run` signs newcomers in with."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

NAME = "demo"


class Command(BaseCommand):
    help = (
        "Create a curator for trying the portal out, with a random password kept in "
        ".local/demo-password. Only with DEBUG on."
    )

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError(
                "Demo accounts are for trying out only. Use `manage.py createsuperuser`."
            )
        kept: Path = settings.BASE_DIR / ".local" / "demo-password"
        user, created = get_user_model().objects.get_or_create(
            username=NAME, defaults={"is_staff": True, "is_superuser": True}
        )
        if created or not kept.exists():
            password = secrets.token_urlsafe(9)
            kept.parent.mkdir(exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(password)
            user.set_password(password)
            user.save()
        self.stdout.write(f"Curators' desk: /admin/  user {NAME}, password {kept.read_text()}")
