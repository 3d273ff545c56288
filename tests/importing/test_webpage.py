"""The essay out of a web page, and nothing of what stands round it."""

import re

import pytest

from articles.importing.edits import apply
from articles.importing.pipeline import make_draft
from articles.importing.readers.webpage import read_page
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
    read = read_page(page.encode())
    kept = apply(read.text, read.edits)
    assert not [noise for noise in NOISE if noise in kept]
    assert letters("".join(lines)) in letters(kept)


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
    assert [span.value for span in draft.blocks[0].spans] == ["part:1.jpg"]  # if it lies beside


def kept(page):
    source = read_page(page.encode())
    return apply(source.text, source.edits)


BODY = paragraphs([PART_ONE, PART_TWO])


@pytest.mark.parametrize(
    "block",
    [
        '<p class="text-right">{}</p>',
        '<p class="right">{}</p>',
        '<p class="MsoFooter">{}</p>',
        '<p class="share">{}</p>',
        '<h2 id="shared-development">{}</h2>',
        '<h3 class="hot">{}</h3>',
        '<div class="text-right">{}</div>',
        '<blockquote class="share-quote">{}</blockquote>',
        '<ul class="menu"><li>{}</li></ul>',
        '<table class="related"><tr><td>{}</td><td>二</td></tr><tr><td>三</td><td>四</td></tr></table>',
        "<aside>{}</aside>",
        "<footer>{}</footer>",
    ],
)
@pytest.mark.parametrize("words", ["东港市造船厂工会", "职工在哪里，工会就在哪里，这句话要记住。"])
def test_within_the_essay_nothing_goes_for_its_name(block, words):
    page = f"<article><h1>{TITLE}</h1>{BODY}{block.format(words)}<p>{PART_TWO}末段。</p></article>"
    assert words in kept(page)


@pytest.mark.parametrize(
    "block",
    ["<p class='{}'>{}</p>", "<div class='{}'>{}</div>", "<footer class='{}'><p>{}</p></footer>"],
)
@pytest.mark.parametrize("name", ["text-right", "right", "MsoFooter", "social-insurance", "c"])
def test_a_signature_at_the_end_stays_whatever_its_name(block, name):
    page = f"<article><h1>{TITLE}</h1>{BODY}{block.format(name, '东港市造船厂工会')}</article>"
    assert kept(page).endswith("东港市造船厂工会")


def test_what_is_left_out_is_on_record_and_can_be_put_back():
    page = portal([PART_ONE, PART_TWO])
    draft = make_draft(page.encode(), "a.html")
    dropped = [edit for edit in draft.edits if edit.kind == "boilerplate"]
    assert {"网友评论", "热门文章", "版权所有"} <= {
        words
        for edit in dropped
        for words in ("网友评论", "热门文章", "版权所有")
        if words in edit.before
    }
    assert apply(draft.source_text, []) == draft.source_text
    comments = next(edit for edit in dropped if "网友评论" in edit.before)
    back = apply(draft.source_text, [edit for edit in draft.edits if edit is not comments])
    assert "第8楼" in back and "第8楼" not in draft.clean_text
    assert all(mark.kind != "link" for mark in draft.marks)  # a menu's links are no marks


def test_a_page_with_nothing_round_the_essay_has_no_edits():
    source = read_page(f"<h1>{TITLE}</h1><p>作者：李明</p>{BODY}".encode())
    assert (source.edits, source.flags) == ((), ())


@pytest.mark.parametrize(
    ("head", "top"),
    [
        (
            "<title>{0} - 东港市总工会网站</title>",
            "<h1><a href='/'>东港市总工会网站</a></h1><h2>{0}</h2>",
        ),
        ("<title>{0}_理论_东港网</title>", "<h1>东港网</h1><div class='t'>{0}</div>"),
        (
            "<meta name='ArticleTitle' content='{0}'>",
            "<h1><a href='/'>东港工运</a></h1><h3>{0}</h3>",
        ),
        ("<title>东港工会网 - {0}</title>", "<h1>东港工会网</h1><h2>{0}</h2>"),
        ("<title>{0}-东港电子网</title>", ""),
        ("<title>{0} | 东港晚报</title>", ""),
        ("<title>{0} - 职工园地 - 东港工会论坛 - Powered by Discuz!</title>", "<h1>{0}</h1>"),
        ("<meta property='og:title' content='{0}-东港在线'>", "<h1>{0}</h1>"),
        ("<title></title>", "<h1>{0}</h1>"),
        ("<title>{0}</title>", "<h1>{0}</h1><p>" + PART_ONE + "</p><h1>一件小事</h1>"),
    ],
)
def test_the_title_is_the_heading_that_the_page_states(head, top):
    page = f"<head>{head.format(TITLE)}</head><body>{top.format(TITLE)}<div>{BODY}</div></body>"
    draft = make_draft(page.encode(), "a.html")
    assert script.fold(draft.title) == script.fold(TITLE)
    assert "东港" not in draft.clean_text


@pytest.mark.parametrize(
    ("byline", "line"),
    [
        ("<span>来源：工人周报</span><span>作者：林志远</span>", "来源：工人周报 作者：林志远"),
        ("2019-09-26 12:11<span>来源：工人周报</span>", "2019-09-26 12:11 来源：工人周报"),
        ("<em>2019-09-26</em><a href='x'>工人周报</a><i>林志远</i>", "2019-09-26 工人周报 林志远"),
        ("<span>发布时间：18-03-08</span>", "发布时间：18-03-08"),
        ("<b>作者：</b>林志远<b>来源：</b>工人周报", "作者：林志远 来源：工人周报"),
    ],
)
@pytest.mark.parametrize("beside", [True, False], ids=["beside the text", "above it"])
def test_the_pieces_of_a_byline_stand_apart_on_a_line_of_their_own(byline, line, beside):
    info = f"<div class='info'>{byline}</div>"
    inside = f"<h1>{TITLE}</h1>{info}{BODY}"
    above = f"<div><h1>{TITLE}</h1></div>{info}<div><div>{BODY}</div></div>"
    assert line in kept(inside if beside else above).split("\n")


def test_words_of_a_sentence_in_spans_are_not_torn():
    page = f"<h1>{TITLE}</h1><p><span>厂里的工</span><span>会每逢</span><b>周三</b>开门。</p>{BODY}"
    assert "厂里的工会每逢周三开门。" in kept(page)


@pytest.mark.parametrize(
    "head", ["", "<script>var createTime = '2023-05-04 09:12';</script>"], ids=["plain", "script"]
)
def test_an_account_of_wechat_is_the_source(head):
    published = "" if head else "<em id='publish_time'>2023-05-04 09:12</em>"
    page = (
        f"{head}<h1 id='activity-name'>{TITLE}</h1><div id='meta_content'><a id='js_name'>东港工会之家</a>"
        f"{published}</div><div id='js_content'>{BODY}<p>— END —</p><p>点击“阅读原文”了解更多</p>"
        "<p>喜欢就点个“在看”吧</p></div>"
    )
    draft = make_draft(page.encode(), "a.html")
    assert draft.source_name == "东港工会之家"
    assert draft.hints.date == "2023-05-04 09:12"
    assert not re.search("END|阅读原文|在看", draft.clean_text)


def test_a_forum_names_who_wrote_the_first_post_and_its_noise_goes():
    page = (
        f"<h1><a>[心得]</a> <span id='thread_subject'>{TITLE}</span></h1><table><tr><td class='pls'>"
        "<div class='authi'><a>林小舟</a></div>主题 12</td><td class='t_f' id='postmessage_9'><i "
        "class='pstatus'>本帖最后由 林小舟 于 2011-5-6 10:30 编辑</i><br>"
        f"{PART_ONE}<font class=\"jammer\">7 x$ _3 k1</font><br><span style='display:none'>0 m; f</span>"
        f"{PART_TWO}</td></tr></table>"
    )
    draft = make_draft(page.encode(), "a.html")
    assert draft.hints.authors == ("林小舟",)
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]


@pytest.mark.parametrize(
    "ending",
    [
        "<section class='postscript'><p>后记：那盏灯现在还亮着。</p></section>",
        "<blockquote>尾声：门一直开着。</blockquote>",
        "<div><p>“你们来了就好。”</p></div>",
    ],
)
def test_a_short_last_sentence_beside_the_body_stays(ending):
    markup = f"<div><h1>{TITLE}</h1><div class='txt'>{paragraphs(PART_ONE)}</div>{ending}</div>"
    source = read_page(markup.encode())
    assert re.sub("<.*?>", "", ending) in apply(source.text, source.edits)


@pytest.mark.parametrize(
    "style", ["font-size:0", "font-size: 1px; color:#fff", "visibility:hidden", "opacity:0;"]
)
def test_what_is_strewn_in_a_line_out_of_sight_is_left_out(style):
    noise = f'<span style="{style}">x7 k2 转自某站</span>'
    lines = [PART_ONE[0], f"账本贴{noise}在墙上。", *PART_ONE[1:]]
    source = read_page(f"<div><h1>{TITLE}</h1>{paragraphs(lines)}</div>".encode())
    assert "账本贴在墙上。" in apply(source.text, source.edits)
    assert "转自某站" in source.text
    shown_by_a_script = f'<div><h1>{TITLE}</h1><div style="{style}">{paragraphs(PART_ONE)}</div>'
    assert PART_ONE[0] in read_page(shown_by_a_script.encode()).text


def test_a_title_that_is_a_link_in_its_heading_is_the_title():
    page = (
        f"<title>{TITLE} - 车间 - 某某论坛</title><h1><a href='/c'>[车间]</a>"
        f"<a href='/t' id='thread_subject'>{TITLE}</a></h1>"
        f"<div id='postmessage_9'>{PART_ONE}<br>{PART_TWO}</div>"
    )
    assert make_draft(page.encode(), "a.html").title == script.convert(TITLE, "zh-Hans")


@pytest.mark.parametrize("between", ["·", "——", ">>", "»", " :: ", "<", "﹣", "–"])
def test_a_site_is_parted_from_a_title_by_any_mark(between):
    title = f"{TITLE}{between}某某职工网".replace("<", "&lt;").replace(">", "&gt;")
    page = f"<title>{title}</title><div>{paragraphs([PART_ONE, PART_TWO])}</div>"
    assert read_page(page.encode()).hints.title == TITLE


def test_plain_text_that_is_named_a_page_keeps_its_lines():
    text = f"{TITLE}\n作者：林小舟\n{PART_ONE}\n{PART_TWO}"
    draft = make_draft(text.encode(), "a.htm")
    assert draft.authors == ["林小舟"]
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]


def test_what_is_raised_in_a_page_keeps_its_sense():
    line = (
        "浓度是10<sup>-6</sup>，二氧化碳是CO<sub>2</sub>，每5 m<sup>3</sup>一次，见<sup>[3]</sup>。"
    )
    page = f"<div><h1>{TITLE}</h1>{paragraphs([PART_ONE, line, PART_TWO])}</div>"
    assert "浓度是10⁻⁶，二氧化碳是CO₂，每5 m³一次，见[3]。" in read_page(page.encode()).text


def test_a_formula_in_a_page_is_kept_as_a_line_and_told():
    formula = "<math><mi>T</mi><mo>=</mo><mfrac><mi>總溫度</mi><mi>次數</mi></mfrac></math>"
    again = f"<span class='katex-mathml'>{formula}</span><span aria-hidden='true'>T=c</span>"
    page = f"<h1>{TITLE}</h1>{paragraphs([PART_ONE, f'平均是{formula}，', f'又是{again}。', PART_TWO])}"
    source = read_page(page.encode())
    assert "平均是T=總溫度/次數，" in source.text
    assert "又是T=c。" in source.text
    assert [flag.kind for flag in source.flags] == ["dropped"]


@pytest.mark.parametrize(
    "ending",
    [
        "<p>参见<a href='/a'>《工会法》</a>和<a href='/b'>《劳动法》</a>。</p>",
        "<p><a href='/a'>全文见某报第八期。</a></p>",
        "<footer>（作者系某厂工会主席）</footer>",
    ],
)
def test_an_authors_last_line_stays_though_it_is_links_or_a_footer(ending):
    page = (
        f"<article><header><h1>{TITLE}</h1><p>一张大纸贴在墙上，换来了新风机，也换来了人心。</p></header>"
        f"<div>{paragraphs([PART_ONE, PART_TWO])}</div>{ending}</article>"
    )
    if ending.startswith("<p>"):
        page = page.replace(f"</div>{ending}", f"{ending}</div>")
    source = read_page(page.encode())
    assert re.sub("<.*?>", "", ending) in apply(source.text, source.edits)
