"""Citations: GB/T 7714—2015 and BibTeX."""

import re
from datetime import date

import pytest
from django.utils import translation

from articles.reading.citation import Citation


def cite(**fields):
    known = {
        "title": "工會要走進班組",
        "authors": ("劉明",),
        "stated": date(2011, 3, 5),
        "precision": "day",
        "url": "https://example.org/zh-hant/articles/7-gong-hui/",
        "accessed": date(2026, 11, 21),
        "number": 7,
    }
    return Citation(**known | fields)


@pytest.mark.parametrize(
    ("fields", "entry"),
    [
        ({}, "劉明. 工會要走進班組[EB/OL]. (2011-03-05)[2026-11-21]. URL."),
        ({"precision": "month"}, "劉明. 工會要走進班組[EB/OL]. (2011-03)[2026-11-21]. URL."),
        ({"precision": "year"}, "劉明. 工會要走進班組[EB/OL]. 2011[2026-11-21]. URL."),
        ({"stated": None, "precision": ""}, "劉明. 工會要走進班組[EB/OL]. [2026-11-21]. URL."),
        ({"is_upload": True}, "劉明. 工會要走進班組[EB/OL]. [2026-11-21]. URL."),
        ({"authors": ()}, "佚名. 工會要走進班組[EB/OL]. (2011-03-05)[2026-11-21]. URL."),
        ({"authors": ("甲", "乙", "丙")}, "甲, 乙, 丙. 工會要走進班組[EB/OL]. (2011-03-05)[2026-11-21]. URL."),
        ({"authors": ("甲", "乙", "丙", "丁")}, "甲, 乙, 丙, 等. 工會要走進班組[EB/OL]. (2011-03-05)[2026-11-21]. URL."),
        ({"authors": ("Acme Inc.",)}, "Acme Inc. 工會要走進班組[EB/OL]. (2011-03-05)[2026-11-21]. URL."),
    ],
)  # fmt: skip
def test_the_standard_is_kept(fields, entry):
    citation = cite(**fields)
    assert citation.gbt7714 == entry.replace("URL", citation.url)


def test_bibtex_names_every_field():
    assert cite(authors=("劉明", "王芳")).bibtex == (
        "@misc{essay7,\n"
        "  author = {{劉明} and {王芳}},\n"
        "  title = {{工會要走進班組}},\n"
        "  year = {2011},\n"
        "  month = mar,\n"
        "  day = {5},\n"
        "  url = {https://example.org/zh-hant/articles/7-gong-hui/},\n"
        "  urldate = {2026-11-21}\n"
        "}"
    )


@pytest.mark.parametrize(
    ("fields", "absent"),
    [
        ({"authors": ()}, ["author"]),
        ({"stated": None, "precision": ""}, ["year", "month", "day"]),
        ({"precision": "year"}, ["month", "day"]),
        ({"precision": "month"}, ["day", "note"]),
        ({"is_upload": True}, ["year", "month", "day"]),
    ],
)
def test_bibtex_leaves_out_what_is_not_known(fields, absent):
    names = re.findall(r"^  (\w+) =", cite(**fields).bibtex, re.M)
    assert not set(names) & set(absent)
    assert {"title", "url", "urldate"} <= set(names)


@pytest.mark.parametrize(("precision", "day"), [("day", "2011-03-05"), ("month", "2011-03")])
def test_the_day_a_site_put_it_up_is_a_note(precision, day):
    with translation.override("zh-hant"):
        entry = cite(is_upload=True, precision=precision).bibtex
    assert f"  note = {{網站上傳：{day}}},\n" in entry


@pytest.mark.parametrize(
    "text", ["50% & $3 #1 a_b", "}{", "a\\b", "{{{", "~^", "and", "甲, 乙 and 丙"]
)
def test_bibtex_survives_any_title_and_name(text):
    entry = cite(title=text, authors=(text,)).bibtex
    assert entry.count("{") == entry.count("}")
    depth = 0
    for char in entry:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert not re.search(r"(?<!\\)[&%$#_]", entry.replace(cite().url, ""))
    author = re.search(r"author = \{(.*)\},", entry)[1]
    assert author.startswith("{") and author.endswith("}")  # one name, not taken apart
