"""Mail on what concerns somebody, and the same on the start page of the desk."""

import smtplib
import threading

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import call_command

from articles.curation import desk, notices, reviews
from articles.models import Article, Report, ReviewRequest
from portal import mails
from portal.celery import is_ours

from ..admin.test_admin import EDITOR, REVIEWER
from ..support.timing import END, soon

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(settings):
    settings.MAIL_TO_PEOPLE = True
    settings.SITE_URL = "https://reading.example.org"
    made = {}
    for name, group in (("編一", EDITOR), ("審一", REVIEWER), ("審二", REVIEWER)):
        user = User.objects.create_user(name, f"{len(made)}@example.org", is_staff=True)
        group, _new = Group.objects.get_or_create(name=group)
        user.groups.add(group)
        made[name] = user
    return made


@pytest.fixture
def reviewers_may(people):
    from importlib import import_module

    from django.contrib.auth.models import Permission

    groups = import_module("articles.migrations.0003_groups").GROUPS
    for name in (EDITOR, REVIEWER):
        permissions = Permission.objects.filter(
            codename__in=[*groups[name], "publish_unreviewed", "change_report"]
        )
        if name == EDITOR:
            permissions = permissions.exclude(codename="publish_unreviewed")
        Group.objects.get(name=name).permissions.set(permissions)
    return people


@pytest.fixture
def waiting(reviewers_may, make_article):
    """An article that 編一 submitted."""
    article = make_article("送審的稿", status="draft")
    Article.objects.filter(pk=article.pk).update(modified_by=reviewers_may["編一"])
    return article


def submit(article, user, note=""):
    Article.objects.filter(pk=article.pk).update(status="in_review")
    ReviewRequest.objects.follow([article.pk], user)
    article.refresh_from_db()
    reviews.submit(article, user, note)
    return article.review_requests.open().get()


def decide(how, article, by, *more):
    request = article.review_requests.open().get()
    how(article, by, reviews.token(article, request), *more)


def told() -> list[tuple[str, str]]:
    found = sorted((to, one.subject) for one in mail.outbox for to in one.to)
    mail.outbox.clear()
    return found


def test_those_who_may_publish_are_told_of_what_is_submitted_once(waiting, reviewers_may):
    editor = reviewers_may["編一"]
    submit(waiting, editor, "請看第三段")
    assert "請看第三段" in mail.outbox[0].body
    assert (
        f"https://reading.example.org/admin/articles/article/{waiting.pk}/review/"
        in mail.outbox[0].body
    )
    assert told() == [(f"{n}@example.org", "等待審核：送審的稿") for n in (1, 2)]
    reviews.submit(waiting, editor)
    assert told() == []


def test_who_submitted_is_told_of_what_came_of_it(waiting, reviewers_may):
    editor, reviewer = reviewers_may["編一"], reviewers_may["審一"]
    submit(waiting, editor)
    told()
    decide(reviews.send_back, waiting, reviewer, "開頭太長")
    assert "開頭太長" in mail.outbox[0].body
    assert told() == [("0@example.org", "退回：送審的稿")]
    submit(waiting, editor)
    told()
    decide(reviews.approve, waiting, reviewer)
    assert told() == [("0@example.org", "已發布：送審的稿")]
    lists = {str(one.title): [each.title for each in one.entries] for one in desk.sections(editor)}
    assert lists["我送審、近日發布的"] == ["送審的稿"]


def test_a_report_is_told_to_who_sees_to_it(reviewers_may, make_article, client):
    article = make_article("有錯字的")
    sent = {"kind": "other", "note": "第二段錯了", "passage": "", "website": ""}
    client.post(f"{article.url_in('zh-Hant')}report/", sent)
    assert Report.objects.get().note == "第二段錯了"
    assert {subject for _to, subject in told()} == {"讀者回報：有錯字的"}


def test_a_server_that_takes_no_mail_breaks_nothing(waiting, reviewers_may, monkeypatch):
    def refuse(*_args):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    submit(waiting, reviewers_may["編一"])
    decide(reviews.approve, waiting, reviewers_may["審一"])
    waiting.refresh_from_db()
    assert waiting.is_public


def test_a_server_that_hangs_keeps_nobody_waiting(waiting, reviewers_may, monkeypatch):
    let_go, sent = threading.Event(), []

    def hang(_self, messages):
        let_go.wait(END)
        sent.extend(messages)
        return len(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", hang)
    monkeypatch.setattr(mails.beside, "__defaults__", (0,))
    submit(waiting, reviewers_may["編一"])
    assert sent == []  # the request is over
    let_go.set()
    soon(lambda: len(sent) == 2)


def test_a_worker_is_told_a_number_and_writes_the_mail(
    waiting, reviewers_may, settings, monkeypatch
):
    settings.CELERY_BROKER_URL = "amqp://broker"
    taken = []
    monkeypatch.setattr(notices, "launch", taken.append)
    request = submit(waiting, reviewers_may["編一"])
    assert told() == []
    [job] = taken
    assert job.words == ("send_notice", "--submitted", str(request.pk))
    assert is_ours(job.words)
    call_command(*job.words)
    assert [subject for _to, subject in told()] == ["等待審核：送審的稿"] * 2
    call_command("send_notice", "--submitted", "99999")
    assert told() == []

    def away(_job):
        raise OSError

    monkeypatch.setattr(notices, "launch", away)
    decide(reviews.approve, waiting, reviewers_may["審一"])
    assert told() == [("0@example.org", "已發布：送審的稿")]


def test_what_is_taken_back_is_told_to_nobody(waiting, reviewers_may):
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        submit(waiting, reviewers_may["編一"])
        raise ZeroDivisionError
    assert told() == []
    submit(waiting, reviewers_may["編一"])
    assert len(told()) == 2


def test_without_mail_nobody_is_told(waiting, reviewers_may, settings):
    settings.MAIL_TO_PEOPLE = False
    submit(waiting, reviewers_may["編一"])
    assert mail.outbox == []
