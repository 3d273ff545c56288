"""What the site put round the essay: share bars, labels, disclaimers, credits, counters."""

import re
from collections.abc import Iterator
from itertools import takewhile

from ... import script
from .frame import Finding, Page, repair

# (what it is, a whole line of it), for lines folded to simplified characters: mirrors mix scripts
# within a word. `.` never crosses a line; patterns match from end to end.
_ANYWHERE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("share bar", re.compile(r"(?:分享到|分享至)\s*[:：]?\s*\|.{0,60}")),
    ("excerpt label", re.compile(r"论文部分内容阅读")),
    (
        "disclaimer",
        re.compile(
            r"(?:导语|声明|说明|提示|注)?\s*[:：]?.{0,80}(?:来源[于於]网[友络]|来自网络).{0,60}"
            r"(?:(?:仅供|欢迎)参考.{0,10}|删除.{0,10})"
        ),
    ),
)
"""What no author writes."""

_AT_THE_RIMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("share bar", re.compile(r"分享[到至]?\s*[:：]\s*(?:微信|微博|QQ|朋友圈|空间|更多|$).{0,40}")),
    ("more", re.compile(r"[\[【|]?\s*更多\s*[>》|\]】]+")),
    (
        "disclaimer",
        re.compile(
            r"(?:免责声明|版权声明|声明)\s*[:：](?=.*(?:版权|本站|本网|转载|侵权|立场|删除)).{0,200}"
        ),
    ),
    ("disclaimer", re.compile(r"(?:本文|文章|以上内容).{0,40}不代表本(?:站|网).{0,20}[。.]?")),
    (
        "editor credit",
        re.compile(
            r"[(（\[【]?\s*(?:责任编辑|责编|本文编辑|编辑|校对|小编)\s*[:：]\s*"
            r"[\u3400-\u9fff]{1,4}(?:[ 、,，][\u3400-\u9fff]{1,4}){0,3}\s*[)）\]】]?"
        ),
    ),
    ("neighbours", re.compile(r"[上下]一[篇页]\s*[:：].{0,60}")),
    ("related", re.compile(r"(?:相关推荐|相关阅读|猜你喜欢|推荐阅读)\s*[:：]?.{0,80}")),
    ("counter", re.compile(r"(?:阅读|点击|浏览)(?:次数|数|量)?\s*[:：(（]?\s*\d+\s*次?[)）]?")),
    ("breadcrumb", re.compile(r"您?(?:当前|现在)的?位置\s*[:：>》].{0,80}|首页\s*[>》].{0,80}")),
    ("buttons", re.compile(r"[【\[](?:打印|收藏|字号|关闭窗口|大 中 小|返回(?:顶部|首页))[】\]]")),
)
"""What an author might write inside an essay, but a site writes above or below it."""

_RIM = 6
"""Lines from the top and from the bottom that count as above and below."""


@repair(
    seen="the five real essays, lines 1 and 3",
    before="分享到: | 更多 |\n工会要联系职工。\n(责任编辑:李明)",
    after="工会要联系职工。\n",
    untouched=(
        "更多的职工走进了职工之家。",
        "编辑：一份需要耐心的工作，职工喜欢。",
        "声明：我们工会坚决维护职工的权益，说到做到。",
        "分享：把自己的经验讲给别人听，是工会干部的美德。",
        "本文讲的三条经验只是一家之言，仅供参考。",
        "导语:工会是职工的家,家里要有人听、有人管、有人办。",
        "分享到的经验要写下来,让别的工会少走弯路。",
        "打印店的职工也能入会,这件事要说清楚。",
        "编辑部的职工选出了自己的工会小组长,大家都来了。",
    ),
)
def drop_boilerplate_lines(page: Page) -> Iterator[Finding]:
    """Remove whole lines that are the site's own. Inside a line the words can be the author's.

    What an author might write too goes only from the lines above and below the essay.
    """
    lines = [(start, end, script.fold(line.strip())) for start, end, line in page.lines()]
    lines = [entry for entry in lines if entry[2]]
    for number, (start, end, line) in enumerate(lines):
        patterns = _ANYWHERE
        if number < _RIM or number >= len(lines) - _RIM:
            patterns += _AT_THE_RIMS
        if any(pattern.fullmatch(line) for _, pattern in patterns):
            yield page.edit("boilerplate", start, end, "")


_TITLE_COPIES = 6
"""How many lines from the top a copy of the title is looked for."""


@repair(
    seen="scrapes that keep the page title, the heading and the breadcrumb",
    before="工会的力量在基层\n工会的力量在基层\n职工在哪里,工会就在哪里。",
    after="工会的力量在基层\n职工在哪里,工会就在哪里。",
    untouched=("工会\n职工在哪里,工会就在哪里。\n工会", "一、开始\n好。\n一、开始"),
)
def drop_repeated_titles(page: Page) -> Iterator[Finding]:
    """Remove further copies of the first line near the top, also with the site's name behind."""
    lines = [(start, end, line.strip()) for start, end, line in page.lines()]
    filled = [entry for entry in lines if entry[2]][:_TITLE_COPIES]
    # Below the first paragraph a line like the title is the author's refrain.
    filled = list(takewhile(lambda entry: len(entry[2]) <= 60, filled))
    if not filled or not 6 <= len(filled[0][2]) <= 50:
        return
    title = filled[0][2]
    for start, end, line in filled[1:]:
        if line == title or re.fullmatch(re.escape(title) + r"\s*[-_|—]\s*\S{2,12}", line):
            yield page.edit("boilerplate", start, end, "")
