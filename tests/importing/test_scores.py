"""How well damage is put right, pinned: these figures may only get better.

They are of a part of the corpus, for speed; the programs in benchmarks/ measure all of it.
"""

from collections import Counter
from itertools import islice

import pytest

from ..support.scoring import KINDS, OTHER, UNION, pages, restored, score, texts

EVERY_NTH = 12
WRONG_AT_MOST = {
    "pinyin annotations": 10,
    "壹 for 一": 28,
    "converted without words": 23,
    "one form everywhere": 8,
    "all of a mirror's": 30,
}
"""Characters wrong after the repair, of 7,156 (7,532 of annotations); 0 of the kinds not named."""


@pytest.mark.parametrize("kind", KINDS)
def test_texts_are_restored(kind):
    clean = [text for field in (*UNION[1:], *OTHER) for text in texts(field)][::EVERY_NTH]
    counts = sum((restored(kind, text) for text in clean), Counter())
    assert counts["after"] <= WRONG_AT_MOST.get(kind, 0)


@pytest.mark.parametrize("field", [*UNION[1:], *OTHER])
@pytest.mark.parametrize("kind", ["undamaged, simplified", "undamaged, traditional"])
def test_clean_texts_are_left_alone(kind, field):
    counts = sum((restored(kind, text) for text in texts(field)), Counter())
    assert (counts["after"], counts["edits"], counts["flags"]) == (0, 0, 0)


@pytest.mark.takes_long
@pytest.mark.parametrize(
    ("fields", "exact", "silent", "among_three"),
    [(UNION, 0.65, 0.0, 0.82), (OTHER, 0.58, 0.013, 0.83)],
    ids=["union", "other fields"],
)
def test_text_out_of_step_is_restored(fields, exact, silent, among_three):
    """Shares of the sites: put right, wrong with nobody told, and the truth taken or proposed.

    Which sites there are follows from the clean pages: another conversion is another sample.
    """
    samples = [page for field in fields for page in islice(pages(field), 1, None, 9)]
    counts = sum((score(page) for page in samples), Counter())
    sites = counts["sites"]
    proposed = counts["exact"] + counts["first"] + counts["second"] + counts["third"]
    assert counts["silent"] <= silent * sites
    assert counts["exact"] >= exact * sites
    assert proposed >= among_three * sites
