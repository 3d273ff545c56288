"""Edits and flags, and how the edits of successive steps compose.

Every offset that leaves this package counts Unicode characters of the *decoded source text*.
Inside a step, offsets count characters of the text the step was given; `Record.apply` maps
them back, so a repair never needs to know what ran before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

RESTORING = ("byte-shift", "mojibake", "restored")
"""Kinds of edits that bring back text that could not be read; the others correct what could."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: `before`, standing at [start, end), becomes `after`."""

    kind: str
    start: int
    end: int
    before: str
    after: str
    certain: bool = True

    def as_json(self) -> dict:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a curator has to look at; the text at [start, end) stays as it was.

    A flag on the whole page has start = end = 0. A blocking flag keeps an essay from being
    published by the importer. Candidates are the likely readings, best first.
    """

    kind: str
    start: int
    end: int
    message: str
    candidates: tuple[str, ...] = ()
    blocking: bool = False

    def as_json(self) -> dict:
        return {name: getattr(self, name) for name in self.__slots__}


class EditError(ValueError):
    """A step returned edits that overlap or do not describe the text they were made for."""


def in_order(text: str, edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits sorted, or raise EditError where they do not fit `text`."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    last_end, last_start = 0, -1
    for edit in ordered:
        if edit.start < last_end or edit.start == edit.end == last_start:
            raise EditError(f"{edit} overlaps the edit before it")
        if text[edit.start : edit.end] != edit.before or edit.start > edit.end:
            raise EditError(f"{edit} does not describe {text[edit.start : edit.end]!r}")
        last_end, last_start = edit.end, edit.end if edit.start == edit.end else -1
    return ordered


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return `text` with the edits made."""
    parts, position = [], 0
    for edit in in_order(text, edits):
        parts += text[position : edit.start], edit.after
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


def pieces(text: str, edits: Sequence[dict]) -> Iterator[tuple[str, dict | None]]:
    """Yield the text in order, cut at its edits: (kept text, None) and (text before, edit)."""
    position = 0
    for edit in edits:
        if position < edit["start"]:
            yield text[position : edit["start"]], None
        yield edit["before"], edit
        position = edit["end"]
    if position < len(text):
        yield text[position:], None


def invert(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that lead back, with offsets in the changed text.

    Deletions that stood side by side come back as one insertion: two at one place would depend
    on their order.
    """
    undone: list[Edit] = []
    shift = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        start = edit.start + shift
        end = start + len(edit.after)
        shift += len(edit.after) - len(edit.before)
        if undone and undone[-1].start == undone[-1].end == start == end:
            undone[-1] = replace(undone[-1], after=undone[-1].after + edit.before)
        else:
            undone.append(Edit(edit.kind, start, end, edit.after, edit.before, edit.certain))
    return undone


class _Map:
    """Where the pieces of a text stand in the text it was made from, by the edits between."""

    def __init__(self, edits: Sequence[Edit]):
        self.edits = edits
        self.starts: list[int] = []  # of each edit's `after`, in the made text
        self.ends: list[int] = []
        self.shifts = [0]  # made minus source, behind each edit
        for edit in edits:
            start = edit.start + self.shifts[-1]
            self.starts.append(start)
            self.ends.append(start + len(edit.after))
            self.shifts.append(self.ends[-1] - edit.end)

    def touched(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of edits whose outcome [start, end) reaches into.

        A deletion at the rim of a range is left alone; an insertion (start = end) also takes
        its neighbours, because two insertions at one place would depend on their order.
        """
        if start == end:
            return bisect_left(self.ends, start), bisect_right(self.starts, start)
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def source_start(self, position: int) -> int:
        return position - self.shifts[bisect_right(self.ends, position)]

    def source_end(self, position: int) -> int:
        return position - self.shifts[bisect_left(self.starts, position)]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source range behind [start, end), whole edits where it cuts into them."""
        return self.span_with(start, end, *self.touched(start, end))

    def span_with(self, start: int, end: int, low: int, high: int) -> tuple[int, int]:
        """Return the source range behind [start, end) that takes in the edits [low, high)."""
        begin, finish = self.source_start(start), self.source_end(end)
        if low < high:
            if self.starts[low] <= start:
                begin = self.edits[low].start
            if self.ends[high - 1] >= end:
                finish = self.edits[high - 1].end
        return begin, max(begin, finish)


def compose(source: str, first: Sequence[Edit], middle: str, second: Sequence[Edit]) -> list[Edit]:
    """Return the edits that lead from `source` to what `second` makes of `middle`.

    `first` leads from `source` to `middle`; both are in order. Where a deletion swallows places
    that were edited before, each keeps its own entry (its kind tells what was wrong there);
    where a replacement does, the places become one edit of the gravest kind.
    """
    places = _Map(first)
    result: list[Edit] = []
    done = 0  # edits of `first` already taken over
    position = 0
    while position < len(second):
        # A cluster: edits of `second` that reach into the same edits of `first`.
        start, end = second[position].start, second[position].end
        group = [second[position]]
        low, high = places.touched(start, end)
        while True:
            if low < high:
                start = min(start, places.starts[low])
                end = max(end, places.ends[high - 1])
            following = second[position + len(group) : position + len(group) + 1]
            if low < high and following:
                reach = places.touched(following[0].start, following[0].end)
                if reach[0] < high and reach[0] < reach[1]:
                    group += following
                    end, high = max(end, following[0].end), max(high, reach[1])
                    continue
            break
        low, high = max(low, done), max(high, done)
        result += first[done:low]
        edit = group[0]
        if low == high and len(group) == 1:
            begin, finish = places.span_with(edit.start, edit.end, low, high)
            result.append(replace(edit, start=begin, end=finish, before=source[begin:finish]))
        elif len(group) == 1 and not edit.after and (edit.start, edit.end) == (start, end):
            result += _deleted(source, places, edit, low, high)
        else:
            begin, finish = places.span_with(start, end, low, high)
            shifted = [replace(e, start=e.start - start, end=e.end - start) for e in group]
            after = apply(middle[start:end], shifted)
            certain = all(e.certain for e in [*group, *first[low:high]])
            kind = _gravest([e.kind for e in [*first[low:high], *group]])
            if source[begin:finish] != after:
                result.append(Edit(kind, begin, finish, source[begin:finish], after, certain))
        done = high
        position += len(group)
    result += first[done:]
    return in_order(source, result)


def _gravest(kinds: Sequence[str]) -> str:
    """Return the kind of an edit that was several: what brought lost text back, else the last."""
    return next((kind for kind in reversed(kinds) if kind in RESTORING), kinds[-1])


def _deleted(source: str, places: _Map, edit: Edit, low: int, high: int) -> Iterable[Edit]:
    """Yield what a deletion over the earlier edits [low, high) leaves to record."""
    at = places.source_start(edit.start)
    if low < high and places.starts[low] == edit.start:
        at = places.edits[low].start
    for earlier in places.edits[low:high]:
        if at < earlier.start:
            before = source[at : earlier.start]
            yield replace(edit, start=at, end=earlier.start, before=before)
        if earlier.before:
            yield replace(earlier, after="", kind=edit.kind if earlier.after else earlier.kind)
        at = earlier.end
    finish = places.source_end(edit.end)
    if at < finish:
        yield replace(edit, start=at, end=finish, before=source[at:finish])


@dataclass
class Record:
    """A text under repair: the source, what it has become, and everything between."""

    source: str
    text: str = ""
    edits: list[Edit] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    def __post_init__(self):
        self.text = self.text or apply(self.source, self.edits)

    def apply(self, findings: Iterable[Edit | Flag]) -> None:
        """Take a step's findings, whose offsets count characters of the present `text`."""
        findings = list(findings)
        edits = in_order(self.text, (f for f in findings if isinstance(f, Edit)))
        flags = [f for f in findings if isinstance(f, Flag)]
        if flags:
            places = _Map(self.edits)
            for flag in flags:
                start, end = (
                    places.source_span(flag.start, flag.end) if flag.end else (flag.start, flag.end)
                )
                self.flags.append(replace(flag, start=start, end=end))
        if edits:
            self.edits = compose(self.source, self.edits, self.text, edits)
            self.text = apply(self.text, edits)

    def flags_in_text(self) -> tuple[Flag, ...]:
        """Return the flags with their places in the present text."""
        if not self.flags:
            return ()
        back = _Map(invert(self.edits))
        return tuple(
            replace(flag, start=place[0], end=place[1])
            for flag in self.flags
            for place in [back.source_span(flag.start, flag.end) if flag.end else (0, 0)]
        )

    def spans_in_text(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return where source ranges stand in the present text; the edits are read once.

        A range that was deleted comes back with no length. One without length stays so.
        """
        spans, found = list(spans), []
        if not spans:
            return found
        back = _Map(invert(self.edits))
        for start, end in spans:
            if start < end:
                found.append(back.source_span(start, end))
            else:
                edit = bisect_right(back.ends, start)
                within = edit < len(back.starts) and back.starts[edit] < start
                place = back.edits[edit].start if within else back.source_start(start)
                found.append((place, place))
        return found
