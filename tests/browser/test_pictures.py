"""Pictures in the editor, in a real browser: by button, pasted, dropped, chosen again."""

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from articles.models import Article, Picture

from ..support.browser import NEEDS_BROWSER, PHONE
from ..support.timing import soon
from .test_accessibility import violations

pytestmark = NEEDS_BROWSER

FORM = "/admin/articles/article/{}/change/"
SENT = """(element, {event, data, at}) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "a.png", {type: "image/png"}));
  const options = {bubbles: true, cancelable: true, clientX: at[0], clientY: at[1]};
  element.dispatchEvent(event === "paste"
    ? new ClipboardEvent("paste", {...options, clipboardData: transfer})
    : new DragEvent("drop", {...options, dataTransfer: transfer}));
}"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawn() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def page(desk, make_article):
    article = make_article("有圖的一篇", body="<p>會前先聽。</p><p>會後回話。</p>", status="draft")
    page = desk(FORM.format(article.pk))
    page.wait_for_selector(".picture-button")
    return page


def test_a_picture_is_put_in_by_its_button_and_readers_see_it(page, drawn, visit):
    page.locator(".ProseMirror p", has_text="會前先聽").click()
    page.get_by_role("button", name="插入圖片").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="插入正文")).to_be_disabled()
    page.set_input_files(
        ".picture-dialog input[type=file]",
        {"name": "會場.png", "mimeType": "image/png", "buffer": drawn},
    )
    dialog.get_by_label("圖片說明").fill("職代會會場")
    assert violations(page) == []
    dialog.get_by_label("圖說", exact=True).fill("會場")
    dialog.get_by_label("圖片說明").press("Enter")
    expect(page.locator(".ProseMirror img")).to_have_attribute("alt", "職代會會場")
    caption = page.locator(".ProseMirror figcaption")
    caption.click()
    page.keyboard.press("End")
    page.keyboard.insert_text("一角")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("圖後。")
    assert violations(page) == []
    page.locator("[name=_publish]").first.click()
    expect(page.locator(".success").first).to_be_visible()
    article, kept = Article.objects.get(title="有圖的一篇"), Picture.objects.get()
    assert [one.key for one in article.pictures.all()] == [kept.key]
    image = f'<img src="{kept.address}" alt="職代會會場">'
    figure = f"<figure>{image}<figcaption>會場一角</figcaption></figure>"
    body = f"<p>會前先聽。</p>{figure}<p>圖後。</p><p>會後回話。</p>"
    assert article.body.replace("\n", "") == body
    reader = visit(article.url_in("zh-Hans"), PHONE)
    shown = reader.locator(".body img")
    shown.scroll_into_view_if_needed()
    soon(lambda: shown.evaluate("one => one.complete && one.currentSrc").endswith("-480.webp"))
    expect(shown).to_have_attribute("alt", "职代会会场")
    expect(reader.locator(".body figcaption")).to_have_text("会场一角")
    assert reader.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_a_picture_is_pasted_or_drawn_into_the_text_and_another_chosen_again(page, drawn, event):
    place = page.locator(".ProseMirror p", has_text="會前先聽")
    box = place.bounding_box()
    place.click()
    sent = {
        "event": event,
        "data": base64.b64encode(drawn).decode(),
        "at": [box["x"] + 5, box["y"] + 5],
    }
    text = page.locator(".ProseMirror[contenteditable=true]").first
    expect(text).to_be_focused()
    text.evaluate(SENT, sent)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("圖片說明").fill("會場")
    dialog.get_by_role("button", name="插入正文").click()
    expect(page.locator(".ProseMirror img")).to_have_count(1)
    page.get_by_role("button", name="插入圖片").first.click()
    dialog.locator(".picture-shelf button").click()
    expect(dialog.get_by_label("圖片說明")).to_have_value("會場")
    dialog.get_by_role("button", name="插入正文").click()
    expect(page.locator(".ProseMirror img")).to_have_count(2)
    assert Picture.objects.count() == 1


def test_what_is_no_picture_is_told_in_the_dialog_and_nothing_is_lost(page):
    page.get_by_role("button", name="插入圖片").first.click()
    broken = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.set_input_files(".picture-dialog input[type=file]", broken)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("圖片說明").fill("會場")
    dialog.get_by_role("button", name="插入正文").click()
    expect(dialog.get_by_role("alert")).to_contain_text("這不是")
    expect(dialog.get_by_label("圖片說明")).to_have_value("會場")
    dialog.get_by_role("button", name="取消").click()
    expect(page.locator(".ProseMirror img")).to_have_count(0)
