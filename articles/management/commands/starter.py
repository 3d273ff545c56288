"""Fill the library that `make run` shows: in one process, as dictionaries take seconds to load."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles.models import Article
from articles.search.index import index

_TAKEN_IN = timedelta(days=30)
"""After how long the starter library took in what was written."""


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
        begun = timezone.now().replace(microsecond=0)
        call_command("import_essays", str(seeds), "--publish")
        self._as_if_collected(begun)
        call_command("import_collections", str(seeds / "collections.json"), "--publish")
        call_command("demo_curator")

    def _as_if_collected(self, begun: datetime) -> None:
        """Let what was just published have come one after the other, each after it was written: so
        the newest of the library are the newest texts."""
        new = Article.objects.published().filter(published_at__gte=begun, stated_date__isnull=False)
        with transaction.atomic():
            chosen = new.lock()
            for pk, day in list(new.values_list("pk", "stated_date")):
                at = timezone.make_aware(datetime.combine(day + _TAKEN_IN, time(9)))
                Article.objects.filter(pk=pk).update(published_at=min(at, begun))
            index(chosen, same_words=True)
