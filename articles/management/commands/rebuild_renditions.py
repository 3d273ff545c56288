"""Make the renditions of all articles anew."""

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.models import Article

BATCH = 200


class Command(BaseCommand):
    help = "Make title, summary, body and outline of every article in both scripts anew."

    def handle(self, **options):
        done = last = 0
        while True:
            batch = list(Article.objects.filter(pk__gt=last).order_by("pk")[:BATCH])
            if not batch:
                break
            with transaction.atomic():
                for article in batch:
                    article.make_renditions()
            done, last = done + len(batch), batch[-1].pk
        self.stdout.write(f"{done} articles rendered in both scripts")
