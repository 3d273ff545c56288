"""Tell whether the portal is well."""

import sys

from django.core.management.base import BaseCommand

from portal.health import ILL, findings


class Command(BaseCommand):
    help = (
        "Look at database, migrations, clock, disk, cache, broker, mail, secrets, index and "
        "uploads: a line for each, and what to do. Exit code 1 where something is BAD, else 0."
    )
    requires_system_checks = ()

    def handle(self, **options):
        ill = 0
        for found in findings():
            ill += found.level == ILL
            self.stdout.write(str(found))
        if ill:
            self.stderr.write(f"{ill} to be seen to")
            sys.exit(1)
