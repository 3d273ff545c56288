"""Pictures: taken in by what they are, kept in the sizes pages show, gone only where none is missed."""

import io
import resource
import struct
import zlib
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from docx.shared import Cm
from PIL import Image, ImageOps

from articles.curation import drafts, pictures
from articles.models import Article, AuditEntry, Picture
from articles.text.pictures import forms, keys_in, shown

from ..support.federation import in_group


def page_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def drawn(size=(2000, 1500), kind="JPEG", mode="RGB", **saved) -> bytes:
    """Return a picture in which every line differs a little."""
    made = Image.linear_gradient("L").resize(size).convert(mode)
    if mode == "RGBA":
        made.putalpha(120)
    out = io.BytesIO()
    made.save(out, kind, **saved)
    return out.getvalue()


@pytest.fixture
def kept(db) -> Picture:
    return pictures.keep(drawn(), "會場.jpg", None, alt="職代會會場")


def test_a_picture_is_kept_once_in_the_sizes_that_pages_show(kept):
    assert (kept.width, kept.height, forms(kept.width)) == (1600, 1200, [480, 960, 1600])
    sizes = []
    for name in kept.files:
        with default_storage.open(name) as file:
            sizes.append(Image.open(file).size)
    assert sizes == [(480, 360), (960, 720), (1600, 1200)]
    assert pictures.keep(drawn(), "另一個名字.jpg", None) == kept and Picture.objects.count() == 1
    assert [line.action for line in AuditEntry.objects.all()] == ["add"]


def test_a_storage_that_is_away_is_no_error_of_ours_and_is_kept_by_nobody(
    kept, client, monkeypatch
):
    def refuse(name):
        raise OSError("no connection")  # which a service may call so, or anything

    address = reverse("picture", args=[kept.files[0].rpartition("/")[2]])
    assert "immutable" in client.get(address)["Cache-Control"]
    monkeypatch.setattr(default_storage, "open", refuse)
    away = client.get(address)
    assert (away.status_code, away["Cache-Control"]) == (503, "no-store")


def test_place_camera_and_owner_are_not_kept_and_it_stands_upright(db):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8298] = 6, "Camera of Liu Ming", "Liu Ming"
    exif.get_ifd(0x8825)[1] = "N"
    made = pictures.keep(drawn((400, 200), exif=exif), "a.jpg", None)
    assert (made.width, made.height) == (200, 400)  # it was taken with the telephone turned
    with default_storage.open(made.files[-1]) as file:
        data = file.read()
    assert b"Liu Ming" not in data and not Image.open(io.BytesIO(data)).getexif()


@pytest.mark.parametrize(
    ("kind", "mode", "has_glass"),
    [("PNG", "RGBA", True), ("PNG", "L", False), ("GIF", "P", False), ("WEBP", "RGB", False)],
)
def test_other_kinds_are_taken_in_too(db, kind, mode, has_glass):
    made = pictures.keep(drawn((300, 200), kind, mode), "a", None)
    with default_storage.open(made.files[0]) as file:
        whole = Image.open(file)
        assert whole.format == "WEBP" and ("A" in whole.getbands()) == has_glass


def _bomb(width: int, height: int) -> bytes:
    """Return a PNG of next to no bytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


HOSTILE = {
    "nothing": (b"", "no-picture"),
    "text": ("<h1>工會</h1>".encode(), "no-picture"),
    "a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "no-picture"),
    "a page that begins like a picture": (b"GIF89a<script>alert(1)</script>", None),
    "a bomb": (_bomb(60_000, 60_000), "too-many-pixels"),
    "a hundred megapixels": (_bomb(10_000, 10_000), "too-many-pixels"),
    "a bomb below the limit": (_bomb(6_000, 6_000), "damaged"),
    "no room at all": (_bomb(0, 100), None),
    "half": (drawn((900, 900))[:3000], "damaged"),
    "a counter": (drawn((1, 1), "GIF", "P"), "too-small"),
    "TIFF": (drawn((100, 100), "TIFF"), "no-picture"),
    "BMP": (drawn((100, 100), "BMP"), "no-picture"),
    "too large": (b"\xff\xd8\xff" + b"0" * pictures.MOST_BYTES, "too-many-bytes"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_or_too_much_is_refused(db, name):
    data, code = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(pictures.Refused) as refused:
        pictures.keep(data, "a.png", None)
    assert code in (None, refused.value.code)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024 and not Picture.objects.exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_large_one_is_made_smaller_before_it_is_copied(db, kind, monkeypatch):
    turned = []
    turn = ImageOps.exif_transpose
    monkeypatch.setattr(
        ImageOps, "exif_transpose", lambda one: turned.append(one.size) or turn(one)
    )
    exif = Image.Exif()
    exif[0x0112] = 6  # it was taken with the telephone turned
    made = pictures.keep(drawn((3400, 1700), kind, exif=exif), "a", None)
    assert (made.width, made.height) == (1600, 3200)
    assert turned == [(3200, 1600)]


def test_what_is_behind_a_picture_does_not_come_with_it(db):
    data = drawn((200, 200), "PNG") + b"<script>alert(1)</script>PK\x03\x04"
    made = pictures.keep(data, "../../etc/pass\\wd.png", None)
    assert made.name == "wd.png"
    for name in made.files:
        with default_storage.open(name) as file:
            assert b"script" not in file.read()


def test_a_page_gives_a_picture_its_room_and_leads_to_what_is_elsewhere(kept, make_article, client):
    body = (
        f'<p>會前。<img src="{kept.address}" alt="職代會會場"></p>'
        '<p><img src="http://example.org/a.jpg?b=1&amp;c=2" alt="舊照"></p>'
        '<p><a href="https://example.org/"><img src="https://example.org/b.jpg" alt=""></a></p>'
    )
    article = make_article(body=body)
    page = page_of(client.get(article.url_in("zh-Hant")))
    whole = kept.address.removesuffix(".webp")
    assert (
        f'<img src="{kept.address}" srcset="{whole}-480.webp 480w, {whole}-960.webp 960w, '
        f'{kept.address} 1600w"'
    ) in page
    assert 'width="1600" height="1200" alt="職代會會場"' in page
    assert '<a class="no-picture" href="http://example.org/a.jpg?b=1&amp;c=2"' in page
    assert "〔圖：舊照〕" in page and '<img src="http' not in page
    assert f'<meta property="og:image" content="http://testserver{kept.address}">' in page
    assert f'"image":["http://testserver{kept.address}"]' in page
    assert 'alt="职代会会场"' in page_of(client.get(article.url_in("zh-Hans")))
    assert set(article.pictures.all()) == {kept}
    for address in (kept.address, f"{whole}-480.webp"):
        file = client.get(address)
        assert file["Content-Type"] == "image/webp" and "immutable" in file["Cache-Control"]
        assert Image.open(io.BytesIO(b"".join(file.streaming_content))).format == "WEBP"


@pytest.mark.parametrize(
    "address",
    ["/pictures/../settings.py", "/pictures/" + "0" * 32 + "-9x9.webp", "/pictures/%2e%2e/a.webp"],
)
def test_no_other_file_has_an_address(client, db, address):
    assert client.get(address).status_code == 404


def test_a_text_without_pictures_asks_the_database_no_more(make_article):
    article = make_article()
    with CaptureQueriesContext(connection) as asked:
        article.save()
    assert not any("picture" in one["sql"] for one in asked)


def test_who_writes_takes_pictures_in_and_is_told_why_one_is_refused(db):
    client = Client()
    place = reverse("admin:articles_picture_upload")
    assert client.post(place).status_code == 302
    client.force_login(in_group("編輯"))
    file = SimpleUploadedFile("會場.jpg", drawn((500, 400)))
    made = client.post(place, {"file": file, "alt": " 會場 "}).json()
    assert Picture.objects.get().address == made["address"] and made["alt"] == "會場"
    refused = client.post(place, {"file": SimpleUploadedFile("a.jpg", b"x")})
    assert refused.status_code == 200 and "不是" in refused.json()["error"]
    assert client.post(place).status_code == 400
    offered = client.get(reverse("admin:articles_picture_choose"), {"q": "会场"}).json()["pictures"]
    assert [one["address"] for one in offered] == [made["address"]]


def test_several_are_added_at_once_and_each_that_is_refused_is_named(db):
    client = Client()
    client.force_login(in_group("編輯"))
    files = [
        SimpleUploadedFile("一.png", drawn((90, 90), "PNG")),
        SimpleUploadedFile("二.png", b"no"),
    ]
    page = page_of(
        client.post(reverse("admin:articles_picture_add"), {"files": files}, follow=True)
    )
    assert "二.png：" in page and "thumbnail" in page and Picture.objects.count() == 1


def test_what_a_text_or_a_draft_shows_is_not_deleted(
    kept, make_article, django_capture_on_commit_callbacks
):
    client, reviewer = Client(), in_group("審核")
    client.force_login(reviewer)
    place = reverse("admin:articles_picture_delete", args=[kept.pk])
    article = make_article()
    wanted = drafts.working_copy(article)
    drafts.keep_draft(article, wanted | {"body": f'<p><img src="{kept.address}" alt=""></p>'}, None)
    assert keys_in(Article.objects.get().draft.content["body"]) == {kept.key}
    assert client.post(place, {"post": "yes"}).status_code == 403
    with pytest.raises(pictures.Refused):
        pictures.delete(kept)
    article.pictures.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(place, {"post": "yes"}).status_code == 302
    assert not Picture.objects.exists()
    assert not any(default_storage.exists(name) for name in kept.files)
    assert AuditEntry.objects.filter(action="delete").count() == 1


def test_addresses_of_others_are_shown_as_words(db):
    assert shown('<p><img src="a.jpg" alt="&lt;b&gt;"></p>', str) == (
        '<p><span class="no-picture">&lt;b&gt;</span></p>'
    )
    assert shown("<p>沒有</p>", str) == "<p>沒有</p>"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_books_carry_pictures(make_article, client, mode):
    kept = pictures.keep(drawn((1200, 800), "PNG", mode), "a.png", None)
    body = f'<p>會前。</p><p><img src="{kept.address}" alt="會場"></p><p>會後。</p>'
    article = make_article(body=body)
    at = article.url_in("zh-Hant")
    with ZipFile(io.BytesIO(client.get(f"{at}download.epub").content)) as book:
        [name] = [one for one in book.namelist() if "picture-" in one]
        assert Image.open(io.BytesIO(book.read(name))).size == (1200, 800)
        assert (
            f'<img src="{name.removeprefix("EPUB/")}" alt="會場"/>'
            in book.read("EPUB/chapter-1.xhtml").decode()
        )
    made = Document(io.BytesIO(client.get(f"{at}download.docx").content))
    [shape] = made.inline_shapes
    assert shape.width == Cm(15.4) and shape._inline.docPr.get("descr") == "會場"
    for name in kept.files:
        default_storage.delete(name)
    with ZipFile(io.BytesIO(client.get(f"{at}download.epub").content)) as book:
        assert not [one for one in book.namelist() if "picture-" in one]
        assert kept.address in book.read("EPUB/chapter-1.xhtml").decode()
