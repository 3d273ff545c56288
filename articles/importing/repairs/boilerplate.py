"""What the site put round the essay: share bars, labels, disclaimers, credits, counters, links."""

import re
from collections.abc import Iterator
from functools import cache

from ...text import script
from ..lexicon.site_words import RELATED, SHARERS
from ..lexicon.surnames import FREQUENT
from .frame import Finding, Page, repair

# A whole line of each kind, for lines folded to simplified characters with half-width marks:
# mirrors mix scripts within a word. `.` never crosses a line; patterns match from end to end.
_SHARED = rf"(?:{SHARERS}|打印|收藏)"
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
_BUTTON = (
    r"(?:打印(?:本[页文])?|收藏(?:本[页文])?|关闭(?:窗口|本页)?|字[号体](?:大小)?:?|返回(?:顶部|首页|列表|上一页|目录)"
    r"|大|中|小|A[+-]?|T[+-]?|分享|投稿|纠错|举报|点赞|转发|加入收藏|我要评论|发表评论|查看评论|推荐给朋友)"
)
_COUNTER = (
    r"(?:(?:本文)?(?:已被?)?(?:阅读|点击|浏览|访问|查看|下载|评论|点赞|转发|收藏|人气|热度)"
    r"(?:次数|数量|数|量|率|人数)?\s*[:(]?\s*\d[\d,.]*\s*(?:[次人条]|万次?)?\)?"
    r"|(?:已有)?\s*\d+\s*人(?:已)?(?:阅读|浏览|评论|点赞|收藏|参与)|[共有]*\d+[条个]评论)"
)
_CRUMB = r"[^\s>»›。,;](?:[^>»›。,;]*[^\s>»›。,;])?"
_ANYWHERE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:分享到|分享至)\s*:?\s*\|.{0,60}",
        rf"(?:一键)?分享[到至]?\s*:?(?:[\s|、,]*{_SHARED}){{2,}}[\s|]*",
        r"[\[【(]?论文部分内容阅读[\]】)]?",
        r"(?:导语|声明|说明|提示|注)?\s*:?.{0,80}(?:来源[于於]网[友络]|来自网络).{0,60}"
        r"(?:(?:仅供|欢迎)参考.{0,10}|删除.{0,10})",
        r"[\[【(]?(?:点击|点此|点这里|立即|免费)(?:此处)?(?:下载|查看|阅读|展开|浏览)"
        r"(?:本?文档|全文|原文|余下全文|剩余内容|更多(?:内容|精彩)?|完整版|附件)?\s*[>》\])】.…。]*",
        r"[\[【(]?(?:下载|阅读|查看|展开|浏览)(?:全文|原文|余下全文|剩余\d*%?(?:内容)?)\s*[>》\])】.…]*",
        r"[\[【(]?(?:全文阅读|余下全文|展开全部|全文下载|继续阅读)\s*[>》\])】.…↓:]*",
        r"(?:[\[【(]\d{1,2}[\]】)]\s*){2,}",
        r"[\d,]+\s*人(?:赞同|喜欢)了该(?:文章|回答)",
        r"下载文档到电脑.{0,40}|[《「].{2,60}[》」]由(?:会员|用户).{0,4}(?:分享|上传),.{0,160}",
        r"(?=.*(?:版权所有|ICP备|公网安备|Copyright|©))"
        r"(?=(?:.*?(?:主办|承办|主管|支持|开发|管理|地址|邮编|邮箱|电话|热线|传真|举报)[^:。]{0,4}:){2})[^。]{10,300}",
        r"(?:Normal\s+0\s+)?[\d.\s磅]*(?:false\s+){2,}false.{0,80}",
        r"[推→嘘]\s+\w{2,16}\s*:.{0,80}\d\d/\d\d \d\d:\d\d",
        r"※ (?:发信站|文章网址|编辑|修改|来源|转录)\s*:.{0,120}",
        r"百度搜索[“\"].{2,20}[”\"],.{0,20}(?:尽在|在线).{2,40}",
        r"本词条(?:缺少|由|尚未).{0,60}|收藏\s*查看我的收藏.{0,20}",
        r".{4,60}\s本文(?:关键词|简介)\s*:.{0,160}",
        r"本帖最后由 .{1,40} 编辑|[-—–\s]*(?:END|The End)[-—–\s]*",
        r"版权所有(?:$|[\s:,©(/|].{0,80}|归.{0,40}|.{0,30}(?:必究|不得|转载|翻印).{0,40})",
        r".{0,30}(?:保留所有权利|All Rights Reserved).{0,40}",
        r"(?:Copyright|©|\(c\)\s*\d{4}).{0,120}",
        r".{0,60}ICP[备证]\s*\d{4,}号?(?:-\d+)?.{0,40}|.{0,20}公网安备\s*\d+号.{0,20}",
        r"(?:首页|上一页|<<?|«)?\s*(?:[\[(]?\d{1,3}(?!\d)[\])]?[\s|]*){1,12}(?:\.{2,3}|…)?\s*(?:下一页|下页)"
        r"\s*(?:尾页|末页)?.{0,20}",
        r"(?:首页\s*)?上一页\s*(?:\d{1,3}\s*)*下一页(?:\s*尾页)?",
        r"第\s*\d{1,3}\s*页\s*[/,]?\s*共\s*\d{1,3}\s*页|共\s*\d{1,3}\s*页\s*第?\s*\d{1,3}\s*页?",
        r"[-—–·]\s*\d{1,4}\s*[-—–·]",
        rf"(?:{_COUNTER}[\s|,;·]*){{2,}}",
        r"(?=.*(?:打印|关闭|字[号体]|返回|收藏|分享|A[+-]|举报|评论))"
        rf"[\s|]*(?:[【\[(]?{_BUTTON}[】\])]?[\s|]+){{2,}}[【\[(]?{_BUTTON}[】\])]?[\s|]*",
        r"[【\[(]?字[号体](?:大小)?\s*:?\s*[【\[(]?大\s*中\s*小[】\])]?"
        rf"(?:[\s|]*{_BUTTON})*[】\])]?",
        rf"(?:[【\[(]{_BUTTON}(?:\s*{_BUTTON})*[】\])][\s|]*)+",
    )
)
"""What no author writes as a line."""

_AT_THE_RIMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[(]?本文(?:来自|来源于|首发于).{2,20},.{0,20}下载.{1,20}(?:APP|客户端)[^。]{0,4}",
        r"[“\"]?阅读原文[”\"]?|(?:请?点击|戳|轻触).{0,6}阅读原文[”\"]?[^。]{0,12}",
        r"(?:(?:点赞|转发|分享|收藏|在看|关注)[、,和+]?\s*){2,4},.{0,8}(?:看到|知道|看见|受益).{0,4}",
        r"(?:以上|上面)(?:内容|文章)?(?:就)?是.{0,8}小编.{0,100}",
        r"(?:请?将)?.{0,20}设为星标.{0,20}|打开(?:客户端|APP).{0,6}(?:阅读|查看|体验).{0,12}",
        r"[(]?本文版权归?.{2,24}(?:所有|享有)?[)]?|.{1,12}\s发表在\s.{2,6}(?:\s*(?:回响|人气|留言)\s*\(\d+\))+",
        r".{0,12}点(?:个|亮|击|下)?[“\"]?(?:在看|好看)[”\"]?[^。]{0,16}",
        r"分享[到至]?\s*:\s*(?:微信|微博|QQ|朋友圈|空间|更多|$).{0,40}",
        r"[\[【|]?\s*更多\s*[>》|\]】]+",
        r"请?(?:长按|扫码?|扫描|扫一扫|识别).{0,10}(?:二维码|公众号|小程序)[^。]{0,24}",
        r"请?扫码(?:关注|阅读|下载|查看|观看)[^。]{0,16}|(?:长按|识别).{0,8}关注[^。]{0,10}",
        r"(?:欢迎|请|敬请|更多.{0,12}请)?(?:搜索)?关注.{0,10}公众号"
        r"(?:[:“\"「(].{0,30}|.{0,8}(?:获取|了解|查看|回复|订阅).{0,16})?",
        r"(?:如需|欢迎)?转载,?\s*(?:请|须|敬请|务必)(?:注明|保留|标明|联系).{0,60}",
        r".{0,24}未经.{0,12}(?:授权|许可|允许|同意),?.{0,4}(?:不得|禁止|严禁|请勿|谢绝).{0,10}"
        r"(?:转载|复制|摘编|镜像|转发|引用).{0,20}",
        r"[\[【]?(?:免责声明|版权声明|特别声明|郑重声明|声明|版权说明)[\]】]?\s*:?"
        r"(?=.*(?:版权|本站|本网|转载|侵权|立场|删除|不代表)).{0,300}",
        r"(?:本文|文章|以上内容).{0,40}不代表本(?:站|网|平台|公众号).{0,40}",
        r"(?:本站|本网|本平台).{0,60}(?:侵权|版权).{0,40}(?:删除|联系|处理).{0,30}",
        r"(?:如有|若有|如涉及)侵权.{0,30}(?:删除|联系|处理).{0,20}",
        r"(?:图片|图文|素材|内容)(?:来源|来自|均来自)?:?(?:于|自)?(?:网络|互联网)(?:[,.。;)]?$|[,.。;)]?.{0,4}(?:如|若|侵|版权|仅|联系|删|整理).{0,26})",
        r"[上下前后]一[篇页条则]\s*:[^。]{0,160}",
        r"返回(?:搜狐|新浪|网易|腾讯)(?:网|首页)?,?(?:查看更多)?|(?:声明\s*:\s*)?(?:该|本)文(?:章)?观点仅代表作者.{0,100}",
        r"(?:推荐访问|本文标题|文章录入|建议标签)\s*:.{0,100}|导出[/]参考文献|打赏|添加评论|写下您的评论\W*|还没有人赞赏.{0,16}",
        r".{0,8}扫一扫,?进入.{0,20}群|.{0,30}点我下载APP|支持独立媒体.{0,8}|点阅(?:次数|人次)?\s*:?\s*\d*",
        r"[<«]?\s*上一[篇页]\s*[|/·\s]\s*下一[篇页]\s*[>»]?",
        rf"{RELATED}\s*:[^。]{{0,120}}",
        _COUNTER,
        r"(?!.*(?:作者|来源)\s*:\s*\S)(?:您|你)?(?:当前|现在|所在|目前)?的?位置\s*[:>》].{0,80}",
        r"(?!.*(?:作者|来源)\s*:\s*\S)(?:网站|返?回)?首页\s*[>》»›/|].{0,80}",
        r"贡献于\s*\d{4}-\d\d-\d\d.{0,40}|.{0,8}下载券\s*\d*|继续滑动看下一个|向上滑动看下一个",
        rf"(?=.{{6,90}}$)(?=.*[\u3400-\u9fff]{{2}}){_CRUMB}(?:\s*(?:>>?|»|›)\s*{_CRUMB}){{2,}}",
        r"(?:技术支持|主办单位|承办单位|网站地图|联系我们|关于我们|投稿邮箱|举报电话)\s*[:|][^。!?]{0,80}",
        r"(?:tags?|本文标签|文章标签|热门标签|标签)\s*:\s*[^。!?\s][^。!?]{0,100}",
        r"(?:责任编辑|编辑|作者|来源)\s*:",
        r"(?:本文|原文)(?:链接|地址|网址)\s*:\s*https?://\S+",
    )
)
"""What an author might write inside an essay, but a site writes above or below it: and credits."""

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
    dropped = {n for n, (_, _, line) in enumerate(lines) if _matches(_ANYWHERE, line)}
    dropped |= _related(lines)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        own = 0
        for number in order:
            if number not in dropped:
                if _matches(_AT_THE_RIMS, lines[number][2]) or _is_credit(lines[number][2]):
                    dropped.add(number)
                else:
                    own += 1
            if own >= _RIM:
                break
    for number in sorted(dropped):
        yield page.edit("boilerplate", *lines[number][:2], "")


def _plain(line: str) -> str:
    return script.fold(line.strip()).translate(_MARKS).strip()


def _matches(patterns: tuple[re.Pattern[str], ...], line: str) -> bool:
    return len(line) <= _LONGEST_LINE and any(pattern.fullmatch(line) for pattern in patterns)


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
