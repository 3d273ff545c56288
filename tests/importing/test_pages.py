"""How well the fields of labelled pages are read, pinned: these figures may only get better.

`python -m benchmarks.fields` prints them anew, and what is wrong.
"""

import re
from collections import Counter

import pytest

from ..support.field_scoring import Verdict, letters, table, verdicts
from ..support.page_kinds import made
from ..support.pages import FIELDS, KEPT, SEEN, Page, hand_made, of_half, read_pages

MADE = 240

AT_LEAST_RIGHT = {
    "by hand": {"title": 455, "authors": 272, "date": 330, "source": 113, "kind of date": 288},
    "combined": {"title": 129, "authors": 141, "date": 150, "source": 52, "kind of date": 144},
}
"""Titles, authors, dates and sources: of 485, 303, 344 and 125 stated by hand, and 133, 143, 151
and 58 combined."""

AT_MOST_WRONG = {
    "by hand": {"title": 1, "authors": 1, "date": 1, "source": 2},
    "combined": {"title": 1, "authors": 0, "date": 0, "source": 0},
}
"""Wrong values, and values where the page states none."""

TEXT = {
    "by hand": {"begins": 525, "junk": 244, "keeps": 25, "no essay": 30},
    "combined": {"begins": 239, "junk": 172},
}
"""Pages whose text begins where it should, has none of the site's words left, and kept its own;
pages without an essay, of which nothing was taken."""

PAGES = {"by hand": hand_made, "combined": lambda: made(MADE)}


@pytest.fixture(scope="module", params=PAGES)
def read(request) -> tuple[str, dict[str, Counter]]:
    """What became of the fields of each set of pages."""
    found = [verdict for page in PAGES[request.param]() for verdict in verdicts(page)]
    return request.param, table(found)


@pytest.mark.takes_long
def test_fields_are_read_as_well_as_before(read):
    pages, counts = read
    right = {field: counts[field]["right"] for field in AT_LEAST_RIGHT[pages]}
    assert right == {field: max(right[field], n) for field, n in AT_LEAST_RIGHT[pages].items()}


@pytest.mark.takes_long
def test_no_more_values_are_wrong_or_invented(read):
    pages, counts = read
    wrong = {field: counts[field]["wrong"] + counts[field]["invented"] for field in FIELDS}
    assert wrong == {field: min(wrong[field], n) for field, n in AT_MOST_WRONG[pages].items()}


@pytest.mark.takes_long
def test_the_text_is_as_clean_as_before(read):
    pages, counts = read
    right = {field: counts[field]["right"] for field in TEXT[pages]}
    assert right == {field: max(right[field], n) for field, n in TEXT[pages].items()}


# --- the pages themselves -----------------------------------------------------------------


def test_there_are_enough_pages_and_half_of_them_is_kept_back():
    pages = hand_made()
    assert len(pages) == len({page.name for page in pages}) >= 615
    seen, kept = of_half(pages, SEEN), of_half(pages, KEPT)
    assert len(seen) + len(kept) == len(pages)
    assert abs(len(seen) - len(kept)) < len(pages) / 10


@pytest.mark.parametrize("pages", PAGES)
def test_what_is_said_of_a_page_stands_on_it(pages):
    for page in PAGES[pages]():
        text = letters(_without_readings(page.text))
        for field in ("title", "authors", "source"):
            for value in page.right[field] + page.allowed[field]:
                assert all(letters(part) in text for part in value.split("、")), page.name
        for junk in page.junk:
            assert (letters(junk) in text) if letters(junk) else (junk in page.text), page.name
        if page.essay:
            assert any(letters(start) in text for start in page.begins), page.name


def _without_readings(text: str) -> str:
    return re.sub(r"(?<=[\u3400-\u9fff])\([^()\s\u3400-\u9fff\d]{1,7}\)", "", text)


def test_pages_are_the_same_every_time():
    assert made(5) == made(5) != made(5, "other")
    assert hand_made() == hand_made()


def test_essays_have_enough_text_to_weigh():
    for page in hand_made():
        prose = [line for line in page.text.split("\n") if len(line) > 60]
        assert not page.essay or len(prose) >= 1 or "poem" in page.name, page.name


# --- the scoring --------------------------------------------------------------------------

_PAGE = """
=== example
title: 把清单贴到门口
authors: 冼知衡
date: 2020-05-06
begins: 清单
junk: 责任编辑
---
把清单贴到门口
作者：冼知衡
日期：2020年5月6日
清单要短，短到一眼看得完，否则没有人会在食堂门口停下来看它，看了也记不住，记不住就等于没有贴过。
{p}
"""


def _words(page: Page) -> dict[str, str]:
    return {verdict.field: verdict.word for verdict in verdicts(page)}


def _example(**header: str) -> Page:
    text = _PAGE
    for key, value in header.items():
        text = re.sub(f"^{key}: .*$", f"{key}: {value}" if value else "why:", text, flags=re.M)
    return next(read_pages(text))


def test_what_was_read_is_compared_with_the_truth():
    assert _words(_example()) == {
        "title": "right",
        "authors": "right",
        "date": "right",
        "source": "none",
        "kind of date": "right",
        "begins": "right",
        "junk": "right",
    }


@pytest.mark.parametrize(
    ("header", "field", "word"),
    [
        ({"title": "清单"}, "title", "wrong"),
        ({"title": ""}, "title", "invented"),
        ({"authors": "冼知衡、覃牧云"}, "authors", "wrong"),
        ({"authors": ""}, "authors", "invented"),
        ({"date": "2020-05"}, "date", "wrong"),
        ({"date": "2020-05-06 upload"}, "kind of date", "wrong"),
        ({"begins": "作者"}, "begins", "wrong"),
        ({"junk": "食堂"}, "junk", "left"),
    ],
)
def test_what_differs_from_the_truth_is_told(header, field, word):
    assert _words(_example(**header))[field] == word


def test_a_title_that_a_curator_must_decide_on_is_not_taken():
    text = "{p}\n{p}"
    page = next(read_pages(f"=== bare\nabout: 班组 夜班\n---\n{text}"))
    assert _words(page)["title"] == "none"
    stated = next(read_pages(f"=== bare\ntitle: 不在页面上\n---\n{text}"))
    assert _words(stated)["title"] == "blank"


def test_one_verdict_is_counted_once():
    verdict = Verdict("page", "title", "right", (), "")
    assert table([verdict, verdict]) == {"title": Counter(right=2)}
