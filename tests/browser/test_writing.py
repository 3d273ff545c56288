"""Writing in the editor: by keyboard alone, with an input method, saved by itself, found and linked."""

import pytest
from playwright.sync_api import expect

from articles.models import Article, Status

from ..support.browser import DESK, NEEDS_BROWSER
from ..support.timing import soon
from .test_accessibility import violations

pytestmark = NEEDS_BROWSER

FORM = "/admin/articles/article/{}/change/"
TEXT = ".field-body .ProseMirror[contenteditable=true]"


@pytest.fixture
def article(make_article):
    body = "<p>會前先聽，會後回話。</p><h2>怎麼聽</h2><p><strong>先聽</strong>後說。</p>"
    return make_article("會前先聽", body=body, status="draft")


@pytest.fixture
def page(desk, article):
    page = desk(FORM.format(article.pk), DESK)
    page.wait_for_selector(".desk-tool")
    return page


def markup(page) -> str:
    return page.locator(TEXT).evaluate("one => one.editor.getHTML()")


def compose(page, *steps: str) -> None:
    """Type with an input method: what is shown meanwhile, and what it comes to."""
    session = page.context.new_cdp_session(page)
    for shown in steps[:-1]:
        places = {"selectionStart": len(shown), "selectionEnd": len(shown)}
        session.send("Input.imeSetComposition", {"text": shown, **places})
    session.send("Input.insertText", {"text": steps[-1]})
    session.detach()


def at(page, selector: str, *, end: bool = False) -> None:
    """Put the caret at the start or the end of a part of the text."""
    page.bring_to_front()
    page.locator(TEXT).evaluate(
        """(text, [selector, end]) => {
          const {view, commands} = text.editor, part = text.querySelector(selector);
          const place = view.posAtDOM(part, end ? part.childNodes.length : 0);
          commands.focus(place);
        }""",
        [selector, end],
    )
    expect(page.locator(TEXT)).to_be_focused()


@pytest.mark.parametrize(
    ("selector", "end", "comes_to"),
    [
        ("p", False, "<p>工會會前先聽，會後回話。</p>"),
        ("h2", False, "<h2>工會怎麼聽</h2>"),
        ("h2", True, "<h2>怎麼聽工會</h2>"),
        ("strong", True, "<p><strong>先聽工會</strong>後說。</p>"),
    ],
)
def test_an_input_method_writes_where_the_caret_is(page, selector, end, comes_to):
    at(page, selector, end=end)
    compose(page, "g", "gong", "gong hui", "工會")
    soon(lambda: comes_to in markup(page))
    assert "gong" not in markup(page)


def test_an_input_method_writes_after_bold_was_ended_and_into_a_caption(page):
    at(page, "h2 + p", end=True)
    page.keyboard.press("ControlOrMeta+b")
    compose(page, "yao", "要")
    page.keyboard.press("ControlOrMeta+b")
    compose(page, "ji", "記")
    soon(lambda: "後說。<strong>要</strong>記</p>" in markup(page))
    page.get_by_role("button", name="插入圖片").click()
    caption = page.get_by_role("dialog").get_by_label("圖片說明")
    caption.focus()
    compose(page, "hui", "會場")
    expect(caption).to_have_value("會場")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    figure = '<figure><img src="/static/icon.svg"><figcaption>圖</figcaption></figure>'
    page.locator(TEXT).evaluate(
        "(text, one) => text.editor.commands.insertContentAt(0, one)", figure
    )
    at(page, "figcaption", end=True)
    compose(page, "hui", "hui chang", "會場")
    soon(lambda: ">圖會場</figcaption></figure>" in markup(page))
    page.keyboard.press("Enter")
    compose(page, "hou", "後")
    assert "</figure><p>後</p>" in markup(page)


def test_an_essay_is_written_by_keyboard_alone(desk):
    page = desk("/admin/articles/article/add/", DESK)
    page.wait_for_selector(".desk-tool")
    keys = page.keyboard
    expect(page.locator("#id_title")).to_be_focused()
    compose(page, "hui", "會前先聽")
    keys.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    keys.type("## ")
    compose(page, "zen", "怎麼聽")
    keys.press("Enter")
    for line in ("到班組去", "一句一句記"):
        if line == "到班組去":
            keys.type("1. ")
        keys.insert_text(line)
        keys.press("Enter")
    keys.press("Enter")
    keys.type("2024. ")
    keys.press("ControlOrMeta+b")
    keys.insert_text("要緊")
    keys.press("ControlOrMeta+b")
    listed = "<ol><li><p>到班組去</p></li><li><p>一句一句記</p></li></ol>"
    body = f"<h2>怎麼聽</h2>{listed}<p>2024. <strong>要緊</strong></p>"
    soon(lambda: markup(page).replace(' data-type="decimal"', "") == body)
    for _ in range(30):
        keys.press("Shift+Tab")
        if page.evaluate("document.activeElement.name") == "_publish":
            break
    keys.press("Enter")
    expect(page.locator(".success")).to_contain_text("會前先聽")
    assert Article.objects.get(title="會前先聽").status == Status.PUBLISHED


def test_tab_goes_through_a_table_and_out_of_it(page):
    at(page, "h2 + p", end=True)
    table = {"rows": 2, "cols": 2, "withHeaderRow": False}
    page.locator(TEXT).evaluate("(one, what) => one.editor.commands.insertTable(what)", table)
    for text in "甲乙丙丁":
        page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
    page.keyboard.insert_text("表後一句")
    soon(lambda: markup(page).endswith("</table><p>表後一句</p>"))
    assert markup(page).count("<tr>") == 2


def test_words_are_found_replaced_and_never_left_in_the_form(page):
    at(page, "p")
    page.keyboard.press("ControlOrMeta+f")
    box = page.get_by_role("search", name="尋找與取代")
    words = box.get_by_label("尋找", exact=True)
    expect(words).to_be_focused()
    words.fill("先聽")
    words.press("Enter")
    expect(box.get_by_role("status")).to_have_text("1 / 2")
    box.get_by_label("取代為").fill("先問")
    box.get_by_role("button", name="取代", exact=True).click()
    expect(box.get_by_role("status")).to_have_text("1 / 1")
    assert "會前先問，" in markup(page)
    box.get_by_role("button", name="全部取代").click()
    soon(lambda: "<strong>先問</strong>後說" in markup(page))
    assert violations(page) == []
    words.press("Escape")
    expect(box).to_be_hidden()
    expect(page.locator(TEXT)).to_be_focused()


def test_an_article_is_linked_by_words_and_a_note_is_numbered(page, make_article, visit):
    other = make_article("集體協商怎麼談", body="<p>談之前。</p>")
    at(page, "p", end=True)
    page.get_by_role("button", name="連結到站內文章").click()
    dialog = page.get_by_role("dialog", name="連結到站內文章")
    dialog.get_by_role("searchbox").fill("集體協商")
    dialog.get_by_role("button", name="集體協商怎麼談").wait_for()
    assert violations(page) == []
    dialog.get_by_role("searchbox").press("Enter")
    expect(page.locator(f"{TEXT} a")).to_have_text("《集體協商怎麼談》")
    page.get_by_role("button", name="插入註腳").click()
    page.keyboard.insert_text("見章程。")
    at(page, "h2 + p", end=True)
    page.get_by_role("button", name="插入註腳").click()
    page.keyboard.insert_text("見會議記錄。")
    page.get_by_role("button", name="發布", exact=True).click()
    expect(page.locator(".success").first).to_be_visible()
    body = Article.objects.get(title="會前先聽").body
    assert "</a>[1]</p>" in body
    assert "後說。[2]</p>" in body
    assert "<li><p>見章程。</p></li><li><p>見會議記錄。</p></li></ol>" in body.replace("\n", "")
    reader = visit(Article.objects.get(title="會前先聽").url_in("zh-Hant"))
    reader.locator(".body a").first.click()
    reader.wait_for_url(f"**{other.url_in('zh-Hant')}")


def test_what_is_typed_is_saved_by_itself_and_two_tabs_do_not_overwrite(page, article):
    other = page.context.new_page()
    other.goto(FORM.format(article.pk))
    other.wait_for_selector(".desk-tool")
    at(page, "p", end=True)
    page.keyboard.insert_text("自動存的一句。")
    expect(page.locator("#desk-saved-at")).to_contain_text("已自動儲存草稿")
    assert "自動存的一句。" in Article.objects.get(pk=article.pk).body
    assert Article.objects.get(pk=article.pk).status == Status.DRAFT
    at(other, "p", end=True)
    other.keyboard.insert_text("另一個分頁。")
    expect(other.locator("#desk-saved-at")).to_contain_text("別人剛才儲存過")
    expect(other.locator("#desk-overtaken")).to_be_visible()
    assert "另一個分頁。" not in Article.objects.get(pk=article.pk).body
    other.get_by_role("button", name="儲存草稿").click()
    expect(other.locator(".conflict")).to_contain_text("自動存的一句。")
    expect(other.locator(TEXT)).to_contain_text("另一個分頁。")
    page.keyboard.insert_text("再一句。")
    soon(lambda: "再一句。" in Article.objects.get(pk=article.pk).body)
    page.get_by_role("button", name="儲存草稿").click()
    expect(page.locator(".success")).to_be_visible()
    assert article.revisions.count() == 2


def test_a_new_article_is_saved_by_itself_at_an_address_of_its_own(desk):
    page = desk("/admin/articles/article/add/", DESK)
    page.wait_for_selector(".desk-tool")
    page.locator("#id_title").fill("自己存的一篇")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("第一句。")
    page.wait_for_url("**/change/")
    page.keyboard.insert_text("第二句。")
    page.get_by_role("button", name="發布", exact=True).click()
    expect(page.locator(".success")).to_contain_text("自己存的一篇")
    made = Article.objects.get(title="自己存的一篇")
    assert "第一句。第二句。" in made.body
    assert made.status == Status.PUBLISHED


def test_words_in_the_other_script_are_shown_and_put_into_the_articles(page, article, tmp_path):
    at(page, "p:last-child", end=True)
    page.keyboard.insert_text("工会经费要公开，由职工代表大会审议。")
    save = page.get_by_role("button", name="儲存草稿", exact=True).first
    save.click()
    asked = page.locator(".other-script")
    expect(asked).to_be_in_viewport()
    expect(asked.locator("ins").first).to_contain_text("會")
    expect(asked.get_by_role("radio").first).to_be_checked()
    expect(asked).to_contain_text("繁體")
    assert "工会" not in Article.objects.get(pk=article.pk).body
    for place, width in (("phone", 390), ("desk", 1280)):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=tmp_path / f"{place}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    save.click()
    expect(page.locator(".success").first).to_be_visible()
    expect(page.locator(TEXT)).to_contain_text("工會經費要公開，由職工代表大會審議。")
    expect(page.locator(".other-script")).to_have_count(0)
    told = article.revisions.latest("pk").note
    assert "由簡體轉為繁體" in told
