"""Make the fingerprints of all articles anew, and find their near duplicates."""

from functools import partial

from django.core.management.base import BaseCommand

from articles.curation.near_duplicates import hold, note_similar
from articles.models import Article, Similarity
from articles.text import html
from portal.transactions import retried

BATCH = 200


class Command(BaseCommand):
    help = (
        "Make the fingerprints of every article anew and look for near duplicates. What curators "
        "dismissed stays dismissed. It may be stopped and run again."
    )

    def handle(self, **options):
        done = last = 0
        while True:
            following = Article.objects.filter(pk__gt=last).order_by("pk")
            batch = list(following.values_list("pk", flat=True)[:BATCH])
            if not batch:
                break
            done, last = done + retried(partial(self._note, batch)), batch[-1]
        pairs = Similarity.objects.standing().count()
        self.stdout.write(f"{done} articles have their fingerprints; {pairs} pairs are alike")

    def _note(self, batch: list[int]) -> int:
        """Do it for a batch that nobody else changes meanwhile; return how many are there."""
        chosen = Article.objects.filter(pk__in=batch).lock()
        hold()
        for article in Article.objects.filter(pk__in=chosen).only("pk", "body").order_by("pk"):
            note_similar(article, html.plain_text(article.body), anew=True)
        return len(chosen)
