"""Where uploaded files wait for their import: a private folder for each run, gone afterwards."""

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from ..importing.files import ImportFile, collect
from ..models import ImportRun

_LONGEST_NAME = 120


class UploadHandler(TemporaryFileUploadHandler):
    """Take uploads to disk; stop at the size that is allowed, and where the disk is full.

    The view finds the reason in `request.upload_stopped`, and no file.
    """

    def new_file(self, *args, **kwargs):
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._stop("disk")

    def receive_data_chunk(self, raw_data, start):
        self.received = getattr(self, "received", 0) + len(raw_data)
        if self.received > settings.UPLOAD_MAX_MB * 1024 * 1024:
            self._stop("size")
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._stop("disk")

    def _stop(self, reason: str):
        self.request.upload_stopped = reason
        raise StopUpload(connection_reset=False)


def folder(run: ImportRun) -> Path:
    return Path(settings.SPOOL_DIR) / str(run.pk)


def shown_name(name: str) -> str:
    """Return an uploaded file's name for showing: no path, no control or direction marks."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    stem, dot, extension = name.strip().rpartition(".")
    if not dot:
        stem, extension = extension, ""
    ending = f".{extension[:10]}" if extension else ""
    return (stem.strip(" .")[: _LONGEST_NAME - len(ending)] or "file") + ending


def keep(run: ImportRun, files: Iterable[UploadedFile]) -> list[dict]:
    """Write uploaded files into the run's folder; return their names as shown and on disk.

    On disk they are numbers, so no name can lead anywhere. Raises OSError where the disk is full,
    with nothing left behind.
    """
    place = folder(run)
    place.mkdir(mode=0o700, parents=True)
    kept, taken = [], set()
    try:
        for number, file in enumerate(sorted(files, key=lambda file: file.name or ""), 1):
            name = unique = shown_name(file.name or "")
            path, copy = PurePosixPath(name), 1
            while unique.lower() in taken:
                copy += 1
                unique = f"{path.stem} ({copy}){path.suffix}"
            taken.add(unique.lower())
            suffix = path.suffix.lower() if re.fullmatch(r"\.\w{1,10}", path.suffix) else ""
            on_disk = f"{number:04}{suffix}"
            with (place / on_disk).open("xb") as target:
                for chunk in file.chunks():
                    target.write(chunk)
            kept.append({"name": unique, "on_disk": on_disk})
    except OSError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return kept


def files_of(run: ImportRun, skipped: Callable[[str, str], None]) -> list[ImportFile]:
    """Return the essays of an upload, zips opened, under the names they were uploaded with."""
    return [file for entry in run.options["uploaded"] for file in _named(run, entry, skipped)]


def _named(run, entry: dict, skipped: Callable[[str, str], None]) -> Iterator[ImportFile]:
    def shown(path: str) -> str:
        _, inside, member = path.partition("!")  # of a zip, or of a table of essays
        return entry["name"] + inside + member

    found = collect(
        [folder(run) / entry["on_disk"]],
        lambda path, why: skipped(shown(path), why),
        run.options.get("encoding"),
    )
    for file in found:
        path = shown(file.path)
        name = file.name if "!" in path else entry["name"]
        yield replace(file, path=path, origin=f"upload:/{path}"[-900:], name=name)


def discard(run: ImportRun) -> None:
    shutil.rmtree(folder(run), ignore_errors=True)


def used() -> int:
    """Return the bytes of all uploads that wait."""
    sizes = []
    for path in Path(settings.SPOOL_DIR).rglob("*"):
        with suppress(OSError):  # gone meanwhile
            sizes.append(path.lstat().st_size if path.is_file() else 0)
    return sum(sizes)


def has_room(more: int) -> bool:
    """Tell whether that many bytes more may wait."""
    return used() + more <= settings.SPOOL_MAX_MB * 1024 * 1024


def is_kept(run: ImportRun) -> bool:
    """Tell whether the files of a run are still there."""
    return folder(run).is_dir()


def numbers() -> list[int]:
    """Return the numbers of the runs that have a folder."""
    root = Path(settings.SPOOL_DIR)
    places = root.iterdir() if root.is_dir() else ()
    return [int(place.name) for place in places if place.name.isdecimal()]
