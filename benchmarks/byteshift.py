"""How well text out of step by a byte is restored: damage clean texts, then look.

    python -m benchmarks.byteshift [FIELD ...] [-v]

Fields are `essays` (the starter essays) and the files of tests/corpus; all without an argument.
What is counted is told in tests/support/scoring.py.
"""

import sys
import time
from collections import Counter

from tests.support.scoring import OTHER, UNION, pages, score


def _tell(damaged: str, restored: str, truth: str) -> None:
    print(f"  {damaged!r} was {truth!r}")


def main(fields: list[str], verbose: bool) -> None:
    groups = {"union": UNION, "other fields": OTHER}
    totals = {name: Counter() for name in groups}
    for field in fields or [*UNION, *OTHER]:
        counts = Counter()
        started = time.process_time()
        for sample in pages(field):
            counts += score(sample, tell=_tell if verbose else None)
            counts["pages"] += 1
        counts["ms"] = round(1000 * (time.process_time() - started))
        _print(field, counts)
        for name, members in groups.items():
            if field in members:
                totals[name] += counts
    for name, counts in totals.items():
        if counts:
            _print(name, counts)


def _print(name: str, counts: Counter) -> None:
    sites, flagged = max(1, counts["sites"]), max(1, counts["flagged"])
    among = counts["exact"] + counts["first"] + counts["second"] + counts["third"]
    print(
        f"{name:13} {counts['pages']:4} pages {counts['sites']:5} sites: "
        f"exact {counts['exact'] / sites:6.1%}  silently wrong {counts['silent'] / sites:5.1%}  "
        f"flagged {counts['flagged'] / sites:6.1%} (truth first {counts['first'] / flagged:5.1%})  "
        f"truth taken or among three {among / sites:6.1%}  "
        f"sound places harmed {counts['harmed']}  wrong characters "
        f"{counts['wrong characters before']} -> {counts['wrong characters after']} "
        f"of {counts['characters']}  {counts['ms'] / max(1, counts['pages']):.0f} ms a page"
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main([one for one in arguments if not one.startswith("-")], "-v" in arguments)
