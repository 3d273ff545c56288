import fcntl
import gc
import os
import shutil
import sqlite3
from contextlib import closing
from itertools import count, groupby

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings

from articles.admin import decisions_by_kind
from articles.search import engine

from .support.browser import (  # noqa: F401 - fixtures for all
    browser,
    desk,
    kept_library,
    profiles,
    starter,
    visit,
)
from .support.emptying import empty_faster
from .support.shelves import asks_for_shelf, forget, store_article
from .support.timing import END

# Texts take a while on a busy machine. CI tries the same ones each time; locally they vary.
settings.register_profile(
    "essays",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("essays")


def pytest_configure(config):
    """Serve static files as they lie: no test needs `collectstatic`. Nor a password that takes
    half a second to try, nor ten printed codes that take as long to make."""
    from django.conf import settings

    from portal.steps import out_of_sight

    for told in (
        "same_on_both: not run again on PostgreSQL, see on_postgres.py",
        "takes_long: seconds of a processor, many of them",
    ):
        config.addinivalue_line("markers", told)
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    out_of_sight.ROUNDS = 2
    empty_faster()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection():
    """Look for no garbage while thousands of tests are gathered, none of which is any, and less often
    from then on: a third of the time that takes went into it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def patience():
    """Let no search and no answer of the desk be given up because the machine is busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "TIME_LIMIT", END)
        patch.setattr(decisions_by_kind, "_AT_ONCE", END)
        yield


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """The path of SQLite's database as `migrate` left it, once one of the processes has done so."""
    is_one_of_many = "PYTEST_XDIST_WORKER" in os.environ
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if is_one_of_many else folder) / "migrated.sqlite3"


@pytest.fixture(scope="session")
def turn(migrated):
    """A file that is locked by the one process which migrates SQLite's database; others wait for it
    and take a copy. Whoever dies lets go of it."""
    with migrated.with_suffix(".lock").open("w") as file:
        yield file


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory, migrated, turn, django_db_modify_db_settings_parallel_suffix
):
    """Keep SQLite's tests in a file: one in memory makes a server's threads share a connection,
    and with it each other's transactions. Return whether all migrations are done in it already."""
    from django.conf import settings

    if connection.vendor != "sqlite":
        return False
    path = tmp_path_factory.mktemp("database") / "test.sqlite3"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(path)
    fcntl.flock(turn, fcntl.LOCK_EX)
    if is_there := migrated.exists():
        shutil.copy(migrated, path)
        fcntl.flock(turn, fcntl.LOCK_UN)
    return is_there


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, django_db_modify_db_settings):
    return django_db_keepdb or django_db_modify_db_settings


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated, turn, tmp_path_factory):
    """Keep SQLite's database as `migrate` left it, for processes that need one of their own. Keys of
    PostgreSQL's articles, which no test gets back, begin where a busy library has long been: no test
    finds what it looks for only because few ran before it."""
    if connection.vendor != "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE articles_article_id_seq RESTART 100001")
        return None
    if not migrated.exists():
        path = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
        with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
        path.rename(migrated)
        fcntl.flock(turn, fcntl.LOCK_UN)
    return migrated


@pytest.fixture
def own_database(db, django_db_setup, tmp_path):
    """Return the path of a migrated database that is the test's own, and its processes'."""
    if django_db_setup is None:
        pytest.skip("these processes work on SQLite")
    return shutil.copy(django_db_setup, tmp_path / "db.sqlite3")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Let the tests that find the library filled come after the others of their module. Modules
    stay together and in Django's order: tests that commit come last, for they empty all tables. What
    takes long and does not commit comes first, so that nobody waits for it at the end."""
    together = groupby(items, key=lambda item: item.nodeid.partition("::")[0])
    ordered = [item for _, some in together for item in sorted(some, key=asks_for_shelf)]
    items[:] = sorted(ordered, key=lambda item: not (_takes_long(item) and not _commits(item)))


def _takes_long(item) -> bool:
    return item.get_closest_marker("takes_long") is not None


def _commits(item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or not {
        "transactional_db",
        "live_server",
    }.isdisjoint(item.fixturenames)


@pytest.fixture(autouse=True)
def no_memories():
    """Begin in the default language, and without what the last test left in the process."""
    forget()


@pytest.fixture
def make_article(db):
    """Return a function that stores an article, published unless told otherwise."""
    return store_article


@pytest.fixture
def sign_in(db):
    """Return a function that gives a client signed in as a member of a group."""

    def client_of(group: str | None, **fields) -> Client:
        user = User.objects.create_user(f"member of {group}", is_staff=True, **fields)
        if group:
            user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def essays(tmp_path):
    """Return a function that writes files into a folder and gives the folder."""

    def write(files: dict[str, str | bytes], folder: str = "essays"):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        for name, content in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    return write


@pytest.fixture(scope="session")
def spools(tmp_path_factory):
    """Names of folders that are not there yet."""
    parent = tmp_path_factory.mktemp("spools")
    return (parent / str(number) for number in count())


@pytest.fixture(autouse=True)
def spool_folder(settings, spools):
    """Keep uploads of tests out of the project's folder. Few tests make one: `tmp_path` would make
    thousands, and look through them all for each."""
    settings.SPOOL_DIR = next(spools)
    return settings.SPOOL_DIR
