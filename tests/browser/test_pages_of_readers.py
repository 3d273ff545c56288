"""In a real browser: readers on a phone and at a desk, and a curator who edits."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles.intake import uploads
from articles.models import Article, Decision, ImportRun, Source

from ..intake.test_import_essays import essay
from ..support.browser import DESK, NEEDS_BROWSER, PHONE, TABLET, width_at

pytestmark = NEEDS_BROWSER


def test_a_reader_finds_reads_and_changes_script(visit, starter):
    page = visit("/", locale="zh-TW")
    expect(page.locator("h1")).to_have_text("讀一篇，把工會的事辦得更好")
    page.get_by_role("combobox").fill("工会干部")
    page.get_by_role("button", name="搜尋").click()
    page.get_by_role("link", name="工會幹部的五項基本功").click()
    expect(page.locator("h1")).to_have_text("工會幹部的五項基本功")
    page.get_by_role("button", name="目錄").click()
    page.get_by_role("link", name="二、算得清", exact=True).click()
    page.wait_for_url("**#s4")
    page.get_by_role("link", name="切换到简体中文").click()
    expect(page.locator("h1")).to_have_text("工会干部的五项基本功")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.goto("/")  # the choice is remembered
    assert page.url.endswith("/zh-hans/")


def test_a_reader_takes_an_article_away(visit, starter):
    page = visit(f"/zh-hans/articles/{starter.pk}/", accept_downloads=True)
    for name, ending in (("EPUB 电子书", "epub"), ("Word", "docx"), ("Markdown", "md")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"工会干部的五项基本功.{ending}"


def test_a_reader_takes_a_suggestion_by_keyboard(visit, starter):
    page = visit("/zh-hant/")
    box = page.get_by_role("combobox")
    box.press_sequentially("gonghuiganbu")
    option = page.get_by_role("option", name="工會幹部的五項基本功")
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(option).to_be_hidden()
    box.press_sequentially("d")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"**/articles/{starter.pk}-*/")


def test_a_reader_narrows_what_was_found(visit, starter):
    page = visit("/zh-hans/search/?q=工会", PHONE)
    expect(page.locator(".item mark").first).to_have_text("工会")
    page.get_by_text("缩小范围").click()
    page.locator(".narrow").get_by_role("link", name="职代会").click()
    page.wait_for_url("**tag=zhidaihui*")
    assert 0 < page.locator(".item").count() < 16
    page.get_by_role("link", name="移除这个筛选").click()
    page.get_by_role("link", name="由新到旧").click()
    page.wait_for_url("**sort=date")


def test_the_text_is_set_to_be_read(visit, starter):
    page = visit(starter.url_in("zh-Hant"))
    for viewport in (PHONE, TABLET, DESK):
        width_at(page, viewport)
        size, leading, width = page.evaluate(
            """() => {
                const p = document.querySelector(".body p"), style = getComputedStyle(p);
                return [style.fontSize, style.lineHeight, p.getBoundingClientRect().width].map(parseFloat);
            }"""
        )
        assert 17 <= size <= 19
        assert 1.75 <= leading / size <= 1.9
        assert (18 if viewport is PHONE else 32) <= width / size <= 38


def test_everything_works_without_javascript(visit, starter):
    page = visit("/zh-hant/articles/", java_script_enabled=False)
    page.get_by_role("link", name="工會幹部的五項基本功").click()
    expect(page.locator("h1")).to_have_text("工會幹部的五項基本功")
    expect(page.get_by_role("button", name="分享")).to_be_visible()
    expect(page.locator("[popovertarget=looks]")).to_be_hidden()  # it would open on nothing
    page.get_by_role("link", name="切换到简体中文").click()
    expect(page.locator("h1")).to_have_text("工会干部的五项基本功")


def test_what_opens_above_the_page_stands_in_its_middle(visit, starter):
    page = visit(starter.url_in("zh-Hant"))
    for viewport in (PHONE, TABLET, DESK):
        width_at(page, viewport)
        for name in ("looks", "share"):
            page.locator(f"[popovertarget={name}]").click()
            expect(page.locator(f"#{name}")).to_be_visible()
            box = page.locator(f"#{name}").bounding_box()
            assert abs(2 * box["x"] + box["width"] - viewport["width"]) < 2, (name, viewport)
            page.keyboard.press("Escape")


def test_the_keyboard_reaches_the_text_first(visit, starter):
    page = visit(starter.url_in("zh-Hant"), DESK)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_a_curator_compares_two_articles_and_tells_them_apart(visit, starter, viewport):
    curator = User.objects.create_superuser("curator")
    half = starter.body.index("<p>", len(starter.body) // 2)
    cut = Article(title="五項基本功（節選）", body=starter.body[:half])
    cut.save()
    page = visit(f"/admin/articles/article/{cut.pk}/change/", viewport, curator, locale="zh-TW")
    if viewport is PHONE:
        page.get_by_role("tab", name="資料").click()
    page.locator(".similar").get_by_role("link").click()
    expect(page.get_by_role("heading", name="比較兩篇文章")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    row = page.locator(".compare-row:not(.equal)").first
    left, right = (row.locator(f".{side}") for side in ("left", "right"))
    if viewport is DESK:
        assert left.bounding_box()["y"] == right.bounding_box()["y"]
    expect(page.locator(".compared ins").first).to_be_visible()
    expect(page.locator(".compare-row del")).to_have_count(0)
    page.get_by_role("button", name="不是重複").click()
    expect(page.locator(".success")).to_be_visible()
    expect(page.locator(".similar .dismissed")).to_contain_text("curator 認為不是重複")


def import_page(file_name: str) -> str:
    article = Source.objects.get(file_name=file_name).article_id
    return f"/admin/articles/article/{article}/import/"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_a_curator_accepts_a_reading_and_takes_it_back(desk, viewport):
    page = desk(import_page("lost-bytes.txt"), viewport)
    candidate = page.locator(".candidate").first
    reading = candidate.inner_text()
    candidate.click()
    expect(page.locator(".success")).to_be_in_viewport()
    source = Source.objects.get(file_name="lost-bytes.txt")
    assert reading in source.article.body
    assert source.blocking_count == 0
    page.get_by_role("button", name="收回").first.click()
    expect(page.locator(".settled")).to_have_count(0)
    expect(page.locator(".candidate").first).to_be_visible()
    assert reading not in Article.objects.get(pk=source.article_id).body
    page.get_by_label("其他文字").last.fill("別的讀法")
    page.get_by_label("其他文字").last.press("Enter")
    expect(page.locator(".settled")).to_contain_text("別的讀法")
    assert "別的讀法" in Article.objects.get(pk=source.article_id).body


def test_a_curator_goes_through_the_changes_by_keyboard_and_undoes_one(desk):
    page = desk(import_page("02-serving-face-to-face.txt"))
    for key in "nnnp":
        page.keyboard.press(key)
    expect(page.locator(".text-side .mark.chosen")).to_have_count(1)
    before = page.locator("#what-before").inner_text()
    page.keyboard.press("u")
    expect(page.locator(".success")).to_be_in_viewport()
    decision = Decision.objects.get()
    assert (decision.action, decision.finding["before"].strip()) == ("undo", before.strip("↵\n "))
    expect(page.locator(".text-side .mark.undone.chosen")).to_have_count(1)
    page.get_by_role("button", name="重做這處修改").click()
    expect(page.locator(".mark.undone")).to_have_count(0)
    assert not Decision.objects.standing().exists()


def test_what_a_decision_did_is_told_where_it_was_taken(desk):
    page = desk(import_page("02-serving-face-to-face.txt"))
    page.locator(".text-side .mark").last.click()
    page.keyboard.press("u")
    expect(page.locator(".success")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") > 300


def test_the_filter_works_at_once_and_is_kept(desk):
    page = desk(import_page("02-serving-face-to-face.txt"))
    marks = page.locator(".text-side .mark[data-group=punctuation]:not(.off)")
    expect(marks.nth(20)).to_be_attached()
    page.get_by_label("標點").uncheck()
    expect(marks).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("n")
    expect(page.locator(".mark.chosen").first).not_to_have_attribute("data-group", "punctuation")
    page.keyboard.press("u")
    expect(page.locator(".success")).to_be_visible()
    expect(page.get_by_label("標點")).not_to_be_checked()
    expect(marks).to_have_count(0)


def test_on_a_phone_either_side_is_shown(desk):
    page = desk(import_page("02-serving-face-to-face.txt"), PHONE)
    expect(page.locator(".text-side").nth(1)).to_be_visible()
    expect(page.locator(".source-side").nth(1)).to_be_hidden()
    page.locator("label[for=show-source]").click()
    expect(page.locator(".source-side").nth(1)).to_be_visible()
    expect(page.locator(".text-side").nth(1)).to_be_hidden()


def drop(page, names) -> None:
    """Drop files on the upload page, as a hand would."""
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, text] of files) data.items.add(new File([text], name, {type: "text/plain"}));
            document.getElementById("drop").dispatchEvent(
                new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
            );
        }""",
        names,
    )


@pytest.mark.parametrize("scripted", [True, False], ids=["dropped", "without script"])
def test_a_curator_uploads_looks_confirms_and_reads(desk, monkeypatch, scripted):
    waiting = []
    monkeypatch.setattr(uploads, "spawn", waiting.append)
    page = desk("/admin/articles/article/", java_script_enabled=scripted)
    page.get_by_role("link", name="匯入文章").click()
    page.wait_for_url("**/upload/")
    if scripted:
        drop(page, [["甲.txt", essay(1)], ["乙.txt", essay(2)]])
        drop(page, [["空.txt", ""]])
        expect(page.locator("#chosen-files li")).to_have_count(3)
    else:
        files = {"甲.txt": essay(1), "乙.txt": essay(2), "空.txt": ""}
        page.locator("#id_files").set_input_files(
            [{"name": n, "mimeType": "text/plain", "buffer": t.encode()} for n, t in files.items()]
        )
    page.get_by_role("button", name="檢查檔案").click()
    expect(page.locator("#progress")).to_be_visible()
    uploads.work(waiting.pop())
    expect(page.get_by_role("heading", name="預覽：還沒有儲存任何內容")).to_be_visible()
    expect(page.locator(".before-table")).to_contain_text("檔案是空的")
    before = Article.objects.count()
    page.get_by_role("button", name="匯入 2 篇文章").click()
    expect(page.locator("#progress")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="取消")).to_be_visible()
    uploads.work(waiting.pop())
    expect(page.get_by_text("匯入完成。")).to_be_visible()
    assert Article.objects.count() == before + 2
    page.get_by_role("link", name="替职工办事的第1点").click()
    if scripted:
        page.get_by_role("tab", name="來源").click()
    expect(page.locator(".desk-source")).to_be_visible()


DESK_PAGES = ["IMPORT", "/admin/articles/importrun/upload/", "RUN", "/admin/articles/importrun/"]


def test_no_page_of_an_import_is_wider_than_the_screen(desk):
    page = desk("/admin/")
    for path in DESK_PAGES:
        path = import_page("lost-bytes.txt") if path == "IMPORT" else path
        run = ImportRun.objects.last().pk
        page.goto(f"/admin/articles/importrun/{run}/change/" if path == "RUN" else path)
        for viewport in (PHONE, DESK):
            assert width_at(page, viewport) == viewport["width"], path


def test_a_curator_edits_beside_the_source_and_publishes(desk):
    page = desk("/admin/articles/article/?status__exact=draft")
    page.get_by_role("link", name="誰來替職工說話").click()
    page.get_by_role("tab", name="來源").click()
    source = page.locator(".desk-source")
    expect(source.get_by_text("缺字").first).to_be_visible()
    form = page.locator(".editor-main").bounding_box()
    assert source.bounding_box()["x"] > form["x"] + form["width"] - 1  # beside, not below
    body = page.locator(".ProseMirror[contenteditable=true]")
    body.locator("p").first.click()
    page.keyboard.press("Home")
    page.keyboard.insert_text("編輯補上的話。")
    page.get_by_role("button", name="發布", exact=True).click()
    expect(page.get_by_role("heading", name="還有須先處理的待核處")).to_be_visible()
    page.get_by_role("button", name="仍要發布").click()
    expect(page.locator(".success")).to_be_visible()
    article = Article.objects.published().get(source__file_name="lost-bytes.txt")
    assert "編輯補上的話。" in article.body
    assert article.body.count("<h2>") == 2
    page.goto(article.url_in("zh-Hans"))
    expect(page.locator(".body")).to_contain_text("编辑补上的话。")
