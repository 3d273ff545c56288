"""Which files an import takes: single ones, folders walked in order, and the members of zips."""

import io
import lzma
import os
import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO

from .readers import MAX_BYTES, READERS, ROW, TABLES, UnreadableFile, likeness
from .readers.tables import Row, csv_rows, json_of, jsonl_rows

_BROKEN_MEMBER = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError),
    *(OSError, EOFError, ValueError),
)

NO_READER = "no reader for this format"

JSON_LINES = (".jsonl", ".ndjson")

MAX_MEMBERS = 100_000
"""Most members of one zip, and rows of a table that is read as a whole; a larger one is refused."""


@dataclass(frozen=True)
class ImportFile:
    """A file to import; `read` gives its bytes or raises UnreadableFile or OSError. `beside` gives
    those of a file near it, by its name from there, and raises them or KeyError."""

    path: str  # as reports show it: below the folder or zip that was named
    origin: str  # where it lies, absolute; a zip's members behind `!/`
    name: str
    read: Callable[[], bytes]
    beside: Callable[[str], bytes] | None = None


def collect(
    paths: list[Path], skipped: Callable[[str, str], None], encoding: str | None = None
) -> Iterator[ImportFile]:
    """Yield the files behind `paths`; what is passed over is told to `skipped(path, why)`.

    A named file is always taken, so that an unknown format fails with its reason. From a folder
    or zip only known formats are, and neither hidden files, READMEs nor links. A table of essays
    gives a file for each of its rows; `encoding` forces that of tables.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path, skipped, encoding)
        elif path.suffix.lower() == ".zip":
            yield from _zip(path, skipped, encoding)
        else:
            yield from _essays(path, path.name, encoding, path.parent)


def _essays(path: Path, shown: str, encoding: str | None, root: Path) -> Iterator[ImportFile]:
    """Yield the file, or the essays in it where it is a table. Pictures beside it are below `root`,
    or they are none of its."""
    file = _file(path, shown, root)
    if path.suffix.lower() not in TABLES:
        yield file
        return
    if path.suffix.lower() in JSON_LINES:
        try:
            with _opened(path) as stream:  # what is written behind its end meanwhile is not read
                for row in jsonl_rows(stream, os.fstat(stream.fileno()).st_size):
                    yield _row(file, row.id, partial(_essay_in, row, partial(_slice, path)))
        except UnreadableFile as error:
            yield _failing(file, error)
        except OSError as error:
            yield _failing(file, _not_read(error))
        return
    yield from _table(file, encoding)


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading. Raises UnreadableFile for what is none: a pipe would be waited for,
    and a device read, without end."""
    stream = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise UnreadableFile("no-file")
    return stream


def _slice(path: Path, start: int, length: int) -> bytes:
    with _opened(path) as stream:
        stream.seek(start)
        return stream.read(length)


def _table(file: ImportFile, encoding: str | None) -> Iterator[ImportFile]:
    """Yield the rows of a table that is read as a whole; where it cannot be, that is the error."""
    try:
        rows, _ = _rows_of(file, encoding)
    except UnreadableFile as error:
        yield _failing(file, error)
        return
    except OSError as error:
        yield _failing(file, _not_read(error))
        return
    for number, row in enumerate(rows):
        yield _row(file, row.id, partial(_bytes_of, file, encoding, number))


@lru_cache(1)
def _rows_of(table: ImportFile, encoding: str | None) -> tuple[list[Row], bytes]:
    """Return the rows of a table and the table's bytes.

    Kept of the last one only: the tables of one zip may be more than the memory holds, and their
    rows are read one table after the other.
    """
    raw = table.read()
    lines = PurePosixPath(table.name).suffix.lower() in JSON_LINES
    found = jsonl_rows(io.BytesIO(raw), len(raw)) if lines else csv_rows(raw, encoding)
    rows = list(islice(found, MAX_MEMBERS + 1))
    if len(rows) > MAX_MEMBERS:
        raise UnreadableFile("table-long", most=MAX_MEMBERS)
    return rows, raw


def _bytes_of(table: ImportFile, encoding: str | None, number: int) -> bytes:
    rows, raw = _rows_of(table, encoding)
    if number >= len(rows):
        raise UnreadableFile("table-shorter")
    return _essay_in(rows[number], lambda start, length: raw[start : start + length])


def _essay_in(row: Row, fetch: Callable[[int, int], bytes]) -> bytes:
    if row.error:
        raise row.error
    return json_of(fetch(*row.place)) if row.place else row.raw


def _row(table: ImportFile, id: str, read: Callable[[], bytes]) -> ImportFile:
    own = f"!{id}"
    return ImportFile(table.path + own, table.origin + own, table.name + own + ROW, read)


def _failing(file: ImportFile, refused: UnreadableFile) -> ImportFile:
    def read() -> bytes:
        raise refused

    return ImportFile(file.path, file.origin, file.name, read)


def _file(path: Path, shown: str, root: Path) -> ImportFile:
    def beside(name: str) -> bytes:
        place = (path.parent / name).resolve()
        if not place.is_relative_to(root.resolve()):
            raise UnreadableFile("no-file")
        return _whole(place)

    names = _readable(shown), _readable(str(path.resolve())), _readable(path.name)
    return ImportFile(*names, partial(_whole, path), beside)


def _whole(path: Path) -> bytes:
    with _opened(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        raw = b"" if size > MAX_BYTES else stream.read(MAX_BYTES + 1)  # it may grow meanwhile
    if max(size, len(raw)) > MAX_BYTES:
        raise _too_large(max(size, len(raw)))
    return raw


def _readable(name: str) -> str:
    """Return a file name as text; on Linux it may be any bytes, often GBK from a Windows disk."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _not_read(error: OSError) -> UnreadableFile:
    return UnreadableFile("cannot-be-read", error=str(error.strerror or error))


def _too_large(size: int) -> UnreadableFile:
    return UnreadableFile("large", size=round(size / 1_048_576), most=MAX_BYTES // 1_048_576)


def _why_not(name: str) -> str:
    """Return why a file found in a folder or zip is passed over, or nothing."""
    if name.startswith((".", "_", "~")) or PurePosixPath(name).stem.upper() == "README":
        return "not an essay by its name"
    if PurePosixPath(name).suffix.lower() in _PICTURES:
        return "a picture; the page that shows it brings it along"
    if PurePosixPath(name).suffix.lower() not in (*READERS, *TABLES) or "." not in name:
        return NO_READER
    return ""


_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_OF_A_PAGE = re.compile(r"(.+)(?:_files|\.files)\Z", re.IGNORECASE)
"""Folders that browsers save beside a page, for what belongs to it."""

_PART_OF_A_PAGE = "part of a saved page"
_A_LINK = "a link; name its target to import it"


def _belongs_to_a_page(folder: PurePath, is_there: Callable[[PurePath], bool]) -> bool:
    """Tell whether a folder is what a browser saved beside a page."""
    found = _OF_A_PAGE.match(folder.name)
    ends = (".html", ".htm", ".xhtml")
    return bool(found) and any(is_there(folder.with_name(found[1] + end)) for end in ends)


def _folder(
    folder: Path, skipped: Callable[[str, str], None], encoding: str | None
) -> Iterator[ImportFile]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in list(folders):
            if _belongs_to_a_page(Path(place) / name, Path.is_file):
                skipped((Path(place) / name).relative_to(folder).as_posix(), _PART_OF_A_PAGE)
                folders.remove(name)
        for name in sorted(names):
            path = Path(place) / name
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink():
                skipped(shown, _A_LINK)
            elif path.suffix.lower() == ".zip":
                yield from _zip(path, skipped, encoding)
            elif why := _why_not(name):
                skipped(shown, why)
            else:
                yield from _essays(path, shown, encoding, folder)


def _zip(
    path: Path, skipped: Callable[[str, str], None], encoding: str | None
) -> Iterator[ImportFile]:
    try:
        archive = zipfile.ZipFile(_opened(path))
    except UnreadableFile as error:
        yield _unreadable(path, error)
        return
    except _BROKEN_MEMBER as error:
        yield _unreadable(path, UnreadableFile("archive-broken", error=str(error)))
        return
    # It stays open for its members, which are read later, one by one.
    members = sorted(archive.infolist(), key=lambda member: member.filename)
    if len(members) > MAX_MEMBERS:
        yield _unreadable(path, UnreadableFile("archive-members", most=MAX_MEMBERS))
        return
    by_name = {_member_name(member).replace("\\", "/"): member for member in members}
    names: set[str] = set()

    def pages(path: PurePath) -> bool:
        return str(path) in by_name

    for member in members:
        if member.is_dir():
            continue
        shown = _member_name(member)
        # The name only names: nothing is ever written where it points to.
        place = PurePosixPath(shown.replace("\\", "/"))
        name = place.name
        why = _why_not("_" if shown.startswith("__MACOSX/") else name)
        why = _A_LINK if stat.S_ISLNK(member.external_attr >> 16) else why
        if any(_belongs_to_a_page(above, pages) for above in place.parents):
            why = why or _PART_OF_A_PAGE
        if why:
            skipped(f"{path.name}!/{shown}", why)
            continue
        twice = shown in names
        names.add(shown)
        file = ImportFile(
            f"{path.name}!/{shown}",
            f"{path.resolve()}!/{shown}",
            name,
            partial(_read_member, archive, member),
            partial(_member_beside, archive, by_name, place.parent),
        )
        if twice:
            yield _failing(file, UnreadableFile("member-twice"))
        elif PurePosixPath(name).suffix.lower() in TABLES:
            yield from _table(file, encoding)
        else:
            yield file


def _member_beside(
    archive: zipfile.ZipFile, by_name: dict[str, zipfile.ZipInfo], folder: PurePosixPath, name: str
) -> bytes:
    return _read_member(archive, by_name[posixpath.normpath(str(folder / name))])


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 1:
        raise UnreadableFile("member-locked")
    if member.file_size > MAX_BYTES:
        raise _too_large(member.file_size)
    try:
        with archive.open(member) as stream:
            raw = stream.read(MAX_BYTES + 1)  # the stated size can lie
    except _BROKEN_MEMBER as error:
        raise UnreadableFile("member-broken", error=str(error)) from None
    if len(raw) > MAX_BYTES:
        raise _too_large(len(raw))
    return raw


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name. Zips from Chinese Windows hold names in GBK or Big5 without saying
    so, and those of a Mac in UTF-8."""
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeError:
        return member.filename
    readings = []
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            readings.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8":  # other names hardly ever form it
            return readings[0]
    return max(readings, key=likeness, default=member.filename)


def _unreadable(path: Path, refused: UnreadableFile) -> ImportFile:
    return _failing(ImportFile(path.name, str(path.resolve()), path.name, bytes), refused)
