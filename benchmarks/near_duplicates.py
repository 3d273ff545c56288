"""How surely near duplicates are found, and what is taken for one that is none.

    python -m benchmarks.near_duplicates

All essays there are for tests, each against copies of every kind (tests/support/variants.py). A
copy is *met* where it shares enough fingerprints to become a candidate, and *found* where the
comparison of the texts then says near duplicate. Then the texts that only look alike, all pairs of
them: none should be found, and few should be met, because a candidate costs a comparison.
"""

import itertools
import time
from collections import defaultdict

from articles.text.fingerprints import SHARED, fingerprints, likeness, shingles
from tests.support.variants import bodies, copies, notices, quoting


class Text:
    """A text as the library sees it."""

    def __init__(self, text: str):
        self.signature, self.shingles = set(fingerprints(text)), shingles(text)


def judge(one: Text, other: Text) -> tuple[bool, bool, float, float]:
    """Return whether `other` is met, whether it is found, its containment and Jaccard index."""
    measured = likeness(one.shingles, other.shingles)
    met = len(one.signature & other.signature) >= SHARED
    return met, met and measured.near, measured.containment, measured.jaccard


def positives() -> dict[str, list]:
    """Return the judgements of each kind of copy."""
    texts = bodies()
    names = list(texts)
    rows = defaultdict(list)
    for at, name in enumerate(names):
        original = Text(texts[name])
        for kind, copy in copies(texts[name], texts[names[at - 7]], name):
            rows[kind].append(judge(original, Text(copy)))
    return rows


def negatives() -> dict[str, list]:
    """Return the judgements of each kind of pair that are different texts."""
    texts = list(bodies().values())
    plain = [Text(text) for text in texts]
    forms = [Text(text) for text in notices(4)]
    quotes = [
        tuple(map(Text, quoting(one, other)))
        for one, other in itertools.combinations(texts[:18], 2)
    ]
    return {
        "different essays": [judge(a, b) for a, b in itertools.combinations(plain, 2)],
        "quoting the same laws": [judge(a, b) for a, b in quotes],
        "notices on one form": [judge(a, b) for a, b in itertools.combinations(forms, 2)],
    }


def milliseconds_per_essay() -> float:
    """Return the time of a signature, for 3,000 characters."""
    texts = [text for text in bodies().values() if len(text) > 1000]
    start = time.process_time()
    for text in texts:
        fingerprints(text)
    return (time.process_time() - start) * 1000 / sum(map(len, texts)) * 3000


def main() -> None:
    print(f"{'':34}pairs    met  found  least containment, Jaccard")
    total = found = 0
    for kind, judged in positives().items():
        _row(kind, judged, min)
        total += len(judged)
        found += sum(row[1] for row in judged)
    print(f"recall {found / total:.2%}\n\n{'':34}pairs    met  found  most containment, Jaccard")
    wrong = 0
    for kind, judged in negatives().items():
        _row(kind, judged, max)
        wrong += sum(row[1] for row in judged)
    print(f"precision {found / (found + wrong):.2%}")
    print(f"\nsignature: {milliseconds_per_essay():.2f} ms per 3,000 characters")


def _row(kind: str, judged: list, extreme) -> None:
    met, found = (sum(row[n] for row in judged) / len(judged) for n in (0, 1))
    edge = [extreme(row[n] for row in judged) for n in (2, 3)]
    print(f"{kind:34}{len(judged):5} {met:6.1%} {found:6.1%}  {edge[0]:.2f} {edge[1]:.2f}")


if __name__ == "__main__":
    main()
