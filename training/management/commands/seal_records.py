"""Seal what was recorded since the last seal."""

from django.core.management.base import BaseCommand

from training.sealing import seal


class Command(BaseCommand):
    help = "Seal the records since the last seal. A cron job should call this once a day."

    def handle(self, **options):
        made = seal()
        if made is None:
            self.stdout.write("nothing new to seal")
        else:
            self.stdout.write(f"seal {made.number}: {made.count} records, {made.chain}")
