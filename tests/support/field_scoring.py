"""How well the fields of pages are read: what the importer made of each, against the truth.

Used by benchmarks/fields.py and, with floors, by tests/importing/test_pages.py. A verdict is one
word for a field of a page:

right     a value was taken, and it is one of the right ones
wrong     another value was taken
offered   none was taken; the right one is among the candidates of a flag
blank     none was taken or offered
invented  the page states none, and one was taken
none      the page states none, and none was taken (or one that may be taken)

A title that a blocking flag holds back is not taken: a curator has to decide on it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.importing.draft import Block, Draft
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile
from articles.text import script

from .pages import FIELDS, Page

_FLAGS = {
    "title": ("missing-title", "doubtful-title"),
    "authors": ("missing-author", "doubtful-author"),
    "date": ("missing-date", "doubtful-date", "upload-date"),
    "source": ("missing-source", "doubtful-source"),
}
_DATE_LENGTH = {"year": 4, "month": 7, "day": 10}
GOOD = {"right", "none"}


@dataclass(frozen=True)
class Verdict:
    """What became of a field of a page, or of the page's text: `begins`, `junk`, `keeps`; of a
    page that is `no essay`, whether anything was taken."""

    page: str
    field: str
    word: str
    wanted: object
    got: object


def verdicts(page: Page) -> Iterator[Verdict]:
    """Yield what became of each field of a page, and of its text."""
    try:
        draft = make_draft(page.text.encode(), f"{page.name}.txt")
    except UnreadableFile:
        draft = Draft(b"", "", "", page.text)
    taken, offers = values(draft), offered(draft)
    for one in FIELDS:
        word = _word(page, one, taken[one], offers[one])
        wanted = page.right[one] or page.allowed[one]
        yield Verdict(page.name, one, word, wanted, taken[one] or offers[one])
    if page.right["date"] and taken["date"] in page.right["date"][:1]:
        upload = any(flag.kind == "upload-date" for flag in draft.flags)
        word = "right" if upload is page.upload else "wrong"
        yield Verdict(page.name, "kind of date", word, page.upload, upload)
    if not page.essay:
        wrong = [one for one in FIELDS if _word(page, one, taken[one], ()) != "none"]
        word = "taken" if wrong else "right"
        yield Verdict(page.name, "no essay", word, "nothing taken", wrong)
    yield from _of_the_text(page, draft, taken["title"])


def values(draft: Draft) -> dict[str, str]:
    """Return what the importer takes for each field, names joined by 、."""
    title = "" if _held_back(draft) else draft.title
    date = draft.stated_date.isoformat() if draft.stated_date else ""
    return {
        "title": title,
        "authors": "、".join(draft.authors),
        "date": date[: _DATE_LENGTH.get(draft.date_precision, 10)],
        "source": draft.source_name,
    }


def offered(draft: Draft) -> dict[str, tuple[str, ...]]:
    """Return the candidates that flags offer for each field."""
    return {
        one: tuple(c for flag in draft.flags if flag.kind in kinds for c in flag.candidates)
        for one, kinds in _FLAGS.items()
    }


def _held_back(draft: Draft) -> bool:
    return any(
        flag.kind == "missing-title" or (flag.kind == "doubtful-title" and flag.blocking)
        for flag in draft.flags
    )


def _word(page: Page, one: str, value: str, offers: tuple[str, ...]) -> str:
    right, allowed = page.right[one], page.allowed[one]
    if value:
        if any(same(value, other) for other in right):
            return "right"
        if any(same(value, other) for other in allowed):
            return "none"
        return "wrong" if right else "invented"
    if not right or one in page.optional:
        return "none"
    return "offered" if any(_among(other, offers) for other in right) else "blank"


def same(one: str, other: str) -> bool:
    """Tell whether two values say the same, in whichever script and with whatever marks."""
    return letters(one) == letters(other)


def _among(value: str, offers: tuple[str, ...]) -> bool:
    """Whether a value is offered, or each of several names."""
    together = [letters(offer) for offer in offers]
    return all(any(letters(part) in offer for offer in together) for part in value.split("、"))


def _of_the_text(page: Page, draft: Draft, title: str) -> Iterator[Verdict]:
    blocks = draft.blocks
    if page.begins:
        first = next((n for n, block in enumerate(blocks) if not block.level), 0)
        starts = [letters(_joined(blocks)), letters(_joined(blocks[first:]))]
        starts.append(letters(draft.summary))
        wanted = [letters(start) for start in page.begins]
        good = any(start.startswith(one) for start in starts for one in wanted)
        word = "right" if good else "wrong"
        yield Verdict(page.name, "begins", word, page.begins, _joined(blocks)[:30])
    solid = "\n".join((_joined(blocks), draft.summary, title))
    flat = letters(solid)
    if page.junk:
        left = [
            junk
            for junk in page.junk
            if (letters(junk) or junk) in (flat, solid)[not letters(junk)]
        ]
        yield Verdict(page.name, "junk", "left" if left else "right", page.junk, left)
    if page.keeps:
        solid = re.sub(r"\s", "", solid)
        lost = [kept for kept in page.keeps if re.sub(r"\s", "", kept) not in solid]
        yield Verdict(page.name, "keeps", "lost" if lost else "right", page.keeps, lost)


def _joined(blocks: Iterable[Block]) -> str:
    return "".join(block.text + _joined(block.parts) for block in blocks)


def letters(text: str) -> str:
    """Return the letters and figures alone, the same in both scripts and of any width."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", script.comparable(text))).lower()


def table(found: Iterable[Verdict]) -> dict[str, Counter]:
    """Count the words by field."""
    counts: dict[str, Counter] = {}
    for verdict in found:
        counts.setdefault(verdict.field, Counter())[verdict.word] += 1
    return counts
