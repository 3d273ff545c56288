"""The damage of GBK text out of step, and its repair."""

import pytest

from articles.importing.edits import Edit, Flag, Record
from articles.importing.gbk import codes, damage, pairs
from articles.importing.repairs import REPAIRS, Page, run
from articles.importing.repairs.byteshift import flag_bytes_out_of_step

ESSAY = (
    "工會要服務職工，聽職工說話，替職工辦事。縣工會的干部到基層去，同職工交朋友，實實在在解決問題。"
    "基層工會繼續抓實抓好，把職工的事當自己的事。工會工作要打實基礎，實打實服務職工在基層。"
)


@pytest.mark.parametrize(
    ("text", "keys", "dangling", "damaged"),
    [
        (
            "實打實服務職工",
            [("驅", "qū"), ("實", "shí"), ("務", "wù")],
            "?",
            "實(shí)打?qū)嵎⻊?wù)職工",
        ),
        ("一年。縣工會", [], "?", "一年??h工會"),
        ("抓實。基層工會繼續", [], "?", "抓實?;鶎庸^續"),
        ("抓實。基層工會繼續", [], "", "抓實;鶎庸^續"),
        ("打實，才能服好務，", [("驅", "qū"), ("務", "wù")], "", "打?qū),才能服好?wù),"),
        ("打實地交朋友，從為廣", [("驅", "qū")], "", "打?qū)嵉亟慌笥,從為廣"),
    ],
)
def test_the_damage_is_the_one_found_on_real_pages(text, keys, dangling, damaged):
    """打 ends in F2, 實 begins with 8C, and F28C is 驅."""
    assert damage(text, keys, dangling) == damaged


def test_every_character_has_one_pair_of_bytes():
    assert len(pairs()) == 126 * 190
    assert codes()["工"] == (0xB9, 0xA4)


@pytest.mark.parametrize(
    ("damaged", "reading"),
    [
        ("工會要實打?qū)嵎⻊?wù)職工在基層，", "實服務"),
        ("只有實打?qū)嵉亟慌笥,職工才信。", "實地交朋友"),
        ("做到了一年。又一年??h工會的工作好，", "。縣"),
        ("各級要抓好抓實?;鶎庸^續以此為準，", "基層工會繼"),
    ],
)
def test_the_true_reading_is_among_the_candidates_and_the_text_stays(damaged, reading):
    record = Record(ESSAY * 3 + damaged + ESSAY)
    run(record, REPAIRS)
    flags = [flag for flag in record.flags if flag.kind == "lost-text"]
    assert len(flags) == 1
    assert flags[0].blocking
    assert any(reading in candidate for candidate in flags[0].candidates)
    assert record.source[flags[0].start : flags[0].end] in record.text
    assert not [edit for edit in record.edits if edit.kind == "byte-shift"]


def test_a_page_beyond_repair_ends_soon():
    findings = list(flag_bytes_out_of_step.find(Page("打?qū)嵎" * 2000)))
    assert all(isinstance(finding, (Edit, Flag)) for finding in findings)
    assert len(findings) >= 1000
