"""Import essay files into the library."""

import getpass
import sys
import time
from argparse import SUPPRESS, ArgumentTypeError
from collections import Counter
from contextlib import ExitStack, suppress
from functools import partial
from itertools import islice
from pathlib import Path, PurePath

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from articles.curation.audit import audit
from articles.importing.batch import WorkerLost
from articles.importing.fields.vocabulary import split_terms
from articles.importing.files import NO_READER, collect
from articles.intake import chunks, import_loop, library, uploads
from articles.intake.identity import gone
from articles.intake.import_report import ReportFile, ReportLost, entry
from articles.models import ImportRun, Tag
from portal.transactions import retried

SOME_REJECTED, INTERRUPTED = 3, 130

_TOLD_ALIKE = 20
"""Files of a table or zip told one by one with the same reason; the others are counted."""


class Command(BaseCommand):
    help = (
        "Import essays (files, folders or zips) as articles. Every change made to a text is "
        "kept on record; importing a file again changes nothing."
    )
    requires_system_checks = ()  # they load the pages of the site: a tenth of the start

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="*", metavar="PATH", type=Path)
        parser.add_argument("--run", type=_positive, help=SUPPRESS)  # how the desk starts an upload
        parser.add_argument("--chunk", nargs=3, type=_positive_or_none, help=SUPPRESS)  # a worker's
        parser.add_argument(
            "--queue", action="store_true", help="have it done by the workers of the broker"
        )
        parser.add_argument("--dry-run", action="store_true", help="do all, keep nothing")
        parser.add_argument(
            "--publish", action="store_true", help="publish what no blocking flag holds back"
        )
        parser.add_argument(
            "--report", metavar="FILE", help="write a JSON report; - is standard output"
        )
        parser.add_argument("--encoding", type=_encoding, metavar="NAME", help="force an encoding")
        parser.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes")
        parser.add_argument(
            "--tag",
            action="append",
            default=[],
            type=_tag_names,
            metavar="NAMES",
            help="add a tag to every article, or several: 維權，提案",
        )
        parser.add_argument(
            "--on-conflict",
            choices=library.ON_CONFLICT,
            default=library.SKIP,
            help="what to do with a known file that has changed",
        )
        parser.add_argument("--limit", type=_positive, metavar="N", help="take N files at the most")
        parser.add_argument("--fail-fast", action="store_true", help="stop at the first bad file")
        self.usage_error = parser.error

    def handle(self, *, paths, run, chunk, dry_run, report, limit, verbosity, **options):
        if run:
            return self._work(run)
        if chunk:
            return chunks.work(ImportRun.objects.get(pk=chunk[0]), *chunk[1:])
        if options["queue"] and not settings.CELERY_BROKER_URL:
            self.usage_error("--queue needs a broker: set CELERY_BROKER_URL, and start workers")
        if options["queue"] and (dry_run or report or options["fail_fast"]):
            self.usage_error("--queue has no --dry-run, --report or --fail-fast: others import")
        if not paths:
            self.usage_error("the following arguments are required: PATH")
        started = time.monotonic()
        for path in paths:
            if not path.exists():
                raise CommandError(f"There is no {path}. Nothing was imported.")
        out = self.stderr if report == "-" else self.stdout
        self._unread: Counter[str] = Counter()
        told = partial(self._skipped, verbosity)
        files = list(islice(collect(paths, told, options["encoding"]), limit))
        chosen = import_loop.Options(
            options["encoding"],
            options["publish"],
            tuple(split_terms("，".join(options["tag"]))),
            options["on_conflict"],
            options["jobs"],
            options["fail_fast"],
        )
        if options["queue"]:
            return self._hand_out(files, paths, chosen, limit, verbosity)
        try:
            written = ReportFile(report, dry_run) if report else None
        except OSError as error:
            raise CommandError(
                f"The report cannot be written: {error}. Nothing was imported."
            ) from None
        totals = Counter(files=len(files))
        code, met = 0, set()
        self._alike: Counter[tuple[str, str]] = Counter()
        with ExitStack() as stack:
            if written:
                stack.callback(written.discard)
            try:
                record = None if dry_run else self._start_run(paths, chosen, limit)
                vocabulary = Tag.objects.vocabulary()
            except DatabaseError as error:
                raise CommandError(
                    f"The database does not answer as it should: {error}. "
                    "Check DATABASE_URL and run `manage.py migrate`. Nothing was imported."
                ) from None
            results = import_loop.import_files(
                files,
                record,
                chosen,
                vocabulary=vocabulary,
                dry_run=dry_run,
                watch=lambda drafts: self._progress(drafts, len(files), verbosity),
            )
            stack.callback(results.close)
            try:
                for result in results:
                    totals[result.outcome] += 1
                    if result.article:
                        met.add(result.article.pk)
                    self._tell(out, verbosity, result)
                    if written:
                        written.add(entry(result))
                    if result.outcome == library.FAILED:
                        code = SOME_REJECTED
                        if chosen.fail_fast:
                            self.stderr.write("Stopped at the first bad file (--fail-fast).")
            except KeyboardInterrupt:
                kept = "a dry run keeps nothing" if dry_run else "the files done so far are kept"
                self.stderr.write(f"Interrupted; {kept}.")
                code = INTERRUPTED
            except (OperationalError, WorkerLost, ReportLost, OSError) as error:
                what = "The database stopped" if isinstance(error, OperationalError) else "Stopped"
                kept = "What was imported before is kept; run the same command again."
                self.stderr.write(f"{what}: {error}. {'' if dry_run else kept}".rstrip())
                code = SOME_REJECTED if totals[library.CREATED] + totals[library.UPDATED] else 1
            lost = []
            if limit is None and code != INTERRUPTED:
                with suppress(DatabaseError):
                    lost = gone(paths, {file.origin for file in files}, met)
            for source in lost:
                out.write(f"{source.origin}: gone; article {source.article_id} stays as it is")
            totals = {"files": totals["files"]} | {name: totals[name] for name in library.OUTCOMES}
            if record:
                with suppress(DatabaseError):  # the database stopped: the run stays unfinished
                    retried(lambda: self._end_run(record, totals, " ".join(map(str, paths))))
            if written:
                try:
                    written.finish(totals, time.monotonic() - started, lost)
                except ReportLost as error:
                    self.stderr.write(f"{error}. All else is done.")
                    code = SOME_REJECTED
        self._tell_alike()
        if verbosity:
            self._tell_unread()
            kept = " (dry run: nothing kept)" if dry_run else ""
            counts = ", ".join(f"{count} {name}" for name, count in totals.items())
            with suppress(OSError):  # nobody reads it any more
                out.write(f"{counts}{kept}")
        if code:
            sys.exit(code)

    def _hand_out(self, files, paths, chosen, limit, verbosity) -> None:
        """Give the files to the workers, and follow them until all is done."""
        run = self._start_run([path.resolve() for path in paths], chosen, limit)
        chunks.list_files(run, files)
        try:
            count = chunks.hand_out(run)
        except OSError as error:
            raise CommandError(f"Nothing was imported: {error}") from None
        if verbosity:
            self.stdout.write(f"Run {run.pk}: {run.total} files in {count} chunks for the workers")
        try:
            for _done in self._progress(chunks.follow(run), run.total, verbosity):
                pass
        except KeyboardInterrupt:
            self.stderr.write("The workers go on; the run's page at the desk shows how far it is.")
            sys.exit(INTERRUPTED)
        totals = chunks.totals(run)
        for row in run.files.filter(outcome=library.FAILED).order_by("position"):
            self.stderr.write(f"{row.path}: {row.error}")
        if verbosity:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in totals.items()))
        if totals[library.FAILED]:
            sys.exit(SOME_REJECTED)

    def _work(self, number: int) -> None:
        run = ImportRun.objects.filter(pk=number).first()
        if run is None or not run.is_upload:
            raise CommandError(f"Import run {number} is no upload.")
        uploads.work(run)

    def _start_run(self, paths, chosen: import_loop.Options, limit) -> ImportRun:
        kept = {
            "publish": chosen.publish,
            "tag": chosen.tags,
            "on_conflict": chosen.on_conflict,
            "fail_fast": chosen.fail_fast,
            "encoding": chosen.encoding,
            "jobs": chosen.jobs,
            "paths": list(map(str, paths)),
            "limit": limit,
        }
        try:
            operator = getpass.getuser()
        except (KeyError, OSError):  # a container's user without a name
            operator = ""
        return ImportRun.objects.create(operator=operator, options=kept)

    def _end_run(self, run: ImportRun, totals: dict[str, int], said: str) -> None:
        run.finished_at, run.totals = timezone.now(), totals
        run.save(update_fields=["finished_at", "totals"])
        audit(None, "import", run, after=totals, note=said, operator=run.operator)

    def _progress(self, drafts, total, verbosity):
        if not verbosity or not sys.stderr.isatty():
            yield from drafts
            return
        from rich.console import Console  # loaded where somebody looks
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield from progress.track(drafts, total=total, description="Importing")

    def _tell(self, out, verbosity, result: import_loop.Result) -> None:
        drafted, stored = result.drafted, result.stored
        if stored is None:
            self._tell_failure(drafted.file.path, result.error)
        elif result.note or verbosity >= 2 or (verbosity and stored.outcome == library.DUPLICATE):
            known = stored.outcome == library.DUPLICATE and result.article
            same = f" of article {known.pk}" if known else ""
            note = f" ({result.note})" if result.note else ""
            if verbosity:
                out.write(f"{drafted.file.path}: {stored.outcome}{same}{note}")
            if verbosity >= 3:
                kinds = Counter(edit.kind for edit in drafted.draft.edits)
                flags = Counter(flag.kind for flag in drafted.draft.flags)
                for name, count in [*kinds.items(), *flags.items()]:
                    out.write(f"    {name}: {count}")

    def _tell_failure(self, path: str, error: str) -> None:
        """Tell why a file failed; what fails alike in one table or zip is counted after a while."""
        whole = path.rpartition("!")[0]
        self._alike[whole, error] += bool(whole)
        if self._alike[whole, error] <= _TOLD_ALIKE:
            self.stderr.write(f"{path}: {error}")

    def _tell_alike(self) -> None:
        for (whole, error), count in self._alike.items():
            if count > _TOLD_ALIKE:
                self.stderr.write(f"{whole}: {count - _TOLD_ALIKE:,} more like these: {error}")

    def _tell_unread(self) -> None:
        if kinds := ", ".join(f"{kind} ({n:,})" for kind, n in sorted(self._unread.items())):
            self.stderr.write(
                f"Passed over for want of a reader: {kinds}. Name one to be told why."
            )

    def _skipped(self, verbosity: int, path: str, why: str) -> None:
        if why == NO_READER:
            self._unread[PurePath(path).suffix.lower() or "no extension"] += 1
        if verbosity >= 2:
            self.stderr.write(f"{path}: passed over, {why}")


def _tag_names(text: str) -> str:
    names = split_terms(text)
    if not names or any(len(name) > 60 for name in names):
        raise ArgumentTypeError("a tag has 1 to 60 characters")
    return text


def _encoding(text: str) -> str:
    try:
        "".encode(text)
    except LookupError:
        raise ArgumentTypeError(f"there is no text encoding called {text!r}") from None
    return text


def _positive_or_none(text: str) -> int:
    return 0 if text == "0" else _positive(text)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
