"""Kinds of PDF that were read wrongly, each with siblings: made here, so every place is known."""

import re
from collections.abc import Callable

import pytest

from articles.importing.pipeline import make_draft
from articles.importing.refusals import UnreadableFile

from ..support.pdfs import Paper, pdf_of, width_of

P = [
    "修井队的老韩说，井架上的风比天气预报早到半天，人在上面手一滑，下面的人就得抬头等一个下午。",
    "我们把安全帽里垫的旧毛巾换成了新衬，三十七顶，一顶一顶试过，谁的头大谁的头小都记在本子上。",
    "班前会开得短，五分钟说完三件事：昨天剩下什么，今天谁上谁下，哪一处的螺栓还没有人签字。",
    "食堂的门朝北，冬天排队的人站在风口里，工会同后勤商量以后，把取餐的窗子挪到了走廊里面。",
    "新来的青工不爱开口，问他缺什么，他说都好；过了一个月，他自己拿着磨破的手套来敲办公室的门。",
    "女工小组提出要一间能上锁的休息室，提案写了半页纸，从递上来到挂牌，一共用了十九天。",
    "账目贴在楼梯口，一季一换，谁都可以拿笔在旁边打问号，打了问号的条目三天之内要有人答复。",
    "退休的师傅每月回来一次，教年轻人听泵的声音，他说机器同人一样，不舒服的时候先是嗓子变了。",
    "去年汛期，河堤上的夜班连着排了八天，工会去找调度，把轮换的次序重新画了一遍，第九天就有人回家。",
    "劳动争议调解室只有两张桌子，一张给说话的人，一张给写字的人，说完了，双方在同一页上签名。",
    "读书小组从三个人变成三十个人，书是轮着传的，传到谁手里，谁就在扉页上写一句自己班上的话。",
    "评先进的时候大家不举手，往两只碗里放豆子，红豆是赞成，绿豆是再想想，数豆子的人背对着门。",
]
ONE = "".join(P[:3])
TITLE = "井架下面的工会"

Made = Callable[[], bytes]
KINDS: dict[str, tuple[Made, list[str], dict]] = {}


def kind(text: list[str], **more):
    """Keep what makes a file, with the paragraphs that must come out whole and in order."""

    def keep(make: Made) -> Made:
        KINDS[make.__name__] = make, text, more
        return make

    return keep


def columns(
    paper,
    texts,
    top,
    lefts=(70, 308),
    width=217,
    size=10.5,
    bottom=760,
    leading=1.6,
    rest=False,
    **more,
):
    """Set paragraphs in columns of a page; return the lines that did not fit."""
    lines: list[tuple[float, str, float]] = []
    for text in texts:
        spare = Paper()
        spare.flow(text, 0, 0, width, size, leading=leading, **more)
        lines += spare.lines
    column, y = 0, top
    for number, (x, line, gap) in enumerate(lines):
        if y + size > bottom:
            column, y = column + 1, top
            if column == len(lefts):
                assert rest, len(lines) - number
                return lines[number:]
        paper.put(lefts[column] + x, y, line, size, space=gap)
        y += leading * size
    return []


def paragraphs(paper, texts, top=120, **more):
    for text in texts:
        top = paper.flow(text, top, **more)
    return top


# Columns by band


@kind([TITLE, P[0], *P[1:9]], flags=[])
def a_wide_head_above_two_columns():
    paper = Paper().centre(60, TITLE, 18)
    paper.flow(P[0], 100, 110, 485, 9, indent=0)
    columns(paper, P[1:9], 150, bottom=352)
    return pdf_of(paper)


@kind([TITLE, *P[:8]], flags=[])
def columns_whose_lines_stand_at_different_heights():
    paper = Paper().centre(60, TITLE, 18)
    columns(paper, P[:4], 110, lefts=(70,))
    columns(paper, P[4:8], 115, lefts=(308,))
    return pdf_of(paper)


@kind([TITLE, *P[:8]], flags=[])
def columns_drawn_row_by_row():
    paper = Paper().centre(60, TITLE, 18)
    columns(paper, P[:8], 110, bottom=312)
    paper.parts.sort(key=lambda part: (-float(part.split()[14]), float(part.split()[13])))
    return pdf_of(paper)


@kind([TITLE, *P[:4], *P[4:8]], flags=["images-dropped"])
def a_wide_picture_between_the_columns():
    paper = Paper().centre(60, TITLE, 18)
    columns(paper, P[:4], 110, bottom=210)
    paper.picture(100, 235, 395, 150)
    columns(paper, P[4:8], 400, bottom=500)
    return pdf_of(paper)


@kind([TITLE, *P[:4], "班组\t人数\t工时\n一班\t12\t38\n二班\t9\t41", *P[4:8]], flags=[])
def a_wide_table_between_the_columns():
    paper = Paper().centre(60, TITLE, 18)
    columns(paper, P[:4], 110, bottom=210)
    paper.grid([70, 220, 370, 525], [220, 240, 260, 280])
    for row, cells in enumerate(
        [("班组", "人数", "工时"), ("一班", "12", "38"), ("二班", "9", "41")]
    ):
        for x, cell in zip((75, 225, 375), cells, strict=True):
            paper.put(x, 224 + 20 * row, cell)
    columns(paper, P[4:8], 300, bottom=400)
    return pdf_of(paper)


@kind([TITLE, *P[:9]], flags=[])
def three_columns():
    paper = Paper().centre(60, TITLE, 18)
    columns(paper, P[:9], 110, lefts=(60, 222, 384), width=146, bottom=330)
    return pdf_of(paper)


@kind([TITLE, *P[:9]], flags=[], authors=["吴小满"])
def names_in_the_middle_close_above_three_columns():
    paper = Paper().centre(60, TITLE, 18).centre(94, "吴小满")
    columns(paper, P[:9], 110, lefts=(60, 222, 384), width=146, bottom=330)
    return pdf_of(paper)


@kind([TITLE, *P[:8], *P[8:10]], flags=[])
def two_columns_and_then_one():
    one, two = Paper().centre(60, TITLE, 18), Paper()
    columns(one, P[:8], 110, bottom=312)
    paragraphs(one, P[8:10], 330)
    paragraphs(two, P[10:], 80)
    return pdf_of(one, two)


@kind([TITLE, *P[:6]], flags=[])
def columns_that_end_on_a_short_page():
    one, two = Paper().centre(60, TITLE, 18), Paper()
    rest = columns(one, P[:6], 110, bottom=178, rest=True)
    for number, (x, line, gap) in enumerate(rest):
        half = (len(rest) + 1) // 2
        two.put((70, 308)[number >= half] + x, 80 + 16.8 * (number % half), line, space=gap)
    return pdf_of(one, two)


@kind([TITLE, *P[:8]], flags=[])
def columns_that_are_ragged_at_the_right():
    paper = Paper().centre(60, TITLE, 18)
    for column, texts in enumerate((P[:4], P[4:8])):
        y = 110
        for text in texts:
            spare = Paper()
            spare.flow(text, 0, 0, 217, indent=2)
            for x, line, _ in spare.lines:
                paper.put((70, 308)[column] + x, y, line)
                y += 16.8
    return pdf_of(paper)


# What is put in as a form


@kind([TITLE, *P[:4]])
def the_text_in_a_form_and_a_stamp_on_it():
    inner = Paper().centre(60, TITLE, 18)
    paragraphs(inner, P[:4])
    return pdf_of(Paper().place(inner).put(430, 30, "已存档", 9, colour=(1, 0, 0)))


@kind([TITLE, *P[:6]], flags=[])
def merged_pages_each_a_form_in_a_form():
    papers = []
    for number in range(2):
        inner = Paper()
        if not number:
            inner.centre(60, TITLE, 18)
        paragraphs(inner, P[3 * number : 3 * number + 3])
        papers.append(Paper().place(Paper().place(inner)))
    return pdf_of(*papers)


@kind([TITLE, *P[:8]], flags=[])
def two_pages_on_a_sheet():
    one, two = Paper().centre(60, TITLE, 18), Paper()
    paragraphs(one, P[:4])
    one.centre(800, "1", 9)
    paragraphs(two, P[4:8])
    two.centre(800, "2", 9)
    return pdf_of(Paper(842, 595).place(one, 0, 0, 0.7).place(two, 421, 0, 0.7))


@kind([TITLE, *P[:12]], flags=[])
def four_pages_on_a_sheet():
    sheet = Paper()
    for number, (x, y) in enumerate([(0, 0), (297, 0), (0, 421), (297, 421)]):
        inner = Paper()
        if not number:
            inner.centre(60, TITLE, 18)
        paragraphs(inner, P[3 * number : 3 * number + 3], size=14)
        inner.centre(800, str(number + 1), 9)
        sheet.place(inner, x, y, 0.5)
    return pdf_of(sheet)


@kind([TITLE, *P[:3]], flags=["drawing-text"])
def a_drawing_with_words_in_it():
    drawing = Paper(200, 120)
    drawing.grid([10, 60, 110, 160], [10, 60, 110])
    for x, word in ((15, "工时"), (65, "人数"), (115, "2019")):
        drawing.put(x, 30, word, 8)
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:2])
    paper.place(drawing, 150, top + 5)
    paper.flow(P[2], top + 140)
    return pdf_of(paper)


# Vertical text


@kind([TITLE, *P[:3]], flags=["vertical-text"], blocking=True)
def vertical_text_glyph_by_glyph():
    paper = Paper(842, 595)
    paper.down(TITLE, 740, 180, 500, 18)
    x = 690
    for text in P[:3]:
        x = paper.down("　　" + text, x, 80, 510)
    return pdf_of(paper)


@kind([TITLE, *P[:3]], flags=["vertical-text"], blocking=True)
def vertical_text_in_a_vertical_font():
    paper = Paper(842, 595).put(740, 180, TITLE, 18, font="V")
    x = 690
    for text in P[:3]:
        text = "　　" + text
        for at in range(0, len(text), 40):
            paper.put(x, 80, text[at : at + 40], font="V")
            x -= 18
    return pdf_of(paper)


@kind(
    [
        TITLE,
        "二〇一九年，工会收到提案38件，办结30件，其余的逐件答复，没有一件压在抽屉里，也没有一件只写了“已阅”。",
    ],
    flags=["vertical-text"],
    blocking=True,
)
def vertical_text_with_figures_across():
    paper = Paper(842, 595)
    paper.down(TITLE, 740, 180, 500, 18)
    y = 101
    text = KINDS["vertical_text_with_figures_across"][1][1]
    x = 690
    for part in re.findall(r"\d+|\D", text):
        if y > 500:
            x, y = x - 18, 80
        paper.put(x, y, part)
        y += 10.5
    paper.put(400, 560, "12", 9).put(600, 30, "— 12 —", 9)
    return pdf_of(paper)


@kind([*P[:4]], flags=["vertical-text"], blocking=True)
def a_vertical_title_beside_level_text():
    paper = Paper()
    paper.down(TITLE, 40, 120, 800, 18)
    paragraphs(paper, P[:4])
    return pdf_of(paper)


# Watermarks


def slanted(x=0.7):
    return (x, 0.7, -0.7, x)


@kind([TITLE, *P[:4]], flags=["watermark"], without=["内部资料"])
def a_light_mark_across_the_page():
    paper = Paper().centre(60, TITLE, 18)
    paragraphs(paper, P[:4])
    paper.put(150, 500, "内部资料", 60, colour=(0.85, 0.85, 0.85), angle=slanted())
    return pdf_of(paper)


@kind([TITLE, *P[:8]], flags=["watermark"], without=["东沟油田"])
def marks_all_over_every_page():
    papers = []
    for number in range(2):
        paper = Paper()
        if not number:
            paper.centre(60, TITLE, 18)
        for x in (100, 300):
            for y in (200, 300, 400):
                paper.put(x, y, "东沟油田", 16, colour=(0.7, 0.7, 0.7), angle=slanted())
        paragraphs(paper, P[4 * number : 4 * number + 4])
        papers.append(paper)
    return pdf_of(*papers)


@kind([TITLE, *P[:8]], flags=["watermark"], without=["学习用"])
def a_level_mark_behind_the_text():
    papers = []
    for number in range(2):
        paper = Paper().put(200, 150, "学习用", 48, colour=(0.9, 0.9, 0.9))
        if not number:
            paper.centre(60, TITLE, 18)
        paragraphs(paper, P[4 * number : 4 * number + 4])
        papers.append(paper)
    return pdf_of(*papers)


@kind([TITLE, *P[:4]], flags=["watermark"], without=["样张"])
def a_large_mark_over_the_lines_of_one_page():
    paper = Paper().centre(60, TITLE, 18)
    paragraphs(paper, P[:4])
    return pdf_of(paper.put(200, 118, "样张", 60))


@kind([TITLE, *P[:8]], flags=["watermark"], without=["仅供查阅"])
def a_mark_along_the_side():
    papers = []
    for number in range(2):
        paper = Paper().put(25, 300, "仅供查阅", 10, angle=(0, 1, -1, 0))
        if not number:
            paper.centre(60, TITLE, 18)
        paragraphs(paper, P[4 * number : 4 * number + 4])
        papers.append(paper)
    return pdf_of(*papers)


@kind([TITLE, *P[:4]], flags=["turned-text"])
def a_sentence_along_the_side_is_read():
    paper = Paper().put(25, 600, P[5][:20] + "。", 10, angle=(0, 1, -1, 0)).centre(60, TITLE, 18)
    paragraphs(paper, P[:4])
    return pdf_of(paper)


# Tables


def rows(paper, cells, xs, top, step=20, size=10.5, right=()):
    for row in cells:
        for number, (x, cell) in enumerate(zip(xs, row, strict=False)):
            if cell:
                at = x - width_of(cell, size) if number in right else x
                paper.put(at, top, cell, size)
        top += step
    return top


SHIFTS = [
    ("班次", "人数", "津贴（元）"),
    ("早班", "12", "8"),
    ("中班", "9", "12"),
    ("夜班", "7", "35.5"),
]
TABLE = "\n".join("\t".join(row) for row in SHIFTS)


@kind([TITLE, P[0], TABLE, P[1]], flags=[], headings=[])
def a_ruled_table():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1]) + 10
    paper.grid([70, 130, 190, 280], [top + 20 * n for n in range(5)])
    rows(paper, SHIFTS, (75, 131, 191), top + 4, size=12)
    paragraphs(paper, P[1:2], top + 90)
    return pdf_of(paper)


@kind([TITLE, P[0], "工种\t班次\t津贴\n焊工\t早班\t8\n\t夜班\t35.5", P[1]], flags=[])
def a_ruled_table_with_a_cell_over_two_rows():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1]) + 10
    for y, x in ((0, 70), (20, 70), (40, 130), (60, 70)):
        paper.rule(x, top + y, 250, top + y)
    for x in (70, 130, 190, 250):
        paper.rule(x, top, x, top + 60)
    rows(
        paper,
        [("工种", "班次", "津贴"), ("", "早班", "8"), ("", "夜班", "35.5")],
        (75, 135, 195),
        top + 4,
    )
    paper.put(75, top + 34, "焊工")
    paragraphs(paper, P[1:2], top + 90)
    return pdf_of(paper)


@kind([TITLE, P[0], TABLE, P[1]], flags=[])
def a_table_of_three_rules():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1]) + 10
    for y in (0, 20, 80):
        paper.rule(90, top + y, 500, top + y)
    rows(paper, SHIFTS, (100, 250, 400), top + 4, size=9)
    paragraphs(paper, P[1:2], top + 110)
    return pdf_of(paper)


@kind([TITLE, P[0], TABLE, P[1]], flags=[])
def a_table_without_rules():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1]) + 10
    rows(paper, SHIFTS, (100, 300, 450), top, right=(1, 2))
    paragraphs(paper, P[1:2], top + 100)
    return pdf_of(paper)


@kind([TITLE, P[0], "夜班津贴 详见附件一", "高温补贴 另行通知", P[1]], flags=["table-lines"])
def rows_that_stand_in_no_line_stay_lines():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1]) + 10
    for row, (a, one, b, two) in enumerate(
        [
            (90, "夜班津贴", 260, "详见附件一"),
            (200, "高温补贴", 330, "另行通知"),
            (120, "井下津贴的说明", 420, "见本页左边"),
            (300, "取暖费", 480, "照旧"),
        ]
    ):
        paper.put(a, top + 20 * row, one, 12).put(b, top + 20 * row, two, 12)
    paragraphs(paper, P[1:2], top + 100)
    return pdf_of(paper)


@kind([TITLE, P[0], "甲方代表：韩立冬 乙方代表：孟秋实"], flags=[])
def two_signatures_are_one_line():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1]) + 20
    paper.put(90, top, "甲方代表：韩立冬").put(330, top, "乙方代表：孟秋实")
    paper.flow(P[1], top + 40)
    return pdf_of(paper)


# Labels, notes, lists


SUMMARY = "摘要：" + P[4] + P[5]
KEYWORDS = "关键词：井架；班前会；安全帽衬；取餐窗口；轮换次序；调解室；读书小组；豆子选票"


@kind([TITLE, SUMMARY, KEYWORDS, *P[:4]], flags=[])
def an_abstract_in_smaller_type_between_narrow_margins():
    paper = Paper().centre(60, TITLE, 18)
    top = paper.flow(SUMMARY, 100, 100, 495, 9, indent=0)
    top = paper.flow(KEYWORDS, top, 100, 330, 9, indent=0)
    paragraphs(paper, P[:4], top + 10)
    return pdf_of(paper)


@kind([TITLE, SUMMARY, KEYWORDS, *P[6:]], flags=[])
def an_abstract_in_a_column():
    paper = Paper().centre(60, TITLE, 18)
    columns(paper, [SUMMARY, KEYWORDS, *P[6:]], 110, bottom=350, indent=0, leading=1.7)
    return pdf_of(paper)


@kind(
    [
        TITLE,
        SUMMARY.replace("摘要：", "【摘要】"),
        KEYWORDS.replace("关键词：", "【关键词】"),
        *P[:2],
    ],
    flags=[],
)
def labels_in_brackets_without_an_indent():
    paper = Paper().centre(60, TITLE, 18)
    top = paper.flow(SUMMARY.replace("摘要：", "【摘要】"), 100, indent=0)
    top = paper.flow(KEYWORDS.replace("关键词：", "【关键词】"), top, indent=0)
    paragraphs(paper, P[:2], top)
    return pdf_of(paper)


@kind([TITLE, SUMMARY, KEYWORDS, *P[:2]], flags=[])
def an_abstract_of_the_same_size_set_in_at_both_sides():
    paper = Paper().centre(60, TITLE, 18)
    top = paper.flow(SUMMARY, 100, 91, 504, indent=0)
    top = paper.flow(KEYWORDS, top, 91, 504, indent=0)
    paragraphs(paper, P[:2], top)
    return pdf_of(paper)


@kind([TITLE, SUMMARY + P[6] + P[7], KEYWORDS, *P[8:], P[0]], flags=[])
def an_abstract_that_goes_on_in_the_second_column():
    paper = Paper().centre(60, TITLE, 18)
    columns(
        paper,
        [SUMMARY + P[6] + P[7], KEYWORDS, *P[8:], P[0]],
        110,
        bottom=335,
        lefts=(60, 222, 384),
        width=146,
    )
    return pdf_of(paper)


@kind(
    [TITLE, "韩立冬 孟秋实", "（东沟油田工会，东沟 118300）", "引言", P[0], "一、班前会", P[1]],
    flags=[],
    headings=["引言", "一、班前会"],
    authors=["韩立冬", "孟秋实"],
)
def names_larger_than_the_text_are_no_heading():
    paper = Paper().centre(60, TITLE, 18).centre(90, "韩立冬　孟秋实", 12)
    paper.centre(110, "（东沟油田工会，东沟 118300）", 12)
    paper.put(70, 140, "引言", 14)
    top = paper.flow(P[0], 165)
    paper.put(70, top + 6, "一、班前会", 14)
    paper.flow(P[1], top + 32)
    return pdf_of(paper)


NOTES = ["①见该厂工会二〇一九年的会议记录，存于厂档案室。", "②韩立冬口述，孟秋实整理。"]


@kind([TITLE, P[0] + P[1] + P[2] + P[3], P[4], *NOTES], flags=[])
def footnotes_below_a_paragraph_that_goes_on():
    one, two = Paper().centre(60, TITLE, 18), Paper()
    spare = Paper()
    spare.flow(P[0] + P[1] + P[2] + P[3], 0)
    for number, (x, line, gap) in enumerate(spare.lines):
        (one, two)[number > 2].put(x, (650 if number < 3 else 30) + 16.8 * number, line, space=gap)
    one.rule(70, 720, 200, 720).put(70, 726, NOTES[0], 8).put(70, 740, NOTES[1], 8)
    one.centre(800, "· 1 ·", 9)
    two.flow(P[4], 140)
    two.centre(800, "· 2 ·", 9)
    return pdf_of(one, two)


@kind([TITLE, *P[:8], "作者简介：韩立冬，男，修井队队长。"], flags=[])
def notes_at_the_foot_of_the_first_column():
    paper = Paper().centre(60, TITLE, 18)
    columns(paper, P[:8], 400, bottom=600)
    paper.rule(70, 620, 170, 620).put(70, 626, "作者简介：韩立冬，男，修井队队长。", 8)
    return pdf_of(paper)


BOOKS = [
    "[1]韩立冬.井架上的风：一个修井队的十年[M].东沟：东沟出版社，2019：12-30.参见该书第三章关于班前会的部分。",
    "[2]孟秋实.账目贴在楼梯口[J].东沟工会，2018（2）：3-9.本文后收入东沟工会编的《班组里的账》一书。",
]


@kind([TITLE, *P[:2], "参考文献", *BOOKS], flags=[])
def literature_with_hanging_lines():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:2])
    paper.put(70, top, "参考文献")
    top += 17
    for book in BOOKS:
        top = paper.flow(book, top, size=9, indent=0, hang=1.5)
    return pdf_of(paper)


ITEMS = ["1．" + P[0], "2．" + P[1], "3．" + P[2]]


@kind([TITLE, P[3], *ITEMS, P[4]], flags=[])
def items_with_hanging_lines():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, [P[3]])
    for item in ITEMS:
        top = paper.flow(item, top, indent=2, hang=3.5)
    paragraphs(paper, [P[4]], top)
    return pdf_of(paper)


@kind([TITLE, *P[:2], P[5] + P[6], P[3]], flags=[])
def a_quotation_set_in():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:2])
    top = paper.flow(P[5] + P[6], top, 112, 483)
    paragraphs(paper, [P[3]], top)
    return pdf_of(paper)


@kind([TITLE, ONE, P[3], P[4]], flags=[], recorded=["东沟油田工会文集", "21", "22"])
def paragraphs_over_pages_with_heads_for_odd_and_even():
    spare = Paper()
    lines = []
    for text in (ONE, P[3], P[4]):
        spare.flow(text, 0)
    lines = spare.lines
    papers = []
    for number in range(0, len(lines), 2):
        paper = Paper()
        odd = len(papers) % 2
        if number:
            paper.put(400 if odd else 70, 40, "东沟油田工会文集" if odd else TITLE, 9)
        paper.put(520 if odd else 70, 800, str(len(papers) + 21), 9)
        for row, (x, line, gap) in enumerate(lines[number : number + 2]):
            paper.put(x, 120 + 16.8 * row, line, space=gap)
        if not number:
            paper.centre(70, TITLE, 18)
        papers.append(paper)
    return pdf_of(*papers)


@kind(
    [
        "东沟市总工会关于开展班前会达标活动的通知",
        "各县（区）总工会：",
        P[0],
        "一、达标内容",
        P[1],
        "二、工作要求",
        P[2],
    ],
    flags=[],
    title=0,
    without_in_title="文件",
)
def an_official_letter():
    paper = Paper().centre(70, "东沟市总工会文件", 40, colour=(1, 0, 0))
    paper.centre(130, "东工发〔2021〕7号", 16).rule(70, 155, 525, 155)
    paper.centre(180, "东沟市总工会", 22).centre(215, "关于开展班前会达标活动的通知", 22)
    top = paper.flow("各县（区）总工会：", 270, size=16, indent=0)
    for text in (P[0], "一、达标内容", P[1], "二、工作要求", P[2]):
        top = paper.flow(text, top, size=16)
    paper.put(400, top + 20, "东沟市总工会", 16).put(380, top + 45, "2021年3月2日", 16)
    return pdf_of(paper)


@kind(["关于班前会的几点体会", P[0], P[1]], flags=[], title=0)
def a_bulletin_below_its_masthead():
    paper = (
        Paper().centre(60, "工会简报", 36, colour=(1, 0, 0)).centre(110, "第8期（总第126期）", 12)
    )
    paper.put(70, 135, "东沟市总工会办公室", 12).put(420, 135, "2021年3月2日", 12)
    paper.rule(70, 155, 525, 155).centre(175, "关于班前会的几点体会", 20)
    paragraphs(paper, P[:2], 220)
    return pdf_of(paper)


# Characters


@kind(
    [
        TITLE,
        P[0],
        "Every safety officer of the oilfield filled in the shift book before the union meeting began.",
    ],
    flags=[],
)
def a_word_parted_at_the_end_of_a_line():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1])
    line = "Every safety officer of the oilfield filled in the shift book before the un-"
    paper.put(70, top, line, space=(455 - width_of(line, 10.5)) / len(line))
    paper.put(70, top + 16.8, "ion meeting began.")
    return pdf_of(paper)


@kind([TITLE, *P[:3]], flags=[])
def bold_type_made_by_printing_twice():
    paper = Paper().centre(60, TITLE, 18)
    paper.centre(60.3, TITLE, 18)
    top = paper.flow(P[0], 120)
    paper.flow(P[0], 120.2)
    paragraphs(paper, P[1:3], top)
    return pdf_of(paper)


@kind([TITLE, *P[:2]], flags=[])
def bold_words_printed_again_over_the_line():
    paper = Paper().centre(60, TITLE, 18).put(234.3, 60, TITLE[:2], 18)
    for n in range(2, 7):
        paper.put(234.4 + 18 * (n - 2) + 36, 60.2, TITLE[n], 18)
    top = paragraphs(paper, P[:1])
    paper.put(91.3, 120, P[0][:6], space=(434 / 10.5 - 41) / 40 * 10.5)
    paragraphs(paper, P[1:2], top)
    return pdf_of(paper)


@kind([TITLE, "东沟油田工会编印", "东沟油田职工之家", "二〇一九年第八期", P[0], P[1]], flags=[])
def centred_lines_are_lines_of_their_own():
    paper = Paper().centre(60, TITLE, 18)
    for row, text in enumerate(("东沟油田工会编印", "东沟油田职工之家", "二〇一九年第八期")):
        paper.centre(100 + 17 * row, text, 10.5)
    paragraphs(paper, P[:2], 170)
    return pdf_of(paper)


@kind([TITLE, *P[:4]], flags=["scanned-pages"], blocking=True)
def a_scanned_page_among_others():
    one, two, three = Paper().centre(60, TITLE, 18), Paper().picture(0, 0, 595, 842), Paper()
    paragraphs(one, P[:2])
    paragraphs(three, P[2:4])
    return pdf_of(one, two, three)


@kind([TITLE, *P[:4]], flags=[])
def a_scan_with_recognised_text_on_it():
    paper = Paper().picture(0, 0, 595, 842).centre(60, TITLE, 18)
    spare = Paper()
    paragraphs(spare, P[:4])
    for number, (x, line, _) in enumerate(spare.lines):
        size = (10.1, 11.3, 10.8, 9.9, 11.9)[number % 5]
        paper.put(x, 120 + 17 * number, line, size, space=(525 - x) / max(len(line), 30) - size)
    return pdf_of(paper)


@kind([TITLE, *P[:4]], flags=[])
def text_that_runs_up_the_sheet():
    paper = Paper(842, 595)
    spare = Paper().centre(60, TITLE, 18)
    paper.put(60, 421, TITLE, 18, angle=(0, 1, -1, 0))
    paragraphs(spare, P[:4])
    for number, (x, line, gap) in enumerate(spare.lines):
        paper.put(110 + 17 * number, 585 - x, line, space=gap, angle=(0, 1, -1, 0))
    return pdf_of(paper)


@kind([TITLE, P[0], "附件1", P[1], "附件2", P[2]], flags=[])
def annexes_at_the_top_of_their_pages():
    papers = []
    for number, head in enumerate((TITLE, "附件1", "附件2")):
        paper = Paper().put(70, 70, head, 18 if not number else 10.5)
        paragraphs(paper, P[number : number + 1])
        papers.append(paper)
    return pdf_of(*papers)


LIST = [
    ("听完再办的含义", "听是听清楚，办是办到底，缺一样都不成"),
    ("回访", "办完以后过一个月再去问"),
    ("班前会的三件事", "剩下什么、谁上谁下、哪里没有签字"),
    ("账目上墙的办法", "一季一换，可以打问号，三天之内答复"),
]


@kind([TITLE, P[0], "\n".join("\t".join(row) for row in LIST)], flags=[])
def a_list_in_two_columns_is_read_across():
    paper = Paper().centre(60, TITLE, 18)
    top = paragraphs(paper, P[:1])
    rows(paper, LIST, (70, 300), top + 10)
    paragraphs(paper, P[1:2], top + 110)
    return pdf_of(paper)


@kind([TITLE, *P[:4]], flags=["reading-order"], blocking=True)
def two_layers_of_text():
    paper = Paper().centre(60, TITLE, 18)
    paragraphs(paper, P[:4])
    paragraphs(paper, P[8:12], 124, indent=1)
    return pdf_of(paper)


SCRAMBLED = {"two_layers_of_text"}


def letters(text: str) -> str:
    return re.sub(r"[^\w\n\t]", "", text)


@pytest.mark.parametrize("name", KINDS)
def test_its_paragraphs_come_out_whole_and_in_order(name):
    make, want, more = KINDS[name]
    draft = make_draft(make(), "a.pdf")
    body = [block.text for block in draft.blocks]
    found = [
        draft.title,
        *filter(None, [draft.summary, "；".join(draft.keywords)]),
        *draft.extracted,
        *body,
    ]
    if name not in SCRAMBLED:
        lines = draft.clean_text.split("\n")
        whole = "\n".join([*lines, *body])
        places = []
        for text in want:
            assert text in whole, (text, found)
            assert "\t" in text or text in [*lines, *found, *body], text
            if not text.startswith("工种"):  # a blank cell leaves no tab at the start of a line
                places.append(draft.clean_text.index(text))
        assert places == sorted(places)
    kinds = [f.kind for f in draft.flags if not f.kind.startswith("missing")]
    if "flags" in more:
        assert sorted(set(kinds)) == sorted(more["flags"])
    assert draft.blocked == bool(more.get("blocking")) or any(
        f.kind.startswith("missing") and f.blocking for f in draft.flags
    )
    for text in more.get("without", ()):
        assert text not in draft.clean_text
        assert any(text in flag.message for flag in draft.flags)
    dropped = [edit.before for edit in draft.edits if edit.kind == "boilerplate"]
    for text in more.get("recorded", ()):  # running heads and page numbers, to be put back
        assert any(text in before for before in dropped)
    if "title" in more:
        assert draft.title == want[more["title"]]
    if "authors" in more:
        assert draft.authors == more["authors"]
    if "headings" in more:
        assert [b.text for b in draft.headings] == more["headings"]


@pytest.mark.parametrize("copies", [2, 3])
def test_the_same_page_again_loses_no_line(copies):
    paper = Paper().centre(60, TITLE, 18)
    paragraphs(paper, P[:3])
    draft = make_draft(pdf_of(*[paper] * copies), "a.pdf")
    assert all(text in draft.source_text.split("\n") for text in P[:3])


def test_a_line_of_the_text_that_comes_again_at_the_rim_of_pages_is_no_running_head():
    repeated = "这一句誓词每次开会都要念一遍，念完了大家才坐下来说事，说到哪里算哪里，谁也不急着走"
    papers = []
    for number in range(4):
        paper = Paper().flow(repeated, 60, indent=0, right=531) and Paper()
        top = paper.flow(repeated + P[number], 60, indent=0)
        paragraphs(paper, P[4 + number : 6 + number], top)
        papers.append(paper)
    draft = make_draft(pdf_of(*papers), "a.pdf")
    assert "".join(block.text for block in draft.blocks).count(repeated) + (
        draft.title.count(repeated)
    ) == len(papers)


def test_text_beside_a_box_of_few_lines_is_not_published_unseen():
    paper = Paper().centre(60, TITLE, 18)
    top = paper.flow(P[0], 120)
    top = paper.flow(P[1] + P[2], top, indent=0, right=300)
    paper.flow("大账本是挂历的背面钉成的，写满了就翻过来再写。", 160, left=330, right=520, indent=0)
    paragraphs(paper, P[3:5], top + 20)
    draft = make_draft(pdf_of(paper), "a.pdf")
    body = "\n".join(block.text for block in draft.blocks)
    assert draft.blocked or P[1] + P[2] in body


def test_cells_that_hold_whole_texts_are_not_published_unseen():
    paper = Paper().centre(60, TITLE, 18).grid([60, 290, 530], [110, 135, 560])
    paper.put(70, 115, "做法").put(300, 115, "说明")
    paragraphs(paper, P[:5], 140, left=70, right=280)
    paragraphs(paper, P[5:10], 140, left=300, right=520)
    draft = make_draft(pdf_of(paper), "a.pdf")
    body = "\n".join(block.text for block in draft.blocks)
    assert draft.blocked or all(text in body for text in P[:10])


# What is refused


def repeated(*lines, pages=3):
    papers = []
    for number in range(pages):
        paper = Paper()
        for top, text in lines:
            paper.put(72, top, text.format(number + 1), 12)
        papers.append(paper)
    return pdf_of(*papers)


@pytest.mark.parametrize(
    "raw",
    [
        repeated((30, "仅供东沟油田内部学习之用"), pages=6),
        repeated((30, "仅供东沟油田内部学习之用"), (800, "第{}页"), pages=2),
        repeated((30, "Internal study copy only"), (60, "Dongjin Oilfield"), pages=4),
        pdf_of(
            *[
                Paper().picture(0, 0, 595, 842).put(400, 20, "已归档于东沟油田档案室", 9)
                for _ in range(3)
            ]
        ),
        pdf_of(Paper().picture(0, 0, 595, 842)),
    ],
    ids=["line", "line-and-number", "two-lines", "stamped-scans", "scan"],
)
def test_pages_with_nothing_of_their_own_are_refused(raw):
    with pytest.raises(UnreadableFile, match="There is no text in the PDF"):
        make_draft(raw, "a.pdf")
