"""What a repair is: a declared step with its evidence, an example, and what it must not touch."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ..edits import Edit, Flag, Record, apply

Finding = Edit | Flag


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
    """Run the steps in order over the record."""
    for step in repairs:
        placed = [flag for flag in record.flags if flag.end]
        spans = record.spans_in_text((flag.start, flag.end) for flag in placed)
        flags = [
            replace(flag, start=start, end=end)
            for flag, (start, end) in zip(placed, spans, strict=True)
        ]
        flags += [flag for flag in record.flags if not flag.end]
        page = Page(record.text, tuple(flags), record.source, tuple(record.edits))
        record.apply(step.find(page))
