"""Transactions that are tried again."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, connection

from portal import transactions
from portal.transactions import TRIES, retried

from ..support.together import TWO_WRITERS, barrier, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_pauses(monkeypatch):
    monkeypatch.setattr(transactions, "_PAUSE", 0)


def transient() -> OperationalError:
    """Return an error as the database in use raises it where two lock each other up."""
    error = OperationalError("database is locked")
    if connection.vendor == "postgresql":
        error.__cause__ = type("Deadlock", (Exception,), {"sqlstate": "40P01"})()
    return error


class Work:
    """Writes a row, and fails the first few times."""

    def __init__(self, *errors):
        self.errors, self.times = list(errors), 0

    def __call__(self):
        self.times += 1
        User.objects.create_user(f"try {self.times}")
        if self.errors:
            raise self.errors.pop(0)
        return self.times


@pytest.mark.usefixtures("no_pauses")
def test_what_failed_by_chance_is_done_again_and_leaves_nothing_of_the_first_try():
    assert retried(Work(transient())) == 2
    assert [user.username for user in User.objects.all()] == ["try 2"]


@pytest.mark.usefixtures("no_pauses")
def test_what_fails_for_good_is_told():
    work = Work(*[transient()] * TRIES)
    with pytest.raises(OperationalError):
        retried(work)
    assert work.times == TRIES
    assert not User.objects.exists()


def test_a_fault_is_not_tried_again():
    for error in (ValueError("no"), OperationalError("no such table"), IntegrityError("there")):
        work = Work(error)
        with pytest.raises(type(error)):
            retried(work)
        assert work.times == 1


def test_a_row_that_another_wrote_first_is_met_where_that_was_asked_for():
    assert retried(Work(IntegrityError("there")), also=(IntegrityError,)) == 2


@TWO_WRITERS
def test_two_that_lock_each_other_up_both_come_through():
    users = [User.objects.create_user(name) for name in ("one", "two")]
    meet = barrier(2)

    def take(first, second):
        tries = []

        def work():
            tries.append(1)
            User.objects.select_for_update().get(pk=first.pk)
            if len(tries) == 1:
                meet.wait()
            User.objects.filter(pk=second.pk).update(first_name="seen")
            return len(tries)

        return lambda: retried(work)

    tries = together(take(*users), take(*users[::-1]))
    assert min(tries) == 1 < max(tries)
