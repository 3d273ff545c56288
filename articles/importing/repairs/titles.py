"""Titles and keyword lists that a site prints beside the author's own."""

import re
from collections.abc import Iterator

from ...text import script
from .frame import Finding, Page, repair

_MOST_LINES, _LONGEST_LINE = 8, 80
"""Lines from the top that may hold a copy of the title, and characters of such a line: behind the
first longer one the essay has begun, and a line like the title is a refrain."""

_LABEL = re.compile(r"(?:标题|题目|篇名)\s*[:：]\s*")
_SEPARATOR = re.compile(r"\s*(?<![-—–_|>»])[-—–_|>»](?![-—–_|>»])\s*")
_LONGEST_SITE = 16
_SITE_BEHIND = re.compile(
    r"\s*(?:[_|]|\s[-—–]\s|(?<![-—–])[-—–])\s*(?:\w{0,12}(?:论文|范文|文秘|期刊|资讯|新闻|信息|服务|公文|写作|学习|某)网"
    r"|\w{0,10}文库|\w{0,8}(?:论文|范文)|[a-z0-9.-]+\.(?:com|cn|net|org))\s*",
    re.IGNORECASE,
)


def _key(line: str) -> str:
    """Return a line's letters and digits, folded: copies differ in marks, space and script."""
    return re.sub(r"[\W_]", "", script.fold(line)).lower()


@repair(
    seen="scrapes that keep the page title, the heading and the breadcrumb",
    before="工会的力量在基层_某某论文网\n标题：工會的力量在基層\n工会的力量在基层\n"
    "职工在哪里,工会就在哪里。",
    after="工会的力量在基层\n职工在哪里,工会就在哪里。",
    untouched=(
        "工会\n职工在哪里,工会就在哪里。\n工会",
        "一、开始\n好。\n一、开始",
        "工会的力量在基层\n工会的力量在基层——某厂的三条经验\n职工在哪里,工会就在哪里。",
        "工会的力量在基层\n工会的力量在基层，这句话要记住。\n职工在哪里,工会就在哪里。",
        "走进互联网_走进职工\n工会建了网站。",
        "咱们工人有力量\n咱们工人有力量\n每天每日工作忙\n盖成了高楼大厦",
        "工会的力量在基层\n"
        + "职工在哪里，工会就在哪里。" * 8
        + "\n工会的力量在基层\n这就是结论。",
    ),
)
def drop_repeated_titles(page: Page) -> Iterator[Finding]:
    """Keep one of the copies of the title near the top, the one without the site's name.

    Copies may differ in script and marks and carry a label or the site's name. Behind the first
    paragraph the line is the author's refrain; lines of a song are followed by no sentence.
    """
    top: list[tuple[int, int, str]] = []
    for start, end, line in page.lines():
        if len(line) > _LONGEST_LINE or len(top) == _MOST_LINES:
            break
        if line.strip():
            top.append((start, end, script.fold(line.strip())))
    keys = [_key(_LABEL.sub("", line, count=1) if _LABEL.match(line) else line) for *_, line in top]
    for key in dict.fromkeys(keys[:4]):
        if not 6 <= len(key) <= 50:
            continue
        copies = []  # (how much of the site's is in it, its number)
        for number, (_, _, line) in enumerate(top):
            if keys[number] == key:
                copies.append((bool(_LABEL.match(line)), number))
            elif any(_key(part) == key for part in _parts(line)):
                copies.append((2, number))
        if len(copies) > 1 and re.search(r"[。！？!?；;]", page.text[top[copies[-1][1]][1] :]):
            kept = min(copies)
            for copy in copies:
                if copy != kept:
                    yield page.edit("boilerplate", *top[copy[1]][:2], "")
            return
    if top and (match := _SITE_BEHIND.search(top[0][2])) and match.end() == len(top[0][2]):
        line = page.text[top[0][0] : top[0][1]].removesuffix("\n")
        if match.start() >= 6 and line == line.strip():
            start = top[0][0] + match.start()
            yield page.edit("boilerplate", start, top[0][0] + len(line), "")


def _parts(line: str) -> list[str]:
    """Return the parts of a line of title and site's names, or none where it is no such line."""
    parts = _SEPARATOR.split(line)
    longest = max(parts, key=len)
    others = [part for part in parts if part is not longest]
    fits = len(parts) > 1 and all(2 <= len(part) <= _LONGEST_SITE for part in others)
    return [longest] if fits else []


_KEYWORDS = re.compile(
    r"[【\[(（]?\s*关\s*键\s*[词字]\s*[】\])）]?\s*[:：]?\s*(?P<words>[^。！？]{2,100})"
)
_SUMMARY = re.compile(r"[【\[(（]?\s*(?:内容)?(?:摘\s*要|提\s*要)\s*[】\])）]?\s*[:：]?")
_SITES_WORDS = re.compile(
    r"(?:本文|相关|热门|搜索|论文|文章)关键[词字]\s*[:：]\s*[^。！？]{2,100}", re.IGNORECASE
)
_LAST_LINES = 6


@repair(
    seen="abstract services that print their own list above the abstract or below the essay",
    before="标题在此\n关键词：工会,论文,基层,工会工作\n摘要：创新要务实。\n关键词：创新；工会\n"
    "正文说了一句。",
    after="标题在此\n摘要：创新要务实。\n关键词：创新；工会\n正文说了一句。",
    untouched=(
        "标题在此\n关键词：创新；工会\n正文说了一句。\n关键词：基层",
        "标题在此\n摘要：创新要务实。\n关键词：创新；工会\n正文说了一句。",
        "标题在此\n摘要：创新。\n关键词：创新\n正文。\n关键词：就是服务。服务再服务。",
        "标题在此\n摘要：创新。\n关键词：创新\nKeywords: innovation; union\n正文说了一句。",
    ),
)
def drop_site_keywords(page: Page) -> Iterator[Finding]:
    """Remove a keyword list that stands beside the author's own.

    The author's is the one directly behind the abstract. Another, above the abstract or among
    the last lines, is the site's: an author gives one list. So is one that calls itself the
    article's (本文关键词) or repeats the first word for word.
    """
    lines = [(start, end, script.fold(line.strip())) for start, end, line in page.lines()]
    lines = [entry for entry in lines if entry[2]]
    lists = [n for n, (_, _, line) in enumerate(lines) if _KEYWORDS.fullmatch(line)]
    own = [n for n in lists if n and _SUMMARY.match(lines[n - 1][2])]
    if own:
        summary = own[0] - 1
        drop = {n for n in lists if n < summary or n >= max(own[0] + 1, len(lines) - _LAST_LINES)}
    else:
        drop = {n for n in lists[1:] if _words(lines[n][2]) == _words(lines[lists[0]][2])}
    if lists:
        drop |= {n for n, (_, _, line) in enumerate(lines) if _SITES_WORDS.fullmatch(line)}
    for number in sorted(drop):
        yield page.edit("boilerplate", *lines[number][:2], "")


def _words(line: str) -> set[str]:
    match = _KEYWORDS.fullmatch(line)
    return set(re.split(r"[\s,，;；、|/]+", match["words"].strip())) if match else set()
