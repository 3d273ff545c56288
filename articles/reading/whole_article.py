"""An article as its own page shows it: plain values in one script, in three queries.

They are in SQL for the reason those of cards are: Django takes several times as long to write them,
and to make instances of the rows, as the database to answer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from ..intake.lost_text import LOST
from ..models import Genre
from ..models.article_queries import public_condition
from ..models.plain_sql import rows
from ..search.rows import UNEXPIRED, last_position, position_of
from ..text.names import article_address
from .cards import COVER, Link, aware, links_of


@dataclass(slots=True)
class WholeArticle:
    """A public article in one script. Its fields have the order of `_ARTICLE`."""

    pk: int
    slug: str
    title: str
    excerpt: str
    summary: str
    body: str
    outline: list[dict]
    source_name: str
    source_url: str
    stated_date: date | None
    date_precision: str
    date_is_upload: bool
    genre: str
    dated: date
    length: int
    cover: str  # its address, where one was chosen
    cover_alt: str
    edit_count: int
    is_torn: bool
    published_at: datetime
    modified_at: datetime
    authors: list[Link]
    tags: list[Link]

    def get_absolute_url(self) -> str:
        return article_address(self.pk, self.slug)

    def get_genre_display(self) -> str:
        return str(Genre(self.genre).label) if self.genre else ""


_ARTICLE = """
SELECT articles_article.id, slug, shown.title, shown.excerpt, shown.summary, shown.body,
shown.outline, shown.source_name, source_url, stated_date, date_precision, date_is_upload, genre,
dated, length(search_text), {cover}, coalesce(cover.alt, ''), edit_count, flag_kinds, published_at,
coalesce(text_changed_at, articles_article.modified_at)
FROM articles_article JOIN articles_rendition shown ON shown.article_id = articles_article.id
LEFT JOIN articles_source source ON source.article_id = articles_article.id
LEFT JOIN articles_picture cover ON cover.id = articles_article.cover_id
WHERE articles_article.id = %s AND shown.script = %s AND {public}
"""


def whole_article(pk: int, in_script: str) -> WholeArticle | None:
    """Return an article if it is public: its text and facts in a query, authors and tags in
    another."""
    public, values = public_condition()
    found = rows(_ARTICLE.format(cover=COVER, public=public), [pk, in_script, *values])
    if not found:
        return None
    *row, edit_count, kinds, published_at, modified_at = found[0]
    row[6] = _plain(row[6])
    is_torn = LOST in (_plain(kinds) or ())
    links = links_of([pk], in_script)
    times = (aware(published_at), aware(modified_at))
    return WholeArticle(
        *row,
        edit_count or 0,
        is_torn,
        *times,
        links["author", pk],
        sorted(links["tag", pk], key=lambda tag: tag.pk),
    )


def _plain(value: object) -> object:
    """Return what a column of JSON holds, which Django reads only for fields of its own."""
    return json.loads(value) if isinstance(value, str | bytes) else value


@dataclass(frozen=True, slots=True)
class Beside:
    """What an article's page leads on to: the articles on either side of it in a list, and those
    that are related, best first."""

    newer: Link | None
    older: Link | None
    related: list[Link]


_NEXT = f"""
SELECT * FROM (SELECT '{{side}}' AS kind, 0.0 AS score, article_id AS pk FROM articles_listing
WHERE facet = %s AND position {{way}} %s AND position BETWEEN 0 AND %s AND {UNEXPIRED}
ORDER BY position {{order}} LIMIT 1) AS {{side}}
"""  # noqa: S608 - constants
_SIDES = {"newer": (">", ""), "older": ("<", "DESC")}
_BESIDE = """
SELECT kind, score, articles_article.id, slug, shown.title FROM ({wanted}) AS wanted
JOIN articles_article ON articles_article.id = wanted.pk
JOIN articles_rendition shown ON shown.article_id = articles_article.id
WHERE shown.script = %s AND {public}
"""


def beside(
    article: WholeArticle, in_script: str, facet: str, known: Sequence[int | None] | None = None
) -> Beside:
    """Return what stands beside an article in a list, by its marker, or the `known` newer and older
    one; with what is related, in one query."""
    wanted, values = ["SELECT 'related' AS kind, score, other_id AS pk FROM articles_related "
                      "WHERE article_id = %s"], [article.pk]  # fmt: skip
    if known is None:
        now, at = timezone.now(), position_of(article.pk, article.published_at)
        for side, (way, order) in _SIDES.items():
            wanted.append(_NEXT.format(side=side, way=way, order=order))
            values += [facet, at, last_position(now), now]
    else:
        for side, pk in zip(_SIDES, known, strict=True):
            if pk is not None:
                wanted.append(f"SELECT '{side}', 0.0, articles_article.id FROM articles_article "  # noqa: S608
                              "WHERE id = %s")  # fmt: skip
                values.append(pk)
    public, public_values = public_condition()
    statement = _BESIDE.format(wanted=" UNION ALL ".join(wanted), public=public)
    linked = rows(statement, [*values, in_script, *public_values])
    found = {kind: Link(title, article_address(pk, slug), pk)
             for kind, _, pk, slug, title in linked if kind in _SIDES}  # fmt: skip
    sides = {link.pk for link in found.values()}
    related = sorted(
        (row for row in linked if row[0] == "related"), key=lambda row: (-row[1], row[2])
    )
    return Beside(
        found.get("newer"),
        found.get("older"),
        [Link(row[4], article_address(row[2], row[3]), row[2])
         for row in related if row[2] not in sides],
    )  # fmt: skip
