"""Nothing of an article that readers may not see shows anywhere: for each way an article can be
hidden, every public address."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.api import urls_v1
from articles.curation import drafts, revisions
from articles.curation.publishing import to_bin
from articles.models import (
    Article,
    Bookmark,
    Collection,
    CollectionItem,
    ReadCount,
    Reading,
    Related,
    Tag,
)
from articles.reading import urls
from articles.reading.sitemaps import SECTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_pages_kept(settings):
    """Let pages be kept as in production; `test_kept_pages` asks for them again."""
    settings.PAGE_CACHE = True


SECRETS = (
    "秘而不宣",
    "mi-er-bu-xuan",
    "隱名氏",
    "隐名氏",
    "yin-ming-shi",
    "安康杯",
    "ankangbei",
    "密報社",
    *("1999年", "1999-03", "year=1999", "archive/1999"),
)
"""Of the hidden article: its title, text and address, its author, tag, source and year, none of
which any other article has."""

NOW = timezone.now()
HIDDEN = {
    "draft": {"status": "draft"},
    "in review": {"status": "in_review"},
    "archived": {"status": "archived", "published_at": NOW - timedelta(days=3)},
    "scheduled": {"published_at": NOW + timedelta(days=1)},
    "expired": {"published_at": NOW - timedelta(days=3), "expires_at": NOW - timedelta(hours=1)},
    "in the bin": {"published_at": NOW - timedelta(days=3)},
}

ADDRESSES = {
    "home": [""],
    "articles": [
        *("articles/", "articles/?sort=date", "articles/?year=2011", "articles/?genre=paper"),
        *("articles/?tag=weiquan", "articles/?author=liu-ming", "articles/?tag=weiquan&year=2011"),
        *("articles/?tag=ankangbei", "articles/?author=yin-ming-shi", "articles/?year=1999"),
    ],
    "article": [
        *("articles/LIVE/", "articles/LIVE/?in=TAG", "articles/LIVE/?in=AUTHOR"),
        *("articles/LIVE/?in=y2011", "articles/LIVE/?in=d2011", "articles/LIVE/?in=COLLECTION"),
        *("articles/LIVE/?in=pPK.HIDDENPK", "articles/HIDDEN/"),
    ],
    "article-cover": ["articles/LIVE/cover.svg", "articles/HIDDEN/cover.svg"],
    "read": [],
    "qr": ["articles/HIDDENPK/qr.svg", "articles/PK/qr.svg"],
    "site-page": ["about/", "contact/", "copyright/", "privacy/"],
    "manifest": ["manifest.webmanifest"],
    "mine-shelf": ["mine/shelf"],
    "collections": ["collections/"],
    "collection": ["collections/SHARED/", "collections/SECRET/"],
    "collection-cover": ["collections/SHARED/cover.svg", "collections/SECRET/cover.svg"],
    "collection-file": [
        *("collections/SHARED/download.epub", "collections/SHARED/download.docx"),
        *("collections/SHARED/download.md", "collections/SECRET/download.md"),
    ],
    "report": ["articles/HIDDEN/report/"],
    "report-thanks": ["articles/HIDDEN/report/thanks/"],
    "mine": ["mine/"],
    "bookmarks": ["mine/bookmarks/"],
    "history": ["mine/history/"],
    "export": ["mine/export"],
    "mine-state": ["mine/state?article=HIDDENPK"],
    "mine-read": ["mine/read?ids=HIDDENPK,PK"],
    "bookmark": ["mine/bookmark/HIDDENPK/"],
    "place": [],
    "sign-in": ["account/sign-in/"],
    "sign-out": [],
    "change-password": ["account/password/"],
    "welcome": ["account/welcome/"],
    "forgotten": ["account/forgotten/"],
    "article-file": [
        "articles/HIDDEN/download.epub", "articles/HIDDEN/download.docx",
        "articles/HIDDEN/download.md", "articles/LIVE/download.md",
    ],
    "repairs": ["articles/HIDDEN/repairs/"],
    "tags": ["tags/"],
    "tag": ["tags/weiquan/", "tags/ankangbei/", "tags/安康杯/"],
    "authors": ["authors/"],
    "author": ["authors/liu-ming/", "authors/yin-ming-shi/", "authors/隱名氏/"],
    "archive": ["archive/"],
    "archive-year": ["archive/2011/", "archive/1999/"],
    "archive-month": ["archive/2011/03/", "archive/1999/03/"],
    "search": [
        *("search/?q=工会", "search/?q=工会&sort=date", "search/?q=不宣", "search/?q=mierbuxuan"),
        *("search/?q=工会&tag=weiquan", "search/?q=author:隐名", "search/?q=tag:安康"),
        "search/?q=year:1999",
    ],
    "suggest": [
        *("search/suggest?q=秘", "search/suggest?q=mi", "search/suggest?q=安", "search/suggest?q=yinm"),
        *("search/suggest?q=隱", "search/suggest?q=工&format=opensearch"),
    ],
    "opensearch": ["reading/opensearch.xml"],
    "api": ["api/"],
    "choose-script": [],
    "preview": ["preview/"],
    **{f"feed-{kind}": [f"feeds/latest.{kind}"] for kind in ("rss", "atom", "json")},
    **{
        f"{subject}-feed-{kind}": [
            f"feeds/{subject}s/{name}.{kind}" for name in names
        ]
        for subject, names in (
            ("tag", ("weiquan", "ankangbei")), ("author", ("liu-ming", "yin-ming-shi")),
            ("collection", ("SHARED", "SECRET")),
        )
        for kind in ("rss", "atom", "json")
    },
}  # fmt: skip
"""What to ask for, by the name of its address: one that is added to the portal is added here."""


API = {
    "api-document": ["openapi.json"],
    "api-articles": [
        *("articles", "articles?tag=weiquan", "articles?author=liu-ming&genre=paper"),
        *("articles?year=2011&tag=weiquan", "articles?tag=ankangbei", "articles?year=1999"),
        *("articles?author=yin-ming-shi", "articles?collection=SHARED"),
        *("articles?collection=SECRET", "articles?collection=SHARED&year=1999"),
        *("articles?q=工会", "articles?q=不宣", "articles?q=工会&collection=SHARED"),
    ],
    "api-article": ["articles/PK", "articles/HIDDENPK"],
    "api-tags": ["tags"],
    "api-authors": ["authors"],
    "api-collections": ["collections"],
    "api-collection": ["collections/SHARED", "collections/SECRET"],
    "api-search": [
        "search?q=工会",
        "search?q=不宣",
        "search?q=mierbuxuan",
        "search?q=工会&year=1999",
    ],
    "api-drafts": ["drafts"],
    "api-draft": ["drafts/HIDDENPK"],
    "api-nowhere": ["nothing"],
}
"""The same of the addresses for programs, below /api/v1/."""


def test_no_address_is_forgotten():
    assert {pattern.name for pattern in urls.urlpatterns} == set(ADDRESSES)
    assert {pattern.name for pattern in urls_v1.urlpatterns} == set(API)


def in_api(path: str, script: str) -> str:
    """Return an address of the API in a script; the drafts' have none."""
    if path.startswith(("drafts", "openapi", "nothing")):
        return f"/api/v1/{path}"
    return f"/api/v1/{path}{'&' if '?' in path else '?'}script={script[:4]}{script[4:].title()}"


@pytest.fixture(params=HIDDEN)
def hidden(request, make_article):
    """A live article, and a hidden one that shares its tag, author, year and collection."""
    live = make_article(
        "工會要走進班組", authors=["劉明"], tags=["維權"], stated_date="2011-03-05", genre="paper",
    )  # fmt: skip
    make_article("工會要辦實事", authors=["劉明"], tags=["維權"], stated_date="2011-03-06")
    article = make_article(
        "秘而不宣的工會文章",
        authors=["劉明", "隱名氏"],
        tags=["維權", "安康杯"],
        stated_date="1999-03-05",
        genre="paper",
        body="<p>工會秘而不宣的話，工會要到職工中間去。</p>",
        summary="秘而不宣。",
        source_name="密報社",
        **HIDDEN[request.param],
    )
    if request.param == "in the bin":
        to_bin(Article.objects.filter(pk=article.pk), None)
    for one, other in ((live, article), (article, live)):
        Related.objects.update_or_create(article=one, other=other, defaults={"score": 1.0})
    ReadCount.objects.create(article=article, day=timezone.localdate(), reads=1000)
    for name, items in (("工會入門", (live, article)), ("秘而不宣的專題", (article,))):
        collection = Collection(name_hant=name, status="published")
        collection.save()
        for position, item in enumerate(items, 1):
            CollectionItem.objects.create(
                collection=collection, article=item, position=position, note_hant=""
            )
    reader = User.objects.create_user("reader", password="open sesame")
    Bookmark.objects.create(reader=reader, article=article)
    Reading.objects.create(reader=reader, article=article, percent=40)
    return live, article, reader


def text_of(response) -> str:
    """Return what a response says, its headers and an archive's insides too."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    said = "\n".join(part.decode(errors="replace") for part in parts)
    return said + "\n".join(f"{name}: {value}" for name, value in response.headers.items())


def test_nothing_of_it_shows(hidden):
    live, article, reader = hidden
    script = "zh-hans" if article.status == "published" else "zh-hant"
    shared, secret = Collection.objects.order_by("pk")
    names = {
        "HIDDENPK": article.pk, "PK": live.pk,
        "HIDDEN": f"{article.pk}-{article.slug}", "LIVE": f"{live.pk}-{live.slug}",
        "TAG": f"t{Tag.objects.get(slug='weiquan').pk}", "AUTHOR": f"a{live.byline[0].pk}",
        "COLLECTION": f"c{shared.pk}", "SHARED": shared.slug, "SECRET": secret.slug,
    }  # fmt: skip
    anyone, signed_in = Client(), Client()
    signed_in.force_login(reader)
    paths = [f"/{script}/{path}" for group in ADDRESSES.values() for path in group] + [
        "/sitemap.xml",
        "/robots.txt",
        *(f"/sitemap-{name}.xml" for name in SECTIONS),
        *(in_api(path, script) for group in API.values() for path in group),
    ]
    leaks = []
    for path in paths:
        asked = path
        for word, value in names.items():
            path = path.replace(word, str(value))
        client = signed_in if "/mine/" in path else anyone
        response = client.get(path)
        said = text_of(response)
        # What was asked for may be repeated, in the box or as "not found".
        found = [word for word in SECRETS if word in said and word not in asked]
        own = ("HIDDEN/", "SECRET", "ankangbei", "安康", "yin-ming-shi", "隱名")
        is_own = any(word in asked for word in own) and "search" not in asked
        is_own = is_own or (asked.startswith("/api/") and "HIDDENPK" in asked)
        if is_own and response.status_code == 200:
            found.append("it answers")
        if found and not (is_own and response.status_code in (302, 401, 404)):
            leaks.append((asked, response.status_code, found))
    assert not leaks, leaks


def test_nothing_can_be_done_with_it(hidden):
    _, article, reader = hidden
    signed_in = Client()
    signed_in.force_login(reader)
    for path in (
        f"articles/{article.pk}/read",
        f"articles/{article.pk}-{article.slug}/report/",
        f"mine/bookmark/{article.pk}/",
        f"mine/place/{article.pk}/",
    ):
        data = {"wanted": "1", "percent": "10", "kind": "other", "note": "x"}
        assert signed_in.post(f"/zh-hant/{path}", data).status_code == 404, path


def test_readers_keep_the_live_text_while_a_draft_is_over_it(make_article, django_user_model):
    live = make_article("工會要走進班組", authors=["劉明"], tags=["維權"])
    curator = django_user_model.objects.create_superuser("curator")
    wanted = revisions.content(live, live.byline, live.tags.all())
    wanted |= {"title": "秘而不宣的題目", "body": "<p>秘而不宣的話</p>", "summary": "秘而不宣"}
    assert drafts.keep_draft(live, wanted, curator)
    for path in ("api/v1/articles", f"api/v1/articles/{live.pk}", "api/v1/search?q=工會"):
        said = text_of(Client().get(f"/{path}"))
        assert "秘而不宣" not in said
        assert "走進班組" in said
    for path in ("", "articles/", f"articles/{live.pk}-{live.slug}/", "search/?q=工會",
                 "feeds/latest.rss", f"articles/{live.pk}-{live.slug}/download.md",
                 "search/suggest?q=工"):  # fmt: skip
        said = text_of(Client().get(f"/zh-hant/{path}"))
        assert "秘而不宣" not in said
        assert "走進班組" in said
    assert "秘而不宣" not in text_of(Client().get("/zh-hant/search/?q=宣"))
