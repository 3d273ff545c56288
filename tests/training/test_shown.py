"""What counts as read: what was shown at a pace a person reads at, and answered."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from articles.curation.revisions import recorded
from articles.models import Revision
from training.assigning import bring_up_to_date
from training.editions import current_edition
from training.finishing import open_questions
from training.models import CheckPass, How, Member, Record, Seen
from training.paths import make_version
from training.shown import (
    PACE,
    answer,
    next_question,
    note_seen,
    progress,
    read_otherwise,
    token,
)

from ..support.federation import ask, assign, member, path_of, text, unit

pytestmark = pytest.mark.django_db


class Clock:
    """Seconds since a page was given out."""

    def __init__(self, reader: Member, edition):
        self.signed = token(reader, edition)
        self.start = signing.loads(self.signed, salt="training.reading")[2]
        self.reader, self.edition = reader, edition

    def tell(self, *numbers: int, after: float) -> set[int]:
        return note_seen(self.reader, self.edition, numbers, self.signed, now=self.start + after)[1]


@pytest.fixture
def reader(db) -> Member:
    return member("甲", unit("紡織廠工會", code="FZ"), user=True)


@pytest.fixture
def article(make_article):
    return make_article(body=text(4))


def everything(edition) -> range:
    return range(1, len(edition.passages) + 1)


def test_no_more_is_believed_than_a_person_reads(reader, article):
    edition = current_edition(article.pk)
    clock = Clock(reader, edition)
    assert clock.tell(*everything(edition), after=1) == set()  # 20 characters are no passage
    first = edition.cut[0].chars
    assert clock.tell(*everything(edition), after=first / PACE + 0.01) == {1}
    assert clock.tell(*everything(edition), after=first / PACE + 0.1) == set()
    assert clock.tell(*everything(edition), after=edition.chars / PACE + 0.01) == {2, 3, 4}


def test_many_pages_share_one_budget(reader, article, make_article):
    other = current_edition(make_article("另一篇", body=text(4)).pk)
    edition = current_edition(article.pk)
    first, second = Clock(reader, edition), Clock(reader, other)
    after = edition.cut[0].chars / PACE + 0.01
    assert first.tell(1, after=after) == {1}
    assert second.tell(1, after=after) == set()


def test_a_page_of_another_or_made_up_is_not_believed(reader, article):
    edition = current_edition(article.pk)
    stranger = member("乙", reader.unit)
    for signed in (token(stranger, edition), "made-up", ""):
        with pytest.raises(signing.BadSignature):
            note_seen(reader, edition, [1], signed)
    assert Clock(reader, edition).tell(99, 0, after=1000) == set()


def test_all_shown_and_all_answered_is_read_and_ends_the_task(reader, article):
    question = ask(article, 2)
    path = path_of(article)
    task = assign(path, reader.unit).assigned.get()
    edition = current_edition(article.pk)
    Clock(reader, edition).tell(*everything(edition), after=edition.chars)
    assert progress(reader, edition).checks == [2] and not Record.objects.exists()
    wrong = answer(reader, edition, question, 0)
    assert (wrong.is_right, wrong.passage, wrong.next) == (False, 2, question)
    assert not CheckPass.objects.exists()  # a wrong answer leaves no trace
    assert answer(reader, edition, question, 1).record
    step, path_done = Record.objects.all()
    assert step.object["sha256"] == edition.sha256
    assert step.object["revision"] == edition.revision.number
    assert step.result == {"how": "screen", "passages": 4, "checks": 1}
    assert (path_done.kind, path_done.rule["rule"]) == ("path", task.rule_id)
    assert step.unit["code"] == "FZ"
    task.refresh_from_db()
    assert (task.state, task.done_count) == ("done", 1)
    answer(reader, edition, question, 1)
    assert Record.objects.count() == 2


def test_a_wrong_answer_brings_another_question_of_the_passage(reader, article):
    one, two = ask(article, 1), ask(article, 1, key=0)
    edition = current_edition(article.pk)
    first = next_question(reader, edition, 1)
    result = answer(reader, edition, first, 1 - first.version.key)
    assert {first, result.next} == {one, two}
    assert answer(reader, edition, result.next, result.next.version.key).is_right
    assert progress(reader, edition).checks == []


def test_who_reads_in_print_answers_twice_as_much(reader, article):
    questions = [ask(article, 1), ask(article, 1, key=0), ask(article, 3)]
    edition = current_edition(article.pk)
    read_otherwise(reader, edition, How.PRINT)
    results = [answer(reader, edition, one, one.version.key) for one in questions]
    assert [bool(one.record) for one in results] == [False, False, True]
    assert Record.objects.get().result == {"how": "print", "passages": 0, "checks": 3}


def test_without_questions_nobody_finishes_by_saying_they_read_in_print(reader, article):
    edition = current_edition(article.pk)
    read_otherwise(reader, edition, How.PRINT)
    assert not Record.objects.exists()


def test_a_changed_text_asks_again_for_what_was_changed_alone(reader, make_article):
    article = make_article(body=text(20))
    path = path_of(article)
    assign(path, reader.unit)
    before = current_edition(article.pk)
    Clock(reader, before).tell(*everything(before), after=before.chars)
    task = reader.assigned.get()
    assert task.state == "done"
    with recorded([article.pk], None, Revision.Kind.SAVED):
        article.body = text(20, changed=frozenset({3, 9, 15}))
        article.save()
    version = make_version(path, None)
    task.refresh_from_db()
    assert task.state == "done"  # what is finished stays finished
    again = assign(path, reader.unit)
    assert again.version == version and again.assigned.get().state == "open"
    after = version.steps.get().edition
    state = progress(reader, after)
    assert state.passages == [4, 10, 16]
    Clock(reader, after).tell(4, 10, 16, after=5000)
    assert again.assigned.get().state == "done"


def test_what_is_read_already_counts_for_a_task_that_comes_later(reader, article):
    edition = current_edition(article.pk)
    path = path_of(article)
    Clock(reader, edition).tell(*everything(edition), after=edition.chars)
    assert assign(path, reader.unit).assigned.get().state == "done"
    rounds = assign(path, reader.unit, days=-400, opens_on="2020-01-01", repeat_months=12)
    assert set(rounds.assigned.values_list("state", flat=True)) == {"done"}


def test_what_is_asked_again_is_read_again(reader, article):
    ask(article, 1)
    edition = current_edition(article.pk)
    rule = assign(path_of(article), reader.unit, days=0, repeat_months=12)
    Clock(reader, edition).tell(*everything(edition), after=edition.chars)
    (question,) = open_questions(edition)[1]
    answer(reader, edition, question, question.version.key)
    bring_up_to_date(on=timezone.localdate() + timedelta(days=1))
    assert dict(rule.assigned.values_list("round", "state")) == {1: "done", 2: "open"}
    state = progress(reader, edition)
    assert (state.passages, state.checks, state.is_done) == ([1, 2, 3, 4], [1], False)
    assert Record.objects.filter(kind="step").count() == 1


def test_a_question_belongs_to_what_its_passage_says(reader, article):
    ask(article, 1)
    ask(article, 2)
    edition = current_edition(article.pk)
    assert {number: len(of) for number, of in open_questions(edition).items()} == {1: 1, 2: 1}
    with recorded([article.pk], None, Revision.Kind.SAVED):
        article.body = text(4, changed=frozenset({0}))
        article.save()
    assert list(open_questions(current_edition(article.pk))) == [2]


def test_seen_is_kept_in_a_bit_a_passage():
    row = Seen()
    row.add({1, 9})
    row.add({200})
    assert row.numbers == {1, 9, 200} and len(row.seen) == 25
