"""Merge tags or authors that have too many articles for the desk, or undo such a merge."""

from django.core.management.base import BaseCommand, CommandError

from articles.curation import merging, unmerging
from articles.models import Author, Merge, Tag
from articles.models.redirect import at_address

_ANY = 10**9
_NAME = "merge_vocabulary"
"""How the log names who did it."""


class Command(BaseCommand):
    help = (
        "Merge tags or authors, told by their addresses: the first one stays. As at the desk, but "
        "for any number of articles. --undo takes a merge apart by its number."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=("tag", "author"), nargs="?")
        parser.add_argument("address", nargs="*")
        parser.add_argument("--undo", type=int, metavar="NUMBER")

    def handle(self, *, kind, address, undo, **options):
        try:
            told = self._undo(undo) if undo else self._merge(kind, address)
        except merging.Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(told)

    def _merge(self, kind: str, addresses: list[str]) -> str:
        if not kind or len(addresses) < 2:
            raise CommandError("Say tag or author, and two addresses or more; the first one stays.")
        model = Tag if kind == "tag" else Author
        rows = []
        for address in addresses:
            row, moved = at_address(model, address)
            if row is None or moved:
                raise CommandError(f"There is no {kind} of the address {address}.")
            rows.append(row)
        first, *others = rows
        record = merging.merge(first, others, None, most_articles=_ANY, operator=_NAME)
        return f"Merge {record.pk}: {record}, {record.article_count} articles"

    def _undo(self, number: int) -> str:
        record = Merge.objects.filter(pk=number).first()
        if record is None:
            raise CommandError(f"There is no merge {number}.")
        count = unmerging.undo(record, None, most_articles=_ANY, operator=_NAME)
        return f"Undone: {record}, {count} articles"
