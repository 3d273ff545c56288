"""The damage of GBK text out of step, and its repair."""

import re

import pytest

from articles.importing.edits import Edit, Flag, Record
from articles.importing.lexicon.language import LanguageModel
from articles.importing.repairs import REPAIRS, Page, run
from articles.importing.repairs.byteshift.gbk import codes, damage, half, pairs
from articles.importing.repairs.byteshift.realignment import Realigner
from articles.importing.repairs.byteshift.step import realign_bytes_out_of_step
from articles.importing.repairs.byteshift.suspects import may_be_cut_out

ESSAY = (
    "工會要服務職工，聽職工說話，替職工辦事。全體會員到基層去，同職工交朋友，實實在在解決問題。"
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
def test_certain_readings_are_put_in_on_record(damaged, reading):
    record = Record(ESSAY * 3 + damaged + ESSAY)
    run(record, REPAIRS)
    edits = [edit for edit in record.edits if edit.kind == "byte-shift"]
    assert [reading in edit.after or edit.after in reading for edit in edits] == [True]
    assert not [flag for flag in record.flags if flag.kind == "lost-text"]
    assert edits[0].certain


@pytest.mark.parametrize("dangling", ["?", ""])
@pytest.mark.parametrize("cut", [True, False])
def test_a_certain_repair_damaged_again_gives_the_page_back(dangling, cut):
    truth = (
        ESSAY.replace("基層工會繼續", "大家一起") * 2 + "工會打實基礎，為職工服務，實打實服務職工。"
    )
    keys = [("驅", "qū"), ("實", "shí"), ("務", "wù"), ("職", "zhí")]
    page = damage(truth, keys, dangling, cut)
    assert page != half(truth)
    record = Record(page)
    run(record, REPAIRS)
    assert not [flag for flag in record.flags if flag.kind == "lost-text"]
    assert record.text == truth
    assert damage(record.text, keys, dangling, cut) == page


def test_an_annotation_without_a_tone_is_one_too():
    truth = "大家想了個辦法。”於是我們換了長繩，他們說好。我們會為他們說話，會上也這樣說。"
    keys = [("會", "huì"), ("們", "men"), ("說", "shuō")]
    page = damage(truth * 3, keys)
    assert "?men)" in page
    record = Record(page)
    run(record, REPAIRS)
    assert record.text == truth * 3


def test_a_digit_that_is_gone_is_shown_as_a_gap_and_never_invented():
    truth = "他說：“請工會替我們寫申訴。”他得了49票，票數最高。"
    page = damage(ESSAY + truth, [("實", "shí"), ("會", "huì")])
    assert "?9票" in page
    record = Record(page)
    run(record, REPAIRS)
    [flag] = [flag for flag in record.flags_in_text() if flag.kind == "lost-text"]
    assert flag.blocking
    assert all("□" in candidate for candidate in flag.candidates)


@pytest.mark.parametrize(
    "unit", ["打?qū)嵎", "會(huì)打?qū)嵎⻊?wù)職工，", "我會(huì)問?他說!好，"]
)
def test_a_page_beyond_repair_ends_soon(unit):
    findings = list(realign_bytes_out_of_step.find(Page(unit * 20_000)))
    assert all(isinstance(finding, (Edit, Flag)) for finding in findings)
    assert "?q" not in unit or len(findings) >= 10_000


def test_behind_a_comma_that_cannot_be_cut_out_no_search_finds_another_reading():
    model, checked = LanguageModel(ESSAY), 0
    for behind in sorted(codes())[::97]:
        text = f"工會，{behind}工會工作要打實基礎"
        found = re.compile("，").search(text)
        if not may_be_cut_out(text, found, True, model.tokens):
            realigner = Realigner(model, True, frozenset(), frozenset({2}))
            stop, readings = realigner.read(text, 0, 3)
            assert [one.text for one in readings] == [text[:stop]]
            checked += 1
    assert checked > 100


def test_a_comma_whose_second_byte_makes_no_character_is_not_searched(monkeypatch):
    """AC makes none with the first byte of 水, so the comma of 礙事，水 is none of 錝水's."""
    odd = "他說礙事，水飛薊賓。舔了三下，鴉陣橫空，鈦夾夾閉。"
    damaged = ESSAY * 3 + "工會要實打?qū)嵎⻊?wù)職工在基層。" + odd + ESSAY
    looked_at = []
    read = Realigner.read

    def watched(self, text, start, end, *others, **named):
        looked_at.append(text[start:end])
        return read(self, text, start, end, *others, **named)

    monkeypatch.setattr(Realigner, "read", watched)
    for text in (odd, damaged):
        run(Record(text), [realign_bytes_out_of_step])
    assert looked_at
    assert not [one for one in looked_at if "，" in one]
