"""What readers see, as JSON: articles, tags, authors, collections, and search."""

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.http import http_date

from ..models import Author, Collection, Picture, Tag
from ..reading.cards import Card, Link, cards
from ..reading.whole_article import WholeArticle, whole_article
from ..search.engine import time_limit
from ..search.find import find
from ..search.lists import counts
from ..search.query_log import note
from ..search.snippets import Marker
from ..text import html, pictures, script
from ..text.reading_time import minutes
from .calls import Answer, Call
from .parameters import cursor_of, numbers_of
from .problems import not_found
from .selection import after_newest, collection_of, facets_of, newest


def _page(items: list, following: str | None) -> dict:
    return {"items": items, "next": following}


def _url(request: HttpRequest, path: str) -> str:
    return request.build_absolute_uri(path)


def _links(request: HttpRequest, links: Sequence[Link]) -> list[dict]:
    return [
        {
            "id": one.pk,
            "slug": one.url.rstrip("/").rpartition("/")[2],
            "name": one.text,
            "url": _url(request, one.url),
        }
        for one in links
    ]


def _picture(call: Call, address: str, alt: str) -> dict | None:
    """Return what is told of a cover or portrait; None where none was chosen."""
    if not address:
        return None
    _key, width, height = pictures.named(address)
    said = script.convert(alt, call.script)
    return {"url": _url(call.request, address), "alt": said, "width": width, "height": height}


def _chosen(call: Call, picture: Picture | None) -> dict | None:
    return _picture(call, picture.address, picture.alt) if picture else None


def _facts(call: Call, one: Card | WholeArticle) -> dict:
    request = call.request
    return {
        "id": one.pk,
        "url": _url(request, one.get_absolute_url()),
        "title": one.title,
        "summary": one.summary,
        "excerpt": one.excerpt,
        "authors": _links(request, one.authors),
        "tags": _links(request, one.tags),
        "stated_date": one.stated_date and str(one.stated_date),
        "date_precision": one.date_precision,
        "date_is_upload": bool(one.date_is_upload),
        "genre": one.genre,
        "cover": _picture(call, one.cover, one.cover_alt),
        "published_at": one.published_at.isoformat(),
        "modified_at": one.modified_at.isoformat(),
    }


def articles(call: Call) -> Answer:
    """The list of articles, the newest first."""
    asked = call.asked
    before = numbers_of("articles", asked.get("cursor"))
    with time_limit():
        places = newest(asked, before and before[0], asked["limit"] + 1)
    shown = places[: asked["limit"]]
    more = len(places) > len(shown)
    found = cards([pk for pk, _ in shown], call.script)
    items = [_facts(call, card) for card in found]
    return Answer(_page(items, cursor_of("articles", shown[-1][1]) if more else None))


def article(call: Call, pk: str) -> Answer:
    """One article, with its text."""
    found = whole_article(int(pk), call.script)
    if found is None:
        raise not_found("There is no such article.")
    content = _facts(call, found) | {
        "body_html": found.body,
        "body_text": html.plain_text(found.body),
        "outline": found.outline,
        "source_name": found.source_name,
        "source_url": found.source_url,
        "minutes": minutes(found.length),
        "has_lost_text": found.is_torn,
    }
    return Answer(content, headers={"Last-Modified": http_date(found.modified_at.timestamp())})


def search(call: Call) -> Answer:
    """What is found, the best first. It goes on among what was published when it began."""
    asked, query = call.asked, call.asked["q"].strip()
    page, before = numbers_of("search", asked.get("cursor"), 2) or (1, after_newest())
    if not 1 <= page <= 50:
        raise not_found("The results end before that.")
    facets = facets_of(asked)
    with time_limit():
        results = find(query, facets=facets, page=page, before=before)
    if page == 1 and not facets and not results.query.is_empty:
        is_less = results.dropped or results.scattered
        note(query, 0 if is_less else results.whole or results.total)
    marker = Marker(results.query)
    items = []
    for card in cards(results.article_ids, call.script, with_bodies=True):
        shown = marker.snippet(card.title, card.summary, card.body)
        passages = [str(one) for one in shown.passages]
        marked = {"title_html": str(shown.title), "passages_html": passages}
        items.append(_facts(call, card) | marked)
    more = results.article_ids and page < results.pages
    content = _page(items, cursor_of("search", page + 1, before) if more else None) | {
        "total": results.total,
        "is_exact": results.is_counted,
        "left_out": [*results.dropped, *results.scattered, *results.beyond],
        "instead": [strip_tags(one) for one in results.instead],
    }
    return Answer(content)


def _named(letter: str, all_of_them: QuerySet, facts: Callable[[Call, Tag | Author], dict]):
    """Return what lists tags or authors that readers see articles of, by their keys."""
    kind = all_of_them.model._meta.model_name

    def listed(call: Call) -> Answer:
        after = (numbers_of(kind, call.asked.get("cursor")) or [0])[0]
        found = {int(facet[1:]): n for facet, n in counts().items() if facet[:1] == letter and n}
        keys = sorted(pk for pk in found if pk > after)
        shown = keys[: call.asked["limit"]]
        rows = all_of_them.in_bulk(shown)
        items = [
            {
                "id": pk,
                "slug": rows[pk].slug,
                "name": str(rows[pk]),
                "url": _url(call.request, rows[pk].get_absolute_url()),
                "article_count": found[pk],
                **facts(call, rows[pk]),
            }
            for pk in shown
            if pk in rows
        ]
        return Answer(_page(items, cursor_of(kind, shown[-1]) if len(keys) > len(shown) else None))

    return listed


def _of_tag(_call: Call, tag: Tag) -> dict:
    return {"group": tag.group, "description": tag.text("description")}


def _of_author(call: Call, one: Author) -> dict:
    return {
        "unit": one.unit_in_script,
        "biography": one.biography_in_script,
        "portrait": _chosen(call, one.portrait),
    }


tags = _named("t", Tag.objects.all(), _of_tag)
authors = _named("a", Author.objects.select_related("portrait"), _of_author)


def _collection(call: Call, one: Collection) -> dict:
    return {
        "id": one.pk,
        "slug": one.slug,
        "url": _url(call.request, one.get_absolute_url()),
        "name": str(one),
        "summary": one.summary_in_script,
        "cover": _chosen(call, one.cover),
        "article_count": one.article_count,
        "published_at": one.published_at.isoformat(),
    }


def collections(call: Call) -> Answer:
    """The collections, the newest first."""
    shown = Collection.objects.published().order_by("-pk").with_sizes().select_related("cover")
    if before := numbers_of("collections", call.asked.get("cursor")):
        shown = shown.filter(pk__lt=before[0])
    limit = call.asked["limit"]
    found = list(shown.defer("introduction", "introduction_hant")[: limit + 1])
    items = [_collection(call, one) for one in found[:limit]]
    more = len(found) > limit
    return Answer(_page(items, cursor_of("collections", found[limit - 1].pk) if more else None))


def collection(call: Call, slug: str) -> Answer:
    """One collection, with its articles in their order and what is said of each."""
    found = collection_of(slug)
    items = list(found.items.public())
    by_key = {one.pk: one for one in cards([item.article_id for item in items], call.script)}
    content = _collection(call, found) | {
        "introduction_html": found.introduction_in_script,
        "articles": [
            _facts(call, by_key[item.article_id]) | {"note": item.note_in_script}
            for item in items
            if item.article_id in by_key
        ],
    }
    return Answer(content)
