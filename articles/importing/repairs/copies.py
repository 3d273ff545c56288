"""Passages that stand twice in a text, exactly or nearly so, and what each copy says alone.

Sentences are compared by their letters, folded to one script and free of noise. Linear in the
text: what a run took is not tried again, and the comparing of characters has a budget.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from ...text import script
from ..lexicon.readings import LETTERS

LEAST, LEAST_OF_SHORT, _SHARE_OF_SHORT = 200, 60, 0.3
"""Letters a run needs to be told of at all; of a short page fewer, but so much of all."""

_WORTH_TRYING, _RECURS = 10, 6
"""Letters of a sentence from which a copy is looked for, and of one at which two copies that
differed go on together; shorter ones recur by chance."""

_SLACK = 20
"""Sentences that one copy may lack or have otherwise before the copies go on together."""

_BUDGET, _LONGEST_COMPARED = 400, 400
"""Stretches compared character by character in one text, and characters of each."""

_LONGEST_NOISE = 24
"""Characters of a stretch that may be damage of one place."""

_RIM_ALIKE, _MOST_AT_RIM = 0.6, 3
"""How alike the sentences around a run must be to belong to the copies, and how often in turn."""

# A question mark ends a sentence only where a quote or the line ends too: it may be a lost byte,
# and the other copy has none.
_SENTENCES = re.compile(r"(?:[^\n。！!?？]|[?？](?![”’」』\n]))*(?:[。！!?？]+[”’」』）)]*|\n|$)")
_GLOSS = re.compile(rf"(?<=[\u3400-\u9fff])[(（]\s?[{LETTERS}]{{1,7}}\s?[)）]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_SAME = str.maketrans("壹著妳", "一着你")
_BROKEN_OFF = re.compile(r"(?:…|\.{3})\s*$")

# What tells a damaged stretch: a lost byte, a filter's stars, the pinyin of the conversion tool.
NOISE = re.compile(rf"\?(?=\S)|\ufffd|[*＊]|[(（]?[{LETTERS}]{{1,7}}[)）]|[\u2e80-\u2fdf]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its place in the text and its letters, folded and free of noise."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Two runs of sentences, [first, first_end) and [second, second_end), that say the same."""

    first: int
    first_end: int
    second: int
    second_end: int
    letters: int = 0  # that both have
    only_first: bool = False  # whether the first says something the second does not
    only_second: bool = False


class Copies:
    """The sentences of a text and the runs of them that stand twice."""

    def __init__(self, text: str):
        self.source = text
        self.text = script.fold(text).translate(_SAME)
        self.sentences: list[Sentence] = []
        for match in _SENTENCES.finditer(self.text):
            key = _letters(match[0])
            if key:
                self.sentences.append(Sentence(match.start(), match.end(), key))
            elif self.sentences and match.end() > match.start():
                last = self.sentences[-1]  # marks and white space go to the one before
                self.sentences[-1] = Sentence(last.start, match.end(), last.key)
        self.total = sum(len(sentence.key) for sentence in self.sentences)
        self._least = max(LEAST_OF_SHORT, min(LEAST, int(_SHARE_OF_SHORT * self.total)))
        self._places: dict[str, list[int]] = {}
        self._budget = _BUDGET

    def lines(self) -> list[tuple[int, int, str]]:
        """Return (start, end, letters) of each line that has letters."""
        begins = [n for n in range(len(self.sentences)) if self.begins_line(n)]
        return [
            (
                self.sentences[low].start,
                self.sentences[high - 1].end,
                "".join(sentence.key for sentence in self.sentences[low:high]),
            )
            for low, high in pairwise([*begins, len(self.sentences)])
        ]

    def span(self, low: int, high: int) -> tuple[int, int]:
        """Return the place of a run; one that begins inside a line leaves the line its end."""
        start, end = self.sentences[low].start, self.sentences[high - 1].end
        if not self.begins_line(low):
            end = start + len(self.text[start:end].rstrip("\n"))
        return start, end

    def begins_line(self, number: int) -> bool:
        start = self.sentences[number].start
        return start == 0 or self.text[start - 1] == "\n"

    def ends_line(self, number: int) -> bool:
        end = self.sentences[number].end
        return end == len(self.text) or self.text[end - 1] == "\n"

    def find(self) -> Iterator[Copy]:
        """Yield the copies in order, each as long as it goes."""
        for number, sentence in enumerate(self.sentences):
            self._places.setdefault(sentence.key, []).append(number)
        at = floor = 0
        while at < len(self.sentences):
            places = self._places[self.sentences[at].key]
            before = bisect_left(places, at)
            best = None
            if before and len(self.sentences[at].key) >= _WORTH_TRYING:
                for first in {places[0], places[min(1, before - 1)], places[before - 1]}:
                    copy = self._run(first, at, floor)
                    if best is None or copy.letters > best.letters:
                        best = copy
            if best and best.letters >= self._least:
                yield best
                floor = best.second_end
            at = max(at + 1, best.second_end if best else 0)

    def _run(self, first: int, second: int, floor: int, back: bool = True) -> Copy:
        """Follow two places that begin with the same sentence as far as they go together.

        The second does not reach back over `floor`: what an earlier copy took is not tried again.
        """
        own = [False, False]
        letters = 0
        begin, begin_second = self._before(first, second, floor, own) if back else (first, second)
        for number in range(begin, first):
            letters += len(self.sentences[number].key)
        one, two, skipped = first, second, 0
        head = tail = None  # where both begin a line for the first time, and end one for the last
        while one < begin_second and two < len(self.sentences):
            if self.sentences[one].key != self.sentences[two].key:
                step = self._together(one, two, begin_second)
                if step is None:
                    break
                skipped += sum(len(s.key) for s in self.sentences[one : one + step[0]])
                if skipped > letters + LEAST:
                    break
                self._note(own, (one, one + step[0]), (two, two + step[1]))
                one, two = one + step[0], two + step[1]
            if head is None and self._both_begin(one, two):
                head = one, two
            letters += len(self.sentences[one].key)
            one, two = one + 1, two + 1
            if self.ends_line(one - 1) and self.ends_line(two - 1):
                tail = one, two, list(own)
        # A sentence the author used again just above the copy is no part of it.
        if head and back and not self._both_begin(begin, begin_second):
            return self._run(*head, floor, back=False)
        one, two = self._behind(one, two, begin_second, own)
        if tail and not (self.ends_line(one - 1) or self.ends_line(two - 1)):
            letters -= sum(len(s.key) for s in self.sentences[tail[0] : one])
            one, two, own = tail
        return Copy(begin, one, begin_second, two, letters, own[0], own[1])

    def _before(self, first: int, second: int, floor: int, own: list[bool]) -> tuple[int, int]:
        """Return where the copies begin: before the first equal sentence they may differ."""
        for _ in range(_MOST_AT_RIM):
            while (
                first
                and second - 1 > first
                and second > floor
                and self.sentences[first - 1].key == self.sentences[second - 1].key
            ):
                first, second = first - 1, second - 1
            if not first or second - 1 <= first or second <= floor:
                break
            for low, low_second in ((first - 1, second - 1), self._line_starts(first, second)):
                crossing = self._both_begin(first, second)
                if (
                    low_second >= max(first + 1, floor)
                    and not (crossing and not self._both_begin(low, low_second))
                    and self._alike((low, first), (low_second, second))
                ):
                    self._note(own, (low, first), (low_second, second))
                    first, second = low, low_second
                    break
            else:
                break
        return first, second

    def _line_starts(self, first: int, second: int) -> tuple[int, int]:
        """Return where the lines begin that hold the sentences before both places."""
        starts = []
        for number in (first - 1, second - 1):
            while number and not self.begins_line(number) and number > first - _SLACK:
                number -= 1
            starts.append(number)
        return starts[0], starts[1]

    def _behind(self, one: int, two: int, limit: int, own: list[bool]) -> tuple[int, int]:
        """Return where the copies end: an excerpt breaks off, a last sentence may differ."""
        if one >= limit or two >= len(self.sentences):
            return one, two
        left, right = self.sentences[one], self.sentences[two]
        if _BROKEN_OFF.search(self.text[left.start : left.end]) and right.key.startswith(left.key):
            own[1] = True
        elif _BROKEN_OFF.search(self.text[right.start : right.end]) and left.key.startswith(
            right.key
        ):
            own[0] = True
        elif self._alike((one, one + 1), (two, two + 1)):
            self._note(own, (one, one + 1), (two, two + 1))
        else:
            return one, two
        return one + 1, two + 1

    def _both_begin(self, one: int, two: int) -> bool:
        return self.begins_line(one) and self.begins_line(two)

    def _together(self, one: int, two: int, limit: int) -> tuple[int, int] | None:
        """Return how many sentences to skip on either side until both say the same again."""
        best = None
        for right, sentence in enumerate(self.sentences[two : two + _SLACK]):
            places = self._places[sentence.key]
            at = bisect_left(places, one)
            if at < len(places) and places[at] < min(limit, one + _SLACK):
                step = places[at] - one, right
                near = len(sentence.key) >= _RECURS or sum(step) <= 2
                if near and (best is None or sum(step) < sum(best)):
                    best = step
        return best

    def _alike(self, one: tuple[int, int], two: tuple[int, int]) -> bool:
        """Tell whether two runs are the same one with differences."""
        left, right = ("".join(s.key for s in self.sentences[slice(*run)]) for run in (one, two))
        longest, shortest = max(len(left), len(right)), min(len(left), len(right))
        self._budget -= 1
        if self._budget < 0 or longest > _LONGEST_COMPARED or longest > 3 * shortest:
            return False
        return SequenceMatcher(None, left, right, autojunk=False).ratio() >= _RIM_ALIKE

    def _note(self, own: list[bool], one: tuple[int, int], two: tuple[int, int]) -> None:
        """Note whether either run says something the other does not."""
        spans = [
            slice(self.sentences[low].start, self.sentences[high - 1].end) if low < high else None
            for low, high in (one, two)
        ]
        if not all(spans):
            own[0] |= bool(spans[0])
            own[1] |= bool(spans[1])
            return
        left, right = (self.text[span] for span in spans)
        if _letters(left) == _letters(right):
            return
        self._budget -= 1
        if self._budget < 0 or max(len(left), len(right)) > _LONGEST_COMPARED:
            own[:] = True, True
        elif not _converted(*(self.source[span] for span in spans)):
            for side, says in enumerate(_say_alone(left, right)):
                own[side] |= says


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", _GLOSS.sub("", text))


def _converted(left: str, right: str) -> bool:
    """Tell whether one is the other in the other script: 复 also stands for 覆."""
    scripts = script.detect(left), script.detect(right)
    if scripts[0] == scripts[1]:
        return False
    return any(
        _letters(script.convert(one, target)) == _letters(other)
        for one, other, target in ((left, right, scripts[1]), (right, left, scripts[0]))
    )


def _say_alone(left: str, right: str) -> tuple[bool, bool]:
    """Tell whether the left says something the right does not, and the other way round.

    Noise says nothing: where one has the marks of damage and the other has not, only the other
    says something.
    """
    own = [False, False]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        pieces = left[start:end], right[other_start:other_end]
        short = max(map(len, pieces)) <= _LONGEST_NOISE
        for side, piece in enumerate(pieces):
            own[side] |= bool(_letters(piece)) and not (short and NOISE.search(piece + "。"))
    return own[0], own[1]
