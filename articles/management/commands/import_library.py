"""Fill an empty library with an export of another."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles.curation.made_anew import make_all
from portal.whole.taking import Refused, take_in


class Command(BaseCommand):
    help = (
        "Fill an empty library with what export_library wrote, on the same kind of database or "
        "another: all of it or nothing. Pages and the search index are made of it."
    )

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path, metavar="FOLDER", help="or the .zip")

    def handle(self, *, source, verbosity, **options):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("Run `manage.py migrate` first. Nothing was imported.")
        tell = self._tell if verbosity > 1 else None
        try:
            manifest = take_in(source, then=lambda: make_all(tell), tell=tell)
        except Refused as error:
            raise CommandError(f"Nothing was imported. {error}") from None
        rows = sum(one["rows"] for one in manifest["files"].values())
        articles = manifest["files"]["articles.article.jsonl"]["rows"]
        self.stdout.write(f"{articles} articles and {rows} rows are in")
        if not manifest["with_passwords"]:
            self.stdout.write(
                "The export has no passwords: set one with `manage.py changepassword NAME`."
            )

    def _tell(self, name: str, count: int) -> None:
        self.stdout.write(f"{name}: {count}")
