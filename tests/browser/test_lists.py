"""In a real browser: lists, collections, and what a page tells of being read."""

import pytest
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import expect

from articles.models import Article, Collection, ReadCount
from training.models import Path

from ..support.browser import DESK, NEEDS_BROWSER, PHONE
from ..support.places import SEEDS
from ..support.timing import soon

pytestmark = NEEDS_BROWSER


@pytest.fixture
def collection(starter):
    path = SEEDS / "collections.json"
    call_command("import_collections", str(path), "--publish", verbosity=0)
    return Collection.objects.get(is_featured=True)


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "without script"])
def test_a_reader_filters_and_takes_the_filters_away(visit, starter, scripted):
    page = visit("/zh-hans/articles/", java_script_enabled=scripted)
    everything = page.locator(".item").count()
    for name, filter_name in [("职代会", "tag"), ("论文", "genre")]:
        page.get_by_text("缩小范围").click()
        chip = page.locator(".narrow .chip").filter(has_text=name)
        expect(chip).to_be_visible()
        assert chip.bounding_box()["height"] >= 36
        left = int(chip.locator("small").inner_text())
        chip.click()
        page.wait_for_url(f"**{filter_name}=*")
        expect(page.locator(".item")).to_have_count(left)
    left = page.get_by_role("link", name="移除这个筛选")
    left.first.click()
    expect(left).to_have_count(1)
    left.click()
    expect(page.locator(".item")).to_have_count(everything)


def test_the_page_bar_fits_and_can_be_touched(visit, starter):
    with transaction.atomic():
        for number in range(230):
            Article(title=f"第{number}篇", body="<p>一</p>", status="published").save()
    page = visit("/zh-hant/articles/")
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)
        page.goto("/zh-hant/articles/?page=6")
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        boxes = [link.bounding_box() for link in page.locator(".pager a:visible").all()]
        assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes), boxes
        assert len({round(box["y"]) for box in boxes}) == 1
        page.locator(".pager").get_by_role("link", name="下一頁", exact=True).click()
        page.wait_for_url("**page=7")


def test_a_reader_goes_through_a_collection(visit, collection):
    page = visit("/zh-hant/")
    page.get_by_role("link", name="讀這 6 篇").click()
    expect(page.locator("h1")).to_have_text(str(collection))
    expect(page.locator(".progress")).to_be_hidden()
    ids = collection.public_article_ids()
    page.evaluate("ids => localStorage.setItem('read', JSON.stringify(ids))", ids[:2])
    page.reload()
    expect(page.locator(".progress")).to_contain_text("已讀 2 篇，共 6 篇")
    expect(page.locator(".is-read")).to_have_count(2)
    page.locator(".progress a").click()
    page.wait_for_url(f"**/articles/{ids[2]}-*/?in=c{collection.pk}")
    page.evaluate("ids => localStorage.setItem('read', JSON.stringify(ids))", ids)
    page.go_back()
    page.reload()
    expect(page.locator(".progress")).to_contain_text("全部讀完了")


def test_a_page_tells_once_that_it_was_read(visit, starter, live_server):
    page = visit("/zh-hant/")
    page.clock.install()
    told = []
    page.on("request", lambda request: request.method == "POST" and told.append(request.url))
    for seconds, reads in [(10, 0), (60, 1), (60, 1)]:
        page.goto(starter.url_in("zh-Hant"))
        page.wait_for_selector("[data-ready]")
        page.clock.run_for(seconds * 1000)
        page.evaluate("fetch('/healthz').then(r => r.text())")  # what was told is on its way
        assert len(told) == reads
        soon(lambda reads=reads: sum(ReadCount.objects.values_list("reads", flat=True)) == reads)
    assert page.evaluate("localStorage.getItem('read')") == f"[{starter.pk}]"
    assert page.context.cookies() == []


def test_a_curator_moves_an_article_up(desk, collection):
    page = desk(f"/admin/articles/collection/{collection.pk}/change/")
    before = collection.public_article_ids()
    page.locator("#items-group").get_by_role("button", name="上移").nth(1).click()
    page.get_by_role("button", name="儲存", exact=True).first.click()
    expect(page.locator(".success")).to_be_visible()
    assert collection.public_article_ids() == [before[1], before[0], *before[2:]]


@pytest.mark.parametrize("kind", ["collection", "path"])
def test_a_curator_draws_a_text_to_its_place(desk, collection, kind):
    page, ids = desk(f"/admin/articles/collection/{collection.pk}/change/"), collection.items
    if kind == "path":
        path = Path.objects.create(name_hant="新任工會幹部", collection=collection)
        page.goto(f"/admin/training/path/{path.pk}/change/")
        page.get_by_role("button", name="儲存並繼續編輯").first.click()  # takes the collection's
        expect(page.locator(".success").first).to_be_visible()
        ids = path.items
    order = [one.article_id for one in ids.order_by("position")]

    def draw(which: int, to: int) -> None:
        rows = page.locator("#items-group tr.form-row")
        rows.nth(which).evaluate("row => row.scrollIntoView({ block: 'center' })")
        start = rows.nth(which).locator(".drag").bounding_box()
        end = rows.nth(to).bounding_box()
        page.mouse.move(start["x"] + 5, start["y"] + 5)
        page.mouse.down()
        page.mouse.move(start["x"] + 5, end["y"] + end["height"] / 2, steps=5)
        page.mouse.up()

    for which, to, wanted in [(2, 0, [order[2], *order[:2], *order[3:]]), (0, 2, order)]:
        draw(which, to)
        with page.expect_event("load"):
            page.get_by_role("button", name="儲存並繼續編輯").first.click()
        expect(page.locator(".success").first).to_be_visible()
        assert [one.article_id for one in ids.order_by("position")] == wanted
