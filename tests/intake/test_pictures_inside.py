"""Pictures that come within Word files and books: in the library, in the text, or told of."""

import io

import pytest
from PIL import Image

from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Picture, Revision

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
    assert flag["message"] == "原檔有 1 張圖片沒有匯入：打不開、太大，或張數太多。"
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
