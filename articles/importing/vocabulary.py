"""The controlled vocabulary of tags, and how an essay's terms are matched to it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .. import script

DATA_FILE = Path(__file__).with_name("vocabulary.json")

_IN_TITLE, _IN_KEYWORDS, _IN_SUMMARY = 6, 8, 2
_ENOUGH = 4
"""Points a term needs: a keyword or the title alone, or four mentions in the body."""

_MOST = 6
"""Tags an essay gets at the most, so that a long one does not collect the whole vocabulary."""


@dataclass(frozen=True)
class Vocabulary:
    """Tag names and aliases, folded to simplified characters, to the tag's own name."""

    terms: Mapping[str, str]

    @classmethod
    def of(cls, tags: Iterable[tuple[str, Iterable[str]]]) -> "Vocabulary":
        """Build from (name, further names) pairs; any script."""
        return cls({script.fold(term): name for name, terms in tags for term in (name, *terms)})

    def match(self, title: str, keywords: Iterable[str], summary: str, body: str) -> list[str]:
        """Return the names of the tags that fit an essay, best first.

        Terms are counted longest first and each place once: 职代会提案 speaks for 提案, not for
        职代会 as well.
        """
        points: dict[str, int] = {}
        folded = {script.fold(keyword) for keyword in keywords}
        texts = [(script.fold(title), _IN_TITLE), (script.fold(summary), _IN_SUMMARY)]
        texts.append((script.fold(body), 1))
        for term in sorted(self.terms, key=len, reverse=True):
            name = self.terms[term]
            if term in folded:
                points[name] = points.get(name, 0) + _IN_KEYWORDS
            for number, (text, worth) in enumerate(texts):
                found = text.count(term)
                if found:
                    points[name] = points.get(name, 0) + worth * (1 if worth > 1 else found)
                    texts[number] = (text.replace(term, "\0"), worth)
        best = sorted(points, key=lambda name: -points[name])
        return [name for name in best if points[name] >= _ENOUGH][:_MOST]


@cache
def default_vocabulary() -> Vocabulary:
    """Return the vocabulary of the data file."""
    groups = json.loads(DATA_FILE.read_text("utf-8"))
    return Vocabulary.of((tag["hans"], tag["aliases"]) for group in groups for tag in group["tags"])
