"""The commonest jobs at the desk, by how often one has to press: counted by the page itself."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from playwright.sync_api import expect

from articles.models import Article, Collection
from articles.text.names import in_desk_script

from ..support.browser import DESK, NEEDS_BROWSER, PHONE

pytestmark = NEEDS_BROWSER

COUNTING = """addEventListener("pointerdown", () => {
  sessionStorage.presses = Number(sessionStorage.presses ?? 0) + 1;
}, true)"""


@pytest.fixture
def counted(desk):
    """Return a function that opens a page of the desk, on which each press is counted."""

    def open_counted(path, viewport=DESK):
        page = desk(path, viewport)
        page.add_init_script(COUNTING)
        page.reload()
        return page

    return open_counted


def presses(page) -> int:
    return int(page.evaluate("sessionStorage.presses ?? 0"))


def found(page, text: str):
    """Return the articles offered for what was typed, once they are there."""
    expect(page.get_by_role("listbox", name="找到的文章")).to_have_attribute("data-asked", text)
    return page.get_by_role("option")


def test_a_typo_in_a_live_article_takes_three(counted, starter):
    page = counted(starter.url_in("zh-Hant"))
    passage = page.locator(".body > *").nth(8)
    passage.evaluate("part => scrollTo(0, part.offsetTop - 20)")
    page.get_by_role("link", name="編輯", exact=True).click()
    page.wait_for_url("**/change/#passage=*")
    expect(page.locator(".ProseMirror-focused")).to_have_count(1)
    page.keyboard.insert_text("又加上一句。")
    page.get_by_role("button", name="套用修改", exact=True).first.click()
    expect(page.locator(".success")).to_be_visible()
    assert presses(page) <= 3
    assert "又加上一句。" in Article.objects.get(pk=starter.pk).body


def test_a_collection_of_six_takes_ten(counted, starter):
    page = counted("/admin/articles/collection/")
    page.get_by_role("link", name=re.compile("新增 ?專題")).click()
    expect(page.locator("#id_name_hant")).to_be_focused()
    page.keyboard.type("六篇入門")  # the title is where one begins
    page.get_by_role("combobox", name="加入文章").click()
    page.keyboard.type("工會")
    offered = found(page, "工會").filter(has_text="看得到")
    for at in range(6):
        offered.nth(at).click()
        expect(offered.nth(at)).to_have_attribute("aria-selected", "true")
    page.get_by_role("radio", name="已發布").check()
    page.get_by_role("button", name="儲存", exact=True).first.click()
    expect(page.locator(".success")).to_be_visible()
    assert presses(page) <= 10
    made = Collection.objects.published().get(name_hant="六篇入門")
    assert len(made.public_article_ids()) == 6


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_articles_are_chosen_and_put_in_order_by_the_keyboard_alone(counted, starter, viewport):
    page = counted("/admin/articles/collection/add/", viewport)
    expect(page.locator("#id_name_hant")).to_be_focused()
    page.keyboard.type("不用滑鼠")
    page.get_by_role("combobox", name="加入文章").focus()
    page.keyboard.type("工會")
    expect(found(page, "工會").first).to_contain_text("工會")
    titles = page.locator("[role=option] > span:first-child").all_text_contents()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # what is in it is not put in again
    rows = page.locator("#items-group tr.form-row:not(.empty-form)")
    expect(rows).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="找到的文章")).to_be_hidden()
    rows.nth(1).get_by_role("button", name="上移").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="儲存", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".success")).to_be_visible()
    assert presses(page) == 0
    made = Collection.objects.get(name_hant="不用滑鼠")
    chosen = [one.article for one in made.items.order_by("position")]
    shown = [in_desk_script(one.title, one.original_script) for one in chosen]
    assert shown == titles[1::-1]


def test_a_new_colleague_with_a_role_takes_four(counted):
    role = Group.objects.get_or_create(name="編輯")[0]
    role.permissions.add(Permission.objects.get(codename="change_article"))
    page = counted("/admin/")
    nav = page.get_by_role("navigation", name="編輯台")
    nav.get_by_role("link", name="使用者").click()
    page.get_by_role("link", name=re.compile("新增 ?使用者")).click()
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type("limei")
    page.get_by_label("電子郵件").focus()
    page.keyboard.type("limei@example.org")
    page.get_by_role("checkbox", name="編輯").check()
    page.get_by_role("button", name="儲存", exact=True).first.click()
    expect(page.locator(".success")).to_be_visible()
    assert presses(page) <= 4
    made = User.objects.get(username="limei")
    assert (made.email, made.is_staff, *made.groups.all()) == ("limei@example.org", True, role)
