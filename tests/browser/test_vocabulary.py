"""Journeys of curators through the vocabulary, in a real browser."""

import pytest
from django.db.models import Count
from playwright.sync_api import expect

from articles.models import Article, Tag

from ..support.browser import NEEDS_BROWSER, PHONE

pytestmark = NEEDS_BROWSER


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=["390", "1280"])
def test_a_curator_merges_tags_follows_the_old_address_and_undoes_it(desk, viewport):
    page = desk("/admin/articles/tag/", viewport)
    pair = Tag.objects.filter(slug__in=("weiquan", "jiti-xieshang"))
    # The one with more articles is what the page proposes to keep.
    stays, goes = pair.annotate(n=Count("articles")).order_by("n", "-pk")
    assert stays.n
    for name in (stays.name_hant, goes.name_hant):
        page.locator("tr", has=page.get_by_role("link", name=name, exact=True)).get_by_role(
            "checkbox"
        ).check()
    page.get_by_label("動作").select_option("merge")
    page.get_by_role("button", name="執行").click()
    page.get_by_role("radio", name=stays.name_hant).check()
    page.get_by_role("button", name="併入").click()  # of what was shown before: the other one
    expect(page.locator(".messagelist")).to_contain_text("尚未合併")
    expect(page.get_by_role("heading", name=f"保留「{stays.name_hant}」時的改動")).to_be_visible()
    page.get_by_role("button", name="預覽改動").click()
    expect(page.get_by_role("heading", name=f"保留「{stays.name_hant}」時的改動")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name=f"併入「{stays.name_hant}」").click()
    expect(page.locator(".messagelist")).to_contain_text(f"{goes.name_hant} → {stays.name_hant}")
    undo = page.get_by_role("link", name="撤銷這次合併").get_attribute("href")
    page.goto(f"/zh-hant/tags/{goes.slug}/")
    assert page.url.endswith(f"/zh-hant/tags/{stays.slug}/")
    expect(page.locator("h1")).to_contain_text(stays.name_hant)
    page.goto(undo)
    page.get_by_role("button", name="撤銷這次合併").click()
    expect(page.locator(".messagelist")).to_contain_text("恢復原狀")
    page.goto(f"/zh-hant/tags/{goes.slug}/")
    assert page.url.endswith(f"/tags/{goes.slug}/")
    assert Article.objects.filter(tags=goes).count() == goes.n


def test_a_curator_takes_suggested_tags_and_types_new_ones(desk, starter):
    tag = Tag.objects.get(slug="weiquan")
    starter.source.keywords = ["维权", "幹部培訓"]
    starter.source.save()
    starter.set_tags([])
    starter.status = "draft"
    starter.save()
    page = desk(f"/admin/articles/article/{starter.pk}/change/")
    suggested = page.locator(".tag-suggestions label", has_text="維權")
    expect(suggested).to_contain_text("原文關鍵詞")
    suggested.click()
    expect(suggested).to_be_hidden()
    field = page.locator(".field-tags .select2-selection")
    expect(field).to_contain_text("維權")
    field.locator(".select2-selection__choice__remove").click()
    expect(suggested).to_be_visible()
    suggested.click()
    field.locator("input").press_sequentially("數位轉型，")
    expect(field).to_contain_text("數位轉型")
    page.get_by_role("button", name="儲存草稿", exact=True).first.click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert {one.name_hant for one in starter.tags.all()} == {"維權", "數位轉型"}
    assert tag in starter.tags.all()


def test_suggestions_and_new_tags_without_a_script(desk, starter):
    starter.source.keywords = ["维权"]
    starter.source.save()
    starter.set_tags([])
    starter.status = "draft"
    starter.save()
    page = desk(f"/admin/articles/article/{starter.pk}/change/", java_script_enabled=False)
    page.locator(".tag-suggestions label", has_text="維權").click()
    page.get_by_label("其他標籤").fill("數位轉型、提案")
    page.get_by_role("button", name="儲存草稿", exact=True).first.click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert {one.name_hant for one in starter.tags.all()} == {"維權", "數位轉型", "提案"}
