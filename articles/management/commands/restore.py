"""Bring the portal back from a backup."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.safekeeping import archive


class Command(BaseCommand):
    help = (
        "Bring the portal back from a backup: its checksums are looked at first, and the database "
        "becomes all that it was or stays as it is. Stop servers and workers meanwhile."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--replace", action="store_true", help="lose what the portal has by now"
        )
        parser.add_argument(
            "--check", action="store_true", help="look at the checksums, change nothing"
        )

    def handle(self, *, folder, replace, check, **options):
        try:
            if check:
                manifest = archive.check(folder)
                self.stdout.write(f"{folder}: {len(manifest['files'])} files are as written")
                return
            manifest = archive.bring_back(folder, replace=replace)
        except archive.BackupRefused as error:
            raise CommandError(str(error)) from None
        call_command("migrate", verbosity=0)  # a backup of an earlier release
        self.stdout.write(f"The portal is back as {folder} has it; everybody signs in again.")
        if _is_sealed() and not Path(settings.SEAL_KEY_FILE).is_file():
            self.stdout.write(
                f"Put the private key of training's seals back at {settings.SEAL_KEY_FILE}; "
                "without it the next seal is signed with a new key."
            )


def _is_sealed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM training_sealkey LIMIT 1")
        return cursor.fetchone() is not None
