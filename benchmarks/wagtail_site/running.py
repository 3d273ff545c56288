"""Makes what the Wagtail site needs, and runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from ..page_servers import ROOT, Server, gunicorn, served, with_name

HERE = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".local" / "wagtail"


def _python() -> str:
    """Return the Python of an environment that has Wagtail, made where there is none yet."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)  # noqa: S603
        install = [python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"]
        subprocess.run(install, check=True)  # noqa: S603
    return str(python)


def _filled(library: str, python: str, told: dict[str, str]) -> None:
    """Make the database, and fill it with the articles of the library, where that is not done."""
    name = urlsplit(told["DATABASE_URL"]).path[1:]
    with psycopg.connect(with_name(library, "postgres"), autocommit=True) as server:
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known:
            return
        server.execute(f'CREATE DATABASE "{name}"')
    for command in (
        ("django", "makemigrations", "essays", "-v0"),
        ("django", "migrate", "-v0"),
        ("essays.loading_rows", library),
        ("django", "update_index", "-v0"),
        ("django", "shell", "-v0", "-c", "from django.db import connection as c; "
         "c.cursor().execute('ANALYZE')"),
    ):  # fmt: skip
        subprocess.run(  # noqa: S603
            [python, "-m", *command], check=True, cwd=HERE, env=os.environ | told
        )


def _addresses(library: str, pages: dict[str, str]) -> dict[str, str]:
    """Return where Wagtail has these pages of ours. Its search finds nothing in Chinese, which
    has no spaces: there is nothing to compare."""
    found = {}
    for page, path in pages.items():
        path = path.removeprefix("/zh-hant")
        if page == "article":
            path = path.removeprefix("/articles")
        if page == "feed":
            path = "/feed/"
        if page != "suggestion" and not page.startswith("search"):
            found[page] = path
    return found


@contextmanager
def wagtail(library: str, pages: dict[str, str]) -> Iterator[list[tuple[Server, str, dict]]]:
    """Run the site twice, without a cache and with Django's own for whole pages; give each with
    what it is called and its pages."""
    if not library.startswith("postgres"):
        raise SystemExit("The Wagtail site has its articles from PostgreSQL: set DATABASE_URL.")
    python = _python()
    database = with_name(library, f"{urlsplit(library).path[1:]}_wagtail")
    told = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "site_settings",
        "PYTHONPATH": str(HERE),
    }
    _filled(library, python, told)
    asked = _addresses(library, pages)
    command = gunicorn("django.core.wsgi:get_wsgi_application()", python, ours=False)
    with ExitStack() as running:
        found = []
        for name, cached in (("Wagtail", ""), ("Wagtail kept", "on")):
            up = served(name, *command, told=told | {"CACHED": cached}, first="/articles/",
                        cwd=HERE, database=database)  # fmt: skip
            found.append((running.enter_context(up), name, asked))
        yield found
