"""Accounts at the desk: a new colleague in one form, who chooses their own password with a code."""

import re
import smtplib
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles.models import AuditEntry, Presence
from portal.one_time_codes import DAYS, code_of, in_groups, is_code
from portal.person_names import person_name

from ..support.timing import soon
from .test_admin import ADMINISTRATOR, EDITOR

pytestmark = pytest.mark.django_db

ADD, WELCOME, FORGOTTEN = (
    "/admin/auth/user/add/",
    "/zh-hant/account/welcome/",
    "/zh-hant/account/forgotten/",
)
PASSWORD = "correct horse 9"


def new_colleague(client, **changes) -> tuple:
    """Send the form of a new colleague; return the answer and the account."""
    group = Group.objects.get(name=EDITOR)
    sent = {
        "username": "limei", "last_name": "李", "first_name": "美", "email": "li@example.org",
        "groups": [group.pk],
    }  # fmt: skip
    response = client.post(ADD, sent | changes, follow=True)
    return response, User.objects.filter(username=sent["username"]).first()


def welcome(code: str, password=PASSWORD, name="limei", client=None):
    sent = {"username": name, "code": code, "new_password1": password, "new_password2": password}
    return (client or Client()).post(WELCOME, sent)


@pytest.fixture
def with_mail(settings):
    settings.MAIL_TO_PEOPLE = True


def test_a_new_colleague_has_name_mail_and_role_from_one_form(sign_in, client):
    response, user = new_colleague(sign_in(ADMINISTRATOR))
    assert response.status_code == 200
    assert (user.last_name, user.email, user.is_staff) == ("李", "li@example.org", True)
    assert not user.has_usable_password()
    assert [group.name for group in user.groups.all()] == [EDITOR]
    assert AuditEntry.objects.get(action="add").after["groups"] == [EDITOR]
    client.force_login(user)
    assert client.get("/admin/articles/article/").status_code == 200


def test_without_mail_a_code_is_shown_once_and_good_for_one_password(sign_in, client):
    administrator = sign_in(ADMINISTRATOR)
    response, user = new_colleague(administrator)
    code = in_groups(code_of(user))
    assert code in response.content.decode()
    assert mail.outbox == []
    again = administrator.get(f"/admin/auth/user/{user.pk}/password/").content.decode()
    assert code not in again
    assert welcome("WRONG CODE").status_code == 200
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert welcome("12345678", password="12345678").status_code == 200  # the code is wrong too
    weak = welcome(code, password="12345678")
    assert "new_password2" in weak.context["form"].errors
    assert welcome(code.lower()).url == "/admin/"
    assert client.login(username="limei", password=PASSWORD)
    assert welcome(code, password="another horse 10").status_code == 200  # used up
    assert client.login(username="limei", password=PASSWORD)


def test_a_code_is_mailed_where_mail_is_set_up(sign_in, with_mail):
    response, user = new_colleague(sign_in(ADMINISTRATOR))
    assert response.redirect_chain[-1][0] == "/admin/auth/user/"
    [sent] = mail.outbox
    assert sent.to == ["li@example.org"]
    assert "李美" in sent.body
    address = urlsplit(re.search(r"http://\S+", sent.body)[0])
    assert not address.query, "which logs have"
    told = dict(parse_qsl(address.fragment))
    assert told == {"username": "limei", "code": code_of(user)}
    page = Client().get(address.path).content.decode()
    assert 'data-behind-hash="username code"' in page
    assert code_of(user) not in response.content.decode()


def test_mail_that_does_not_go_out_leaves_an_account_and_a_code(sign_in, with_mail, monkeypatch):
    def refuse(*_args):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    response, user = new_colleague(sign_in(ADMINISTRATOR))
    content = response.content.decode()
    assert "沒有寄出" in content
    assert in_groups(code_of(user)) in content


def test_a_code_ends_with_its_days_and_with_the_account():
    user = User.objects.create_user("limei")
    today = timezone.localdate()
    assert is_code(user, code_of(user, today - timedelta(days=DAYS - 1)))
    assert not is_code(user, code_of(user, today - timedelta(days=DAYS)))
    code = code_of(user)
    assert not is_code(User.objects.create_user("other"), code)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert welcome(code).status_code == 200
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_who_guesses_codes_is_held_up():
    user = User.objects.create_user("limei")
    client = Client()
    answers = [welcome(f"GUESS{number}", client=client).status_code for number in range(6)]
    assert answers == [200] * 5 + [429]
    assert welcome(code_of(user), client=client).status_code == 429
    assert welcome(code_of(user), client=Client(REMOTE_ADDR="10.0.0.9")).status_code == 302


def test_a_forgotten_password_is_chosen_anew_by_mail(with_mail):
    user = User.objects.create_user("limei", "li@example.org", "old horse 11")
    User.objects.create_user("gone", "gone@example.org", is_active=False)
    client = Client()
    assert "忘記密碼" in client.get("/zh-hant/account/sign-in/").content.decode()
    told = [
        client.post(FORGOTTEN, {"email": to}).content.decode().replace(to, "")
        for to in ("LI@example.org", "nobody@example.org", "gone@example.org")
    ]
    assert told[0] == told[1] == told[2]
    soon(lambda: mail.outbox)  # it goes beside the request
    [sent] = mail.outbox
    assert sent.to == ["li@example.org"]
    assert welcome(code_of(user)).status_code == 302
    assert client.login(username="limei", password=PASSWORD)


def test_no_more_than_some_mails_are_asked_for(with_mail):
    User.objects.create_user("limei", "li@example.org")
    for _ in range(9):
        Client().post(FORGOTTEN, {"email": "li@example.org"})
    soon(lambda: len(mail.outbox) == 5)


def test_without_mail_no_page_promises_one():
    assert Client().get(FORGOTTEN).status_code == 404
    assert FORGOTTEN not in Client().get("/zh-hant/account/sign-in/").content.decode()


def test_nobody_sets_a_password_for_another(sign_in):
    user = User.objects.create_user("limei", password="old horse 11")
    client = sign_in(ADMINISTRATOR)
    address = f"/admin/auth/user/{user.pk}/password/"
    sent = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    response = client.post(address, sent, follow=True)
    user.refresh_from_db()
    assert user.check_password("old horse 11")
    assert in_groups(code_of(user)) in response.content.decode()
    assert AuditEntry.objects.latest("pk").note == "code: shown"
    boss = User.objects.create_superuser("boss")
    assert client.post(f"/admin/auth/user/{boss.pk}/password/").status_code in (302, 403, 404)
    assert (
        in_groups(code_of(boss))
        not in client.get(f"/admin/auth/user/{boss.pk}/password/").content.decode()
    )


def test_a_role_given_later_lets_somebody_in_and_the_log_says_so(sign_in):
    reader = User.objects.create_user("reader")
    client = sign_in(None, is_superuser=True)
    data = {
        "username": "reader", "is_active": "on", "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00", "groups": [Group.objects.get(name=EDITOR).pk],
    }  # fmt: skip
    assert client.post(f"/admin/auth/user/{reader.pk}/change/", data).status_code == 302
    reader.refresh_from_db()
    assert reader.is_staff
    assert AuditEntry.objects.latest("pk").after["is_staff"] is True


def test_an_account_without_a_role_reads_only(sign_in):
    _response, user = new_colleague(sign_in(ADMINISTRATOR), groups=[])
    assert not user.is_staff
    assert welcome(code_of(user)).url == "/zh-hant/account/sign-in/"


def test_names_that_differ_in_capitals_alone_are_one(sign_in):
    User.objects.create_user("LiMei")
    response, user = new_colleague(sign_in(ADMINISTRATOR))
    assert user is None
    assert response.context["adminform"].form.errors.keys() == {"username"}


@pytest.mark.parametrize(
    ("family", "given", "shown"),
    [("王", "芳", "王芳"), ("Li", "Mei", "Mei Li"), ("", "", "limei"), ("歐陽", "", "歐陽")],
)
def test_people_are_called_as_their_language_has_it(family, given, shown):
    assert person_name(User(username="limei", last_name=family, first_name=given)) == shown


def test_deleting_an_account_does_not_name_the_forms_it_has_open(admin_client, make_article):
    user = User.objects.create_user("limei")
    now = timezone.now()
    Presence.objects.create(article=make_article(), user=user, opened_at=now, seen_at=now)
    page = admin_client.get(f"/admin/auth/user/{user.pk}/delete/").content.decode()
    assert "limei" in page
    assert "resence" not in page
