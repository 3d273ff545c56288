"""WCAG 2.2 AA, as far as a machine can tell: axe-core on every page kind, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

from articles.models import Article, Collection, Tag

from ..support.browser import DESK, NEEDS_BROWSER, PHONE
from ..support.places import SEEDS

pytestmark = NEEDS_BROWSER

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = [*WCAG, "best-practice"]
AT = {
    "390 light": (PHONE, "light"),
    "1280 dark": (DESK, "dark"),
}
PUBLIC = [
    *("", "articles/", "articles/?tag=weiquan", "articles/?genre=paper&year=2023", "ARTICLE"),
    *("ARTICLErepairs/", "ARTICLEreport/", "collections/", "COLLECTION", "tags/", "tags/weiquan/"),
    *("authors/", "AUTHOR", "archive/", "archive/2023/", "search/", "search/?q=工会"),
    *("search/?q=黃河水文站", "account/sign-in/", "nowhere/"),
]
OWN = ["mine/", "mine/bookmarks/", "mine/history/", "account/password/"]


THEIRS = {"exclude": [[".select2"], [".tiptap"], ["#items-group"]]}
"""Left to those who make them: the choice with completion, the editor, rows within a form."""


def violations(page, rules=RULES) -> list[str]:
    """Return what axe finds on a page, with where it is."""
    options = {"runOnly": {"type": "tag", "values": rules}, "resultTypes": ["violations"]}
    found = Axe().run(page, context=THEIRS, options=options).response["violations"]
    return [
        f"{page.url}: {one['id']} ({one['help']}): {[node['target'] for node in one['nodes']][:4]}"
        for one in found
    ]


@pytest.fixture
def addresses(starter):
    call_command("import_collections", str(SEEDS / "collections.json"), "--publish", verbosity=0)
    article = Article.objects.published().filter(source__edit_count__gt=20, authors__isnull=False)
    article = article.first()
    return {
        "ARTICLE": article.url_in("zh-Hant").removeprefix("/zh-hant/"),
        "COLLECTION": f"collections/{Collection.objects.get(is_featured=True).slug}/",
        "AUTHOR": f"authors/{article.byline[0].slug}/",
    }


def named(path: str, addresses: dict[str, str]) -> str:
    for name, address in addresses.items():
        path = path.replace(name, address)
    return path


@pytest.mark.parametrize(("viewport", "scheme"), AT.values(), ids=AT)
@pytest.mark.parametrize("script", ["zh-hant", "zh-hans"])
def test_readers_pages(visit, addresses, viewport, scheme, script):
    page = visit(f"/{script}/", viewport, color_scheme=scheme)
    found = []
    for path in PUBLIC:
        with page.expect_event("load"):
            page.goto(f"/{script}/{named(path, addresses)}")
        found += violations(page)
    assert not found, "\n".join(found)


def test_readers_pages_opened_up(visit, addresses):
    """What a reader unfolds: outline, filters, suggestions."""
    page = visit(f"/zh-hant/{addresses['ARTICLE']}", PHONE)
    page.locator(".outline summary").click()
    found = violations(page)
    page.goto("/zh-hant/articles/")
    page.locator("details summary").first.click()
    found += violations(page)
    page.get_by_role("combobox").fill("工")
    expect(page.get_by_role("option").first).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("viewport", "scheme"), AT.values(), ids=AT)
def test_own_pages(desk, addresses, viewport, scheme):
    page = desk("/zh-hant/mine/", viewport, color_scheme=scheme)
    page.goto(f"/zh-hant/{addresses['ARTICLE']}")
    page.get_by_text("加入書籤").click()
    found = violations(page)
    for path in OWN:
        page.goto(f"/zh-hant/{path}")
        found += violations(page)
    assert not found, "\n".join(found)


LIST = "/admin/articles/article/"
DESK_PAGES = [
    *("/admin/", LIST, f"{LIST}?bin=yes", f"{LIST}PK/change/", f"{LIST}PK/history/"),
    *(f"{LIST}PK/diff/?old=0&new=live", f"{LIST}PK/review/", f"{LIST}PK/preview/"),
    *(f"{LIST}PK/import/", f"{LIST}bulk/", f"{LIST}bulk/RUN/", "/admin/articles/auditentry/"),
    *("/admin/articles/tag/", "/admin/articles/tag/merge/?TAGS", "/admin/articles/merge/"),
    *("/admin/articles/author/", "/admin/articles/report/", "/admin/articles/collection/add/"),
]


@pytest.mark.parametrize(("viewport", "scheme"), AT.values(), ids=AT)
def test_pages_of_the_desk(desk, viewport, scheme):
    page = desk(LIST, viewport, color_scheme=scheme)
    page.locator("#action-toggle").check()
    page.get_by_label("動作").select_option("archive")
    page.get_by_role("button", name="執行").click()
    page.wait_for_url("**/bulk/*/")
    names = {
        "PK": str(Article.objects.published().filter(source__edit_count__gt=20).first().pk),
        "TAGS": "&".join(f"one={tag.pk}" for tag in Tag.objects.all()[:2]),
        "RUN": page.url.rstrip("/").rpartition("/")[2],
    }
    found = []
    for path in DESK_PAGES:
        with page.expect_event("load"):
            page.goto(named(path, names))
        found += violations(page, WCAG)
    assert not found, "\n".join(found)
