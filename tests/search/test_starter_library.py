"""What readers ask of the starter library finds its answer; its authors are found by their unit."""

import pytest
from django.db import transaction

from articles.search.find import find
from articles.search.questions import asked_about
from articles.search.words import current_words
from articles.text.script import fold

from ..support import judged

pytestmark = pytest.mark.django_db

FIRST_AND_AMONG_FIVE = {"starter": (0.94, 0.98), "aside": (0.87, 0.95)}
"""When they were asked first: 0.91 and 0.97 of `starter`, 0.87 and 0.95 of `aside`."""


@pytest.fixture(scope="module")
def starter(django_db_setup, django_db_blocker):
    """Load the starter library once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield judged.load_essays()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", FIRST_AND_AMONG_FIVE)
def test_what_is_asked_finds_its_answer(starter, name):
    found = judged.score(starter, name)
    floors = FIRST_AND_AMONG_FIVE[name]
    assert all(map(float.__ge__, (found.first, found.among_five), floors)), judged.report(found)


def test_enough_is_asked_in_both_scripts():
    texts = [one.text for name in FIRST_AND_AMONG_FIVE for one in judged.queries(name)]
    assert len(set(texts)) == len(texts) >= 280
    assert sum(fold(text) != text for text in texts) >= 50


def test_authors_are_found_by_the_beginning_of_their_unit(starter):
    def found(typed):
        return {starter[pk] for pk in find(typed).article_ids}

    assert (
        found("平原机床厂")
        == found("平原機床廠工會")
        == {
            "dues-and-reports",
            "new-officers-first-90-days",
        }
    )
    assert found("南浦街道总工会 年休假") == {"leave"}
    assert found("平原_床厂") == set()


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("加班费按基本工资算对不对", ["加班费", "按", "基本工资"]),
        ("应不应该有专职主席", ["专职主席"]),
        ("需不需要经审委员", ["经审委员"]),
        ("谁不能当经审委员", ["不能", "经审委员"]),
    ],
)
def test_a_question_asked_by_a_verb_twice_is_one(db, question, about):
    assert asked_about([question], current_words()) == (about, True)
