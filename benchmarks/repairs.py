"""How well each kind of damage is put right, over the clean texts of tests/corpus.

    python -m benchmarks.repairs [every n-th text]

Bytes out of step have benchmarks/byteshift.py to themselves.
"""

import sys
from collections import Counter

from tests.support.scoring import KINDS, OTHER, UNION, restored, texts


def main(step: int) -> None:
    clean = [text for field in (*UNION[1:], *OTHER) for text in texts(field)][::step]
    for kind in KINDS:
        counts = sum((restored(kind, text) for text in clean), Counter())
        print(
            f"{kind:26} {counts['texts']:4} texts, {counts['characters']} characters: wrong "
            f"{counts['before']:6} -> {counts['after']:5}  exactly right {counts['exact']:4}  "
            f"edits {counts['edits']:6}  flags {counts['flags']}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
