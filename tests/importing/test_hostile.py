"""Files that are broken, mislabelled or made to do harm end soon, with a word on what to do."""

import time
import zlib

import pytest

from articles.importing.edits import Record, apply
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile
from articles.importing.repairs import REPAIRS, frame, run
from articles.importing.structure.as_html import from_blocks
from articles.intake import library
from articles.text import html

from ..support import formats
from ..support.places import FILES
from ..support.timing import END

PDF = (FILES / "essay.pdf").read_bytes()
LINE = "工會幹部下到班組，先要學會把話聽完。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
_ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    + "]><l>&k;</l>"
)


def pdf(content: bytes, more: bytes = b"", first: bytes = b"") -> bytes:
    """Return a PDF of one page in a font that is not in the file, as older Chinese ones are."""
    stream = first or zlib.compress(content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, more, len(out))
    )


def show(text: str, y: int, size: int = 12) -> bytes:
    return b"BT /F %d Tf 20 %d Td <%s> Tj ET\n" % (size, y, text.encode("gbk").hex().encode())


def bomb(size: int) -> bytes:
    """Return a zlib stream of spaces that unpacks to `size` times 16 MB."""
    packer = zlib.compressobj(9)
    blocks = [
        packer.compress(b" " * (16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    ]
    return blocks[0] + blocks[1] * (size - 1)


# What is large is made by the test itself: it would be made in each process that only looks for tests.
REFUSED = {
    "a.docx": [
        (_OLE, r"old Word file.*save it as \.docx"),
        (_OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (formats.word()[:2500], "damaged or cut short"),
        (b"", "damaged"),
        (LINE.encode(), "damaged"),
        (formats.zipped({"a.txt": "x"}), "no Word file"),
        (lambda: formats.word(**{"word/document.xml": b" " * (40 << 20)}), "far larger"),
        (lambda: formats.word(**{"word/media/b.png": bytes(210 << 20)}), "far larger"),
        (formats.word(**{"word/document.xml": _ENTITIES}), "damaged"),
        (
            formats.word(
                **{
                    "word/document.xml": _ENTITIES.replace(
                        '"1.0"', '"1.0" encoding="utf-16"', 1
                    ).encode("utf-16")
                }
            ),
            "damaged",
        ),
        (
            formats.word("<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000),
            "damaged",
        ),
        (formats.word("<w:p/>"), "no text"),
        (lambda: formats.word("<w:p><w:r/></w:p>" * 170_000), "far larger"),
    ],
    "a.epub": [
        (formats.epub()[:900], "damaged or cut short"),
        (formats.zipped({"mimetype": "application/epub+zip"}), "damaged"),
        (lambda: formats.epub(**{"OEBPS/content.opf": b" " * (40 << 20)}), "far larger"),
        (formats.epub(**{"OEBPS/content.opf": _ENTITIES}), "damaged"),
        (
            formats.epub(
                **{
                    "META-INF/encryption.xml": "<encryption><EncryptionMethod "
                    'Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>'
                }
            ),
            "copy protection",
        ),
        (formats.epub(['<img src="page1.jpg"/>']), "only pictures"),
    ],
    "a.pdf": [
        (PDF[:60_000], "damaged or cut short"),
        (LINE.encode(), "no PDF"),
        (pdf(b"q Q"), r"a scan.*OCR"),
        (
            pdf(
                show("工會", 200),
                b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>/ID[<00><00>]"
                % (b"x" * 32, b"y" * 32),
            ),
            "password",
        ),
    ],
    "a.html": [
        (PDF, r"is a PDF file. Name it \.pdf"),
        (formats.word(), "zip, Word"),
        (b"MIME-Version: 1.0\n\n<html><p>" + LINE.encode(), r"web archive \(\.mht\)"),
        (("<div>" * 100_000 + LINE).encode(), "nested too deeply"),
        (("<ul><li>" * 100_000 + LINE).encode(), "nested too deeply"),
        ((LINE + "<b>工</b>會" * 100_001).encode(), "100,001 pieces of markup"),
        (b"<html><script>alert(1)</script></html>", "Nothing is left|no text"),
    ],
    "a.txt": [
        (b"{\\rtf1 abc", "RTF"),
        (_OLE, r"\.docx"),
        (b"union " * 400_000, "2,400,000 characters.*Split it"),
        (("好\n" * 300_000).encode(), "300,000 lines.*Split it"),
        (("好\r" * 300_000).encode(), "300,000 lines.*Split it"),
    ],
    "a.md": [(("工" * 600_000).encode(), "Split it")],
}


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [(name, raw, message) for name, cases in REFUSED.items() for raw, message in cases],
    ids=[f"{name}-{n}" for name, cases in REFUSED.items() for n in range(len(cases))],
)
def test_it_is_refused_soon_with_what_to_do(name, raw, message):
    started = time.process_time()
    with pytest.raises(UnreadableFile, match=message):
        make_draft(raw() if callable(raw) else raw, name)
    assert time.process_time() - started < END


READ = {
    "misnested emphasis": ("a.html", "".join(f"<b id={n}><p>" for n in range(50_000)) + LINE),
    "many attributes": ("a.html", f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>{LINE}"),
    "tags never ended": ("a.html", LINE + "<a" * 500_000),
    "comments never ended": ("a.html", LINE + "<!--" * 500_000),
    "quotes never ended": ("a.html", LINE + "<a b='" * 500_000),
    "open fonts": ("a.html", "<font>" * 5000 + LINE),
    "spans of thousands": (
        "a.html",
        f"<h1>話</h1><p>{LINE}</p><table><tr><td rowspan=9999 colspan=9999>一<td>二<tr><td>三",
    ),
    "much emphasis": ("a.html", "<p>" + "<b>工</b>會" * 50_000),
    "brackets": ("a.md", f"{LINE}\n\n{'[' * 100_000}"),
    "nested quotes": ("a.md", f"{LINE}\n\n{'> ' * 100_000}"),
    "space in the last line": ("a.txt", f"{LINE}\n題{' ' * 200_000}目"),
    "annotated letters": ("a.txt", f"{LINE}\n{'工會(huì)要聽。' * 9}{'，F(xiàn)b。' * 10_000}"),
    "deep json": ("a.row", '{"body": "' + LINE + '", "x": ' + "[" * 500 + "]" * 500 + "}"),
}


@pytest.mark.parametrize("case", READ)
def test_it_is_read_soon(case):
    name, text = READ[case]
    started = time.process_time()
    draft = make_draft(text.encode(), name)
    assert html.sanitise(from_blocks(draft.blocks))
    assert time.process_time() - started < END
    assert draft.clean_text[:1] in "工話"


def flags_of(text: str) -> list[str]:
    record = Record(text)
    run(record, REPAIRS)
    assert apply(text, record.edits) == record.text
    return [flag.kind for flag in record.flags]


def test_a_page_beyond_repair_gets_one_flag_that_says_so(monkeypatch):
    page = "\r\n".join([LINE * 3] * 3 + ["工會,聽”職工", "再說”壹句,再辦”壹件。"])
    assert "beyond-repair" not in flags_of(page)
    with monkeypatch.context() as patched:
        patched.setattr(frame, "MOST_FINDINGS", 5)
        assert flags_of(page) == ["beyond-repair"]
    monkeypatch.setattr(frame, "MOST_FLAGS", 0)
    assert flags_of(page) == ["beyond-repair"]


def test_a_pdf_that_unpacks_to_all_memory_is_stopped():
    with pytest.raises(UnreadableFile, match="time or memory"):
        make_draft(pdf(b"", first=bomb(128)), "a.pdf")


def test_scripts_and_handlers_never_survive():
    page = (
        "<body onload=alert(1)><h1 onclick='x()'>把話聽完</h1><script>alert(1)</script>"
        f"<style>p{{}}</style><p style='x:expression(alert(1))'>{LINE}"
        "<a href='java\nscript:alert(1)'>甲</a><a href=' JAVASCRIPT:alert(1)'>乙</a>"
        "<a href='data:text/html,<script>alert(1)</script>'>丙</a><a href='//evil.example/x'>丁</a>"
        "<img src=x onerror=alert(1)><svg onload=alert(1)><iframe src=//evil></iframe></p>"
        f"<p>{LINE}&lt;script&gt;alert(2)&lt;/script&gt;</p>"
    )
    markup = from_blocks(make_draft(page.encode(), "a.html").blocks)
    assert "<script" not in markup
    assert "alert(1)" not in markup
    assert not set("甲乙丙丁") - set(markup)
    assert "href" not in markup


def test_what_no_database_holds_is_shown_as_lost_and_doubted(db):
    row = '{"title": "話\\u0000", "author": "王\\ud800芳", "body": "工會\\ud800要聽\\u0000。聽完再辦。"}'
    draft = make_draft(row.encode(), "a.row")
    assert "工會\ufffd要聽\ufffd。" in draft.clean_text
    assert "encoding-doubt" in [flag.kind for flag in draft.flags]
    assert library.store(draft, "/a", "a.row").outcome == "created"


def test_macros_are_left_alone():
    draft = make_draft(formats.word(**{"word/vbaProject.bin": b"Sub AutoOpen()"}), "a.docx")
    assert draft.title == formats.TITLE


def test_a_font_that_is_not_in_the_file_is_read_by_its_encoding():
    page = show("把话听完再去办", 260, 18) + show("　　工会干部下到班组，先要学会把话听完，", 230)
    page += show("再去办事，办完了再去问一声。", 210) + show("- 3 -", 20)
    draft = make_draft(pdf(page), "a.pdf")
    assert draft.title == "把话听完再去办"
    assert draft.blocks[-1].text.endswith("再去问一声。")
