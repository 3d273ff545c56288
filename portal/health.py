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
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

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


class Told(str):
    """Something said in English, with its facts, that can be said in the language of the desk."""

    words: str
    facts: dict

    def __new__(cls, words: str, **facts):
        told = super().__new__(cls, words % facts)
        told.words, told.facts = words, facts
        return told


def _here(said: str) -> str:
    """Return what is said, in the language of the desk as far as that has words for it."""
    if isinstance(said, Told):
        return gettext(said.words) % said.facts
    return said and gettext(said)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to do where it is not well."""

    what: str
    level: str
    said: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4} {self.what}: {self.said}{f' – {self.todo}' if self.todo else ''}"

    @property
    def said_here(self) -> str:
        """Return what was found, in the language of the desk."""
        return _here(self.said)

    @property
    def todo_here(self) -> str:
        """Return what to do, in the language of the desk."""
        return _here(self.todo)


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
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        said = Told(_("could not be looked at: %(why)s"), why=why)
        yield Finding(name, ILL, said, _("see the lines above first"))


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                [found] = cursor.fetchone()
                level, todo = (WELL, "") if found == "ok" else (ILL, _("restore the last backup"))
                yield Finding("database", level, f"SQLite, {found}", todo)
                return
            cursor.execute(
                "SELECT current_setting('server_version'), pg_encoding_to_char(encoding), "
                "datcollate, datctype FROM pg_database WHERE datname = current_database()"
            )
            version, encoding, collate, ctype = cursor.fetchone()
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0]
        yield Finding(
            "database", ILL, Told(_("does not answer: %(why)s"), why=said), _("check DATABASE_URL")
        )
        return
    yield Finding("database", WELL, f"PostgreSQL {version}")
    if encoding != "UTF8":
        anew = _(
            "make a database with ENCODING 'UTF8' TEMPLATE template0, and move there by "
            "export_library and import_library"
        )
        yield Finding("encoding", ILL, encoding, anew)
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
            _(
                "C.UTF-8 is what is tested; another changes its order with the system's library: "
                "REINDEX after upgrading that"
            ),
        )


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        said = Told(_("%(count)d not applied, first %(first)s"), count=len(plan), first=plan[0][0])
        yield Finding("migrations", ILL, said, _("run `manage.py migrate`"))
    else:
        yield Finding("migrations", WELL, _("all applied"))


def _clock() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        [told] = cursor.fetchone()
        apart = told - (before + time.time()) / 2
    if abs(apart) > _APART:
        said = Told(_("the database's is %(apart)+.0f s from this machine's"), apart=apart)
        yield Finding("clock", ILL, said, _("set both by NTP (chrony, systemd-timesyncd)"))
    else:
        yield Finding("clock", WELL, Told(_("within %(apart)d s of the database's"), apart=_APART))


def _second_steps() -> Iterator[Finding]:
    lost = sum(not one.is_readable() for one in App.objects.filter(confirmed=True))
    if lost:
        said = Told(_("%(lost)d keys of apps were sealed with another SECRET_KEY"), lost=lost)
        todo = _("give the one before in SECRET_KEY_FALLBACKS; else these set their app up anew")
        yield Finding("second steps", ILL, said, todo)
    else:
        yield Finding("second steps", WELL, _("keys of apps can be read"))


def _replica() -> Iterator[Finding]:
    if replicas.REPLICA not in connections.settings:
        return
    why = replicas.standing.why_not()
    if why:
        yield Finding("replica", ILL, why, _("readers are served by the primary meanwhile"))
    else:
        yield Finding("replica", WELL, _("follows its primary"))


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
                Told(_("%(place)s cannot be written to"), place=there),
                _("let the portal's user write there"),
            )
        elif free < _ROOM:
            said = Told(_("%(free)d MB left at %(place)s"), free=free, place=there)
            yield Finding(f"disk of {what}", ILL, said, _("make room"))
        else:
            said = Told(_("%(free)d GB left at %(place)s"), free=free // 1024, place=there)
            yield Finding(f"disk of {what}", WELL, said)


def _cache() -> Iterator[Finding]:
    kind = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if "redis" not in kind.lower() and "memcache" not in kind.lower():
        todo = _("with several processes set CACHE_URL")
        yield Finding("cache", TOLD, _("the memory of each process"), todo)
        return
    if _cache_answers():
        yield Finding("cache", WELL, _("it answers"))
    else:
        yield Finding("cache", ILL, _("does not answer; pages are slower"), _("check CACHE_URL"))


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
        yield Finding("broker", WELL, _("none: work is done by processes of this machine"))
        return
    where = urlsplit(url)
    port = where.port or {"redis": 6379, "rediss": 6379}.get(where.scheme, 5672)
    try:
        socket.create_connection((where.hostname or "127.0.0.1", port), _PATIENCE).close()
    except OSError as error:
        place, why = f"{where.hostname}:{port}", error.strerror or error
        said = Told(_("%(place)s does not answer: %(why)s"), place=place, why=why)
        yield Finding("broker", ILL, said, _("start it, or check CELERY_BROKER_URL"))
    else:
        said = Told(_("%(place)s answers"), place=f"{where.hostname}:{port}")
        yield Finding("broker", WELL, said)


def _mail() -> Iterator[Finding]:
    is_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if not (settings.ADMINS or settings.MAIL_TO_PEOPLE) and settings.EMAIL_HOST == "localhost":
        yield Finding("mail", WELL, _("none is sent"))
        return
    if not is_smtp:
        yield Finding("mail", TOLD, Told(_("goes to %(place)s"), place=settings.EMAIL_BACKEND))
        return
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection(timeout=_PATIENCE):
            yield Finding("mail", WELL, Told(_("%(place)s answers"), place=place))
    except (OSError, smtplib.SMTPException) as error:
        said = Told(_("%(place)s takes none: %(why)s"), place=place, why=error)
        yield Finding("mail", ILL, said, _("check the settings of mail"))


def _directory() -> Iterator[Finding]:
    if not settings.LDAP_URL:
        return
    try:
        directory.person_of("", "")
        said = Told(_("%(place)s lets the portal search"), place=settings.LDAP_URL)
        yield Finding("directory", WELL, said)
    except directory.Away as error:
        why = str(error) or "has not answered just now"
        said = Told(_("%(place)s does not answer: %(why)s"), place=settings.LDAP_URL, why=why)
        yield Finding("directory", ILL, said, _("check the settings of LDAP, and the certificate"))


def _secrets() -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if settings.DEBUG:
        yield Finding(
            "debug", TOLD, _("DEBUG is on"), _("off wherever others can reach the portal")
        )
    elif len(key) < 50 or len(set(key)) < 5:
        said = Told(_("SECRET_KEY has %(count)d characters"), count=len(key))
        anew = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        todo = Told(_("take one of 50 or more: %(command)s"), command=anew)
        yield Finding("secret key", ILL, said, todo)
    else:
        yield Finding("secret key", WELL, _("long enough"))
    path = Path(settings.SEAL_KEY_FILE)
    if path.exists() and path.stat().st_mode & 0o077:
        said = Told(_("%(place)s is open to others"), place=path)
        yield Finding("seal key", ILL, said, f"chmod 600 {path}")


def _tools() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        return
    try:
        for name in ("pg_dump", "pg_restore", "psql"):
            dumps.program(name)
    except dumps.DumpFailed as error:
        yield Finding("backup", TOLD, str(error))
    else:
        yield Finding("backup", WELL, _("pg_dump, pg_restore and psql are there"))
