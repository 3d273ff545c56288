"""The form of an article in a real browser: the bar that stays, tabs, pasting, errors."""

import pytest
from playwright.sync_api import expect

from articles.models import Article

from ..support.browser import DESK, NEEDS_BROWSER, PHONE
from ..support.places import TESTS
from ..support.timing import soon
from .test_accessibility import violations

pytestmark = NEEDS_BROWSER

FORM = "/admin/articles/article/{}/change/"
TEXT = ".field-body .ProseMirror[contenteditable=true]"
CLIPBOARDS = TESTS / "importing" / "clipboards"
PASTED = """(element, held) => {
  const transfer = new DataTransfer();
  for (const [type, text] of Object.entries(held)) transfer.setData(type, text);
  const options = {bubbles: true, cancelable: true, clipboardData: transfer};
  // A browser tells a moment later where the cursor went; the editor is to know before this.
  document.dispatchEvent(new Event("selectionchange"));
  element.dispatchEvent(new ClipboardEvent("paste", options));
}"""


@pytest.fixture
def article(make_article):
    return make_article("會前先聽", body="<p>會前先聽。</p><p>會後回話。</p>", status="draft")


def open_form(desk, article, viewport=DESK):
    page = desk(FORM.format(article.pk), viewport)
    page.wait_for_selector(".desk-tool")
    if viewport is DESK:
        expect(page.locator("#id_title")).to_be_focused()
    return page


def paste(page, **held) -> None:
    types = {name.replace("_", "/"): text for name, text in held.items()}
    page.locator(TEXT).evaluate(PASTED, types)


@pytest.mark.parametrize("name", ["word", "wps", "wechat", "government"])
def test_a_clipboard_is_pasted_as_the_structure_it_shows(desk, make_article, name):
    script = "zh-Hant" if name == "word" else "zh-Hans"
    body = "<p>會前先聽。</p>" if name == "word" else "<p>会前先听。</p>"
    article = make_article("一日一会", body=body, status="draft", original_script=script)
    page = open_form(desk, article)
    page.locator(f"{TEXT} p").nth(0).click()
    page.keyboard.press("ControlOrMeta+a")
    paste(page, text_html=(CLIPBOARDS / f"{name}.html").read_text("utf-8"), text_plain="x")
    expect(page.locator(f"{TEXT} > *").nth(2)).to_be_visible()
    told = page.locator(".paste-told")
    if name != "wps":
        expect(told).to_contain_text({"government": "1 個失效連結的網址"}.get(name, "1 處隱藏文字"))
    expect(told.get_by_role("button", name="選擇圖片…")).to_have_count(int(name != "government"))
    assert violations(page) == []
    page.get_by_role("button", name="儲存草稿").click()
    expect(page.locator(".success")).to_be_visible()
    kept = Article.objects.get(pk=article.pk).body
    expected = (CLIPBOARDS / f"{name}.expected.html").read_text("utf-8")
    assert kept.replace("\n", "") == expected.replace("\n", "")


def test_a_piece_of_a_line_is_pasted_within_its_line(desk, article):
    page = open_form(desk, article)
    page.locator(f"{TEXT} p").nth(0).click()
    page.keyboard.press("Home")
    paste(page, text_html="<span style='color:red'>每月</span>", text_plain="每月")
    expect(page.locator(f"{TEXT} p").nth(0)).to_have_text("每月會前先聽。")
    expect(page.locator(f"{TEXT} p")).to_have_count(2)


def test_tabs_stand_beside_the_text_and_open_from_below_on_a_phone(desk, starter):
    page = open_form(desk, starter)
    expect(page.locator("#id_title")).to_be_focused()
    page.get_by_role("tab", name="版本").click()
    expect(page.get_by_role("link", name="所有版本")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    text = page.locator(".source-text")
    expect(text.locator("p").first).to_be_visible()
    assert violations(page) == []
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("button", name="發布", exact=True)).to_be_in_viewport()
    expect(page.locator(".prose-menubar")).to_be_in_viewport()
    page.set_viewport_size(PHONE)
    expect(text).to_be_hidden()
    expect(page.get_by_role("button", name="發布", exact=True)).to_be_in_viewport()
    page.get_by_role("tab", name="資料").click()
    expect(page.get_by_label("改了什麼")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("tab", name="預覽").click()
    expect(page.frame_locator("#side-live iframe").locator(".body")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#side-live")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_an_error_says_where_it_is_and_leads_there(desk, article):
    page = open_form(desk, article)
    page.get_by_label("精確到").select_option(label="年")
    page.get_by_role("tab", name="版本").click()
    page.get_by_role("button", name="儲存草稿").click()
    errors = page.locator("#form-errors")
    expect(errors).to_contain_text("有精確度就要有日期")
    expect(page.locator("#id_stated_date")).to_be_focused()
    page.get_by_role("tab", name="版本").click()
    errors.get_by_role("link").click()
    expect(page.locator("#id_stated_date")).to_be_focused()


def test_a_title_goes_on_to_the_text_and_to_no_second_line(desk, article):
    page = open_form(desk, article)
    page.locator("#id_title").press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("先說一句。")
    expect(page.locator(f"{TEXT} p").nth(0)).to_have_text("先說一句。會前先聽。")
    expect(page.locator("#desk-count")).to_have_text("12 字")


def test_readers_page_stands_beside_the_text_as_it_is_typed(desk, article):
    page = open_form(desk, article)
    asked, held = [], []

    def take(route):
        if route.request.method != "POST":
            return route.continue_()
        asked.append(route)
        return held.append(route) if len(asked) == 2 else route.continue_()

    page.route("**/preview_page/**", take)
    page.get_by_role("tab", name="預覽").click()
    beside = page.locator("#side-live")
    shown = page.frame_locator("#side-live iframe")
    expect(beside).to_have_attribute("data-renewed", "1")
    expect(shown.locator(".body")).to_have_text("會前先聽。會後回話。")
    page.locator(f"{TEXT} p").nth(1).click()
    page.keyboard.press("End")
    page.keyboard.insert_text("再說。")
    soon(lambda: page.evaluate("1") and held)
    page.keyboard.insert_text("又說。")
    page.locator("#id_title").fill("打到一半")
    expect(beside).to_have_attribute("data-renewed", "1")
    held.pop().continue_()  # one at a time: what came meanwhile is asked for now
    expect(shown.locator("h1")).to_have_text("打到一半")
    expect(shown.locator(".body")).to_have_text("會前先聽。會後回話。再說。又說。")
    assert shown.locator("body").evaluate("() => scrollY") == 0
    page.get_by_role("button", name="简体").click()
    expect(shown.locator(".body")).to_have_text("会前先听。会后回话。再说。又说。")
    assert violations(page) == []
    page.get_by_role("button", name="電腦寬度").click()
    soon(lambda: shown.locator("body").evaluate("() => innerWidth") == 1100)
    page.get_by_role("button", name="儲存草稿").click()
    expect(page.locator(".success")).to_be_visible()
    expect(page.get_by_role("tab", name="預覽")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="简体")).to_have_attribute("aria-pressed", "true")
    expect(shown.locator(".body")).to_contain_text("会后回话。再说。又说。")
