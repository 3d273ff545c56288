import os

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings

from articles.models import Article, Author, Tag
from articles.search import commonness, index, words

from .support.browser import browser, desk, kept_library, starter, visit  # noqa: F401 - fixtures for all

# Texts take a while on a busy machine. CI tries the same ones each time; locally they vary.
settings.register_profile(
    "essays",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("essays")

BODY = (
    "<h2>一、走訪</h2><p>工會要到職工中間去，聽他們說。</p><h2>二、回訪</h2><p>辦完再問一聲。</p>"
)


def pytest_configure():
    """Serve static files as they lie: no test needs `collectstatic`. Nor a password that takes
    half a second to try."""
    from django.conf import settings

    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """Keep SQLite's tests in a file: one in memory makes a server's threads share a connection,
    and with it each other's transactions."""
    from django.conf import settings

    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(path)


@pytest.fixture(autouse=True)
def own_language():
    """Begin in the default language: a request leaves its own active in the thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_memories():
    """Forget what processes keep of the database: each test rolls it back."""
    words._words.cache_clear()
    commonness._statistics.cache_clear()
    index._known_terms.clear()
    cache.clear()


@pytest.fixture
def make_article(db):
    """Return a function that stores an article, published unless told otherwise."""

    def make(title="工會要走進班組", *, authors=(), tags=(), status="published", **fields):
        fields = {"body": BODY, "original_script": "zh-Hant"} | fields
        article = Article(title=title, status=status, **fields)
        article.save(with_index=False)
        article.set_authors([author(name) for name in authors], with_index=False)
        article.set_tags([Tag.objects.named(name) for name in tags])
        return article

    def author(name):
        return Author.objects.filter(name_hant=name).first() or _saved(Author(name_hant=name))

    return make


def _saved(instance):
    instance.save()
    return instance


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


@pytest.fixture(autouse=True)
def spool_folder(settings, tmp_path):
    """Keep uploads of tests out of the project's folder."""
    settings.SPOOL_DIR = tmp_path / "spool"
    return settings.SPOOL_DIR
