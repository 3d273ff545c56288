"""Make a backup of the portal."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.safekeeping import archive


class Command(BaseCommand):
    help = (
        "Copy the database and the uploads that wait into a folder, with checksums, while the "
        "portal goes on. What `restore` brings the portal back from."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="one that is not there yet")
        parser.add_argument(
            "--replace", action="store_true", help="take the place of the backup that is there"
        )

    def handle(self, *, folder, replace, **options):
        try:
            manifest = archive.make(folder, replace=replace)
        except archive.BackupRefused as error:
            raise CommandError(f"No backup was made. {error}") from None
        size = sum(one["bytes"] for one in manifest["files"].values())
        count = len(manifest["files"])
        self.stdout.write(f"{folder}: {count} files, {size / 1_048_576:.1f} MB, checksums noted")
        self.stdout.write("Not in it, to be kept elsewhere:")
        self.stdout.write("  SECRET_KEY, and the other settings: the environment of the server")
        if archive.is_media_elsewhere():
            self.stdout.write("  pictures: the service that MEDIA_STORAGE names keeps them")
        if Path(settings.SEAL_KEY_FILE).is_file():
            self.stdout.write(
                f"  {settings.SEAL_KEY_FILE}, the private key of training's seals: apart from "
                "backups, readable by its owner alone"
            )
