"""How well damaged essays are restored: damage clean text, repair it, and compare with the truth.

Used by benchmarks/byteshift.py and benchmarks/repairs.py for the whole corpus and by
test_scores.py, with floors, for a part of it. For text out of step by a byte, a page is three texts of one field (or one starter essay) in traditional characters, with
pinyin put in by bytes: keys of its own, some of them characters that stand on the page and some
that do not, and one of the servers of `SERVERS`.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from rapidfuzz.distance import Levenshtein

from articles.importing.edits import Record
from articles.importing.lexicon.language import word_count
from articles.importing.readers import read
from articles.importing.repairs import REPAIRS, run
from articles.importing.repairs.byteshift.gbk import damage
from articles.importing.repairs.byteshift.realignment import GONE
from articles.text import script
from articles.text.pinyin_table import readings

from .damage import (
    annotate,
    keys_of,
    narrow,
    over_converted,
    read_essay,
    to_traditional,
    twice,
    windows,
    yi,
)
from .places import CORPUS, ESSAYS, OUT_OF_STEP

UNION = ("essays", "union")
OTHER = ("technology", "medicine", "literature", "society")
SERVERS = (("?", True), ("", True), ("?", False))
"""What a dangling byte gives (? on newer servers, nothing on older ones), and whether the bytes
were cut at marks."""

_TEXTS_A_PAGE = 3
_ALIKE = 3  # characters that agree between two differences of one site, at the most
_MARKS = str.maketrans("，；：？！（）", ",;:?!()")


def _traditional(text: str) -> str:
    return script.convert(text, script.HANT)


KINDS = {
    "undamaged, simplified": (str, str),
    "undamaged, traditional": (_traditional, str),
    "pinyin annotations": (_traditional, lambda text: annotate(text, keys_of(text, 54))),
    "壹 for 一": (str, yi),
    "half-width marks": (str, narrow),
    "pasted twice": (str, twice),
    "converted without words": (_traditional, lambda text: to_traditional(_simplified(text))),
    "one form everywhere": (_traditional, over_converted),
    "Windows lines, indents": (str, windows),
    "UTF-8 read as Latin-1": (str, lambda text: text.encode().decode("latin-1")),
    "GBK read as Latin-1": (str, lambda text: text.encode("gb18030").decode("latin-1")),
    "all of a mirror's": (
        _traditional,
        lambda text: twice(
            annotate(yi(narrow(text)), keys_of(text, 33)),
        ),
    ),
}
"""What makes a clean text of the corpus the truth, and what damages it."""


def _simplified(text: str) -> str:
    return script.convert(text, script.HANS)


def restored(kind: str, text: str) -> Counter:
    """Return how many characters of a text are wrong before and after its repair (edit distance),
    and whether it is exactly right."""
    make_truth, damage_it = KINDS[kind]
    truth = make_truth(text)
    damaged = damage_it(truth)
    record = Record(read(damaged.encode(), "essay.txt").text)
    run(record, REPAIRS)
    after = record.text.strip("\n")
    return Counter(
        texts=1,
        characters=len(truth),
        before=Levenshtein.distance(damaged, truth),
        after=Levenshtein.distance(after, truth),
        exact=after == truth,
        edits=len(record.edits),
        flags=len(record.flags_in_text()),
    )


@dataclass(frozen=True)
class DamagedPage:
    """A page, what it was before, and the annotations the tool put in."""

    truth: str
    page: str
    keys: dict[str, str]


def texts(field: str) -> list[str]:
    """Return the clean texts of a field, in simplified characters."""
    if field == "essays":
        essays = (read_essay(path.name) for path in sorted(ESSAYS.iterdir()))
        return [essay.body for essay in essays if essay["script"] == script.HANS]
    return (CORPUS / f"{field}.txt").read_text("utf-8").rstrip("\n").split("\n%%\n")


_SECOND_FORMS = frozenset("拚谿扞袷貍擡箚舖牴劄搧幷遶逕揹")
"""What mirrors do not write: of each there is a form that simplified text has as well."""

_ONCE_FOLDED = {"甦": "苏", "甯": "宁", "帳": "帐"}
"""What was simplified when the figures were pinned: so the samples stay the same."""


@cache
def _everyday_keys() -> list[str]:
    """Return the 1,200 most common characters whose traditional form differs."""
    forms = script.traditional_forms() - _SECOND_FORMS | _ONCE_FOLDED.keys()
    forms = [char for char in forms if len(char.encode("gb18030")) == 2]
    return sorted(
        (char for char in forms if _reading(char)),
        key=lambda char: (-word_count(_ONCE_FOLDED.get(char) or script.fold(char)), char),
    )[:1200]


def _reading(char: str) -> list[str]:
    return sorted(one for one in readings(char) if not one.isascii())


def pages(field: str) -> Iterator[DamagedPage]:
    """Yield the damaged pages of a field, always the same ones."""
    step = 1 if field == "essays" else _TEXTS_A_PAGE
    clean = texts(field)
    for at in range(0, len(clean), step):
        truth = to_traditional("\n".join(clean[at : at + step]))
        present = [char for char, _ in keys_of(truth, 90)]
        for number, (dangling, cut) in enumerate(SERVERS):
            rng = random.Random(f"{field} {at} {number}")
            most = rng.choice((13, 33, 54, 80))
            chosen = rng.sample(present, min(len(present), most))
            hidden = [c for c in rng.sample(_everyday_keys(), 150) if c not in truth]
            keys = [(c, rng.choice(_reading(c))) for c in [*chosen, *hidden] if _reading(c)]
            rng.shuffle(keys)
            page = damage(truth.replace("\n", "\r\n"), keys, dangling, cut)
            yield DamagedPage(truth, page.replace("\r\n", "\n"), dict(keys))


def held_pages(group: str) -> list[DamagedPage]:
    """Return the damaged pages of "union" or "other" as commit 75a93f3 made them: every ninth of
    `pages`. They are kept, so that a change of conversion does not choose others."""
    lines = map(json.loads, OUT_OF_STEP.read_text("utf-8").splitlines())
    return [
        DamagedPage(one["truth"], one["page"], one["keys"])
        for one in lines
        if one["fields"] == group
    ]


def compared(text: str) -> str:
    """Return the text as it is compared: without regard to script and to the width of marks."""
    return script.comparable(text).translate(_MARKS)


def score(sample: DamagedPage, *, tell=None) -> Counter:
    """Count the sites of a page by what became of them.

    `exact`: put right, nothing flagged. `flagged`: left as it was and shown to a curator; `first`,
    `second` and `third` tell where the truth stands among the candidates. `silent`: wrong, and
    nobody is told. `harmed`: a difference where the damage left none.
    """
    record = Record(sample.page)
    run(record, REPAIRS)
    plain = re.sub(
        r"([\u3400-\u9fff])\(([^()\s]{1,7})\)",
        lambda match: match[1] if sample.keys.get(match[1]) == match[2] else match[0],
        sample.page,
    )
    counts = Counter(characters=len(sample.truth))
    lines = sample.truth.split("\n"), plain.split("\n"), record.text.split("\n")
    if len(set(map(len, lines))) != 1:
        counts["lines"] += 1
        return counts
    flags = [flag for flag in record.flags_in_text() if flag.kind == "lost-text"]
    offset = 0
    for truth, damaged, restored in zip(*lines, strict=True):
        end = offset + len(restored)
        here = [
            (flag.start - offset, flag.end - offset, flag.candidates)
            for flag in flags
            if offset <= flag.start <= end
        ]
        offset = end + 1
        _score_line(counts, truth, damaged, restored, here, tell)
    return counts


def _score_line(counts, truth: str, damaged: str, restored: str, flags: list, tell) -> None:
    truth, before, after = compared(truth), compared(damaged), compared(restored)
    sites, wrong = differences(before, truth), differences(after, truth)
    counts["sites"] += len(sites)
    counts["wrong characters before"] += sum(max(a1 - a0, b1 - b0) for a0, a1, b0, b1 in sites)
    counts["wrong characters after"] += sum(max(a1 - a0, b1 - b0) for a0, a1, b0, b1 in wrong)
    met, spans = set(), _joined(flags)
    for a0, a1, b0, b1 in sites:
        left = [one for one in wrong if one[2] <= b1 and one[3] >= b0]
        met.update(left)
        if not left:
            counts["exact"] += 1
            continue
        covering = [flag for flag in flags if any(_covers(flag, one) for one in left)]
        if not all(any(_covers(span, one) for span in spans) for one in left):
            counts["silent"] += 1
            if tell:
                tell(damaged[max(0, a0 - 9) : a1 + 9], after, truth[max(0, b0 - 9) : b1 + 9])
            continue
        counts["flagged"] += 1
        counts[_rank(covering, after, truth)] += 1
    counts["harmed"] += sum(
        one not in met and not any(_covers(span, one) for span in spans) for one in wrong
    )


def _joined(flags: list) -> list[tuple[int, int]]:
    """Return what flags cover, next to one another as one."""
    spans: list[tuple[int, int]] = []
    for start, end, _ in sorted(flags):
        if spans and start <= spans[-1][1] + 1:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans


def _covers(flag: tuple, difference: tuple) -> bool:
    return flag[0] <= difference[0] + 1 and difference[1] - 1 <= flag[1]


def _rank(flags: list, restored: str, truth: str) -> str:
    """Return where the truth stands among the candidates of the flags on a site. A character
    that is gone for good, and shown as such, counts as found."""
    for start, end, candidates in flags:
        for rank, candidate in zip(("first", "second", "third"), candidates, strict=False):
            around = restored[max(0, start - 3) : start], restored[end : end + 2]
            wanted = re.escape(compared(candidate).join(around)).replace(GONE, ".")
            if re.search(wanted, truth):
                return rank
    return "not proposed"


def differences(one: str, other: str) -> list[tuple[int, int, int, int]]:
    """Return the places (in one, in the other) where two texts differ, close ones as one."""
    if one == other:
        return []
    found: list[tuple[int, int, int, int]] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if found and a0 - found[-1][1] < _ALIKE and b0 - found[-1][3] < _ALIKE:
            found[-1] = (found[-1][0], a1, found[-1][2], b1)
        else:
            found.append((a0, a1, b0, b1))
    return found
