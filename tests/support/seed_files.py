"""Starter essays as files of other kinds: Word with its own numbering, a site's page, Markdown.

Each form takes an essay's header and body, a paragraph or heading a line, and gives the file's
bytes, always the same: nothing of the day it was made is in them. Lines that begin and end with |
are rows of a table.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from html import escape
from itertools import groupby

_NUMBERED = re.compile(
    r"(?P<first>[一二三四五六七八九十]+、)|(?P<second>（[一二三四五六七八九十]+）)"
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_LONGEST_HEADING = 30
"""Characters of a heading of these essays."""


def _depth(line: str) -> int:
    """Return 1 or 2 for a numbered heading, 0 for a paragraph."""
    if len(line) > _LONGEST_HEADING or line.endswith(("。", "？", "：")):
        return 0
    found = _NUMBERED.match(line)
    return 0 if found is None else 1 if found["first"] else 2


def _is_row(line: str) -> bool:
    return line.startswith("|") and line.endswith("|")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _parts(body: str) -> Iterable[tuple[bool, list[str]]]:
    """Yield the runs of lines that are rows of a table, and those that are none."""
    for is_table, lines in groupby(body.split("\n"), _is_row):
        yield is_table, list(lines)


def _head(header: dict[str, str]) -> list[str]:
    """Return the lines that say whose the essay is and when it was written."""
    year, month, day = header["date"].split("-")
    told = [f"作者：{header['author']}", f"作者单位：{header['unit']}"]
    told += [f"{year}年{int(month)}月{int(day)}日", f"来源：{header['source']}"]
    told += [f"摘要：{header['summary']}", f"关键词：{header['keywords']}"]
    return told


# --- Word ----------------------------------------------------------------------------------


def _paragraph(text: str, style: str = "", level: int = -1) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level >= 0:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    run = f'<w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def word(header: dict[str, str], body: str) -> bytes:
    """Return a Word file whose headings have their numbers from Word's own counting."""
    content = _paragraph(header["title"], "a3") + "".join(map(_paragraph, _head(header)))
    for line in body.split("\n"):
        depth = _depth(line)
        bare = _NUMBERED.sub("", line, count=1) if depth else line
        content += _paragraph(bare, str(depth) if depth else "", depth - 1)
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for n, shown in enumerate(("%1、", "（%2）"))
    )
    names = (("a3", "Title"), ("1", "heading 1"), ("2", "heading 2"))
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in names
    )
    declared = '<?xml version="1.0" encoding="UTF-8"?>'
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("numbering", "numbering"),
        )
    )
    related = "".join(
        f'<Relationship Id="{part}" Type="{_R}/{part}" Target="{part}.xml"/>'
        for part in ("styles", "numbering")
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_P}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="r1" '
        f'Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_P}/relationships">{related}'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{content}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="1">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum><w:num w:numId="1">'
        '<w:abstractNumId w:val="1"/></w:num></w:numbering>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), declared + part)
    return stream.getvalue()


# --- a site's page --------------------------------------------------------------------------


def page(header: dict[str, str], body: str) -> bytes:
    """Return the page of a union's site that shows the essay, with what stands round it there."""
    author, unit, day, source, summary, keywords = _head(header)
    shown = []
    for is_table, lines in _parts(body):
        if is_table:
            rows = ("".join(f"<td>{escape(c)}</td>" for c in _cells(line)) for line in lines)
            shown.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
        else:
            shown += (
                f"<h2>{escape(line)}</h2>" if _is_short(line) else f"<p>　　{escape(line)}</p>"
                for line in lines
            )
    links = "".join(
        f'<li><a href="/{n}.html">{text}</a></li>'
        for n, text in enumerate(("工会要闻", "维权服务", "职工书屋", "办事指南", "联系我们"))
    )
    nl = "\n"
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{header["title"]}_{header["source"]}</title></head>
<body><div class="top"><ul>{links}</ul></div>
<div class="crumb">您当前的位置：<a href="/">首页</a> &gt; 维权服务</div>
<div class="main"><h1>{header["title"]}</h1>
<div class="info"><span>{author}</span> <span>{unit}</span> <span>{day}</span> <span>{source}</span></div>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div>
<div class="content"><p>{summary}</p>
<p>{keywords}</p>
{nl.join(shown)}
</div>
<div class="pn">上一篇：<a href="/1.html">冬季送温暖办事指南</a> 下一篇：<a href="/2.html">没有了</a></div></div>
<div class="footer"><p>主办：{header["unit"]}　技术支持：职工之友网</p></div></body></html>
""".encode()


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and not line.endswith(("。", "？", "！"))


# --- Markdown -------------------------------------------------------------------------------


def markdown(header: dict[str, str], body: str) -> bytes:
    """Return the essay in Markdown, what is known of it in front matter."""
    matter = [f"title: {header['title']}", f"author: {header['author']}", f"date: {header['date']}"]
    matter += [f"unit: {header['unit']}", f"source: {header['source']}"]
    matter += [
        f"summary: {header['summary']}",
        f"keywords: [{', '.join(header['keywords'].split())}]",
    ]
    blocks = []
    for is_table, lines in _parts(body):
        if is_table:
            rule = "|" + " --- |" * len(_cells(lines[0]))
            blocks.append("\n".join([lines[0], rule, *lines[1:]]))
        else:
            blocks += (f"## {line}" if _is_short(line) else line for line in lines)
    return ("---\n" + "\n".join(matter) + "\n---\n\n" + "\n\n".join(blocks) + "\n").encode()


FORMS = {".docx": word, ".html": page, ".md": markdown}
