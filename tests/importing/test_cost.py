"""What a page costs the pipeline, in calls of functions: noise of the machine is not in it."""

from itertools import islice

from articles.importing.pipeline import make_draft

from ..support.places import ESSAYS
from ..support.scoring import pages
from ..support.timing import calls_made


def _calls_per_thousand(page: str) -> float:
    """Return the calls for a thousand characters of a page that is read for the second time: the
    tables are loaded, and what pages share is known."""
    raw = page.encode()
    make_draft(raw, "page.txt")
    return 1000 * calls_made(lambda: make_draft(raw, "page.txt")) / len(page)


def test_a_clean_essay_costs_few_calls():
    page = max((path.read_text("utf-8") for path in ESSAYS.iterdir()), key=len)
    assert _calls_per_thousand(page) < 10_000


def test_a_page_out_of_step_costs_few_calls():
    [sample] = islice(pages("union"), 1, 2)
    assert _calls_per_thousand(sample.page) < 76_000
