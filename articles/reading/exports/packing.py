"""Zip archives that come out the same each time they are made."""

import io
import zipfile
from collections.abc import Iterable


def packed(entries: Iterable[tuple[str, bytes]], *, stored: Iterable[str] = ()) -> bytes:
    """Return an archive of named contents; those named in `stored` are not compressed."""
    archive, plain = io.BytesIO(), set(stored)
    with zipfile.ZipFile(archive, "w") as out:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            out.writestr(entry, content)
    return archive.getvalue()


def repacked(archive: bytes) -> bytes:
    """Return an archive without the time it was made at."""
    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        return packed((name, made.read(name)) for name in made.namelist())
