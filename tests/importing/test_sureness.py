"""Whether a title is taken unasked: what the text says of it, and its form."""

import pytest

from articles.importing.fields.sureness import is_no_title, support
from articles.importing.pipeline import make_draft

PROSE = (
    "夜校开到车间门口以后，来听课的人多了一倍，听完还肯留下来问，问的多半是自己碰到的事情。"
    "工资条怎么看，工伤怎么报，夜校一次只讲一件事，讲完当场问一问，答得上来的人先走。"
)
BODY = "\n".join([PROSE, PROSE.replace("夜校", "课堂"), PROSE.replace("车间", "宿舍")])


def flags(text: str) -> set[str]:
    return {flag.kind for flag in make_draft(text.encode(), "a.txt").flags}


def test_words_that_come_again_speak_for_a_line_and_words_that_do_not_against_it():
    assert support("夜校开到车间门口", BODY) > 10
    assert support("银杏叶标本盒", BODY) < -1


def test_everyday_words_that_come_again_say_little():
    assert support("问的人自己", BODY) < support("夜校车间课堂", BODY)


def test_an_essay_without_prose_says_nothing_of_its_title():
    assert support("夜校开到车间门口", "") == 0
    assert support("", BODY) == 0


def test_a_line_of_which_the_text_says_nothing_is_asked_about():
    assert "doubtful-title" in flags(f"银杏叶标本盒\n2021年5月6日\n{BODY}")
    assert not {"doubtful-title", "missing-title"} & flags(f"车间门口的夜校\n2021年5月6日\n{BODY}")


def test_a_lower_line_is_the_title_where_the_text_says_much_of_it():
    draft = make_draft(f"银杏叶标本盒\n车间门口的夜校一次只讲一件事\n{BODY}".encode(), "a.txt")
    assert draft.title == "车间门口的夜校一次只讲一件事"


def test_of_two_lines_that_are_as_good_none_is_taken_unasked():
    assert "doubtful-title" in flags(f"工伤怎么报一问就清楚\n夜校开到车间门口去\n文/林见溪\n{BODY}")


@pytest.mark.parametrize(
    "text",
    [
        "自由谈》夜校开到门口",
        "夜校／林见溪／《工友》",
        "夜校开到车间门口 12",
        "工人通讯 第34期",
        "上www.example.org看夜校",
        "夜校开到门口。请看",
        "夜校开到车间门口 林见溪",
        "夜校开到车间门口 国内 加入",
        "岭口工人报-夜校开到车间门口",
    ],
)
def test_several_things_in_a_row_are_no_title(text):
    assert is_no_title(text, "")


@pytest.mark.parametrize(
    "text",
    ["夜校开到车间门口", "第3期：谁来上夜校", "读《夜校》有感", "学习夜校经验 办好车间课堂"],
)
def test_a_title_with_marks_of_its_own_is_one(text):
    assert not is_no_title(text, "")


def test_a_name_at_its_rim_of_whom_the_text_speaks_belongs_to_the_title():
    assert not is_no_title("林见溪：夜校的灯", "林见溪守着夜校的灯。")
    assert is_no_title("林见溪：夜校的灯", "夜校的灯亮着。")
