"""Whether a portal is well: one line for each thing that is looked at, and what to do about it.

Each half of the portal adds what it knows to ask about itself: its app names a function as
`doctor`. Nothing is changed, but for a key in the cache that ends by itself.
"""

import os
import secrets
import shutil
import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.mail import get_connection
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from . import directory, replicas
from .forgiving_redis import ForgivingRedis
from .safekeeping import dumps
from .steps.models import App

WELL, TOLD, ILL = "ok", "note", "BAD"
"""How something stands: as it should, worth knowing, or to be seen to."""

_ROOM = 1024
"""MB below which a disk is taken to be full soon."""

_APART = 5
"""Seconds that two clocks may differ: leases are promised for two minutes."""

_PATIENCE = 5
"""Seconds to wait for a server that something is sent to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to do where it is not well."""

    what: str
    level: str
    said: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4} {self.what}: {self.said}{f' – {self.todo}' if self.todo else ''}"


def findings(*, of_apps: bool = True) -> Iterator[Finding]:
    """Yield what there is to say, one after the other. What cannot be asked without the database
    is not asked where that does not answer; what the apps look through may take a while."""
    answers = True
    for look in (
        _database,
        _migrations,
        _clock,
        _second_steps,
        _replica,
        _disk,
        _cache,
        _broker,
        _mail,
        _directory,
        _secrets,
        _tools,
    ):
        if look in (_migrations, _clock, _second_steps) and not answers:
            continue
        for found in _safely(look):
            answers &= not (look in (_database, _migrations) and found.level == ILL)
            yield found
    for app in apps.get_app_configs() if of_apps else ():
        if answers and hasattr(app, "doctor"):
            yield from _safely(import_string(app.doctor))


def _safely(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what one look finds; a look that fails is a finding too."""
    try:
        yield from look()
    except Exception as error:
        name = look.__name__.strip("_")
        said = f"could not be looked at: {type(error).__name__}: {error}".splitlines()[0]
        yield Finding(name, ILL, said, "see the lines above first")


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                [found] = cursor.fetchone()
                level, todo = (WELL, "") if found == "ok" else (ILL, "restore the last backup")
                yield Finding("database", level, f"SQLite, {found}", todo)
                return
            cursor.execute(
                "SELECT current_setting('server_version'), pg_encoding_to_char(encoding), "
                "datcollate, datctype FROM pg_database WHERE datname = current_database()"
            )
            version, encoding, collate, ctype = cursor.fetchone()
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0]
        yield Finding("database", ILL, f"does not answer: {said}", "check DATABASE_URL")
        return
    yield Finding("database", WELL, f"PostgreSQL {version}")
    if encoding != "UTF8":
        anew = "make a database with ENCODING 'UTF8' TEMPLATE template0, and move there by "
        yield Finding("encoding", ILL, encoding, f"{anew}export_library and import_library")
    else:
        yield Finding("encoding", WELL, encoding)
    plain = {"C", "C.UTF-8", "C.utf8", "POSIX"}
    if {collate, ctype} <= plain:
        yield Finding("collation", WELL, collate)
    else:
        yield Finding(
            "collation",
            TOLD,
            f"{collate}, {ctype}",
            "C.UTF-8 is what is tested; another changes its order with the system's library: "
            "REINDEX after upgrading that",
        )


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        said = f"{len(plan)} not applied, first {plan[0][0]}"
        yield Finding("migrations", ILL, said, "run `manage.py migrate`")
    else:
        yield Finding("migrations", WELL, "all applied")


def _clock() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        [told] = cursor.fetchone()
        apart = told - (before + time.time()) / 2
    if abs(apart) > _APART:
        said = f"the database's is {apart:+.0f} s from this machine's"
        yield Finding("clock", ILL, said, "set both by NTP (chrony, systemd-timesyncd)")
    else:
        yield Finding("clock", WELL, f"within {_APART} s of the database's")


def _second_steps() -> Iterator[Finding]:
    lost = sum(not one.is_readable() for one in App.objects.filter(confirmed=True))
    if lost:
        said = f"{lost} keys of apps were sealed with another SECRET_KEY"
        todo = "give the one before in SECRET_KEY_FALLBACKS; else these set their app up anew"
        yield Finding("second steps", ILL, said, todo)
    else:
        yield Finding("second steps", WELL, "keys of apps can be read")


def _replica() -> Iterator[Finding]:
    if replicas.REPLICA not in connections.settings:
        return
    why = replicas.standing.why_not()
    if why:
        yield Finding("replica", ILL, why, "readers are served by the primary meanwhile")
    else:
        yield Finding("replica", WELL, "follows its primary")


def _disk() -> Iterator[Finding]:
    places = {"uploads": Path(settings.SPOOL_DIR)}
    if connection.vendor == "sqlite":
        places["database"] = Path(connection.settings_dict["NAME"])
    for what, place in places.items():
        there = next(one for one in (place, *place.absolute().parents) if one.exists())
        free = shutil.disk_usage(there).free // 1_048_576
        if not os.access(there, os.W_OK):
            yield Finding(
                f"disk of {what}",
                ILL,
                f"{there} cannot be written to",
                "let the portal's user write there",
            )
        elif free < _ROOM:
            yield Finding(f"disk of {what}", ILL, f"{free} MB left at {there}", "make room")
        else:
            yield Finding(f"disk of {what}", WELL, f"{free // 1024} GB left at {there}")


def _cache() -> Iterator[Finding]:
    kind = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if "redis" not in kind.lower() and "memcache" not in kind.lower():
        said, todo = "the memory of each process", "with several processes set CACHE_URL"
        yield Finding("cache", TOLD, said, todo)
        return
    if _cache_answers():
        yield Finding("cache", WELL, "answers")
    else:
        yield Finding("cache", ILL, "does not answer; pages are slower", "check CACHE_URL")


def _cache_answers() -> bool:
    shared = caches["default"]
    if isinstance(shared, ForgivingRedis):  # which would keep the key itself
        return shared.answers()
    key, value = "doctor", secrets.token_hex(8)
    shared.set(key, value, 10)
    return shared.get(key) == value


def _broker() -> Iterator[Finding]:
    url = getattr(settings, "CELERY_BROKER_URL", "")
    if not url:
        yield Finding("broker", WELL, "none: work is done by processes of this machine")
        return
    where = urlsplit(url)
    port = where.port or {"redis": 6379, "rediss": 6379}.get(where.scheme, 5672)
    try:
        socket.create_connection((where.hostname or "127.0.0.1", port), _PATIENCE).close()
    except OSError as error:
        said = f"{where.hostname}:{port} does not answer: {error.strerror or error}"
        yield Finding("broker", ILL, said, "start it, or check CELERY_BROKER_URL")
    else:
        yield Finding("broker", WELL, f"{where.hostname}:{port} answers")


def _mail() -> Iterator[Finding]:
    is_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if not (settings.ADMINS or settings.MAIL_TO_PEOPLE) and settings.EMAIL_HOST == "localhost":
        yield Finding("mail", WELL, "none is sent")
        return
    if not is_smtp:
        yield Finding("mail", TOLD, f"goes to {settings.EMAIL_BACKEND}")
        return
    try:
        with get_connection(timeout=_PATIENCE):
            yield Finding("mail", WELL, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} answers")
    except (OSError, smtplib.SMTPException) as error:
        said = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes none: {error}"
        yield Finding("mail", ILL, said, "check the settings of mail")


def _directory() -> Iterator[Finding]:
    if not settings.LDAP_URL:
        return
    try:
        directory.person_of("", "")
        yield Finding("directory", WELL, f"{settings.LDAP_URL} lets the portal search")
    except directory.Away as error:
        said = f"{settings.LDAP_URL}: {error or 'has not answered just now'}"
        yield Finding("directory", ILL, said, "check the settings of LDAP, and the certificate")


def _secrets() -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if settings.DEBUG:
        yield Finding("debug", TOLD, "DEBUG is on", "off wherever others can reach the portal")
    elif len(key) < 50 or len(set(key)) < 5:
        said = f"SECRET_KEY has {len(key)} characters"
        anew = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        yield Finding("secret key", ILL, said, f"take one of 50 or more: {anew}")
    else:
        yield Finding("secret key", WELL, "long enough")
    path = Path(settings.SEAL_KEY_FILE)
    if path.exists() and path.stat().st_mode & 0o077:
        yield Finding("seal key", ILL, f"{path} is open to others", f"chmod 600 {path}")


def _tools() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        return
    try:
        for name in ("pg_dump", "pg_restore", "psql"):
            dumps.program(name)
    except dumps.DumpFailed as error:
        yield Finding("backup", TOLD, str(error))
    else:
        yield Finding("backup", WELL, "pg_dump, pg_restore and psql are there")
