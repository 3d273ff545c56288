"""What stands right below a title, or in its place: banners, section marks, names, days, notes."""

import pytest

from articles.importing.pipeline import make_draft
from articles.text import script

TEXT = (
    "去年入冬以后，砚山厂的老工人开了三次会，商量互助金怎样管，谁家有难处都记在一本账上。\n"
    "大家说，账要公开，钱要用在急处，管账的每年换一个，换下来的把账一笔一笔念给下一个听。\n"
)
TITLE = "互助金管起来以后"


def read(text: str, name: str = "a.txt"):
    return make_draft(text.encode(), name)


def below_title(*lines: str, end: str = ""):
    return read("\n".join([TITLE, *lines, TEXT + end]))


def candidates(draft, kind: str) -> tuple[str, ...]:
    return next((flag.candidates for flag in draft.flags if flag.kind == kind), ())


def web_page(title: str, *heads: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
    return f"<html><head><title>{title}</title></head><body>{''.join(heads)}{body}</body></html>"


@pytest.mark.parametrize(
    ("page", "proposed"),
    [
        (web_page("老厂里的三次会", "<h1>砚山职工网——职工的家</h1>"), "老厂里的三次会"),
        (
            web_page("砚山职工网", "<h1>砚山职工网——职工的家</h1>", "<h3>老厂里的三次会</h3>"),
            "老厂里的三次会",
        ),
        (
            web_page("砚山工友", "<h1>砚山工友：为做工的人说话</h1>", "<h3>老厂里的三次会</h3>"),
            "老厂里的三次会",
        ),
        (web_page("", "<h1>砚山职工网 职工的家</h1>"), "砚山职工网 职工的家"),
    ],
)
def test_a_sites_name_with_its_slogan_is_no_title_for_certain(page, proposed):
    draft = read(page, "a.html")
    assert draft.title == proposed
    assert any(flag.kind == "doubtful-title" and flag.blocking for flag in draft.flags)


@pytest.mark.parametrize(
    "title",
    [
        "工友之家——一个图书室的故事",
        "互联网——新的工厂",
        "人民论坛：让做工的人有尊严",
        "总工会：欠薪一查到底",
    ],
)
def test_a_heading_that_only_looks_like_a_banner_is_the_title(title):
    draft = read(web_page(f"{title} - 砚山职工网", f"<h1>{title}</h1>", "<h2>缘起</h2>"), "a.html")
    assert draft.title == title
    assert not draft.blocked


@pytest.mark.parametrize(
    "mark", ["[01]总则", "[2] 细则", "【01】总则", "〔一〕总则", "①总则", "◆总则", "（01）方案"]
)
def test_a_section_with_its_mark_is_nobody(mark):
    draft = below_title(mark)
    assert (draft.title, draft.authors) == (TITLE, [])
    assert mark in [block.text for block in draft.blocks]


@pytest.mark.parametrize("below", [["王大同"], ["周建国"], ["2022年8月9日", "陈光明"]])
def test_a_name_made_of_words_is_offered_or_taken(below):
    draft = below_title(*below)
    assert below[-1] in [*draft.authors, *candidates(draft, "missing-author")]
    assert below[-1] in draft.clean_text


@pytest.mark.parametrize("below", [["王大爷"], ["张师傅"], ["下雪了", "车间亮着灯", "王大同"]])
def test_what_is_no_name_is_not_offered(below):
    draft = below_title(*below, end="那一天大家高兴，师傅们也高兴。")
    assert not {*below} & {*draft.authors, *candidates(draft, "missing-author")}


def test_a_word_of_the_text_is_no_name():
    draft = below_title("黄土地", end="厂外就是黄土，土地连着土地。")
    assert (draft.authors, candidates(draft, "missing-author")) == ([], ())


@pytest.mark.parametrize(
    "line",
    [
        "2022/08/09 砚山工人报 作者 林小满",
        "2022-08-09 砚山工人报 记者 林小满",
        "2022/08/09 10:20 砚山工人报 通讯员 林小满",
        "2022/08/09 来源 砚山工人报 作者 林小满",
        "砚山工人报 作者 林小满 2022/08/09",
        "2022/08/09 砚山工人报 林小满",
        "2022/08/09 硯山工人報 作者 林小滿",
    ],
)
def test_day_paper_and_author_in_one_line(line):
    draft = below_title(line)
    assert draft.date_as_stated == "2022-08-09"
    assert draft.source_name in ("砚山工人报", "硯山工人報")
    assert draft.authors in (["林小满"], ["林小滿"])
    assert line not in [block.text for block in draft.blocks]


@pytest.mark.parametrize(
    "line",
    ["2022/08/09 新华网 石家庄", "2022/08/09 新华网 郑州", "2022/08/09 砚山工人报 编辑 林小满"],
)
def test_a_place_or_an_editor_behind_a_paper_is_no_author(line):
    assert below_title(line).authors == []


@pytest.mark.parametrize(
    "line",
    [
        "（2022年8月9日职代会通过）",
        "（2022年8月9日砚山厂第五届职工代表大会第二次会议审议通过）",
        "(砚山厂职代会2022年8月9日通过)",
        "（二〇二二年八月九日職工代表大會通過）",
        "（2022年8月9日职代会通过，自公布之日起施行）",
        "2022年8月9日砚山厂职代会通过",
    ],
)
def test_rules_have_the_day_of_their_adoption(line):
    draft = below_title(line)
    assert draft.date_as_stated == "2022-08-09"
    assert draft.blocks[0].text.strip("()（）")[:3] == script.fold(line).strip("()（）")[:3]


@pytest.mark.parametrize(
    "line",
    [
        "（2012年8月9日职代会通过 2022年9月10日修订）",
        "（2022年8月9日起施行）",
        "（2022年8月9日未获通过）",
        "（2022年8月9日收稿）",
        "2022年8月9日，职代会通过了办法，大家都来了",
    ],
)
def test_another_day_is_no_date_of_adoption(line):
    assert below_title(line).date_as_stated == ""


def test_of_rules_that_were_changed_each_day_is_offered():
    draft = below_title("（2012年8月9日职代会通过 2022年9月10日修订）")
    assert candidates(draft, "missing-date") == ("2012-08-09", "2022-09-10")


@pytest.mark.parametrize(
    ("stated", "end", "title"),
    [
        ("互助金怎样管①", "①本文原是一次发言。", "互助金怎样管"),
        ("互助金怎样管*", "*本文原是一次发言。", "互助金怎样管"),
        ("互助金怎样管¹", "¹本文原是一次发言。", "互助金怎样管"),
        ("互助金怎样管[1]", "[1]本文原是一次发言。", "互助金怎样管"),
        ("老厂岁月②", "", "老厂岁月②"),
        ("学徒记（3）", "", "学徒记（3）"),
        ("学徒记(12)", "", "学徒记(12)"),
        ("班组工作小结（2016）", "", "班组工作小结（2016）"),
        ("学徒记(1832)", "", "学徒记"),
    ],
)
def test_a_titles_note_goes_and_its_part_stays(stated, end, title):
    draft = read(f"{stated}\n作者：林小满\n{TEXT}{end}")
    assert draft.title == title
