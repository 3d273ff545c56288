"""What kind of text it is: paper, speech, commentary, experience."""

import re

from ...text import script

GENRES = (
    ("speech", re.compile(r"讲话|致辞|致词|演讲|发言|讲稿|开幕词|闭幕词|祝酒词|主持词")),
    ("experience", re.compile(r"经验|做法|纪实|侧记|工作总结|典型材料|交流材料|先进事迹|事迹材料")),
    ("commentary", re.compile(r"评论|时评|短评|社论|快评|锐评|随笔|杂谈|漫谈|有感")),
)
"""What a title says of its genre."""

_PAPER = re.compile(r"(?m)^(?:[01]\s*[.、]?\s*)?(?:引言|前言)$|^\W?参考文献|^\W?中图分类号")
"""What only papers have, besides keywords; a summary and keywords are put above anything."""

_TIERS = re.compile(r"(?m)^(?:\d\.\d|[(（][一二三四五六七八九十]+[)）])\s*\S{2,30}$")
_FEWEST_TIERS = 4
"""Headings below headings of a text that is built like a paper: 1.1 or （一）."""

_QUOTED = re.compile(r"[“「\"][^”」\"]{0,400}[”」\"]")
_OF_PAPERS, _OF_EXPERIENCE = 2, 5
"""How often in 1,000 characters an author says 我, quotations apart: of a paper less than the one,
who tells what was done at least the other."""

_SALUTATION = re.compile(
    r"(?m)^(?:同志们|各位(?:领导|代表|同志|委员|来宾|嘉宾)[^。\n]{0,16})[:：，,！!]"
)
_SPOKEN = re.compile(
    r"讲(?:几|[一二三四五六])点(?:意见|看法|体会|要求)|我的(?:讲话|发言)(?:完了|到此)|^谢谢大家"
    r"|。谢谢大家"
)
_REPORTED = re.compile(
    r"(?:现将|现就|下面[,，]?就).{0,40}(?:做法|经验|情况).{0,16}(?:汇报|介绍|交流)如下"
)
_COMMENTATOR = re.compile(r"(?m)^[(（]?本[报刊](?:特约)?评论员")


_CODE_LINE = re.compile(
    r"^\s*(?:[{}]+;?|.*[;{}]\s*$|[^=<>]*[=<>].*\(|(?:def|class|import|from|return|if|for|var"
    r"|let|const|function|public|private|#include|//|/\*)\b.*)"
)
_CHOICES = re.compile(r"(?:^|\s)A\s*[.．、].{1,40}\sB\s*[.．、]")
_GONE = re.compile(
    r"(?:页面|网页|文章|内容|帖子|主题|链接|文件).{0,8}(?:不存在|已?被?(?:管理员)?删除|无法(?:访问|显示|找到)|找不到|没有找到)"
    r"|(?:^|\n)\W*404\b|Not Found|(?:没有|无)权限?(?:访问|查看|阅读)|您的浏览器(?:不支持|版本)"
    r"|页面.{0,4}(?:走丢|丢失|迷路)|链接.{0,6}(?:过期|失效)"
)
_MOST_OF_A_NOTICE = 240
"""Characters of a page that only says there is none."""

_NAVIGATION = re.compile(
    r"首页|关于我们|联系我们|产品展示|新闻中心|在线留言|网站地图|成功案例|登录|注册|会员中心"
    r"|下载中心|找回密码|记住我|发表评论|最新回复|热门标签"
)
_CATALOGUE = re.compile(
    r"索书号|馆藏地|条码号|出版发行项|载体形态项|中图法分类号|题名/责任者|个人责任者|学科主题|ISBN"
)
"""Labels of a library's catalogue, which has no text by itself."""

_FEWEST_OF_A_CATALOGUE = 4
_NOBODY_SPOKE = re.compile(r"(?:暂无|还没有|目前没有)(?:评论|留言|回复|跟帖)[^。]{0,12}")


def is_essay(lines: list[str]) -> bool:
    """Tell whether a page's lines hold a text somebody wrote: no menu, list of links, or code."""
    lines = [line for line in lines if line]
    text = script.fold("\n".join(lines))
    if len(text) <= _MOST_OF_A_NOTICE and _GONE.search(text[:80]):
        return False
    lines = [line for line in lines if not _NOBODY_SPOKE.fullmatch(script.fold(line))]
    if len(set(_CATALOGUE.findall(text))) >= _FEWEST_OF_A_CATALOGUE:
        return False
    text = script.fold("\n".join(lines))
    sentences = len(re.findall(r"[。！？；]|[.!?](?=\s|$)", text))
    code = sum(bool(_CODE_LINE.match(line)) for line in lines)
    if len(lines) > 4 and code * 2 > len(lines):
        return False
    choices = sum(bool(_CHOICES.search(line)) for line in lines)
    if choices > 1 and choices * 4 > len(lines):
        return False  # questions of an examination
    if sentences:
        return True
    counted = sum(bool(re.search(r"\d", line)) for line in lines)
    if len(lines) > 5 and counted * 3 > len(lines):
        return False  # slides, a shop's page, a table
    words = text.split()
    short = sum(len(word) <= 8 for word in words)
    menu = len(_NAVIGATION.findall(text)) > 2 and short * 3 > len(words) * 2
    links = len(lines) > 7 and all(8 <= len(line) <= 60 for line in lines[1:]) and "，" not in text
    return not (menu or links)


def genre_of(title: str, text: str, *, keywords: bool, summary: bool) -> str:
    """Return the genre the title, or else the text, gives evidence of; blank without evidence.

    `keywords` and `summary` tell whether the author's own stand there, with their labels.
    """
    title = script.fold(title)
    for genre, pattern in GENRES:
        if pattern.search(title):
            return genre
    folded = script.fold(text)
    if _SALUTATION.search(folded[:400]) and (_SPOKEN.search(folded) or "谢谢" in folded[-60:]):
        return "speech"
    if _REPORTED.search(folded[:800]):
        return "experience"
    if _COMMENTATOR.search(folded[:200]):
        return "commentary"
    if not keywords:
        return ""
    told = _QUOTED.sub("", folded)
    of_oneself = told.count("我") * 1000 / len(told)
    if _PAPER.search(folded) or (
        summary and of_oneself < _OF_PAPERS and len(_TIERS.findall(folded)) >= _FEWEST_TIERS
    ):
        return "paper"
    return "experience" if of_oneself >= _OF_EXPERIENCE else ""
