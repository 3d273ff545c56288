"""In a real browser: what a curator spells stands, in the names of authors and in a rendition."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Author, Rendition, RenditionCorrection

from ..support.browser import DESK, NEEDS_BROWSER, PHONE, width_at

pytestmark = NEEDS_BROWSER

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])


def save(page) -> None:
    page.get_by_role("button", name="儲存", exact=True).click()


@SIZES
def test_an_author_is_called_as_a_curator_wrote(desk, starter, viewport):
    author = starter.authors.first()
    assert author.name_hant != author.name
    page = desk(f"/admin/articles/author/{author.pk}/change/", viewport)
    assert width_at(page, viewport) == viewport["width"]
    page.locator("#id_name_hant").fill("余鍾里")
    save(page)
    expect(page.locator(".messagelist")).to_be_visible()
    starter.save()  # whatever is made anew, the spelling stays
    page.goto(starter.url_in("zh-Hant"))
    expect(page.locator("main").get_by_role("link", name="余鍾里", exact=True)).to_be_visible()
    page.goto(starter.url_in("zh-Hans"))
    expect(page.locator("main").get_by_role("link", name=author.name, exact=True)).to_be_visible()
    assert Author.objects.get(pk=author.pk).name == author.name


@SIZES
def test_a_correction_tells_what_it_changes_before_it_is_saved(desk, starter, viewport):
    of_script = Rendition.objects.filter(script="zh-Hant", article__original_script="zh-Hans")
    bodies = [row.body for row in of_script.filter(body__contains="夜班")]
    assert len(bodies) > 1
    page = desk("/admin/articles/renditioncorrection/add/", viewport)
    page.locator("#id_script").select_option("zh-Hant")
    page.locator("#id_phrase").fill("夜班")
    page.locator("#id_right").fill("晚班")
    page.locator("#id_reason").fill("本館慣例")
    save(page)
    told = page.get_by_text(re.compile(rf"會改動 {len(bodies)} 篇文章的 [0-9]+ 處。"))
    expect(told).to_be_visible()
    assert width_at(page, viewport) == viewport["width"]
    assert not RenditionCorrection.objects.exists()
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("已重做")
    page.goto(starter.url_in("zh-Hant"))
    expect(page.locator(".reading .body")).to_contain_text("晚班")
    expect(page.locator(".reading .body")).not_to_contain_text("夜班")
    page.goto(starter.url_in("zh-Hans"))
    expect(page.locator(".reading .body")).to_contain_text("夜班")
