"""Bring the search index up to date, or tell where it is not."""

from django.core.management.base import BaseCommand, CommandError

from articles.search.rebuild import differences, rebuild


class Command(BaseCommand):
    help = (
        "Writes the search index of every article whose words were cut with earlier search words, "
        "or which has none. Readers go on searching meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="compare index and articles, change nothing"
        )
        parser.add_argument(
            "--all", action="store_true", help="write all anew, not only what is out of date"
        )

    def handle(self, *, check, all, **options):
        if check:
            found = differences()
            for article_id, what in found[:20]:
                self.stderr.write(f"article {article_id}: {what}")
            self.stdout.write(f"{len(found)} differences between index and articles")
            if found:
                raise CommandError("Run rebuild_search --all to mend them.")
            return
        count = rebuild(everything=all, tell=self._tell if options["verbosity"] > 1 else None)
        self.stdout.write(f"{count} articles indexed")

    def _tell(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} of {total}")
