"""What the tests in a real browser share: the browser, and a library of starter essays."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, CDPSession, Error, expect, sync_playwright

from articles.models import Article, Tag
from portal.middleware import HINT

from .places import FILES, MEASURED
from .timing import END, soon

SHELL = "chromium-headless-shell"
"""Chromium without a window of its own: a journey takes two fifths less of the processor in it."""

_NAMES = (os.environ.get("TEST_CHROMIUM", SHELL), "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
if CHROMIUM is None and os.environ.get("CI"):
    pytest.fail(f"CI needs Chromium: install Debian's package `{SHELL}`.", pytrace=False)
NEEDS_BROWSER = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.django_db(transaction=True),
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
TABLET = {"width": 768, "height": 1024}


@pytest.fixture(scope="session")
def browser():
    """Start the browser, once in each process: what a test leaves behind goes with its context."""
    expect.set_options(timeout=1000 * END)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in this thread
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    # All pages are ours: processes that keep strangers apart take as long to start as a page to load.
    flags += ["--disable-site-isolation-trials", "--renderer-process-limit=1"]
    if Path(CHROMIUM).name != SHELL:  # it does without, and would wait for it
        flags += ["--in-process-gpu"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _is_wrong(message) -> bool:
    """Tell whether a line of the console is an error; what did not load is told by its response."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


class Profiles:
    """Contexts that are used again, each with the process that shows its pages: to start both takes
    thrice as long as a page. What a test left in one is thrown away before another test gets it."""

    MOST = 4

    def __init__(self, browser, address: str):
        self.browser, self.address = browser, address
        self.free: list[tuple[str, BrowserContext, CDPSession]] = []

    def take(self, options: dict) -> tuple[str, BrowserContext, CDPSession]:
        """Return a context with these options, in which nothing was done."""
        kind = repr(sorted(options.items()))
        for place, (known, *_) in enumerate(self.free):
            if known == kind:
                return self.free.pop(place)
        context = self.browser.new_context(base_url=self.address, **options)
        context.set_default_timeout(1000 * END)
        stays = context.new_page()  # with it the process stays, and what it has compiled
        stays.goto("/healthz")
        return kind, context, context.new_cdp_session(stays)

    def put_back(self, kind: str, context: BrowserContext, session: CDPSession) -> None:
        stays, *pages = context.pages
        is_spoilt = False
        for page in pages:
            with suppress(Error):  # a form left now would write while the database is emptied
                page.evaluate("navigator.sendBeacon = () => true")
                is_spoilt |= page.evaluate("'__pwClock' in window")  # its clock cannot be mended
            page.close()
        if is_spoilt or len(self.free) == self.MOST or stays.url != f"{self.address}/healthz":
            context.close()
            return
        context.clear_cookies()
        context.clear_permissions()
        everything = {"origin": self.address, "storageTypes": "all"}
        session.send("Storage.clearDataForOrigin", everything)
        session.send("Network.clearBrowserCache")
        self.free.append((kind, context, session))


@pytest.fixture(scope="session")
def profiles(browser, live_server):
    return Profiles(browser, live_server.url)


@pytest.fixture
def visit(browser, profiles, live_server):
    """Return a function that opens a page, signed in as a user if one is given; at the end nothing
    may have gone wrong on any. What is put into every page of a context stays in it: who does that
    asks for one of their own."""
    wrong, taken, owned = [], [], []

    def open_page(path="/zh-hant/", viewport=PHONE, user=None, own=False, **options):
        options["viewport"] = viewport
        if own:
            context = browser.new_context(base_url=live_server.url, **options)
            context.set_default_timeout(1000 * END)
            owned.append(context)
        else:
            taken.append(profiles.take(options))
            context = taken[-1][1]
        if user:
            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookies = {settings.SESSION_COOKIE_NAME: session, HINT: "1"}
            context.add_cookies(
                [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
            )
        page = context.new_page()
        page.on("console", lambda m: _is_wrong(m) and wrong.append(f"{page.url}: {m.text}"))
        page.on(
            "response",
            lambda response: (
                response.status < 400
                or response.request.is_navigation_request()  # a page may be missing on purpose
                or wrong.append(f"{response.status}: {response.url}")
            ),
        )
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((live_server.url, "data:", "blob:"))
                or wrong.append(f"another host: {request.url}")
            ),
        )
        page.goto(path)
        return page

    yield open_page
    for profile in taken:
        profiles.put_back(*profile)
    for context in owned:
        for page in context.pages:
            with suppress(Error):
                page.evaluate("navigator.sendBeacon = () => true")
        context.close()
    assert not wrong, wrong


def width_at(page, viewport) -> int:
    """Give an open page another size, and return how wide it is then."""
    page.set_viewport_size(viewport)
    soon(lambda: page.evaluate("innerWidth") == viewport["width"])
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.fixture(scope="session")
def kept_library():
    """The database with the starter essays, once a test has imported them."""
    with closing(sqlite3.connect(":memory:")) as database:
        yield database


@pytest.fixture
def starter(live_server, kept_library):
    """Put in the starter essays: imported once, and copied from then on."""
    connection.ensure_connection()
    is_kept = kept_library.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if is_kept:
        kept_library.backup(connection.connection)
        ContentType.objects.clear_cache()
    else:
        _import_starter()
        connection.connection.backup(kept_library)
    return Article.objects.published().get(source__file_name="03-cadre-skills.txt")


def _import_starter() -> None:
    if not Tag.objects.exists():  # the test before this one emptied the vocabulary too
        import_module("articles.migrations.0002_vocabulary").load(apps, None)
    call_command("import_essays", *map(str, MEASURED), "--publish", verbosity=0)
    call_command("import_essays", str(FILES / "lost-bytes.txt"), verbosity=0)


@pytest.fixture
def desk(visit, starter):
    """Return a function that opens a page of the desk as a curator who may do everything."""
    curator = User.objects.create_superuser("curator")

    def open_desk(path, viewport=DESK, **options):
        return visit(path, viewport, curator, locale="zh-TW", **options)

    return open_desk
