"""Whom rules ask: who is there, who joins, moves, leaves; again after a time; and no more."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from training.assigning import bring_up_to_date, cancel, how_many, months_later
from training.models import Assigned, Record, Rule, Unit
from training.paper import NotYours, confirm, enter, excuse
from training.roster.take_in import leave, move
from training.tallies import by_unit

from ..support.federation import assign, in_group, member, office, path_of, text, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def top(db) -> Unit:
    return unit("示例縣總工會", kind="federation", code="F")


@pytest.fixture
def path(make_article):
    return path_of(make_article(body=text(2)), make_article("第二篇", body=text(3)))


def states(rule: Rule) -> dict[str, str]:
    return dict(rule.assigned.values_list("member__name", "state"))


def test_a_rule_asks_who_is_there_and_who_joins_later(top, path):
    mill, other = unit("紡織廠工會", top), unit("機械廠工會", top)
    member("甲", unit("細紗車間", mill, "branch"))
    member("乙", other)
    rule = assign(path, mill)
    assert states(rule) == {"甲": "open"}
    assert Assigned.objects.get().step_count == 2
    member("丙", mill)
    assert (bring_up_to_date(), bring_up_to_date()) == (1, 0)
    assert states(rule) == {"甲": "open", "丙": "open"}


def test_who_moves_out_or_leaves_is_asked_no_more_and_again_when_back(top, path):
    mill, other = unit("紡織廠工會", top), unit("機械廠工會", top)
    first, second = member("甲", mill), member("乙", mill)
    rule = assign(path, mill)
    today = timezone.localdate()
    move(first, other, today)
    leave(second, today)
    bring_up_to_date()
    assert states(rule) == {"甲": "lapsed", "乙": "lapsed"}
    move(first, mill, today)
    bring_up_to_date()
    assert states(rule) == {"甲": "open", "乙": "lapsed"}


def test_offices_and_newcomers(top, path):
    today = timezone.localdate()
    chair, old, new = (member(name, top) for name in ("主席", "老", "新"))
    office(chair, top)
    type(new).objects.filter(pk=new.pk).update(joined_on=today)
    type(old).objects.filter(pk__in=[old.pk, chair.pk]).update(joined_on=date(2020, 1, 1))
    assert states(assign(path, top, offices=["chair"])) == {"主席": "open"}
    rule = assign(path, top, newcomers=True, due_on=None, due_days=90)
    assert states(rule) == {"新": "open"}
    assert rule.assigned.get().due_on == today + timedelta(days=90)
    with pytest.raises(ValidationError):
        Rule(version=path.version, newcomers=True, opens_on=today).clean()


def test_a_rule_says_whom_it_concerns_before_it_is_saved(top, path):
    mill = unit("紡織廠工會", top)
    for name in "甲乙丙":
        member(name, mill)
    member("丁", top)
    rule = Rule(version=path.version, opens_on=timezone.localdate())
    assert how_many(rule, [top]) == (4, 2)
    assert not Assigned.objects.exists()


def test_what_is_repeated_is_asked_again_when_it_was_due(top, path):
    today = timezone.localdate()
    member("甲", top)
    rule = assign(path, top, opens_on=today - timedelta(days=40), days=-10, repeat_months=12)
    rounds = list(rule.assigned.order_by("round").values_list("round", "due_on"))
    assert rounds == [(1, today - timedelta(days=10)), (2, months_later(rounds[0][1], 12))]


def test_months_end_where_they_end():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 11, 30), 14) == date(2028, 1, 30)
    assert months_later(date(2026, 12, 31), 12) == date(2027, 12, 31)


def test_a_cancelled_rule_asks_nothing_more_and_what_is_done_stays(top, path):
    done, open_one = member("甲", top), member("乙", top)
    rule = assign(path, top)
    rule.assigned.filter(member=done).update(state="done", completed_on=timezone.localdate())
    cancel(rule, None)
    member("丙", top)
    assert bring_up_to_date() == 0
    assert states(rule) == {"甲": "done", "乙": "lapsed"}
    assert open_one.assigned.open().count() == 0


def test_paper_counts_when_another_person_confirms_it(top, path):
    reader = member("甲", top, user=True)
    enters, confirms = in_group("培訓"), in_group("管理員")
    rule = assign(path, top)
    editions = [step.edition for step in path.version.steps.all()]
    with pytest.raises(NotYours):
        enter(reader, editions, reader.user)
    assert (enter(reader, editions, enters), enter(reader, editions, enters)) == (2, 0)
    for entry in reader.paper_entries.all():
        for nobody in (enters, reader.user):
            with pytest.raises(NotYours):
                confirm(entry.pk, nobody)
        assert confirm(entry.pk, confirms)
        assert not confirm(entry.pk, confirms)
    assert states(rule) == {"甲": "done"}
    kinds = Record.objects.values_list("kind", "by")
    assert list(kinds) == [("paper", "of 管理員")] * 2 + [("path", "of 管理員")]


def test_an_excuse_stands_in_the_record_with_its_reason(top, path):
    member("甲", top)
    officer = in_group("培訓")
    task = assign(path, top).assigned.get()
    assert not excuse(task.pk, "  ", officer)
    assert excuse(task.pk, "產假", officer)
    assert not excuse(task.pk, "產假", officer)
    assert Record.objects.get().result == {"reason": "產假"}
    assert Assigned.objects.get().state == "excused"


def test_units_are_counted_with_what_is_below_in_two_queries(
    top, path, django_assert_max_num_queries
):
    officer = in_group("培訓")
    for name in ("紡織廠", "機械廠"):
        mill = unit(name, top)
        member(f"{name}甲", mill)
        member(f"{name}乙", unit(f"{name}車間", mill, "branch"))
    rule = assign(path, top)
    rule.assigned.filter(member__name="紡織廠乙").update(
        state="done", completed_on=timezone.localdate()
    )
    officer = type(officer).objects.get(pk=officer.pk)
    assert officer.has_perm("training.view_all_units")
    with django_assert_max_num_queries(3):
        lines = {str(one.unit): one for one in by_unit(officer)}
    assert (lines["示例縣總工會"].total.done, lines["示例縣總工會"].total.open) == (1, 3)
    assert lines["紡織廠"].total.percent == 50 and lines["機械廠"].total.percent == 0
    assert lines["紡織廠"].depth == 1
