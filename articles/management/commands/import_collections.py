"""Put collections together from a file that names the articles by theirs."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.html import format_html_join

from articles.curation.audit import audit
from articles.models import Collection, CollectionItem, Source, Status


class Command(BaseCommand):
    help = (
        "Make the collections of a JSON file: a list of objects with name, summary, introduction "
        "(paragraphs), featured, and articles, each with the file it was imported from and a note. "
        "A collection that is there already, by its name, is left as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--publish", action="store_true", help="publish them at once")

    def handle(self, *, path, publish, verbosity, **options):
        try:
            described = json.loads(path.read_text("utf-8"))
            with transaction.atomic():
                made = [self._made(one, publish) for one in described]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise CommandError(f"{path}: {type(error).__name__}: {error}") from None
        if verbosity:
            self.stdout.write(f"{sum(made)} collections made, {len(made) - sum(made)} unchanged")

    def _made(self, described: dict, publish: bool) -> bool:
        """Make one collection; tell whether there was none of its name."""
        if Collection.objects.named(described["name"]).exists():
            return False
        paragraphs = format_html_join(
            "\n", "<p>{}</p>", ((text,) for text in described["introduction"])
        )
        collection = Collection(
            name_hant=described["name"],
            summary_hant=described["summary"],
            introduction_hant=str(paragraphs),
            is_featured=described.get("featured", False),
            status=Status.PUBLISHED if publish else Status.DRAFT,
        )
        collection.save()
        names = {"name_hant": collection.name_hant, "status": collection.status}
        audit(None, "add", collection, after=names, operator="import_collections")
        for position, item in enumerate(described["articles"], 1):
            source = Source.objects.filter(file_name=item["file"]).order_by("pk").first()
            if source is None:
                self.stderr.write(f"{described['name']}: {item['file']} is not in the library")
                continue
            CollectionItem.objects.create(
                collection=collection,
                article_id=source.article_id,
                position=position,
                note_hant=item.get("note", ""),
            )
        return True
