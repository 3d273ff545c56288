"""Files as other tools write them: old encodings, foreign archives, XHTML, notes, other formats."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from articles.admin.refusal_words import WORDS
from articles.importing.files import collect
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile, decode, read

from ..support import formats

PARTS = (formats.PART_ONE, formats.PART_TWO, formats.PART_THREE)


def body(draft) -> str:
    parts = [[b.text, *(p.text for p in b.parts)] for b in draft.blocks]
    return "\n".join(line for part in parts for line in part)


def in_order(text: str, parts=PARTS) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


class TestHZ:
    def test_old_mail_in_hz_is_read(self):
        found = decode(formats.text().encode("hz"))
        assert (found.text, found.encoding) == (formats.text(), "hz")

    @pytest.mark.parametrize("text", ["a ~{ b ~} c", "~~{x}~~", "~{zz~}: not Chinese"])
    def test_ascii_with_its_signs_is_no_hz(self, text):
        assert decode(text.encode()).text == text


def zip_of(tmp_path, members: dict[bytes, str]):
    """Write a zip whose names are these bytes, without a word of their encoding."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, (name, text) in enumerate(members.items()):
            archive.writestr(f"{number:0{len(name)}d}", text)
    raw = stream.getvalue()
    for number, name in enumerate(members):
        raw = raw.replace(f"{number:0{len(name)}d}".encode(), name)
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_in_a_zip_are_read_in_the_encoding_of_who_packed_it(tmp_path, encoding):
    path = zip_of(tmp_path, {"文章/把话听完再去办.txt".encode(encoding): formats.text()})
    assert [f.name for f in collect([path], print)] == ["把话听完再去办.txt"]


def test_names_in_big5_are_not_taken_for_gbk(tmp_path):
    path = zip_of(tmp_path, {"文章/交通運輸.txt".encode("big5"): formats.text()})
    assert [f.name for f in collect([path], print)] == ["交通運輸.txt"]


def test_a_link_in_a_zip_is_no_essay(tmp_path):
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", formats.text())
    told = []
    files = list(collect([tmp_path / "a.zip"], lambda path, why: told.append((path, why))))
    assert [f.name for f in files] == ["a.txt"]
    assert [(path, "link" in why) for path, why in told] == [("a.zip!/link.txt", True)]


class TestXHTML:
    PAGE = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><style>{}</style></head><body>{}</body></html>'

    def test_what_stands_in_a_cdata_section_is_text(self):
        one, two, three = PARTS
        data = f"<p>{one}</p><p><![CDATA[{two}<甲>&乙]]></p><p>{three}</p>"
        page = self.PAGE.format("<![CDATA[p{color:red}]]>", data)
        draft = make_draft(page.encode(), "a.xhtml")
        assert in_order(body(draft), (one, f"{two}<甲>&乙", three))
        assert "color" not in draft.source_text

    def test_in_html_it_is_a_comment(self):
        page = f"<html><body><p>{PARTS[0]}</p><![CDATA[不是正文]]><p>{PARTS[1]}</p></body></html>"
        assert "不是正文" not in read(page.encode(), "a.html").text

    def test_in_a_chapter_of_a_book(self):
        raw = formats.epub([f"<p>{PARTS[0]}</p><p><![CDATA[{PARTS[1]}]]></p><p>{PARTS[2]}</p>"])
        assert in_order(read(raw, "a.epub").text)


class TestEPUB:
    OPF = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:o="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>听</dc:title>{}</metadata>'
        '<manifest><item id="n" href="n.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="n" linear="no"/><itemref idref="a"/></spine></package>'
    )

    def book(self, creators: str) -> bytes:
        parts = {
            "OEBPS/content.opf": self.OPF.format(creators),
            "OEBPS/a.xhtml": f"<html><body><p>{PARTS[0]}</p></body></html>",
            "OEBPS/n.xhtml": f"<html><body><p>{PARTS[2]}</p></body></html>",
        }
        return formats.epub([], **parts)

    def test_notes_outside_of_the_line_of_reading_come_behind(self):
        assert in_order(read(self.book(""), "a.epub").text, (PARTS[0], PARTS[2]))

    @pytest.mark.parametrize(
        "second",
        [
            '<dc:creator o:role="trl">贺连生</dc:creator>',
            '<dc:creator id="c">贺连生</dc:creator><meta refines="#c" property="role">trl</meta>',
        ],
    )
    def test_a_translator_is_no_author(self, second):
        raw = self.book(f'<dc:creator o:role="aut">陆望舒</dc:creator>{second}')
        assert read(raw, "a.epub").hints.authors == ("陆望舒",)

    def test_creators_without_a_role_are_authors(self):
        raw = self.book("<dc:creator>陆望舒</dc:creator><dc:creator>贺连生</dc:creator>")
        assert read(raw, "a.epub").hints.authors == ("陆望舒", "贺连生")


class TestPages:
    def test_who_says_what_a_figure_quotes_stays(self):
        page = (
            f"<h1>听</h1><p>{PARTS[0]}</p><figure><blockquote><p>账要写在墙上。</p></blockquote>"
            f"<figcaption>老会计邓百川</figcaption></figure><p>{PARTS[1]}</p>"
        )
        assert in_order(
            body(make_draft(page.encode(), "a.html")),
            (PARTS[0], "账要写在墙上。", "老会计邓百川", PARTS[1]),
        )

    def test_items_have_the_numbers_they_state(self):
        items = '<ol start="3"><li>先听</li><li value="7">再记</li><li>后办</li></ol>'
        marks = read(f"<p>{PARTS[0]}</p>{items}<p>{PARTS[1]}</p>".encode(), "a.html").marks
        assert [m.value for m in marks if m.kind == "item"] == ["3", "7", "8"]

    def test_what_is_fenced_has_no_headings(self):
        text = f"# 听\n\n{PARTS[0]}\n\n```\n# 一、不是标题\n二、也不是\n```\n\n{PARTS[1]}\n"
        draft = make_draft(text.encode(), "a.md")
        assert not draft.headings
        assert in_order(body(draft), (PARTS[0], "# 一、不是标题", "二、也不是", PARTS[1]))


def test_notes_of_a_note_taker_to_himself_are_left_out_on_record():
    text = f"# 听\n\n{PARTS[0]}%%待核%%\n\n{PARTS[1]} ^a1b2c3\n"
    draft = make_draft(text.encode(), "a.md")
    assert "%%" not in body(draft)
    assert "^a1b2c3" not in body(draft)
    assert {"%%待核%%", " ^a1b2c3"} <= {e.before for e in draft.edits}


def test_a_value_of_yaml_may_say_of_which_kind_it_is():
    text = f"---\ntitle: !!str 听\ndate: !!timestamp 2019-05-06\n---\n{PARTS[0]}\n"
    draft = make_draft(text.encode(), "a.md")
    assert (draft.title, draft.date_as_stated) == ("听", "2019-05-06")


def test_a_tag_of_yaml_that_makes_an_object_is_never_followed():
    text = f"---\ntitle: !!python/object/apply:os.getcwd []\nauthor: 陆望舒\n---\n{PARTS[0]}\n"
    assert str(Path.cwd()) not in make_draft(text.encode(), "a.md").title


def test_a_post_of_wordpress_has_its_text_within(tmp_path):
    row = '{"title": {"rendered": "听"}, "content": {"rendered": "<p>%s</p><p>%s</p>"}}'
    (tmp_path / "a.jsonl").write_text(row % PARTS[:2], "utf-8")
    (file,) = collect([tmp_path / "a.jsonl"], print)
    draft = make_draft(file.read(), file.name)
    assert draft.title == "听"
    assert in_order(body(draft), PARTS[:2])


@pytest.mark.parametrize(
    ("name", "deed"),
    [
        ("a.doc", ".docx"),
        ("a.RTF", ".docx"),
        ("a.odt", ".docx"),
        ("a.xlsx", "CSV"),
        ("a.json", ".jsonl"),
        ("a.rar", ".zip"),
        ("a.mht", "HTML"),
        ("a.srt", ".txt"),
    ],
)
def test_what_has_no_reader_is_told_how_to_save_it(name, deed):
    with pytest.raises(UnreadableFile, match=deed) as refused:
        read(formats.text().encode(), name)
    assert refused.value.refusal.code in WORDS


@pytest.mark.parametrize(
    "line",
    [
        "报名请登录 https://www.example.org/a 填写表格，月底截止。",
        "班长把ICP三个字母写在黑板上，没有人认得。",
        "工会是“家”——他在账本的角上画了一个©，谁也不懂。",
        "月薪 = 日薪 × 21.75",
        r"$$ 月薪 = \frac{年薪}{12} $$",
    ],
)
def test_a_line_with_a_sign_that_pages_have_too_stays(line):
    head = f"把话听完再去办\n作者：陆望舒\n2019年5月6日\n{line}\n{PARTS[0]}\n{PARTS[1]}\n"
    tail = f"把话听完再去办\n{PARTS[0]}\n{PARTS[1]}\n{line}\n"
    for text in (head, tail):
        assert line[:12] in body(make_draft(text.encode(), "a.txt"))


@pytest.mark.parametrize(
    "line",
    [
        "原文链接：https://example.org/a，转载请注明。",
        "版权所有 © 2019 东港市总工会，未经许可不得转载。",
        "本站由东港工会主办，ICP备12345号，地址：人民路1号。",
    ],
)
def test_what_a_page_says_of_itself_goes(line):
    text = f"把话听完再去办\n作者：陆望舒\n2019年5月6日\n{line}\n{PARTS[0]}\n{PARTS[1]}\n"
    assert line[:8] not in body(make_draft(text.encode(), "a.txt"))


def test_radicals_of_a_pasted_paragraph_are_put_right_beside_typed_characters():
    text = f"一心为工人大会用水\n{PARTS[0]}\n⼯⼈的⽣活⽤⽔，⼤家⼀起⽤⼼去办。\n{PARTS[1]}工人用心，大水一生。\n"
    assert "工人的生活用水，大家一起用心去办。" in body(make_draft(text.encode(), "a.txt"))


class TestDescribed:
    TEXT = "".join(f"<p>{part}</p>" for part in PARTS)

    def hints(self, markup: str):
        return read(f"<h1>听</h1>{markup}".encode(), "a.html").hints

    @pytest.mark.parametrize(
        "markup",
        [
            '<a rel="author" href="/a">陆望舒</a> <time class="entry-date" datetime="2019-05-06">',
            '<b itemprop="author"><meta itemprop="name" content="陆望舒"></b>'
            '<meta itemprop="datePublished" content="2019-05-06">',
        ],
    )
    def test_what_a_page_marks_as_author_and_date_is_read(self, markup):
        hints = self.hints(markup + self.TEXT)
        assert (hints.authors, hints.date) == (("陆望舒",), "2019-05-06")

    def test_an_update_is_not_the_day_it_was_published(self):
        markup = '<time class="published" datetime="2019-05-06"></time><time datetime="2021-01-01">'
        assert self.hints(markup + self.TEXT).date == "2019-05-06"

    @pytest.mark.parametrize(
        "markup",
        [
            '<div class="comments"><a rel="author">贺连生</a><time datetime="2019-05-06">三天前</time></div>',
            '<a rel="author">陆望舒</a><a rel="author">贺连生</a>'
            '<time datetime="2019-05-06">甲</time><time datetime="2019-05-07">乙</time>',
            '<a rel="author">Site Admin</a>',
        ],
    )
    def test_others_and_several_are_nobody(self, markup):
        hints = self.hints(self.TEXT + markup)
        assert (hints.authors, hints.date) == ((), "")


def test_no_sign_that_nobody_sees_stays_in_a_text():
    text = "听\n" + "\u2066".join(PARTS[0]) + "\n" + PARTS[1].replace("，", "，\u200d") + "\u061c\n"
    assert in_order(body(make_draft(text.encode(), "a.txt")), PARTS[:2])


@pytest.mark.parametrize(
    "name, notes",
    [
        ("a.html", "<ol><li>《矿工报》2019年第3期。</li></ol>"),
        ("a.html", "<ol><li>调查数据见附表。</li><li>《矿工报》2019年第3期。</li></ol>"),
        ("a.txt", "\n[1]《矿工报》2019年第3期。"),
        ("a.txt", "\n《矿工报》2019年第3期。"),
    ],
)
def test_what_a_note_goes_by_is_not_where_the_text_comes_from(name, notes):
    mark = "<sup>1</sup>" if name.endswith("html") else "[1]"
    above = "\n".join(["井下的安全员", "作者：周望北　2019-05-06", "", *PARTS[:2]])
    if name.endswith("html"):
        above = "".join(f"<p>{line}</p>" for line in above.split("\n") if line)
    draft = make_draft(f"{above}{mark}{notes}".encode(), name)
    assert (draft.source_name, draft.stated_date.isoformat()) == ("", "2019-05-06")
    assert "《矿工报》2019年第3期" in "".join(block.text for block in draft.blocks)
