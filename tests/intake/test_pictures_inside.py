"""Pictures that come within files, or beside them: in the library, in the text, or told of."""

import base64
import io
import socket
import zipfile

import pytest
from django.core.management import call_command
from PIL import Image

from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, Picture, Revision

from ..support import formats

pytestmark = pytest.mark.django_db

PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="圖 1" descr="會場"/><a:graphic>'
    '<a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="pic"/></pic:blipFill></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawn() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).save(made, "PNG")
    return made.getvalue()


def word(picture: bytes) -> bytes:
    body = formats.paragraph("談談工會的走訪", "a3") + formats.paragraph("作者：劉明")
    body += formats.paragraph("先到班組去，一句一句記下來。") + PICTURE
    body += formats.paragraph("回來再對一遍，少一件都不行。")
    return formats.word(body, **{"word/media/a.png": picture})


def stored(raw: bytes, name: str, **how):
    return library.store(make_draft(raw, name), f"/tmp/{name}", name, **how)  # noqa: S108


def test_a_picture_of_a_word_file_stands_in_the_text(drawn):
    article = stored(word(drawn), "a.docx").article
    kept = Picture.objects.get()
    assert f'<p><img src="{kept.address}" alt="會場"></p>' in article.body
    assert article.body.index("一句一句") < article.body.index("<img") < article.body.index("回來")
    assert (kept.alt, kept.name) == ("會場", "a.png")
    assert list(article.pictures.all()) == [kept]
    assert "images-dropped" not in article.source.flag_kinds


def test_what_is_decided_later_keeps_it_and_so_does_the_same_file_again(drawn):
    article = stored(word(drawn), "a.docx").article
    source = article.source
    before = article.body
    assert library.rewrite(source, [], None) is False
    assert source.article.body == before
    assert stored(word(drawn), "a.docx").outcome == library.UNCHANGED
    assert Picture.objects.count() == 1
    assert not Revision.objects.exists()


@pytest.mark.parametrize("broken", [b"", b"\x89PNG\r\n\x1a\n", b"<svg onload='x()'/>"])
def test_a_picture_that_cannot_be_taken_in_is_told_and_the_essay_stays(broken):
    article = stored(word(broken), "a.docx").article
    assert "<img" not in article.body
    assert "\ufffc" not in article.body + article.title
    assert "回來再對一遍" in article.body
    assert not Picture.objects.exists()
    (flag,) = [f for f in article.source.flags if f["kind"] == "images-dropped"]
    assert flag["message"] == "原檔有 1 張圖片沒有匯入：沒有隨檔、打不開、太大，或張數太多。"
    assert not flag["blocking"]


def test_a_trial_takes_no_picture_in(drawn):
    stored(word(drawn), "a.docx", trial=True)
    assert not Picture.objects.exists()


def test_pictures_of_a_book_stand_where_they_stood(drawn):
    chapter = (
        "<h1>談談工會的走訪</h1><p>作者：劉明</p><p>先到班組去，一句一句記下來。</p>"
        '<p><img src="../Images/a%20b.png" alt="會場"/></p><p>回來再對一遍，少一件都不行。</p>'
        '<p><img src="../../../etc/passwd.png" alt=""/><img src="gone.png" alt=""/></p>'
    )
    raw = formats.epub([chapter], **{"OEBPS/Images/a b.png": drawn})
    article = stored(raw, "a.epub").article
    assert f'<img src="{Picture.objects.get().address}" alt="會場">' in article.body
    (flag,) = [f for f in article.source.flags if f["kind"] == "images-dropped"]
    assert "2 張" in flag["message"]


PAGE = (
    "<html><head><title>談談工會的走訪</title>{head}</head><body><h1>談談工會的走訪</h1>"
    "<p>作者：劉明</p><p>先到班組去，一句一句記下來，哪一件是誰說的，哪一天說的，都要寫明白。</p>"
    '<p><img {image} alt="會場"></p><p>回來再對一遍，少一件都不行，少一個人也不行。</p></body></html>'
)


def page(source: str, head: str = "", more: str = "") -> bytes:
    return PAGE.format(head=head, image=f'src="{source}" {more}').encode()


def imported(*paths) -> str:
    call_command("import_essays", *paths, verbosity=0)
    return Article.objects.get(title__contains="走訪").body


def told() -> str:
    flags = Article.objects.get(title__contains="走訪").source.flags
    return "".join(flag["message"] for flag in flags if flag["kind"] == "images-dropped")


def in_folder(place, page, name, picture) -> list:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / "走訪.html").write_bytes(page)
    (place / name).write_bytes(picture)
    return [place]


def in_zip(place, page, name, picture) -> list:
    with zipfile.ZipFile(place / "saved.zip", "w") as archive:
        archive.writestr("頁/走訪.html", page)
        archive.writestr(f"頁/{name}", picture)
        archive.writestr("頁/走訪_files/saved_resource.html", "<p>廣告裡說的話，不是文章。</p>" * 9)
        archive.writestr("頁/走訪_files/app.js", "x()")
    return [place / "saved.zip"]


@pytest.mark.parametrize("saved", [in_folder, in_zip])
@pytest.mark.parametrize(
    ("source", "head", "more"),
    [
        ("./%E8%B5%B0%E8%A8%AA_files/640", "", 'data-src="https://a.example/640?wx=1"'),
        ("走訪_files\\640", '<link rel="canonical" href="https://a.example/b/c.html">', ""),
    ],
)
def test_a_saved_page_brings_its_pictures(tmp_path, drawn, saved, source, head, more):
    place = tmp_path / "in"
    place.mkdir()
    body = imported(*saved(place, page(source, head, more), "走訪_files/640", drawn))
    assert f'<img src="{Picture.objects.get().address}" alt="會場">' in body
    assert Article.objects.count() == 1
    assert not told()


@pytest.mark.parametrize(
    "source",
    [
        *("../secret.png", "x/../../secret.png", "%2e%2e/secret.png", "..\\secret.png", "link.png"),
        *(
            "/{0}/secret.png",
            "file:///{0}/secret.png",
            "//{0}/secret.png",
            "gone.png",
            "in.html",
            ".",
        ),
    ],
)
def test_nothing_but_pictures_below_the_folder_is_taken_in(tmp_path, drawn, source):
    place = tmp_path / "in"
    place.mkdir()
    (tmp_path / "secret.png").write_bytes(drawn)
    (place / "link.png").symlink_to(tmp_path / "secret.png")
    (place / "in.html").write_bytes(page(source.format(tmp_path)))
    assert "<img" not in imported(place)
    assert "有 1 張圖片沒有匯入" in told()
    assert not Picture.objects.exists()


def test_a_page_of_an_archive_reaches_no_file_of_the_disk(tmp_path, drawn):
    (tmp_path / "secret.png").write_bytes(drawn)
    name, at = "../../../secret.png", tmp_path / "a" / "b"
    at.mkdir(parents=True)
    with zipfile.ZipFile(at / "a.zip", "w") as archive:
        archive.writestr("a/b.html", page(name))
    assert "<img" not in imported(at / "a.zip")
    assert not Picture.objects.exists()


def test_a_picture_written_into_a_page_is_taken_in(drawn):
    written = "data:image/png;base64," + base64.encodebytes(drawn).decode()
    article = stored(page(written), "a.html").article
    assert f'<img src="{Picture.objects.get().address}" alt="會場">' in article.body
    assert not article.source.marks[0].get("beside")
    assert "data:" not in str(article.source.marks)


@pytest.mark.parametrize(
    "written",
    [
        "data:image/svg+xml,<svg/>",
        "data:image/png;base64,AA",
        "data:text/html,x",
        "data:image/png,",
    ],
)
def test_what_is_written_into_a_page_and_is_no_picture_is_told(written):
    article = stored(page(written), "a.html").article
    assert "<img" not in article.body
    assert "回來再對一遍" in article.body
    assert "images-dropped" in article.source.flag_kinds


def test_files_that_are_written_together_keep_their_pictures(tmp_path, drawn):
    place = tmp_path / "in"
    place.mkdir()
    (place / "a.docx").write_bytes(word(drawn))
    for n in range(3):
        text = f"第{n}次會議\n作者：王明{n}\n" + f"第{n}件事情說完了，大家都回去了。" * 9
        (place / f"{n}.txt").write_text(text)
    body = imported(place)
    assert f'<img src="{Picture.objects.get().address}"' in body


def test_a_trial_tells_of_pictures_that_are_not_there(tmp_path, drawn):
    place = tmp_path / "in"
    in_folder(place, page("走訪_files/1.png").replace(b"</body>", b'<img src="2.png"></body>'),
              "走訪_files/1.png", drawn)  # fmt: skip
    report = tmp_path / "report.json"
    call_command("import_essays", place, dry_run=True, report=str(report), verbosity=0)
    assert "有 1 張圖片沒有匯入" in report.read_text()
    assert not Picture.objects.exists()


def test_the_bytes_of_all_pictures_of_a_file_are_bounded(drawn, monkeypatch):
    monkeypatch.setattr("articles.intake.pictures_inside.MOST_BYTES", len(drawn) - 1)
    assert "<img" not in stored(word(drawn), "a.docx").article.body


def test_a_picture_elsewhere_is_a_link_for_readers_and_nobody_fetches_it(client, monkeypatch):
    def asked(*_args, **_how):
        raise AssertionError("Somebody asked the network.")

    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, asked)
    monkeypatch.setattr(socket.socket, "connect", asked)
    article = stored(page("https://a.example/1.jpg"), "a.html", publish=True).article
    assert '<img src="https://a.example/1.jpg" alt="會場">' in article.body
    article.save()
    shown = client.get(article.get_absolute_url()).content.decode()
    assert '<a class="no-picture" href="https://a.example/1.jpg"' in shown
    assert "<img" not in shown.partition('class="body"')[2].partition("</article>")[0]
    for file in ("epub", "docx", "md"):
        assert client.get(f"{article.get_absolute_url()}download.{file}").status_code == 200
    assert not Picture.objects.exists()


SAID = "職代會會場，2023年5月1日，王小明攝。"
FIGURE = '<figure><img src="{}" alt="會場"><figcaption>' + SAID + "</figcaption></figure>"
WEB = (
    "<html><head><title>談談工會的走訪</title></head><body><article><h1>談談工會的走訪</h1>"
    "<p>作者：劉明</p><p>先到班組去，一句一句記下來，哪一件是誰說的，哪一天說的，都要寫明白。</p>"
    "{}<p>回來再對一遍，少一件都不行，少一個人也不行。</p></article></body></html>"
)


def in_word(drawn: bytes, below: bool = True) -> bytes:
    line = formats.paragraph(SAID, "a8")
    body = formats.paragraph("談談工會的走訪", "a3") + formats.paragraph("作者：劉明")
    body += formats.paragraph("先到班組去，一句一句記下來。")
    body += (PICTURE + line if below else line + PICTURE) + formats.paragraph("回來再對一遍。")
    return formats.word(body, **{"word/media/a.png": drawn})


def in_a_book(drawn: bytes) -> bytes:
    chapter = "<h1>談談工會的走訪</h1><p>作者：劉明</p><p>先到班組去，一句一句記下來。</p>"
    chapter += FIGURE.format("../a.png").replace('會場">', '會場"/>') + "<p>回來再對一遍。</p>"
    return formats.epub([chapter], **{"OEBPS/a.png": drawn})


def on_a_page(drawn: bytes) -> bytes:
    written = f"data:image/png;base64,{base64.b64encode(drawn).decode()}"
    return WEB.format(FIGURE.format(written)).encode()


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (in_word, "a.docx"),
        (lambda drawn: in_word(drawn, below=False), "a.docx"),
        (in_a_book, "a.epub"),
        (on_a_page, "a.html"),
    ],
    ids=["Word, below", "Word, above", "a book", "a page"],
)
def test_what_is_said_below_a_picture_stays_with_it_and_tells_nothing_of_the_essay(
    drawn, made, name
):
    article = stored(made(drawn), name).article
    assert FIGURE.format(Picture.objects.get().address) in article.body
    assert article.body.count("王小明攝") == 1
    assert (article.title, [one.name for one in article.byline]) == ("談談工會的走訪", ["刘明"])
    if name != "a.epub":  # whose own date the library has
        assert article.stated_date is None
    source = article.source
    assert library.rewrite(source, [], None) is False
    assert FIGURE.format(Picture.objects.get().address) in source.article.body


def test_a_caption_without_its_picture_is_a_paragraph():
    article = stored(in_word(b"no picture"), "a.docx").article
    assert f"<p>{SAID}</p>" in article.body
    two = "<figure><img src=a.png><img src=b.png><figcaption>兩張</figcaption></figure>"
    assert "<fig" not in stored(WEB.format(two).encode(), "b.html").article.body
