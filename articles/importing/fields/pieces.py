"""A line of a page cut into what stands in it: labels with their values, dates, buttons, rest.

`来源：砚州报作者：王芳时间：2020-05-06 [大 中 小] 打印` is three labels and two buttons, whatever
stands between them; `时间：是最公正的法官` is a label with no value that fits, and so a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...text import script
from ..lexicon.site_words import SHARERS, SIZES
from .dates import StatedDate, first_date
from .labels import LABEL, kind_of

LONGEST = 200
"""Characters of a line that may be a row of labels; a longer one is a paragraph, or an abstract."""

HALF_WIDTH = str.maketrans("，：；？！（）／［］｜　\xa0", ",:;?!()/[]|  ")
"""Marks as patterns have them; a character for a character, so that places stay."""

_STRONG = (
    r"我要(?:投稿|评论|纠错|收藏|打印|举报)|我来说两句|我要说说|发表评论|查看评论|网友评论|用户评论"
    r"|加入收藏|设为首页|加入会员|以稿换稿"
    r"|在线预览|立即收藏|立即下载|免费下载|点击下载|下载(?:本文|全文|文档|本?文档|原文|附件|此文)"
    r"|相关(?:文档|推荐|文章|阅读)"
    r"|只看该作者|倒序浏览|返回(?:列表|首页|顶部|目录|上一页)|关闭(?:窗口|本页|此页)"
    r"|打印(?:本[页文]|此页|预览)|收藏(?:本[页文]|此页)"
    r"|推荐给(?:朋友|好友)|分享(?:到|至)|扫一扫(?:.{0,8}(?:二维码|关注|公众号|下载|分享|阅读|打开).{0,6})?|手机(?:版|查看|阅读|浏览)|继续免费阅读"
    r"|(?:已阅读|已读)\d+页|还剩\d+页未读"
    r"|RSS订阅|网站地图|无障碍(?:阅读|浏览)?|长者(?:模式|版)|关怀版|适老版|繁體|简体版|繁体版|全文>+|提示:?支持键盘.{0,20}"
    r"|点击(?:上方|下方|右上角|.{0,2}蓝字).{0,16}|[上下]一[版篇页条期]|版面导航|转载请?注明(?:出处|来源)?!?"
    r"|最佳答案(?:由网友推荐)?|本版(?:新闻|导航)|朗读|语音播报|原创|我有话说|手机看(?:新闻)?|友善列印"
    r"|马上注册!?|加入好友|请继续往下阅读|查看更多|点击加载更多|双击自动滚屏|打开APP|回上一页"
    r"|赞赏支持|参与互动|阅读模式|关注问题|写回答|听新闻|本文已影响\s*\d*\s*人|分享到(?=\s*:\s*$)"
    r"|更多内容请继续往下阅读|移至主内容|较[新旧]的文章|没有留言:?|预览时标签不可点|编辑本段"
    r"|转载▼|\[编辑\]"
)
_BUTTON = re.compile(
    rf"(?:{_STRONG})"
    rf"|(?<![\u3400-\u9fff\w])(?:"
    rf"字[体号](?:大小)?\s*:?\s*[\[【(]?\s*{SIZES}(?:[\s|/]*{SIZES})*\s*[\]】)]?"
    rf"|[\[【(]\s*(?:{SIZES}(?:[\s|/]*{SIZES})*|打印|关闭|收藏|推荐|评论|分享|投稿|纠错"
    rf"|返回)\s*[\]】)]|【\s*】"
    rf"|{SIZES}(?:[\s|/]+{SIZES})+"
    rf"|[阅转]\s+\d+|赞好\s*\d*"
    rf"|(?:阅读|浏览|点击|评论|下载|收藏|点赞|转发|回复|查看|人气|访问|推荐|赞同?|在看|回应|回响|留言|顶"
    rf"|踩)\s*\(?\s*\d[\d,.万]*\s*(?:[次人条])?\)?"
    rf"|阅读\s*次"
    rf"|(?:共?有?\s*)?\d*\s*(?:条|人|个|次)(?:评论|参与|阅读|浏览|回复|收藏)"
    rf"|(?:打印|收藏|举报|分享|投稿|纠错|点赞|转发|评论|支持|反对|字[体号]|关闭|返回|登录|注册"
    rf"|订阅|顶部|目录|发帖|回复|阅读|关注|订阅|复制|投诉|检举|置顶|热评|推 \d+|下载|喜欢 ?\d*"
    rf"|收听 ?\d*|字数 ?\d+|\d+评论|\d+喜欢|Share|Tweet|Home|English|Toggle navigation)"
    rf"|{SHARERS}"
    rf"|星期[一二三四五六日天]|周[一二三四五六日]"
    rf"|第\s*[A-Z]?0*\d{{1,4}}\s*版\s*[:：]?\s*[\u3400-\u9fff]{{0,6}}"
    rf"|0\d{{1,4}}版\s*[:：]?\s*[\u3400-\u9fff]{{0,6}}"
    rf"|(?:https?://|www\.)[^\s\u3400-\u9fff?]+|\d+#|#\S{{1,12}}(?:\s*\d+个)?"
    rf"|数字报(?:纸|刊)?|楼主|沙发|板凳"
    rf")(?![\u3400-\u9fff\w])",
    re.IGNORECASE,
)
"""What a page offers to press, counts, or says of itself; in folded lines with half-width marks."""

_SEPARATORS = " 　\t|｜┊┃│·•、,，;；/／>»\\-–—_()（）[]【】?？*★☆:："
_GLUED_NEVER = frozenset(
    ("summary", "keywords", "english", "title", "bio", "number", "category", "teaser")
)
"""Labels that count only with something before them that parts: 主题 and 题目 end other words."""

_TO_THE_END = frozenset(("summary", "keywords", "english", "bio", "number", "teaser", "original"))
"""Labels whose value may hold any mark; only one of their own kind ends it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: a label's kind with its value, a `date`, a `button`, or the `rest`.

    `start` and `end` count characters of the line, the label included; `glued` tells that the
    rest stands right against what is before it.
    """

    kind: str
    start: int
    end: int
    value: str = ""
    stated: StatedDate | None = None
    glued: bool = False


def cut(line: str) -> list[Piece]:
    """Return the pieces of a line in order; a line without label, date or button is one rest."""
    folded = script.fold(line)
    plain = folded.translate(HALF_WIDTH)
    first = LABEL.match(folded)
    if len(line) > LONGEST and not (first and kind_of(first) in _TO_THE_END):
        return [Piece("rest", 0, len(line), line.strip())]
    tokens = sorted(_tokens(line, folded, plain), key=lambda token: (token[0], -token[1]))
    pieces: list[Piece] = []
    at = 0
    for number, (start, end, kind, stated) in enumerate(tokens):
        if start < at:
            continue
        pieces += _rest(line, at, start)
        if kind in ("date", "button"):
            pieces.append(Piece(kind, start, end, line[start:end], stated))
            at = end
            continue
        at = _end_of_value(tokens, number + 1, kind, end, folded)
        pieces.append(Piece(kind, start, at, value(line[end:at])))
    return [*pieces, *_rest(line, at, len(line))]


_Token = tuple[int, int, str, StatedDate | None]


def _tokens(line: str, folded: str, plain: str) -> Iterator[_Token]:
    labels = list(LABEL.finditer(folded))
    dates = []
    at = 0
    while found := first_date(line, at):
        stated, start, at = found
        dates.append((start, at, "date", stated))
    several = len(labels) + len(dates) > 1
    for match in labels:
        kind, start = kind_of(match), match.start()
        before = folded[start - 1] if start else " "
        parted = before in _SEPARATORS or before in "。.！!”" or match[0][0] in "【[(（〔「"
        if parted or (several and kind not in _GLUED_NEVER) or any(d[1] == start for d in dates):
            yield start, match.end(), kind, None
    yield from dates
    for match in _BUTTON.finditer(plain):
        yield match.start(), match.end(), "button", None


def _end_of_value(tokens: list[_Token], after: int, kind: str, end: int, folded: str) -> int:
    """Return where the value of a label ends: where the next thing begins that is not in it."""
    for number in range(after, len(tokens)):  # no slice: a line may be full of labels
        start, finish, other, _ = tokens[number]
        if start < end:
            continue
        parted = folded[start - 1] in " 　。.；;！!？?”］]】)）" or folded[start] in "【["
        if kind in _TO_THE_END and not (other in _TO_THE_END and parted):
            continue
        if kind == "source_url" and other == "button":
            continue
        if start == end and other == "date" and kind.endswith("date"):
            return finish  # the label's own date, whole
        return start
    return len(folded)


def _rest(line: str, start: int, end: int) -> list[Piece]:
    """Return what stands between two things, each part between wide gaps by itself."""
    parts = []
    for match in re.finditer(
        r"[^\s|｜┊┃│　](?:[^|｜┊┃│　]*?[^\s|｜┊┃│　])??(?=\s{2,}|\s*[|｜┊┃│　]|\s*$)",
        line[start:end],
    ):
        text = match[0].strip(_SEPARATORS)
        if text:
            at = start + match.start()
            glued = match.start() == 0 and start > 0 and line[start - 1] not in _SEPARATORS
            glued |= (
                match.end() == end - start
                and end < len(line)
                and line[end - 1 : end] not in _SEPARATORS
            )
            parts.append(Piece("rest", at, start + match.end(), text, glued=glued))
    return parts


def value(text: str) -> str:
    """Return a label's value without the bracket that closes the whole: （作者：王芳）."""
    text = text.strip(" 　|｜┊_-").rstrip("【[（( ")
    for opening, closing in ("()", "（）", "[]", "【】"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
    return text.rstrip(" 　,，;；、|｜")
