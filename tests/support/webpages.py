"""Made-up web pages: the forms that programs for websites give a page, round the starter essays.

A page says which strings are the essay's and which are not, so a reader can be scored: how many
wanted strings it keeps, how many unwanted ones it lets in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .places import ESSAYS

TITLE = "工會工作之我見"
LEAD = "一扇门开了三年，四百多条意见有了下落，职工的心气也顺了，这本账值得算一算。"
NOTE = "（本文的数字都由厂工会提供，写成以后请三位老职工看过。）"
SIGNED = "东港市造船厂工会"

NAVIGATION = "".join(
    f'<li><a href="/{n}">{word}</a></li>'
    for n, word in enumerate(("网站首页", "工会要闻", "维权服务", "劳模风采", "政策法规"))
)
NEIGHBOURS = tuple(f"某市总工会第{n}次职工代表大会隆重召开" for n in range(8))
TEASERS = tuple(f"会上，代表们听取了第{n}号报告，一致认为过去的一年成绩很大。" for n in range(8))
REMARKS = tuple(f"写得真好，我们单位也应该这样做，支持第{n}楼的朋友！" for n in range(5))
COOKIE = "本网站使用小甜饼来改进服务，继续浏览，就表示您同意我们的隐私政策。"
ABOUT_US = "本网由东港市总工会主办，未经书面授权，不得转载本网的任何内容，违者必究。"
SUBSCRIBE = "留下您的邮箱，每周一早上，最新的工会消息就会送到您的手边。"

_LINKS = "".join(f'<li><a href="/n{n}">{words}</a></li>' for n, words in enumerate(NEIGHBOURS))
_CARDS = "".join(
    f'<li><a href="/n{n}">{words}</a><p>{teaser}</p></li>'
    for n, (words, teaser) in enumerate(zip(NEIGHBOURS, TEASERS, strict=True))
)
_REMARKS = "".join(
    f'<div class="item"><b>网友{n}</b><p>{r}</p></div>' for n, r in enumerate(REMARKS)
)


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page, what of it is the essay, and what is not."""

    form: str
    markup: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


Form = Callable[[list[str]], tuple[str, tuple[str, ...], tuple[str, ...]]]


def _p(lines: list[str], **attributes: str) -> str:
    return "".join(f"<p>　　{line}</p>" for line in lines)


def _government(lines: list[str]):
    """The site's name is the h1, the text an editor's box, with documents to read besides."""
    return (
        '<h1><a href="/">东港市总工会网站</a></h1><div class="dqwz">您现在的位置：<a href="/">首页</a>'
        f'&gt;<a href="/a">理论</a></div><h2>{TITLE}</h2><div class="xx">发布时间：2020-03-05 来源：工人日报'
        f'</div><div class="TRS_Editor">{_p(lines)}</div><div class="xgwd"><h3>相关文档</h3><ul>{_LINKS}'
        f'</ul></div><div class="bq">{ABOUT_US}</div>',
        (TITLE, "工人日报"),
        (*NEIGHBOURS[:2], ABOUT_US, "您现在的位置"),
    )


def _blog(lines: list[str]):
    """An article with sharing, comments and a sidebar of widgets full of sentences."""
    return (
        f'<div id="page"><ul class="menu">{NAVIGATION}</ul><div id="primary"><main><article class="post '
        f'hentry"><header><h1 class="entry-title">{TITLE}</h1></header><div class="entry-content">'
        f'{_p(lines)}<div class="sharedaddy"><h3>分享此文：</h3><a href="#">微博</a></div></div>'
        f'<footer class="entry-footer"><a href="/t">工会</a></footer></article><div id="comments">'
        f'{_REMARKS}</div></main></div><div id="secondary"><div class="widget">{SUBSCRIBE}</div>'
        f'<div class="widget"><ul>{_CARDS}</ul></div></div></div>',
        (TITLE,),
        (*REMARKS[:2], SUBSCRIBE, TEASERS[0], "分享此文"),
    )


def _tables(lines: list[str]):
    """A page of tables in tables, its paragraphs broken by br."""
    text = "<br><br>".join(f"　　{line}" for line in lines)
    return (
        f"<table><tr><td><table><tr><td><ul>{NAVIGATION}</ul></td></tr></table></td></tr><tr>"
        f'<td width="200"><ul>{_LINKS}</ul><p>{SUBSCRIBE}</p></td><td><table><tr><td align="center"><b>'
        f"{TITLE}</b></td></tr><tr><td>作者：李明　来源：工人日报　2020-03-05</td></tr><tr><td>{text}"
        f"</td></tr></table></td></tr><tr><td>{ABOUT_US}</td></tr></table>",
        (TITLE, "李明"),
        (NEIGHBOURS[0], SUBSCRIBE, ABOUT_US, "劳模风采"),
    )


def _lead_and_note(lines: list[str]):
    """A lead before the body, a note and a signature behind it, each in a block of its own."""
    return (
        f'<div class="w1000"><div class="nav"><ul>{NAVIGATION}</ul></div><h1>{TITLE}</h1><div class="art">'
        f'<div class="zy"><p>{LEAD}</p></div><div class="con">{_p(lines)}</div><div class="con2"><p>{NOTE}'
        f'</p><p class="right">{SIGNED}</p></div></div><div class="other"><ul>{_CARDS}</ul></div></div>',
        (TITLE, LEAD, NOTE, SIGNED),
        (TEASERS[0], TEASERS[5], NEIGHBOURS[3]),
    )


def _lead_in_header(lines: list[str]):
    """The title and the lead in a header far from the body."""
    return (
        f'<div class="top"><nav>{NAVIGATION}</nav></div><header class="c1"><div><div><h1>{TITLE}</h1></div>'
        f'<div class="c2"><p>{LEAD}</p></div></div></header><div class="c3"><div class="c4"><div class="c5">'
        f'{_p(lines)}</div></div><div class="c6"><h3>大家都在看</h3><ul>{_LINKS}</ul></div></div>'
        f'<div id="cookie-bar"><p>{COOKIE}</p></div>',
        (TITLE, LEAD),
        (COOKIE, NEIGHBOURS[0], NEIGHBOURS[7], "大家都在看"),
    )


def _names_within(lines: list[str]):
    """The author's own blocks bear names that elsewhere stand for furniture."""
    kinds = ("text-right", "menu", "hot", "MsoFooter", "share", "comment", "right", "footer")
    paragraphs = [f'<p class="{kinds[n % len(kinds)]}">{line}</p>' for n, line in enumerate(lines)]
    half = len(paragraphs) // 2
    return (
        f'<article class="article"><h1>{TITLE}</h1>{"".join(paragraphs[:half])}<h2 id="social-insurance">'
        f'把社会保险办实</h2><blockquote class="share-quote">{LEAD}</blockquote><aside>{NOTE}</aside>'
        f'{"".join(paragraphs[half:])}<p class="text-right">{SIGNED}</p></article><div class="footer">'
        f"{ABOUT_US}</div>",
        (TITLE, "把社会保险办实", LEAD, NOTE, SIGNED),
        (ABOUT_US,),
    )


def _hashed(lines: list[str]):
    """Names that say nothing at all, and more prose of the site's round the essay."""
    return (
        f'<div id="root"><div class="a1x"><ul>{NAVIGATION}</ul></div><div class="b2y"><div class="c3z"><h1>'
        f'{TITLE}</h1><div class="d4"><div class="e5">{_p(lines)}</div></div></div><div class="f6"><div '
        f'class="g7"><a href="/1"><h3>{NEIGHBOURS[0]}</h3><p>{TEASERS[0]}</p></a><a href="/2"><h3>'
        f'{NEIGHBOURS[1]}</h3><p>{TEASERS[1]}</p></a></div></div></div><div class="h8"><p>{ABOUT_US}</p>'
        f'</div><div class="i9 gdpr-note"><p>{COOKIE}</p></div></div>',
        (TITLE,),
        (NEIGHBOURS[0], TEASERS[1], COOKIE),
    )


def _wechat(lines: list[str]):
    """Each paragraph in sections of its own, the account's furniture round them."""
    text = "".join(f"<section><section><span>{line}</span></section></section>" for line in lines)
    return (
        f'<div id="js_article"><div id="img-content"><h1 id="activity-name">{TITLE}</h1><div id="meta_content">'
        '<span>原创</span><span>李明</span><span><a id="js_name">东港工会之家</a></span><em id="publish_time">'
        f'2020-03-05 09:12</em></div><div id="js_content">{text}</div></div><div class="qr_code_pc"><p>'
        '微信扫一扫，关注该公众号。</p></div></div><div style="display:none"><p>轻触阅读原文，阅读更多。</p></div>',
        (TITLE,),
        ("微信扫一扫", "轻触阅读原文"),
    )


def _forum(lines: list[str]):
    """A thread: the first post is the essay, strewn with noise; the others answer it."""
    text = "<br>".join(f'　　{line}<font class="jammer">7 x$ _3 k1</font>' for line in lines)
    answers = "".join(
        f'<div id="post_{n}"><table><tr><td class="pls">网友{n}</td><td class="t_f" id="postmessage_{n}">'
        f"{remark * 40}</td></tr></table></div>"
        for n, remark in enumerate(REMARKS, 100)
    )
    return (
        f'<div id="ct"><h1><span id="thread_subject">{TITLE}</span></h1><div id="post_1"><table><tr>'
        '<td class="pls">李明</td><td><div class="pct"><table><tr><td class="t_f" id="postmessage_1"><i '
        f'class="pstatus">本帖最后由 李明 于 2020-3-5 10:30 编辑</i><br>{text}</td></tr></table></div>'
        f"</td></tr></table></div>{answers}</div>",
        (TITLE,),
        (*REMARKS[:2], "7 x$ _3 k1", "本帖最后由"),
    )


def _two_parts(lines: list[str]):
    """A body in two parts, with an advertisement between and a newsletter behind."""
    half = len(lines) // 2
    return (
        f'<div class="article"><h1>{TITLE}</h1><div class="page1">{_p(lines[:half])}</div><div class="ad">'
        f'<a href="/x">培训报名火热进行</a></div><div class="page2">{_p(lines[half:])}</div>'
        f'<div class="newsletter-box"><p>{SUBSCRIBE}</p></div></div><div class="sidebar"><ul>{_CARDS}</ul></div>',
        (TITLE,),
        ("培训报名", SUBSCRIBE, TEASERS[0]),
    )


def _bare(lines: list[str]):
    """No block at all but the body: text between line breaks, links above and below."""
    return (
        f'<a href="/">首页</a> <a href="/a">理论园地</a><hr><center><b>{TITLE}</b></center><br>'
        + "<br>".join(f"　　{line}" for line in lines)
        + '<hr><a href="/b">上一篇：关于工会的几点思考</a> <a href="/c">返回顶部</a>',
        (TITLE,),
        (),
    )


def _next_article(lines: list[str]):
    """Another article below, for readers who scroll on."""
    return (
        f'<main><article><h1>{TITLE}</h1><div>{_p(lines)}</div><div class="author-box"><p>李明，东港人，在厂里'
        f"做了二十年工会工作。</p></div></article><article><h2>{NEIGHBOURS[0]}</h2><div>"
        f"{_p(list(TEASERS))}</div></article></main>",
        (TITLE,),
        (TEASERS[0], TEASERS[6], NEIGHBOURS[0]),
    )


def _strewn(lines: list[str]):
    """Captions, links and boxes between the paragraphs; the author's own lines look much like them."""
    half = len(lines) // 2
    caption, credit = "会场外的公告栏，三个月没有换过。", "本报资料图，一位职工摄于去年冬天。"
    return (
        f'<div class="wrap"><h1>{TITLE}</h1><div class="article-text">{_p(lines[:half])}<div><img src="a.jpg">'
        f'<p class="img-caption">{caption}</p></div><p><a href="/n1">{NEIGHBOURS[1]}</a></p><p>延伸阅读：<a '
        f'href="/n2">{NEIGHBOURS[2]}在东港举行</a></p><div class="newsletter-inline"><p>{SUBSCRIBE}</p></div>'
        f'<p><a href="/x">{LEAD}</a></p><p class="caption">{NOTE}</p><p align="center"><img src="b.jpg"></p>'
        f'<p><em>{credit}</em></p>{_p(lines[half:])}<div class="post-ratings"><p>这篇文章，您觉得好不好？</p></div>'
        f'<div class="xg"><div class="t"><h4><a href="/a">{NEIGHBOURS[3]}</a></h4><p>{TEASERS[3]}</p></div>'
        f'<div class="t"><h4><a href="/b">{NEIGHBOURS[4]}</a></h4><p>{TEASERS[4]}</p></div></div></div></div>',
        (TITLE, LEAD, NOTE),
        (caption, credit, *NEIGHBOURS[1:4], SUBSCRIBE, "您觉得好不好", TEASERS[3]),
    )


FORMS: tuple[Form, ...] = (
    _strewn,
    _government,
    _blog,
    _tables,
    _lead_and_note,
    _lead_in_header,
    _names_within,
    _hashed,
    _wechat,
    _forum,
    _two_parts,
    _bare,
    _next_article,
)


def pages(texts: int = 6) -> Iterator[WebPage]:
    """Yield each form round some of the starter essays."""
    paths = sorted(ESSAYS.iterdir())
    for path in paths[:: max(1, len(paths) // texts)][:texts]:
        body = path.read_text("utf-8").partition("---\n")[2]
        lines = [line for line in body.split("\n") if len(line) > 12]
        for form in FORMS:
            markup, wanted, unwanted = form(lines)
            places = (lines[0], lines[1], lines[len(lines) // 2], lines[-1])
            yield WebPage(
                f"{form.__name__[1:]} {path.stem}",
                f"<html><head><title>{TITLE}_理论_东港工会网</title></head><body>{markup}</body></html>",
                (*wanted, *places),
                unwanted,
            )
