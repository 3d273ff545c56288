"""Forget old revisions."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from articles.models import Revision, RevisionText

BATCH = 500


class Command(BaseCommand):
    help = (
        "Forget old revisions. The first, the newest, what readers see or will see, and drafts "
        "that wait are kept whatever their age."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--keep", type=int, default=20, metavar="N", help="newest kept an article (20)"
        )
        parser.add_argument(
            "--older-than", type=int, default=90, metavar="DAYS", help="age in days (90)"
        )
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *, keep, older_than, dry_run, **options):
        if keep < 1 or older_than < 0:
            raise CommandError("--keep takes 1 or more, --older-than 0 or more.")
        before = timezone.now() - timedelta(days=older_than)
        chosen = list(Revision.objects.prunable(keep, before).values_list("pk", "text_id"))
        forgotten = freed = 0
        with transaction.atomic():
            for start in range(0, len(chosen), BATCH):
                some = chosen[start : start + BATCH]
                # A draft may have been restored or published meanwhile: what is in use stays.
                doomed = Revision.objects.filter(pk__in=[pk for pk, _ in some], draft_of=None)
                doomed = doomed.exclude_asked_for()
                forgotten += doomed.count()
                doomed.delete()
                idle = RevisionText.objects.filter(
                    pk__in={text for _, text in some}, revisions=None
                )
                freed += idle.aggregate(size=Sum(Length("packed")))["size"] or 0
                RevisionText.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).delete()
            left = Revision.objects.count()
            size = RevisionText.objects.aggregate(size=Sum(Length("packed")))["size"] or 0
            if dry_run:
                transaction.set_rollback(True)
        told = "would be forgotten" if dry_run else "forgotten"
        self.stdout.write(
            f"{forgotten} revisions {told}, {freed:,} bytes of text freed; "
            f"{left} stay, {size:,} bytes of text"
        )
