"""Put in the made-up federation of `make run`, and accounts to try it with."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError

from training.demo import put_in
from training.models import Member, Office


class Command(BaseCommand):
    help = (
        "Put in a made-up federation of 8 units and 60 members with a path to read, and accounts "
        "to try it with; run again, it puts in nothing twice. Only with DEBUG on."
    )

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("The demo federation is for trying out only: DEBUG is off.")
        put_in(settings.BASE_DIR / "seeds" / "training.json")
        password = self._password()
        officer = self._account("demo-officer", password, is_staff=True)
        officer.groups.add(Group.objects.get(name="培訓"))
        chair = Office.objects.filter(unit__code="FZ").select_related("member").first().member
        members = Member.objects.exclude(offices__isnull=False).order_by("pk")
        member = members.filter(memberships__unit__code="FZ").first()
        for who, name in ((chair, "demo-chair"), (member, "demo-member")):
            if who.user_id is None:
                who.user = self._account(name, password)
                who.save(update_fields=["user"])
        self.stdout.write(f"Training:       password {password} for each of")
        self.stdout.write("  demo-officer  /admin/training/      assigns, sees every unit")
        self.stdout.write("  demo-chair    /zh-hant/unit/FZ/     sees their own unit")
        self.stdout.write("  demo-member   /zh-hant/learn/       reads, and answers")

    def _password(self) -> str:
        kept: Path = settings.BASE_DIR / ".local" / "demo-training-password"
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(9))
        return kept.read_text()

    def _account(self, name: str, password: str, **rights: bool) -> User:
        user, _ = User.objects.get_or_create(username=name, defaults=rights)
        if not user.check_password(password):
            user.set_password(password)
            user.save()
        return user
