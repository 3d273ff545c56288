"""An export, written row by row: memory stays flat however much there is.

All is read as of one moment, while others go on writing.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from .kinds import Kind, kinds, left_out
from .plain_rows import forget_names, writer

FORMAT, VERSION = "union-reading-room/library", 1
MANIFEST, MEDIA = "manifest.json", "media.jsonl"
_BATCH = 200


class Place(Protocol):
    """Where files of an export are put."""

    def file(self, name: str):
        """Give a file to write bytes to, for as long as the context lasts; one at a time."""

    def has(self, name: str) -> bool:
        """Tell whether there is a file of that name."""


class Folder:
    """An export as a folder."""

    def __init__(self, root: Path):
        self.root = root

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            yield stream

    def has(self, name: str) -> bool:
        return (self.root / name).exists()


class Zip:
    """An export as one file; the same rows give the same bytes."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        info = zipfile.ZipInfo(name)  # of 1980: when it was written says nothing
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.archive.open(info, "w", force_zip64=True) as stream:
            yield stream

    def has(self, name: str) -> bool:
        return name in self.archive.NameToInfo


def export(
    target: Path, *, with_passwords: bool = False, tell: Callable[[str, int], None] | None = None
) -> dict:
    """Write everything to `target`, a folder or a .zip, and return the manifest.

    It is written beside its place and renamed when whole. `tell` is told how many rows of what
    were written. Raises FileExistsError where something is there, and OSError.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise FileExistsError(f"{target} is there already: name another place.")
    target.parent.mkdir(parents=True, exist_ok=True)
    around = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    made = around / "new"
    try:
        if target.suffix.lower() == ".zip":
            with zipfile.ZipFile(made, "x", allowZip64=True) as archive:
                manifest = _write(Zip(archive), with_passwords, tell)
        else:
            made.mkdir(mode=0o700)
            manifest = _write(Folder(made), with_passwords, tell)
        if target.is_dir():
            target.rmdir()
        made.rename(target)
    finally:
        shutil.rmtree(around, ignore_errors=True)
    return manifest


def _write(place: Place, with_passwords: bool, tell) -> dict:
    forget_names()
    with as_of_one_moment():
        files = {}
        for kind in kinds():
            files[f"{kind.name}.jsonl"] = told = _rows(place, kind, with_passwords)
            if tell:
                tell(kind.name, told["rows"])
        originals = {"files": 0, "bytes": 0}
        for kind in kinds():
            if kind.original:
                _originals(place, kind, originals)
        files[MEDIA] = _media(place, originals)
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "with_passwords": with_passwords,
            "made_by": _last_migrations(),
            "files": files,
            "originals": originals,
            "left_out": left_out(),
        }
    with place.file(MANIFEST) as stream:
        stream.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n")
    return manifest


@contextmanager
def as_of_one_moment() -> Iterator[None]:
    """Read everything inside as it stood when it began, and keep nobody from writing."""
    if connection.in_atomic_block:  # somebody above has said as of when
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transactions would take SQLite's one place to write.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _rows(place: Place, kind: Kind, with_passwords: bool) -> dict:
    columns = kind.columns(with_passwords)
    names = [one.name for one in columns]
    make_plain = [(at, make) for at, one in enumerate(columns) if (make := writer(kind, one))]
    found = kind.model._base_manager.order_by("pk").values_list(*(one.attname for one in columns))
    digest, count, last = hashlib.sha256(), 0, 0
    with place.file(f"{kind.name}.jsonl") as stream:
        for row in found.iterator(chunk_size=_BATCH):
            values = list(row)
            last = max(last, values[0])
            for at, make in make_plain:
                values[at] = make(values[at])
            told = dict(zip(names, values, strict=True))
            line = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            stream.write(line)
            count += 1
    given = max(last, _last_key(kind))
    return {"rows": count, "sha256": digest.hexdigest(), "last_key": given}


def _last_key(kind: Kind) -> int:
    """Return the highest key that was ever given to a row: no other may have it again, or an old
    address leads to another text."""
    table, column = kind.model._meta.db_table, kind.model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
            [sequence] = cursor.fetchone()
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - its name
            last, is_called = cursor.fetchone()
            return last if is_called else 0
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        return found[0] if found else 0


def give_keys_after(kind: Kind, last: int) -> None:
    """Let the next row have a key behind `last`."""
    table, column = kind.model._meta.db_table, kind.model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in connection.ops.sequence_reset_sql(no_style(), [kind.model]):
                cursor.execute(statement)
            if last:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                    [f'"{table}"', column, last],
                )
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _originals(place: Place, kind: Kind, told: dict) -> None:
    found = kind.model._base_manager.order_by("pk").values_list(kind.original, flat=True)
    for raw in found.iterator(chunk_size=20):
        name = place_of(hashlib.sha256(raw).hexdigest())
        if place.has(name):
            continue
        with place.file(name) as stream:
            stream.write(raw)
        told["files"] += 1
        told["bytes"] += len(raw)


def _media(place: Place, told: dict) -> dict:
    """Put the files of media beside the originals, and list them by their names."""
    lines = []
    for row in (row for kind in kinds() if kind.has_files for row in _rows_of(kind)):
        for name in row.files:
            if not default_storage.exists(name):  # `doctor` tells of it
                continue
            with default_storage.open(name) as file:
                raw = file.read()
            sha256 = hashlib.sha256(raw).hexdigest()
            lines.append(json.dumps({"name": name, "sha256": sha256}).encode() + b"\n")
            if not place.has(place_of(sha256)):
                with place.file(place_of(sha256)) as stream:
                    stream.write(raw)
                told["files"] += 1
                told["bytes"] += len(raw)
    whole = b"".join(lines)
    with place.file(MEDIA) as stream:
        stream.write(whole)
    return {"rows": len(lines), "sha256": hashlib.sha256(whole).hexdigest(), "last_key": 0}


def _rows_of(kind: Kind) -> Iterator:
    return kind.model._base_manager.order_by("pk").iterator(chunk_size=_BATCH)


def place_of(sha256: str) -> str:
    """Return where an original lies in an export."""
    return f"originals/{sha256[:2]}/{sha256}"


def _last_migrations() -> dict[str, str]:
    """Return of each half the migration its tables are at."""
    done = MigrationRecorder(connection).applied_migrations()
    last: dict[str, str] = {}
    for app, name in sorted(done):
        if app in ("articles", "training"):
            last[app] = name
    return last
