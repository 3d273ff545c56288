"""Find anew what is worth reading after each article."""

from functools import partial

from django.core.management.base import BaseCommand
from django.db import IntegrityError

from articles.models import Article, Related
from articles.search.related import relate
from portal.transactions import retried

BATCH = 200


class Command(BaseCommand):
    help = (
        "Find anew what is worth reading after each article, for a library that was loaded "
        "without saving its articles. It may be stopped and run again."
    )

    def handle(self, **options):
        done = last = 0
        while True:
            articles = Article.objects.filter(pk__gt=last).order_by("pk")
            batch = list(articles.values_list("pk", flat=True)[:BATCH])
            if not batch:
                break
            # An article may be deleted meanwhile.
            retried(partial(relate, batch), also=(IntegrityError,))
            done, last = done + len(batch), batch[-1]
        pairs = Related.objects.count()
        self.stdout.write(f"{done} articles compared; {pairs} links to others stand ready")
