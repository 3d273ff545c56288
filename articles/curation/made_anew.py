"""All that is made of articles, made anew for a library whose rows were put in as they are."""

from collections.abc import Callable

from ..models import Article, Fingerprint, RenditionCorrection, SearchVersion
from ..search.rebuild import rebuild
from ..search.related import relate
from ..text import html
from ..text.fingerprints import fingerprints
from ..text.script import searchable

_BATCH = 200


def make_all(tell: Callable[[str, int], None] | None = None) -> None:
    """Make renditions, fingerprints, the index and what else to read of every article.

    Which articles are near duplicates stands in the rows, with what curators said of them: it is
    not looked for again. `tell` is told how many articles each step has done.
    """
    done, last = 0, 0
    corrections = RenditionCorrection.objects.by_script()
    SearchVersion.objects.get_or_create()
    while batch := list(Article.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        for article in batch:
            text = html.plain_text(article.body)
            article.search_text = searchable("\n".join((article.title, article.summary, text)))
            article.make_renditions(text, corrections)
            Fingerprint.objects.replace(article, fingerprints(text))
        Article.objects.bulk_update(batch, ["search_text"], batch_size=50)
        done, last = done + len(batch), batch[-1].pk
        if tell:
            tell("pages", done)
    rebuild(everything=True, tell=tell and (lambda done, _total: tell("index", done)))
    keys = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), _BATCH):
        relate(keys[first : first + _BATCH])
        if tell:
            tell("related", min(first + _BATCH, len(keys)))
