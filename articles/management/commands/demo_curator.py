"""Create the accounts that `make run` signs newcomers in with: a curator's and a reader's."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Create a curator and a reader for trying the portal out, with random passwords kept in "
        ".local/demo-password and .local/demo-reader-password. Only with DEBUG on."
    )

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError(
                "Demo accounts are for trying out only. Use `manage.py createsuperuser`."
            )
        curator = self._account("demo", "demo-password", is_staff=True, is_superuser=True)
        reader = self._account("demo-reader", "demo-reader-password")
        self.stdout.write(f"Curators' desk: /admin/  {curator}")
        self.stdout.write(f"Readers:        /zh-hant/account/sign-in/  {reader}")

    def _account(self, name: str, file: str, **rights: bool) -> str:
        """Return how to sign in to an account, which is made where it is not there yet."""
        kept: Path = settings.BASE_DIR / ".local" / file
        user, created = get_user_model().objects.get_or_create(username=name, defaults=rights)
        if created or not kept.exists():
            password = secrets.token_urlsafe(9)
            kept.parent.mkdir(exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(password)
            user.set_password(password)
            user.save()
        return f"user {name}, password {kept.read_text()}"
