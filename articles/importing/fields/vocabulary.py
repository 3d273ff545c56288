"""The controlled vocabulary of tags, and how an essay's terms are matched to it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...text import script

DATA_FILE = Path(__file__).with_name("vocabulary.json")

_WORTH = {"title": 6, "keywords": 8, "summary": 2, "mentions": 1}
"""Points of a term that stands there; only mentions in the body add up."""

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
        """Return the names of the tags that fit an essay, best first."""
        return [found.name for found in self.weigh(title, keywords, summary, body)][:_MOST]

    def weigh(
        self, title: str, keywords: Iterable[str], summary: str, body: str
    ) -> list["Evidence"]:
        """Return what speaks for each tag that fits an essay, best first.

        Terms are counted longest first and each place once: 职代会提案 speaks for 提案, not for
        职代会 as well.
        """
        evidence: dict[str, Evidence] = {}
        folded = {script.fold(keyword) for keyword in keywords}
        texts = {"title": script.fold(title), "summary": script.fold(summary)}
        texts["mentions"] = script.fold(body)
        for term in sorted(self.terms, key=len, reverse=True):
            name = self.terms[term]
            counts = {where: text.count(term) for where, text in texts.items()}
            if term in folded:
                counts["keywords"] = 1
            for where, count in counts.items():
                if count:
                    found = evidence.setdefault(name, Evidence(name))
                    setattr(found, where, getattr(found, where) + count)
                    found.points += _WORTH[where] * (count if where == "mentions" else 1)
                    if where != "keywords":
                        texts[where] = texts[where].replace(term, "\0")
        best = sorted(evidence.values(), key=lambda found: -found.points)
        return [found for found in best if found.points >= _ENOUGH]


@dataclass(slots=True)
class Evidence:
    """What in an essay speaks for a tag: how often its terms stand where."""

    name: str
    points: int = 0
    title: int = 0
    keywords: int = 0
    summary: int = 0
    mentions: int = 0


_BETWEEN = re.compile(r"[，,、；;|｜\u3000\r\n\t]+")


def split_terms(text: str) -> list[str]:
    """Return the names of a list such as `維權，提案；廠務公開`, each once; a plain space stands
    within a name."""
    return list(dict.fromkeys(name for part in _BETWEEN.split(text) if (name := part.strip())))


@cache
def default_vocabulary() -> Vocabulary:
    """Return the vocabulary of the data file."""
    groups = json.loads(DATA_FILE.read_text("utf-8"))
    return Vocabulary.of((tag["hans"], tag["aliases"]) for group in groups for tag in group["tags"])
