"""Bring all rules up to date: who joined, moved or left, and what is asked again."""

from django.core.management.base import BaseCommand

from training.assigning import bring_up_to_date


class Command(BaseCommand):
    help = (
        "Give tasks to whoever the rules ask and has none yet. A cron job should call this once a "
        "day; importing a roster and saving a rule do so at once."
    )

    def handle(self, **options):
        self.stdout.write(f"{bring_up_to_date()} tasks given")
