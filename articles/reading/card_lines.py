"""Articles as parts of pages, such as the lines of lists, written once in each script and kept by
the process until something on them changes: a new article makes its lists anew, and leaves nineteen
lines of twenty as they were."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection

from ..models.page_version import EVERYTHING, each_standing, of_article
from ..search.snippets import Marker
from .cards import Line, Shelf, cards, texts_of
from .template_tags.facts import line_of, line_without_passages, with_passages

_MOST = 6_000
"""Parts that are kept: some nine megabytes."""

_kept: OrderedDict[tuple[str, str, int], tuple[tuple[int, int], Any]] = OrderedDict()


def kept_parts(
    ids: Sequence[int], form: str, write: Callable[[list[int]], Iterable[tuple[int, Any]]]
) -> dict[int, Any]:
    """Return these articles in some form, by their keys: those that stand as they were written, and
    the others as `write` does now, which leaves out what is not public. The keys come of a list or
    a query of just now, which has told whether they may be seen by the clock.

    Versions are read first: what is written later is of them or newer, and then it is not found
    again.
    """
    if not ids:
        return {}
    database = connection.settings_dict["NAME"]
    standing = each_standing([EVERYTHING, *map(of_article, ids)])
    of_all = standing.get(EVERYTHING, 0)
    versions = {pk: (of_all, standing.get(of_article(pk), 0)) for pk in ids}
    found: dict[int, Any] = {}
    for pk, version in versions.items():
        known = _kept.get((database, form, pk))
        if known is not None and known[0] == version:
            found[pk] = known[1]
    if len(found) < len(versions):
        for pk, part in write([pk for pk in versions if pk not in found]):
            found[pk] = part
            _kept[database, form, pk] = versions[pk], part
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found


def lines(ids: Sequence[int], in_script: str, *, came: bool = False) -> list[Line]:
    """Return those of these articles that are public, in the order of their keys; with `came`, as
    lines of what came last."""

    def write(missing: list[int]) -> Iterable[tuple[int, Line]]:
        return ((card.pk, line_of(card, came=came)) for card in cards(missing, in_script))

    found = kept_parts(ids, f"{in_script} {came}", write)
    return [found[pk] for pk in ids if pk in found]


def found_lines(ids: Sequence[int], in_script: str, marker: Marker) -> list[Line]:
    """Return those of these articles that are public as lines of a search, with what is marked in
    them. Of those whose lines are kept, the texts alone are fetched."""
    texts = texts_of(ids, in_script)

    def write(missing: list[int]) -> Iterable[tuple[int, Line]]:
        return ((card.pk, line_without_passages(card)) for card in cards(missing, in_script))

    known = kept_parts([pk for pk in ids if pk in texts], f"{in_script} found", write)
    return [with_passages(known[pk], marker.snippet(*texts[pk])) for pk in ids if pk in known]


def forget() -> None:
    """Forget all parts."""
    _kept.clear()


class ShelfOfLines(Shelf):
    """The articles of all the given lists together as lines."""

    def __getitem__(self, wanted: slice) -> list[Line]:
        return lines(self.ids(wanted.start or 0, wanted.stop), self._in_script)
