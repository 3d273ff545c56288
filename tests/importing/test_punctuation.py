"""Marks and spaces that a mirror spoiled come right; those of the author stay."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.repairs import Page
from articles.importing.repairs.punctuation import widen_punctuation
from articles.importing.repairs.spacing import drop_question_indents, drop_stray_spaces
from articles.text import script

from ..support import damage
from ..support.places import ESSAYS
from ..support.timing import is_in_proportion

BODIES = [damage.read_essay(path.name).body for path in sorted(ESSAYS.iterdir())]
LINES = [line for body in BODIES for line in body.split("\n") if len(line) > 40]
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def spoil_indents(text: str) -> str:
    return "\n".join(f"? ? {line}" for line in text.split("\n"))


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_clean_essays_stay(body):
    for target in script.SCRIPTS:
        page = Page(script.convert(body, target))
        for step in (widen_punctuation, drop_question_indents, drop_stray_spaces):
            assert not list(step.find(page))


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_spoilt_marks_come_back(body):
    assert widen_punctuation(body.replace("——", "--")) == body
    assert widen_punctuation(body.replace("……", "...")) == body
    assert widen_punctuation(re.sub(r"(?<!\d)。", ".", body)) == body
    assert widen_punctuation(body.translate(WIDE_DIGITS)) == body
    lines = [line for line in body.split("\n") if line]
    assert drop_question_indents(spoil_indents("\n".join(lines))) == "\n".join(lines)


@settings(max_examples=80, deadline=None)
@given(line=st.sampled_from(LINES), number=st.integers(0, 20))
def test_a_space_behind_a_mark_goes(line, number):
    marks = [m.end() for m in re.finditer(r"[\u3400-\u9fff][，。；](?=[\u3400-\u9fff])", line)]
    if not marks:
        return
    at = marks[number % len(marks)]
    assert drop_stray_spaces(f"{line[:at]} {line[at:]}") == line


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("他說'好'，又說\"可以\"。", "他說‘好’，又說“可以”。"),
        ("要樹立“大工會“意識。", "要樹立“大工會”意識。"),
        ("要樹立”大工會”意識。", "要樹立“大工會”意識。"),
        ("辦好了.", "辦好了。"),
        ("辦好了。。。", "辦好了……"),
        ("ＷＴＯ在２００１．１２", "WTO在2001.12"),
    ],
)
def test_marks(page, text):
    assert widen_punctuation(page) == text


@pytest.mark.parametrize(
    "page",
    [
        "約翰.史密斯與瑪麗.安談工會",
        "don't與it's，'a'與'b'。",
        "“一段話開始。\n“又一段。”",
        "民主”和“自由都要。",
        "見www.a.cn/b--c與a@b.cn，3...5。",
        "---\n***\n| 甲 | 乙 |",
        "只有“一個前引號。",
    ],
)
def test_what_is_not_certain_stays(page):
    assert widen_punctuation(page) == page


def test_spaces_of_lists_verse_titles_and_names_stay():
    for page in (
        "春眠不觉晓 处处闻啼鸟 夜来风雨声 花落知多少",
        "工会工作 创新发展",
        "姓名 单位 职务",
        "参加会议的同志有张强 李梅 王军 赵静 孙丽 周勇 吴敏,他们都在会上作了发言,讲得很好,大家听得也很认真。",
    ):
        assert drop_stray_spaces(page) == page


@pytest.mark.parametrize("unit", ["“工", '"工', "'工", "工.", "工-", "１．", "(", "工 ", "? 工\n"])
@pytest.mark.parametrize("step", [widen_punctuation, drop_question_indents, drop_stray_spaces])
def test_a_hostile_page_takes_time_in_proportion(unit, step):
    assert is_in_proportion(lambda size: list(step.find(Page((unit * size)[:size]))))
