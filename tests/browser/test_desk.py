"""Curators in a real browser: drafts over live texts, revisions, two at one article, crashes."""

import re

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import expect

from articles.curation.publishing import move, to_bin
from articles.models import Article, Author, Presence, Revision, Tag

from ..support.browser import DESK, NEEDS_BROWSER, PHONE, width_at
from ..support.timing import soon

pytestmark = NEEDS_BROWSER

FORM = "/admin/articles/article/{}/change/"


@pytest.fixture
def sign_in_as(visit, starter):
    """Return a function that opens a page of the desk as a named curator of a group."""

    def open_desk(name, path, viewport=DESK, group="審核", **options):
        user = User.objects.filter(username=name).first()
        if user is None:
            user = User.objects.create_user(name, is_staff=True)
            user.user_permissions.set(_permissions(group))
        return visit(path, viewport, user, locale="zh-TW", **options)

    return open_desk


def _permissions(group: str):
    """Return what a group may do; the test before this one may have emptied the table of groups."""
    from importlib import import_module

    from django.contrib.auth.models import Permission

    found = Group.objects.filter(name=group).first()
    if found:
        return found.permissions.all()
    codenames = import_module("articles.migrations.0003_groups").GROUPS[group]
    extra = ["publish_unreviewed"] * (group != "編輯")
    return Permission.objects.filter(codename__in=[*codenames, *extra])


def type_in(page, text: str, paragraph: int = 0) -> None:
    page.locator(".ProseMirror[contenteditable=true] > p").nth(paragraph).click()
    page.keyboard.press("Home")
    page.keyboard.insert_text(text)


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def wait_until_kept(page, text: str) -> None:
    """Wait until the form has put what was typed into the browser's own store."""
    is_kept = """text => Object.entries(localStorage)
        .some(([key, kept]) => key.startsWith("desk:") && kept.includes(text))"""
    soon(lambda: page.evaluate(is_kept, text))


def wait_until_present(name: str) -> None:
    """Wait until the form that somebody opened has told of itself."""
    soon(lambda: Presence.objects.filter(user__username=name).exists())


def test_a_live_text_is_edited_as_a_draft_reviewed_published_and_taken_back(
    sign_in_as, visit, starter
):  # fmt: skip
    page = sign_in_as("王芳", FORM.format(starter.pk), group="編輯")
    expect(page.get_by_role("button", name="發布", exact=True)).to_have_count(0)
    type_in(page, "又加上一句。")
    page.get_by_label("改了什麼").fill("補一句")
    press(page, "送審")
    expect(page.locator(".success")).to_contain_text("已送審")
    reader = visit(starter.url_in("zh-Hant"))
    expect(reader.locator(".body")).not_to_contain_text("又加上一句。")

    page = sign_in_as("劉明", FORM.format(starter.pk))
    expect(page.locator(".draft-note")).to_contain_text("王芳")
    expect(page.locator(".draft-note")).to_contain_text("補一句")
    page.get_by_role("link", name="與讀者看到的版本對照").click()
    expect(page.locator(".compare-row ins")).to_have_text("又加上一句。")
    page.get_by_role("button", name="發布", exact=True).click()
    expect(page.locator(".success")).to_contain_text("已發布")
    reader.reload()
    expect(reader.locator(".body")).to_contain_text("又加上一句。")

    page.get_by_role("link", name="歷史").click()
    expect(page.locator(".revisions li")).to_have_count(4)  # with the source of the import
    expect(page.locator(".revisions li.live")).to_contain_text("讀者看到的版本")
    page.locator(".revisions li", has_text="最早").get_by_role("link", name="還原").click()
    expect(page.locator(".compare-row del")).to_have_text("又加上一句。")
    page.get_by_role("button", name="發布", exact=True).click()
    expect(page.locator(".success")).to_contain_text("已還原版本 1")
    reader.reload()
    expect(reader.locator(".body")).not_to_contain_text("又加上一句。")
    assert Revision.objects.filter(article=starter).count() == 4


def test_two_curators_get_in_each_others_way_and_merge(sign_in_as, starter):
    first = sign_in_as("王芳", FORM.format(starter.pk))
    wait_until_present("王芳")
    second = sign_in_as("劉明", FORM.format(starter.pk))
    expect(second.locator(".desk-present")).to_contain_text("王芳 正在編輯")
    type_in(first, "王芳加一句。")
    type_in(second, "第二人加一句。", 1)
    press(first, "發布")
    expect(first.locator(".success")).to_be_visible()
    press(second, "發布")
    conflict = second.locator(".conflict")
    expect(conflict).to_contain_text("王芳 於")
    expect(conflict.locator("del")).to_contain_text(["剛才儲存的", "王芳加一句。"])
    expect(conflict.locator(".compare-by")).to_have_text(["別人改的", "您改的"])
    assert "王芳加一句。" in Article.objects.get(pk=starter.pk).body
    expect(second.locator(".ProseMirror[contenteditable=true]")).to_contain_text("第二人加一句。")
    type_in(second, "王芳加一句。")
    press(second, "發布")
    expect(second.locator(".success")).to_be_visible()
    body = Article.objects.get(pk=starter.pk).body
    assert body.count("王芳加一句。") == body.count("第二人加一句。") == 1


def test_an_open_form_learns_that_it_was_overtaken(sign_in_as, starter):
    page = sign_in_as("王芳", "/admin/")
    page.clock.install()
    page.goto(FORM.format(starter.pk))
    expect(page.locator("#desk-overtaken")).to_be_hidden()
    move(Article.objects.filter(pk=starter.pk), "archived", None)
    page.clock.run_for(21_000)
    expect(page.locator("#desk-overtaken")).to_be_visible()


def test_who_leaves_the_form_is_no_longer_named(sign_in_as, starter):
    first = sign_in_as("王芳", FORM.format(starter.pk))
    wait_until_present("王芳")
    second = sign_in_as("劉明", FORM.format(starter.pk))
    expect(second.locator(".desk-present")).to_contain_text("王芳 正在編輯")
    first.goto("/admin/")
    soon(lambda: second.reload() and second.locator(".desk-present li").count() == 0)


def test_an_open_form_learns_that_its_article_is_in_the_bin(sign_in_as, starter):
    page = sign_in_as("王芳", "/admin/")
    page.clock.install()
    page.goto(FORM.format(starter.pk))
    expect(page.locator("#desk-binned")).to_be_hidden()
    to_bin(Article.objects.filter(pk=starter.pk), None)
    page.clock.run_for(21_000)
    expect(page.locator("#desk-binned")).to_be_visible()
    expect(page.locator("#desk-overtaken")).to_be_hidden()


@pytest.mark.parametrize("place", ["change", "add"])
def test_text_that_was_not_saved_survives_a_crash(sign_in_as, starter, place):
    address = FORM.format(starter.pk) if place == "change" else "/admin/articles/article/add/"
    page = sign_in_as("王芳", address)
    expect(page.locator("#desk-unsaved")).to_be_hidden()
    page.locator("#id_title").fill("半成的名目")
    type_in(page, "又打了一半。")
    wait_until_kept(page, "又打了一半。")
    again = page.context.new_page()
    page.close()  # no submit, no question: as when the browser crashes
    again.goto(address)
    bar = again.locator("#desk-unsaved")
    expect(bar).to_contain_text("有尚未儲存的文字")
    assert re.search(r"\d+ 字", bar.inner_text())
    assert again.locator("#id_title").input_value() != "半成的名目"
    bar.get_by_role("button", name="取回").click()
    expect(bar).to_be_hidden()
    expect(again.locator("#id_title")).to_have_value("半成的名目")
    expect(again.locator(".ProseMirror[contenteditable=true]")).to_contain_text("又打了一半。")
    if place == "add":
        again.get_by_label("原文繁簡").select_option("zh-Hant")
    press(again, "儲存草稿")
    expect(again.locator(".success")).to_be_visible()
    expect(again.locator(".ProseMirror[contenteditable=true]")).to_contain_text("又打了一半。")
    again.goto(address)
    expect(bar).to_be_hidden()
    soon(
        lambda: again.evaluate("!Object.keys(localStorage).some((key) => key.startsWith('desk:'))")
    )


def test_unsaved_text_can_be_let_go(sign_in_as, starter):
    page = sign_in_as("王芳", FORM.format(starter.pk))
    page.locator("#id_summary").fill("不要了")
    wait_until_kept(page, "不要了")
    page.reload()
    page.locator("#desk-unsaved").get_by_role("button", name="捨棄").click()
    expect(page.locator("#desk-unsaved")).to_be_hidden()
    page.reload()
    expect(page.locator("#desk-unsaved")).to_be_hidden()
    assert page.locator("#id_summary").input_value() != "不要了"


def test_authors_sign_in_the_order_they_are_chosen_in(sign_in_as, starter):
    for name in ("安怡", "白雪"):
        Author(name_hant=name).save()
    page = sign_in_as("王芳", FORM.format(starter.pk))
    before = [str(author) for author in starter.byline]
    for name in ("白雪", "安怡"):
        page.locator(".field-byline .select2-search__field").fill(name)
        page.locator(".select2-results__option", has_text=name).click()
    press(page, "發布")
    expect(page.locator(".success")).to_be_visible()
    names = [author.name_hant for author in Article.objects.get(pk=starter.pk).byline]
    assert names[-2:] == ["白雪", "安怡"]
    assert len(names) == len(before) + 2


def test_no_page_of_revisions_is_wider_than_the_screen(sign_in_as, starter):
    path = FORM.format(starter.pk)
    page = sign_in_as("王芳", path)
    other = sign_in_as("劉明", path)
    for typing, text in ((page, "一句又一句的字" * 30), (other, "x" * 200)):
        typing.locator("#id_summary").fill(text)
        press(typing, "儲存草稿")
        expect(typing.locator(".success, .conflict").first).to_be_visible()
    expect(other.locator(".conflict")).to_be_visible()
    for viewport in (PHONE, DESK):
        assert width_at(other, viewport) == viewport["width"]
    for tail in (
        "change/",
        "history/",
        "diff/?old=1&new=2",
        "diff/?old=0",
        "draft/",
        "discard/",
        "restore/?number=1",
    ):
        page.goto(path.replace("change/", tail))
        for viewport in (PHONE, DESK):
            assert width_at(page, viewport) == viewport["width"], tail


def test_the_editor_speaks_the_language_of_the_desk_and_has_room(sign_in_as, starter):
    page = sign_in_as("張婷", "/admin/articles/article/add/")
    bar = page.locator(".prose-menubar")
    expect(bar.get_by_role("button", name="插入表格")).to_be_visible()
    kinds = bar.locator(".prose-menubar__option")
    expect(kinds).to_have_text(["一級標題", "二級標題", "三級標題", "正文"])
    assert not re.search("[A-Za-z]{4}", " ".join(_titles(bar)))
    type_in(page, "第一段")
    bar.get_by_role("button", name="插入表格").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("首列為標題").select_option(label="是")
    assert not re.search("[A-Za-z]", dialog.inner_text())
    dialog.get_by_role("button", name="插入", exact=True).click()
    expect(page.locator(".ProseMirror th")).to_have_count(3)
    assert not re.search("[A-Za-z]{4}", " ".join(_titles(bar)))
    text = page.locator(".ProseMirror[contenteditable=true]")
    assert text.bounding_box()["height"] > 12 * 22
    assert text.bounding_box()["width"] >= bar.bounding_box()["width"] - 2


def _titles(bar) -> list[str]:
    return bar.locator("[title]:visible").evaluate_all("them => them.map(one => one.title)")


def test_a_box_to_tick_stands_before_its_label(sign_in_as, starter):
    page = sign_in_as("李華", FORM.format(starter.pk))
    box = page.get_by_label("這是網站的上傳日期")
    label = page.locator("label[for=id_date_is_upload]")
    for viewport in (DESK, PHONE):
        width_at(page, viewport)
        if not box.is_visible():
            page.get_by_role("tab", name="資料").click()
            expect(box).to_be_visible()
        tick, words = box.bounding_box(), label.bounding_box()
        assert 0 <= words["x"] - (tick["x"] + tick["width"]) < 20
        assert words["y"] <= tick["y"] + tick["height"] / 2 <= words["y"] + words["height"]


def test_what_changed_is_marked_in_the_colours_of_the_scheme(sign_in_as, starter):
    page = sign_in_as("高明", f"/admin/articles/article/{starter.pk}/diff/?old=0&new=live")
    mark = page.locator(".compared ins").first
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        marked = mark.evaluate("one => getComputedStyle(one).backgroundColor")
        brightness = sum(map(int, re.findall(r"\d+", marked)[:3])) / 3
        assert (brightness < 100) == (scheme == "dark")


def test_lists_and_rows_of_forms_fit_a_phone(desk, starter):
    tag = Tag.objects.first()
    for name in ("試驗別名一號", "試驗別名二號"):
        tag.aliases.create(name=name)
    page = desk("/admin/articles/tag/", PHONE)
    aliases = page.locator("td.field-alias_names", has_text="試驗").first
    assert aliases.bounding_box()["width"] > 100
    for path in ("tag/", "author/", "auditentry/", "importrun/"):
        page.goto(f"/admin/articles/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        card = page.locator("#result_list tbody tr").first  # each row is one
        for part in (card, *card.locator(":is(th, td):visible").all()):
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
    page.goto(f"/admin/articles/tag/{tag.pk}/change/")
    row = page.locator("tr.has_original").first
    expect(row.locator("td.delete")).to_have_attribute("data-label", "刪除？")
    for cell in row.locator("td:visible").all():
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_a_preview_fits_the_room_there_is(desk, starter):
    path = f"/admin/articles/article/{starter.pk}/preview/"
    page = desk(path)
    frame = page.locator(".preview-frame")
    expect(page.locator("[aria-current]", has_text="電腦寬度")).to_be_visible()
    box, inner = frame.bounding_box(), frame.locator("iframe").bounding_box()
    assert inner["x"] + inner["width"] <= box["x"] + box["width"]
    assert inner["width"] > 0.95 * box["width"]
    page.locator("#nav-toggle").click()  # more room, and the page takes it
    soon(lambda: frame.locator("iframe").bounding_box()["width"] > 1100)
    box, inner = frame.bounding_box(), frame.locator("iframe").bounding_box()
    assert inner["x"] + inner["width"] <= box["x"] + box["width"]
    within = page.frame_locator("iframe").locator("html")
    assert within.evaluate("() => innerWidth") == 1280
    page.set_viewport_size(PHONE)
    page.goto(path)
    expect(page.locator("[aria-current]", has_text="手機寬度")).to_be_visible()
    inner = frame.locator("iframe").bounding_box()
    assert inner["x"] + inner["width"] <= PHONE["width"]
    page.get_by_role("link", name="简体").click()
    expect(page).to_have_url(re.compile("script=zh-Hans&width=phone"))


def test_the_way_round_the_desk_stays_as_it_was_left(desk):
    page = desk("/admin/articles/tag/")
    nav, toggle = page.get_by_role("navigation", name="編輯台"), page.locator("#nav-toggle")
    expect(nav.get_by_role("link", name="標籤")).to_have_attribute("aria-current", "page")
    toggle.click()
    expect(nav).to_be_hidden()
    page.goto("/admin/articles/author/")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(nav).to_be_hidden()
    toggle.click()
    width_at(page, PHONE)
    expect(nav).to_be_hidden()
    toggle.click()
    nav.get_by_role("link", name="標籤").click()
    page.wait_for_url("**/tag/")
    expect(nav).to_be_hidden()
    width_at(page, DESK)
    expect(nav).to_be_visible()


def test_filters_of_a_list_open_one_at_a_time(desk):
    page = desk("/admin/articles/article/")
    chips = page.locator(".filter-chip")
    chips.filter(has_text="狀態").locator("summary").click()
    chips.filter(has_text="標籤").locator("summary").click()
    expect(page.locator(".filter-chip[open]")).to_have_count(1)
    page.get_by_label("在這份清單裡找").fill("工傷")
    expect(page.locator(".filter-chip[open] li a:visible")).to_have_text(["工傷"])
    page.keyboard.press("Escape")
    expect(page.locator(".filter-chip[open]")).to_have_count(0)
    chips.filter(has_text="狀態").locator("summary").click()
    page.get_by_role("link", name="已發布", exact=True).click()
    expect(chips.locator("summary b")).to_have_text(["已發布"])


def test_a_typo_is_mended_from_the_public_page_in_three_clicks(sign_in_as, starter):
    page = sign_in_as("劉明", starter.url_in("zh-Hans"))
    passage = page.locator(".body > *").nth(8)
    passage.evaluate("part => scrollTo(0, part.offsetTop - 20)")
    page.get_by_role("link", name="编辑", exact=True).click()  # 1
    page.wait_for_url("**/change/#passage=*")
    place = int(page.url.rpartition("=")[2])
    assert 0 < place <= 9
    text = page.locator(".field-body .ProseMirror[contenteditable=true] > *").nth(place)
    expect(text).to_be_in_viewport()
    expect(page.locator(".field-body .ProseMirror-focused")).to_have_count(1)
    page.keyboard.insert_text("又加上一句。")
    expect(text).to_contain_text("又加上一句。")
    press(page, "發布")  # 2
    expect(page.locator(".success")).to_be_visible()
    page.goto(starter.url_in("zh-Hant"))
    expect(page.locator(".body > *").nth(place)).to_contain_text("又加上一句。")


def test_readers_and_trainees_get_no_way_to_the_form(visit, starter):
    page = visit(starter.url_in("zh-Hant"), DESK, User.objects.create_user("reader"))
    expect(page.locator(".tools").get_by_role("button", name="加入書籤")).to_be_visible()
    expect(page.locator(".tools .edit")).to_have_count(0)


def test_a_form_that_came_back_begins_at_what_is_wrong_in_it(desk):
    page = desk("/admin/articles/tag/add/")
    page.get_by_label("名稱（繁體）").fill("班組長")
    page.get_by_label("網址代號").fill("不 行")
    page.get_by_role("button", name="儲存", exact=True).click()
    expect(page.get_by_label("網址代號")).to_be_focused()
    page.set_viewport_size(PHONE)
    page.goto(f"/admin/auth/user/{User.objects.get().pk}/change/")
    tools, heading = page.locator(".object-tools"), page.locator("#content > h1")
    assert tools.bounding_box()["y"] < heading.bounding_box()["y"]  # whatever stands below it
