"""Labels at the head of a line (作者：, 【摘 要】), and lists of keywords behind one."""

import re

from ...text import script
from .vocabulary import default_vocabulary


def _spaced(words: str) -> str:
    """Return the pattern of words that may have space between their characters: 摘 要."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", r"\\s*", words)


LABELS = tuple(
    (name, _spaced(words))
    for name, words in (
        ("title", r"标题|题目|篇名|文章标题"),
        ("bio", r"作者简介|作者介绍|第一作者"),
        ("unit", r"作者单位|工作单位|单位|作者系|供稿单位"),
        (
            "authors",
            r"本文作者|文章作者|原作者|作者|撰稿人?|撰文|执笔人?|讲话人|发言人|演讲人|主讲人|口述"
            r"|[图文]\s*[/／]\s*[图文]|文(?=\s*[/／|｜])",
        ),
        (
            "upload_date",
            r"时间|发布时间|发布日期|发表时间|发布于|发表于|上传时间|更新时间|录入时间|上传日期",
        ),
        (
            "date",
            r"日期|成文日期|成文时间|写作日期|写作时间|写于|讲话时间|演讲时间|讲话日期|收稿日期|出版日期|刊期|期号",
        ),
        ("summary", r"内容摘要|论文摘要|中文摘要|摘要|提要|内容提要|核心提示|导语|导读"),
        ("keywords", r"中文关键词|关键词|关键字|主题词"),
        (
            "source_name",
            r"文章来源|信息来源|稿件来源|本文来源|来源|稿源|出处|转自|转载自|原载|原刊|摘自|选自|刊物|期刊",
        ),
        ("source_url", r"原文链接|原文地址|原文网址|网址|链接"),
        (
            "editor",
            r"责任编辑|本文编辑|编辑|责编|校对|审核|摄影|录入|上传者?|发布者|发布人",
        ),
        (
            "site",
            r"浏览次数|浏览量|浏览数?|阅读次数|阅读量|阅读数?|点击次数|点击量|点击率|点击数?|访问次数|访问量"
            r"|人气|评论数?|字体大小|文字大小|字体|字号",
        ),
        ("number", r"中图分类号|文献标识码|文章编号|分类号|DOI|doi"),
        ("english", r"(?i:abstract|key\s*words?)"),
    )
)
"""What a label at the head of a line announces; read in lines folded to simplified."""

_BRACKET = r"(?:[【\[〔(（「]\s*)?"
LABEL = re.compile(
    rf"{_BRACKET}(?P<label>"
    + "|".join(f"(?P<{name}>{words})" for name, words in LABELS)
    + r")\s*[】\]〕)）」]?\s*(?:[:：/／|｜]|(?<=[】\]〕」])|(?<=词)\s+|(?<=要)\s+)\s*"
)


def is_labelled(line: str, name: str) -> bool:
    """Tell whether a line begins with a label of this kind."""
    match = LABEL.match(script.fold(line))
    return bool(match) and kind_of(match) == name


def kind_of(match: re.Match[str]) -> str:
    """Return what the label that matched announces."""
    return next(name for name, _ in LABELS if match[name])


def split_keywords(text: str) -> list[str]:
    """Return the words of a keyword line, whatever stands between them.

    Space parts words only where nothing else does, or between Chinese characters: `trade union;
    labour law` is two. A list run together is parted where the vocabulary covers all of it.
    """
    text = text.strip().rstrip("。.；;，,、 ")
    marks = r"[,，;；、|｜/／·•\n]+"
    if re.search(marks, text):
        words = re.split(marks + r"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", text)
    else:
        words = text.split()
        if len(words) == 1 and len(text) > _LONGEST_WORD:
            words = _parted(text) or words
    return list(dict.fromkeys(word.strip() for word in words if word.strip()))


_LONGEST_WORD = 6
"""Characters from which a keyword may be several run together."""


def _parted(text: str) -> list[str]:
    """Return the terms of the vocabulary that `text` is made of, longest first, or none."""
    folded, terms = script.fold(text), default_vocabulary().terms
    ways: dict[int, list[str]] = {0: []}
    for end in range(1, len(folded) + 1):
        for start in range(max(0, end - 10), end):
            if start in ways and folded[start:end] in terms:
                way = [*ways[start], text[start:end]]
                if end not in ways or len(way) < len(ways[end]):
                    ways[end] = way
    return ways.get(len(folded), [])
