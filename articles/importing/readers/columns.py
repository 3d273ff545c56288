"""Names of fields as tables and front matter spell them, in English and Chinese."""

import re
import unicodedata
from collections import deque
from functools import lru_cache
from typing import NamedTuple

from ...text import script
from ..edits import Flag
from ..source import Hints

_NAMES = {
    "title": (
        "title 标题 题目 篇名 题名 文章名 标题名称 题目名称 主标题 正标题",
        "headline subject posttitle articletitle 名称 篇目",
    ),
    "authors": (
        "author authors byline 作者 作者姓名 作者名 作者名称 作者署名",
        "writer creator authorname postedby 署名 撰稿 撰稿人 撰文 撰写人 执笔 执笔人 供稿人 投稿人 "
        "著者 投稿者 姓名 第一作者 责任者 记者",
    ),
    "unit": (
        "unit affiliation institution organisation organization 单位 作者单位 工作单位 单位名称",
        "所在单位 供稿单位 报送单位 选送单位 投稿单位",
    ),
    "date": (
        "成文日期 成文时间 写作日期 写作时间 撰写日期 撰写时间",
        "date 日期 时间",
        "published publishdate publishedat publishtime pubdate publicationdate dateissued "
        "datepublished dateposted 发布日期 发布时间 发表日期 发表时间 刊发日期 刊发时间 刊登日期 "
        "刊登时间 出版日期 出版时间 见报日期 刊载时间 刊载日期 发稿日期 发稿时间 刊出日期 刊出时间",
        "created createdat createtime creationdate 创建时间 创建日期",
    ),
    "summary": (
        "summary abstract 摘要 内容摘要 提要 内容提要 文摘",
        "description excerpt intro digest 导语 导读 简介 内容简介 概要 描述",
    ),
    "keywords": (
        "keywords keyword tags tag 关键词 关键字 主题词 标签",
        "categories category 分类",
    ),
    "source_name": (
        "source publication journal sourcename 来源 出处 稿源 刊名 来源名称 来源单位 来源媒体",
        "报刊 报刊名称 期刊 期刊名称 刊物 刊物名称 媒体 媒体名称 发表刊物 发表媒体 原载 原刊",
    ),
    "source_url": (
        "sourceurl originalurl canonical canonicalurl 原文链接 原文地址 原文网址 来源链接 来源网址",
        "url link address permalink 链接 网址 地址链接",
    ),
    "body": (
        "body fulltext articlebody 正文 正文内容 全文 全文内容 文章正文 文章内容 文章全文",
        "text content 内容 文章 原文 文本 内文 本文 稿件 文稿 article maintext plaintext "
        "html bodyhtml contenthtml markdown paragraphs",
    ),
    "id": ("id key no number 编号 序号 文章编号 稿件编号",),
}
"""The names of each field in groups: where several have a value, an earlier group's is taken."""

_PLACES = {
    name: (field, rank)
    for field, groups in _NAMES.items()
    for rank, group in enumerate(groups)
    for name in group.split()
}
_OF_AN_ESSAY = re.compile(
    r"^(?:请)?(?:填写|输入)?(?:本文|文章|论文|稿件|文稿|作品|征文|投稿|新闻|中文)?的?(?=.{2})"
)
_OF_A_POST = re.compile(r"^(?:wp)?(?:post|article|news|entry|essay|story|item)(?=[a-z]{2})")
"""What programs put before the names of their columns: post_content."""

_OTHER = re.compile(r"英文|外文|拼音|译|english|\ben\b|修改|更新|审核", re.IGNORECASE)
"""What makes a name another field's: 标题（英文） is not the title."""

_BRACKETED = re.compile(r"[(\[【〔〈<].*?[)\]】〕〉>]", re.DOTALL)
_NUMBERED = re.compile(r"(?:第?[\d一二三四五六七八九十]{1,2}|续)$")
_IN_SEVERAL = ("body", "authors", "keywords")
"""Fields that a table may spread over numbered columns: 作者1, 作者2."""

_NOTHING = re.compile(
    r"[-—–－_/／\\.。·…*]+|无|無|暂无|暫無|未填|空|不详|不詳|未知|null|none|nil|nan|nat|undefined|n/?a"
    r"|\\n|~|\[\]|\{\}",
    re.IGNORECASE,
)
_MOST_VALUES = 500
"""Values of one field that are looked at: aliases can stand for millions."""

_OF_SOMEBODY = ("name", "title", "rendered", "姓名", "名字", "作者", "label")

_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’…—]"
_BROKEN = re.compile(rf"(?<={_WIDE})\s*\n\s*(?={_WIDE})")
_SPACED = re.compile(rf"(?<={_WIDE})\s+(?={_WIDE})")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MORE_THAN_A_NOTE = 30
"""Chinese characters of a field that nobody should lose without a word; a sentence needs fewer."""

_SENTENCE = re.compile(r"[\u3400-\u9fff][^\n]{6,}[。！？]")

_BETWEEN_WORDS = re.compile(r"[,，;；、|\n]+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_ADDRESS = re.compile(r"\s*[<(（]?[\w.+-]+@[\w.-]+[>)）]?")


class Place(NamedTuple):
    """The field a name stands for, how far back it stands among its names, and the name alone."""

    field: str
    rank: int = 0
    base: str = ""


def field_of(name: str) -> str:
    """Return the field a column or key stands for, or nothing: `Publish_Date` is the date."""
    return place_of(str(name)).field


@lru_cache(1 << 16)  # a row may have tens of thousands, and each is asked for five times
def place_of(name: str) -> Place:
    """Return the field that a name stands for, whatever marks, notes or numbers it carries.

    `标题*`, `【標題】`, `标题（必填）` and `标题/Title` all are the title; `标题（英文）` is not.
    """
    if len(name) > 100 or _OTHER.search(name):
        return Place("")
    name = script.fold(unicodedata.normalize("NFKC", name)).lower()
    if found := _known(name):
        return found
    bare = _BRACKETED.sub(" ", name)
    if bare != name and (found := _known(bare)):
        return found._replace(rank=found.rank + 1)
    parts = [_known(part) for part in re.split(r"[\s/|]+", bare) if part.strip()]
    if len(parts) > 1 and len({part.field for part in parts if part}) == 1:
        found = next(part for part in parts if part)
        return found._replace(rank=found.rank + 1)
    return Place("")


def _known(name: str) -> Place | None:
    plain = re.sub(r"[\W_]+", "", name)
    for short in (plain, _OF_AN_ESSAY.sub("", plain), _OF_A_POST.sub("", plain)):
        if short in _PLACES:
            return Place(*_PLACES[short], short)
        base = _NUMBERED.sub("", short)
        if base in _PLACES and _PLACES[base][0] in _IN_SEVERAL:
            return Place(*_PLACES[base], base)
    return None


def values_of(row: dict) -> dict[str, list[str]]:
    """Return what a row states in each field, by the name that says it best."""
    best: dict[str, tuple[Place, list[str], bool]] = {}
    for name, value in row.items():
        place = place_of(str(name))
        values = [] if not place.field else [v for v in _texts(value) if not says_nothing(v)]
        if not values:
            continue
        linked = re.match(r"https?://\S+$", values[0])
        if place.field == "source_name" and linked:
            place = Place("source_url", 1, place.base)
        if place.field == "source_url" and not linked:  # /posts/a: where a site put it
            continue
        known = best.get(place.field)
        if known is None or place.rank < known[0].rank:
            best[place.field] = (place, values, isinstance(value, list))
        elif place == known[0] and place.field in _IN_SEVERAL:
            known[1].extend(values)
    return {
        field: _words(values) if field == "keywords" and not listed else values
        for field, (_, values, listed) in best.items()
    }


def says_nothing(text: str) -> bool:
    """Tell whether this stands in a field to say that nothing does: a dash, 无, nan."""
    return not text.strip() or bool(_NOTHING.fullmatch(text.strip()))


def _texts(value: object) -> list[str]:
    """Return the texts in a value: alone, in lists, or the name of somebody described."""
    found, waiting = [], deque([value])
    for _ in range(_MOST_VALUES):
        if not waiting:
            break
        value = waiting.popleft()
        if isinstance(value, list | tuple):
            waiting.extendleft(reversed(value[:_MOST_VALUES]))
        elif isinstance(value, dict):
            names = (value.get(key) for key in _OF_SOMEBODY)
            waiting.appendleft(next((name for name in names if name), None))
        elif value is not None and (text := str(value).strip()):
            found.append(text)
    return found


def _words(values: list[str]) -> list[str]:
    """Return keywords written in one string; space parts them where nothing else does."""
    words = []
    for value in values:
        marked = _BETWEEN_WORDS.split(value)
        words += marked if len(marked) > 1 else value.split()
    return [word.strip() for word in words if word.strip()]


def hints_of(row: dict, origin: str) -> Hints:
    """Return what a row or front matter states; lists may come as such or in one string."""
    found: dict = {}
    for field, values in values_of(row).items():
        if field in ("body", "id"):
            continue
        if field == "keywords":
            found[field] = tuple(dict.fromkeys(values))
        elif field == "authors":
            found[field] = tuple(filter(None, (_ADDRESS.sub("", v).strip(" \t@") for v in values)))
        else:
            # A summary is broken into lines like any text, and YAML makes spaces of its breaks.
            text = (_SPACED if field == "summary" else _BROKEN).sub("", " ".join(values))
            found[field] = re.sub(r"\s*\n\s*", " ", text)
    return Hints(**found, origin=origin, own=True)


def left_out(row: dict, text: str = "") -> tuple[Flag, ...]:
    """Return a flag for each name that stands for no field and holds more than a note of words."""
    flags = []
    for name, value in row.items():
        words = "\n".join(_texts(value)) if place_of(str(name)).field in ("", "body") else ""
        if not words or words in text or "</" in words:
            continue
        if len(_HAN.findall(words)) >= _MORE_THAN_A_NOTE or _SENTENCE.search(words):
            message = f"原檔「{name}」欄的文字沒有收進文章；需要時請對照原檔補上。"
            flags.append(Flag("dropped", 0, 0, message))
    return tuple(flags)
