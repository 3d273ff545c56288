"""Take the pictures of handbook.zh.md: the desk of a starter library, as a curator sees it, in both
scripts. `docs/take_screenshots.py` starts the portal and calls this."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ("zh-hant", "zh-hans")
PAGES = {
    "desk": "",
    "upload": "articles/importrun/upload/",
    "table": "TABLE",
    "queue": "articles/article/queue/?run=1",
    "import": "articles/article/ESSAY/import/",
    "edit": "articles/article/LIVE/change/",
    "review": "articles/article/SENT/review/",
    "collection": "articles/collection/1/change/",
    "report": "articles/report/1/change/",
    "bin": "articles/article/?bin=yes",
}
"""Pages of the desk below /admin/, by the names of their pictures."""

_PREPARE = """
from django.contrib.auth.models import Group, User
from articles.curation import publishing, reviews
from articles.models import Article, Report
essay, live, sent, gone = (
    Article.objects.get(source__file_name__startswith=name) for name in ("14-", "01-", "12-", "11-")
)
editor = User.objects.create_user("editor", is_staff=True)
editor.groups.add(Group.objects.get(name="編輯"))
publishing.move(Article.objects.filter(pk=sent.pk), "in_review", editor)
sent.refresh_from_db()
reviews.submit(sent, editor, "請看第三段，原文有缺字。")
Report.objects.create(article=live, kind="character", script="zh-Hans", passage="班次调得太急",
                      note="应为“调得太密”？请对照原文。")
publishing.to_bin(Article.objects.filter(pk=gone.pk), editor)
print(essay.pk, live.pk, sent.pk)
"""


def take(browser: Browser, desk: str, folder: Path, environment: dict[str, str]) -> None:
    """Take every picture of the handbook; `desk` is the address of the curators' desk."""
    run = [sys.executable, "manage.py", "shell", "-v0", "-c", _PREPARE]
    told = subprocess.run(
        run, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    keys = dict(zip(("ESSAY", "LIVE", "SENT"), told.stdout.split()[-3:], strict=True))
    context = browser.new_context(viewport={"width": 1180, "height": 760}, locale="zh-TW")
    page = context.new_page()
    page.goto(f"{desk}login/")
    page.fill("input[name=username]", "demo")
    page.fill("input[name=password]", (ROOT / ".local" / "demo-password").read_text())
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url(desk)
    keys["TABLE"] = _upload(page, desk)
    for script in SCRIPTS:
        context.add_cookies([{"name": "desk_language", "value": script, "url": desk}])
        for name, path in PAGES.items():
            for word, instead in keys.items():
                path = path.replace(word, instead)
            page.goto(desk + path, wait_until="networkidle")
            picture = folder / f"handbook-{name}-{script}-desk.jpg"
            page.screenshot(path=picture, type="jpeg", quality=60)
    context.close()


def _upload(page: Page, desk: str) -> str:
    """Upload a damaged essay and wait until it is checked; return the address of the table, below
    the desk, that tells what would become of it."""
    page.goto(f"{desk}articles/importrun/upload/")
    page.set_input_files("#id_files", ROOT / "tests" / "files" / "lost-bytes.txt")
    page.locator("#send").click()
    page.wait_for_url("**/importrun/*/change/**")
    table = page.url.partition("/admin/")[2].partition("?")[0]
    page.locator("form.before").wait_for(timeout=180_000)  # the page comes anew when all is checked
    return table
