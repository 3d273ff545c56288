"""Fill the library that `make run` shows: in one process, as dictionaries take seconds to load."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Migrate the database and put in the starter essays, their collections and the demo "
        "accounts; run again, it puts in nothing twice. Only with DEBUG on."
    )

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("The starter library is for trying out only: DEBUG is off.")
        seeds = settings.BASE_DIR / "seeds"
        call_command("migrate", verbosity=0)
        call_command("rebuild_search")
        call_command("import_essays", str(seeds), "--publish")
        call_command("import_collections", str(seeds / "collections.json"), "--publish")
        call_command("demo_curator")
