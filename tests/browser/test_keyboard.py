"""An article written, illustrated, labelled, looked at and published by the keyboard alone: whatever
holds the focus on the way shows that it does, and nothing lies over it."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from articles.curation import pictures
from articles.models import Article, Tag

from ..support.browser import DESK, NEEDS_BROWSER, PHONE
from ..support.timing import soon

pytestmark = NEEDS_BROWSER

MOST_STEPS = 90

FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {name: "", seen: true};
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + Math.min(box.width / 2, 20), 1), innerWidth - 2);
  const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 10), 1), innerHeight - 2);
  const above = document.elementFromPoint(x, y);
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const name = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.alt ||
    (one.matches("input[type=submit]") ? one.value : "") || one.title || one.textContent;
  return {
    name: name.trim().replace(/[:：]$/, ""),
    seen: (marked || style.boxShadow !== "none" || one.matches(".select2-search__field, iframe"))
      && (one.tagName === "IFRAME" || one.contains(above) || above?.contains(one) || one.labels?.[0]?.contains(above)),
  };
}"""


@pytest.fixture
def hall(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).save(drawn, "PNG")
    return pictures.keep(drawn.getvalue(), "會場.png", None, "")


def go(page, name: str, key: str = "Tab") -> None:
    """Press a key until what is called so has the focus; all on the way is to be seen."""
    unseen, passed = [], []
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUS)
        passed.append(focus["name"][:20])
        if not focus["seen"]:
            unseen.append(focus)
        if focus["name"] == name:
            assert not unseen, unseen
            return
    raise AssertionError(f"{name} is not reached: {passed}")


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_an_article_is_written_and_published_by_the_keyboard_alone(desk, starter, hall, viewport):
    page = desk("/admin/", viewport)
    go(page, "寫新文章")
    press(page, "Enter")
    expect(page.locator("#id_title")).to_be_focused()
    expect(page.locator(".picture-button")).to_be_visible()
    page.keyboard.type("不用滑鼠的一篇")
    press(page, "Enter")
    text = page.locator(".field-body .ProseMirror[contenteditable=true]")
    expect(text).to_be_focused()
    page.keyboard.insert_text("會前先聽。")
    press(page, "Enter")
    page.keyboard.insert_text("怎麼聽")
    press(page, "Alt+F10", "Enter", "ArrowDown")
    assert page.evaluate(FOCUS)["name"] == "一級標題"
    press(page, "Enter")
    expect(text).to_be_focused()
    expect(text.locator("h2")).to_have_text("怎麼聽")
    press(page, "End", "Enter")
    page.keyboard.insert_text("到班組去")
    press(page, "Alt+F10")
    go(page, "項目清單", "ArrowRight")
    press(page, "Enter")
    expect(text.locator("li")).to_have_text("到班組去")
    press(page, "Enter")
    page.keyboard.insert_text("記下來")
    press(page, "Enter", "Enter")
    page.keyboard.insert_text("會後回話。")
    expect(text.locator("li")).to_have_count(2)

    press(page, "Alt+F10")
    go(page, "插入圖片", "ArrowLeft")
    press(page, "Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".picture-shelf button")).to_have_count(1)
    go(page, "會場.png")
    press(page, "Space")
    expect(dialog.get_by_label("圖片說明")).to_be_focused()
    page.keyboard.insert_text("職代會會場")
    go(page, "圖說")
    page.keyboard.insert_text("會場一角")
    go(page, "插入正文")
    press(page, "Enter")
    expect(text.locator("figcaption")).to_have_text("會場一角")
    expect(text).to_be_focused()

    press(page, "ControlOrMeta+s")
    page.wait_for_url("**/change/**")
    expect(page.locator(".success").first).to_be_visible()
    expect(page.locator(".picture-button")).to_be_visible()
    go(page, "資料")
    if viewport is PHONE:
        press(page, "Enter")
        expect(page.locator(".editor-side.open")).to_be_visible()
    tag = Tag.objects.get(slug="weiquan")
    go(page, "標籤")
    page.keyboard.type("weiquan")
    expect(page.locator(".select2-results__option--highlighted")).to_contain_text(str(tag))
    press(page, "Enter")
    expect(page.locator(".select2-selection__choice")).to_contain_text([str(tag)])
    if viewport is PHONE:
        press(page, "Escape")
        press(page, "Escape")
        expect(page.locator(".editor-side.open")).to_have_count(0)
        assert page.evaluate(FOCUS)["name"] == "資料"
        press(page, "Enter")
    else:
        go(page, "資料", "Shift+Tab")
    press(page, "ArrowLeft")
    assert page.evaluate(FOCUS)["name"] == "預覽"
    shown = page.frame_locator(".live-frame iframe")
    expect(shown.locator("h1").first).to_contain_text("不用滑鼠的一篇")
    expect(shown.locator("figcaption")).to_have_text("會場一角")
    if viewport is PHONE:
        press(page, "Escape")
    go(page, "發布", "Shift+Tab")
    press(page, "Enter")
    expect(page.locator(".success").first).to_be_visible()
    soon(lambda: Article.objects.published().filter(title="不用滑鼠的一篇").exists())
    made = Article.objects.published().get(title="不用滑鼠的一篇")
    image = f'<img src="{hall.address}" alt="職代會會場">'
    assert f"<figure>{image}<figcaption>會場一角</figcaption></figure>" in made.body
    assert "<h2>怎麼聽</h2>" in made.body
    assert made.body.count("<li>") == 2
    assert [one.slug for one in made.tags.all()] == ["weiquan"]
