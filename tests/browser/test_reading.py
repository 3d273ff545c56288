"""The article page in a real browser: outline, sizes, copying, printing."""

import io
import unicodedata

import pytest
from pdfminer.high_level import extract_text
from playwright.sync_api import expect

from articles.models import Article, Tag

from ..support.browser import DESK, NEEDS_BROWSER, PHONE
from ..support.timing import soon

pytestmark = NEEDS_BROWSER

WATCH_SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


def first_block(page):
    """Return the number of the first paragraph or heading on the screen."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".body > *")]
            .findIndex((one) => one.getBoundingClientRect().bottom > 0)"""
    )


def scroll_to_block(page, number):
    page.evaluate(
        """(n) => document.querySelectorAll(".body > *")[n].scrollIntoView({ behavior: "instant" })""",
        number,
    )


def ready(page):
    page.wait_for_selector(":root[data-ready]")


def test_the_outline_marks_the_section_being_read(visit, starter):
    page = visit(starter.url_in("zh-Hant"), DESK)
    ready(page)
    expect(page.locator(".outline [aria-current]")).to_have_count(0)
    page.evaluate("document.querySelector('#s4').scrollIntoView({ behavior: 'instant' })")
    expect(page.locator(".outline [aria-current]")).to_have_attribute("href", "#s4")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    expect(page.locator(".outline [aria-current]")).to_have_count(0)


def test_each_heading_links_to_itself(visit, starter):
    page = visit(starter.url_in("zh-Hant"), DESK)
    ready(page)
    assert page.locator(".body .anchor").count() == page.locator(".body :is(h2, h3, h4)").count()
    link = page.locator("#s4 .anchor")
    link.focus()
    expect(link).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    page.wait_for_url("**#s4")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_a_switch_of_script_keeps_the_place(visit, starter, viewport):
    page = visit(starter.url_in("zh-Hant"), viewport)
    ready(page)
    scroll_to_block(page, 12)
    before = first_block(page)
    assert before >= 11
    page.evaluate("document.querySelector('.scripts a').click()")
    page.wait_for_url("**/zh-hans/**")
    ready(page)
    assert first_block(page) == before
    page.reload()  # kept for that one switch only
    assert page.evaluate("sessionStorage.getItem('switched')") is None


def test_the_size_is_kept_and_moves_nothing(visit, starter):
    page = visit(starter.url_in("zh-Hant"), PHONE)
    ready(page)
    size = "parseFloat(getComputedStyle(document.querySelector('.body')).fontSize)"
    usual = page.evaluate(size)
    scroll_to_block(page, 12)
    before = first_block(page)
    page.evaluate("document.querySelector('[data-set=size][data-to=huge]').click()")
    assert first_block(page) == before
    assert page.evaluate(size) == pytest.approx(usual * 1.35, rel=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.reload()
    ready(page)
    assert page.evaluate(size) == pytest.approx(usual * 1.35, rel=0.01)
    page.get_by_role("button", name="文字樣式").click()
    huge = page.get_by_role("button", name="特大字")
    expect(huge).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="標準字級").click()
    soon(lambda: page.evaluate(size) == usual)
    assert page.context.cookies() == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_nothing_moves_while_the_page_loads(visit, starter, viewport):
    page = visit("about:blank", viewport, own=True)
    page.context.add_init_script(WATCH_SHIFTS)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(starter.url_in("zh-Hant"))
    ready(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.shifted") == 0
    assert len(requests) <= 6


def test_copying_says_that_it_is_done(visit, starter, live_server):
    page = visit(starter.url_in("zh-Hant"), DESK)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(starter.url_in("zh-Hant") + "?in=y2026")
    ready(page)
    page.evaluate("window.setTimeout = () => 0")  # what is told stays, however late it is looked at
    page.get_by_role("button", name="分享").click()
    page.get_by_role("button", name="複製網址").click()
    expect(page.get_by_role("status")).to_have_text("已複製")
    clip = "navigator.clipboard.readText()"
    soon(lambda: page.evaluate(clip) == live_server.url + starter.url_in("zh-Hant"))
    page.keyboard.press("Escape")
    page.get_by_text("BibTeX", exact=True).click()
    page.get_by_role("button", name="複製 BibTeX 格式").click()
    soon(lambda: page.evaluate(clip).startswith("@misc{"))
    page.get_by_role("button", name="複製 GB/T 7714 格式").click()
    soon(lambda: "[EB/OL]" in page.evaluate(clip))


def test_without_javascript_nothing_is_offered_that_does_nothing(visit, starter):
    page = visit(starter.url_in("zh-Hant"), PHONE, java_script_enabled=False)
    for button in page.locator(".scripted").all():
        expect(button).to_be_hidden()
    page.get_by_text("BibTeX", exact=True).click()
    expect(page.locator("#cite-bibtex")).to_be_visible()


def test_what_is_printed_has_its_source_and_page_numbers(visit, starter):
    page = visit(starter.url_in("zh-Hant"), DESK)
    ready(page)
    printed = io.BytesIO(page.pdf(prefer_css_page_size=True))
    text = unicodedata.normalize("NFKC", extract_text(printed))
    text = "".join(text.split())
    pages = [f"{n}/" for n in (1, 2)]
    assert all(number in text for number in pages)
    assert "".join(page.url.split()) in text
    assert "工會幹部的五項基本功" in text
    assert "查閱日期:" in text
    for chrome in ("搜尋", "標籤", "複製", "BibTeX", "延伸閱讀", "下一篇", "目錄", "引用"):
        assert chrome not in text, chrome
    size = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.95996 841.91998]" in size or b"841.9" in size  # A4


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_repairs_fit_the_screen_and_are_told_apart_without_colour(visit, starter, viewport):
    page = visit(starter.url_in("zh-Hant"), viewport)
    page.get_by_role("link", name="本文匯入時修復").click()
    expect(page.locator(".repair").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    expect(page.locator(".repaired del").first).to_have_css("text-decoration-line", "line-through")
    expect(page.locator(".repaired ins").first).to_have_css("text-decoration-line", "underline")
    page.locator(".repair-kinds a").first.click()
    page.wait_for_url("**kind=*")
    page.get_by_role("link", name="返回：").click()
    expect(page.locator("h1")).to_have_text("工會幹部的五項基本功")


def test_a_list_is_read_from_one_article_to_the_next(visit, starter):
    tag = Tag.objects.get(slug="zhidaihui")
    page = visit(f"/zh-hant/tags/{tag.slug}/", PHONE)
    links = page.locator(".item h2 a")
    titles = links.all_text_contents()
    assert len(titles) > 2
    links.first.click()
    for title in titles[1:3]:
        page.locator(".neighbours [rel=next]").click()
        expect(page.locator("h1")).to_have_text(title)
    page.get_by_role("link", name="返回：").click()
    page.wait_for_url(f"**/tags/{tag.slug}/")
    assert Article.objects.published().count() > len(titles)
