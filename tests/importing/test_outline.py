"""Headings: numbered, short, and run into their paragraph."""

from articles.importing.draft import Block
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
