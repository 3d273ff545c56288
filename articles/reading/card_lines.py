"""Articles as lines of lists, written once in each script and kept by the process until something
on them changes: a new article makes its lists anew, and leaves nineteen lines of twenty as they
were."""

from collections import OrderedDict
from collections.abc import Sequence

from django.db import connection

from ..models.page_version import EVERYTHING, each_standing, of_article
from .cards import Line, Shelf, cards
from .template_tags.facts import line_of

_MOST = 4_000
"""Lines that are kept: some six megabytes."""

_kept: OrderedDict[tuple[str, str, int], tuple[tuple[int, int], Line]] = OrderedDict()


def lines(ids: Sequence[int], in_script: str) -> list[Line]:
    """Return those of these articles that are public, in the order of their keys, which a list
    gave just now: whether one may be seen by the clock the list has told.

    Versions are read first: a line that is written later is of them or newer, and then it is not
    found again.
    """
    if not ids:
        return []
    database = connection.settings_dict["NAME"]
    standing = each_standing([EVERYTHING, *map(of_article, ids)])
    of_all = standing.get(EVERYTHING, 0)
    versions = {pk: (of_all, standing.get(of_article(pk), 0)) for pk in ids}
    found: dict[int, Line] = {}
    for pk, version in versions.items():
        known = _kept.get((database, in_script, pk))
        if known is not None and known[0] == version:
            found[pk] = known[1]
    for card in cards([pk for pk in versions if pk not in found], in_script):
        found[card.pk] = line = line_of(card)
        _kept[database, in_script, card.pk] = versions[card.pk], line
    while len(_kept) > _MOST:
        _kept.popitem(last=False)
    return [found[pk] for pk in ids if pk in found]


def forget() -> None:
    """Forget all lines."""
    _kept.clear()


class ShelfOfLines(Shelf):
    """The articles of all the given lists together as lines."""

    def __getitem__(self, wanted: slice) -> list[Line]:
        return lines(self.ids(wanted.start or 0, wanted.stop), self._in_script)
