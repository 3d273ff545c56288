"""Forget old revisions."""

from collections import Counter
from datetime import timedelta
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from articles.curation.audit import audit_numbers, label_of
from articles.models import Article, Revision, RevisionText
from portal.transactions import retried

BATCH = 500


class _Tried(Exception):
    """A dry run ends with what it has to tell, and nothing it did stands."""


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
        try:
            told = retried(partial(self._prune, keep, older_than, dry_run))
        except _Tried as tried:
            told = tried.args[0]
        self.stdout.write(told)

    def _prune(self, keep: int, older_than: int, dry_run: bool) -> str:
        before = timezone.now() - timedelta(days=older_than)
        chosen = list(Revision.objects.prunable(keep, before).values_list("pk", "text_id"))
        forgotten: Counter[int] = Counter()
        freed = 0
        for start in range(0, len(chosen), BATCH):
            some = chosen[start : start + BATCH]
            # A draft may have been restored or published meanwhile: what is in use stays.
            doomed = Revision.objects.filter(pk__in=[pk for pk, _ in some], draft_of=None)
            doomed = doomed.exclude_asked_for().order_by("pk").select_for_update(of=("self",))
            locked = dict(doomed.values_list("pk", "article_id"))
            forgotten.update(locked.values())
            Revision.objects.filter(pk__in=locked).delete()
            idle = RevisionText.objects.filter(pk__in={text for _, text in some}, revisions=None)
            freed += idle.aggregate(size=Sum(Length("packed")))["size"] or 0
            RevisionText.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).delete()
        left = Revision.objects.count()
        size = RevisionText.objects.aggregate(size=Sum(Length("packed")))["size"] or 0
        if forgotten:
            self._log(sorted(forgotten), f"prune_revisions --keep {keep} --older-than {older_than}")
        told = (
            f"{forgotten.total()} revisions {'would be ' * dry_run}forgotten, {freed:,} bytes of "
            f"text freed; {left} stay, {size:,} bytes of text"
        )
        if dry_run:
            raise _Tried(told)
        return told

    def _log(self, articles: list[int], note: str) -> None:
        first = Article.objects.filter(pk__in=articles[:3]).order_by("pk")
        titles = list(first.values_list("title", flat=True))
        audit_numbers(
            None,
            "prune",
            Article,
            articles,
            label=label_of(titles, len(articles)),
            note=note,
            operator="prune_revisions",
        )
