"""Texts to take away: EPUB, Word and Markdown, of one article and of many."""

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from articles.models import Article, Author, Rendition, Tag
from articles.reading import takeaway
from articles.reading.exports import FORMATS, Book, Chapter, Words, epub
from articles.reading.exports.book import blocks_of, grid, line
from articles.text import html

ADDRESS = "https://library.example/zh-hant/articles/1-x/"
WORDS = Words("作者：", "日期：", "網站上傳：", "來源：", "標籤：", "取自：", "目錄", "圖：")
MARKDOWN = MarkdownIt("commonmark").enable("table")

HOSTILE = html.with_outline(
    html.sanitise(
        """<p>開頭<strong>《工會法》</strong>規定，<em>“強調”</em>與<strong><em>兩者</em></strong>，接<em>一</em><strong>二</strong>。</p>
    <p># 不是標題</p><p>- 不是列表</p><p>12. 不是編號</p><p>=</p><p>--- </p><p>&gt; 不是引文</p><p>```</p>
    <p>a*b*c _d_ [x](y) `z` &lt;b&gt;粗&lt;/b&gt; a|b ~~s~~ \\* &amp;amp; &copy; ![圖](z)</p>
    <p>第一行<br>- 第二行<br><br>第三行</p><p>\u202e倒寫\u202c \u200f阿\u200e \u0001\u0008\u000b\ufffe\uffff尾</p>
    <p></p><p><br></p><p><strong> </strong></p><h2 id="s1">一、標題<br>第二行 #</h2><h4 id="s2">跳級</h4><h3 id="s3">回來</h3>
    <ul><li><p>甲</p><ul><li>甲一<ol start="7"><li><p>七</p><p>七續</p></li><li></li></ol></li></ul></li><li><h3>題</h3></li>沒有項目</ul>
    <ul><li>另一列表</li></ul><ol><li>壹</li></ol><ol start="3"><li><blockquote><p>項中引文</p></blockquote></li></ol>
    <blockquote>裸文字<p>引文<br>二行</p><ul><li>引中列表</li></ul></blockquote><blockquote><blockquote><p>再引</p></blockquote></blockquote>
    <table><thead><tr><th>頭 | 一</th><th colspan="2"><p>頭二</p></th></tr></thead><tbody><tr><td rowspan="2"><p>甲</p><p>乙</p></td><td>丙</td><td><ul><li>丁</li></ul></td></tr><tr><td colspan="9">戊<table><tr><td>己</td></tr></table></td></tr><tr></tr></tbody></table>
    <table></table><table><tr><td></td></tr></table><li>散項</li><td>散格</td>
    <p><a href="https://e.org/a(b) c?q=工會&amp;r=1#頭">連]結</a><a href="#s1">內部</a><a href="#none">沒有</a><a href="/zh-hant/">相對</a>
    <a href="http://[bad">壞</a><a href="http://">空</a><a href="mailto:a@b.org?subject=x y">信</a><a href="http://e.org:99999/">埠</a><a href="https://例子.測試/路">中文域</a></p>
    <p>看！<img src="https://e.org/p q.png" alt="圖]解">圖 <a href="https://e.org/"><img src="https://e.org/2.png"></a></p>
    <p><strong>粗<br>體</strong>尾</p><em><p>塊在<strong>行</strong>內</p></em><p>\u3000\u3000縮排</p>"""
    )
).markup


def chapter(body=HOSTILE, title="題", **fields):
    defaults = {"authors": ("劉明", "王芳"), "date": "2011-03", "shown_date": "2011年3月", "source_name": "工人時報", "summary": "摘要一。\n\n摘要二。", "tags": ("維權",)}  # fmt: skip
    return Chapter(title, ADDRESS, blocks_of(body, ADDRESS), **(defaults | fields))


def book(*chapters, title="題", language="zh-Hant", introduction=""):
    modified, opening = datetime(2026, 3, 1, 8, 30, tzinfo=UTC), blocks_of(introduction, ADDRESS)
    return Book(title, language, ADDRESS, modified, "工會書房", WORDS, list(chapters), opening)


HOSTILE_INTRODUCTION = """<p>導言一。</p><h3 id="s1">題</h3><p><strong>導言二</strong> &amp; &lt;p&gt; \u0001
    <a href="#s1">上文</a></p><ul><li>甲</li></ul>"""
HOSTILE_TITLE = "a: \"引號\" '單' --- \n# <b>&amp; ]]> \u0000\u0007\u202e\ufffe [工會] 100% \\ |"
ONE = book(chapter(title=HOSTILE_TITLE), title=HOSTILE_TITLE)
MANY = book(
    chapter(title=HOSTILE_TITLE), chapter("<p>沒有標題的一章。</p>", "第二章", authors=(), date="", shown_date="", source_name="", summary="", tags=()),
    chapter("", "空章", authors=("王芳",)), title="專題：" + HOSTILE_TITLE, language="zh-Hans", introduction=HOSTILE_INTRODUCTION,
)  # fmt: skip


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(body: str) -> str:
    """Return all text of a body, without what no XML has, and space."""
    return squeezed(line(html.plain_text(body)))


PIECES = [
    *'工會a <>/="#&;|*_-1.\n',
    *("<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<ol start=2>", "</ol>", "<br>", "<h2>"),
    *("</h2>", "<table>", "</table>", "<tr>", "<td colspan=2>", "<th rowspan=3>", "</td>"),
    *("<blockquote>", "</blockquote>", "<strong>", "</strong>", "<em>", "</em>", "<a href=/x>"),
    *("</a>", "1. ", "***", "  ", "《"),
    *("<img src=/x>", "<figure><img src=/x><figcaption>", "</figcaption></figure>", "<figure>"),
]


class TestBlocks:
    def test_nothing_is_lost_and_nothing_is_added(self):
        assert squeezed("".join(block.text for block in blocks_of(HOSTILE, ADDRESS))) == squeezed(
            text_of(HOSTILE).replace("看！", "看！圖]解")
        )

    @given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
    def test_of_any_markup_all_text_stands_in_strict_blocks(self, markup):
        body = html.sanitise(markup)
        blocks = blocks_of(body, ADDRESS)
        assert squeezed("".join(block.text for block in blocks)) == text_of(body)
        waiting = [("", block) for block in blocks]
        while waiting:
            holder, block = waiting.pop()
            assert (block.kind == "item") == (holder in ("bullets", "numbers"))
            assert (block.kind == "row") == (holder == "table")
            assert (block.kind == "cell") == (holder == "row")
            assert bool(block.runs) == (block.kind in ("heading", "paragraph", "caption"))
            assert block.kind != "caption" or holder == "figure"
            waiting += [(block.kind, part) for part in block.parts]
        one = book(chapter(body))
        assert text_of(body) in squeezed(rendered(FORMATS["md"].write(one)))
        for page in pages(FORMATS["epub"].write(one)).values():
            etree.fromstring(page)

    def test_a_caption_stands_below_its_picture_in_every_format(self):
        figure = "<figure><img src=/x alt=會場><figcaption>會場<strong>一角</strong></figcaption></figure>"
        one = book(chapter(html.sanitise(f"<p>前</p>{figure}<p>後</p>")))
        [page] = [p for n, p in pages(FORMATS["epub"].write(one)).items() if "chapter" in n]
        shown = etree.fromstring(page).find(".//{*}figure")
        assert [child.tag.rpartition("}")[2] for child in shown] == ["p", "figcaption"]
        assert "".join(shown[1].itertext()) == "會場一角"
        word = Document(io.BytesIO(FORMATS["docx"].write(one))).paragraphs
        [below] = [part for part in word if part.style.name == "Caption"]
        assert below.text == "會場一角"
        assert "<em>會場</em><strong><em>一角</em></strong>" in FORMATS["md"].write(one).decode()

    def test_links_lead_where_they_do_on_the_page(self):
        found = {}
        waiting = blocks_of(HOSTILE, ADDRESS)
        while waiting:
            block = waiting.pop()
            waiting += block.parts
            found |= {run.text.strip(): run.link for run in block.runs}
        assert found["連]結"] == "https://e.org/a(b)c?q=%E5%B7%A5%E6%9C%83&r=1#%E9%A0%AD"
        assert found["內部"] == "#s1"
        assert found["相對"] == "https://library.example/zh-hant/"
        assert found["中文域"] == "https://xn--fsqu00a.xn--g6w251d/%E8%B7%AF"
        assert found["信"].startswith("mailto:a@b.org?subject=")
        for name in ("沒有", "壞", "空", "埠"):
            assert not found.get(name), name

    def test_very_deep_markup_does_not_break_anything(self):
        body = html.sanitise("<ul><li>" * 3000 + "底" + "</li></ul>" * 3000)
        one = book(chapter(body))
        for format in FORMATS.values():
            assert format.write(one)
        assert squeezed("".join(block.text for block in blocks_of(body, ADDRESS))) == "底"

    def test_a_grid_has_as_many_places_in_each_row(self):
        [table, _] = [block for block in blocks_of(HOSTILE, ADDRESS) if block.kind == "table"]
        rows = grid(table)
        assert len({len(row) for row in rows}) == 1
        assert [cell.text for cell, begins in rows[0] if cell and begins] == ["頭 | 一", "頭二"]
        assert rows[2][0][0] is rows[1][0][0]


@pytest.mark.parametrize("one", [ONE, MANY], ids=["article", "collection"])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_book_is_the_same_bytes_each_time(one, kind, monkeypatch):
    first = FORMATS[kind].write(one)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert FORMATS[kind].write(one) == first


def needed(*commands: str) -> str:
    """Return the first of these commands there is; without one skip, and fail in CI."""
    for command in commands:
        if found := shutil.which(command):
            return found
    reason = f"this machine has no {commands[0]}"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}: .ci/run installs it", pytrace=False)
    pytest.skip(reason)


def pages(epub: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(("html", "opf", "xml"))}  # fmt: skip


XHTML = {"h": "http://www.w3.org/1999/xhtml", "dc": "http://purl.org/dc/elements/1.1/"}


class TestEpub:
    @pytest.mark.parametrize("one", [ONE, MANY], ids=["article", "collection"])
    def test_epubcheck_finds_nothing(self, one, tmp_path):
        checker = needed("epubcheck")
        # Debian's command is a Java archive, which not every kernel can start by itself.
        command = [needed("java"), "-jar", os.path.realpath(checker)]
        if not zipfile.is_zipfile(command[-1]):
            command = [checker]
        file = tmp_path / "book.epub"
        file.write_bytes(FORMATS["epub"].write(one))
        result = subprocess.run([*command, "--failonwarnings", str(file)], capture_output=True, text=True, timeout=240, check=False)  # fmt: skip
        assert result.returncode == 0, result.stdout + result.stderr
        assert "0 fatals / 0 errors / 0 warnings" in result.stdout

    def test_the_type_comes_first_and_plain(self):
        epub = FORMATS["epub"].write(ONE)
        assert epub[30:58] == b"mimetypeapplication/epub+zip"

    def test_it_says_what_it_is(self):
        made = pages(FORMATS["epub"].write(ONE))
        package = etree.fromstring(made["EPUB/package.opf"])
        values = {name: package.xpath(f"//dc:{name}/text()", namespaces=XHTML) for name in ("language", "creator", "source", "date", "subject", "description", "publisher")}  # fmt: skip
        assert values == {"language": ["zh-Hant"], "creator": ["劉明", "王芳"], "source": [ADDRESS], "date": ["2011-03"], "subject": ["維權"], "description": ["摘要一。 摘要二。"], "publisher": ["工會書房"]}  # fmt: skip
        page = etree.fromstring(made["EPUB/chapter-1.xhtml"])
        assert page.get("lang") == "zh-Hant"
        text = "".join(page.itertext())
        for said in ("作者：劉明、王芳", "日期：2011年3月", "來源：工人時報", f"取自：{ADDRESS}"):
            assert said in text
        for block in blocks_of(HOSTILE, ADDRESS):
            if not any(run.picture for run in block.runs):
                assert squeezed(block.text) in squeezed(text)

    def test_contents_are_nested_as_the_headings_are(self):
        made = pages(FORMATS["epub"].write(ONE))
        nav = etree.fromstring(made["EPUB/nav.xhtml"])
        depth = {a.text: len(list(a.iterancestors("{*}ol"))) for a in nav.iterfind(".//h:a", XHTML)}
        assert (depth["一、標題 第二行 #"], depth["跳級"], depth["回來"]) == (2, 3, 3)
        for link in nav.iterfind(".//h:a", XHTML):
            name, _, anchor = link.get("href").partition("#")
            target = etree.fromstring(made[f"EPUB/{name}"])
            assert not anchor or target.xpath("//*[@id=$id]", id=anchor)

    def test_each_chapter_is_made_when_the_one_before_is_packed(self, monkeypatch):
        made, page_of = [], epub._page
        monkeypatch.setattr(epub, "_page", lambda *told: made.append(told) or page_of(*told))
        for name, _ in epub._documents(MANY):
            packed = re.fullmatch(r"EPUB/chapter-(\d+)\.xhtml", name)
            assert not packed or len(made) == int(packed[1])
        assert len(made) == len(MANY.chapters) > 1

    def test_a_collection_has_its_title_page_and_all_chapters_in_order(self):
        made = pages(FORMATS["epub"].write(MANY))
        nav = etree.fromstring(made["EPUB/nav.xhtml"])
        top = [li[0].text for li in nav.iterfind("./h:body/h:nav/h:ol/h:li", XHTML)]
        assert top == [line(MANY.title), line(HOSTILE_TITLE), "第二章", "空章"]
        assert "導言二 & <p>" in "".join(etree.fromstring(made["EPUB/title.xhtml"]).itertext())
        described = etree.fromstring(made["EPUB/package.opf"]).findtext(".//{*}description")
        assert described == "導言一。"


class TestWord:
    def text(self, one, tmp_path) -> str:
        office = needed("soffice", "libreoffice")
        (tmp_path / "book.docx").write_bytes(FORMATS["docx"].write(one))
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(tmp_path / "book.docx")]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        assert (tmp_path / "book.txt").exists(), done.stderr
        return (tmp_path / "book.txt").read_text(encoding="utf-8-sig")

    def test_libreoffice_opens_it_and_reads_all_of_it(self, tmp_path):
        text = squeezed(self.text(MANY, tmp_path))
        at = 0
        for said in (line(MANY.title), "導言一。", line(HOSTILE_TITLE), "摘要二。", "第三行", "項中引文", "戊", "塊在行內", "第二章", "沒有標題的一章。", "空章"):  # fmt: skip
            # Bullets and numbers stand between paragraphs, nothing stands within one.
            at = text.find(squeezed(said), at)
            assert at >= 0, said

    def test_it_has_every_paragraph(self):
        document = Document(io.BytesIO(FORMATS["docx"].write(ONE)))
        written = squeezed("".join(t.text or "" for t in document.element.body.iter(qn("w:t"))))
        for block in blocks_of(HOSTILE, ADDRESS):
            if block.kind in ("heading", "paragraph") and not any(run.picture for run in block.runs):  # fmt: skip
                assert squeezed(block.text) in written

    def test_structure_is_words_own(self):
        document = Document(io.BytesIO(FORMATS["docx"].write(ONE)))
        styles = [(p.style.name, squeezed(p.text)) for p in document.paragraphs]
        assert ("Heading 1", squeezed(line(HOSTILE_TITLE))) in styles
        assert ("Heading 2", "一、標題第二行#") in styles
        assert ("Heading 4", "跳級") in styles
        assert ("Quote", "再引") in styles
        [table, _] = document.tables
        assert [cell.text for cell in table.rows[0].cells][:2] == ["頭 | 一", "頭二"]
        assert table.cell(1, 0)._tc is table.cell(2, 0)._tc
        links = {r.target_ref for r in document.part.rels.values() if r.is_external}
        assert {ADDRESS, "https://library.example/zh-hant/", "https://e.org/pq.png"} <= links
        assert not any("bad" in link or link == "http://" for link in links)

    @pytest.mark.parametrize(
        ("language", "font", "tag"),
        [("zh-Hans", "宋体", "zh-CN"), ("zh-Hant", "新細明體", "zh-TW")],
    )
    def test_fonts_and_language_are_those_of_the_script(self, language, font, tag):
        one = book(chapter("<p>字</p>"), language=language)
        document = Document(io.BytesIO(FORMATS["docx"].write(one)))
        style = document.styles["Normal"].element.rPr
        assert style.rFonts.get(qn("w:eastAsia")) == font
        assert style.find(qn("w:lang")).get(qn("w:eastAsia")) == tag
        for fonts in document.styles.element.iter(qn("w:rFonts")):
            assert not [name for name in fonts.attrib if name.endswith("Theme")]

    def test_it_says_what_it_is(self):
        properties = Document(io.BytesIO(FORMATS["docx"].write(ONE))).core_properties
        assert properties.title == line(HOSTILE_TITLE)[:255]
        assert properties.author == "劉明; 王芳"
        assert (properties.language, properties.identifier) == ("zh-Hant", ADDRESS)
        assert properties.modified == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)

    def test_each_list_counts_from_its_own_start(self):
        body = "<ol><li>甲</li></ol><p>x</p><ol start='5'><li>乙</li></ol>"
        document = Document(io.BytesIO(FORMATS["docx"].write(book(chapter(body)))))
        used = [n.get(qn("w:val")) for n in document.element.body.iter(qn("w:numId"))]
        assert len(set(used)) == 2
        starts = {
            num.get(qn("w:numId")): num.find(f".//{qn('w:startOverride')}").get(qn("w:val"))
            for num in document.part.numbering_part.element.findall(qn("w:num"))
            if num.find(f".//{qn('w:startOverride')}") is not None
        }
        assert [starts[number] for number in used] == ["1", "5"]


def front_matter(markdown: bytes) -> tuple[dict, str]:
    """Return the fields, read as the part of YAML they are written in, and the rest."""
    head, _, rest = markdown.decode().removeprefix("---\n").partition("\n---\n")
    fields, name = {}, ""
    for one in head.split("\n"):
        if one.startswith("  - "):
            fields.setdefault(name, []).append(json.loads(one[4:]))
        else:
            name, _, value = one.partition(":")
            if value:
                fields[name] = json.loads(value)
    return fields, rest


def rendered(markdown: bytes) -> str:
    """Return the text of Markdown as a reader of CommonMark shows it."""
    made = MARKDOWN.render(front_matter(markdown)[1])
    root = etree.fromstring(f"<div>{made}</div>", etree.HTMLParser())
    return "".join(root.itertext())


class TestMarkdown:
    def test_it_reads_back_as_the_article(self):
        body = re.sub("<img[^>]*>", "", HOSTILE)
        markdown = FORMATS["md"].write(book(chapter(body)))
        assert text_of(body) in squeezed(rendered(markdown))

    def test_it_reads_back_block_by_block(self):
        body = re.sub("<img[^>]*>", "", HOSTILE)
        made = MARKDOWN.render(front_matter(FORMATS["md"].write(book(chapter(body, summary=""))))[1])  # fmt: skip
        again = blocks_of(html.sanitise(made), ADDRESS)[2:-1]  # without title, facts and source
        assert shape(again) == shape(blocks_of(body, ADDRESS))

    def test_emphasis_beside_chinese_marks_is_kept(self):
        made = MARKDOWN.render(front_matter(FORMATS["md"].write(book(chapter())))[1])
        assert "開頭<strong>《工會法》</strong>規定，<em>“強調”</em>與" in made
        assert "<strong><em>兩者</em></strong>，接<em>一</em><strong>二</strong>。" in made
        assert "<strong>粗<br />\n體</strong>尾" in made

    def test_simple_emphasis_is_in_marks(self):
        markdown = FORMATS["md"].write(book(chapter("<p>要<strong>走進</strong>班組</p>")))
        assert "要**走進**班組" in markdown.decode()

    def test_front_matter_is_what_any_reader_takes(self):
        fields, _ = front_matter(FORMATS["md"].write(ONE))
        assert fields == {
            "title": line(HOSTILE_TITLE), "author": ["劉明", "王芳"], "date": "2011-03", "source": "工人時報",
            "summary": "摘要一。 摘要二。", "tags": ["維權"], "lang": "zh-Hant", "url": ADDRESS,
        }  # fmt: skip

    def test_pictures_stay_pictures(self):
        assert "![圖\\]解](https://e.org/pq.png)" in FORMATS["md"].write(ONE).decode()

    def test_a_collection_has_all_its_chapters(self):
        fields, rest = front_matter(FORMATS["md"].write(MANY))
        assert fields["author"] == ["劉明", "王芳"]
        heads = re.findall("<h1>(.*?)</h1>", MARKDOWN.render(rest))
        assert len(heads) == 4
        assert "<strong>導言二</strong> &amp; &lt;p&gt;" in MARKDOWN.render(rest)


def shape(blocks) -> list:
    """Return the kinds and texts of blocks; a table's head is one whatever it was."""
    return [
        (block.kind, block.level, block.start, squeezed(block.text))
        if block.kind in ("heading", "paragraph", "table")
        else (block.kind, block.start, shape(block.parts))
        for block in blocks
    ]


@pytest.mark.django_db
class TestDownloads:
    @pytest.fixture
    def article(self, make_article):
        return make_article(
            "工會要走進班組", authors=["劉明"], tags=["維權"], source_name="工人時報",
            stated_date=date(2011, 3, 1), date_precision="month", summary="走進班組。",
        )  # fmt: skip

    def at(self, article, kind="md", script="zh-hant"):
        return f"/{script}/articles/{article.pk}-{article.slug}/download.{kind}"

    @pytest.mark.parametrize("kind", FORMATS)
    @pytest.mark.parametrize("script", ["zh-hans", "zh-hant"])
    def test_a_file_in_the_readers_script(self, client, article, django_assert_max_num_queries, kind, script):  # fmt: skip
        with django_assert_max_num_queries(5):
            response = client.get(self.at(article, kind, script))
        assert response.status_code == 200
        assert response.headers["Content-Type"] == FORMATS[kind].content_type
        name = "%E5%B7%A5%E4%BC%9A" if script == "zh-hans" else "%E5%B7%A5%E6%9C%83"
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith(f'attachment; filename="{article.slug}.{kind}"; filename*=UTF-8\'\'{name}')  # fmt: skip
        assert disposition.isascii()
        assert response.headers["X-Robots-Tag"] == "noindex"
        if kind == "md":
            fields, rest = front_matter(response.content)
            assert fields["date"] == "2011-03"
            assert fields["url"] == f"http://testserver/{script}/articles/{article.pk}-{article.slug}/"  # fmt: skip
            assert ("到职工中间" if script == "zh-hans" else "到職工中間") in rest

    def test_a_site_s_upload_date_is_not_said_to_be_the_texts(self, client, make_article):
        article = make_article(stated_date=date(2022, 7, 29), date_is_upload=True)
        fields, rest = front_matter(client.get(self.at(article)).content)
        assert "date" not in fields
        assert "網站上傳：2022年7月29日" in rest
        assert "日期：" not in rest
        package = zipfile.ZipFile(io.BytesIO(client.get(self.at(article, "epub")).content))
        assert not any(b"dc:date>2022" in package.read(name) for name in package.namelist())

    @pytest.mark.parametrize("kind", FORMATS)
    def test_only_what_is_public_is_given(self, client, make_article, kind):
        now = timezone.now()
        for fields in (
            {"status": "draft"}, {"status": "in_review"}, {"status": "archived", "published_at": now},
            {"published_at": now + timedelta(days=1)},
            {"published_at": now - timedelta(days=2), "expires_at": now - timedelta(days=1)},
        ):  # fmt: skip
            assert client.get(self.at(make_article(**fields), kind)).status_code == 404
        assert client.get(f"/zh-hant/articles/999-x/download.{kind}").status_code == 404

    def test_a_known_file_is_not_made_again(self, client, article, monkeypatch):
        first = client.get(self.at(article))
        monkeypatch.setattr("articles.reading.views.downloads.book_of_article", None)
        again = client.get(self.at(article), headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        since = client.get(self.at(article), headers={"if-modified-since": first.headers["Last-Modified"]})  # fmt: skip
        assert since.status_code == 304
        assert "no-cache" in first.headers["Cache-Control"]

    def test_a_change_makes_another_file(self, client, article):
        seen = {client.get(self.at(article)).headers["ETag"]}
        article.body = "<p>改過了。</p>"
        article.save()
        seen.add(client.get(self.at(article)).headers["ETag"])
        author = Author.objects.get(name_hant="劉明")
        author.name_hant = "劉小明"
        author.save()  # the article itself is as it was
        seen.add(client.get(self.at(article)).headers["ETag"])
        seen.add(client.get(self.at(article, "epub")).headers["ETag"])
        seen.add(client.get(self.at(article, script="zh-hans")).headers["ETag"])
        assert len(seen) == 5

    def test_another_slug_leads_to_the_right_one(self, client, article):
        response = client.get(f"/zh-hant/articles/{article.pk}-old/download.epub")
        assert (response.status_code, response.headers["Location"]) == (301, self.at(article, "epub"))  # fmt: skip

    def test_a_name_has_no_tricks(self, client, make_article):
        article = make_article('../工會\u202eexe."x"\r\n/a;b\\c*?')
        name = client.get(self.at(article)).headers["Content-Disposition"]
        assert name.isprintable()
        for trick in ("%2F", "%5C", "%E2%80%AE", "%0D", "%22", "''..", "''%2E"):
            assert trick not in name

    def test_what_is_too_long_is_said_to_be(self, client, article, monkeypatch):
        monkeypatch.setattr(takeaway, "MOST_CHARACTERS", 10)
        response = client.get(self.at(article, "docx"))
        assert (response.status_code, "太長" in response.content.decode()) == (413, True)

    def test_files_are_only_read(self, client, article):
        assert client.post(self.at(article)).status_code in (403, 405)

    def test_the_article_offers_them(self, client, article):
        content = client.get(article.get_absolute_url()).content.decode()
        for kind in FORMATS:
            assert f'href="{self.at(article, kind)}"' in content

    def test_a_collection_keeps_its_order_and_only_what_is_public(self, make_article):
        made = [make_article(f"第{n}章", authors=["王芳"]) for n in range(3)]
        draft = make_article("不可告人", status="draft")
        ids = [made[2].pk, draft.pk, made[0].pk, made[1].pk]
        one = takeaway.book_of_collection(
            "專題",
            "<p><strong>導言</strong>。</p>",
            ids,
            ADDRESS,
            "zh-Hant",
            lambda path: f"http://testserver{path}",
        )
        assert [chapter.title for chapter in one.chapters] == ["第2章", "第0章", "第1章"]
        for kind, format in FORMATS.items():
            written = format.write(one)
            assert "不可告人".encode() not in written, kind
        text = FORMATS["md"].write(one).decode()
        assert "\n\n**導言**。\n\n" in text
        assert text.index("# 第2章") < text.index("# 第0章") < text.index("# 第1章")
        with pytest.raises(Article.DoesNotExist):
            takeaway.book_of_collection("空", "", [draft.pk], ADDRESS, "zh-Hant", str)

    def test_all_that_is_kept_can_be_taken_away(self, client, article):
        """Also what the editor would not let in, but the database holds."""
        Rendition.objects.filter(article=article).update(title=HOSTILE_TITLE.replace("\0", ""), body=HOSTILE, summary="\x01\n—\x0b")  # fmt: skip
        Tag.objects.filter(name_hant="維權").update(name_hant='維"權\x08\n---')
        for kind in FORMATS:
            assert client.get(self.at(article, kind)).status_code == 200
