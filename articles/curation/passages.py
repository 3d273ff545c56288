"""A passage that a reader points at, found in the text and put right there."""

import re
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext_lazy as _

from ..models import Article, Revision
from ..text import html, script
from . import drafts
from .policy import Deed, may

_ROUND = 160
"""Characters of the text shown before and behind a passage."""

NOT_THERE = _("The passage is not found in the text exactly once: change it in the form.")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage in the plain text of an article, with what stands before and behind it."""

    before: str
    text: str
    behind: str
    start: int
    end: int


def find(article: Article, passage: str) -> Found | None:
    """Return where a passage stands in the article's body, in whichever script it was read; None
    where it is not found exactly once."""
    text = html.Placed(article.body).text
    folded, wanted = script.fold(text), script.fold(passage).split()
    if not wanted or len(folded) != len(text):
        return None
    pattern = re.compile(r"\s*".join(re.escape(char) for char in "".join(wanted)))
    places = list(pattern.finditer(folded))
    if len(places) != 1:
        return None
    start, end = places[0].span()
    before, behind = text[max(0, start - _ROUND) : start], text[end : end + _ROUND]
    return Found(before, text[start:end], behind, start, end)


def put_right(article: Article, passage: str, right: str, user, seen: str, note: str) -> bool:
    """Put `right` where the passage stands; tell whether readers see that at once, or a draft over
    their text has it. An empty one takes the passage out.

    Raises Overtaken where something else stands than was seen, ValueError where there is no one
    place for it, and Held as on publishing.
    """
    with drafts.as_seen(article, seen) as standing:
        found = find(standing, passage)
        place = found and html.Placed(standing.body).place(found.start, found.end)
        if not place or standing.draft_id:
            raise ValueError(NOT_THERE)
        low, high = place
        body = standing.body[:low] + escape(right.strip(), quote=False) + standing.body[high:]
        standing.body = html.sanitise(body)
        authors, tags = standing.byline, list(standing.tags.all())
        if may(user, Deed.WRITE, standing):
            drafts.save(standing, authors, tags, user, Revision.Kind.SAVED, note)
            return True
        wanted = drafts.working_copy(article) | {"body": standing.body}
        drafts.keep_draft(standing, wanted, user, note)
        return False
