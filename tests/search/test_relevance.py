"""Search finds what readers want, pinned: these figures may only get better."""

import pytest
from django.db import transaction

from articles.search.words import current_words, is_whole
from articles.text import script

from ..support import judged

pytestmark = pytest.mark.django_db  # so that they come before tests that empty the vocabulary

MRR, RECALL, PRECISION = 0.98, 0.99, 0.96


@pytest.fixture(scope="module")
def library(django_db_setup, django_db_blocker):
    """Load the library once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield judged.load()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def outcomes(library):
    return judged.score(library)


def test_readers_find_what_they_want(outcomes):
    figures = outcomes.mrr, outcomes.recall, outcomes.precision
    assert all(map(float.__ge__, figures, (MRR, RECALL, PRECISION))), judged.report(outcomes)


def test_nothing_misleads(outcomes):
    assert outcomes.traps == []


def test_slips_are_told_and_words_that_stand_nowhere_are_left_out(outcomes):
    assert [one.judged.text for one in outcomes.outcomes if not one.helps] == []


def test_what_is_not_published_is_never_found(outcomes):
    held_back = {"skills-contests", "new-employment"}
    assert not [one for one in outcomes.outcomes if held_back.intersection(one.found)]


def test_both_scripts_find_the_same(library, outcomes):
    def in_traditional(text):
        return script.convert(text, script.HANT, script.HANS)

    differing = [
        one.judged.text
        for one in outcomes.outcomes
        if judged.asked(in_traditional(one.judged.text), library).found != one.found
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("安全总监提出生产改进", "总监 改进", "全总 产改"),
        ("集体协商会由工会小组长主持", "集体协商 工会小组 小组长", ""),
        ("人民政府的管理工作", "政府 管理", "民政 理工"),
        ("合同法保护农民工", "合同法 合同 民工", ""),
        ("发展中国家", "发展 国家", "中国"),
    ],
)
def test_words_end_where_words_end(db, text, found, not_found):
    words = current_words().tokens(text)
    assert set(found.split()) <= set(words)
    assert set(not_found.split()).isdisjoint(words)


@pytest.mark.parametrize(
    ("text", "word", "whole"),
    [
        ("各县委托学校", "县委", False),
        ("县委书记", "县委", True),
        ("参加班组劳动", "加班", False),
        ("夜里加班费", "加班", True),
        ("开集体协商会", "集体协商", True),
        ("发展中国家", "中国", False),
        ("happy", "app", False),
        ("用app报修", "app", True),
    ],
)
def test_a_hit_is_a_word_of_its_own(text, word, whole):
    at = text.index(word)
    assert is_whole(text, at, at + len(word)) is whole
