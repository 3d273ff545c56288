"""WCAG 2.2 AA, as far as a machine can tell: axe-core on every page kind, in a real browser."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import expect

from articles.curation.publishing import to_bin
from articles.models import Article, Collection, Tag

from ..support.browser import DESK, NEEDS_BROWSER, PHONE, TABLET, width_at
from ..support.places import SEEDS

pytestmark = NEEDS_BROWSER

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = [*WCAG, "best-practice"]
LOOKS = [(PHONE, "light"), (DESK, "dark")]
"""How every page is looked at; readers' pages, which are there twice, in each script in one."""

SIZES = [PHONE, TABLET, DESK]
PUBLIC = [
    *("", "articles/", "articles/?tag=weiquan", "articles/?genre=paper&year=2023", "ARTICLE"),
    *("ARTICLErepairs/", "ARTICLEreport/", "collections/", "COLLECTION", "tags/", "tags/weiquan/"),
    *("authors/", "AUTHOR", "archive/", "archive/2023/", "search/", "search/?q=工会"),
    *("search/?q=黃河水文站", "account/sign-in/", "nowhere/"),
]
OWN = ["mine/", "mine/bookmarks/", "mine/history/", "account/password/"]


def violations(page, rules=RULES) -> list[str]:
    """Return what axe finds on a page, with where it is."""
    options = {"runOnly": {"type": "tag", "values": rules}, "resultTypes": ["violations"]}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "options => axe.run(document, options).then(({violations}) => violations)", options
    )
    return [
        f"{page.url}: {one['id']} ({one['help']}): {[node['target'] for node in one['nodes']][:4]}"
        for one in found
    ]


def violations_in(looks, page, rules=RULES) -> list[str]:
    """Return what axe finds on an open page, looked at in several sizes and schemes."""
    found = []
    for viewport, scheme in looks:
        width_at(page, viewport)
        page.emulate_media(color_scheme=scheme)
        page.evaluate(  # colours may take a moment to change
            "document.getAnimations().forEach(one => one instanceof CSSTransition && one.finish())"
        )
        found += [f"{viewport['width']} {scheme} {one}" for one in violations(page, rules)]
    return found


def violations_at(page, paths, rules=RULES, looks=LOOKS) -> list[str]:
    """Open pages one after the other, and return what axe finds on each in all looks, and at which
    sizes one is wider than the screen; each is loaded in the look in which the last one was left."""
    found = []
    for path in paths:
        with page.expect_event("load"):
            page.goto(path)
        found += violations_in(looks, page, rules)
        wide = [size["width"] for size in SIZES if width_at(page, size) > size["width"]]
        found += [f"{page.url}: wider than a screen of {width}" for width in wide]
        looks = looks[::-1]
    return found


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


@pytest.mark.parametrize(("script", "look"), list(zip(["zh-hant", "zh-hans"], LOOKS, strict=True)))
def test_readers_pages(visit, addresses, script, look):
    viewport, scheme = look
    page = visit(f"/{script}/", viewport, color_scheme=scheme)
    paths = (f"/{script}/{named(path, addresses)}" for path in PUBLIC)
    found = violations_at(page, paths, looks=[look])
    assert not found, "\n".join(found)


def test_readers_pages_opened_up(visit, addresses):
    """What a reader unfolds: outline, filters, suggestions."""
    page = visit(f"/zh-hant/{addresses['ARTICLE']}", PHONE)
    page.locator("[popovertarget=outline]").click()
    expect(page.locator("#outline")).to_be_visible()
    found = violations(page)
    page.goto("/zh-hant/articles/")
    page.locator("details summary").first.click()
    found += violations(page)
    page.locator("[popovertarget=search]").click()
    page.get_by_role("combobox").fill("工")
    expect(page.get_by_role("option").first).to_be_visible()
    found += violations(page)
    assert not found, "\n".join(found)


OPENED = ["", "articles/", "ARTICLE", "ARTICLErepairs/", "COLLECTION", "search/?q=工会", "mine/"]
"""Pages of readers on which something unfolds or comes up."""


def opened_up(page, frame: bool) -> list[str]:
    """Return what axe finds with all that unfolds unfolded, then with each thing that comes up; of
    the frame round every page too, if asked."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = violations(page)
    where = "[popovertarget]:visible" if frame else "main [popovertarget]:visible"
    for opener in page.locator(where).all():
        opened = page.locator(f"#{opener.get_attribute('popovertarget')}")
        opener.click()
        expect(opened).to_be_visible()
        found += violations(page)
        page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS, ids=["390", "1280"])
def test_readers_pages_with_all_opened(desk, addresses, viewport, scheme):
    page = desk("/zh-hant/mine/", viewport, color_scheme=scheme)
    found = []
    for path in OPENED:
        page.goto(f"/zh-hant/{named(path, addresses)}")
        found += opened_up(page, frame=path == "")
    assert not found, "\n".join(found)


def test_own_pages(desk, addresses):
    page = desk("/zh-hant/mine/")
    page.goto(f"/zh-hant/{addresses['ARTICLE']}")
    page.locator(".tools").get_by_role("button", name="加入書籤").click()
    expect(page.get_by_role("button", name="取消書籤")).to_have_count(2)  # in the bar, at the foot
    found = violations_in(LOOKS, page)
    found += violations_at(page, (f"/zh-hant/{path}" for path in OWN))
    assert not found, "\n".join(found)


LIST = "/admin/articles/article/"
DESK_PAGES = [
    *(
        "/admin/",
        LIST,
        f"{LIST}?bin=yes",
        f"{LIST}PK/delete/",
        f"{LIST}PK/change/",
        f"{LIST}PK/history/",
    ),
    *(f"{LIST}PK/diff/?old=0&new=live", f"{LIST}PK/review/", f"{LIST}PK/preview/"),
    *(f"{LIST}PK/import/", f"{LIST}bulk/", f"{LIST}bulk/RUN/", "/admin/articles/auditentry/"),
    *("/admin/articles/tag/", "/admin/articles/tag/merge/?TAGS", "/admin/articles/merge/"),
    *("/admin/articles/author/", "/admin/articles/report/", "/admin/articles/collection/add/"),
    *("/admin/articles/searchlog/", "/admin/articles/picture/", "/admin/articles/synonym/add/"),
    *("/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/user/USER/change/"),
    *("/admin/auth/user/USER/password/", "/admin/training/path/add/", "/admin/training/rule/add/"),
]


def test_pages_of_the_desk(desk):
    page = desk(LIST)
    page.locator("#action-toggle").check()
    page.get_by_label("動作").select_option("archive")
    page.get_by_role("button", name="執行").click()
    page.wait_for_url("**/bulk/*/")
    names = {
        "PK": str(Article.objects.published().filter(source__edit_count__gt=20).first().pk),
        "TAGS": "&".join(f"one={tag.pk}" for tag in Tag.objects.all()[:2]),
        "USER": str(User.objects.get().pk),
        "RUN": page.url.rstrip("/").rpartition("/")[2],
    }
    to_bin(Article.objects.filter(pk=Article.objects.exclude(pk=names["PK"]).first().pk), None)
    found = violations_at(page, (named(path, names) for path in DESK_PAGES), WCAG)
    assert not found, "\n".join(found)
