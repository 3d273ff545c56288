"""Take the pictures of design.md and the handbook: a server with the starter essays, and Chromium.

    python -m docs.take_screenshots [FOLDER]

With a folder, every page kind is taken in both scripts, light and dark, on a phone and at a desk,
to be looked through by hand; without, the few that design.md shows.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from . import take_handbook

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ROOT / "docs" / "screenshots"
PORT = 8765
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
SCRIPTS, SCHEMES = ("zh-hant", "zh-hans"), ("light", "dark")
PAGES = {
    "home": "",
    "list": "articles/",
    "filtered": "articles/?tag=weiquan",
    "article": "ARTICLE",
    "repairs": "ARTICLErepairs/",
    "report": "ARTICLEreport/",
    "collections": "collections/",
    "collection": "COLLECTION",
    "tags": "tags/",
    "tag": "tags/weiquan/",
    "authors": "authors/",
    "archive": "archive/",
    "search": "search/?q=工会",
    "nothing-found": "search/?q=黃河水文",
    "sign-in": "account/sign-in/",
}
IN_DESIGN = [
    *(("home", "zh-hant", "light", "desk"), ("home", "zh-hans", "dark", "phone")),
    *(("article", "zh-hant", "light", "phone"), ("article", "zh-hans", "light", "desk")),
    *(("article", "zh-hant", "dark", "desk"), ("repairs", "zh-hant", "light", "desk")),
    *(("list", "zh-hans", "light", "phone"), ("collection", "zh-hant", "light", "phone")),
    *(("search", "zh-hant", "light", "desk"), ("nothing-found", "zh-hans", "dark", "phone")),
]


def main(folder: Path | None) -> None:
    """Start a portal, take the pictures, and stop it again."""
    wanted = IN_DESIGN
    if folder:
        names = PAGES
        wanted = [(n, s, c, w) for n in names for s in SCRIPTS for c in SCHEMES for w in WIDTHS]
    folder = folder or SHOWN
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place:
        database = f"sqlite:///{place}/db.sqlite3"
        environment = os.environ | {"DATABASE_URL": database, "DEBUG": "on", "LOG_LEVEL": "ERROR"}
        subprocess.run(["make", "starter"], cwd=ROOT, env=environment, check=True)
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{PORT}"],
            **{"cwd": ROOT, "env": environment},
            **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL},
        )
        try:
            _wait()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                addresses = _addresses(browser)
                for one in wanted:
                    _take(browser, addresses, folder, *one)
                if folder == SHOWN:
                    desk = f"http://127.0.0.1:{PORT}/admin/"
                    take_handbook.take(browser, desk, folder, environment)
        finally:
            server.terminate()
            server.wait()


def _wait() -> None:
    for _ in range(600):  # two minutes, where much else runs
        try:
            urlopen(f"http://127.0.0.1:{PORT}/readyz").close()
            return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit("The portal did not start.")


def _addresses(browser: Browser) -> dict[str, str]:
    """Return the address of each page kind below the script's prefix."""
    page = browser.new_page()
    found = {}
    for name, where, link in (
        ("ARTICLE", "articles/?author=he-lian-sheng", ".item h2 a"),
        ("COLLECTION", "collections/", "main h2 a"),
    ):
        page.goto(f"http://127.0.0.1:{PORT}/zh-hant/{where}")
        if page.locator(link).count() == 0:
            page.goto(f"http://127.0.0.1:{PORT}/zh-hant/articles/")
        address = page.locator(link).first.get_attribute("href") or ""
        found[name] = address.partition("?")[0].removeprefix("/zh-hant/")
    page.close()
    addresses = {}
    for name, path in PAGES.items():
        for word, address in found.items():
            path = path.replace(word, address)
        addresses[name] = path
    return addresses


def _take(browser, addresses, folder: Path, name: str, script: str, scheme: str, at: str) -> None:
    width, height = WIDTHS[at]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-TW"
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{PORT}/{script}/{addresses[name]}", wait_until="networkidle")
    page.screenshot(
        path=folder / f"{name}-{script}-{scheme}-{at}.jpg",
        **{"type": "jpeg", "quality": 72, "full_page": folder != SHOWN},
    )
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
