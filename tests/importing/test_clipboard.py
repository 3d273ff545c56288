"""What is pasted: clipboards as Word, WPS, WeChat and a government's page write them."""

import pytest

from articles.importing.pasted import MissingPicture, paste
from articles.importing.refusals import UnreadableFile

from ..support.places import TESTS

CLIPBOARDS = TESTS / "importing" / "clipboards"
NOT_TAKEN = {
    "word": ([MissingPicture("會場", "（一）表決用無記名投票。")], {"hidden": 1, "struck": 1}),
    "wps": ([MissingPicture("", "附收入证明")], {}),
    "wechat": (
        [
            MissingPicture(
                "图片",
                "七月以来，街道总工会把防暑药品和饮用水送到八处工地。"[-24:],
                "https://mmbiz.qpic.cn/mmbiz_jpg/abc123/640?wx_fmt=jpeg",
            )
        ],
        {"hidden": 1, "embedded": 1},
    ),
    "government": ([], {"links": 1}),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_clipboard_comes_to_the_structure_it_shows(name):
    found = paste((CLIPBOARDS / f"{name}.html").read_text("utf-8"))
    expected = (CLIPBOARDS / f"{name}.expected.html").read_text("utf-8")
    assert found.markup.strip() == expected.strip()
    assert (found.missing, found.left_out) == NOT_TAKEN[name]


def item(sign: str, text: str, level: int = 1, font: str = "") -> str:
    return (
        f"<p style='mso-list:l0 level{level} lfo1'><![if !supportLists]>"
        f"<span style='font-family:{font}'><span style='mso-list:Ignore'>{sign}<span>&nbsp;</span>"
        f"</span></span><![endif]>{text}</p>"
    )


@pytest.mark.parametrize(
    ("pasted", "markup"),
    [
        (item("·", "甲", font="Symbol"), "<ul><li><p>甲</p></li></ul>"),
        (item("o", "甲", font="&quot;Courier New&quot;"), "<ul><li><p>甲</p></li></ul>"),
        (item("3、", "甲"), '<ol start="3"><li><p>甲</p></li></ol>'),
        (item("第二条", "甲"), "<p>第二条甲</p>"),
        (item("1.2", "甲"), "<p>1.2 甲</p>"),
        (item("a)", "甲"), "<p>a)甲</p>"),
        (item("1.", "甲", level=3), "<ol><li><p>甲</p></li></ol>"),
        ('<b style="font-weight:normal"><p>甲乙</p></b>', "<p>甲乙</p>"),
        ("<p>甲<span style='font-style: italic'>乙</span></p>", "<p>甲<em>乙</em></p>"),
        ("<p onclick=x()>甲<script>1</script></p>", "<p>甲</p>"),
        ('<img src="/pictures/x.webp"><p>甲</p>', "<p>甲</p>"),
        (
            f'<p><img src="/pictures/{"a" * 32}-30x20.webp" alt="會場"></p>',
            f'<p><img src="/pictures/{"a" * 32}-30x20.webp" alt="會場"></p>',
        ),
        ("<!--[if gte mso 9]><xml><w:x>Normal</w:x></xml><![endif]--><p>甲</p>", "<p>甲</p>"),
        ("甲乙", "<p>甲乙</p>"),
    ],
)
def test_small_things_of_a_clipboard(pasted, markup):
    assert paste(pasted).markup.strip() == markup


def test_a_cell_that_begins_with_an_indent_stays_in_its_row():
    table = "<table><tr><th>項目</th><th>標準</th></tr><tr><td>　　甲</td><td>乙</td></tr></table>"
    rows = paste(table).markup
    assert rows.endswith("<tr><td><p>甲</p></td><td><p>乙</p></td></tr></tbody></table>")


@pytest.mark.parametrize("pasted", ["<!-- nothing", "<p></p>", "<!--" * 100_000])
def test_nothing_comes_to_nothing(pasted):
    assert paste(f"<div>{pasted}").markup == ""


def test_what_is_nested_like_a_trap_is_refused():
    with pytest.raises(UnreadableFile):
        paste("<div>" * 20_000)


def test_nothing_is_lost_of_many_items():
    assert paste(item("l", "甲", font="Wingdings") * 3_000).markup.count("甲") == 3_000
