"""A backup as a folder: the database, the uploads that wait, and what was set, with checksums.

    manifest.json      version 1; what is in it, with sizes and SHA-256, and what is not
    database.dump      PostgreSQL's custom format; database.sqlite3 where the portal runs on SQLite
    files/spool/…      uploads that wait for their import
    files/media/…      pictures, where they are kept as files here

It is made beside its place under another name, written to the disk, and renamed when whole.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from . import dumps

VERSION = 1
MANIFEST = "manifest.json"

NOT_IN_IT = {
    "SECRET_KEY": "keep it where passwords are kept; with another one, people sign in again and "
    "links that were sent are void",
    "SEAL_KEY_FILE": "the private key of training's seals: a copy of the file belongs apart from "
    "backups, or whoever has one could seal records of their own",
    "sessions": "everybody signs in again",
}
"""What no backup holds, and why."""


class BackupRefused(Exception):
    """A backup cannot be made, or not be brought back; it says what to do."""


def make(target: Path, *, replace: bool = False) -> dict:
    """Make a backup at `target`, and return its manifest.

    A folder that is there and not empty is replaced only if told so, in one step and after the new
    one is whole. Raises BackupRefused, with nothing left behind.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100 - a link as a place stays one
    if _is_full(target) and not replace:
        raise BackupRefused(f"{target} is not empty: name another place, or say --replace.")
    if replace and _is_full(target) and not (target / MANIFEST).is_file():
        raise BackupRefused(f"{target} is not empty and no backup: it is not replaced.")
    with _told(), _beside(target) as place:
        dumps.dump(place / dumps.NAMES[connection.vendor])
        for name, folder in _folders().items():
            if folder.is_dir():
                shutil.copytree(folder, place / "files" / name, ignore_dangling_symlinks=True)
        manifest = {
            "kind": "backup of a portal",
            "version": VERSION,
            "database": connection.vendor,
            "migrations": migrations(),
            "set": sorted(name for name in os.environ if name in KNOWN_SETTINGS),
            "not_in_it": NOT_IN_IT,
            "files": {name: sum_of(place / name) for name in _names(place)},
        }
        with (place / MANIFEST).open("w", encoding="utf-8") as stream:
            json.dump(manifest, stream, ensure_ascii=False, indent=1)
        _to_disk(place)
    return manifest


def bring_back(source: Path, *, replace: bool = False) -> dict:
    """Make the portal what it was, and return the manifest. All files are checked before.

    Where anything is there by now, it is replaced only if told so. Raises BackupRefused; up to
    then the database is as it was.
    """
    manifest = check(source)
    if manifest["database"] != connection.vendor:
        raise BackupRefused(
            f"This is a backup of {manifest['database']}, and DATABASE_URL names "
            f"{connection.vendor}: export_library and import_library go from one to the other."
        )
    known = set(_all_migrations())
    if newer := sorted(set(manifest["migrations"]) - known):
        raise BackupRefused(
            f"This backup was made by a later release (it has {newer[-1]}): install that first."
        )
    if not replace and (there := what_is_there()):
        raise BackupRefused(f"Nothing was changed: {there}. Say --replace to lose that.")
    with _told(), ExitStack() as folders:  # all that takes room comes before the database
        for name, folder in _folders().items():
            kept = source / "files" / name
            if kept.is_dir() or folder.is_dir():
                place = folders.enter_context(_beside(folder))
                if kept.is_dir():
                    shutil.copytree(kept, place, dirs_exist_ok=True)
        dumps.restore(source / dumps.NAMES[connection.vendor])
    return manifest


def check(source: Path) -> dict:
    """Return a backup's manifest. Raises BackupRefused where a file is missing, too many or not as
    it was."""
    try:
        manifest = json.loads((source / MANIFEST).read_text("utf-8"))
        version, files = manifest["version"], manifest["files"]
    except FileNotFoundError:
        raise BackupRefused(f"{source} is no backup: there is no {MANIFEST}.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupRefused(f"{MANIFEST} cannot be read: {error}.") from None
    if version != VERSION:
        raise BackupRefused(f"This backup has version {version}; this release knows {VERSION}.")
    if odd := set(files) ^ {name for name in _names(source) if name != MANIFEST}:
        raise BackupRefused(f"The backup is broken: {sorted(odd)[0]} is missing or too many.")
    for name, told in files.items():
        if sum_of(source / name) != told:
            raise BackupRefused(f"The backup is broken: {name} is not as it was written.")
    return manifest


def what_is_there() -> str:
    """Return in a few words what a restore would overwrite, or nothing."""
    tables = connection.introspection.table_names()
    for table, what in FILLED.items():
        if table in tables:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - a name of ours
                if cursor.fetchone():
                    return f"the database has {what}"
    for folder in _folders().values():
        if _is_full(folder):
            return f"{folder} is not empty"
    return ""


FILLED = {
    "articles_article": "articles",
    "auth_user": "accounts",
    "training_member": "members",
    "training_record": "records of training",
}
"""Tables by which a database is told to be in use, and their words."""

KNOWN_SETTINGS = (
    *("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"),
    *("DATABASE_URL", "DATABASE_REPLICA_URL", "REPLICA_LAG", "DATABASE_TIMEOUT"),
    *("DATABASE_KEPT_SECONDS", "CACHE_URL", "PAGE_CACHE", "PAGE_CACHE_MB"),
    *("WEB_CONCURRENCY", "WEB_THREADS", "CELERY_BROKER_URL", "CELERY_QUEUE"),
    *("HTTPS", "BEHIND_PROXY", "HSTS_SECONDS", "HSTS_SUBDOMAINS", "HSTS_PRELOAD", "TIME_ZONE"),
    *("SECOND_STEP_FOR", "DESK_SESSION_HOURS", "REVIEW_BY_ANOTHER", "FEEDS_FULL_TEXT"),
    *("QUOTES_FOLLOW_SCRIPT", "API_PER_MINUTE", "API_CORS_ORIGINS", "SEAL_KEY_FILE"),
    *("SPOOL_DIR", "UPLOAD_MAX_MB", "SPOOL_MAX_MB"),
    *("MEDIA_ROOT", "MEDIA_STORAGE", "MEDIA_STORAGE_OPTIONS"),
    *("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_SCOPES", "OIDC_GROUPS_CLAIM"),
    *("OIDC_ROLES", "OIDC_TAKES_KNOWN_NAMES", "LDAP_URL", "LDAP_CA_FILE", "LDAP_BIND_DN"),
    *("LDAP_BIND_PASSWORD", "LDAP_BASE", "LDAP_FILTER", "LDAP_NAME", "LDAP_NUMBER", "LDAP_ROLES"),
    *("LDAP_MEMBER_FILTER", "LDAP_TAKES_KNOWN_NAMES", "METRICS_TOKEN", "SITE_URL"),
    *("ERROR_MAIL_TO", "EMAIL_URL", "EMAIL_FROM", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER"),
    *("EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "LOG_FORMAT", "LOG_REQUESTS", "LOG_LEVEL"),
)
"""Settings whose names a backup tells, never what they are."""


def migrations() -> list[str]:
    """Return the names of what was migrated."""
    done = MigrationExecutor(connection).loader.applied_migrations
    return sorted(f"{app}.{name}" for app, name in done)


def _all_migrations() -> list[str]:
    return [f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations]


def _folders() -> Mapping[str, Path]:
    """Return the folders that belong to the portal beside its database."""
    found = {"spool": Path(settings.SPOOL_DIR)}
    if not is_media_elsewhere():
        found["media"] = Path(default_storage.location)
    return found


def is_media_elsewhere() -> bool:
    """Tell whether pictures are kept by a service, which keeps them without us."""
    return not isinstance(storages["default"], FileSystemStorage)


def _names(place: Path) -> Iterator[str]:
    for folder, _folders_in_it, names in os.walk(place):
        for name in sorted(names):
            path = Path(folder) / name
            yield PurePosixPath(path.relative_to(place)).as_posix()


def sum_of(path: Path) -> dict:
    """Return size and SHA-256 of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _is_full(place: Path) -> bool:
    return place.exists() and (not place.is_dir() or any(place.iterdir()))


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` that takes its place at the end; nothing stays where the work
    fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    around = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        place = around / "new"
        place.mkdir(mode=0o700)
        yield place
        if target.exists():
            target.rename(around / "old")
        place.rename(target)
        _sync(target.parent)
    finally:
        shutil.rmtree(around, ignore_errors=True)


def _to_disk(place: Path) -> None:
    for name in _names(place):
        _sync(place / name)
    _sync(place)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except dumps.DumpFailed as error:
        raise BackupRefused(str(error)) from None
    except OSError as error:
        where = f" at {error.filename}" if error.filename else ""
        raise BackupRefused(f"{error.strerror or error}{where}.") from None
