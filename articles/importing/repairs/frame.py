"""What a repair is: a declared step with its evidence, an example, and what it must not touch."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ..edits import Edit, Flag, Record, apply

Finding = Edit | Flag

MOST_FINDINGS = 400_000
"""Findings on one page; a million characters by a careless tool (half-width marks, \\r\\n, spaces)
have about 200,000. With more the page is beyond repair: it stays as far as it came, flagged."""

MOST_FLAGS = 10_000
"""Flags on one page: nobody looks at more."""


@dataclass(frozen=True, slots=True)
class Page:
    """The text a step is given, and what earlier steps have found.

    `flags` point into `text`; `edits` are those made so far, and point into `source`.
    """

    text: str
    flags: tuple[Flag, ...] = ()
    source: str = ""
    edits: tuple[Edit, ...] = ()

    def edit(self, kind: str, start: int, end: int, after: str, certain: bool = True) -> Edit:
        """Return the edit that puts `after` where [start, end) stands."""
        return Edit(kind, start, end, self.text[start:end], after, certain)

    def lines(self) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, line); end lies behind the line feed, the line has none."""
        start = 0
        for line in self.text.split("\n"):
            end = min(start + len(line) + 1, len(self.text))
            yield start, end, line
            start += len(line) + 1


def covered(spans: Iterable[tuple[int, int]], positions: Iterable[int]) -> set[int]:
    """Return those of the positions that lie in one of the half-open spans."""
    inside: set[int] = set()
    ordered = sorted(positions)
    done = 0
    for start, end in sorted(spans):
        first, last = bisect_left(ordered, start), bisect_left(ordered, end)
        inside.update(ordered[max(first, done) : last])
        done = max(done, last)
    return inside


@dataclass(frozen=True, slots=True)
class Repair:
    """A step of the pipeline. `before` and `after` are whole pages that show what it does."""

    find: Callable[[Page], Iterable[Finding]]
    name: str
    seen: str  # where such damage was found
    before: str
    after: str
    untouched: tuple[str, ...] = ()  # pages that look alike and must stay as they are

    def __call__(self, text: str) -> str:
        """Return `text` with this one step done: for tests and for trying a step by hand."""
        findings = self.find(Page(text))
        return apply(text, sorted((f for f in findings if isinstance(f, Edit)), key=_place))


def _place(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def repair(
    *, seen: str, before: str, after: str, untouched: tuple[str, ...] = ()
) -> Callable[[Callable[[Page], Iterable[Finding]]], Repair]:
    """Declare a function as a repair step."""

    def declare(find: Callable[[Page], Iterable[Finding]]) -> Repair:
        return Repair(find, find.__name__, seen, before, after, untouched)

    return declare


def run(record: Record, repairs: Iterable[Repair]) -> None:
    """Run the steps in order over the record, up to one that finds more than can be looked at."""
    page = None
    for step in repairs:
        page = page or _page_of(record)
        left = max(0, MOST_FINDINGS - len(record.edits))
        findings = list(islice(step.find(page), left + 1))
        flags = len(record.flags) + sum(isinstance(finding, Flag) for finding in findings)
        if len(findings) > left or flags > MOST_FLAGS:
            message = "這一頁的損壞多得無法修復；請找較好的版本重新匯入。"
            record.flags.append(Flag("beyond-repair", 0, 0, message, blocking=True))
            return
        if findings:
            record.apply(findings)
            page = None


def _page_of(record: Record) -> Page:
    return Page(record.text, record.flags_in_text(), record.source, tuple(record.edits))
