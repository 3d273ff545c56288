"""Passages typed in the other script than the article's own: found, shown, and put into it.

What a curator keeps as written is remembered by the text itself: passages that stood in the
version a form was made from are not asked about again, and the revision's note tells of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ..text import html, script
from ..text.quotes import replaced

TEXTS = ("title", "summary", "body")

_AROUND = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A passage as it is shown: what stands around it, what it is, and what it would be."""

    left: str
    before: str
    after: str
    right: str


@dataclass(slots=True)
class Mixed:
    """What a text has in the other script: the places, and the texts with all of them put right."""

    own: str
    is_mostly_other: bool = False
    places: list[Place] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Return what tells this from what another text has: a choice is of what was seen."""
        told = "\0".join((self.own, *(place.before + place.after for place in self.places)))
        return sha256(told.encode()).hexdigest()[:12]


def look(texts: Mapping[str, str], own: str, standing: Mapping[str, str]) -> Mixed:
    """Return what is in the other script in texts that are in `own`, and is new to them.

    `texts` has title, summary and body, the body as markup; `standing` the same as they stood.
    """
    known = _plain(standing)
    found = Mixed(own, script.detect(_plain(texts)) == other(own))
    for name in TEXTS:
        text = texts.get(name, "")
        bare, written = html.bare(text) if name == "body" else (text, range(len(text)))
        found.texts[name] = _look(found, text, bare, written, own, known)
    return found


def look_in_fields(texts: Mapping[str, tuple[str, str]], standing: Iterable[str]) -> Mixed:
    """Return what is not in the script of its field, and is new to it, of texts or markup that are
    given by their names, each with the script of its field; `standing` as in `look`."""
    known = "\n".join(html.bare(text)[0] for text in standing)
    found = Mixed("")
    for name, (text, own) in texts.items():
        found.texts[name] = _look(found, text, *html.bare(text), own, known)
    return found


def _look(found: Mixed, text: str, bare: str, written: Sequence[int], own: str, known: str) -> str:
    """Note the passages of a text that `known` does not have, and return it with them put right."""
    swaps: dict[int, str] = {}
    for passage in script.passages(bare, own):
        start, end = passage.start, passage.end
        left = bare[max(0, start - _AROUND) : start].rpartition("\n")[2]
        right = bare[end : end + _AROUND].partition("\n")[0]
        if left + passage.before + right in known:
            continue
        found.places.append(Place(left, passage.before, passage.after, right))
        swaps |= {written[start + at]: char for at, char in enumerate(passage.after)}
    return replaced(text, swaps)


def detected(texts: Mapping[str, str]) -> str:
    """Return the script an article is written in, by its title, summary and body."""
    return script.detect(_plain(texts))


def other(own: str) -> str:
    """Return the other script."""
    return script.HANS if own == script.HANT else script.HANT


def _plain(texts: Mapping[str, str]) -> str:
    body, _written = html.bare(texts.get("body", ""))
    return "\n".join((texts.get("title", ""), texts.get("summary", ""), body))
