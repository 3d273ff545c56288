"""Delete for good what has lain in the recycle bin for long."""

from datetime import timedelta
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.curation.audit import audit_numbers, label_of
from articles.models import Article
from articles.models.article_queries import KEPT_IN_BIN
from articles.models.revision import in_cited
from portal.transactions import retried

BATCH = 200


class Command(BaseCommand):
    help = (
        "Delete for good what has lain in the recycle bin for 30 days. A cron job should call "
        "this once a day; nothing else empties the bin by itself."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--days", type=int, default=KEPT_IN_BIN, metavar="N", help="days to keep (30)"
        )
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *, days, dry_run, verbosity, **options):
        if days < 0:
            raise CommandError("--days takes 0 or more.")
        old = Article.objects.in_bin_since(timezone.now() - timedelta(days=days))
        overdue = old.exclude(in_cited())
        kept = old.count() - overdue.count()
        if kept:
            self.stdout.write(f"{kept} articles are cited by training records and stay")
        keys = list(overdue.order_by("pk").values_list("pk", flat=True))
        if dry_run:
            self.stdout.write(f"{len(keys)} articles would be deleted for good")
            return
        done = 0
        for start in range(0, len(keys), BATCH):
            some = overdue.filter(pk__in=keys[start : start + BATCH])
            done += retried(partial(self._delete, some, days))
        self.stdout.write(f"{done} articles deleted for good")

    def _delete(self, articles, days: int) -> int:
        """Delete a batch under a lock: what was restored meanwhile stays."""
        chosen = articles.lock()
        found = Article.objects.filter(pk__in=chosen)
        titles = list(found.order_by("pk").values_list("title", flat=True))
        if chosen:
            audit_numbers(
                None,
                "purge",
                Article,
                chosen,
                label=label_of(titles[:3], len(titles)),
                note=f"empty_bin --days {days}",
                operator="empty_bin",
            )
        found.delete()
        return len(chosen)
