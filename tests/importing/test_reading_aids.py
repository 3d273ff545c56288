"""Readings that say they are readings, and the numbers of pages: what a copy brings along."""

import pytest

from articles.importing.edits import Record, apply, invert
from articles.importing.repairs import REPAIRS, run


def repaired(text: str) -> Record:
    record = Record(text)
    run(record, REPAIRS)
    return record


def doubted(text: str) -> list[str]:
    record = repaired(text)
    return [
        record.text[f.start : f.end] for f in record.flags_in_text() if f.kind == "pinyin-doubt"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "工会(音:huì)是大家的，账(读zhàng)要公开。",
        "工会（音huì）是大家的，账（讀：zhàng）要公开。",
        "工會(ㄏㄨㄟˋ)是大家的，賬要開（ㄎㄞ）會說。",
    ],
)
def test_several_readings_of_everyday_characters_are_flagged(text):
    assert len(doubted(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "他姓逄（音páng），名字里有个赟（读yūn）字。",
        "会(读kuài)计是他的本行。",
        "这两个字的读音要记住：会(读huì)、长(读zhǎng)。",
        "开会(音乐会)以后，账(读给大家听)公开。",
    ],
)
def test_an_authors_own_readings_stay_without_a_flag(text):
    assert doubted(text) == []


PAGES = (
    "砚山厂互助金\n去年冬天开了三次会。\n第1页\n会上说了三件事，件件有人\n第2页\n"
    "记下来。\n第3页\n散会以后各回各的车间。"
)


def test_page_numbers_between_paragraphs_go_on_record():
    record = repaired(PAGES)
    assert "页" not in record.text
    assert apply(record.text, invert(record.edits)) == PAGES


@pytest.mark.parametrize(
    "text",
    [
        PAGES.replace("第3页", "第5页"),
        PAGES.replace("第3页\n", ""),
        "画册的说明\n" + PAGES,
        PAGES.replace("第2页", "第2页的表格"),
    ],
)
def test_numbers_that_may_be_the_authors_stay(text):
    assert repaired(text).text == text
