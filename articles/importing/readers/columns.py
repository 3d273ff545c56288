"""Names of fields as tables and front matter spell them, in English and Chinese."""

import re

from ...text import script
from ..source import Hints

_NAMES = {
    "title": "title headline subject 标题 题目 篇名 题名 文章标题 名称",
    "authors": "author authors byline writer creator 作者 撰稿 撰稿人 撰文 署名 作者姓名",
    "unit": "unit affiliation organisation organization 单位 作者单位 工作单位",
    "date": "date published created pubdate publishdate publishedat publicationdate "
    "日期 时间 发布日期 发布时间 成文日期 发表日期 发表时间 写作日期",
    "summary": "summary abstract description excerpt 摘要 内容摘要 提要 内容提要 导语 简介",
    "keywords": "keywords keyword tags tag 关键词 关键字 主题词 标签",
    "source_name": "source publication journal sourcename 来源 出处 稿源 刊名 报刊 文章来源",
    "source_url": "url link sourceurl address 链接 网址 原文链接 原文地址 原文网址",
    "body": "body text content article fulltext 正文 内容 全文 文章 文章内容 原文",
    "id": "id key no number 编号 序号 文章编号",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}


def field_of(name: str) -> str:
    """Return the field a column or key stands for, or nothing: `Publish_Date` is the date."""
    return _FIELDS.get(re.sub(r"[\s_\-.:：()（）]+", "", script.fold(str(name)).lower()), "")


def hints_of(row: dict, origin: str) -> Hints:
    """Return what a row or front matter states; lists may come as such or in one string."""
    found: dict = {}
    for name, value in row.items():
        field = field_of(name)
        if field in ("", "body", "id") or value in (None, "", []):
            continue
        values = [str(item).strip() for item in value] if isinstance(value, list) else []
        values = values or [str(value).strip()]
        if field == "keywords":
            words = [word for item in values for word in re.split(r"[,，;；、|\s]+", item)]
            found.setdefault(field, tuple(filter(None, words)))
        elif field == "authors":
            found.setdefault(field, tuple(filter(None, values)))
        else:
            found.setdefault(field, " ".join(values))
    return Hints(**found, origin=origin, own=True)
