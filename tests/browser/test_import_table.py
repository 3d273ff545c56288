"""The table before an import in a real browser: by keys, as cards, and without a script."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles.intake import uploads
from articles.models import Article, ImportRun

from ..intake.test_import_essays import essay
from ..intake.test_uploads import zip_of
from ..support.browser import DESK, NEEDS_BROWSER, PHONE, width_at
from ..support.timing import soon
from .test_accessibility import violations_in

pytestmark = NEEDS_BROWSER

UPLOAD = "/admin/articles/importrun/upload/"
LATER = essay(1).replace("听职工说话", "听完职工说的话", 1)
LOOKS = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]


@pytest.fixture
def curator(db, monkeypatch):
    """Somebody who may import; what is asked for is done at once, by the server itself."""
    monkeypatch.setattr(uploads, "spawn", uploads.work)
    return User.objects.create_superuser("curator")


def send(page, files: dict[str, str | bytes]) -> None:
    page.goto(UPLOAD)
    page.locator("#id_files").set_input_files(
        [
            {"name": name, "mimeType": "text/plain", "buffer": text if isinstance(text, bytes) else text.encode()}
            for name, text in files.items()
        ]
    )  # fmt: skip
    page.locator("#send").click()
    page.wait_for_url("**/change/")


def confirm(page) -> None:
    page.get_by_role("button", name="匯入 ").click()
    expect(page.locator(".run-note.done")).to_be_visible()


def typed() -> dict[str, dict]:
    run = ImportRun.objects.first()
    return {
        file.path: {field: text for field, (text, _by) in file.typed.items()}
        for file in run.files.exclude(typed={})
    }


def test_by_keys_alone_on_both_sizes(visit, curator):
    page = visit(UPLOAD, DESK, curator, locale="zh-TW")
    send(page, {"稿.zip": zip_of({"1.txt": essay(1)})})
    confirm(page)
    send(
        page,
        {"改.zip": zip_of({"1.txt": LATER}), "b.txt": essay(2), "c.txt": essay(3), "空.txt": b""},
    )
    rows = page.locator(".before-table tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("檔案是空的")
    expect(rows.nth(1)).to_contain_text("很像")

    # Down the column of authors, and a file that is the changed one of an article.
    first = rows.nth(1).locator(".before-authors input[type=text]")
    first.focus()
    page.keyboard.insert_text("祁硯舟、鄔雁聲")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("王芳")
    page.keyboard.press("Shift+Enter")
    expect(first).to_be_focused()
    expect(page.locator("#kept")).to_have_text("已儲存。")
    soon(lambda: typed() == {
        "改.zip!/1.txt": {"authors": "祁硯舟、鄔雁聲"}, "b.txt": {"authors": "王芳"},
    })  # fmt: skip
    rows.nth(1).locator("select").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    soon(lambda: ImportRun.objects.first().files.filter(choice="update").exists())
    date = rows.nth(3).locator(".before-stated_date input[type=text]")
    date.fill("昨天")
    date.press("Enter")
    expect(rows.nth(3).locator(".why")).to_contain_text("這不是日期")
    date.fill("2020-05")
    date.press("Enter")
    expect(rows.nth(3).locator(".why")).to_have_count(0)
    blank = rows.nth(3).locator(".before-authors [type=checkbox]")
    blank.focus()
    page.keyboard.press("Space")
    soon(lambda: "authors" in typed().get("c.txt", {}))

    found = violations_in(LOOKS, page)
    assert not found, "\n".join(found)
    assert width_at(page, PHONE) <= PHONE["width"]
    expect(rows.nth(2).locator("td").first).to_be_visible()
    width_at(page, DESK)

    page.reload()
    expect(first).to_have_value("祁硯舟、鄔雁聲")
    confirm(page)
    changed = Article.objects.get(source__file_name="1.txt")
    assert "听完职工说的话" in changed.body
    assert [author.name_hant for author in changed.byline] == ["祁硯舟", "鄔雁聲"]
    last = Article.objects.get(source__file_name="c.txt")
    assert (last.date_precision, last.source.flag_kinds.get("missing-author")) == ("month", None)
    assert Article.objects.count() == 3


def test_without_a_script_each_button_keeps_what_was_typed(visit, curator):
    page = visit(UPLOAD, PHONE, curator, locale="zh-TW", java_script_enabled=False)
    send(page, {"a.txt": essay(1), "b.txt": essay(2)})
    page.locator("[name=title-1]").fill("換了題目")
    page.locator("[name=stated_date-0]").fill("2020")
    page.get_by_role("button", name="儲存", exact=True).click()
    expect(page.locator("[name=title-1]")).to_have_value("換了題目")
    page.locator("[name=authors-1]").fill("王芳")
    confirm(page)
    article = Article.objects.get(title="換了題目")
    assert [str(author) for author in article.byline] == ["王芳"]
    assert Article.objects.exclude(pk=article.pk).get().date_precision == "year"
