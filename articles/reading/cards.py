"""Articles as lists show them: plain values in one script, fetched with two queries however many
there are. A list has no use for model instances, which take most of the time of its page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.utils.translation import get_language

from ..models import Genre
from ..models.article_queries import public_condition
from ..models.plain_sql import one_of, rows
from ..search.lists import Listed
from ..text.names import address, article_address
from ..text.script import HANT


class Link(NamedTuple):
    """The name of an author, tag or article in the script of the page, and where it leads. A page
    has a hundred and more, and a frozen dataclass takes three times as long to make."""

    text: str
    url: str
    pk: int

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.url


@dataclass(slots=True)
class Card:
    """One public article in one script; `body` only where it was asked for. Its fields have the
    order of `_CARDS`."""

    pk: int
    slug: str
    title: str
    excerpt: str
    summary: str
    body: str
    stated_date: date | None
    date_precision: str
    date_is_upload: bool
    genre: str
    length: int  # characters of the text
    cover: str  # its address, where one was chosen
    cover_alt: str
    published_at: datetime
    modified_at: datetime
    authors: list[Link]
    tags: list[Link]

    def get_absolute_url(self) -> str:
        return article_address(self.pk, self.slug)

    def get_genre_display(self) -> str:
        return str(Genre(self.genre).label) if self.genre else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One public article as a line of a list: its cover if it has one, and its markup, up to where
    its address tells of the list and from there on."""

    pk: int
    cover: str
    before: str
    after: str


COVER = """coalesce('/pictures/' || cover.key || '-' || cover.width || 'x' || cover.height
|| '.webp', '')"""
"""The address of a cover, as `Picture.address` gives it."""

_CARDS = """
SELECT articles_article.id, slug, shown.title, excerpt, shown.summary, {body}, stated_date,
date_precision, date_is_upload, genre, length(search_text), {cover}, coalesce(cover.alt, ''),
published_at, coalesce(text_changed_at, articles_article.modified_at)
FROM articles_article JOIN articles_rendition shown ON shown.article_id = articles_article.id
LEFT JOIN articles_picture cover ON cover.id = articles_article.cover_id
WHERE {ids} AND shown.script = %s AND {public}
"""


def cards(ids: Collection[int], in_script: str, *, with_bodies: bool = False) -> list[Card]:
    """Return those of these articles that are public, in the order of their keys.

    Both queries are in SQL: Django takes two to four times as long to write them as the database
    to answer them.
    """
    if not ids:
        return []
    public, values = public_condition()
    body = "shown.body" if with_bodies else "''"
    one, keys = one_of("articles_article.id", ids)
    statement = _CARDS.format(body=body, cover=COVER, ids=one, public=public)
    found = {row[0]: row for row in rows(statement, [*keys, in_script, *values])}
    links = links_of(found, in_script)
    return [
        Card(*found[pk][:-2], *map(aware, found[pk][-2:]), links["author", pk], links["tag", pk])
        for pk in ids
        if pk in found
    ]


_TEXTS = """
SELECT articles_article.id, shown.title, shown.summary, shown.body
FROM articles_article JOIN articles_rendition shown ON shown.article_id = articles_article.id
WHERE {ids} AND shown.script = %s AND {public}
"""


def texts_of(ids: Collection[int], in_script: str) -> dict[int, tuple[str, str, str]]:
    """Return title, summary and text of those of these articles that are public, by their keys."""
    if not ids:
        return {}
    public, values = public_condition()
    one, keys = one_of("articles_article.id", ids)
    found = rows(_TEXTS.format(ids=one, public=public), [*keys, in_script, *values])
    return {pk: (title, summary, body) for pk, title, summary, body in found}


def aware(moment: datetime | str) -> datetime:
    """Return a time with its zone, which SQLite does not keep; of what is no column, text."""
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_LINKS = """
SELECT 'author', one.article_id, one.position AS place, one.id, author.{name}, author.slug,
author.id FROM articles_authorship one JOIN articles_author author ON author.id = one.author_id
WHERE {authored}
UNION ALL
SELECT 'tag', one.content_object_id, one.id, one.id, tag.{name}, tag.slug, tag.id
FROM articles_taggedarticle one JOIN articles_tag tag ON tag.id = one.tag_id
WHERE {tagged}
ORDER BY 3, 4
"""


def links_of(article_ids: Collection[int], in_script: str) -> dict[tuple[str, int], list[Link]]:
    """Return authors, in the order of the byline, and tags, by kind and article."""
    links: dict[tuple[str, int], list[Link]] = defaultdict(list)
    if not article_ids:
        return links
    name, language = "name_hant" if in_script == HANT else "name", get_language()
    authored, keys = one_of("one.article_id", article_ids)
    tagged, _ = one_of("one.content_object_id", article_ids)
    statement = _LINKS.format(name=name, authored=authored, tagged=tagged)
    for kind, pk, _, _, text, slug, key in rows(statement, [*keys, *keys]):
        links[kind, pk].append(Link(text, address(kind, slug, language), key))
    return links


class Shelf(Listed):
    """The articles of all the given lists together as cards, for a Paginator: it counts and
    slices."""

    def __init__(
        self, in_script: str, *facets: str, count: int | None = None, by_date: bool = False
    ):
        super().__init__(*facets, count=count, by_date=by_date)
        self._in_script = in_script

    def __getitem__(self, wanted: slice) -> list[Card]:
        return cards(self.ids(wanted.start or 0, wanted.stop), self._in_script)
