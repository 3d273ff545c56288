"""An export taken into an empty library, all or nothing.

What stands in the files is put in as it is: no save is made of it, and no time set. What is made of
it, pages and index, is made by `then`, in the same transaction.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models, transaction

from .giving import FORMAT, MANIFEST, MEDIA, VERSION, give_keys_after, place_of
from .kinds import Kind, kinds
from .plain_rows import BadRow, forget_names, reader

_BATCH = 200


class Refused(Exception):
    """An export cannot be taken in; it says why, and nothing was changed."""


class Given:
    """An export to read from, a folder or a zip."""

    def __init__(self, source: Path):
        self.source = source
        self._archive = None
        if not source.exists():
            raise Refused(f"There is no {source}.")
        if source.is_file():
            try:
                self._archive = zipfile.ZipFile(source)
            except (zipfile.BadZipFile, OSError) as error:
                raise Refused(f"{source} is no zip that can be read: {error}.") from None

    def close(self) -> None:
        if self._archive:
            self._archive.close()

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Open a file of the export. Raises Refused where it is missing or broken."""
        try:
            opened = self._archive.open(name) if self._archive else (self.source / name).open("rb")
            with opened as stream:
                yield stream
        except (KeyError, FileNotFoundError):
            raise Refused(f"{name} is missing in {self.source}.") from None
        except (zipfile.BadZipFile, OSError) as error:
            raise Refused(f"{name} cannot be read: {error}.") from None


def take_in(
    source: Path,
    *,
    then: Callable[[], object],
    tell: Callable[[str, int], None] | None = None,
) -> dict:
    """Fill the empty library with an export, and return its manifest. Raises Refused."""
    given = Given(source)
    try:
        manifest = _manifest(given)
        _check(given, manifest)
        forget_names()
        with transaction.atomic():
            _make_room()
            for kind in kinds():
                told = manifest["files"].get(f"{kind.name}.jsonl")
                if told:
                    _put_in(given, kind, told["last_key"])
                    if tell:
                        tell(kind.name, told["rows"])
            then()
            connection.check_constraints()
            if MEDIA in manifest["files"]:
                _take_media(given)
        return manifest
    except (BadRow, DatabaseError) as error:
        raise Refused(f"The export does not hold together: {error}".rstrip(".\n") + ".") from None
    finally:
        given.close()


def _manifest(given: Given) -> dict:
    try:
        with given.file(MANIFEST) as stream:
            manifest = json.load(stream)
        kind, version = manifest["format"], manifest["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{MANIFEST} cannot be read: {error}.") from None
    if kind != FORMAT:
        raise Refused(f"{given.source} is no export of a library.")
    if version > VERSION:
        raise Refused(f"The export has version {version}; this release reads up to {VERSION}.")
    known = {f"{kind.name}.jsonl" for kind in kinds()} | {MEDIA}
    if unknown := sorted(set(manifest["files"]) - known):
        raise Refused(f"This release knows nothing of {unknown[0]}: install a later one.")
    return manifest


def _check(given: Given, manifest: dict) -> None:
    """Look at the checksums of all files before anything is changed."""
    for name, told in manifest["files"].items():
        with given.file(name) as stream:
            digest = hashlib.sha256()
            while block := stream.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != told["sha256"]:
            raise Refused(f"{name} is not as it was written.")


def _make_room() -> None:
    """Take away what `migrate` has put in. Raises Refused where there is more than that."""
    for kind in kinds():
        if not kind.is_given and kind.model._base_manager.exists():
            what = kind.model._meta.verbose_name_plural
            raise Refused(f"The library is not empty: it has {what}. Import into a new database.")
    for kind in reversed(kinds()):
        if kind.is_given:
            rows = kind.model._base_manager.all()
            rows._raw_delete(rows.db)


def _put_in(given: Given, kind: Kind, last: int) -> None:
    readers = {one.name: (one.attname, reader(kind, one)) for one in kind.columns(True)}
    fields = kind.model._meta.concrete_fields
    with given.file(f"{kind.name}.jsonl") as stream:
        lines = (_row(kind, readers, number, line) for number, line in enumerate(stream, 1))
        while rows := list(islice(lines, _BATCH)):
            if kind.original:
                for row in rows:
                    raw = _original(given, getattr(row, kind.original))
                    setattr(row, kind.original, raw)
            size = max(connection.ops.bulk_batch_size(fields, rows), 1)
            for first in range(0, len(rows), size):
                # As `loaddata` does: columns that set themselves on a save stay as they came.
                few = rows[first : first + size]
                kind.model._base_manager._insert(few, fields=fields, raw=True)
    give_keys_after(kind, last)


def _row(kind: Kind, readers: dict, number: int, line: bytes) -> models.Model:
    try:
        told = json.loads(line)
        if unknown := told.keys() - readers.keys():
            raise BadRow(f"this release knows no {sorted(unknown)[0]}")
        values = {readers[name][0]: readers[name][1](value) for name, value in told.items()}
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError) as error:
        raise BadRow(f"line {number} of {kind.name}.jsonl: {error}") from None
    for name in kind.secret:
        values.setdefault(name, make_password(None))  # nobody knows one: it is set anew
    return kind.model(**values)


def _take_media(given: Given) -> None:
    """Put the files of media in their places; one that no row names has none."""
    with given.file(MEDIA) as stream:
        try:
            told = {one["name"]: one["sha256"] for one in map(json.loads, stream)}
        except (ValueError, TypeError, KeyError) as error:
            raise Refused(f"{MEDIA} cannot be read: {error}.") from None
    for kind in kinds():
        if not kind.has_files:
            continue
        for row in kind.model._base_manager.order_by("pk").iterator(chunk_size=_BATCH):
            for name in row.files:
                if name in told and not default_storage.exists(name):
                    default_storage.save(name, ContentFile(_original(given, told[name])))


def _original(given: Given, sha256: str) -> bytes:
    with given.file(place_of(sha256)) as stream:
        raw = stream.read()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise Refused(f"{place_of(sha256)} is not as it was written.")
    return raw
