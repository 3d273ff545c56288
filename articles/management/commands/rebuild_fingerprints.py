"""Make the fingerprints of all articles anew, and find their near duplicates."""

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.curation.near_duplicates import note_similar
from articles.models import Article, Similarity
from articles.text import html

BATCH = 200


class Command(BaseCommand):
    help = (
        "Make the fingerprints of every article anew and look for near duplicates. What curators "
        "dismissed stays dismissed. It may be stopped and run again."
    )

    def handle(self, **options):
        done = last = 0
        while True:
            articles = Article.objects.filter(pk__gt=last).only("pk", "body").order_by("pk")
            batch = list(articles[:BATCH])
            if not batch:
                break
            with transaction.atomic():
                for article in batch:
                    note_similar(article, html.plain_text(article.body), anew=True)
            done, last = done + len(batch), batch[-1].pk
        pairs = Similarity.objects.standing().count()
        self.stdout.write(f"{done} articles have their fingerprints; {pairs} pairs are alike")
