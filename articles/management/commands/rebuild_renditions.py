"""Make the renditions of all articles anew."""

from functools import partial

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from articles.curation import corrections
from articles.models import Author, Collection, CollectionItem, RenditionCorrection, Tag
from portal.transactions import retried


class Command(BaseCommand):
    help = (
        "Make title, summary, body and outline of every article in both scripts anew, and let the "
        "quotation marks in the texts of collections, tags and authors follow the script."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--correction",
            type=int,
            metavar="NUMBER",
            help="only of the articles that this correction of a script is about",
        )

    def handle(self, *, correction, **options):
        RenditionCorrection.objects.settled()
        ids = None
        if correction is not None:
            found = RenditionCorrection.objects.filter(pk=correction).first()
            if found is None:
                raise CommandError(f"There is no correction {correction}.")
            ids = corrections.touched(found)
        done = corrections.make_anew(ids)
        if ids is None:
            _fill_in()
        self.stdout.write(f"{done} articles rendered in both scripts")


def _fill_in() -> None:
    """Let texts that curators keep in both scripts follow what a save would make of them."""
    for model in (Collection, CollectionItem, Tag, Author):
        for key in model.objects.order_by("pk").values_list("pk", flat=True):
            retried(partial(_fill_in_one, model, key))


def _fill_in_one(model: type[Model], key: int) -> None:
    """Let one follow, as it stands when nobody else can change it."""
    rows = model.objects.filter(pk=key)
    row = rows.order_by("pk").select_for_update(of=("self",), no_key=True).first()
    if row is not None and (changed := row.filled_in()):
        rows.update(**changed)
