"""Make the renditions of all articles anew."""

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.models import Article, Author, Collection, CollectionItem, Tag

BATCH = 200


class Command(BaseCommand):
    help = (
        "Make title, summary, body and outline of every article in both scripts anew, and let the "
        "quotation marks in the texts of collections, tags and authors follow the script."
    )

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
        for model in (Collection, CollectionItem, Tag, Author):
            for row in model.objects.order_by("pk"):
                if changed := row.filled_in():
                    model.objects.filter(pk=row.pk).update(**changed)
        self.stdout.write(f"{done} articles rendered in both scripts")
