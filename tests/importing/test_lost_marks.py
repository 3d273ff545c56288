"""Honest questions keep a page clean, however they are written: no mark of theirs is a lost word."""

from pathlib import Path

import pytest

from articles.importing.edits import Record
from articles.importing.repairs import REPAIRS, run

LIBRARY = Path(__file__).parents[1] / "library"
TEXTS = sorted([*LIBRARY.glob("*.txt"), *Path(__file__).parent.glob("clean_*.txt")])


def flags_of(text: str) -> list[str]:
    record = Record(text)
    run(record, REPAIRS)
    return [record.text[f.start : f.end] for f in record.flags_in_text() if f.kind == "lost-text"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("mark", ["？", "?"])
def test_no_clean_text_has_lost_characters(path, mark):
    text = path.read_text("utf-8")
    assert flags_of(text.replace("？", mark)) == []


@pytest.mark.parametrize(
    "text",
    [
        "你来吗? 我来。他也来吗? 他不来。",
        "是不是?他说。是不是?我说。到底是不是?大家说。",
        "“你去不去?”她问。“去!”他答。",
        "账在哪里?钱在哪里?人在哪里?",
        "工资为什么少了?\n车间里没有一个人说得清楚。\n谁来管?\n谁都不管。",
        "他问:“干完没有?”没人答;又问:“走不走?”都走了。",
        "谁说的??没人认。真的吗???真的。",
        "What is a union? 工会是什么? Who knows? 谁知道?",
        "网址是 https://a.example/b?c=1&d=2 ,打开看看? 看了。",
        "`SELECT * FROM t WHERE a = ? AND b = ?` 这一句对不对? 对。",
        "请在（?）里填上数字，写“?”的不算。",
        "加班费呢?加班费，没有。年休假呢?年休假，也没有。",
        "发不发工资?发，什么时候发?月底，发多少?照旧。",
        "老王（他是哪年进厂的?）不爱说话，老李（哪个车间的?）爱说。",
        "为什么入会?怎么入会?入会以后呢?——三个问题，一个一个说。",
        "行不行?、要不要?、谁来办?，会上都问了。",
    ],
)
def test_a_question_with_a_narrow_mark_is_one(text):
    assert flags_of(text) == []
    assert flags_of(f"{text}\n" * 6) == []


@pytest.mark.parametrize("title", ["谁来管互助金?", "工会是谁的?——一封信", "夜校办不办?怎么办?"])
def test_a_title_may_ask(title):
    text = "去年，厂里开了三次会；说了一件事：互助金怎样管。\n大家说，账要公开，钱要用在急处。\n"
    assert flags_of(f"{title}\n作者：林小满\n{text * 4}") == []


WIDE = "去年，厂里开了三次会；说了一件事：互助金怎样管。\n账要公开，钱要用在急处，谁来管？\n" * 3


@pytest.mark.parametrize(
    "text",
    [
        "老王也走了?车间空了一半。",
        "你来?车间有事。",
        "加班?工资没有。",
        "下班了?下班了。",
        "几点?六点。",
        "互助金?听说过。",
        "工资少了?少了三百。",
        "这也算工伤?车间主任说算。",
        "他說的是真話?大夥搖頭。",
    ],
)
def test_a_narrow_question_among_wide_marks_is_one(text):
    assert flags_of(f"{WIDE}{text}\n{WIDE}") == []


@pytest.mark.parametrize(
    "text",
    [
        "总理朱?基说过这句话。",
        "工会主席陶?走遍了车间。",
        "紗廠的細??間裡沒有人。",
        "他在?上睡着了。",
        "车间里一片?静。",
    ],
)
def test_a_lost_character_among_wide_marks_is_flagged(text):
    assert flags_of(f"{WIDE}{text}\n{WIDE}")


@pytest.mark.parametrize(
    "text",
    [
        "紗廠的細??，織布的細??，人都走了，?工的也走了。",
        "朱?，請你們來；陶?，請他?們也來。",
    ],
)
def test_characters_that_are_lost_are_flagged_all_the_same(text):
    assert flags_of(text)
