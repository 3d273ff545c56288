"""Two changes of one text, joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.curation.joining import joined
from articles.text import html

BASE = {
    "title": "題目",
    "genre": "",
    "status": "published",
    "body": "<p>甲</p>\n<p>乙</p>\n<ul><li><p>一</p></li><li><p>二</p></li></ul>\n<p>丙</p>",
    "authors": [[1, "刘明", "劉明"]],
    "tags": [[1, "维权", "維權"], [2, "提案", "提案"]],
}


def with_body(*blocks):
    return BASE | {"body": "\n".join(blocks)}


A, B, LIST, C = html.blocks(BASE["body"])


def test_each_changed_something_else_and_both_stand():
    found = joined(BASE, BASE | {"genre": "paper"}, BASE | {"title": "新題"})
    assert found.content == BASE | {"genre": "paper", "title": "新題"}
    assert not found.both


def test_one_field_changed_by_both_is_told_and_stays_mine():
    found = joined(BASE, BASE | {"title": "他們的"}, BASE | {"title": "我的"})
    assert (found.content["title"], found.both) == ("我的", ["title"])


def test_the_same_change_is_no_quarrel():
    assert not joined(BASE, BASE | {"title": "同"}, BASE | {"title": "同"}).both


def test_a_status_is_not_taken_over():
    mine = BASE | {"status": "draft", "title": "新"}
    assert joined(BASE, BASE | {"status": "archived"}, mine).content["status"] == "draft"


def test_other_paragraphs_keep_the_changes_of_both():
    theirs = with_body("<p>甲，改</p>", B, LIST, C, "<p>丁</p>")
    mine = with_body(A, "<p>乙，改</p>", LIST, C)
    found = joined(BASE, theirs, mine)
    assert html.blocks(found.content["body"]) == [
        *("<p>甲，改</p>", "<p>乙，改</p>", LIST, C, "<p>丁</p>"),
    ]
    assert not found.both


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ((A, "<p>他</p>", LIST, C), (A, "<p>我</p>", LIST, C)),
        ((A, LIST, C), (A, "<p>我</p>", LIST, C)),  # one took it out
        ((A, B, "<p>他</p>", LIST, C), (A, B, "<p>我</p>", LIST, C)),  # both put in, at one place
        ((A, B, LIST.replace("二", "貳"), C), (A, B, LIST.replace("一", "壹"), C)),
    ],
    ids=["changed", "taken out", "put in", "a list"],
)
def test_where_both_changed_one_place_mine_stands_and_it_is_told(theirs, mine):
    theirs = (*theirs, "<p>末</p>")
    found = joined(BASE, with_body(*theirs), with_body(*mine))
    assert html.blocks(found.content["body"]) == [*mine, "<p>末</p>"]
    assert found.both == ["body"]


def test_tags_that_either_gave_or_took_away():
    theirs = BASE | {"tags": [[1, "维权", "維權"], [3, "票决", "票決"]]}
    mine = BASE | {"tags": [[2, "提案", "提案"], [4, "安康杯", "安康杯"]]}
    found = joined(BASE, theirs, mine)
    assert [key for key, *_ in found.content["tags"]] == [3, 4]
    assert not found.both


bodies = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=6).map(
    lambda chars: with_body(*(f"<p>{char}</p>" for char in chars))
)


@given(bodies, bodies, bodies)
def test_no_paragraph_of_either_is_lost_without_a_word(base, theirs, mine):
    found = joined(base, theirs, mine)
    then, kept = (set(html.blocks(one["body"])) for one in (base, found.content))
    new = {block for one in (theirs, mine) for block in html.blocks(one["body"])} - then
    assert new <= kept or found.both == ["body"]
    assert joined(base, base, mine).content == mine
    assert html.blocks(joined(base, theirs, base).content["body"]) == html.blocks(theirs["body"])
