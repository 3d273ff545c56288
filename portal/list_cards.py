"""Rows of the desk's lists as they are cards on a phone: each fact says what it is. Made with the
page, so that nothing moves once a script has run, and without one too."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()

_CELL = re.compile(r'<t[dh](?: class="([^"]*)")?')
_EMPTY = re.compile(r"(?:<t[dh][^>]*>|</t[dh]>|</?span[^>]*>|[\s–—-])+")
"""A cell with a dash at most: where a row is a card, it tells nothing."""


@register.filter
def as_card(row: list[str], headers: list[dict]) -> SafeString:
    """Return a row's cells: the first is a card's title, the others are named by their columns."""
    cells, is_titled = [], False
    for cell, header in zip(row, headers, strict=False):  # what is hidden in a row has no column
        begins = _CELL.match(cell)
        kinds = begins[1] or ""
        if kinds == "action-checkbox":
            cells.append(cell)
            continue
        more = "" if is_titled else "card-title"
        name = f' data-label="{conditional_escape(capfirst(header["text"]))}"' if is_titled else ""
        if is_titled and _EMPTY.fullmatch(cell):
            more = "blank"
        is_titled = True
        kinds = f"{kinds} {more}".strip()
        cells.append(f'{cell[:3]}{name} class="{kinds}"{cell[begins.end() :]}')
    cells += row[len(headers) :]
    return mark_safe("".join(cells))  # noqa: S308 - cells are Django's own, names are escaped
