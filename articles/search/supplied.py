"""The words search comes with: `synonyms.tsv`, taken into the tables curators keep.

What a curator changed or deleted stays so when the file changes: beside each row stands what was
supplied last, and only what still reads so follows the file.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_HERE = Path(__file__).resolve().parent
FILE = _HERE / "synonyms.tsv"
_FIRST = _HERE / "words.json"
"""What a library began with before there was the file."""

SAME, ONE_WAY, WORD = "=", ">", "word"


@dataclass(frozen=True)
class Supplied:
    """A row of the file."""

    kind: str
    words: str
    reason: str

    @property
    def key(self) -> str:
        """Return what the row is known by: its kind and first word."""
        return f"{self.kind}{self.members[0]}"

    @cached_property
    def members(self) -> list[str]:
        return self.words.split("、")


def supplied() -> list[Supplied]:
    """Return the rows of the file."""
    lines = FILE.read_text("utf-8").splitlines()
    return [Supplied(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def take(model: Callable, rows: Iterable[Supplied]) -> int:
    """Bring what curators keep up to `rows`; return how many words or rows changed.

    `model` returns a model of the app by its name, as migrations know it.
    """
    known = {one.key: one for one in model("SuppliedWords").objects.select_related("synonym")}
    mine = set(known)
    first = _Before(model) if not known else None
    changed = 0
    for row in rows:
        mine.discard(row.key)
        last = known.get(row.key)
        if last is None:
            changed += _taken_first(model, row, first)
        elif row.kind != WORD and last.synonym and last.synonym.words == last.words:
            changed += _followed(row, last)
        model("SuppliedWords").objects.filter(key=row.key).update(words=row.words)
    for key in mine:  # no longer in the file
        last = known[key]
        if last.synonym and last.synonym.words == last.words:
            model("Synonym").objects.filter(pk=last.synonym_id).delete()
            changed += 1
        last.delete()
    return changed


class _Before:
    """What curators made of the first words before there was the file."""

    def __init__(self, model: Callable):
        self.rows = [(row, _members(row.words)) for row in model("Synonym").objects.all()]
        self.begun_with = [set(group) for group in json.loads(_FIRST.read_text())["synonyms"]]

    def of(self, row: Supplied):
        """Return the curators' row that has two words of this one, and whether it is untouched."""
        members = set(row.members)
        for synonym, words in self.rows:
            if len(members & words) > 1:
                return synonym, words in self.begun_with
        return None, any(len(members & group) > 1 for group in self.begun_with)


def _members(words: str) -> set[str]:
    return set(words.split("、"))


def _taken_first(model: Callable, row: Supplied, first: _Before | None) -> int:
    """Take a row that was not supplied before."""
    synonym, changed = None, 0
    if row.kind == WORD:
        changed = int(model("DomainWord").objects.get_or_create(word=row.words)[1])
    else:
        synonym, is_first = first.of(row) if first and row.kind == SAME else (None, False)
        if synonym and is_first:
            synonym.words, synonym.reason = row.words, row.reason
            model("Synonym").objects.bulk_update([synonym], ["words", "reason"])
            changed = 1
        elif not synonym and not is_first:  # else a curator deleted it
            synonym = model("Synonym").objects.bulk_create(
                [model("Synonym")(words=row.words, reason=row.reason, one_way=row.kind == ONE_WAY)]
            )[0]
            changed = 1
    model("SuppliedWords").objects.create(key=row.key, words=row.words, synonym=synonym)
    return changed


def _followed(row: Supplied, last) -> int:
    """Let a row nobody changed follow the file."""
    synonym = last.synonym
    if (synonym.words, synonym.reason) == (row.words, row.reason):
        return 0
    is_changed = synonym.words != row.words
    synonym.words, synonym.reason = row.words, row.reason
    type(synonym).objects.bulk_update([synonym], ["words", "reason"])
    return int(is_changed)
