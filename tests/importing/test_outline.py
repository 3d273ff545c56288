"""Headings: numbered, short, and run into their paragraph; and lines that only look like one."""

import pytest

from articles.importing.draft import Block
from articles.importing.edits import apply
from articles.importing.pipeline import make_draft
from articles.importing.repairs.contents_list import drop_contents
from articles.importing.structure.outline import guessed

PARAGRAPH = "工会要到职工中间去，听他们说，替他们办，办完了再回去问一声。" * 3


def blocks_of(*lines) -> list[Block]:
    return [block for blocks in guessed(list(lines)) for block in blocks]


def outline(*lines):
    return [(block.level, block.text) for block in blocks_of(*lines) if block.level]


def test_numbering_decides_the_level():
    lines = ["一、走访", "（一）准备", PARAGRAPH, "（二）进门", PARAGRAPH, "二、回访", PARAGRAPH]
    assert outline(*lines) == [
        (2, "一、走访"),
        (3, "（一）准备"),
        (3, "（二）进门"),
        (2, "二、回访"),
    ]


def test_decimal_numbers_nest():
    lines = ["0 引言", PARAGRAPH, "1 维护", f"1.1 先听。{PARAGRAPH}", "2 民主", PARAGRAPH]
    assert outline(*lines) == [(2, "0 引言"), (2, "1 维护"), (3, "1.1 先听"), (2, "2 民主")]


def test_a_run_in_heading_is_the_sentence_up_to_its_first_stop():
    blocks = blocks_of(f"一、围绕发展，着力增强本领。{PARAGRAPH}")
    assert [block.level for block in blocks] == [2, 0]
    assert blocks[0].text == "一、围绕发展，着力增强本领"
    assert blocks[1].text == PARAGRAPH


def test_short_lines_between_paragraphs_are_headings():
    assert outline("推动创新", PARAGRAPH, "做好群众工作", PARAGRAPH) == [
        (2, "推动创新"),
        (2, "做好群众工作"),
    ]


def test_bare_run_in_headings_need_company_and_no_other_kind():
    bare = f"突出特色。{PARAGRAPH}"
    assert outline(bare, f"切实行动。{PARAGRAPH}") == [(2, "突出特色"), (2, "切实行动")]
    assert outline(PARAGRAPH, bare, PARAGRAPH) == []
    assert outline("一、开头", bare, bare) == [(2, "一、开头")]


def test_enumerations_in_the_text_are_no_headings():
    assert (
        outline(f"一是要走访，{PARAGRAPH}", f"第一要务是发展，{PARAGRAPH}", "2011年是起点。") == []
    )


def test_years_and_amounts_are_no_decimal_headings():
    assert outline("20 多年来工会一直在。" + PARAGRAPH[:10], PARAGRAPH) != [(2, "20 多年")]


@pytest.mark.parametrize(
    "line",
    [
        "时间：6月1日至6月30日",
        "活动地点：造船厂礼堂",
        "一、比赛日期：2023年6月1日—30日",
        "聯絡電話：0555-123456",
        "---",
        "* * *",
        "各基层工会、机关各部门：",
        "尊敬的各位代表、工友们",
        "同志们",
        "（此件公开发布）",
        "东工发〔2023〕12号",
        "东港市总工会办公室　2023年5月4日印发",
        "附件：1.报名表",
        "附表2：分数登记表",
    ],
)
def test_what_papers_say_beside_their_text_is_no_heading(line):
    assert outline("一、走访", PARAGRAPH, line, PARAGRAPH, "二、回访", PARAGRAPH) == [
        (2, "一、走访"),
        (2, "二、回访"),
    ]
    assert outline("走访要勤", PARAGRAPH, line, PARAGRAPH) == [(2, "走访要勤")]


@pytest.mark.parametrize(
    "items",
    [
        ["1、走访要勤", "2、记录要全"],
        ["（1）走访要勤", "（2）记录要全", "（3）回访要快"],
        ["一、通过章程", "二、选举委员", "三、讨论提案"],
        ["附件：1.报名表", "2.评分办法"],
        ["附：", "1．报名表", "2．评分办法"],
    ],
)
def test_numbered_lines_without_text_between_are_a_list(items):
    assert outline("会上要办的事", PARAGRAPH, *items, PARAGRAPH) == [(2, "会上要办的事")]


def test_what_stands_above_tables_and_lists_is_no_list():
    lines = ["一、报名", "二、评分", "三、表彰", PARAGRAPH]
    found = guessed(lines, followed={0, 1})
    assert [block.level for blocks in found for block in blocks] == [2, 2, 2, 0]


def test_narrower_numbers_make_a_heading_of_the_last_of_a_list():
    lines = ["一、时间：六月", "二、地点：礼堂", "三、要求", f"（一）先听。{PARAGRAPH}"]
    assert outline(*lines) == [(2, "三、要求"), (3, "（一）先听")]


def test_sections_stand_below_their_chapter():
    lines = ["第一编 总纲", "第一章 总则", "第一节 目的", PARAGRAPH, "第二章 职权", PARAGRAPH]
    assert [level for level, _ in outline(*lines)] == [2, 3, 4, 3]


@pytest.mark.parametrize("mark", ["?", "□", "\ufffd", "?!？"])
def test_a_heading_is_not_swallowed_by_the_line_whose_end_is_lost(mark):
    lines = [
        "二、算清",
        PARAGRAPH,
        f"他说停就要停{mark}三、练兵落在平时",
        PARAGRAPH,
        "四、留下成果",
        PARAGRAPH,
    ]
    assert outline("一、报名", PARAGRAPH, *lines)[2] == (2, "三、练兵落在平时")
    assert f"他说停就要停{mark}" in [
        block.text for block in blocks_of("一、报名", PARAGRAPH, *lines)
    ]


@pytest.mark.parametrize("line", ["?、练兵落在平时", "\ufffd\ufffd、练兵□在平时"])
def test_a_heading_that_lost_its_number_stays_one(line):
    assert outline("一、报名", PARAGRAPH, line, PARAGRAPH, "三、收尾", PARAGRAPH)[1] == (2, line)


@pytest.mark.parametrize("line", ["他说要走！二、再走！三、还要走。", "为什么要走?二、我不知道。"])
def test_a_count_within_a_sentence_is_no_heading(line):
    assert outline("一、报名", PARAGRAPH, line, "二、收尾", PARAGRAPH) == [
        (2, "一、报名"),
        (2, "二、收尾"),
    ]


CHAPTERS = ["第一章　总则", "第二章　职权", "附则"]


@pytest.mark.parametrize("title", ["目录", "目　录", "【目次】", "本文目录：", "CONTENTS"])
@pytest.mark.parametrize("page", ["", "……{}", " ...... {}", "\t{}", "　　（{}）", "{}"])
def test_a_table_of_contents_goes_on_record(title, page):
    table = [title, *(chapter + page.format(n) for n, chapter in enumerate(CHAPTERS, 1))]
    body = [line for chapter in CHAPTERS for line in (chapter, PARAGRAPH)]
    draft = make_draft("\n".join(["职工代表大会条例", *table, *body]).encode(), "a.txt")
    assert [block.text for block in draft.blocks] == body
    assert [block.text for block in draft.headings] == CHAPTERS
    assert {edit.kind for edit in draft.edits if edit.before.strip()} >= {"contents"}
    assert apply(draft.source_text, draft.edits) == draft.clean_text


def test_a_table_without_its_title_is_known_by_its_pages():
    table = "\n".join(f"{chapter}……{n}" for n, chapter in enumerate(CHAPTERS, 1))
    body = "\n".join(f"{chapter}\n{PARAGRAPH}" for chapter in CHAPTERS)
    assert drop_contents(f"条例\n{table}\n{body}") == f"条例\n{body}"


@pytest.mark.parametrize(
    "text",
    [
        f"目录\n走访\n座谈\n{PARAGRAPH}",
        f"目录学是一门学问\n走访\n座谈\n{PARAGRAPH}\n走访\n座谈",
        f"早餐……3\n午餐……8\n晚餐……9\n{PARAGRAPH}",
    ],
)
def test_a_list_whose_lines_never_come_again_stays(text):
    assert drop_contents(text) == text
