"""WCAG 2.2 AA, as far as a machine can tell: axe-core on every page kind, in a real browser."""

import io
from itertools import cycle

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from articles.curation import pictures
from articles.curation.publishing import to_bin
from articles.models import Article, Collection, Picture, Tag
from portal.desk_language import COOKIE
from training.models import Record

from ..admin.test_admin import EDITOR
from ..portal import test_matrix as matrix
from ..support import federation
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
    options["preload"] = False  # it would ask for what a stylesheet imports at the page's address
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


PARTS = {"articles_article_source_text"}
"""What stands within another page."""

SEEN = [(PHONE, "light", "zh-hant"), (DESK, "dark", "en"), (PHONE, "dark", "zh-hans")]
SEEN += [(DESK, "light", "zh-hant"), (PHONE, "light", "en"), (DESK, "dark", "zh-hans")]
"""How the pages of the desk are looked at, one after the other: size, scheme, language."""

REFUSED = "document.addEventListener('securitypolicyviolation', (e) => console.error(e.blockedURI))"


@pytest.fixture
def one_of_everything(starter, make_article, settings, tmp_path):
    """Return the addresses of all pages of the desk, with one of everything stored, and who may
    open them."""
    settings.MEDIA_ROOT = tmp_path
    Group.objects.get_or_create(name=EDITOR)  # the test before this one may have emptied them
    rows = matrix.one_of_everything(make_article)
    chief = User.objects.get(username="chief")
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((60, 40)).save(drawn, "PNG")
    Picture.objects.all().delete()
    rows["picture"] = pictures.keep(drawn.getvalue(), "a.png", None).pk
    mill = federation.unit("紡織廠工會")
    reader = federation.member("讀者甲", mill, user=True)
    federation.office(reader, mill)
    article = make_article(body=federation.text(3))
    federation.ask(article, 1)
    rule = federation.assign(federation.path_of(article), mill)
    path = rule.version.path.pk
    rows |= {"unit": mill.pk, "member": reader.pk, "rule": rule.pk, "path": path}
    rows |= {"question": article.pk, "record": getattr(Record.objects.first(), "pk", 1)}
    client = Client()
    client.force_login(chief)
    found = []
    for name, route in [*matrix.addresses(), *matrix.addresses(training=True)]:
        path = matrix.filled(name, route, rows)
        if name in matrix.OPEN_TO_ALL | PARTS:
            continue
        answer = client.get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found.append(path)
    return found, chief


def test_every_page_of_the_desk(visit, one_of_everything):
    """Each in one look after the other; none asks for what its policy forbids, as the console of
    a page at a reader's has to be clean too."""
    paths, chief = one_of_everything
    assert len(paths) > 100
    page = visit("/healthz", DESK, chief, own=True)
    page.add_init_script(REFUSED)
    found = []
    for path, (viewport, scheme, language) in zip(paths, cycle(SEEN), strict=False):
        cookie = {"name": COOKIE, "value": language, "url": page.url}
        page.context.add_cookies([cookie])
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        with page.expect_event("load"):
            page.goto(path)
        found += [f"{scheme} {language} {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
            found.append(f"{path}: wider than {viewport['width']}")
    assert not found, "\n".join(found)
