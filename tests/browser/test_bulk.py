"""In a real browser: many articles at once, the recycle bin, the log."""

import pytest
from playwright.sync_api import expect

from articles.curation.bulk import work
from articles.models import Article, AuditEntry, BulkRun
from articles.search.rebuild import differences

from ..support.browser import NEEDS_BROWSER, PHONE

pytestmark = NEEDS_BROWSER

LIST = "/admin/articles/article/"


@pytest.fixture
def waiting(monkeypatch):
    """Take every run for a large one, and work on it when the test says so."""
    runs = []
    monkeypatch.setattr(work, "spawn", runs.append)
    monkeypatch.setattr(work, "AT_ONCE", 0)
    monkeypatch.setattr(work, "BATCH", 5)
    return runs


def choose_all(page, action: str) -> None:
    page.locator("#action-toggle").check()
    page.get_by_label("動作").select_option(label=action)
    page.get_by_role("button", name="執行").click()
    page.wait_for_url("**/bulk/*/")


def test_on_a_phone_what_can_be_done_comes_up_once_something_is_chosen(desk):
    page = desk(LIST, PHONE)
    bar = page.locator("#changelist .actions")
    expect(bar).to_be_hidden()
    page.locator("input.action-select").first.check()
    for part in (bar, page.get_by_label("動作"), page.get_by_role("button", name="執行")):
        expect(part).to_be_in_viewport(ratio=1)
    expect(page.locator(".action-counter")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "without script"])
def test_all_that_match_are_archived_watched_and_brought_back(
    desk, visit, waiting, scripted
):  # fmt: skip
    public = Article.objects.published().count()
    page = desk(f"{LIST}?status__exact=published", java_script_enabled=scripted)
    if scripted:
        choose_all(page, "封存")
    else:
        for box in page.locator("input.action-select").all():
            box.check()
        page.get_by_label("動作").select_option(label="封存")
        page.get_by_role("button", name="執行").click()
    expect(page.get_by_role("heading", name=f"將改動 {public} 篇文章")).to_be_visible()
    expect(page.locator(".bulk-notes")).to_contain_text("之後就看不到了")
    assert Article.objects.published().count() == public
    page.get_by_role("button", name=f"封存 ({public})").click()
    bar = page.locator("#progress progress")
    expect(bar).to_be_visible()
    run = waiting.pop()

    def look(done, total):
        if done < total:
            if scripted:
                expect(page.locator("#done")).to_have_text(str(done))
            else:
                page.reload()
            expect(bar).to_have_attribute("value", str(done))

    work.work(run, look)
    expect(page.locator(".run-note.done")).to_be_visible()
    expect(page.locator(".bulk-changed").first).to_have_text(f"已改 {public}")
    assert not Article.objects.published().exists()
    expect(visit("/zh-hant/articles/").locator("main article a")).to_have_count(0)
    page.get_by_role("button", name=f"撤銷這 {public} 篇…").click()
    page.get_by_role("button", name=f"撤銷 ({public})").click()
    work.work(waiting.pop())
    expect(page.locator(".run-note.done")).to_be_visible()
    assert Article.objects.published().count() == public
    assert [len(entry.ids) for entry in AuditEntry.objects.filter(bulk_runs__isnull=False)] == [
        public, public,
    ]  # fmt: skip
    assert not [one for one in differences() if one[0]]  # earlier tests leave words behind


def test_a_run_is_cancelled_half_way(desk, waiting):
    page = desk(LIST)
    choose_all(page, "移入資源回收筒")
    page.locator("button[value=confirm]").click()
    expect(page.locator("#progress")).to_be_visible()

    def cancel(done, total):
        if done == 5:
            page.get_by_role("button", name="取消").click()
            expect(page.get_by_text("做完這一批就停。")).to_be_visible()

    work.work(waiting.pop(), cancel)
    expect(page.get_by_text("已完成的保留。")).to_be_visible()
    assert Article.objects.in_bin().count() == 5
    assert BulkRun.objects.get().state == "cancelled"


def test_tags_are_chosen_and_added(desk, starter):
    page = desk(f"{LIST}?q=幹部")
    choose_all(page, "加標籤")
    page.locator(".select2-selection").click()
    page.keyboard.type("票決")
    page.locator(".select2-results__option", has_text="票決").click()
    page.get_by_role("button", name="看看會改什麼").click()
    page.locator("button[value=confirm]").click()
    expect(page.locator(".run-note.done")).to_be_visible()
    assert "票決" in map(str, starter.tags.all())


def test_an_article_goes_to_the_bin_and_comes_back(desk, visit, starter):
    address = starter.url_in("zh-Hant")
    page = desk(f"{LIST}{starter.pk}/change/")
    page.locator(".more-ways summary").click()
    page.get_by_role("link", name="移入資源回收筒").first.click()
    page.get_by_role("button", name="移入資源回收筒").click()
    expect(page.locator(".success")).to_contain_text("已移入資源回收筒")
    assert page.request.get(address).status == 404
    page.get_by_role("link", name="資源回收筒", exact=True).click()
    page.locator("#result_list tbody th a").click()
    expect(page.locator(".revision-note").first).to_contain_text("起在資源回收筒")
    page.get_by_role("link", name="還原…").click()
    page.get_by_role("button", name="還原", exact=True).click()
    expect(page.locator(".success")).to_contain_text("已照原樣還原")
    assert page.request.get(address).status == 200


def test_the_log_is_filtered_read_and_taken_away(desk, starter):
    page = desk(f"{LIST}{starter.pk}/delete/")
    page.get_by_role("button", name="移入資源回收筒").click()
    expect(page.locator(".success")).to_contain_text("已移入資源回收筒")
    page.goto("/admin/articles/auditentry/")
    chips = page.locator(".filter-chip")
    chips.filter(has_text="移入資源回收筒").locator("summary").click()
    page.get_by_role("link", name="移入資源回收筒", exact=True).click()
    expect(chips.locator("summary b")).to_have_text(["移入資源回收筒"])
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="匯出成表格").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 2
    assert f"curator,移入資源回收筒,文章,{starter.title}," in text
    page.locator("#result_list tbody th a").click()
    expect(page.locator(".log-line dl")).to_contain_text(starter.title)
