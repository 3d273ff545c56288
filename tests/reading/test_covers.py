"""Covers of collections: a picture of the library, or what is made of the title."""

import re
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from articles.curation import pictures
from articles.models import Collection, CollectionItem, Picture
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


@pytest.mark.django_db
def test_a_picture_that_is_a_cover_stays(collection, picture):
    collection.cover = picture
    collection.save()
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
