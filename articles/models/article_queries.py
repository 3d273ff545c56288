"""Which articles, said in the library's own words: `published()` is the one place that says what
the public may read."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from functools import cache

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Count, Prefetch, Q
from django.db.models.functions import Now
from django.utils import timezone

from . import changes
from .article_parts import Rendition
from .author import Author
from .choices import Status
from .near_duplicates import has_similar
from .plain_sql import one_of, rows
from .tag import Tag

_DELETED_AT_ONCE = 500
KEPT_IN_BIN = 30
"""Days until `empty_bin` deletes for good what lies in the recycle bin."""


def this_second() -> datetime:
    """Return the time, as exact as the order of publication is."""
    return timezone.now().replace(microsecond=0)


@cache
def _public_on(vendor: str) -> tuple[str, tuple]:
    query = ArticleQuerySet(apps.get_model("articles", "Article")).published().query
    condition, values = query.get_compiler(connection=connection).compile(query.where)
    return f"({condition})", tuple(values)


def public_condition() -> tuple[str, tuple]:
    """Return what `published()` says, as a condition on rows of articles_article and its values:
    for queries in SQL."""
    return _public_on(connection.vendor)


_TITLED = """
SELECT articles_article.id, slug, shown.title
FROM articles_article JOIN articles_rendition shown ON shown.article_id = articles_article.id
WHERE {ids} AND shown.script = %s AND {public}
"""


def titles_of(ids: Collection[int], in_script: str) -> dict[int, tuple[str, str]]:
    """Return those of these articles that are public, by their keys: what their address is made of,
    and their titles in one script."""
    if not ids:
        return {}
    public, values = public_condition()
    one, keys = one_of("articles_article.id", ids)
    found = rows(_TITLED.format(ids=one, public=public), [*keys, in_script, *values])
    return {pk: (slug, title) for pk, slug, title in found}


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """Return what the public may read: the one place that says so."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
            deleted_at__isnull=True,
            status=Status.PUBLISHED,
            published_at__lte=Now(),
        )

    def in_bin(self):
        """Return what lies in the recycle bin."""
        return self.filter(deleted_at__isnull=False)

    def in_bin_since(self, before: datetime):
        """Return what has lain in the recycle bin since some time or longer."""
        return self.filter(deleted_at__lte=before)

    def outside_bin(self):
        """Return what does not lie in the recycle bin."""
        return self.filter(deleted_at__isnull=True)

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def for_links(self, in_script: str):
        """Return articles with no more than a link to each shows."""
        titles = Rendition.objects.filter(script=in_script).only("article_id", "title")
        return self.only("pk", "slug", "published_at").prefetch_related(
            Prefetch("renditions", titles, to_attr="in_script")
        )

    def for_desk(self):
        """Return articles with what curators' lists show of them: no bodies, no source texts."""
        heavy = ("raw", "text", "edits", "flags", "marks", "hints", "written", "keywords")
        return (
            self.select_related("source", "draft")
            .defer(
                *("body", "search_text", "draft__facts"),
                *(f"source__{name}" for name in heavy),
            )
            .annotate(is_similar=has_similar())
            .prefetch_related("authorships__author", "tags")
        )

    def delete(self):
        """Delete articles, and their words in the index with them.

        They are chosen first: what was found by its words is not found without them.
        """
        total, counts = 0, Counter()
        with transaction.atomic():
            chosen = list(self.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(chosen), _DELETED_AT_ONCE):
                articles = self.model.objects.filter(
                    pk__in=chosen[start : start + _DELETED_AT_ONCE]
                )
                changes.going(articles.lock())
                deleted, rows = super(ArticleQuerySet, articles).delete()
                total, counts = total + deleted, counts + Counter(rows)
        return total, dict(counts)

    delete.queryset_only = True  # as Django's own: no manager empties the library

    def lock(self) -> list[int]:
        """Let nobody else change or index these articles; return their keys."""
        rows = self.order_by("pk").select_for_update(no_key=True)
        return list(rows.values_list("pk", flat=True))

    def tags_in_use(self):
        """Return the tags of these articles, with `article_count`."""
        return Tag.objects.filter(tagged__content_object__in=self).annotate(
            article_count=Count("tagged")
        )

    def authors_in_use(self):
        """Return the authors of these articles, with `article_count`."""
        return Author.objects.filter(authorships__article__in=self).annotate(
            article_count=Count("authorships")
        )

    def dated(self, year: int, month: int | None = None):
        """Return the articles of a year or month, by the text's own date where it states one."""
        first = date(year, month or 1, 1)
        after = date(year + (month in (None, 12)), 1 if month in (None, 12) else month + 1, 1)
        return self.filter(dated__gte=first, dated__lt=after)
