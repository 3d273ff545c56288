"""The same essay from every format; the structure each can hold."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.edits import Edit, Record, apply
from articles.importing.files import collect
from articles.importing.pipeline import draft_of, make_draft
from articles.importing.readers import UnreadableFile
from articles.importing.structure.as_html import from_blocks
from articles.intake import library
from articles.models import Tag
from articles.text import html, script

from ..support import formats
from ..support.places import FILES

PDF = (FILES / "essay.pdf").read_bytes()
FILES = {
    "a.txt": formats.text().encode(),
    "b.txt": formats.text().encode("gb18030"),
    "a.md": formats.markdown().encode(),
    "a.html": formats.page().encode(),
    "b.htm": formats.page().replace("utf-8", "gb2312").encode("gb18030"),
    "a.docx": formats.word(),
    "a.epub": formats.epub(),
    "a.pdf": PDF,
    "a.jsonl": formats.json_lines().encode(),
    "a.csv": formats.csv().encode(),
    "b.csv": formats.csv(";").encode("gb18030"),
    "c.csv": b"\xef\xbb\xbf" + formats.csv().encode(),
    "d.csv": formats.csv("\t").encode("utf-16"),
    "a.tsv": formats.csv("\t").encode("gb18030"),
}
SOURCES = {
    "a.txt": "line",
    "b.txt": "line",
    "a.md": "front-matter",
    "a.html": "heading",
    "b.htm": "heading",
    "a.docx": "heading",
    "a.epub": "property",
    "a.pdf": "heading",
}


def drafts(folder: Path):
    for file in collect([folder], lambda *skipped: pytest.fail(str(skipped))):
        yield file, make_draft(file.read(), file.name)


@pytest.mark.parametrize("name", FILES)
def test_the_same_essay_comes_out_of_every_format(name, essays):
    [(_, draft)] = drafts(essays({name: FILES[name]}))
    assert draft.title == formats.TITLE
    assert draft.title_source == SOURCES.get(name, "column")
    assert draft.authors == formats.AUTHORS
    assert draft.stated_date == date.fromisoformat(formats.DAY)
    assert [(block.level, block.text) for block in draft.blocks] == formats.BODY
    assert [flag.kind for flag in draft.flags] == []
    assert apply(draft.source_text, draft.edits) == draft.clean_text


def test_all_of_them_are_one_essay(essays):
    keys = {draft.text_key for _, draft in drafts(essays(FILES))}
    assert len(keys) == 1


MARKUP = (
    '<p><strong>一線</strong>職工說，<a href="https://example.org/a?b=1&amp;c=2">手套</a>要'
    "<em>厚</em>些。</p>"
    "<ul><li>聽職工說</li><li>替職工辦<ol><li>先問</li><li>再辦</li></ol></li></ul>"
    "<blockquote><p>職工利益無小事。</p><p>件件有回音。</p></blockquote>"
    "<table><tr><th>項目</th><th>人數</th></tr><tr><td>走訪</td><td>38</td></tr></table>"
    '<p><a href="javascript:alert(1)">壞連結</a>也只是字。</p>'
    '<p><img src="https://example.org/1.jpg" alt="走訪"></p>'
)
MARKDOWN = """**一線**職工說，[手套](https://example.org/a?b=1&c=2)要*厚*些。

- 聽職工說
- 替職工辦
    1. 先問
    2. 再辦

> 職工利益無小事。
>
> 件件有回音。

|項目|人數|
|---|---|
|走訪|38|

<a href="javascript:alert(1)">壞連結</a>也只是字。<script>alert(1)</script>

![走訪](https://example.org/1.jpg)
"""
STRUCTURED = {
    "a.html": f"<html><body><h1>手套</h1>{MARKUP}</body></html>".encode(),
    "a.md": f"# 手套\n\n{MARKDOWN}".encode(),
    "a.epub": formats.epub([f"<h1>手套</h1>{MARKUP}"]),
    "a.row": json.dumps({"title": "手套", "body": MARKUP}).encode(),
}


@pytest.mark.parametrize("name", STRUCTURED)
def test_lists_tables_quotes_links_and_images_are_kept(name):
    draft = make_draft(STRUCTURED[name], name)
    assert draft.title == "手套"
    assert from_blocks(draft.blocks).split("\n") == [
        '<p><strong>一線</strong>職工說，<a href="https://example.org/a?b=1&amp;c=2">手套</a>要<em>厚</em>些。</p>',
        "<ul><li><p>聽職工說</p></li><li><p>替職工辦</p><ol><li><p>先問</p></li><li><p>再辦</p></li></ol></li></ul>",
        "<blockquote><p>職工利益無小事。</p>",
        "<p>件件有回音。</p></blockquote>",
        "<table><tbody><tr><th><p>項目</p></th><th><p>人數</p></th></tr>"
        "<tr><td><p>走訪</p></td><td><p>38</p></td></tr></tbody></table>",
        "<p>壞連結也只是字。</p>",
        '<p><img src="https://example.org/1.jpg" alt="走訪"></p>',
    ]
    assert [block.as_json()["type"] for block in draft.blocks] == [
        *("paragraph", "list", "quote", "table", "paragraph", "image")
    ]
    assert draft.blocks[1].as_json()["items"][2] == {"text": "先問", "depth": 2, "number": 1}
    assert draft.blocks[3].as_json()["rows"] == [["項目", "人數"], ["走訪", "38"]]
    assert "\ufffc" not in draft.blocks[5].text


@pytest.mark.parametrize("name", STRUCTURED)
def test_what_was_built_is_what_the_database_keeps(name):
    """The sanitiser has nothing to take out but what it adds to links."""
    markup = from_blocks(make_draft(STRUCTURED[name], name).blocks)
    assert html.sanitise(markup).replace(' rel="noopener nofollow"', "") == markup


def test_marks_follow_the_text_through_its_repairs():
    noisy = (
        "<h1>職工說的話</h1><p>分享到: | 更多 |</p><p>工會(huì)要<b>聽職工說,會(huì)聽</b>,工會(huì)要辦事,"
        '<a href="http://a.cn/">會(huì)辦\r\n的會(huì)</a>員,都是職工的工會(huì)。</p>'
        "<ul><li>一是聽,一點一點聽</li><li>二是辦</li></ul>"
    )
    draft = make_draft(noisy.encode(), "a.html")
    assert from_blocks(draft.blocks) == (
        "<p>工會要<strong>聽職工說，會聽</strong>，工會要辦事，"
        '<a href="http://a.cn/">會辦的會</a>員，都是職工的工會。</p>\n'
        "<ul><li><p>一是聽，一點一點聽</p></li><li><p>二是辦</p></li></ul>"
    )
    assert apply(draft.source_text, draft.edits) == draft.clean_text


def test_word_keeps_what_its_users_set():
    link = '<w:hyperlink r:id="{}"><w:r><w:t>{}</w:t></w:r></w:hyperlink>'
    item = (
        '<w:p><w:pPr><w:pStyle w:val="a7"/><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
        "</w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"
    )
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    picture = (
        '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="pic"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    body = (
        formats.paragraph("手套", "a3")
        + formats.paragraph("一、聽", "1")
        + formats.paragraph(
            "",
            runs="<w:r><w:rPr><w:b/></w:rPr><w:t>一線</w:t></w:r><w:r><w:t>職工說，</w:t></w:r>"
            + link.format("web", "手套")
            + link.format("bad", "壞")
            + picture,
        )
        + item.format(0, 1, "聽")
        + item.format(1, 2, "先問")
        + formats.paragraph("件件有回音。", "a5")
        + f"<w:tbl><w:tr>{cell.format('項目')}{cell.format('人數')}</w:tr>"
        f"<w:tr>{cell.format('走訪')}{cell.format('38')}</w:tr></w:tbl>"
    )
    draft = make_draft(formats.word(body), "a.docx")
    assert from_blocks(draft.blocks) == (
        "<h2>一、聽</h2>\n"
        '<p><strong>一線</strong>職工說，<a href="https://example.org/a?b=1&amp;c=2">手套</a>壞</p>\n'
        "<ul><li><p>聽</p><ol><li><p>先問</p></li></ol></li></ul>\n"
        "<blockquote><p>件件有回音。</p></blockquote>\n"
        "<table><tbody><tr><td><p>項目</p></td><td><p>人數</p></td></tr>"
        "<tr><td><p>走訪</p></td><td><p>38</p></td></tr></tbody></table>"
    )
    assert not [f for f in draft.flags if f.kind == "images-dropped"]
    assert [m.value for m in draft.marks if m.kind == "image"] == ["part:word/media/a.png"]


def test_numbers_word_sets_by_itself_stand_in_the_headings():
    def level(depth, form, text):
        return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    numbering = (
        f'<w:numbering {space}><w:abstractNum w:abstractNumId="5">{level(0, "chineseCountingThousand", "%1、")}'
        f"{level(1, 'decimal', '%2.')}</w:abstractNum>"
        '<w:num w:numId="9"><w:abstractNumId w:val="5"/></w:num></w:numbering>'
    )
    styles = f"<w:styles {space}>" + "".join(
        f'<w:style w:type="paragraph" w:styleId="{n}"><w:name w:val="heading {n}"/><w:pPr><w:numPr>'
        f'<w:ilvl w:val="{n - 1}"/><w:numId w:val="9"/></w:numPr></w:pPr></w:style>'
        for n in (1, 2)
    )
    lines = [
        ("聽", "1"),
        ("先問", "2"),
        ("再聽", "2"),
        (formats.PART_ONE, ""),
        ("辦", "1"),
        ("當場辦", "2"),
    ]
    body = "".join(formats.paragraph(*line) for line in lines) + formats.paragraph(formats.PART_TWO)
    parts = {"word/numbering.xml": numbering, "word/styles.xml": f"{styles}</w:styles>"}
    draft = make_draft(formats.word(body, **parts), "a.docx")
    assert [(block.level, block.text) for block in draft.headings] == [
        *((2, "一、聽"), (3, "1.先问"), (3, "2.再听"), (2, "二、辦"), (3, "1.当场办"))
    ]


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("Microsoft Word - 1.docx", "Administrator"),
        ("无标题文档", "微软用户"),
        ("新建 Microsoft Word 文档.doc", "User"),
        ("", ""),
        ("Untitled-1", "Lenovo"),
    ],
)
def test_what_a_program_filled_in_is_no_title_and_no_author(title, author):
    body = formats.paragraph(formats.PART_ONE) + formats.paragraph(formats.PART_TWO)
    draft = make_draft(formats.word(body, title, author), "a.docx")
    assert draft.authors == []
    assert {"missing-title", "missing-author"} <= {flag.kind for flag in draft.flags}


def test_what_a_person_filled_in_is_taken_where_the_text_says_nothing():
    body = formats.paragraph(formats.PART_ONE) + formats.paragraph(formats.PART_TWO)
    draft = make_draft(formats.word(body, "把話聽完", "王芳"), "a.docx")
    assert (draft.title, draft.title_source, draft.authors) == ("把話聽完", "property", ["王芳"])


def test_the_text_of_a_page_speaks_before_its_head():
    page = (
        "<title>聽話_某網</title><meta name=author content=李明><meta name=PubDate content=2020-01-02>"
        f"<h1>把話聽完再去辦</h1><p>作者：王芳</p><p>{formats.PART_ONE}</p><p>{formats.PART_TWO}</p>"
    )
    draft = make_draft(page.encode(), "a.html")
    assert (draft.title, draft.authors) == ("把话听完再去办", ["王芳"])
    assert draft.stated_date == date(2020, 1, 2)
    assert "upload-date" in [flag.kind for flag in draft.flags]


def test_a_body_can_be_built_again_from_what_is_stored(db):
    for name, raw in [*FILES.items(), *STRUCTURED.items()]:
        if name.endswith((".csv", ".tsv", ".jsonl")):
            continue
        draft = make_draft(raw, name, vocabulary=Tag.objects.vocabulary())
        stored = library.store(draft, f"/{name}", name)
        if stored.outcome != library.CREATED:
            continue
        source = stored.article.source
        source.refresh_from_db()
        edits = [Edit(**edit) for edit in source.edits]
        again = draft_of(Record(source.text, edits=edits), library.source_text(source))
        assert again.blocks == draft.blocks
        assert (again.title, again.authors) == (draft.title, draft.authors)


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "</ul>", "<table><tr><td>", "<td>"),
                *(
                    "</table>",
                    "<h2>",
                    "</h2>",
                    "<a href='http://a.cn'>",
                    "</a>",
                    "<br>",
                    "<img src=http://a/1>",
                ),
                *(
                    "工會(huì)",
                    "壹",
                    ",",
                    "(",
                    '"',
                    "分享到: | 更多 |",
                    "一、聽。",
                    "\n",
                    " ",
                    "　",
                    "* * *",
                    "<",
                ),
                *(
                    "职工会听" * 20,
                    "&nbsp;",
                    "<blockquote>",
                    "</blockquote>",
                    "<script>",
                    "</script>",
                    "A",
                ),
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_markup_is_accounted_for(markup):
    try:
        draft = make_draft(f"<p>工會{markup}".encode(), "a.html")
    except UnreadableFile:
        return
    assert apply(draft.source_text, draft.edits) == draft.clean_text
    body = html.plain_text(from_blocks(draft.blocks))
    kept = "".join(line for line in [*draft.extracted, draft.title, body])
    for letter in set(re.findall(r"\w", draft.clean_text)):
        assert letter in kept
    for mark in draft.marks:
        assert 0 <= mark.start <= mark.end <= len(draft.source_text)


@pytest.mark.parametrize(
    ("name", "text", "stated"),
    [
        ("a.csv", f"標題,日期,正文\n手套,2022-13-40,{formats.PART_ONE}\n", "2022-13-40"),
        ("a.md", f"---\ntitle: 手套\ndate: 2024-02-30\n---\n{formats.PART_ONE}\n", "2024-02-30"),
        (
            "a.txt",
            f"手套與工會\n日期：2022-13-40\n{formats.PART_ONE}\n{formats.PART_TWO}",
            "2022-13-40",
        ),
        ("b.md", f"---\ntitle: 手套\n---\n{formats.PART_ONE}\n", ""),
    ],
)
def test_a_stated_date_that_cannot_be_is_quoted_in_the_flag(name, text, stated, essays):
    [(_, draft)] = drafts(essays({name: text.encode()}))
    [message] = [flag.message for flag in draft.flags if flag.kind == "missing-date"]
    assert draft.stated_date is None
    assert (f"「{stated}」，這不是日期" in message) == bool(stated)
    assert ("沒有寫明" in message) != bool(stated)


def test_a_heading_that_is_bold_as_a_whole_is_just_a_heading():
    page = (
        f"<h1>手套</h1><h2><strong>一、先</strong> <b>聽</b></h2><p><b>聽</b>。{formats.PART_ONE}</p>"
        f"<h2>二、<strong>再</strong>走</h2><p>{formats.PART_TWO}</p>"
    )
    body = from_blocks(make_draft(page.encode(), "a.html").blocks)
    assert "<h2>一、先 聽</h2>" in body
    assert "<h2>二、<strong>再</strong>走</h2>" in body
    assert "<p><strong>聽</strong>。" in body


@pytest.mark.parametrize("site", ["", "<p>作者：李明</p><p>關鍵詞：手套</p>"])
def test_the_head_of_a_page_speaks_where_the_text_is_silent(site):
    page = (
        "<title>手套</title><meta name=keywords content='職代會, 維權'><meta name=author content=王芳>"
        f"<h1>手套</h1>{site}<p>{formats.PART_ONE}</p><p>{formats.PART_TWO}</p>"
    )
    draft = make_draft(page.encode(), "a.html")
    assert draft.authors == (["李明"] if site else ["王芳"])
    assert [script.fold(word) for word in draft.keywords] == (
        ["手套"] if site else ["职代会", "维权"]
    )


def test_a_site_in_the_head_of_a_page_is_no_author():
    page = f"<title>手套</title><meta name=author content=中工网><h1>手套</h1><p>{formats.PART_ONE}</p>"
    assert make_draft(page.encode(), "a.html").authors == []
