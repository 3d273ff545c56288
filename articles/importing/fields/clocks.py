"""Whose a page's clock is: the essay's on a page of news, the collector's on a site of essays."""

import re
from collections.abc import Sequence
from datetime import date

from ...text import script
from .stated import Metadata

_NEWS = re.compile(
    r".*(?:报|社|台|(?:时报|日报|晚报|证券|财经|法制|新闻|工人|职工|工会|劳动).{0,4}网|新闻网|法院网|网.{1,6}频道|广播网|之声|周刊|客户端|融媒体?|人民网|新华网|中新网|央视网|中工网"
    r"|政府|委员会|局|厅|工会|之家|工友|法|矿|厂|公司|集团)"
)
_NEWS_PAGE = re.compile(
    r"(?m)^.{0,24}(?:新闻|要闻|时政|论坛|博客)|本[报网台刊]讯|报导|部落格|张贴|文\s*[/／]|加入好友|楼主|楼层|关注"
    r"|回复|看帖|发帖|记者|通讯员|[电讯]\s*[(（]|数字报|第\s*\d+\s*版|发表于|原创|博客|公众号"
    r"|微信号|只看该作者|楼主"
    r"|默认分类|投书|社评|政府|总工会|预览时标签不可点|设为星标|编辑于|发布于|转载▼|搜狐号|来自豆瓣|责编|发布单位"
)
_FARM = re.compile(
    r"范[文例]|文库|文秘|网友|佚名|互联网|小编|我要投稿|积分|收益归属|推荐度|以下(?:是|为).{0,8}(?:内容|正文)"
    r"|编者按.{0,8}本文主要|已阅读\d+页"
)
_RIM = 80
"""Characters of a line in which a site may speak; further on it is the author."""

_DATELINE = 40
"""Characters at the begin of a paragraph in which an agency or a reporter is named."""

_MOST_SAID = 600
"""Characters a scraped text's site says round the essay; more are a web page's menus."""

_MIRROR = re.compile(r"论文网|刊网|期刊网|上传|下载|供稿")
"""What collectors and mirrors say of themselves; a mirror's word counts less than a paper's."""


def is_news(found: Metadata, lines: Sequence[str], dropped: Sequence[str]) -> bool:
    """Tell whether a page's clock is the essay's: news, an office, a blog; no collector's site."""
    typed = [line for n, line in enumerate(lines) if n in found.lines]
    # A web page's menus are among what was dropped.
    said = dropped if sum(map(len, dropped)) < _MOST_SAID else ()
    rims = [line[: _RIM if len(line) <= _RIM else _DATELINE] for line in lines[:12]]
    rims += [line[-_RIM:] for line in lines[-6:]]
    rims = script.fold("\n".join([*typed, *rims, *said])[:4000])
    if _FARM.search(rims):
        return False
    source = script.fold(found.source_name)
    if source and _NEWS.fullmatch(source):
        return True
    if found.stated and _tells_of_those_days(found.stated.date, lines):
        return True
    return bool(_NEWS_PAGE.search(rims)) and not _MIRROR.search(rims)


_THOSE_DAYS = re.compile(
    r"^.{0,30}(?:近日|日前|昨[日天]|今[日天](?!.{0,12}我)|今正式|本周|连日来)"
    r"|(?<![年\d])(?:(?P<month>\d{1,2})月|(?<![月年]))(?P<day>\d{1,2})日(?![前后内])"
)


def _tells_of_those_days(clock: date, lines: Sequence[str]) -> bool:
    """Tell whether a text begins with what happened shortly before the page's clock: a report."""
    opening = next((line for line in lines if len(line) > _OPENING), "")[:_RIM]
    for told in _THOSE_DAYS.finditer(script.fold(opening)):
        if not told["day"]:
            return True
        month, day = int(told["month"] or clock.month), int(told["day"])
        for year in (clock.year, clock.year - 1):
            try:
                days = (clock - date(year, month, day)).days
            except ValueError:
                continue
            if 0 <= days <= (_SHORTLY if told["month"] else 1):
                return True
    return False


_OPENING = 40
"""Characters from which a line may be where a text begins."""

_SHORTLY = 31
"""Days after which what is told is no news any more."""
