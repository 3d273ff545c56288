"""Accounts at the desk: a new colleague in one form."""

import pytest
from django.contrib.auth.models import Group, User

from articles.models import AuditEntry

from .test_admin import ADMINISTRATOR, EDITOR

pytestmark = pytest.mark.django_db


def test_a_new_colleague_has_name_mail_and_role_from_one_form(sign_in, client):
    group = Group.objects.get(name=EDITOR)
    response = sign_in(ADMINISTRATOR).post(
        "/admin/auth/user/add/",
        {
            "username": "limei", "last_name": "李", "first_name": "美", "email": "li@example.org",
            "groups": [group.pk], "usable_password": "true",
            "password1": "correct horse 9", "password2": "correct horse 9",
        },
    )  # fmt: skip
    assert response.url == "/admin/auth/user/"
    user = User.objects.get(username="limei")
    assert (user.last_name, user.email, user.is_staff) == ("李", "li@example.org", True)
    assert list(user.groups.all()) == [group]
    assert AuditEntry.objects.latest("pk").after["groups"] == [EDITOR]
    client.force_login(user)
    assert client.get("/admin/articles/article/").status_code == 200


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
    sign_in(ADMINISTRATOR).post(
        "/admin/auth/user/add/",
        {"username": "reader", "usable_password": "false"},
    )
    assert not User.objects.get(username="reader").is_staff
