"""Title, byline, date, summary and keywords, in the forms pages really have."""

from datetime import date

import pytest

from articles.importing.bylines import split_names
from articles.importing.dates import parse_date
from articles.importing.labels import split_keywords
from articles.importing.metadata import extract

BODY = "工会要到职工中间去，听他们说，替他们办，办完了再回去问一声，这样职工才信工会。\n" * 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王芳", ["王芳"]),
        ("戴 安", ["戴安"]),
        ("王芳 李明", ["王芳", "李明"]),
        ("王芳、李明，赵四", ["王芳", "李明", "赵四"]),
        ("王芳/文 小编", ["王芳"]),
        ("佚名", []),
        ("网友", []),
        ("本站編輯", []),
        ("John Smith", ["John Smith"]),
        ("买买提·阿不都", ["买买提·阿不都"]),
    ],
)
def test_names_in_a_byline(text, names):
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("作者：王芳", ["王芳"]),
        ("作者:王芳 李明", ["王芳", "李明"]),
        ("●劉明觀點", ["劉明"]),
        ("○ 王 芳", ["王芳"]),
        ("文/王芳", ["王芳"]),
        ("【作者】王芳", ["王芳"]),
        ("王芳", ["王芳"]),
        ("作者：佚名", []),
        ("责编：王芳", []),
        ("工会", []),
        ("任务", []),
        ("方法", []),
        ("文：一张一弛，文武之道。", []),
    ],
)
def test_bylines_below_a_title(line, authors):
    assert extract(f"谈谈工会的一件小事\n{line}\n{BODY}").authors == authors


@pytest.mark.parametrize("line", ["(作者:王芳 编辑部)", "（作者：王芳；单位：某厂工会）"])
def test_bylines_that_close_the_essay(line):
    found = extract(f"谈谈工会的一件小事\n{BODY}{line}")
    assert found.authors == ["王芳"]
    assert found.title == "谈谈工会的一件小事"


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2011年3月5日", date(2011, 3, 5), "day"),
        ("二〇一一年三月五日", date(2011, 3, 5), "day"),
        ("二○二三年十二月三十一日", date(2023, 12, 31), "day"),
        ("2011-03-05", date(2011, 3, 5), "day"),
        ("2011/3/5", date(2011, 3, 5), "day"),
        ("24/09/2021", date(2021, 9, 24), "day"),
        ("2011年3月", date(2011, 3, 1), "month"),
        ("2011年", date(2011, 1, 1), "year"),
    ],
)
def test_dates_in_every_form(text, day, precision):
    stated = parse_date(text)
    assert (stated.date, stated.precision) == (day, precision)


@pytest.mark.parametrize(
    "text", ["2011年13月5日", "2011-02-30", "0001-01-01", "3000年", "十二五", ""]
)
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


def test_a_time_label_is_the_upload_date():
    found = extract(f"谈谈工会的一件小事\n時間:2022-07-29 10:33:00\n{BODY}")
    assert found.upload_date
    assert found.stated.time.isoformat() == "2022-07-29T10:33:00+08:00"


def test_an_own_date_goes_before_the_upload_date():
    found = extract(f"谈谈工会的一件小事\n2011年3月5日\n时间:2022-07-29\n{BODY}")
    assert (found.stated.date, found.upload_date) == (date(2011, 3, 5), False)


def test_one_line_may_hold_several_labels():
    line = "来源：工人时报 作者：王芳 时间：2015-03-04 08:00"
    found = extract(f"谈谈工会的一件小事\n{line}\n{BODY}")
    assert (found.source_name, found.authors) == ("工人时报", ["王芳"])
    assert found.stated.date == date(2015, 3, 4)


def test_summary_and_keywords_with_their_labels():
    found = extract(f"标题在这里\n摘 要：办事要办到底。\n关键词：工会；职工，一线\n{BODY}")
    assert found.summary == "办事要办到底。"
    assert found.keywords == ["工会", "职工", "一线"]


@pytest.mark.parametrize(
    "text", ["创新 工会 基层", "创新,工会;基层", "创新、工会|基层。", "创新　工会　基层"]
)
def test_keywords_are_split_whatever_stands_between(text):
    assert split_keywords(text) == ["创新", "工会", "基层"]


def test_a_lead_that_the_body_repeats_is_the_summary_and_stays_in_the_body():
    lead = "工会是职工自己的组织，要到职工中间去，听他们说，替他们办，再问一声。"
    text = f"标题在这里\n{lead}\n{BODY}{lead}接着还有别的话要说。"
    found = extract(text)
    assert found.summary == lead
    assert found.lines == {0, 1}


def test_a_long_first_line_is_no_title():
    assert extract(BODY).title == ""


def test_labels_inside_the_body_stay_in_it():
    lines = [f"第{n}段，工会要到职工中间去，听他们说，替他们办，办完了再问。" for n in "甲乙丙丁戊"]
    text = "\n".join(["标题在这里", *lines[:2], "时间：下午两点开会时，职工都来了。", *lines[2:]])
    assert extract(text).lines == {0}


def test_a_bare_name_at_the_end_stays_in_the_body_for_a_curator_to_decide():
    first, second = "甲段，工会要到职工中间去，听他们说。", "乙段，替他们办，办完了再回去问一声。"
    found = extract(f"谈谈工会的一件小事\n{first}\n{second}\n向前走")
    assert (found.authors, found.perhaps_authors) == ([], ["向前走"])
    assert found.lines == {0}


@pytest.mark.parametrize(
    "line",
    [
        "单位：是职工的第二个家，要像爱家一样爱单位，单位好了职工才好。",
        "来源：清楚才叫人放心。钱从哪里来，花到哪里去，都要说清楚。",
        "关键词 就是服务。服务，再服务。",
        "（文中姓名均为化名）",
        "单位：某某厂工会",
    ],
)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_what_merely_begins_like_a_label_stays_in_the_body(line, place):
    paragraphs = [f"第{n}段，工会要到职工中间去，听他们说，替他们办，办完再问。" for n in "甲乙丙"]
    lines = [line, *paragraphs] if place == "head" else [*paragraphs, line]
    found = extract("\n".join(["谈谈工会的一件小事", *lines]))
    assert found.lines == {0}


def test_a_second_label_of_the_same_kind_adds_authors_and_keeps_the_rest():
    found = extract(f"谈谈工会的一件小事\n作者：王芳\n执笔：李明\n来源：甲刊\n来源：乙刊\n{BODY}")
    assert found.authors == ["王芳", "李明"]
    assert found.source_name == "甲刊"
    assert 4 not in found.lines


def test_a_line_that_was_read_only_in_part_stays_in_the_body():
    found = extract(f"谈谈工会的一件小事\n来源：甲刊 时间：某个下着雨的春天\n{BODY}")
    assert found.source_name == "甲刊"
    assert 1 not in found.lines
