"""The index follows the articles: every change writes its rows in the same transaction."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db import transaction

from ..models import Article, Authorship, Listing, SearchRow, Status, TaggedArticle
from ..models.plain_sql import one_of
from ..models.plain_sql import rows as plain_rows
from ..text.script import searchable
from .engine import engine
from .list_steps import changed
from .rows import MOST_TOKENS, Row, position_of
from .words import HAN, Words, current_words, frequency, pinyin_of

BATCH = 200
_TERMS = 1000
"""Words written with one statement."""
_LONGEST_TERM, _LONGEST_PINYIN = 8, 48

_known_terms: set[str] = set()
"""Terms that stand in the database for sure."""
_MOST_KNOWN = 500_000


def index(article_ids: Iterable[int], *, same_words: bool = False) -> None:
    """Write the rows of these articles from what the database says of them now.

    With `same_words` their texts are as they were when they were indexed last: the words are known,
    and finding the pinyin of each takes half of the time.
    """
    for some in _batches(sorted(set(article_ids))):
        with transaction.atomic():
            engine().hold_words()
            words = current_words()
            rows = list(rows_of(some, words, lock=True))
            engine().write(rows)
            standing = Listing.objects.filter(article_id__in=some)
            before = set(standing.values_list("facet", "position", "expires"))
            standing.delete()
            now = listings(rows)
            Listing.objects.bulk_create(now)
            after = {(entry.facet, entry.position, entry.expires) for entry in now}
            changed((facet, position) for facet, position, _expires in before ^ after)
            if not same_words:
                add_terms({word for row in rows for word in row.tokens})


_OF_PEOPLE_AND_TAGS = re.compile(r"[ta]\d+")


def index_marks(article_ids: Iterable[int]) -> None:
    """Write which tags and authors articles have now. Their words stay as they were cut, which is
    what takes the time: thousands of articles follow a merged tag in seconds."""
    for some in _batches(sorted(set(article_ids))):
        with transaction.atomic():
            # As `index` does: nobody changes them, or cuts them anew, meanwhile.
            Article.objects.filter(pk__in=some).lock()
            facets = _facets(some)
            rows = list(SearchRow.objects.filter(article_id__in=some).order_by("pk"))
            changed = []
            for row in rows:
                before = row.facets
                kept = [mark for mark in before.split() if not _is_of_tag_or_author(mark)]
                row.facets = " ".join([*facets[row.article_id], *kept])
                if row.facets != before:
                    changed.append((row, before))
            engine().write_marks(changed)
            _list_anew(some, facets)
            index(set(some) - {row.article_id for row in rows})


def _is_of_tag_or_author(facet: str) -> bool:
    return bool(_OF_PEOPLE_AND_TAGS.fullmatch(facet))


def _list_anew(article_ids: Sequence[int], facets: dict[int, list[str]]) -> None:
    """Put articles that stand in the list of all into those of their tags and authors."""
    entries = Listing.objects.filter(article_id__in=article_ids)
    gone = {
        pk: (facet, position)
        for pk, facet, position in entries.values_list("pk", "facet", "position")
        if _is_of_tag_or_author(facet)
    }
    Listing.objects.filter(pk__in=gone).delete()
    names = [field.attname for field in Listing._meta.concrete_fields if not field.primary_key]
    now = [
        Listing(**{name: getattr(entry, name) for name in names} | {"facet": facet})
        for entry in entries.filter(facet="")
        for facet in facets[entry.article_id]
    ]
    Listing.objects.bulk_create(now)
    changed({*gone.values()} ^ {(entry.facet, entry.position) for entry in now})


def remove(article_ids: Iterable[int]) -> None:
    """Forget articles that are about to be deleted."""
    for some in _batches(list(article_ids)):
        listed = Listing.objects.filter(article_id__in=some)
        changed(listed.values_list("facet", "position"))
        engine().remove(some)


def _batches(article_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(article_ids), BATCH):
        yield article_ids[start : start + BATCH]


def rows_of(article_ids: Sequence[int], words: Words, *, lock: bool = False) -> Iterator[Row]:
    """Yield what the index should say of these articles; with `lock`, nobody changes them
    meanwhile."""
    articles = Article.objects.filter(pk__in=article_ids).order_by("pk")
    if lock:
        articles = articles.select_for_update(no_key=True)
    found = list(
        articles.values_list(
            *("pk", "title", "search_text", "status", "published_at", "expires_at", "dated"),
            *("genre", "deleted_at"),
        )
    )
    facets = _facets(article_ids)
    for pk, title, text, status, published_at, expires_at, dated, genre, deleted_at in found:
        is_out = status == Status.PUBLISHED and deleted_at is None
        title = searchable(title)
        yield Row(
            article_id=pk,
            position=position_of(pk, published_at if is_out else None),
            expires=expires_at,
            title=title[:600],
            pinyin=pinyin_of(title[:40])[:120],
            facets=(*facets[pk], *facets_of(dated, genre)),
            dated=dated,
            version=words.version,
            title_tokens=words.tokens(title),
            tokens=words.tokens(text)[:MOST_TOKENS],
        )


def facets_of(dated: date, genre: str) -> tuple[str, ...]:
    """Return the markers of an article's year, month and genre."""
    return (f"y{dated.year}", f"m{dated:%Y%m}", *([f"g{genre}"] if genre else []))


def _facets(article_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the markers of the tags and authors of articles, in their order."""
    facets: dict[int, list[str]] = defaultdict(list)
    tagged = TaggedArticle.objects.filter(content_object__in=article_ids)
    for article_id, tag_id in tagged.order_by("tag_id").values_list("content_object_id", "tag_id"):
        facets[article_id].append(f"t{tag_id}")
    signed = Authorship.objects.filter(article__in=article_ids)
    for article_id, author_id in signed.order_by("author_id").values_list(
        "article_id", "author_id"
    ):
        facets[article_id].append(f"a{author_id}")
    return facets


def listings(rows: Iterable[Row]) -> list:
    """Return the lists that published articles stand in."""
    return [
        Listing(
            facet=facet,
            position=row.position,
            dated=row.dated,
            expires=row.expires,
            article_id=row.article_id,
        )
        for row in rows
        if row.position >= 0
        for facet in ("", *row.facets)
    ]


def add_terms(words: set[str]) -> None:
    """Keep the Chinese words of texts by their pinyin."""
    new = sorted(
        word
        for word in words - _known_terms
        if 1 < len(word) <= _LONGEST_TERM and all(map(HAN.match, word))
    )
    # In the order of the words, so that two imports wait for each other instead of locking up.
    for some in (new[start : start + _TERMS] for start in range(0, len(new), _TERMS)):
        condition, values = one_of("word", some)
        statement = f"SELECT word FROM articles_term WHERE {condition}"  # noqa: S608 - our own text
        known = {word for (word,) in plain_rows(statement, values)}
        terms = [
            (word, pinyin_of(word)[:_LONGEST_PINYIN], frequency(word))
            for word in some
            if word not in known
        ]
        if terms:
            engine().add_terms(terms)
    if new and len(_known_terms) < _MOST_KNOWN:
        transaction.on_commit(lambda: _known_terms.update(new))
