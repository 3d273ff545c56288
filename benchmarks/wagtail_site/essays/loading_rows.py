"""Puts the articles of a library into the Wagtail site: `python -m essays.loading_rows ADDRESS`."""

import sys

import django
import psycopg

django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402 - Django is set up first
from django.db import connection  # noqa: E402
from taggit.models import Tag  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from .models import Author, Essay, EssayIndex, EssayTag  # noqa: E402

_ARTICLES = """
SELECT article.id, article.slug, shown.title, shown.excerpt, shown.body, stated_date, published_at
FROM articles_article article JOIN articles_rendition shown ON shown.article_id = article.id
WHERE status = 'published' AND shown.script = 'zh-Hant' ORDER BY article.id
"""


def load(library: str) -> int:
    """Make the pages, past Wagtail's own forms, which would take an hour; return how many."""
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    index = EssayIndex(title="Essays", slug="essays")
    root.add_child(instance=index)
    Site.objects.update_or_create(
        hostname="localhost", defaults={"root_page": index, "is_default_site": True}
    )
    with psycopg.connect(library) as theirs:
        tags = theirs.execute("SELECT id, slug, name_hant FROM articles_tag").fetchall()
        Tag.objects.bulk_create(Tag(pk=pk, slug=slug, name=name) for pk, slug, name in tags)
        authors = theirs.execute("SELECT id, slug, name_hant FROM articles_author").fetchall()
        Author.objects.bulk_create(Author(pk=pk, slug=s, name=name) for pk, s, name in authors)
        rows = theirs.execute(_ARTICLES).fetchall()
        kind, keys = ContentType.objects.get_for_model(Essay), {}
        for start in range(0, len(rows), 500):
            some = rows[start : start + 500]
            pages = [
                Page(
                    path=f"{index.path}{Page._int2str(start + at + 1).rjust(4, '0')}",
                    depth=index.depth + 1, title=title, draft_title=title,
                    slug=f"{pk}-{slug}"[:250],
                    url_path=f"{index.url_path}{pk}-{slug}/", content_type=kind, live=True,
                    first_published_at=published, last_published_at=published,
                    locale=index.locale,
                )
                for at, (pk, slug, title, _, _, _, published) in enumerate(some)
            ]  # fmt: skip
            Page.objects.bulk_create(pages)
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO essays_essay (page_ptr_id, date, summary, body) "
                    "VALUES (%s, %s, %s, %s)",
                    [
                        (page.pk, row[5], row[3], row[4])
                        for page, row in zip(pages, some, strict=True)
                    ],
                )
            keys |= {row[0]: page.pk for page, row in zip(pages, some, strict=True)}
        Page.objects.filter(pk=index.pk).update(numchild=len(rows))
        tied = theirs.execute("SELECT content_object_id, tag_id FROM articles_taggedarticle")
        EssayTag.objects.bulk_create(
            (EssayTag(content_object_id=keys[of], tag_id=tag) for of, tag in tied if of in keys),
            batch_size=2000,
        )
        signed = theirs.execute("SELECT article_id, author_id FROM articles_authorship")
        through = Essay.authors.through
        through.objects.bulk_create(
            (through(essay_id=keys[of], author_id=by) for of, by in signed if of in keys),
            batch_size=2000,
        )
    return len(rows)


if __name__ == "__main__":
    sys.stdout.write(f"{load(sys.argv[1])} pages\n")
