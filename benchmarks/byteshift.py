"""How well text out of step by a byte is found and read: damage clean essays, then look.

    python -m benchmarks.byteshift [pages per essay] [-v]

Each page is an essay in traditional characters with pinyin put in by bytes, with a key set of its
own size and order, on a new or an old server. A site is a stretch that came out of step. It is
*found* where it is flagged; the true reading may be the first candidate or among them. It is
*missed* where the text differs and nobody is told.
"""

import random
import re
import sys
from collections import Counter
from difflib import SequenceMatcher

from articles import script
from articles.importing.edits import Record
from articles.importing.gbk import damage
from articles.importing.readings import readings
from articles.importing.repairs import REPAIRS, run
from tests.damage import ESSAYS, keys_of, read_essay, to_traditional


def pages(each: int):
    """Yield (truth, damaged page): different keys and servers, always the same ones."""
    for path in sorted(ESSAYS.iterdir()):
        essay = read_essay(path.name)
        if essay["script"] != script.HANS:
            continue
        truth = to_traditional(essay.body)
        present = [char for char, _ in keys_of(truth, 10_000)]
        for number in range(each):
            rng = random.Random(f"{path.name} {number}")
            known = rng.sample(present, min(len(present), rng.choice((13, 33, 54, 80))))
            hidden = rng.sample(sorted(script.traditional_forms()), 60)
            keys = [
                (char, rng.choice(sorted(found)))
                for char in dict.fromkeys([*known, *hidden])
                if len(char.encode("gb18030")) == 2
                and (found := {r for r in readings().get(char, ()) if not r.isascii()})
            ]
            rng.shuffle(keys)
            yield truth, damage(truth, keys, rng.choice(("?", "")))


def compared(text: str) -> str:
    return script.fold(re.sub(r"\s", "", text)).translate(
        str.maketrans("，；：？！（）", ",;:?!()")
    )


def score(truth: str, page: str) -> Counter:
    """Count the sites of one page by what became of them."""
    record = Record(page)
    run(record, REPAIRS)
    flags = sorted(
        (*record.span_in_text(flag.start, flag.end), flag.candidates)
        for flag in record.flags
        if flag.kind == "lost-text"
    )
    counts = Counter(found=len(flags))
    wanted, text, position, parts = compared(truth), record.text, 0, []
    for start, end, candidates in flags:
        before, after = compared(text[max(0, start - 6) : start]), compared(text[end : end + 6])
        fits = [before + compared(candidate) + after in wanted for candidate in candidates]
        counts["first candidate"] += fits[:1] == [True]
        counts["any candidate"] += any(fits)
        parts.append(text[position:start])
        position = max(position, end)
    parts.append(text[position:])
    rest = "\0".join(compared(part) for part in parts)
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, rest, wanted, autojunk=False).get_opcodes():
        if tag != "equal" and "\0" not in rest[max(0, a1 - 1) : a2 + 1]:
            counts["missed"] += 1
            if VERBOSE:
                print(rest[max(0, a1 - 8) : a2 + 8], "|", wanted[max(0, b1 - 8) : b2 + 8])
    return counts


VERBOSE = "-v" in sys.argv


def main(each: int) -> Counter:
    totals = Counter()
    for truth, page in pages(each):
        totals += score(truth, page)
    sites = totals["found"] + totals["missed"]
    print(f"{sites} sites")
    for name in ("found", "missed", "first candidate", "any candidate"):
        print(f"{name:16} {totals[name]:5} {totals[name] / max(1, sites):7.1%}")
    return totals


if __name__ == "__main__":
    numbers = [argument for argument in sys.argv[1:] if argument.isdecimal()]
    main(int(numbers[0]) if numbers else 3)
