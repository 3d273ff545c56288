"""Work on a bulk run; the desk starts this by itself."""

from django.core.management.base import BaseCommand, CommandError

from articles.curation.bulk import work
from articles.models import BulkRun


class Command(BaseCommand):
    help = "Do what still waits of a bulk change that was confirmed at the desk."

    def add_arguments(self, parser):
        parser.add_argument("run", type=int, metavar="NUMBER")

    def handle(self, *, run, verbosity, **options):
        found = BulkRun.objects.filter(pk=run, state=BulkRun.State.WORKING).first()
        if found is None:
            raise CommandError(f"No bulk change {run} is at work.")
        work.work(found, self._tell if verbosity > 1 else None)
        if found.state == BulkRun.State.FAILED:
            raise CommandError(found.error)
        self.stdout.write(f"{found.done} of {found.total} done")

    def _tell(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} of {total}")
