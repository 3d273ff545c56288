"""Lines of PDF pages to paragraphs: what is joined, what is dropped, what is a heading."""

import pytest

from articles.importing.readers.pdf.assembly import text_of
from articles.importing.readers.pdf.sheet import joint, sheet_of, spaced

WIDTH, SIZE = 30, 12
"""Characters of a full line and points of one."""

LONG = "工会干部下到班组先要学会把话听完一线职工说话不绕弯说的是手套薄了夜班长了" * 4


def lines_of(text: str, indent: int = 2) -> list[tuple[int, str]]:
    """Return a paragraph as (indent, line), set full to the margin."""
    first, rest = text[: WIDTH - indent], text[WIDTH - indent :]
    return [(indent, first)] + [(0, rest[n : n + WIDTH]) for n in range(0, len(rest), WIDTH)]


def page(lines, size=SIZE, left=60, top=100, number=0):
    """Return lines as the program that takes a PDF apart gives them, on a page 800 points high."""
    entries = []
    for row, (indent, text) in enumerate(lines):
        x0 = left + indent * size
        y1 = 800 - top - row * size * 1.6
        entries.append([x0, y1 - size, x0 + len(text) * size, y1, size, text, "", ""])
    return entries


def read(*pages):
    sheets = [
        sheet_of(n, dict(height=800, width=600, vertical=False, lines=lines, rules=[], images=[]))
        for n, lines in enumerate(pages)
    ]
    text, marks, *_ = text_of(sheets)
    return text.split("\n"), [text[mark.start : mark.end] for mark in marks]


def test_indented_paragraphs_are_joined_and_parted():
    one, two = LONG[:100] + "。", LONG[50:130] + "。"
    assert read(page(lines_of(one) + lines_of(two)))[0] == [one, two]


def test_a_paragraph_goes_on_over_the_page():
    lines = lines_of(LONG)
    head, foot = [[60, 770, 200, 780, 9, "工会研究 2019 年第 2 期", "", ""]], "· {} ·"
    pages = [
        head + page(lines[at : at + 2]) + [[290, 20, 310, 29, 9, foot.format(number), "", ""]]
        for number, at in enumerate(range(0, len(lines), 2), 3)
    ]
    assert read(*pages)[0] == [LONG]


def test_a_number_within_the_text_is_no_page_number():
    text, _ = read(
        page(
            [
                (2, "职工代表大会通过了提案，共计"),
                (0, "38"),
                (0, "件，办结三十件，还有八件正在办。"),
            ]
        )
    )
    assert "38" in "".join(text)


def test_larger_type_is_a_heading_also_over_two_lines():
    entries = page([(2, "把话听完再去办理职工的事情，"), (2, "办完再去问一声")], size=18, top=60)
    entries += page(lines_of(LONG), top=160)
    text, headings = read(entries)
    assert headings == ["把话听完再去办理职工的事情，办完再去问一声"]
    assert text == [*headings, LONG]


def test_columns_are_read_one_after_the_other():
    left, right = LONG[:120], LONG[20:140]
    narrow = 20
    entries = page([(0, left[n : n + narrow]) for n in range(0, 120, narrow)])
    entries += page([(0, right[n : n + narrow]) for n in range(0, 120, narrow)], left=320)
    assert "".join(read(entries)[0]) == left + right


def test_paragraphs_set_apart_need_no_indent():
    entries = page(lines_of(LONG[:90], indent=0)) + page(lines_of(LONG[30:120], indent=0), top=190)
    assert read(entries)[0] == [LONG[:90], LONG[30:120]]


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("eﬃcient ﬁles", "efficient files"),
        ("工\x1f会\x1f的\x1f4\x1f件事", "工会的4件事"),
        ("shift\x1fbook", "shift book"),
        ("︒﹃︵︐", "。『（，"),
    ],
)
def test_how_a_font_draws_characters_is_not_how_they_are_written(drawn, text):
    assert spaced(drawn) == text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("the un-", "ion office", "the union office"),
        ("the shift", "book", "the shift book"),
        ("COVID-", "19 的时候", "COVID-19 的时候"),
        ("职工说的话，", "要听完", "职工说的话，要听完"),
        ("共有", "38 件", "共有38 件"),
    ],
)
def test_two_lines_are_one_text(before, after, text):
    assert joint(before, after) == text
