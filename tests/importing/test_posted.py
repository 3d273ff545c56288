"""Lines that a program writes below a title, in plain text and on pages."""

import pytest

from articles.importing.fields.dates import StatedDate
from articles.importing.fields.metadata import extract
from articles.importing.pipeline import make_draft

TITLE = "加班換補休，先看過期了沒"
BODY = (
    "每到三月，會員問最多的就是去年累積的補休：公司說跨年歸零，可以這樣嗎？先分清楚補休是怎麼來的，"
    "如果是加班換來的，那不是公司送的禮物。\n我們幫一位測試站的會員算過，三十一小時補休被歸零，折回來"
    "是八千四百多元，她原來以為頂多兩三千，後來才知道每一小時都要照加班當天的標準算。"
)


def told(line: str) -> tuple[list[str], str, bool]:
    found = extract(f"{TITLE}\n{line}\n{BODY}")
    stated: StatedDate | None = found.stated
    day = stated.date.isoformat()[: 10 if stated.precision == "day" else 4] if stated else ""
    return found.authors, day, 1 in found.lines


@pytest.mark.parametrize(
    "line, authors, day",
    [
        ("由 小薇 發表於 週三, 2014-03-12 - 10:15", ["小薇"], "2014-03-12"),
        ("由小薇發表於 2014/3/12", ["小薇"], "2014-03-12"),
        ("小薇 發表於 2014年3月12日 10:15", ["小薇"], "2014-03-12"),
        ("由 小薇 發表於 週五, 04/05/2019 - 10:15", ["小薇"], "2019-04-05"),
        ("由 小薇 發表於 04/05/2019", ["小薇"], "2019"),
        ("由 小薇 發表於 週三, 03/12/2014", ["小薇"], "2014"),  # both days were Wednesdays
        ("By 阮知夏 · Oct 19, 2023 · 3 min read", ["阮知夏"], "2023-10-19"),
        ("Posted by 阮知夏 on October 19, 2023", ["阮知夏"], "2023-10-19"),
        ("by Wang Fang on 2021-06-28", ["Wang Fang"], "2021-06-28"),
        ("六月 28, 2021 by 阿球", ["阿球"], "2021-06-28"),
        ("由 管理員 發佈於 2014-03-12", [], "2014-03-12"),
        ("由 海傍清潔工友會 發表於 2014-03-12", [], "2014-03-12"),
        ("Submitted by admin on 2014-03-12", [], "2014-03-12"),
    ],
)
def test_who_put_it_up_and_when(line, authors, day):
    assert told(line) == (authors, day, True)


@pytest.mark.parametrize(
    "line",
    [
        "由於 2014年3月12日",
        "工会章程由大会发布于 2021-05-06",
        "由 小薇 發表於 某個春天的早上",
        "由大家办起的夜校开办于2019年5月",
        "文明班组创建于 2019年5月6日",
    ],
)
def test_a_sentence_is_none(line):
    authors, _, is_taken = told(line)
    assert not authors and not is_taken


def draft_of(page: str):
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    return make_draft(page.replace("{body}", paragraphs).encode(), "a.html")


HEAD = f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body>"


@pytest.mark.parametrize(
    "above, authors",
    [
        (
            "<div class='entry-meta'><time class='entry-date'>六月 28, 2021</time>"
            "<span class='byline'> by <a class='fn'>阿球</a></span></div>",
            ["阿球"],
        ),
        (
            "<div><span>By </span><a href='/@z'>阮知夏</a><span> · </span>"
            "<time>June 28, 2021</time><span> · 3 min read</span></div>",
            ["阮知夏"],
        ),
    ],
)
def test_a_line_below_the_title_is_the_essays(above, authors):
    draft = draft_of(f"{HEAD}<article><h1>{TITLE}</h1>{above}{{body}}</article></body></html>")
    assert (draft.authors, str(draft.stated_date)) == (authors, "2021-06-28")


def test_so_is_one_above_an_essay_without_a_title():
    bar = "<div class='meta-bar'><span>今日沅渡</span><span>2024-07-05 11:20</span></div>"
    draft = draft_of(f"{HEAD}<div id='app'>{bar}<div class='rich'>{{body}}</div></div></body>")
    assert str(draft.stated_date) == "2024-07-05"


def test_a_digital_newspaper_notes_its_article():
    note = (
        f"<!--enpproperty <date>2022-07-28 00:00:00.0</date><author>解一舟 梅映紅</author>"
        f"<title>{TITLE}</title><nodename>第003版:工地</nodename>/enpproperty-->"
    )
    head = HEAD.replace(TITLE, f"青柏工人報數字報-{TITLE}")
    draft = draft_of(f"{head}{note}<table><tr><td>{TITLE}</td></tr></table><div>{{body}}</div>")
    assert (draft.title, draft.authors) == (TITLE, ["解一舟", "梅映紅"])
    assert str(draft.stated_date) == "2022-07-28"
