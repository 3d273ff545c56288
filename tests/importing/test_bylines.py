"""Bylines in the forms pages really have, and lines that merely look like one."""

import re
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.importing.fields import people
from articles.importing.fields.bylines import split_names
from articles.importing.fields.metadata import extract
from articles.importing.lexicon.surnames import split_run

FIRST = "工会要到职工中间去，听他们说，替他们办，办完了再回去问一声，这样职工才信工会。"
LAST = "职工有了难处，先想到工会，工会就算办好了，这件事说来容易，做起来要一年一年地做。"


def page(*, below="", closing=""):
    return "\n".join(part for part in ("谈谈工会的一件小事", below, FIRST, LAST, closing) if part)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("赵毅李明", ["赵毅", "李明"]),
        ("趙毅李明", ["趙毅", "李明"]),
        ("王芳李明赵毅", ["王芳", "李明", "赵毅"]),
        ("王小明李华", ["王小明", "李华"]),
        ("欧阳晓明", ["欧阳晓明"]),
        ("歐陽修", ["歐陽修"]),
        ("诸葛亮 司马光", ["诸葛亮", "司马光"]),
        ("阿不都拉", ["阿不都拉"]),
        ("陈方安生", ["陈方安生"]),
        ("韓 旭", ["韓旭"]),
        ("韓 旭 趙 毅", ["韓旭", "趙毅"]),
        ("王芳1,李明2*", ["王芳", "李明"]),
        ("约翰·史密斯", ["约翰·史密斯"]),
        ("约翰•史密斯", ["约翰·史密斯"]),
        ("阿卜杜拉·买买提 王芳", ["阿卜杜拉·买买提", "王芳"]),
        ("王芳和李明", ["王芳", "李明"]),
        ("王芳 编辑:李明", ["王芳"]),
        ("王芳 責任編輯：李明、趙毅", ["王芳"]),
        ("王芳 摄影/李明", ["王芳"]),
        ("本刊编辑部", []),
        ("某厂工会", []),
        ("课题组", []),
        ("网络", []),
        ("本报评论员", []),
        ("", []),
    ],
)
def test_names_in_a_credit(text, names):
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("赵毅李明", ("赵毅", "李明")),
        ("王芳李明华", ("王芳", "李明华")),
        ("王李张刘", ("王李", "张刘")),
        ("王李张刘陈", ()),  # 王李 and 张刘陈, or 王李张 and 刘陈
        ("不知道谁", ()),
        ("工会工作", ()),
        ("王", ()),
    ],
)
def test_names_run_together_are_parted_where_there_is_one_way(run, names):
    assert split_run(run) == names


@pytest.mark.parametrize(
    ("line", "authors", "unit"),
    [
        ("王芳", ["王芳"], ""),
        ("韩 旭", ["韩旭"], ""),
        ("赵毅李明", ["赵毅", "李明"], ""),
        ("欧阳晓明", ["欧阳晓明"], ""),
        ("○ 王芳", ["王芳"], ""),
        ("□ 王芳 李明", ["王芳", "李明"], ""),
        ("●劉明觀點", ["劉明"], ""),
        ("·王芳·", ["王芳"], ""),
        ("◎王芳/文", ["王芳"], ""),
        ("文/王芳", ["王芳"], ""),
        ("文｜王芳", ["王芳"], ""),
        ("图/文 王芳", ["王芳"], ""),
        ("文/图：王芳", ["王芳"], ""),
        ("王芳/文", ["王芳"], ""),
        ("作者 王芳", ["王芳"], ""),
        ("作 者：王芳", ["王芳"], ""),
        ("[作者] 王芳", ["王芳"], ""),
        ("作者：王芳；单位：某厂工会", ["王芳"], "某厂工会"),
        ("作者：王芳 作者单位：某厂工会", ["王芳"], "某厂工会"),
        ("作者：王芳（某厂工会）", ["王芳"], "某厂工会"),
        ("王芳（某厂工会）", ["王芳"], "某厂工会"),
        ("某厂工会 王芳", ["王芳"], "某厂工会"),
        ("（某厂工会 王芳 李明）", ["王芳", "李明"], "某厂工会"),
        ("某市总工会主席 王芳", ["王芳"], "某市总工会主席"),
        ("本报记者 李明 通讯员 王芳", ["李明", "王芳"], ""),
        ("本报记者李明", ["李明"], ""),
        ("□本报记者 李明", ["李明"], ""),
        ("記者 李明 王芳", ["李明", "王芳"], ""),
        ("通讯员：王芳", ["王芳"], ""),
        ("2017-02-14 13:27趙毅", ["趙毅"], ""),
        ("2017-02-14 13:27 本报记者 王芳", ["王芳"], ""),
        ("作者：王芳 责任编辑：李明", ["王芳"], ""),
        ("作者：赵毅李明 编辑：王芳", ["赵毅", "李明"], ""),
        ("讲话人：王芳", ["王芳"], ""),
        ("作者：佚名", [], ""),
        ("编辑：王芳", [], ""),
        ("责任编辑：王芳", [], ""),
        ("摄影：王芳", [], ""),
        ("作者：网友投稿", [], ""),
        ("作者：某厂工会", [], "某厂工会"),
    ],
)
def test_bylines_below_the_title(line, authors, unit):
    found = extract(page(below=line))
    assert (found.authors, found.unit) == (authors, unit)
    assert found.title == "谈谈工会的一件小事"
    if authors:
        assert 1 in found.lines


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("王芳", ["王芳"]),
        ("韩 旭", ["韩旭"]),
        ("（王芳）", ["王芳"]),
        ("（作者：王芳）", ["王芳"]),
        ("(作者:王芳 編輯:李明)", ["王芳"]),
        ("（作者：王芳 单位：某厂工会）", ["王芳"]),
        ("【作者：王芳】", ["王芳"]),
        ("作者：王芳", ["王芳"]),
        ("文/王芳", ["王芳"]),
        ("（文/王芳）", ["王芳"]),
        ("本报记者 王芳", ["王芳"]),
        ("（本报记者 王芳 通讯员 李明）", ["王芳", "李明"]),
        ("□ 王芳", ["王芳"]),
        ("作者简介：王芳，女，某厂工会主席。", ["王芳"]),
        ("【作者简介】王芳(1970—)，女，某厂工会主席。", ["王芳"]),
        ("（作者单位：某厂工会）", []),
        ("（作者系某厂工会主席）", []),
        ("（责任编辑：王芳）", []),
        ("（记者节快到了）", []),
        ("向前走", []),
        ("任务", []),
        ("谢谢", []),
        ("完", []),
        ("（待续）", []),
        ("安全第一", []),
        ("成功", []),
    ],
)
def test_bylines_that_close_the_essay(line, authors):
    assert extract(page(closing=line)).authors == authors


@pytest.mark.parametrize(
    "closing", ["（作者单位：某厂工会）", "（作者系某厂工会）", "作者单位：某厂工会"]
)
def test_a_unit_that_closes_the_essay_goes_with_the_author(closing):
    found = extract(page(below="王芳", closing=closing))
    assert (found.authors, found.unit) == (["王芳"], "某厂工会")
    assert 4 in found.lines


def test_a_note_on_the_author_names_him_and_stays_in_the_body():
    found = extract(page(closing="作者简介：王芳，女，某厂工会主席，写过三本书。"))
    assert found.authors == ["王芳"]
    assert 3 not in found.lines


def test_the_reporters_of_a_dispatch_are_read_from_its_first_line():
    found = extract(f"职工之家办起来了\n本报讯（记者 李明 通讯员 王芳）{FIRST}\n{LAST}")
    assert found.authors == ["李明", "王芳"]
    assert found.lines == {0}


@pytest.mark.parametrize(
    "line",
    [
        "作者认为，工会要走到职工中间去，这句话说得好。",
        "作者在书里写了三个车间的故事",
        "记者问：工会是干什么的？",
        "通讯员队伍要壮大",
        "王芳说，工会是职工的家。",
        "王芳和她的班组",
        "高大的厂房",
        "文：一张一弛，文武之道。",
        "单位的事就是大家的事",
        "本报记者节上的一席话",
        "安全生产",
        "马上就办",
        "白手起家",
        "任重道远",
        "向劳模学习",
        "方向",
        "高度",
        "成长",
    ],
)
def test_what_merely_looks_like_a_byline_names_nobody(line):
    found = extract(page(below=line))
    assert found.authors == []
    assert 1 not in found.lines


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "王芳",
                "李明",
                "工会",
                "1",
                "[2]",
                "（3，4）",
                "①",
                "*",
                " ",
                "　",
                "、",
                "（",
                "）",
                "◆",
            ]
        ),
        max_size=90,
    ).map("".join)
)
@example("王芳[1]" * 41)
@example("王芳、" * 40 + "李")
@example("王" * 80 + "（1）")
def test_a_line_passed_over_for_its_length_has_no_names(line):
    """It is not looked at any further: with the look at its length away, the answer is the same."""
    with patch.object(people, "_TOO_LONG", re.compile("(?!)")):
        wanted = people.names_of(line)
    assert people.names_of(line) == wanted
