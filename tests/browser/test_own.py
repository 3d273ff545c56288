"""In a real browser: what readers keep for themselves, and the errors they report."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles.models import Bookmark, Reading, Report

from ..support.browser import DESK, NEEDS_BROWSER, PHONE, width_at
from ..support.timing import soon

pytestmark = NEEDS_BROWSER
READ = ".own button[data-resume]"


@pytest.fixture
def reader(visit, starter):
    """Return a function that opens a page as a reader who has signed in."""
    User.objects.create_user("reader", password="open sesame")

    def open_page(path, viewport=PHONE, **options):
        page = visit(f"/zh-hant/account/sign-in/?next={path}", viewport, locale="zh-TW", **options)
        page.get_by_label("使用者名稱").fill("reader")
        page.get_by_label("密碼").fill("open sesame")
        page.get_by_role("button", name="登入").click()
        page.wait_for_url(lambda address: "sign-in" not in address)
        return page

    return open_page


def go_to(page, share: float) -> None:
    """Scroll so that a share of the text lies above the screen, and stay there.

    The page's clock is the test's.
    """
    page.evaluate(
        """share => new Promise(done => {
            addEventListener("scroll", done, { once: true });
            const { top, height } = document.querySelector(".body").getBoundingClientRect();
            scrollTo({ top: scrollY + top + share * height, behavior: "instant" });
        })""",
        share,
    )
    page.clock.run_for(2300)


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "without script"])
def test_a_reader_sets_a_bookmark_and_finds_it_again(reader, starter, scripted):
    page = reader(starter.url_in("zh-Hant"), java_script_enabled=scripted)
    if scripted:
        tools = page.get_by_role("toolbar")
        tools.get_by_role("button", name="加入書籤").click()
        expect(page.get_by_role("button", name="取消書籤")).to_have_count(
            2
        )  # the bar's, the foot's
        page.reload()
        expect(tools.get_by_role("button", name="取消書籤")).to_be_visible()
    else:
        page.get_by_role("link", name="加入書籤").first.click()
        page.get_by_role("button", name="加入書籤").click()
    page.wait_for_url(f"**{quote(starter.url_in('zh-Hant'))}")
    assert Bookmark.objects.get().article == starter
    page.get_by_role("button", name="選單").click()
    page.get_by_role("link", name="我的").click()
    page.get_by_role("link", name="全部書籤").click()
    page.get_by_role("button", name="取消書籤").click()
    expect(page.get_by_text("還沒有書籤")).to_be_visible()
    assert not Bookmark.objects.exists()


def test_who_has_not_signed_in_comes_to_the_bookmark_by_signing_in(visit, starter):
    User.objects.create_user("reader", password="open sesame")
    page = visit(starter.url_in("zh-Hant"), locale="zh-TW")
    page.get_by_role("link", name="加入書籤").first.click()
    page.get_by_label("使用者名稱").fill("reader")
    page.get_by_label("密碼").fill("open sesame")
    page.get_by_role("button", name="登入").click()
    page.get_by_role("button", name="加入書籤").click()
    page.wait_for_url(f"**{quote(starter.url_in('zh-Hant'))}")
    assert Bookmark.objects.count() == 1


def test_a_reader_goes_on_where_they_were_on_another_device(reader, visit, starter):
    page = reader("/zh-hant/mine/")
    page.clock.install()
    page.goto(starter.url_in("zh-Hant"))
    expect(page.get_by_role("button", name="加入書籤").first).to_be_visible()
    expect(page.locator(READ)).to_be_hidden()
    go_to(page, 0.4)
    go_to(page, 0.5)
    page.goto("/zh-hant/mine/")  # leaving sends what was not sent yet
    soon(lambda: Reading.objects.filter(percent__range=(45, 50)).exists())
    page.reload()
    expect(page.locator("progress")).to_be_visible()
    kept = Reading.objects.get()
    other = reader_again(visit, starter.url_in("zh-Hans"))
    bar = other.locator(READ)
    expect(bar).to_have_text(f"接着上次读 {kept.percent} %")
    bar.click()
    above = "(({top, height}) => -100 * top / height)(document.querySelector('.body').getBoundingClientRect())"
    soon(lambda: abs(other.evaluate(above) - kept.percent) < 2)
    expect(bar).to_be_hidden()
    page.locator("h3 a").first.click()  # from the list there at once
    page.wait_for_url("**/articles/**")
    soon(lambda: page.evaluate("scrollY > 500"))
    assert "#" not in page.url


def reader_again(visit, path):
    page = visit(f"/zh-hans/account/sign-in/?next={path}", DESK)
    page.locator("[name=username]").fill("reader")
    page.locator("[name=password]").fill("open sesame")
    page.locator("main form button").click()
    page.wait_for_url(f"**{path}")
    return page


def test_the_place_of_who_has_not_signed_in_stays_in_the_browser(visit, starter):
    page = visit("/zh-hant/")
    page.clock.install()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(starter.url_in("zh-Hant"))
    page.wait_for_selector(":root[data-ready]")
    go_to(page, 0.3)
    page.goto("/zh-hant/tags/")
    page.goto(starter.url_in("zh-Hant"))
    expect(page.locator(READ)).to_be_visible()
    page.get_by_role("button", name="關閉").click()
    expect(page.locator(READ)).to_be_hidden()
    assert not [url for url in asked if "/mine/" in url]
    assert not page.context.cookies()
    assert not Reading.objects.exists()


def test_the_page_does_not_move_when_its_own_part_arrives(reader, starter):
    user = User.objects.get(username="reader")
    Reading.objects.create(reader=user, article=starter, percent=40)
    page = reader(starter.url_in("zh-Hant"))
    expect(page.locator(READ)).to_be_visible()
    shift = page.evaluate(
        """() => new Promise(done => {
            let shift = 0;
            new PerformanceObserver(list => list.getEntries().forEach(one => shift += one.value))
                .observe({ type: "layout-shift", buffered: true });
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(shift))));
        })"""
    )
    assert shift == 0


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "without script"])
def test_a_reader_reports_an_error(visit, starter, scripted):
    page = visit(starter.url_in("zh-Hant"), java_script_enabled=scripted, locale="zh-TW")
    if scripted:
        marked = page.evaluate(
            """() => {
                getSelection().selectAllChildren(document.querySelector(".body p"));
                return getSelection().toString();
            }"""
        )
    page.get_by_role("link", name="回報錯誤").click()
    page.get_by_label("錯別字").check()
    quoted = page.get_by_label("有問題的原文")
    if scripted:
        assert len(marked) > 20
    else:
        marked = "這一句"
        quoted.fill(marked)
    page.get_by_label("應該是什麼").fill("少一個字")
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", name="謝謝您")).to_be_visible()
    report = Report.objects.get()
    assert (report.article, report.kind, report.note) == (starter, "character", "少一個字")
    assert report.passage == marked.strip()[:300]


MARK = """length => {
    const word = document.querySelector(".body p").firstChild;
    getSelection().setBaseAndExtent(word, 0, word, length);
    return getSelection().toString();
}"""


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_word_is_reported_with_one_touch(visit, starter, viewport):
    page = visit(starter.url_in("zh-Hant"), locale="zh-TW", viewport=viewport)
    offer = page.locator(".own .word button")
    expect(offer).to_be_hidden()
    page.evaluate(MARK, 13)  # more than a word: the form asks what is wrong with it
    expect(offer).to_be_hidden()
    word = page.evaluate(MARK, 2)
    expect(offer).to_have_text(f"回報錯誤 {word}")
    box = offer.bounding_box()
    assert box["height"] >= 44 and box["y"] + box["height"] <= viewport["height"]
    offer.click()
    expect(offer).to_have_text(f"謝謝您 {word}")
    report = Report.objects.get()
    assert (report.article, report.kind, report.passage) == (starter, "character", word)
    assert report.script == "zh-Hant"
    page.evaluate(MARK, 3)
    expect(offer).to_have_text(f"回報錯誤 {page.evaluate('String(getSelection())')}")


def test_a_word_that_does_not_arrive_waits_in_the_form(visit, starter):
    page = visit(starter.url_in("zh-Hant"), locale="zh-TW", viewport=PHONE)
    word = page.evaluate(MARK, 2)
    page.route("**/report/", lambda route: route.abort())
    page.locator(".own .word button").click()
    expect(page.get_by_label("有問題的原文")).to_have_value(word)


def test_a_passage_that_is_cut_keeps_its_characters_whole(visit, starter):
    starter.body = f"<p>{'工' * 299}𠮷字</p>"
    starter.save()
    page = visit(starter.url_in("zh-Hant"), locale="zh-TW")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.body p'))")
    page.get_by_role("link", name="回報錯誤").click()
    expect(page.get_by_label("有問題的原文")).to_have_value("工" * 299)


SMALL = """() => [...document.querySelectorAll("main :is(button, .button, input, textarea)")]
    .filter(one => one.checkVisibility() && !one.closest(".unseen, label"))
    .filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML)"""


def test_no_page_of_these_is_wider_than_the_screen(reader, starter):
    page = reader("/zh-hant/mine/")
    user = User.objects.get(username="reader")
    Bookmark.put(user, starter, wanted=True)
    Reading.note(user, starter, 40)
    article = f"articles/{starter.pk}-{starter.slug}/"
    for script in ("zh-hans", "zh-hant"):
        for path in ("mine/", "mine/bookmarks/", "mine/history/", f"mine/bookmark/{starter.pk}/",
                     "account/password/", f"{article}report/", f"{article}report/thanks/"):  # fmt: skip
            page.goto(f"/{script}/{path}")
            for viewport in (PHONE, DESK):
                assert width_at(page, viewport) == viewport["width"], path
                assert not page.evaluate(SMALL), path
