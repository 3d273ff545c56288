"""Make a library of any size, to measure the portal with."""

import os
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from articles.making import loading

TOLD_EVERY = 10  # seconds


class Command(BaseCommand):
    help = (
        "Make N articles of real words in no sense, published and indexed, to measure with: for a "
        "database of its own. Run again after it was ended, it goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("count", type=int, metavar="N", help="articles in all")
        parser.add_argument("--seed", default="1", help="another gives other articles")
        parser.add_argument(
            "--force", action="store_true", help="make them beside articles that were not made"
        )
        parser.add_argument(
            "--jobs",
            type=int,
            default=os.cpu_count() or 1,
            metavar="N",
            help="processes; SQLite has one",
        )

    def handle(self, *, count, seed, force, jobs, verbosity, **options):
        if not 1 <= count <= loading.MOST:
            raise CommandError(f"N is from 1 to {loading.MOST:,}.")
        if jobs < 1 or not seed.isalnum() or len(seed) > 40:
            raise CommandError("--jobs is from 1 on, and --seed letters and digits.")
        columns = (
            TextColumn("Making"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=True) as progress:
            task = progress.add_task("", total=None)
            told = time.monotonic()

            def tell(done: int, total: int) -> None:
                nonlocal told
                if verbosity and sys.stderr.isatty() and progress.disable:
                    progress.disable = False
                    progress.start()
                progress.update(task, completed=done, total=total)
                if verbosity > 1 and time.monotonic() - told > TOLD_EVERY:
                    told = time.monotonic()
                    self.stdout.write(f"{done} of {total}")

            try:
                outcome = loading.make(count, seed, jobs=jobs, force=force, tell=tell)
            except loading.NotOurs as error:
                raise CommandError(str(error)) from None
            except DatabaseError as error:
                raise CommandError(
                    f"The database does not answer as it should: {error}. What was made is kept; "
                    "run the same command again to go on."
                ) from None
            except KeyboardInterrupt:
                raise CommandError(
                    "Interrupted; what was made is kept. Run the same command again to go on: "
                    "until it is done, indexes may be missing."
                ) from None
        if verbosity:
            self.stdout.write(
                f"{outcome.made} articles made, {outcome.standing} stood already; "
                f"{outcome.made / outcome.seconds:.0f} a second in all, "
                f"{outcome.made / outcome.loading:.0f} without indexes"
            )
