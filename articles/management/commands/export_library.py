"""Write everything that people made of the library into plain files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.whole.giving import export


class Command(BaseCommand):
    help = (
        "Write all articles with everything that belongs to them, and all of training, into a "
        "folder (or a .zip): JSON Lines and the original files. docs/export.md describes it."
    )

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, metavar="FOLDER", help="or a file called .zip")
        parser.add_argument(
            "--with-passwords", action="store_true", help="the hashes of passwords too"
        )

    def handle(self, *, target, with_passwords, verbosity, **options):
        try:
            manifest = export(
                target,
                with_passwords=with_passwords,
                tell=self._tell if verbosity > 1 else None,
            )
        except OSError as error:
            raise CommandError(f"Nothing was exported: {error}") from None
        rows = sum(one["rows"] for one in manifest["files"].values())
        articles = manifest["files"]["articles.article.jsonl"]["rows"]
        files = manifest["originals"]["files"]
        self.stdout.write(f"{target}: {articles} articles, {rows} rows, {files} original files")

    def _tell(self, name: str, rows: int) -> None:
        self.stdout.write(f"{name}: {rows}")
