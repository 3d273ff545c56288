"""Which files an import takes: single ones, folders walked in order, and the members of zips."""

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .readers import MAX_BYTES, READERS, ROW, TABLES, UnreadableFile
from .rows import Row, csv_rows, json_of, jsonl_rows

_BROKEN_MEMBER = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError),
    *(OSError, EOFError, ValueError),
)

JSON_LINES = (".jsonl", ".ndjson")

MAX_MEMBERS = 100_000
"""Most members of one zip; a larger one is refused whole."""


@dataclass(frozen=True)
class ImportFile:
    """A file to import; `read` gives its bytes or raises UnreadableFile or OSError."""

    path: str  # as reports show it: below the folder or zip that was named
    origin: str  # where it lies, absolute; a zip's members behind `!/`
    name: str
    read: Callable[[], bytes]


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
            yield from _essays(path, path.name, encoding)


def _essays(path: Path, shown: str, encoding: str | None) -> Iterator[ImportFile]:
    """Yield the file, or the essays in it where it is a table."""
    file = _file(path, shown)
    if path.suffix.lower() not in TABLES:
        yield file
        return
    if path.suffix.lower() in JSON_LINES:
        try:
            with path.open("rb") as stream:
                for row in jsonl_rows(stream):
                    yield _row(file, row, lambda place: _slice(path, *place))
        except OSError as error:
            yield _failing(file, f"The file cannot be read: {error.strerror or error}.")
        return
    yield from _table(file, encoding)


def _slice(path: Path, start: int, length: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(length)


def _table(file: ImportFile, encoding: str | None) -> Iterator[ImportFile]:
    """Yield the rows of a table that is read as a whole; where it cannot be, that is the error."""
    try:
        raw = file.read()
        if PurePosixPath(file.name).suffix.lower() in JSON_LINES:
            for row in jsonl_rows(io.BytesIO(raw)):
                yield _row(file, row, lambda place: raw[place[0] : sum(place)])
        else:
            for row in csv_rows(raw, encoding):
                yield _row(file, row, lambda place: b"")
    except UnreadableFile as error:
        yield _failing(file, str(error))
    except OSError as error:
        yield _failing(file, f"The file cannot be read: {error.strerror or error}.")


def _row(table: ImportFile, row: Row, fetch: Callable[[tuple[int, int]], bytes]) -> ImportFile:
    def read() -> bytes:
        if row.error:
            raise UnreadableFile(row.error)
        return json_of(fetch(row.place)) if row.place else row.raw

    own = f"!{row.id}"
    return ImportFile(table.path + own, table.origin + own, table.name + own + ROW, read)


def _failing(file: ImportFile, message: str) -> ImportFile:
    def read() -> bytes:
        raise UnreadableFile(message)

    return ImportFile(file.path, file.origin, file.name, read)


def _file(path: Path, shown: str) -> ImportFile:
    def read() -> bytes:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_large(size)
        return path.read_bytes()

    return ImportFile(_readable(shown), _readable(str(path.resolve())), _readable(path.name), read)


def _readable(name: str) -> str:
    """Return a file name as text; on Linux it may be any bytes, often GBK from a Windows disk."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _too_large(size: int) -> UnreadableFile:
    return UnreadableFile(
        f"The file has {size / 1_048_576:.0f} MB; essays of at most {MAX_BYTES // 1_048_576} MB "
        "are read. Split it."
    )


def _why_not(name: str) -> str:
    """Return why a file found in a folder or zip is passed over, or nothing."""
    if name.startswith((".", "_", "~")) or PurePosixPath(name).stem.upper() == "README":
        return "not an essay by its name"
    if PurePosixPath(name).suffix.lower() not in (*READERS, *TABLES) or "." not in name:
        return "no reader for this format"
    return ""


def _folder(
    folder: Path, skipped: Callable[[str, str], None], encoding: str | None
) -> Iterator[ImportFile]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(names):
            path = Path(place) / name
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink():
                skipped(shown, "a link; name its target to import it")
            elif path.suffix.lower() == ".zip":
                yield from _zip(path, skipped, encoding)
            elif why := _why_not(name):
                skipped(shown, why)
            else:
                yield from _essays(path, shown, encoding)


def _zip(
    path: Path, skipped: Callable[[str, str], None], encoding: str | None
) -> Iterator[ImportFile]:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN_MEMBER as error:
        yield _unreadable(path, f"The archive cannot be opened: {error}. Fetch it again.")
        return
    # It stays open for its members, which are read later, one by one.
    members = sorted(archive.infolist(), key=lambda member: member.filename)
    if len(members) > MAX_MEMBERS:
        yield _unreadable(path, f"The archive has over {MAX_MEMBERS} members. Split it.")
        return
    for member in members:
        if member.is_dir():
            continue
        shown = _member_name(member)
        # The name only names: nothing is ever written where it points to.
        name = PurePosixPath(shown.replace("\\", "/")).name
        if why := _why_not("_" if shown.startswith("__MACOSX/") else name):
            skipped(f"{path.name}!/{shown}", why)
            continue
        file = ImportFile(
            f"{path.name}!/{shown}",
            f"{path.resolve()}!/{shown}",
            name,
            lambda member=member: _read_member(archive, member),
        )
        if PurePosixPath(name).suffix.lower() in TABLES:
            yield from _table(file, encoding)
        else:
            yield file


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 1:
        raise UnreadableFile("The file is encrypted. Unpack the archive and import the folder.")
    if member.file_size > MAX_BYTES:
        raise _too_large(member.file_size)
    try:
        with archive.open(member) as stream:
            raw = stream.read(MAX_BYTES + 1)  # the stated size can lie
    except _BROKEN_MEMBER as error:
        raise UnreadableFile(f"The archive is broken here: {error}.") from None
    if len(raw) > MAX_BYTES:
        raise _too_large(len(raw))
    return raw


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; zips from Chinese Windows hold GBK names without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _unreadable(path: Path, message: str) -> ImportFile:
    def read() -> bytes:
        raise UnreadableFile(message)

    return ImportFile(path.name, str(path.resolve()), path.name, read)
