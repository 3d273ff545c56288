"""From the library to a book that can be taken away: the public text of articles in one script."""

from collections.abc import Callable, Sequence

from django.template.defaultfilters import date as dated
from django.utils.translation import gettext as _

from ..curation.pictures import as_jpeg_or_png
from ..intake.lost_text import lost_passages
from ..models import Article, DatePrecision, Rendition
from ..text.pictures import addresses_in
from .cards import Card, cards
from .exports import MOST_CHARACTERS, Book, Chapter, Words
from .exports.book import blocks_of
from .gaps import marked

_SHOWN = {DatePrecision.YEAR: "Y年", DatePrecision.MONTH: "Y年n月"}
_STATED = {DatePrecision.YEAR: "%Y", DatePrecision.MONTH: "%Y-%m"}


_MOST_PICTURES = 100
"""Pictures a book carries, each up to some hundred KB; further ones are links."""


class TooLarge(ValueError):
    """So long a book is not made while a reader waits."""


def book_of_article(card: Card, in_script: str, absolute: Callable[[str], str]) -> Book:
    """Return one article, whose card has its body, as a book. `absolute` makes addresses whole."""
    return _book(card.title, in_script, absolute(card.get_absolute_url()), [card], absolute)


def book_of_collection(
    title: str, introduction: str, ids: Sequence[int], address: str,
    in_script: str, absolute: Callable[[str], str],
) -> Book:  # fmt: skip
    """Return the public ones of these articles, in this order, as a book with an introduction."""
    chosen = cards(ids, in_script, with_bodies=True)
    return _book(title, in_script, address, chosen, absolute, introduction)


def pictures_of(markup: str, absolute: Callable[[str], str]) -> dict[str, bytes]:
    """Return the library's pictures that a text shows by their whole addresses."""
    made = {absolute(at): as_jpeg_or_png(at) for at in addresses_in(markup)[:_MOST_PICTURES]}
    return {at: data for at, data in made.items() if data}


def words() -> Words:
    """Return what a book says in its own voice, in the reader's script."""
    return Words(
        by=_("By: "),
        date=_("Date: "),
        uploaded=_("Uploaded on its site: "),
        source=_("Source: "),
        tags=_("Tags: "),
        taken_from=_("Taken from the union reading room: "),
        contents=_("Contents"),
        picture=_("Picture: "),
    )


def _book(title, in_script, address, chosen: list[Card], absolute, introduction="") -> Book:
    if not chosen:
        raise Article.DoesNotExist
    if sum(len(card.body) for card in chosen) > MOST_CHARACTERS:
        raise TooLarge
    ids = [card.pk for card in chosen]
    of_script = Rendition.objects.filter(script=in_script, article__in=ids)
    sources = {
        pk: (name, at)
        for pk, name, at in of_script.values_list(
            "article_id", "source_name", "article__source_url"
        )
    }
    lost, told = lost_passages(ids), _("Text is lost here in the source.")

    def gap(markup: str, is_last: bool) -> str:
        return f"{markup}〔{told}〕" if is_last else markup

    chapters = []
    for card in chosen:
        at = absolute(card.get_absolute_url())
        source_name, source_url = sources[card.pk]
        stated = None if card.date_is_upload else card.stated_date
        shown = _SHOWN.get(card.date_precision, "Y年n月j日")
        chapters.append(
            Chapter(
                title=card.title,
                address=at,
                blocks=blocks_of(marked(card.body, lost.get(card.pk, ()), gap), at),
                authors=tuple(map(str, card.authors)),
                date=f"{stated:{_STATED.get(card.date_precision, '%Y-%m-%d')}}" if stated else "",
                shown_date=dated(stated, shown),
                uploaded=dated(card.stated_date, shown) if card.date_is_upload else "",
                source_name=source_name,
                source_url=source_url,
                summary=card.summary,
                tags=tuple(map(str, card.tags)),
            )
        )
    return Book(
        title=title,
        language=in_script,
        address=address,
        modified=max(card.modified_at for card in chosen),
        publisher=_("Union reading room"),
        words=words(),
        chapters=chapters,
        introduction=blocks_of(introduction, address),
        pictures=pictures_of("".join(card.body for card in chosen), absolute),
    )
