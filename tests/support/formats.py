"""Essays in the formats people send, made here so that every byte of them is known."""

import io
import json
import zipfile
from html import escape

TITLE, AUTHORS, DAY = "把话听完再去办", ["陆望舒", "贺连生"], "2019-05-06"

PART_ONE = (
    "工会干部下到班组，先要学会把话听完。一线职工说话不绕弯，说的是手套薄了、夜班长了、食堂的菜凉了。"
    "话是小话，事却不小。听的人若是听到一半就解释，后半句就再也听不到了。"
)
PART_TWO = (
    "听来的话要有回音。能办的当场定日子，不能办的说明白为什么，要请示的写清楚向谁请示、几天答复。"
    "三样都做到，职工下次还愿意开口；一样做不到，门就关上了。"
)
PART_THREE = "办完不算完，过一个月再去问一声，看手套换了没有，看夜班短了没有。"

# (level of the heading, or 0 for a paragraph; text)
BODY = [
    (2, "一、听完"),
    (0, PART_ONE),
    (2, "二、回音"),
    (0, PART_TWO),
    (3, "（一）再问一声"),
    (0, PART_THREE),
]


def text() -> str:
    lines = [TITLE, f"作者：{'、'.join(AUTHORS)}", f"日期：{DAY}", *(line for _, line in BODY)]
    return "\n".join(lines)


def markdown() -> str:
    body = "\n\n".join(f"{'#' * level} {line}".strip() for level, line in BODY)
    return f"---\ntitle: {TITLE}\nauthor: [{', '.join(AUTHORS)}]\ndate: {DAY}\n---\n\n{body}\n"


def _markup() -> str:
    return "\n".join(f"<h{n}>{s}</h{n}>" if n else f"<p>　　{s}</p>" for n, s in BODY)


def page() -> str:
    """Return the essay as a site shows it, with what sites put round an essay."""
    links = "".join(
        f'<li><a href="/{n}.html">某市总工会召开第{n}次职工代表大会，总结交流经验</a></li>'
        for n in range(12)
    )
    comments = "".join(
        f'<div class="item"><b>网友{n}</b><p>写得真好，我们单位也应该这样做，支持工会的工作！</p></div>'
        for n in range(4)
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{TITLE}_理论研究_某某省总工会</title><script>var a = "<p>不是正文，不是正文。</p>";</script></head>
<body><div class="top"><a href="/">首页</a> | <a href="/a">工会要闻</a> | <a href="/b">维权</a></div>
<div class="crumb">您当前的位置：<a href="/">首页</a> &gt; 理论研究</div>
<div class="main"><div class="left"><h1>{TITLE}</h1>
<div class="info"><span>作者：{" ".join(AUTHORS)}</span><span>日期：{DAY}</span><span>点击：123</span></div>
<div class="bdsharebuttonbox">分享到：<a href="#">微信</a><a href="#">微博</a></div>
<div class="content" id="zoom">{_markup()}</div>
<div class="pn">上一篇：<a href="/1">关于工会的几点思考</a><br>下一篇：<a href="/2">论职工之家</a></div>
<div id="comments"><h3>网友评论</h3>{comments}</div></div>
<div class="right"><h3>热门文章</h3><ul>{links}</ul></div></div>
<div class="footer"><p>版权所有：某某省总工会，地址：某某市人民路1号，邮编：100000。</p></div></body></html>"""


def row() -> dict:
    body = "\n".join(line for _, line in BODY)
    return {"编号": "a-7", "标题": TITLE, "作者": "、".join(AUTHORS), "日期": DAY, "正文": body}


def json_lines() -> str:
    return json.dumps(row(), ensure_ascii=False) + "\n"


def csv(delimiter: str = ",") -> str:
    cells = ['"' + value.replace('"', '""') + '"' for value in row().values()]
    return delimiter.join(row()) + "\r\n" + delimiter.join(cells) + "\r\n"


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def paragraph(content: str, style: str = "", runs: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs or f'<w:r><w:t>{escape(content)}</w:t></w:r>'}</w:p>"


def word(body: str = "", title: str = "Microsoft Word - 1.docx", author: str = "微软用户", **parts):
    """Return a Word file; without a body, the essay as Word's Chinese edition names its styles."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in [
            *(("a3", "Title"), ("1", "heading 1"), ("2", "heading 2"), ("a5", "Quote")),
            *(("a7", "List Paragraph"), ("a8", "caption")),
        ]
    )
    if not body:
        body = paragraph(TITLE, "a3") + paragraph(f"作者：{'、'.join(AUTHORS)}")
        body += paragraph(f"日期：{DAY}")
        body += "".join(paragraph(line, str(level - 1) if level else "") for level, line in BODY)
    numbering = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">'
        + "".join(
            f'<w:lvl w:ilvl="{depth}"><w:numFmt w:val="{form}"/></w:lvl>' for depth in range(3)
        )
        + f'</w:abstractNum><w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
        for n, form in ((1, "bullet"), (2, "decimal"))
    )
    kinds = {"styles": "styles", "numbering": "numbering"}
    return zipped(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_P}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
            + "".join(
                f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{name}+xml"/>'
                for name in kinds
            )
            + "</Types>",
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{_P}/relationships">'
            f'<Relationship Id="r1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
            "word/_rels/document.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{_P}/relationships">'
            + "".join(
                f'<Relationship Id="{name}" Type="{_R}/{name}" Target="{name}.xml"/>'
                for name in kinds
            )
            + f'<Relationship Id="web" Type="{_R}/hyperlink" Target="https://example.org/a?b=1&amp;c=2" TargetMode="External"/>'
            f'<Relationship Id="bad" Type="{_R}/hyperlink" Target="javascript:alert(1)" TargetMode="External"/>'
            f'<Relationship Id="pic" Type="{_R}/image" Target="media/a.png"/>'
            "</Relationships>",
            "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_W}" xmlns:r="{_R}" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
            'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f"<w:body>{body}</w:body></w:document>",
            "word/styles.xml": f'<?xml version="1.0"?><w:styles xmlns:w="{_W}">{styles}</w:styles>',
            "word/numbering.xml": f'<?xml version="1.0"?><w:numbering xmlns:w="{_W}">{numbering}</w:numbering>',
            "word/media/a.png": b"\x89PNG\r\n\x1a\n",
            "docProps/core.xml": f'<?xml version="1.0"?><cp:coreProperties xmlns:cp="{_P}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></cp:coreProperties>",
        }
        | parts
    )


def epub(chapters: list[str] | None = None, **parts) -> bytes:
    """Return an EPUB; without chapters, the essay in two."""
    if chapters is None:
        split = _markup().split("<h2>二")
        chapters = [split[0], f"<h2>二{split[1]}"]
    items = "".join(
        f'<item id="c{n}" href="Text/c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    pages = {
        f"OEBPS/Text/c {n}.xhtml": '<?xml version="1.0" encoding="utf-8"?>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/></head>'
        f'<body><a id="top"/>{chapter}</body></html>'
        for n, chapter in enumerate(chapters)
    }
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>',
            "OEBPS/content.opf": '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            f"<dc:title>{TITLE}</dc:title>{''.join(f'<dc:creator>{a}</dc:creator>' for a in AUTHORS)}"
            f"<dc:date>{DAY}</dc:date></metadata><manifest>{items}"
            '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
            '</manifest><spine><itemref idref="nav"/>'
            + "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
            + "</spine></package>",
            "OEBPS/nav.xhtml": "<html><body><nav><ol><li><a href='Text/c%200.xhtml'>目录</a></li></ol></nav></body></html>",
        }
        | pages
        | parts
    )
