"""What the site put round the essay: share bars, labels, disclaimers, credits, counters, links."""

import re
from collections.abc import Iterator
from functools import cache

from ...text import script
from ..lexicon.site_words import ANYWHERE, AT_THE_RIMS, RELATED
from ..lexicon.surnames import FREQUENT
from .frame import Finding, Page, repair

# A whole line of each kind, for lines folded to simplified characters with half-width marks:
# mirrors mix scripts within a word. `.` never crosses a line; patterns match from end to end.
_SOMEONE = r"[\u3400-\u9fff](?: ?[\u3400-\u9fff]){1,3}"
_NAMES = rf"{_SOMEONE}(?:[ 、,/]{_SOMEONE}){{0,3}}"
_SURE = (
    r"(?:(?:责任|本文|文字|图文|执行|网络|见习|实习|本期|栏目|值班|本版|特约)?(?:编辑|责编|编委)"
    r"|美编|小编)"
)
_OTHERS = r"(?:编审|校对|校审|(?:文字)?审核|监制|排版|录入|摄影?|[一二三]审|初审|复审|终审|上传者?)"
_SURNAMED = rf"[{''.join(sorted(FREQUENT))}] ?[\u3400-\u9fff](?: ?[\u3400-\u9fff])?"
_CREDIT = (
    rf"(?:{_SURE}\s*(?:[:/]\s*|[ ]){_NAMES}"
    rf"|{_OTHERS}\s*[:/]\s*{_SURNAMED}(?:[ 、,/]{_SURNAMED}){{0,3}})"
)
_OF_A_CREDIT = re.compile("[编校审监排录摄传]")
"""What has none of these has no credit. The patterns of credits are made where they are asked for:
with all surnames in them eight times, that takes a tenth of a second."""


@cache
def _credit_line() -> re.Pattern[str]:
    return re.compile(
        rf"[(\[【]?\s*{_CREDIT}(?:[\s|,;、]+{_CREDIT}){{0,5}}\s*[)\]】]?(?:1\d{{6}})?"
        rf"|(?!.*(?:记者|通讯员|/ ?文|文 ?/))[(\[【]?{_NAMES}\s*/?\s*摄(?:影)?[)\]】]?"
    )


@cache
def _trailing_credit() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=[。！？!?…”」』.)）])\s*(?:[(（\[【]\s*{_CREDIT}(?:[\s|,;，；、]+{_CREDIT}){{0,5}}\s*[)）\]】](?:1\d{{6}})?"
        rf"|[(（\[【]{_NAMES}\s*/?\s*摄(?:影)?[)）\]】]|\s+{_CREDIT}(?:[\s|,;]+{_CREDIT}){{0,5}})\s*$"
    )


_LONGEST_LINE = 400

_RIM = 6
"""Lines of the author's from the top and from the bottom that count as above and below."""

_RELATED = re.compile(rf"[【\[]?{RELATED}[】\]]?\s*[:>»]*")
_LONGEST_LINK, _MOST_LINKS = 60, 40
_SENTENCE_END = "。！？!?；;…”"

_MARKS = str.maketrans("，：；？！（）／［］　\xa0", ",:;?!()/[]  ")


@repair(
    seen="the five real essays, lines 1 and 3; mirrors of newspapers and paper mills",
    before="首页 > 论文 > 工会\n分享到: | 更多 |\n工会要联系职工。\n(责任编辑:李明)\n"
    "上一篇：没有了\n相关推荐：\n工会工作总结范文\n如何做好基层工会\n"
    "版权所有 某某网 京ICP备12345678号",
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
        "版权意识要加强，未经允许不能用别人的照片，工会的宣传栏也一样，这一条写进了守则里，人人都要守，谁也不例外。",
        "相关推荐办法由职代会通过。\n推荐人选\n张榜公布",
        "扫码入会方便了职工。",
        "未经职工同意，不得延长工作时间。",
        "关注职工的公众号办得好，职工爱看。",
        "第3页的表格要填好。",
        "阅读100本书的职工得了奖。",
        "上一篇文章说了职代会，这一篇说提案。",
        "校对工王芳：二十年没有错一个字。",
        "摄影小组李明的作品得了奖。",
        "点击率不是目的，职工满意才是。",
        "转载这篇文章的人很多，请大家讨论。",
        "一 二 三\n大 中 小\n这是三组不同的企业。",
        "收藏\n收藏是老王退休以后的爱好，他收藏了三百枚工会徽章。\n他说，够了。\n是的。\n对。\n好。\n嗯。\n行。",
        "标签：贴在安全帽上的小小一块布，写着血型和电话，救过人的命，谁也不敢小看它，班前会上都要检查。"
        "哪个班组的标签旧了、掉了，工会的劳动保护检查员都要记下来，当天换上新的。",
        "延伸阅读\n《工会法》释义\n《劳动合同法》一百问",
        "阅读原文的职工发现了一处错字，写信告诉了编辑部。",
        "他在领导的报告上点赞，也在职工的意见后面点赞，大家都看见了。",
    ),
)
def drop_boilerplate_lines(page: Page) -> Iterator[Finding]:
    """Remove whole lines that are the site's own. Inside a line the words can be the author's.

    What an author might write too goes only from the lines above and below the essay.
    """
    lines = [(start, end, _plain(line)) for start, end, line in page.lines()]
    lines = [entry for entry in lines if entry[2]]
    dropped = {n for n, (_, _, line) in enumerate(lines) if _matches(ANYWHERE, line)}
    dropped |= _related(lines)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        own = 0
        for number in order:
            if number not in dropped:
                if _matches(AT_THE_RIMS, lines[number][2]) or _is_credit(lines[number][2]):
                    dropped.add(number)
                else:
                    own += 1
            if own >= _RIM:
                break
    for number in sorted(dropped):
        yield page.edit("boilerplate", *lines[number][:2], "")


_ARROWS = " ↑↓←→▲▼△▽⇩⬇☟👇👆🔻🔽"
"""What a site points with at what is to be pressed."""


def _plain(line: str) -> str:
    return script.fold(line.strip()).translate(_MARKS).strip(_ARROWS)


def _matches(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST_LINE and bool(pattern.fullmatch(line))


def _is_credit(line: str) -> bool:
    return (
        len(line) <= _LONGEST_LINE
        and bool(_OF_A_CREDIT.search(line))
        and bool(_credit_line().fullmatch(line))
    )


def _related(lines: list[tuple[int, int, str]]) -> set[int]:
    """Return the lines of a block of links to other pages that closes the page.

    A heading such as 相关推荐 and nothing but short lines behind: an essay does not end so. A
    reading list of books (《…》) is the author's.
    """
    last = len(lines) - 1
    for number in range(max(0, last - _MOST_LINKS), last):
        if _RELATED.fullmatch(lines[number][2]):
            links = [line for _, _, line in lines[number + 1 :]]
            if all(
                len(line) <= _LONGEST_LINK
                and line[-1] not in _SENTENCE_END
                and not line.startswith("《")
                and not re.match(r"[(\[【]?(?:作者|文/|参考文献|关键词)|[(\[【]?\d{4}年", line)
                for line in links
            ) and (len(links) > 1 or len(links[0]) >= 6):
                return set(range(number, last + 1))
    return set()


_CLOSING_LINES = 3


@repair(
    seen="newspaper mirrors, behind the last full stop",
    before="工会要联系职工。\n职工在哪里，工会就在哪里。（责任编辑：李明 校对：王芳）",
    after="工会要联系职工。\n职工在哪里，工会就在哪里。",
    untouched=(
        "这份报纸由王芳主编。（编辑部设在工会）",
        "他说完了。（编辑：工会法第六条的全文见附录，这里不再一一列出）",
        "会开完了。（王芳代表职工发言）",
    ),
)
def drop_trailing_credits(page: Page) -> Iterator[Finding]:
    """Remove an editor's credit behind the last sentence of the last paragraphs.

    A credit that names the author as well is left to be read first.
    """
    lines = [(start, line) for start, _, line in page.lines() if line.strip()]
    for start, line in lines[-_CLOSING_LINES:]:
        tail = line[-160:]
        offset = start + len(line) - len(tail)
        # Folded and with half-width marks: each character stays in its place.
        folded = script.fold(tail).translate(_MARKS_KEPT)
        if _OF_A_CREDIT.search(folded) and (match := _trailing_credit().search(folded)):
            yield page.edit("boilerplate", offset + match.start(), offset + match.end(), "")


_MARKS_KEPT = str.maketrans("：／；，　\xa0", ":/;,  ")
