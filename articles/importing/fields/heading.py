"""The title: the best among the lines of a page's head, what the file states, a breadcrumb."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from ...text import script
from ..draft import Evidence
from ..lexicon.surnames import is_certainly_name
from ..source import Hints
from ..structure.blocks import Structure
from .around_title import NAME_BEFORE, leave_title
from .candidates import (
    Candidate,
    grams_of,
    letters,
    undecorated,
    weigh,
)
from .elsewhere import (
    ALIKE,
    below_another,
    beside_banner,
    contradicted,
    from_crumbs,
    from_file,
    from_sharers,
    in_a_stack,
    is_banner,
    is_half,
    is_scraped,
    original,
    rivalled,
)
from .hints import bylines_of, title_of
from .lines import SPOKEN, Line
from .official import official_title
from .openings import before_numbered, take_opening
from .people import LIKELY, OF_A_PLACE, RARE, certainty, names_of
from .stated import Dated, Metadata
from .sureness import (
    by_sureness,
    has_strong,
    is_labelled,
    is_no_title,
    is_of_all_pages,
    is_one_of_two,
    told_in,
)
from .weights import PROPOSE_TITLE, SURE_ALL_THE_SAME, SURE_TITLE, TAKE_TITLE, TITLE

_CAN_BE = ("short", "names", "numbered", "caption")
_NOT_PROSE = 70
"""Characters of the longest line that is weighed as a title at all."""


def read_title(
    found: Metadata,
    head: Sequence[Line],
    lines: list[str],
    structure: Structure,
    hints: Hints,
    dropped: Sequence[str],
) -> None:
    """Choose the title among the lines of the head, what the file states, and the breadcrumb."""
    if found.title:  # stated with its label
        found.title = undecorated(found.title)
        found.evidence.append(Evidence("title", found.title, ("label",)))
        leave_title(found, head, letters(found.title), None)
        return
    official = official_title(head)
    if official:
        found.title, found.title_source = official.text, "line"
        found.evidence.append(Evidence("title", official.text, ("letterhead", "title-ending")))
        found.lines |= official.lines
        leave_title(found, head, letters(official.text), max(official.lines))
        return
    body = "\n".join(_body(lines, head))
    grams = grams_of(body)
    candidates = _candidates(head, structure.title_line, hints, grams, dropped)
    candidates += original(found, candidates)
    candidates.sort(key=lambda candidate: -candidate.points)
    if candidates:
        candidates = by_sureness(candidates, told_in(lines, head))
    banner = bool(candidates) and is_banner(candidates[0], letters(title_of(hints)))
    if banner:
        candidates = beside_banner(candidates)
    found.titles = list(
        dict.fromkeys(c.text for c in candidates if c.points > 0 and len(c.text) <= 100)
    )[:3]
    if not candidates or candidates[0].points < PROPOSE_TITLE:
        take_opening(found, next((line for line in head if line.kind == "prose"), None))
        leave_title(found, head, "", None)
        return
    stated = hints.own or bool(bylines_of(hints))  # the file itself says who wrote it
    best = _without_author(
        found, _joined(found, _without_name(found, candidates, "" if stated else body), head)
    )
    best = _without_owner(best, head)
    found.title, found.title_source = best.text[:200], _origin(best, head, hints)
    enough = SURE_TITLE if best.points >= TAKE_TITLE else SURE_ALL_THE_SAME
    found.doubtful_title = best.sure < enough or in_a_stack(best, head)
    if not hints.own:
        found.doubtful_title |= is_no_title(best.text, body) or is_of_all_pages(best)
        found.doubtful_title |= is_labelled(best, body)
    if best.points < TAKE_TITLE:
        short = len(letters(best.text)) <= _MENU_WORD
        found.doubtful_title |= short or (best.recurs < _SAID_OFTEN and not has_strong(best))
    found.doubtful_title |= is_one_of_two(best, candidates, head)
    if len(letters(best.text)) < _LEAST_SURE and not _SURELY & set(best.reasons):
        found.doubtful_title = True
    if _is_call(best.text) and not _SURELY & set(best.reasons):
        found.doubtful_title = True
    found.doubtful_title |= _is_banner_of_all_pages(candidates)
    found.doubtful_title |= banner or contradicted(best, candidates) or is_half(best, head)
    if is_scraped(head, dropped):
        found.doubtful_title |= rivalled(candidates) or below_another(best, head)
    found.evidence.append(Evidence("title", found.title, best.reasons))
    on_a_line = best.number >= 0
    if on_a_line:
        line = next(line for line in head if line.number == best.number)
        if numbered := before_numbered(line)[1]:
            found.cuts[best.number] = (numbered, len(line.text))
        else:
            found.lines.add(best.number)
        _take_clock(found, head, best.number)
        _take_account(found, head, best.number)
        if sent := _SENT_BY.match(script.fold(line.text)):
            found.source_name = found.source_name or line.text[slice(*sent.span("agency"))]
    if on_a_line or not found.doubtful_title:
        leave_title(found, head, letters(best.text), best.number if on_a_line else None)


def _candidates(
    head: Sequence[Line],
    marked: int | None,
    hints: Hints,
    grams: frozenset[str],
    dropped: Sequence[str],
) -> list[Candidate]:
    """Return all that may be the title: lines of the head, what the file states, a breadcrumb."""
    stated = letters(undecorated(title_of(hints)))
    elsewhere = [letters(t) for t in dropped if len(t) <= 200 and "迎" not in t]
    elsewhere += [letters(line.text) for line in head if line.kind == "crumb"]
    found: list[Candidate] = []
    for position, line in enumerate(head):
        if len(line.text) > _NOT_PROSE:
            continue
        if _asks(line) and position + 1 < len(head) and _answers(head[position + 1]):
            continue  # a talk that was written down
        if line.kind == "part" and (words := _beside_date(line)):
            line = replace(line, text=words, kind="short")
        if glued := before_numbered(line)[0]:
            line = replace(line, text=glued)
        trails = line.kind == "prose" and line.text[-1] == "…" and "。" not in line.text
        trails &= position + 1 < len(head) and head[position + 1].kind == "subtitle"
        known = line.kind in _CAN_BE or line.number == marked
        if not (known or _cried(line) or trails):
            continue
        others = [letters(o.text) for o in _beside(head, line) if len(o.text) <= 120]
        found.append(
            weigh(
                [*head[:position], line, *head[position + 1 :]],
                position,
                grams=grams,
                said_elsewhere=[t for t in elsewhere if t != letters(line.text)] + others,
                stated=stated,
                marked=marked,
            )
        )
    outside = [*from_file(hints, stated, grams, found), *from_sharers(head, dropped, grams)]
    return [*found, *outside, *from_crumbs(head, grams)]


def _beside(head: Sequence[Line], line: Line) -> list[Line]:
    """Return the other lines that may say a title once more: of those below the text's first
    lines, none that is the same, which a site set between the paragraphs."""
    told = [other.number for other in head if other.kind == "prose" and len(other.text) > _TOLD]
    first = told[0] if told else head[-1].number
    return [
        o for o in head if o.number != line.number and (o.number < first or o.text != line.text)
    ]


_TOLD = 25
"""Characters of a sentence with which the text has begun."""


def _origin(best: Candidate, head: Sequence[Line], hints: Hints) -> str:
    """Return where the title was found, as reports tell it."""
    same = letters(best.text) == letters(title_of(hints))
    if best.number < 0 or (hints.own and same):
        return hints.origin or "line"
    marked = any(line.number == best.number and line.own == "heading" for line in head)
    return "heading" if marked else "line"


def _without_author(found: Metadata, best: Candidate) -> Candidate:
    """Take the author's name in brackets off the end of a title: 如意算盘（王芳）."""
    named = re.fullmatch(
        r"(.{3,}?)\s*(?:[(（]|[/／](?=.{2,3}$|\s))\s*([\u3400-\u9fff]{2,3})[)）]?", best.text
    )
    who = names_of(named[2]) if named else None
    if not who or who.sure < RARE or found.authors:
        return best
    found.authors = list(who.names)
    return replace(best, text=named[1])


def _without_owner(best: Candidate, head: Sequence[Line]) -> Candidate:
    """Return a title without the owner of the blog behind it (题目_老马), who stands below."""
    words, _, owner = best.text.rpartition("_")
    if len(letters(words)) > 4 and any(line.text == owner for line in head):
        return replace(best, text=words)
    return best


def _joined(found: Metadata, best: Candidate, head: Sequence[Line]) -> Candidate:
    """Return a title with the line that goes on with it, above or below, where one ends in ：."""
    numbers = [line.number for line in head]
    if best.number not in numbers:
        return best
    at = numbers.index(best.number)
    above = head[at - 1] if at else None
    goes_on = above and above.kind == "prose" and above.text[-1] in ":：" and len(above.text) <= 30
    label = above and len(above.text) <= _SHORT_LABEL
    if goes_on and not label and not _COLUMN.fullmatch(script.fold(above.text)):
        found.lines.add(above.number)
        return replace(best, text=above.text + best.text)
    below = head[at + 1] if at + 1 < len(head) else None
    kind = re.sub(r"(?<=\S)\s+(?=\S(?:\s|$))", "", below.text) if below else ""
    if _KIND_OF_PAPER.fullmatch(script.fold(kind)):
        found.lines.add(below.number)
        points = best.points + TITLE["title-ending"]
        return replace(best, text=best.text + kind, points=points)
    if at == 1 and "subtitle-below" in best.reasons and _PARALLEL.fullmatch(above.text):
        found.lines.add(above.number)
        return replace(best, text=f"{above.text.replace('　', ' ')} {best.text}")
    return best


_SHORT_LABEL = 5
"""Characters of a line with a colon that is a label, and no title's first line: 专栏：."""

_COLUMN = re.compile(
    r".{0,4}(?:最新|热门|推荐|相关|今日|头条|滚动|导读|提示|新闻|资讯|公告|标签|栏目|专题|标题|题目|正文|文章|动态|快讯"
    r"|消息)(?:新闻|文章|资讯|消息|内容|动态|公告)?\s*[:：]"
)
"""What a site sets above a title: 最新新闻：."""

_KIND_OF_PAPER = re.compile(
    r"(?:第[一二三四五六七八九十\d]{1,3}次(?:全体)?(?:会议|大会|代表大会))?"
    r"(?:(?:主持|开幕|闭幕|欢迎|祝酒|答谢|致|贺|悼)[词辞]|(?:讲话|发言|演讲)[稿词]|(?:工作|述职|调研|调查)报告|讲话提纲|倡议书"
    r"|实施(?:方案|细则|办法))"
)
"""The last line of a title over several: what kind of paper it is."""

_PARALLEL = re.compile(r"[\u3400-\u9fff]{4,8}[ 　，,][\u3400-\u9fff]{4,8}")
"""The first line of a title over several: 凝心聚力　真抓实干."""


def _without_name(found: Metadata, candidates: list[Candidate], body: str) -> Candidate:
    """Return the best candidate without the author's name before it, where a label or a copy of
    the title tells that it is one: 王芳：论守时. Of whom the text never speaks wrote it, too."""
    best = candidates[0]
    said = NAME_BEFORE.match(best.text)
    names = re.split(r"[\s、:：]+", said[0])[:-1] if said else []
    if names and set(names) <= set(found.authors):
        shorter = best.text[said.end() :]
        return replace(best, text=shorter) if len(letters(shorter)) >= 4 else best
    for other in candidates[1:]:
        if said and fuzz.ratio(letters(best.text[said.end() :]), letters(other.text)) >= ALIKE:
            return replace(other, points=best.points, reasons=best.reasons)
    if not names or not body or found.authors or not _wrote(names, body):
        return best
    shorter = best.text[said.end() :]
    if len(letters(shorter)) >= _LEAST_BEHIND_A_NAME:
        found.authors = names
        found.evidence.append(Evidence("authors", "、".join(names), ("with-title",)))
        return replace(best, text=shorter)
    return best


def _wrote(names: Sequence[str], body: str) -> bool:
    """Tell whether those before a title are who wrote it: surely names, of whom the text never
    speaks. Two characters often are a place; beside another name they are none."""
    if len(names) == 1:
        name = names[0]
        sure = len(name) > 2 and not OF_A_PLACE.search(script.fold(name))
        sure = sure and is_certainly_name(name) and certainty(name) >= LIKELY
    else:
        levels = [certainty(name) for name in names]
        sure = min(levels) >= RARE
    return sure and not any(name in body for name in names)


_SENT_BY = re.compile(
    r"(?P<agency>[\u3400-\u9fff]{2,4}社)[\u3400-\u9fff]{2,8}\d{1,2}月\d{1,2}日电\s*题"
)
"""The agency's line before a dispatch's headline: 某某社砚州3月4日电 题：…"""

_TWO_WORDS = re.compile(r"[\u3400-\u9fff]{2}[ 　][\u3400-\u9fff]{2}")


def _is_call(text: str) -> bool:
    """Tell whether words are called out, or two and no more: 马上就办！, 方法 经验."""
    return text[-1] in "!！" or bool(_TWO_WORDS.fullmatch(text))


def _is_banner_of_all_pages(candidates: Sequence[Candidate]) -> bool:
    """Tell whether file and heading say a thing of which the text has little, and another line
    stands above the byline: the site has one title for all of its pages."""
    best = candidates[0]
    return {"marked", "stated"} <= set(best.reasons) and any(
        {"next-to-byline", "label-row"} & set(other.reasons)
        and best.recurs < _SAID
        and not {"next-to-byline", "label-row"} & set(best.reasons)
        for other in candidates[1:]
    )


_SAID = 0.1
"""Share of its pairs of characters that the text has of a site's name by chance."""

_SURELY = {"marked", "stated", "next-to-byline", "opens-text"}
_MENU_WORD = 4
"""Letters of a menu's word, which a text says again by chance."""

_SAID_OFTEN = 0.2
"""Share of its pairs that the text has of a title that too little else speaks for: a place's name
alone, which a site and a text share, is less."""

_LEAST_SURE = 3
"""Letters of a title that is one by what stands round it: 服务 may be anything."""

_LEAST_BEHIND_A_NAME = 6
"""Letters of a title that has its author's name before it."""


def _take_clock(found: Metadata, head: Sequence[Line], number: int) -> None:
    """Take the clock that stands in the title's own line."""
    line = next(line for line in head if line.number == number)
    for piece in line.pieces if line.kind == "part" else ():
        if piece.kind == "date" and piece.stated:
            found.dates.append(Dated(piece.stated, "site", "with-date", 1))


def _take_account(found: Metadata, head: Sequence[Line], number: int) -> None:
    """Take the account and the clock that a news app glues together below the title."""
    below = next((line for line in head if line.number > number), None)
    if not below or [piece.kind for piece in below.pieces] != ["rest", "date"]:
        return
    account, clock = below.pieces
    said = re.fullmatch(r"[\u3400-\u9fffA-Za-z0-9]{3,14}", account.value)
    if said and account.glued and clock.stated and clock.stated.time:
        found.source_name = found.source_name or account.value
        found.dates.append(Dated(clock.stated, "site", "with-date", 1))
        found.lines.add(below.number)
        below.kind = "meta"


def _beside_date(line: Line) -> str:
    """Return the words of a line that has nothing else but a clock and buttons beside them."""
    rests = [piece for piece in line.pieces if piece.kind == "rest"]
    others = {piece.kind for piece in line.pieces} - {"rest"}
    alone = {"date", "site_date", "button", "editor", "category"}
    if line.pieces and line.pieces[0].kind == "rest" and line.pieces[0].glued:
        alone |= {"source_name", "authors", "site"}  # a title with all that stands below it
    if len(rests) != 1 or not others <= alone:
        return ""
    words = rests[0].value
    if any(piece.kind == "site_date" for piece in line.pieces):  # 【投书】题目 12: a portal's list
        words = re.sub(r"^[\u3400-\u9fff]{2,4}】\s*|(?<=[\u3400-\u9fff])\s+\d{1,4}$", "", words)
    return words if len(words) > 4 and not re.search("[。，；]", words) else ""


def _asks(line: Line) -> bool:
    return bool(re.match(r"[问問][:：]", line.text))


def _answers(line: Line) -> bool:
    return bool(re.match(r"答[:：]", line.text))


def _cried(line: Line) -> bool:
    """Tell whether a line that ends like a sentence may be a title all the same: 工人万岁！"""
    cried = line.kind == "prose" and line.text[-1] in "!！" and "。" not in line.text[:-1]
    return cried and not SPOKEN.match(script.fold(line.text))


def _body(lines: list[str], head: Sequence[Line]) -> list[str]:
    typed = {line.number for line in head if line.kind not in ("prose", "summary")}
    return [line for n, line in enumerate(lines) if line and n not in typed]
