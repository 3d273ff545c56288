"""Review in a real browser: submitted, commented on, sent back, previewed, approved, published."""

import re

import pytest
from playwright.sync_api import expect

from articles.curation.publishing import move
from articles.models import Article, ReviewComment

from ..support.browser import NEEDS_BROWSER, PHONE
from .test_accessibility import violations
from .test_desk import FORM, press, sign_in_as, type_in  # noqa: F401

pytestmark = NEEDS_BROWSER


@pytest.fixture
def people(sign_in_as):  # noqa: F811
    """Return a function that opens a page as the editor or as the reviewer."""

    def open_as(name, path, **options):
        return sign_in_as(name, path, group={"王芳": "編輯", "劉明": "審核"}[name], **options)

    return open_as


def test_a_change_is_submitted_discussed_sent_back_and_published(people, visit, starter):
    page = people("王芳", FORM.format(starter.pk))
    type_in(page, "又加上一句。")
    page.get_by_label("給審核者的話").fill("請看首段")
    press(page, "送審")
    expect(page.locator(".success")).to_contain_text("已送審")

    # The reviewer finds it on the start page, clicks a paragraph, says something, sends it back.
    desk = people("劉明", "/admin/")
    waiting = desk.locator(".desk-home section", has_text="待我審核")
    expect(waiting.locator("h2 b")).to_have_text("1")
    expect(waiting).to_contain_text("請看首段")
    waiting.get_by_role("link").first.click()
    expect(desk.locator(".compare-row ins")).to_have_text("又加上一句。")
    desk.locator(".compare-row .right", has_text="又加上一句。").click()
    expect(desk.locator("[name=quote]")).to_have_value(re.compile("又加上一句。"))
    assert "版本" not in desk.locator("[name=quote]").input_value()  # the label of the side
    desk.get_by_label("意見內容").fill("出處呢？")
    press(desk, "提出意見")
    expect(desk.locator(".review-list")).to_contain_text("出處呢？")
    desk.get_by_label("退回的理由").fill("請補出處")
    press(desk, "退回")
    expect(desk.locator(".success")).to_contain_text("已退回")

    # The editor sees why, puts it right, resolves the comment and submits again.
    page.goto("/admin/")
    back = page.locator(".desk-home section", has_text="退回給我的")
    expect(back).to_contain_text("請補出處")
    back.get_by_role("link").first.click()
    expect(page.locator("#content")).to_contain_text("出處呢？")
    type_in(page, "按年度，")
    page.get_by_role("tab", name="意見").click()
    said = page.locator("#side-comments [data-comment]").first
    said.get_by_text("回覆", exact=True).first.click()
    said.get_by_label("你的回覆").fill("出自年度報告。")
    said.get_by_role("button", name="回覆").click()
    expect(said.locator(".review-answer")).to_contain_text("出自年度報告。")
    page.locator(".field-body .ProseMirror p").nth(1).select_text()
    page.get_by_label("意見內容").fill("這段再看看")
    expect(page.locator(".remark-new blockquote")).to_be_visible()
    press(page, "提出意見")
    expect(page.locator("#side-comments [data-comment]")).to_have_count(2)
    expect(page.get_by_role("tab", name="意見")).to_have_text("意見 2")
    assert violations(page) == []
    said.get_by_role("button", name="已處理").click()
    expect(said).to_contain_text("這段再看看")
    said.get_by_role("button", name="在正文中標出").click()
    expect(page.locator(".field-body [contenteditable=true]")).to_be_focused()
    press(page, "送審")  # what was typed before is there still
    expect(page.locator(".success")).to_contain_text("已送審")
    page.goto(f"/admin/articles/article/{starter.pk}/review/")
    expect(page.get_by_role("button", name="發布")).to_have_count(0)
    expect(page.locator(".review-list > li")).to_have_count(1)
    assert {one.note for one in ReviewComment.objects.filter(resolved_by__username="王芳")} == {
        *("出處呢？", "出自年度報告。"),
    }

    # The reviewer looks at the page as it will be, and publishes it.
    desk.goto(f"/admin/articles/article/{starter.pk}/preview/?width=phone&script=zh-Hans")
    frame = desk.frame_locator("iframe")
    expect(frame.locator(".body")).to_contain_text("按年度，")
    expect(frame.locator(".preview-bar")).to_contain_text("预览")
    assert frame.locator("html").evaluate("() => innerWidth") == 390
    reader = visit(starter.url_in("zh-Hant"))
    expect(reader.locator(".body")).not_to_contain_text("又加上一句。")
    desk.goto(f"/admin/articles/article/{starter.pk}/review/")
    press(desk, "發布")
    expect(desk.locator(".success")).to_contain_text("已核准並發布")
    reader.reload()
    expect(reader.locator(".body")).to_contain_text("又加上一句。")
    expect(reader.locator(".body")).to_contain_text("按年度，")
    assert Article.objects.get(pk=starter.pk).draft is None


def test_a_link_for_somebody_without_an_account(people, visit, starter):
    page = people("王芳", FORM.format(starter.pk))
    type_in(page, "尚未公布的一句。")
    press(page, "儲存草稿")
    expect(page.locator(".success")).to_be_visible()
    page.goto(f"/admin/articles/article/{starter.pk}/preview/")
    page.get_by_label("給誰看").fill("作者本人")
    press(page, "產生連結")
    expect(page.get_by_label("連結網址")).to_have_value(re.compile("/preview/"))
    address = page.get_by_label("連結網址").input_value()
    guest = visit(address, PHONE)
    expect(guest.locator(".preview-bar")).to_contain_text("预览")
    expect(guest.locator(".body")).to_contain_text("尚未公布的一句。")
    guest.get_by_role("link", name="繁體", exact=True).click()
    expect(guest.locator(".preview-bar")).to_contain_text("預覽")
    expect(guest.locator(".body")).to_contain_text("尚未公布的一句。")
    assert guest.evaluate("document.documentElement.scrollWidth") <= 390
    assert guest.context.cookies() == []
    press(page, "撤銷連結")
    expect(page.locator(".success")).to_contain_text("已撤銷")
    assert guest.request.post("/zh-hant/preview/", form={"link": address}).status == 404
    # A code that was mailed comes by the same way, and does not stay in the address.
    guest.goto("/zh-hant/account/welcome/#username=limei&code=ABCD+EFGH")
    expect(guest.get_by_label("代碼")).to_have_value("ABCD EFGH")
    expect(guest.get_by_label("使用者名稱")).to_have_value("limei")
    expect(guest).to_have_url(re.compile("/account/welcome/$"))


def test_a_passage_that_is_commented_on_keeps_its_characters_whole(desk, starter, make_article):
    article = make_article(body=f"<p>{'工' * 499}𠮷字</p>", status="draft")
    move(Article.objects.filter(pk=article.pk), "in_review", None)
    page = desk(f"/admin/articles/article/{article.pk}/review/")
    page.locator(".review-whole p").click()
    expect(page.locator("[name=quote]")).to_have_value("工" * 499)
