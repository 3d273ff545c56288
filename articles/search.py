"""Search: the only module that knows how. A first version that reads every text: sure, not fast."""

import unicodedata

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from . import script

MOST_WORDS = 8


def searchable(text: str) -> str:
    """Return the text as it is matched: simplified, half-width, lower case, 一 for 壹."""
    return script.fold(unicodedata.normalize("NFKC", text)).lower().replace("壹", "一")


def words_of(query: str) -> list[str]:
    """Return the words a reader asked for, as they are matched."""
    return list(dict.fromkeys(searchable(query).split()))[:MOST_WORDS]


def search(articles: QuerySet, query: str) -> QuerySet:
    """Return those of `articles` in which every word stands, in either script; titles first."""
    words = words_of(query)
    if not words:
        return articles.none()
    in_title = Q()
    for word in words:
        articles = articles.filter(
            Q(search_text__contains=word)
            | Q(pk__in=articles.filter(tagged__tag__name__contains=word).values("pk"))
            | Q(pk__in=articles.filter(authorships__author__name__contains=word).values("pk"))
        )
        in_title &= Q(title__icontains=word) | Q(
            title__icontains=script.convert(word, script.HANT, script.HANS)
        )
    title_first = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    return articles.order_by(title_first, "-published_at", "-pk")
