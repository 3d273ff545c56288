"""Sentences judged by a reader: what each is in either script, and how much of it comes out wrong."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from articles.text import script

from .places import TESTS

JUDGED = TESTS / "text" / "judged.tsv"

PARTS = ("open", "held")
"""Those that rules were made by, and those written afterwards."""

_PLACE = re.compile(r"\[.+?\]|.")


class Sentence(NamedTuple):
    """A sentence in both scripts; `places` has what may stand at each place in traditional text."""

    way: str
    hans: str
    places: list[str]

    @property
    def hant(self) -> str:
        return "".join(place.strip("[]")[0] for place in self.places)


def judged(part: str) -> Iterator[Sentence]:
    """Yield the sentences of a part."""
    for line in JUDGED.read_text("utf-8").splitlines():
        if line.startswith(part):
            _, way, hans, hant = line.split("\t")
            yield Sentence(way, hans, _PLACE.findall(hant))


Convert = Callable[[str, str, str], str]


def wrong(part: str, target: str, convert: Convert = script.convert) -> tuple[int, int, list[str]]:
    """Return wrong characters, all characters, and where something is wrong."""
    count = size = 0
    where = []
    for sentence in judged(part):
        if target == script.HANT and sentence.way == "<":
            continue
        if target == script.HANT:
            found, wanted = convert(sentence.hans, target, script.HANS), sentence.places
        else:
            found, wanted = convert(sentence.hant, target, script.HANT), list(sentence.hans)
        errors = sum(char not in place for char, place in zip(found, wanted, strict=True))
        count, size = count + errors, size + len(wanted)
        if errors:
            where.append(f"{found} ≠ {''.join(wanted)}")
    return count, size, where
