"""Covers and portraits: a picture of the library, or what is made of the title."""

import json
import re
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from articles.curation import drafts, pictures, revisions
from articles.models import Article, Author, Collection, CollectionItem, Picture
from articles.reading.cover import _PAPERS, HEIGHT, WIDTH, cover

TITLES = [
    "讀", "新任工會幹部入門", "民主管理與集體協商", "工傷：從申報到賠償", "Excel 與工會財務：2024 年的一本帳",
    "一個很長很長的專題標題，裡面有標點、有「引號」，也有（括號）和更多更多更多更多的字",
    "<script>alert(1)</script>&\"'", "A" * 80, "， ：", "",
]  # fmt: skip


def drawn(title: str, kicker="集體協商", of="x") -> etree._Element:
    return etree.fromstring(cover(title, kicker, of).encode())


def words(svg: etree._Element) -> list[str]:
    return [one.text for one in svg.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_stands_within_its_cover(title):
    svg = drawn(title)
    for one in svg.iter("{http://www.w3.org/2000/svg}text"):
        place = one.get("transform") or f"({one.get('x')} {one.get('y')})"
        x, y = map(float, re.findall(r"[\d.]+", place)[:2])
        assert 0 < x < WIDTH
        assert 0 < y <= HEIGHT
    told = "".join(words(svg)[:-1])
    if len(title) < 20:
        assert len(told) == len(re.sub(r"\s", "", title)) or not title.strip()


def test_what_is_typed_is_text_and_nothing_else():
    svg = drawn(TITLES[6], kicker="<b>&\"'")
    kinds = {one.tag.partition("}")[2] for one in svg.iter()}
    assert kinds <= {"svg", "rect", "path", "g", "text", "circle"}
    assert words(svg)[-1] == "<b>&\"'"
    assert "".join(words(svg)[:-1]).startswith("<script>")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("paper", "ink", "_ornament"), _PAPERS)
def test_every_ink_is_read_on_its_paper(paper, ink, _ornament):
    dark, light = sorted([luminance(paper), luminance(ink)])
    assert (light + 0.05) / (dark + 0.05) >= 6.5


def test_a_collection_has_one_paper_in_either_script():
    for of in ("a", "b", "c"):
        papers = {drawn(title, of=of)[0].get("fill") for title in ("服务与保护", "服務與保護")}
        assert len(papers) == 1
    assert len({drawn("同名", of=f"{n}")[0].get("fill") for n in range(40)}) == len(_PAPERS)


@pytest.fixture
def collection(make_article):
    made = Collection(name_hant="服務與保護", name="服务与保护", status="published")
    made.save()
    article = make_article("第一篇", tags=["維權"])
    CollectionItem.objects.create(collection=made, article=article, position=1)
    return made


@pytest.fixture
def picture(db):
    return Picture.objects.create(key="a" * 32, name="大會.jpg", width=1600, height=900, size=9)


@pytest.mark.django_db
@pytest.mark.same_on_both
def test_a_made_cover_speaks_the_script_of_its_address(client, collection):
    for script, title in (("zh-hant", "服務與保護"), ("zh-hans", "服务与保护")):
        answer = client.get(f"/{script}/collections/{collection.slug}/cover.svg")
        assert answer["Content-Type"] == "image/svg+xml"
        assert "".join(words(etree.fromstring(answer.content))[:-1]) == title
    Collection.objects.update(status="draft")
    assert client.get(f"/zh-hant/collections/{collection.slug}/cover.svg").status_code == 404


@pytest.mark.django_db
def test_every_page_of_collections_gives_each_cover_its_room(client, collection, picture):
    pages = ("", "collections/", f"collections/{collection.slug}/")
    for chosen, path in product((None, picture), pages):
        collection.cover = chosen
        collection.save()
        page = client.get(f"/zh-hant/{path}").content.decode()
        [tag] = re.findall(r'<img class="cover"[^>]*>', page)
        assert re.search(r'width="\d+" height="\d+" alt=""', tag), path
        source = re.search(r'src="([^"]+)"', tag)[1]
        made = f"/zh-hant/collections/{collection.slug}/cover.svg"
        assert source == (picture.thumbnail if chosen else made)
        if chosen:
            assert f"/pictures/{'a' * 32}-1600x900-480.webp 480w" in tag


def chosen_for(kind: str, make_article, picture) -> None:
    article = make_article("第一篇", authors=["王芳"])
    one = {"article": article, "author": Author.objects.get()}.get(kind)
    one = one or Collection(name_hant="服務", name="服务")
    setattr(one, "portrait" if kind == "author" else "cover", picture)
    one.save()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["article", "author", "collection"])
def test_a_picture_that_was_chosen_stays(make_article, admin_client, picture, kind):
    chosen_for(kind, make_article, picture)
    page = admin_client.get(f"/admin/articles/picture/{picture.pk}/change/").content.decode()
    assert re.search(rf'<li><a href="/admin/articles/{kind}/\d+/change/">', page)
    assert "deletelink" not in page
    listed = admin_client.get("/admin/articles/picture/?used=no").content.decode()
    assert picture.name not in listed
    with pytest.raises(pictures.Refused, match="in-use"):
        pictures.delete(picture)
    with pytest.raises(IntegrityError), transaction.atomic():
        picture.delete()


@pytest.mark.django_db
def test_pictures_of_an_introduction_come_in_sizes(client, collection, picture):
    collection.introduction_hant = (
        f'<p>大會</p><figure><img src="{picture.address}" alt="會場"></figure>'
    )
    collection.introduction = ""
    collection.save()
    page = client.get(f"/zh-hant/collections/{collection.slug}/").content.decode()
    body = page.partition('class="body introduction"')[2]
    assert re.search(r'<img src="[^"]+" srcset="[^"]+480w[^"]*" sizes', body)


def head_of(client, path: str) -> tuple[str, list[str]]:
    """Return a page, and the pictures that stand beside a link to it."""
    page = client.get(path).content.decode()
    return page, re.findall(r'<meta property="og:image" content="([^"]+)">', page)


@pytest.mark.django_db
def test_the_cover_of_an_article_stands_over_it_and_is_what_is_shared(
    client, make_article, picture
):
    article = make_article(
        "第一篇", body=f'<p>正文</p><p><img src="/pictures/{"b" * 32}-9x9.webp"></p>'
    )
    article.cover, picture.alt = picture, "会场"
    picture.save()
    article.save()
    assert picture in article.pictures.all()
    page, shared = head_of(client, f"/zh-hant{article.get_absolute_url().partition('hant')[2]}")
    assert shared == [f"http://testserver{picture.address}"]
    [told] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(told)[0]["image"][0] == shared[0]
    [tag] = re.findall(r'<img class="head-picture"[^>]*>', page)
    assert 'width="1600" height="900" alt=' in tag
    assert 'alt="會場" fetchpriority="high"' in tag
    assert "sizes=" in tag
    assert "-480.webp 480w" in tag
    assert "lazy" not in tag


@pytest.mark.django_db
@pytest.mark.same_on_both
def test_every_page_has_one_picture_to_be_shared_by(client, collection, make_article, picture):
    article = make_article("第二篇", authors=["王芳"])
    author = Author.objects.get()
    collection.cover = author.portrait = picture
    collection.save()
    author.save()
    for path in ("", "articles/", "authors/", "tags/", "search/", "archive/", "api/"):
        _page, shared = head_of(client, f"/zh-hant/{path}")
        assert shared == ["http://testserver/static/share.png"], path
    for one in (collection, author):
        page, shared = head_of(client, one.get_absolute_url())
        assert shared == [f"http://testserver{picture.address}"]
    assert re.search(r'<img class="portrait" src="[^"]+-480.webp"[^>]+height="900"', page)
    _page, shared = head_of(client, article.get_absolute_url())
    assert shared == ["http://testserver/static/share.png"]


@pytest.mark.django_db
def test_lists_show_covers_and_made_ones_are_public_articles_alone(client, make_article, picture):
    with_cover, other = make_article("有封面"), make_article("沒有封面", tags=["維權"])
    assert 'class="cover"' not in client.get("/zh-hant/articles/").content.decode()
    Article.objects.filter(pk=with_cover.pk).update(cover=picture)
    page = client.get("/zh-hant/articles/").content.decode()
    chosen, made = re.findall(r'<img class="cover[^>]*>', page)[::-1]
    assert f'src="{picture.thumbnail}"' in chosen
    assert 'loading="lazy"' in chosen
    at = re.search(r'class="cover" src="([^"]+)" width="240" height="320"', made)[1]
    assert words(etree.fromstring(client.get(at).content))[-1] == "維權"
    Article.objects.filter(pk=other.pk).update(status="draft")
    assert client.get(at).status_code == 404


@pytest.mark.django_db
def test_a_cover_goes_with_the_draft_and_with_older_versions(
    client, make_article, picture, admin_user
):
    article = make_article("第一篇")
    address = article.get_absolute_url()
    wanted = revisions.state(article.pk) | {"cover_id": picture.pk}
    drafts.keep_draft(article, wanted, admin_user)
    assert "head-picture" not in client.get(address).content.decode()
    with pytest.raises(pictures.Refused, match="in-use"):
        pictures.delete(picture)  # the draft shows it
    standing = Article.objects.get()
    drafts.publish_draft(standing, admin_user, revisions.version(standing))
    assert "head-picture" in client.get(address).content.decode()
    first = Article.objects.get().revisions.order_by("number").first()
    standing = Article.objects.get()
    drafts.restore(standing, first, admin_user, revisions.version(standing), at_once=True)
    assert "head-picture" not in client.get(address).content.decode()


@pytest.mark.django_db
def test_kept_pages_are_made_anew_when_a_cover_changes(settings, client, make_article, picture):
    settings.PAGE_CACHE = settings.DEBUG = True
    article = make_article("第一篇", authors=["王芳"])
    author = Author.objects.get()
    pages = [article.get_absolute_url(), "/zh-hant/articles/", author.get_absolute_url()]
    for change, shown in (
        (lambda: Article.objects.update(cover=picture), [picture.address, picture.thumbnail, ""]),
        (lambda: Author.objects.update(portrait=picture), ["", "", "portrait"]),
        (lambda: Picture.objects.update(alt="會場"), ["會場", "", "會場"]),
    ):
        for page in pages:
            client.get(page)
            assert client.get(page)["X-Page-Cache"] == "hit"
        change()
        for page, words_of_it in zip(pages, shown, strict=True):
            assert words_of_it in client.get(page).content.decode()
