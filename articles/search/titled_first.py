"""Articles of whatever status by what somebody remembers of them: of their title first."""

from collections.abc import Iterator

from django.db.models import Case, Q, QuerySet, When

from ..text import script
from .find import matching


def in_either_script(text: str) -> list[str]:
    """Return a text as it was typed and in either script."""
    both = (script.convert(text, to) for to in script.SCRIPTS)
    return list(dict.fromkeys([text, *both]))


def titled_first(articles: QuerySet, text: str, most: int) -> Iterator:
    """Yield articles so titled, then those whose texts have the words, then those whose titles have
    it as a part of a word: each kind by when it was changed. One may come twice."""
    titled = Q()
    for form in in_either_script(text):
        titled |= Q(title__icontains=form)
    found, _is_all = matching(articles, text)
    by_title = Case(When(titled, then=0), default=1)
    ordered = list(found.order_by(by_title, "-modified_at", "-pk")[:most])
    yield from ordered
    if len(ordered) < most:  # part of a word
        yield from articles.filter(titled).order_by("-modified_at", "-pk")[:most]
