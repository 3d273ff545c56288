"""What pages of readers are written with: page bars, choices, titles, and gaps in a text."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from django import template
from django.core.paginator import Page
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ...intake.lost_text import Passage
from ...models import Article, Author, Collection, Picture
from ...text import pictures, script
from ...text.names import current_script
from ..gaps import BLOTTED, marked
from ..whole_article import WholeArticle

register = template.Library()


_BETWEEN = re.compile(r"[\W_]+")
_LINE = 12
"""Characters of a title that fit on a line of a phone."""


@register.simple_tag
def choice_links(choices: Iterable, is_exact: bool) -> SafeString:
    """Return links to what a list can be narrowed to. There may be a hundred of them, which
    would be half of the time it takes to write a page as parts of a template."""
    about = "" if is_exact else f"{escape(pgettext('a number', 'about'))} "
    links = [
        f'<a class="chip" rel="nofollow" href="{escape(one.url)}">{escape(one.text)} '
        f"<small>{about}{one.count}</small></a>"
        for one in choices
    ]
    return mark_safe("".join(links))  # noqa: S308 - escaped above


@register.filter
def with_gaps(body: str, lost: Sequence[Passage] = ()) -> SafeString:
    """Return markup from the database, where stars over a word say that one is missing, and where
    text is lost so that it can be neither read nor restored."""
    told = _("Text is lost here in the source.")

    def stars(match: re.Match[str]) -> str:
        told = _("A word is blotted out here in the source.")
        return format_html('<span class="gap" title="{}">{}</span>', told, match[0])

    def gap(markup: str, is_last: bool) -> str:
        spoken = f'<span class="unseen">〔{escape(told)}〕</span>' if is_last else ""
        return f'<span class="gap lost" title="{escape(told)}">{markup}{spoken}</span>'

    # The body was sanitised when it was saved; what is put in is escaped.
    return mark_safe(_with_pictures(marked(BLOTTED.sub(stars, body), lost, gap)))  # noqa: S308


def _with_pictures(body: str) -> str:
    def told(alt: str) -> str:
        return _("[Picture: %s]") % alt if alt else _("[A picture that is not kept here]")

    return pictures.shown(body, told)


@register.filter
def with_pictures(body: str) -> SafeString:
    """Return sanitised markup from the database as a page shows it, with its pictures."""
    return mark_safe(_with_pictures(body))  # noqa: S308 - sanitised when it was saved


@register.simple_tag
def cover_of(collection: Collection) -> SafeString:
    """Return the cover of a collection: the picture chosen for it, or what is made of its title.
    Its title stands beside it, so that it has none of its own."""
    if collection.cover is None:
        address = reverse("collection-cover", args=[collection.slug])
        return format_html(
            '<img class="cover" src="{}" width="240" height="320" alt="" loading="lazy">', address
        )
    sources = pictures.sources(collection.cover.address, "9rem", pictures.SMALL)
    return mark_safe(  # noqa: S308 - an address of the library's own
        f'<img class="cover" {sources} alt="" loading="lazy" decoding="async">'
    )


@register.simple_tag
def head_picture(article: WholeArticle | Article) -> SafeString:
    """Return the cover chosen for an article, for above its text: fetched at once, as it is what
    one waits for."""
    cover = article.cover
    if not cover:
        return SafeString("")
    is_row = isinstance(cover, Picture)
    address, alt = (cover.address, cover.alt) if is_row else (cover, article.cover_alt)
    alt = escape(script.convert(alt, current_script()))
    # A phone with a fine screen takes what a coarser one would: it is there the sooner.
    sources = pictures.sources(address, "(min-width: 46rem) 42rem, 60vw", pictures.SMALL)
    return mark_safe(  # noqa: S308 - an address of the library's own
        f'<img class="head-picture" {sources} alt="{alt}" fetchpriority="high">'
    )


@register.simple_tag
def portrait_of(author: Author) -> SafeString:
    """Return the portrait chosen for an author."""
    if author.portrait is None:
        return SafeString("")
    sources = pictures.sources(author.portrait.address, "7rem", pictures.SMALL)
    alt = escape(script.convert(author.portrait.alt, current_script()))
    return mark_safe(  # noqa: S308 - an address of the library's own
        f'<img class="portrait" {sources} alt="{alt}">'
    )


@register.filter
def runs_on(title: str) -> bool:
    """Tell whether a title has a stretch without a mark that is longer than a line."""
    return max(map(len, _BETWEEN.split(title))) > _LINE


@register.simple_tag(takes_context=True)
def script_links(context) -> SafeString:
    """Return what leads to the page in the other script, where it is in both."""
    if not context.get("in_hans"):
        return SafeString("")
    label = escape(_("Script"))
    if context["is_hant"]:
        to = escape(quote(context["in_hans"]))
        links = (
            f'<a href="/zh-hans/choose/?next={to}" lang="zh-Hans" hreflang="zh-Hans" '
            'rel="nofollow" aria-label="切换到简体中文">简</a>'
            '<span aria-current="true" lang="zh-Hant">繁</span>\n      '
        )
    else:
        to = escape(quote(context["in_hant"]))
        links = (
            '<span aria-current="true" lang="zh-Hans">简</span>'
            f'<a href="/zh-hant/choose/?next={to}" lang="zh-Hant" hreflang="zh-Hant" '
            'rel="nofollow" aria-label="切換到繁體中文">繁</a>'
        )
    return mark_safe(  # noqa: S308 - escaped above
        f'<nav class="scripts" aria-label="{label}">\n      {links}\n    </nav>'
    )


class _PagerWords(NamedTuple):
    first: str
    back: str
    on: str
    last: str
    pages: str


@lru_cache(maxsize=10)
def _words_of_pager(language: str | None) -> _PagerWords:
    words = (_("First page"), pgettext("page", "Previous"), pgettext("page", "Next"))
    return _PagerWords(*map(escape, (*words, _("Last page"), _("Pages"))))


@register.simple_tag(takes_context=True)
def pager(context, page: Page) -> SafeString:
    """Return the bar that leads to the other pages of a list: the first ones, those around this one
    and the last; what lies between is told by the paginator's own ellipsis."""
    if not page.has_other_pages():
        return SafeString("")
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    query = asked.urlencode()

    def to(number: int) -> str:
        told = "&".join(part for part in (query, f"page={number}" if number > 1 else "") if part)
        return f'href="{escape(f"?{told}")}"'

    current, last = page.number, page.paginator.num_pages
    words = _words_of_pager(get_language())
    if page.has_previous():
        first = (
            f'<a class="end" {to(1)} aria-label="{words.first}">«</a>'
            f'<a rel="prev" {to(current - 1)}>{words.back}</a>'
        )
    else:
        first = f'<span class="end"></span><span class="off">{words.back}</span>'
    if page.has_next():
        end = (
            f'<a rel="next" {to(current + 1)}>{words.on}</a>'
            f'<a class="end" {to(last)} aria-label="{words.last}">»</a>'
        )
    else:
        end = f'<span class="off">{words.on}</span><span class="end"></span>'

    def item(number: int | str) -> str:
        if number == current:
            return f'<li><b aria-current="page">{number}</b></li>'
        if not isinstance(number, int):
            return "<li><span>…</span></li>"
        return f"<li><a {to(number)}>{number}</a></li>"

    numbers = page.paginator.get_elided_page_range(current, on_each_side=2, on_ends=1)
    at = escape(_("Page %(number)s of %(all)s") % {"number": current, "all": last})
    return mark_safe(  # noqa: S308 - escaped above
        f'<nav class="pager" aria-label="{words.pages}">\n{first}\n'
        f'<ol>{"".join(map(item, numbers))}</ol>\n<span class="at">{at}</span>\n{end}\n</nav>'
    )
