"""How well title, authors, date and source of scraped pages are read.

    python -m benchmarks.fields                  the pages to tune with, and what is wrong
    python -m benchmarks.fields --half kept      the pages kept back: the table alone
    python -m benchmarks.fields --made 240       pages made by combining parts, too
    python -m benchmarks.fields --field title    what is wrong with one field
    python -m benchmarks.fields --page NAME      a page as it is, its truth, and what was read
    python -m benchmarks.fields --thresholds     titles by how sure one has to be

tests/importing/pages/README.md tells of the pages, tests/support/field_scoring.py of the words.
"""

import argparse
from collections import Counter
from unittest.mock import patch

from articles.importing.fields import heading
from tests.support.field_scoring import GOOD, Verdict, table, verdicts
from tests.support.page_kinds import made
from tests.support.pages import FIELDS, KEPT, SEEN, Page, hand_made, of_half

THRESHOLDS = range(3, 14)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=(SEEN, KEPT, "all"), default=SEEN)
    parser.add_argument("--made", type=int, default=0, metavar="NUMBER")
    parser.add_argument("--seed", default="pages")
    parser.add_argument("--field")
    parser.add_argument("--page")
    parser.add_argument("--thresholds", action="store_true")
    asked = parser.parse_args()
    pages = hand_made() + made(asked.made, asked.seed)
    if asked.page:
        show(next(page for page in pages if page.name == asked.page))
        return
    if asked.thresholds:
        compare_thresholds(pages)
        return
    chosen = of_half(pages, None if asked.half == "all" else asked.half)
    found = [verdict for page in chosen for verdict in verdicts(page)]
    if asked.half == SEEN:
        for verdict in found:
            if verdict.word not in GOOD and asked.field in (None, verdict.field):
                print_one(verdict)
    print_table(len(chosen), table(found))


def compare_thresholds(pages: list[Page]) -> None:
    """Print what becomes of the titles, for each number of points that is enough for one."""
    print("half  points  right  wrong  invented  offered  blank")
    for half in (SEEN, KEPT):
        for points in THRESHOLDS:
            with patch.object(heading, "SURE_TITLE", points):
                found = [verdict for page in of_half(pages, half) for verdict in verdicts(page)]
            words = table(found)["title"]
            row = (words[w] for w in ("right", "wrong", "invented", "offered", "blank"))
            print(f"{half:5} {points:6} " + " ".join(f"{count:7}" for count in row))


def show(page: Page) -> None:
    """Print a page, and what became of each of its fields."""
    print(page.text)
    print(f"--- {page.name}: {page.why}")
    for verdict in verdicts(page):
        print_one(verdict)


def print_one(verdict: Verdict) -> None:
    print(
        f"{verdict.field:9} {verdict.word:8} {verdict.page}: "
        f"wanted {verdict.wanted}, got {verdict.got!r}"
    )


def print_table(pages: int, counts: dict[str, Counter]) -> None:
    """Print the counts of words by field."""
    print(f"\n{pages} pages")
    print(f"{'':13} stated  right  wrong  blank  (offered) | none stated  invented")
    for field in FIELDS:
        words = counts.get(field, Counter())
        blank = words["blank"] + words["offered"]
        stated = words["right"] + words["wrong"] + blank
        print(
            f"{field:13} {stated:6} {words['right']:6} {words['wrong']:6} {blank:6}  "
            f"{words['offered']:9} | {words['none'] + words['invented']:11} {words['invented']:9}"
        )
    for field in ("kind of date", "begins", "junk", "keeps", "no essay"):
        words = counts.get(field, Counter())
        print(f"{field:13} {words.total():6} {words['right']:6} {words.total() - words['right']:6}")


if __name__ == "__main__":
    main()
