"""Characters under codes of their own: each comes under the code that everybody reads."""

import unicodedata

import pytest

from articles.importing.edits import Record, apply
from articles.importing.repairs import REPAIRS, run
from articles.importing.repairs.code_points import restore_code_points, restore_private_use

PAGE = "师傅的工龄满三十年了，车间里的人都说他的话有分量。"
HANT = "師傅的工齡滿三十年了，車間裡的人都說他的話有分量。"


def repaired(text):
    record = Record(text)
    run(record, REPAIRS)
    return record


@pytest.mark.parametrize(
    ("code", "character"),
    [("\ue863", "䶮"), ("\ue81e", "龴"), ("\ue844", "䜣"), ("\ue816", "𠂇"), ("\ue864", "龻")],
)
def test_a_name_under_a_private_code_of_gbk_is_readable(code, character):
    record = repaired(f"王{code}的话\n{PAGE}王{code}在场。")
    assert record.text.count(f"王{character}") == 2
    assert [edit.kind for edit in record.edits] == ["code-point"] * 2
    assert not record.flags


def test_all_private_codes_of_gbk_are_known():
    codes = "".join(map(chr, range(0xE815, 0xE865)))
    assert not any(unicodedata.category(char) == "Co" for char in restore_private_use(codes))
    assert len(set(restore_private_use(codes))) == 80


@pytest.mark.parametrize("code", ["\ue000", "\ue5e5", "\uf8ff", "\U000f1234", "\U0010fffd"])
def test_a_private_code_that_nobody_knows_blocks_where_it_stands(code):
    record = repaired(f"王{code}的话\n{PAGE}")
    (flag,) = [flag for flag in record.flags if flag.kind == "lost-text"]
    assert flag.blocking and record.source[flag.start : flag.end] == code
    assert not record.edits


def test_a_page_with_codes_of_hong_kong_is_changed_nowhere_but_given_its_readings():
    code = "\ue863"
    assert "王龑" in repaired(f"王{code}的話\n{HANT}").text
    record = repaired(f"王{code}的話，\ue5e6。\n{HANT}")
    assert all(flag.blocking for flag in record.flags)
    assert [flag.candidates[-1] for flag in record.flags] == ["䶮", "𠜎"]
    assert not [edit for edit in record.edits if edit.kind == "code-point"]


@pytest.mark.parametrize("line", ["\uf0b7 走访", "\uf0b7走访", "\ue60b 走访", "\ue5e5\ue5e5走访"])
def test_signs_of_a_font_before_a_line_are_no_lost_text(line):
    record = repaired(f"{PAGE}\n{line}\n{PAGE}")
    assert not record.flags
    assert record.text.split("\n")[1].removeprefix("• ") == "走访"


@pytest.mark.parametrize(
    ("damaged", "clean"),
    [
        ("快\uf914", "快樂"),
        ("\uf9e7面", "裏面"),
        ("\uf967\uf9e9", "不里"),
        ("\U0002f894", "弢"),
        ("葛\U000e0100飾", "葛飾"),
        ("樂\ufe00", "樂"),
        ("﹁好﹂", "「好」"),
        ("時間︰九點", "時間：九點"),
        ("﹙一﹚", "（一）"),
        ("﹝一﹞︐", "〔一〕，"),
        ("｢好｣｡", "「好」。"),
    ],
)
def test_compatible_forms(damaged, clean):
    text = restore_private_use(restore_code_points(damaged))
    assert text == clean


def test_a_search_finds_what_is_written_with_compatible_forms():
    record = repaired(f"論勞動者之快\uf914\n{HANT}")
    assert "快樂" in record.text
    assert apply(record.source, record.edits) == record.text
