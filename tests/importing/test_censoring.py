"""Blotted words are flagged, with the reading the page itself gives."""

import pytest

from articles.importing.repairs import Page
from articles.importing.repairs.censoring import flag_censored

from ..support import damage

LINES = [
    line for name in damage.SCRAPES for line in damage.read_essay(name).body.split("\n") if line
]


def readings(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[f.start : f.end], f.candidates) for f in flag_censored.find(Page(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("在中國***產黨的領導下。", [("***", ("共",))]),
        ("在中国*产党的领导下。", [("*", ("共",))]),
        ("要坚持四项**原则不动摇，四项基本原则是根本。", [("**", ("基本",))]),
        ("听取**和建议，听取意见和建议。", [("**", ("意见",))]),
        ("邓**同志说过，这是邓小平同志的话。", [("**", ("小平",))]),
        ("邓**与李**都来了。", [("**", ()), ("**", ())]),
        ("20**年的工作，19**年的总结。", [("**", ()), ("**", ())]),
        ("工会□□制度很好。", [("□□", ())]),
        ("工会××制度很好，工会民主制度要坚持。", [("××", ("民主",))]),
        ("統一戰線* *。", [("* *", ())]),
    ],
)
def test_what_is_blotted(text, found):
    assert readings(text) == found
    assert not any(flag.blocking for flag in flag_censored.find(Page(text)))


@pytest.mark.parametrize("line", LINES)
def test_clean_lines_are_not_flagged(line):
    assert readings(line) == []


@pytest.mark.parametrize("line", [line for line in LINES if len(line) > 60][:60])
def test_a_word_blotted_once_is_read_from_where_it_stands_again(line):
    word = line[20:22]
    if not word.isalpha() or not line[18:24].isalpha():
        pytest.skip("a mark stands here")
    page = f"{line}\n{line[:20]}**{line[22:]}"
    assert word in readings(page)[0][1]
