"""The import report: what was read, changed and stored, file by file, as JSON."""

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from ..models import Source
from .import_loop import Result
from .library import CREATED, DUPLICATE, UPDATED

VERSION = 1


def entry(result: Result) -> dict:
    """Return what the report says of one file."""
    drafted, stored, outcome = result.drafted, result.stored, result.outcome
    draft = drafted.draft
    article = stored.article if stored else None  # in a dry run also one that is gone again
    shown = None if outcome == DUPLICATE else result.article
    flags = [_plain(flag) for flag in draft.flags] if draft else []
    if outcome in (CREATED, UPDATED):
        similar = [flag.as_json() for flag in stored.similar]  # only the library knows these
        flags = [*article.source.flags, *similar]
    tags = []
    if article is not None and draft is not None:
        tags = [tag.text("name", draft.script) for tag in article.tags.all()]
    return {
        "path": drafted.file.path,
        "sha256": drafted.sha256 or None,
        "bytes": drafted.size,
        "encoding": draft.encoding if draft else None,
        "outcome": outcome,
        "article": {
            "id": shown.pk,
            "url": shown.url_in(shown.original_script),
            "status": shown.status,
        }
        if shown
        else None,
        "title": draft.title if draft else "",
        "title_source": draft.title_source if draft else "none",
        "authors": draft.authors if draft else [],
        "date": draft.date_as_stated or None if draft else None,
        "datetime": draft.stated_time.isoformat() if draft and draft.stated_time else None,
        "summary": draft.summary if draft else "",
        "keywords": draft.keywords if draft else [],
        "tags": tags,
        "script": draft.script if draft else None,
        "source_name": draft.source_name if draft else "",
        "genre": draft.genre if draft else "",
        "outline": [{"level": b.level, "title": b.text} for b in draft.headings] if draft else [],
        "body": [block.as_json() for block in draft.blocks] if draft else [],
        "evidence": [one.as_json() for one in draft.evidence] if draft else [],
        "edits": [_plain(edit) for edit in draft.edits] if draft else [],
        "flags": flags,
        "duplicate_of": result.article.pk if outcome == DUPLICATE and result.article else None,
        "note": result.note,
        "error": result.error or None,
    }


def _plain(finding) -> dict:
    return {name: getattr(finding, name) for name in finding.__slots__}


class ReportLost(RuntimeError):
    """The report cannot be written on: the disk is full, or nobody reads it any more."""


class ReportFile:
    """A report written entry by entry, so that memory stays flat; `-` is standard output.

    It goes to a temporary file beside its place and is renamed when whole: nobody reads half a
    report. Raises OSError at once where that place cannot be written, ReportLost where it later
    cannot: then nothing is left there.
    """

    def __init__(self, target: str, dry_run: bool):
        self._target = None if target == "-" else Path(target)
        self._temporary = ""
        self._first, self._lost = True, False
        if self._target and self._target.is_dir():
            raise IsADirectoryError(f"{target} is a folder; name a file in it")
        if self._target:
            handle, self._temporary = tempfile.mkstemp(
                prefix=f".{self._target.name}.", dir=self._target.parent
            )
            Path(self._temporary).chmod(0o644)
            self._stream: TextIO = os.fdopen(handle, "w", encoding="utf-8")
        else:
            self._stream = sys.stdout
        self._stream.write(f'{{"version": {VERSION}, "dry_run": {json.dumps(dry_run)}, "files": [')

    def add(self, written: dict) -> None:
        with self._told():
            self._stream.write("\n" if self._first else ",\n")
            self._first = False
            json.dump(written, self._stream, ensure_ascii=False)

    def finish(self, totals: dict[str, int], seconds: float, lost: Iterable[Source] = ()) -> None:
        """Write the end, with the sources whose files are gone, and put the file in its place,
        unless the report is lost already."""
        if self._lost:
            return
        gone = [{"path": source.origin, "article": source.article_id} for source in lost]
        rest = {"seconds": round(seconds, 3), "totals": totals, "gone": gone}
        with self._told():
            self._stream.write("],\n" + json.dumps(rest)[1:] + "\n")
            self._stream.flush()
            if self._target:
                self._stream.close()
                Path(self._temporary).replace(self._target)
                self._temporary = ""

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._lost = True
            self.discard()
            raise ReportLost(f"The report cannot be written: {error.strerror}") from None

    def discard(self) -> None:
        """Remove the temporary file of a report that was not finished."""
        if self._temporary:
            with suppress(OSError):
                self._stream.close()
            Path(self._temporary).unlink(missing_ok=True)
            self._temporary = ""
