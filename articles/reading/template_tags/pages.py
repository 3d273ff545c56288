"""What pages of readers are written with: page bars, choices, titles, and gaps in a text."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from django import template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ...intake.lost_text import Passage
from ..gaps import BLOTTED, marked

register = template.Library()


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
    return mark_safe(marked(BLOTTED.sub(stars, body), lost, gap))  # noqa: S308


@register.filter
def runs_on(title: str) -> bool:
    """Tell whether a title has a stretch without a mark that is longer than a line."""
    return max(map(len, re.split(r"[\W_]+", title))) > _LINE


@register.filter
def numbers(page: Page) -> list[int | str]:
    """Return the first pages, those around this one and the last; what lies between is told by the
    paginator's own ellipsis."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
