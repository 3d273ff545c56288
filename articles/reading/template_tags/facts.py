"""An article as lists show it, and the facts under its title: who wrote it, when, and what it is
filed under.

Lists show twenty of them, which as parts of a template would be two fifths of its time. To text,
Python's own `escape` does the same as Django's, four times as fast.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ...models import DatePrecision
from ...search.snippets import Snippet
from ...text import pictures, script
from ...text.names import article_address, in_page_script
from ...text.reading_time import minutes
from ..cards import Card, Line
from . import pages

register = template.Library()


@register.filter
def in_readers_script(text: str) -> str:
    """Return what a reader typed, in whichever script, in the script of the page."""
    return in_page_script(script.fold(text))


@register.simple_tag
def stated(article) -> SafeString:
    """Return the date an article says of itself, as precisely as it says it."""
    return SafeString(_stated(article, get_language()))


def _stated(article, language: str | None) -> str:
    day, precision = article.stated_date, article.date_precision
    if precision == DatePrecision.YEAR:
        told = _time(f"{day.year}", f"{day.year}年")
    elif precision == DatePrecision.MONTH:
        told = _time(f"{day:%Y-%m}", f"{day.year}年{day.month}月")
    else:
        told = _time(day.isoformat(), _in_words(day))
    return _before_dates(language)[0] + told if article.date_is_upload else told


@register.simple_tag
def entered(article) -> SafeString:
    """Return since when an article is in the library."""
    return SafeString(_entered(article, get_language()))


def _entered(article, language: str | None) -> str:
    moment = timezone.localtime(article.published_at)
    told = _time(moment.isoformat(), _in_words(moment))
    return _before_dates(language)[1] + told


@lru_cache(maxsize=10)
def _before_dates(language: str | None) -> tuple[str, str]:
    """Return what stands before the day of uploading, and before that of coming in, in the language
    of the page."""
    return escape(_("Uploaded on its site: ")), escape(_("In the library since "))


@register.simple_tag
def facts(article, *, genre: bool = True, tags: bool = True, came: bool = False) -> SafeString:
    """Return authors, date, genre, length and tags of a card; where it is about what `came` last,
    since when it is here."""
    told = _facts(article, get_language(), genre=genre, tags=tags, came=came)
    return SafeString(told)


def _facts(article, language: str | None, *, genre: bool, tags: bool, came: bool) -> str:
    parts = [_linked(author.url, author.text, "") for author in article.authors]
    day = _entered if came or not article.stated_date else _stated
    parts.append(f"<span>{day(article, language)}</span>")
    if genre and article.genre:
        parts.append(f"<span>{escape(article.get_genre_display())}</span>")
    parts.append(_takes(minutes(article.length), language))
    if tags and article.tags:
        told = "".join(_linked(tag.url, tag.text, "") for tag in article.tags)
        parts.append(f'<span class="tagged">{told}</span>')
    return f'<p class="facts">{"".join(parts)}</p>'


@lru_cache(maxsize=500)
def _takes(n: int, language: str | None) -> str:
    """Return how long a text takes, in the language of the page."""
    told = ngettext("%(n)s minute to read", "%(n)s minutes to read", n) % {"n": n}
    return f"<span>{escape(told)}</span>"


def line_of(card: Card, *, came: bool = False) -> Line:
    """Return a card as a line of a list; with `came`, as one of what came last."""
    language = get_language()
    below = f'<p class="excerpt">{escape(card.excerpt)}</p>\n' if card.excerpt else ""
    told = _facts(card, language, genre=True, tags=True, came=came)
    after = f'">{escape(card.title)}</a></h2>\n{below}{told}\n</li>\n'
    return Line(card.pk, _cover_of(card), _up_to_address(card, language), after)


def line_without_passages(card: Card) -> Line:
    """Return a card as a line of a search, but for what is found in it."""
    language = get_language()
    told = _facts(card, language, genre=False, tags=True, came=False)
    return Line(card.pk, "", _up_to_address(card, language), f"{told}\n</li>\n")


def with_passages(line: Line, found: Snippet) -> Line:
    """Return the line of a search with what was found: title and passages."""
    passages = "</span> <span>".join(found.passages)
    told = f'">{found.title}</a></h2>\n<p class="passages"><span>{passages}</span></p>\n'
    return Line(line.pk, line.cover, line.before, told + line.after)


def _up_to_address(card: Card, language: str | None) -> str:
    runs_on = ' class="runs-on"' if pages.runs_on(card.title) else ""
    address = article_address(card.pk, card.slug, language)
    return f'\n<h2{runs_on}><a href="{escape(address)}'


def _cover_of(card: Card) -> str:
    """Return the cover chosen for a card, if one was."""
    if not card.cover:
        return ""
    sources = pictures.sources(card.cover, "7rem", pictures.SMALL)
    return f'<img class="cover" {sources} alt="" loading="lazy" decoding="async">'


def _made_cover(pk: int) -> str:
    """Return the cover that is made of a title: a list in which one has a cover shows all with."""
    at = article_address(pk, "") + "cover.svg"
    return f'<img class="cover" src="{at}" width="240" height="320" alt="" loading="lazy">'


@register.simple_tag
def item_lines(articles: Iterable[Card | Line], within: str = "") -> SafeString:
    """Return articles as lines of a list; `within` is what their addresses say of it. All in one
    tag: a loop of a template would take as long as the lines."""
    within = escape(within)
    lines = [one if isinstance(one, Line) else line_of(one) for one in articles]
    covers, kind = [one.cover for one in lines], "item"
    if any(covers):
        covers, kind = [one.cover or _made_cover(one.pk) for one in lines], "item covered"
    told = [
        f'<li class="{kind}">{cover}{one.before}{within}{one.after}'
        for cover, one in zip(covers, lines, strict=True)
    ]
    # Written as lines, of what is escaped there; a Snippet's parts are safe.
    return mark_safe("".join(told))  # noqa: S308


@register.simple_tag
def byline_line(authors) -> SafeString:
    """Return who wrote an article; in a preview those without a page are not linked."""
    parts = [
        f"<span>{escape(str(one))}</span>"
        if getattr(one, "is_unlinked", False)
        else f'<a href="{escape(one.get_absolute_url())}" rel="author">{escape(str(one))}</a>'
        for one in authors
    ]
    line = f'<p class="byline">{"".join(parts)}</p>' if parts else ""
    return mark_safe(line)  # noqa: S308 - escaped above


@register.simple_tag
def tag_chips(tags) -> SafeString:
    """Return what an article is filed under, as `byline_line` does."""
    parts = [
        f'<span class="chip">{escape(str(one))}</span>'
        if getattr(one, "is_unlinked", False)
        else f'<a class="chip" href="{escape(one.get_absolute_url())}">{escape(str(one))}</a>'
        for one in tags
    ]
    line = f'<p class="chips">{"".join(parts)}</p>' if parts else ""
    return mark_safe(line)  # noqa: S308 - escaped above


@register.simple_tag
def outline_lines(outline) -> SafeString:
    """Return the headings of an article as links to them."""
    lines = [
        f'<li class="level-{part["level"]}"><a href="#{escape(part["id"])}">'
        f"{escape(part['title'])}</a></li>"
        for part in outline
    ]
    return mark_safe("".join(lines))  # noqa: S308 - escaped above


@register.simple_tag
def link_lines(links) -> SafeString:
    """Return links, a line each."""
    lines = [f"<li>{_link(one)}</li>" for one in links]
    return mark_safe("".join(lines))  # noqa: S308 - escaped above


def _time(machine: str, words: str) -> str:
    return f'<time datetime="{machine}">{words}</time>'


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _link(to, attributes: str = "") -> str:
    return _linked(to.url, to.text, attributes)


@lru_cache(maxsize=20_000)
def _linked(url: str, text: str, attributes: str) -> str:
    """Return a link: a page has a hundred of them to few tags and authors."""
    return f'<a{attributes} href="{escape(url)}">{escape(text)}</a>'
