"""The essay out of a web page, and nothing of what stands round it."""

import re

import pytest

from articles.importing.pipeline import make_draft
from articles.text import script

from ..support.formats import PART_ONE, PART_TWO
from ..support.places import ESSAYS

TITLE = "工會工作之我見"
NAVIGATION = '<div class="top"><a href="/">首页</a> | <a href="/a">工会要闻</a> | <a href="/b">维权</a></div>'
SIDE = "<h3>热门文章</h3><ul>{}</ul>".format(
    "".join(
        f'<li><a href="/{n}">某市总工会召开第{n}次职工代表大会总结会</a></li>' for n in range(12)
    )
)
COMMENTS = "<h3>网友评论</h3>" + "".join(
    f'<div class="c"><b>网友{n}</b><p>写得真好，我们单位也应该这样做，支持工会的工作！第{n}楼。</p></div>'
    for n in range(9)
)
FOOT = (
    '<div class="footer"><p>版权所有：某某省总工会，地址：某某市人民路1号，邮编：100000。</p></div>'
)
SHARE = '<div class="bdsharebuttonbox">分享到：<a href="#">微信</a><a href="#">微博</a></div>'
NOISE = ("网友", "热门文章", "某市总工会", "首页", "版权所有", "上一篇", "分享到", "广告")


def paragraphs(lines):
    return "\n".join(f"<p>　　{line}</p>" for line in lines)


def portal(lines):
    return (
        f'{NAVIGATION}<div class="main"><div class="left"><h1>{TITLE}</h1><div class="info">来源：工人日报 '
        f"作者：李明 2020-03-05 10:20:00 点击：123次</div>{SHARE}<div class='content'>{paragraphs(lines)}</div>"
        '<div class="pn">上一篇：<a href="/1">关于工会的几点思考</a></div>'
        f'<div id="comments">{COMMENTS}</div></div><div class="right">{SIDE}</div></div>{FOOT}'
    )


def tables_and_breaks(lines):
    text = "<br><br>\n".join(f"　　{line}" for line in lines)
    return (
        f'{NAVIGATION}<table><tr><td class="l">{SIDE}</td><td><table><tr><td align=center><b>{TITLE}</b></td></tr>'
        f"<tr><td>作者：李明　发布时间：2020-03-05</td></tr><tr><td><font size=3>{text}</font></td></tr></table>"
        f"</td></tr></table>{FOOT}"
    )


def semantic(lines):
    text = "".join(f"<div>{line}</div>" for line in lines)
    return (
        f"<nav>{NAVIGATION}</nav><article><header><h1>{TITLE}</h1></header><section>{text}</section></article>"
        f'<aside>{SIDE}</aside><section class="comment-list">{COMMENTS}</section>{FOOT}'
    )


def in_two_parts(lines):
    half = len(lines) // 2
    return (
        f'{NAVIGATION}<div class="article"><h1>{TITLE}</h1><div class="page1">{paragraphs(lines[:half])}</div>'
        '<div class="ad"><a href="/x">广告：培训报名</a></div>'
        f'<div class="page2">{paragraphs(lines[half:])}</div></div><div class="sidebar">{SIDE}</div>{FOOT}'
    )


def all_in_right(lines):
    """The essay under a name that elsewhere stands for noise."""
    return f'{NAVIGATION}<div class="right"><h1>{TITLE}</h1>{paragraphs(lines)}</div>{FOOT}'


def unclosed(lines):
    return f"{NAVIGATION}<div><h1>{TITLE}</h1>" + "".join(f"<p>{line}" for line in lines)


LAYOUTS = [portal, tables_and_breaks, semantic, in_two_parts, all_in_right, unclosed]
TEXTS = {
    path.name: [line for line in path.read_text("utf-8").partition("---\n")[2].split("\n") if line]
    for path in ESSAYS.iterdir()
}


def letters(text):
    return re.sub(r"\W", "", text)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_whole_essay_and_nothing_else(layout, name):
    lines = TEXTS[name]
    page = f"<html><head><title>{TITLE}_理论_某网</title></head><body>{layout(lines)}</body></html>"
    draft = make_draft(page.encode(), "a.html")
    assert script.fold(draft.title) == script.fold(TITLE)  # in the script of the essay
    assert not [noise for noise in NOISE if noise in draft.source_text]
    assert letters("".join(lines)) in letters(draft.source_text)


def test_a_short_essay_is_not_lost_among_long_comments():
    page = f'{NAVIGATION}<div class="text"><h1>{TITLE}</h1>{paragraphs([PART_ONE, PART_TWO])}</div>'
    draft = make_draft(f'{page}<div id="comments">{COMMENTS}</div>'.encode(), "a.html")
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]


def test_the_line_under_the_heading_gives_author_source_and_date():
    draft = make_draft(portal([PART_ONE, PART_TWO]).encode(), "a.html")
    assert (draft.authors, draft.source_name) == (["李明"], "工人日报")
    assert f"{draft.stated_time:%Y-%m-%d %H:%M}" == "2020-03-05 10:20"


def test_line_breaks_of_the_source_are_no_spaces_between_characters():
    draft = make_draft(
        f"<h1>{TITLE}</h1><p>工會\n  要聽，see\n  this 再辦。</p>".encode(), "a.html"
    )
    assert draft.blocks[0].text == "工會要聽，see this 再辦。"


def test_a_reading_over_a_character_is_kept_beside_it():
    page = f"<h1>{TITLE}</h1><p><ruby>亳<rp>(</rp><rt>bó</rt><rp>)</rp></ruby>州的工會。</p>"
    assert make_draft(page.encode(), "a.html").blocks[0].text == "亳(bó)州的工會。"


def test_relative_addresses_are_made_whole_or_dropped():
    page = (
        '<head><base href="http://a.cn/x/"></head>'
        f'<h1>{TITLE}</h1><p>看<a href="../b.html">這裡</a><img src="1.jpg" alt="圖">。</p>'
    )
    spans = make_draft(page.encode(), "a.html").blocks[0].spans
    assert [span.value for span in spans] == ["http://a.cn/b.html", "http://a.cn/x/1.jpg"]
    bare = page.replace('<base href="http://a.cn/x/">', "")
    draft = make_draft(bare.encode(), "a.html")
    assert draft.blocks[0].spans == ()
    assert "images-dropped" in [flag.kind for flag in draft.flags]
