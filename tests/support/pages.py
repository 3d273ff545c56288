"""The labelled pages of tests/importing/pages: a header that says the truth, and the page.

README.md there tells the form. A page's empty places are filled with prose, always the same for
the same page, so that the words of its title come back in its text as they do in real life.
"""

import hashlib
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from articles.text import script

from .damage import annotate, keys_of, narrow, to_traditional, windows, yi
from .places import CORPUS, PAGES

FIELDS = ("title", "authors", "date", "source")
SEEN, KEPT = "seen", "kept"

Header = dict[str, str]

_FILLED = "-"
"""What stands for the first paragraph that was filled in."""

_BEGINS_WITH = 14
_DAMAGE = {
    "narrow": narrow,
    "traditional": to_traditional,
    "yi": yi,
    "pinyin": lambda text: annotate(text, keys_of(text, 40)),
    "windows": windows,
}
_MARKS_OF_TRADITIONAL = str.maketrans("“”‘’", "「」『』")
_NO_TOPIC = re.compile(r"[的与和及在对从把让为是——：，、？！“”《》（）\s\d]|关于|浅谈|浅析")


@dataclass(frozen=True)
class Page:
    """A page as it was saved, and what a perfect import makes of it.

    `right` holds for each field the values that are right, the best first, and is empty where the
    page states none; `allowed` holds values that may be taken where none is stated. Names of
    several authors are joined by 、.
    """

    name: str
    text: str
    right: dict[str, tuple[str, ...]]
    allowed: dict[str, tuple[str, ...]]
    upload: bool = False
    optional: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    essay: bool = True
    why: str = ""

    @property
    def half(self) -> str:
        """Whether whoever tunes the reader may look at this page, or it is kept back."""
        return (SEEN, KEPT)[hashlib.sha256(self.name.encode()).digest()[0] % 2]


def hand_made() -> list[Page]:
    """Return the pages written by hand, in the order of the files."""
    return [
        page for path in sorted(PAGES.glob("*.txt")) for page in read_pages(path.read_text("utf-8"))
    ]


def read_pages(text: str) -> Iterator[Page]:
    """Yield the pages of a file of pages."""
    for part in re.split(r"^=== ", text, flags=re.M)[1:]:
        head, _, page = part.partition("\n---\n")
        name, *lines = head.split("\n")
        header: Header = {}
        for line in lines:
            key, colon, value = line.partition(":")
            if not colon or key in header:
                raise ValueError(f"{name}: {line!r} is no line of a header, or a second one.")
            header[key] = value.strip()
        yield make_page(name, header, page.strip("\n"))


def make_page(name: str, header: Header, text: str) -> Page:
    """Make a page of its header and its text with empty places."""
    unknown = header.keys() - _KEYS
    if unknown:
        raise ValueError(f"{name}: no such key: {unknown}.")
    prose = _Prose(name, _topics(header), header.get("script") == "hant")
    between = "\n\n" if header.get("between") == "blank" else "\n"
    text = prose.fill(text, between)
    for damage in _DAMAGE:
        if damage in header.get("damage", "").split():
            text = _DAMAGE[damage](text)
    junk = _several(header.get("junk", ""))
    if any(one in prose.written for one in junk):
        raise ValueError(f"{name}: some of its junk stands in the prose it was filled with.")
    date, _, kind = header.get("date", "").partition(" ")
    right, allowed = {}, {}
    for one in FIELDS:
        value = date if one == "date" else header.get(one, "")
        others = _several(header.get(f"or {one}", ""))
        right[one] = (value, *others) if value else ()
        allowed[one] = () if value else others
    starts = _several(header.get("begins", _FILLED)) + _several(header.get("or begins", ""))
    begins = (prose.first if start == _FILLED else start for start in starts)
    return Page(
        name,
        text,
        right,
        allowed,
        upload=kind.strip() == "upload",
        optional=frozenset(header.get("optional", "").split()),
        begins=tuple(start for start in begins if start),
        junk=junk,
        keeps=_several(header.get("keeps", "")),
        essay=header.get("essay") != "no",
        why=header.get("why", ""),
    )


_KEYS = {*FIELDS, *(f"or {one}" for one in FIELDS), "optional", "begins", "or begins", "junk"}
_KEYS |= {"keeps", "essay", "about", "script", "between", "damage", "why"}


def _several(value: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in value.split(" ~ ") if one.strip())


def _topics(header: Header) -> list[str]:
    """Return the words that are to come back in the text."""
    if "about" in header:
        return header["about"].split()
    title = script.convert(header.get("title", ""), script.HANS)
    words = [word for word in _NO_TOPIC.split(title) if 2 <= len(word) <= 8]
    return words or ["这件事"]


@dataclass
class _Prose:
    """Paragraphs about some topics, always the same for the same name."""

    name: str
    topics: list[str]
    traditional: bool
    first: str = ""
    written: str = ""
    _chance: random.Random = field(init=False)
    _paragraphs: list[str] = field(init=False)
    _sentences: list[str] = field(init=False)

    def __post_init__(self):
        self._chance = random.Random(self.name)
        self._paragraphs = self._chance.sample(clean_paragraphs(), 40)
        self._sentences = self._chance.sample(_topical_sentences(), len(_topical_sentences()))

    def fill(self, text: str, between: str) -> str:
        """Fill the empty places of a page."""
        parts = {
            "{p}": self._paragraph,
            "{s}": self._sentence,
            "{long}": lambda: "".join(self._paragraph() for _ in range(6)),
        }
        text = text.replace("{body}", between.join(["{p}"] * 5))
        return re.sub(r"\{(?:p|s|long)\}", lambda match: self._written(parts[match[0]]()), text)

    def _written(self, prose: str) -> str:
        if self.traditional:
            prose = script.convert(prose, script.HANT, script.HANS)
            prose = prose.translate(_MARKS_OF_TRADITIONAL)
        self.first = self.first or prose[:_BEGINS_WITH]
        self.written += prose
        return prose

    def _sentence(self) -> str:
        one, other = (self.topics * 2)[:2] if len(self.topics) < 2 else self._two()
        sentence = self._sentences.pop()
        self._sentences.insert(0, sentence)  # a long page says things twice
        return sentence.format(a=one, b=other)

    def _two(self) -> list[str]:
        return self._chance.sample(self.topics, 2)

    def _paragraph(self) -> str:
        kind = self._chance.random()
        if kind < 0.35 or not self.first:
            return self._sentence() + self._sentence() + self._sentence()
        if kind < 0.75:
            return self._sentence() + self._paragraphs.pop()
        return self._paragraphs.pop()


@cache
def clean_paragraphs() -> tuple[str, ...]:
    """Return the paragraphs of the clean texts on union work, of the length of prose."""
    lines = (CORPUS / "union.txt").read_text("utf-8").split("\n")
    lines = [line.strip() for line in lines]
    return tuple(line for line in lines if 60 <= len(line) <= 150 and "：" not in line[:16])


@cache
def _topical_sentences() -> tuple[str, ...]:
    return tuple((PAGES / "filling" / "sentences.txt").read_text("utf-8").split())


def of_half(pages: Iterable[Page], half: str | None) -> list[Page]:
    """Return the pages of a half, or all."""
    return [page for page in pages if half in (None, page.half)]
