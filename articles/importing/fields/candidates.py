"""Which line of the head is the title: every line is weighed, and the best one has to be enough."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

from rapidfuzz import fuzz

from ...text import script
from ..lexicon.site_words import PORTALS, SITE_LINES, SITE_NAMES, SITE_SENTENCES
from .dates import first_date
from .lines import LONGEST_TITLE, Line
from .people import UNSURE
from .weights import AGAINST_TITLE, TITLE

_ENDING = re.compile(
    r"(?:研究|探讨|探析|浅析|浅谈|浅议|刍议|初探|分析|思考|对策|途径|路径|措施|建议|意见|方案"
    r"|办法|通知|报告|总结|讲话|致辞|发言|心得|体会"
    r"|感想|感悟|启示|随想|随笔|纪实|侧记|综述|述评|评述|调查|经验|做法|倡议书|公告|通报|决定"
    r"|规定|条例|细则|章程|纪要|计划|规划|要点"
    r"|提纲|讲稿|范文|信|记|论|说|谈|问题|作用|意义|关系|建设|创新|发展|实践|应用|现状|特点|模式"
    r"|机制|方法|策略|趋势|故事|手册|指南|须知|主持词|串词|问卷|教案|决心书|承诺书|申请书|公开信|名单|答辩|访谈|实录"
    r"|吗|呢|什么|如何|怎么办|为什么|学习材料|读后感|观后感|事迹|简介|难点|限度)[?？!！]?$"
)
_LETTER = re.compile(
    r"(?:感谢|慰问|表扬|公开|致歉|介绍)信|[讣訃]告|倡议书|决心书|承诺书|申请书|邀请函|悼[词辞]|挽联|启事|请假条"
)
"""What a letter or a notice is called that has no other title."""

_LECTURE = re.compile(r"第[一二三四五六七八九十\d]{1,3}[讲课]\s*\S{4}")
_COLLECTED = re.compile(r"[(（\[【][^()（）\d]{0,4}\s*\d+\s*[篇份][)）\]】]$")
_SENTENCE_MARK = re.compile(r"[，。；！？,;?]|!(?=.)")
_DECORATION = (
    re.compile(r"^\s*[\[【][^\[\]【】]{2,8}[\]】]\s*(?=.{4,}\[复制链接\]\s*$)"),
    re.compile(r"\s*\[复制链接\]\s*$"),
    re.compile(r"(?:\s+(?:编辑|锁定|讨论|播报|收藏|上传视频)){2,}\s*$"),
    re.compile(r"\s*[_\-—|]\s*第\s*\d+\s*页$|\s*\(?\s*第\s*\d+\s*页\s*\)?$"),
    re.compile(
        r"\.(?:pptx?|docx?|pdf|txt|wps|html?|xlsx?)(?:\s*[-—_|｜]\s*\S{2,12})?$", re.IGNORECASE
    ),
    re.compile(
        r"\s*[(（\[【](?:网友来稿|原创|转载|图文?|组图|视频|附图|全文|推荐|精选|完整版|最新"
        r"|附?下载|求助|讨论|分享)[)）\]】]\s*$"
        r"|\s*[\[【]\d+[\]】]\s*$|\s*[(（](?!(?:19|20)\d\d[)）])\d{3,}[)）]\s*$"
    ),
    re.compile(r"^\s*[\[【](?:连载|求助|原创|转载|讨论|分享|推荐|转帖|转)[\]】]\s*"),
    re.compile(r"^\s*[\[【](?:新闻稿|声明稿|采访通知|快讯|通稿)[\]】]\s*(?=.{6})"),
    re.compile(r"^\s*[(（](?:网友来稿|来稿|投稿|征文|原创|转载|推荐)[)）]\s*(?=.{3})"),
    re.compile(r"^[\u3400-\u9fff]{2,6}》\s*(?=[^《》]{4})"),  # 自由廣場》, a column's mark
    re.compile(r"^第[一1]\s*篇\s*[:：]\s*"),
    re.compile(r"_[^_。]{1,12}(?:[,，][^_。,，]{1,12}){1,8}$"),
    re.compile(r"(?:\s*_+\s*[^_。，]{2,14})+$"),
    re.compile(rf"\s*(?:[|｜]|(?<![-—–])(?:--|[-—–])(?![-—–]))\s*{PORTALS}$"),
    re.compile(r"\s*[\[【][^\[\]【】]{2,8}(?:社区|论坛|贴吧|网)[\]】]$"),
    re.compile(r"(?<=\S{4})[\s\-–—_|]+$"),
    re.compile(
        r"\s*(?:[_|｜]|\s[-—–]\s|(?<![-—–])[-—–](?![-—–]))\s*[^\-_|｜—–]{2,16}(?:网|网站|文库"
        r"|论坛|博客|在线|频道|论文|范文|com|cn|日报|晚报|导航|总工会|工会)\s*$"
    ),
    re.compile(
        r"^[\u3400-\u9fff]{2,4}社[\u3400-\u9fff]{2,8}\d{1,2}月\d{1,2}日电\s*题\s*[:：]\s*(?=\S{4})"
    ),
    re.compile(r"\s+\d(?:\.\d)?\s*[(（]\d{1,4}[)）]$"),  # how readers rated it, how many did
    re.compile(r"^问\s*[:：]\s*|^原创(?=.{8})"),
    re.compile(r"^[^|｜]{2,8}\s*[|｜]\s*(?=.{6})"),
    re.compile(
        r"^(?:date\s*)?\d{4}-\d{2}-\d{2}\s+(?=.{4})|^(?:19|20)\d{6,12}(?=[\u3400-\u9fff]{4})"
    ),
    re.compile(
        r"\s*[(（\[【](?:全文|精选|推荐|通用|优选|合集|参考|汇总|最新"
        r"|共)?\s*\d+\s*[篇份则][)）\]】]$"
    ),
    re.compile(r"\s*[一1][.、．]?\s*(?:摘要|引言|前言)$"),
    re.compile(r"^\s*(?:标题|题目|篇名|原标题|本文原题|_?本文标题)\s*[:：]\s*"),
)


_SPACED_OUT = re.compile(r"(?:[\u3400-\u9fff][ 　]{1,2}){3,30}[\u3400-\u9fff]")
"""A title set with space between all of its characters."""

_MENDED = 55
"""Per cent from which the heading is the title that the file states, before it was repaired."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be the title, as it reads undecorated: its points, what speaks for it, the
    share of its pairs of characters that stand in the text again, and its points with what the
    text says of it."""

    number: int
    text: str
    points: float
    reasons: tuple[str, ...]
    recurs: float = 0.0
    sure: float = 0.0


def undecorated(text: str) -> str:
    """Return a title without what a site hangs on it: .ppt, _第1页, (网友来稿), - 某某网."""
    text = re.sub(r"^#{1,6}\s*", "", text.strip())
    if _SPACED_OUT.fullmatch(text):
        text = re.sub(r"[ 　]", "", text)
    for pattern in _DECORATION:
        if match := pattern.search(script.fold(text)):
            shorter = (text[: match.start()] + text[match.end() :]).strip()
            if len(letters(shorter)) >= 2:
                text = shorter
    return text


def without_note_mark(title: str, lines: Sequence[str]) -> str:
    """Return a title without the mark of a note that stands in the text: 题目① over ①本文….
    Without a note such a mark may number the parts of a serial."""
    mark = re.search(r"(?<=\S)\s*([①-⑳⑴-⒇]|[¹²³⁴-⁹]|[*＊※†]+)$", title)
    if not mark or not any(line.lstrip(" 　([（［〔【").startswith(mark[1]) for line in lines):
        return title
    return title[: mark.start()]


def letters(text: str) -> str:
    """Return the letters of a text, folded: copies of a title differ in marks and script."""
    return "".join(re.findall(r"[^\W_]", script.fold(text))).lower()


def is_site(text: str) -> bool:
    """Tell whether a short line names a site or a column, or says nothing."""
    return bool(SITE_NAMES.fullmatch(script.fold(text).strip()))


def is_furniture(text: str) -> bool:
    """Tell whether a short line is the page talking of itself."""
    if len(text) > 60:
        return False
    folded = script.fold(text).strip(" 　:：")
    known = SITE_SENTENCES if _SENTENCE_MARK.search(folded) else SITE_LINES
    return bool(known.fullmatch(folded) or known.fullmatch(folded.lstrip("•- ")))


def recurrence(text: str, grams: frozenset[str]) -> float:
    """Return the share of a line's pairs of characters that stand in the essay's text."""
    folded = re.sub(r"[^\u3400-\u9fff]", "", script.fold(text))
    pairs = {folded[at : at + 2] for at in range(len(folded) - 1)}
    return len(pairs & grams) / len(pairs) if pairs else 0.0


def grams_of(text: str) -> frozenset[str]:
    """Return the pairs of characters in a text, folded."""
    folded = script.fold(text)
    return frozenset(map(add, folded, folded[1:]))


def is_plausible(line: Line) -> bool:
    """Tell whether a line is short, and neither the site's nor typed as something else."""
    said = is_site(line.text) or is_furniture(line.text) or _are_tags(line.text)
    return line.kind == "short" and not said and not _OF_SOMEBODY.match(line.text)


_OF_SOMEBODY = re.compile(
    r"[\u3400-\u9fff]{2,6}[:：]\s*[\u3400-\u9fff]{2,20}(?:律[师師]事[务務]所|公司|法院|委[员員][会會]|工[会會]|大[学學])"
    r"(?:\s+[\u3400-\u9fff]{2,3})?$"
)
"""A label that nobody knows, with where somebody works: 承办律师：某某律师事务所 王芳."""


def _are_tags(text: str) -> bool:
    """Tell whether a line is a row of tags: 人权, 劳工."""
    tags = [part for part in re.split(r"[,，、\s]+", text) if part]
    return bool(re.search("[,，]", text)) and all(len(tag) <= 3 for tag in tags)


def _is_foreign(line: Line, grams: frozenset[str]) -> bool:
    """Tell whether a line is a row of search words that a mirror put above another's page."""
    words = re.split(r"[,，_|｜\s]+", line.text)
    return len(words) > 4 and len(line.text) > 30 and recurrence(line.text, grams) < 0.1


def is_row(text: str) -> bool:
    """Tell whether a long line is a row of words without a mark: a menu, or search words."""
    return not re.search("[。，；！？：,;!?:]", text) and len(re.split(r"[\s_|｜—-]+", text)) > 4


def is_menu_row(text: str) -> bool:
    """Tell whether a line is four and more short words with space between: a site's menu."""
    return bool(
        re.fullmatch(r"[\u3400-\u9fffA-Za-z]{2,6}(?:[ 　|｜]+[\u3400-\u9fffA-Za-z]{2,6}){3,}", text)
    )


def weigh(
    head: Sequence[Line],
    position: int,
    *,
    grams: frozenset[str],
    said_elsewhere: Sequence[str],
    stated: str,
    marked: int | None,
) -> Candidate:
    """Return a line of the head with the points it has as a title.

    `said_elsewhere` are the letters of what a site put round the essay, `stated` those of the
    title that the file states, `marked` the number of the line set as the one heading.
    """
    line = head[position]
    text = undecorated(line.text)
    folded = script.fold(text)
    key = letters(text)
    for_it: dict[str, float] = {}
    against: dict[str, float] = {}

    if line.number == marked:
        for_it["marked"] = TITLE["marked"]
    said = stated and (key == stated or (len(key) > 5 and key in stated))
    if said or (line.number == marked and fuzz.ratio(key, stated) > _MENDED):
        for_it["stated"] = TITLE["stated"]
    again = len(key) > 6 and any(key in other for other in said_elsewhere)
    if again or (len(key) > 4 and key in said_elsewhere):
        for_it["agrees"] = TITLE["agrees"]
    share = recurrence(text, grams)
    if share >= 0.1:
        for_it["recurs"] = TITLE["recurs"] * min(1.0, (share - 0.1) / 0.5)
    letter = bool(_LETTER.fullmatch(re.sub(r"\s", "", folded)))
    if letter:
        for_it["title-ending"] = TITLE["title-ending"] + TITLE["next-to-byline"]
    elif _ENDING.search(folded) or _LECTURE.match(folded) or _COLLECTED.search(line.text):
        for_it["title-ending"] = TITLE["title-ending"]
    _neighbours(head, position, for_it)
    if 5 <= len(text) <= 35:
        for_it["length"] = TITLE["length"]
    crumbs = [n for n, other in enumerate(head[:position]) if other.kind == "crumb"]
    since = head[crumbs[-1] if crumbs else 0 : position]  # what stands above one is the site's
    above = [
        other
        for other in since
        if (
            is_plausible(other)
            or (
                other.kind == "prose"
                and not is_site(other.text.rstrip(":："))
                and not is_furniture(other.text)
                and not _tells_who(other, head)
            )
        )
        and not _is_foreign(other, grams)
    ]
    if not above:
        for_it["first"] = TITLE["first"]
    near = [
        *[o for o in head[:position] if o.kind != "code"][-1:],
        *head[position + 1 : position + 2],
    ]
    if not any(is_plausible(other) and not _is_foreign(other, grams) for other in near):
        for_it["alone"] = TITLE["alone"]
    opening = next((o.text for o in head[position + 1 :] if o.paragraph), "")
    defined = any(_defines(other.text, text) for other in head[position + 1 :])
    opens = defined or letters(opening[: 2 * len(text)]).startswith(key)
    if opens and not above and len(key) > 1:
        for_it["opens-text"] = TITLE["opens-text"]

    sentence = (
        text[-1] in "。；，、：;,:" or "。" in text or _leads_in(folded, head[position + 1 :])
    )
    if sentence or any(_defines(text, other.text) for other in head[:position]):
        against["sentence"] = AGAINST_TITLE["sentence"]
    clauses = len(re.findall("[，,；;]", text))
    if clauses > 1 or (clauses and text[-1] in "!！"):
        against["clauses"] = AGAINST_TITLE["clauses"] * (clauses - 1 or 1)
    if line.names and line.names.sure > UNSURE:
        against["names"] = AGAINST_TITLE["names"] * min(line.names.sure - 1, 2)
    if line.kind == "numbered":
        against["numbered"] = AGAINST_TITLE["numbered"]
    nameless = re.fullmatch(r"[\u3400-\u9fff]{2,6}\s*[:：]\s*[^\u3400-\u9fff]{1,24}", text)
    nameless = nameless or _NO_TITLE.fullmatch(folded)
    if nameless or (_is_row_of_a_table(head, position) and not for_it.keys() & _SAID_TWICE):
        against["furniture"] = AGAINST_TITLE["furniture"]  # a label that nobody knows
    over = head[position - 1].pieces if position else []
    if any(piece.kind == "editor" for piece in over) and _SHOWN.fullmatch(folded):
        against["furniture"] = AGAINST_TITLE["furniture"]  # below whose picture it is
    if re.search(r"[:：]$", text):
        against["colon"] = AGAINST_TITLE["colon"]
    if is_site(text) and "agrees" not in for_it:
        against["site"] = AGAINST_TITLE["site"]
    if is_furniture(line.text):
        against["furniture"] = AGAINST_TITLE["furniture"]
    if "agrees" not in for_it and any(other.kind == "crumb" for other in head[position + 1 :]):
        against["above-crumb"] = AGAINST_TITLE["above-crumb"]
    told = [o for o in head[:position] if o.kind == "prose" and len(o.text) > _SENTENCE]
    if len(told) > 1 or any(
        o.paragraph and not is_row(o.text) and not _tells_who(o, head) for o in head[:position]
    ):
        against["paragraph-above"] = AGAINST_TITLE["paragraph-above"]
    against["lower"] = AGAINST_TITLE["lower"] * min(3, len(above))
    if len(key) < 5 and not letter and not for_it.keys() & {"next-to-byline", "opens-text"}:
        against["short"] = AGAINST_TITLE["short"]
    parts = [part for part in re.split(r"[;；|｜\s]+", text) if part]
    if _are_tags(text) or (len(parts) > 2 and all(len(part) <= 6 for part in parts)):
        against["furniture"] = AGAINST_TITLE["furniture"]  # keywords, a menu
    if first_date(line.text) and not stated:
        against["dated"] = AGAINST_TITLE["dated"]
    if len(text) > LONGEST_TITLE:
        against["long"] = AGAINST_TITLE["long"]
    if line.own in ("item", "quote", "table"):
        against["in-group"] = AGAINST_TITLE["in-group"]
    points = sum(for_it.values()) - sum(against.values())
    reasons = tuple(
        sorted((name for name in for_it if for_it[name] >= 1), key=lambda n: -for_it[n])
    )
    return Candidate(line.number, text, points, reasons, share)


_SENTENCE = 25
"""Characters of a sentence above a line; two of them are the text, and no lead."""

_NO_TITLE = re.compile(
    r"(?:续?[表图]\s*\d{1,3}(?:[-—–.]\d{1,3})?|\d{1,2}月\d{1,2}日)(?![\u3400-\u9fff]).{0,12}"
)
"""The number of a table or a picture; a day without its year, as in a diary."""

_LABELLED = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff 　/]{1,6}[:：]\s*\S")
_SAID_TWICE = {"stated", "agrees", "opens-text"}


def _is_row_of_a_table(head: Sequence[Line], position: int) -> bool:
    """Tell whether a line and two of those around it are words with a colon and something behind
    it: a table whose labels nobody knows, or one known above it and one below it."""
    near = head[max(0, position - 2) : position + 3]
    labelled = [line for line in near if _LABELLED.match(script.fold(line.text))]
    unknown = [line for line in labelled if line.kind in ("short", "names", "unit")]
    between = {line.number < head[position].number for line in labelled} == {True, False}
    between &= len(labelled) > 2 and any(line.number > head[position].number for line in labelled)
    return head[position] in unknown and (len(unknown) > 2 or between)


_SHOWN = re.compile(r"[\u3400-\u9fff]{2,20}(?:现场|合影|留影|合照|工作照|近照|资料照)")
"""How a caption ends that has no mark: what the picture above it shows."""

_MENU_WORD = 4
"""Characters of a line above a row of labels that may be the last word of a menu."""

_ROW = {"date", "name", "rest"}
"""What stands in one line below a title: a date of any kind, the source's name, the author's."""


def _tells_who(line: Line, head: Sequence[Line]) -> bool:
    """Tell whether a paragraph tells who the author is, whose name is above: 王芳，某厂工人."""
    above = [other for other in head if other.number < line.number]
    names = [name for other in above if other.names for name in other.names.names]
    names += [piece.value for o in above for piece in o.pieces if piece.kind == "authors"]
    return any(
        name and line.text.startswith(name) and line.text[len(name)] in "，,（(：:"
        for name in names
    )


def _defines(sentence: str, word: str) -> bool:
    """Tell whether a sentence begins by saying what a word is: 夜校是…, as encyclopedias do."""
    begun = len(word) > 1 and script.fold(sentence).startswith(script.fold(word))
    behind = script.fold(sentence)[len(word) :].lstrip("，,") if begun else ""
    return behind[:1] in tuple("为是指系即")


def _leads_in(folded: str, below: Sequence[Line]) -> bool:
    """Tell whether a line names who says what the title below it says: 厂长在会上说."""
    said = re.fullmatch(
        r".{6,}(?:上|时|日|前|长|席|记|者|人|[\u3400-\u9fff]{2})(?:说|表示|指出|强调|要求|认为)",
        folded,
    )
    return bool(said and below and is_plausible(below[0]))


def _neighbours(head: Sequence[Line], position: int, for_it: dict[str, float]) -> None:
    """Add what stands next to the line: a label, a byline, a subtitle, the text itself."""
    beside = ("code", "blank", "bullet")
    below = [line for line in head[position + 1 :] if line.kind not in beside]
    if not below:
        return
    following = below[0]
    if any(piece.kind == "authors" for piece in following.pieces):
        for_it["next-to-byline"] = TITLE["next-to-byline"]
    elif (
        following.kind == "meta"
        and len(head[position].text) > _MENU_WORD
        and len({p.kind.split("_")[-1] for p in following.pieces} & _ROW) > 1
    ):
        for_it["label-row"] = TITLE["label-row"]
    elif following.kind in ("meta", "part", "date", "summary", "section", "number", "unit"):
        for_it["next-to-label"] = TITLE["next-to-label"]
    elif following.kind == "subtitle":
        for_it["subtitle-below"] = TITLE["subtitle-below"]
    elif following.names and following.names.sure > 1:
        for_it["next-to-byline"] = TITLE["next-to-byline"]
    elif following.kind in ("prose", "salutation", "numbered") or len(following.text) > 30:
        for_it["text-below"] = TITLE["text-below"]
    if position and head[position - 1].kind in ("number", "letterhead"):
        for_it["letterhead"] = TITLE["letterhead"]
