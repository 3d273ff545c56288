"""Signing in with the accounts of an organisation, at a provider that really runs beside us."""

import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.core.checks import run_checks
from django.test import Client
from joserfc.jwk import RSAKey

from articles.models import AuditEntry
from portal import single_sign_on
from portal.steps.models import Identity

from ..support.provider import CLIENT, SECRET, Provider, provider

pytestmark = pytest.mark.django_db
START = "/admin/sign-on/"
ROLES = {"union-editors": "編輯", "union-reviewers": "審核"}


@pytest.fixture
def organisation(settings):
    with provider() as it:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = it.issuer, CLIENT
        settings.OIDC_CLIENT_SECRET, settings.OIDC_ROLES = SECRET, ROLES
        yield it


def came_back(client: Client, path: str = START) -> str:
    """Follow whoever goes to the provider; return the path they come back to."""
    there = urlsplit(client.get(path).url)
    connection = HTTPConnection(there.netloc)
    connection.request("GET", f"{there.path}?{there.query}")
    answer = connection.getresponse()
    connection.close()
    back = urlsplit(answer.headers["Location"])
    assert back.netloc == "testserver"
    return f"{back.path}?{back.query}"


def sign_on(client: Client, path: str = START):
    return client.get(came_back(client, path))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestOff:
    def test_without_a_provider_there_is_nothing(self, client):
        assert client.get(START).status_code == client.get(f"{START}back/").status_code == 404
        for page in ("/admin/login/", "/zh-hant/account/sign-in/"):
            assert START not in client.get(page).content.decode()

    def test_a_provider_without_the_extra_is_told(self, settings, monkeypatch):
        settings.OIDC_ISSUER = "https://id.example.org"
        assert not [one for one in run_checks() if one.id == "portal.E001"]
        monkeypatch.setattr(single_sign_on, "find_spec", lambda name: None)
        assert single_sign_on.check_extra(None)[0].id == "portal.E001"


class TestOn:
    def test_both_forms_lead_there_and_back_to_where_one_was_going(self, client, organisation):
        page = client.get("/zh-hant/account/sign-in/?next=/zh-hant/mine/").content.decode()
        assert f"{START}?next=/zh-hant/mine/" in page
        assert START in client.get("/admin/login/").content.decode()
        assert sign_on(client, f"{START}?next=/zh-hant/mine/").url == "/zh-hant/mine/"
        assert client.get("/zh-hant/mine/").status_code == 200
        assert sign_on(Client(), f"{START}?next=https://evil.example/").url == "/admin/"

    def test_somebody_new_gets_an_account_with_the_roles_of_their_groups(
        self, client, organisation
    ):
        organisation.claims |= {"family_name": "王", "groups": ["union-editors", "chess"]}
        sign_on(client)
        user = User.objects.get(username="wang")
        assert [one.name for one in user.groups.all()] == ["編輯"]
        assert user.is_staff and not user.is_superuser and not user.has_usable_password()
        assert client.get("/admin/").status_code == 200
        notes = AuditEntry.objects.filter(user=None).values_list("note", "user_name")
        assert ("roles by the provider", "OpenID Connect") in notes

    def test_roles_follow_the_groups_and_others_are_left_alone(self, client, organisation):
        organisation.claims["groups"] = ["union-editors"]
        sign_on(client)
        user = User.objects.get()
        user.groups.add(Group.objects.get(name="培訓"))
        organisation.claims["groups"] = ["union-reviewers"]
        sign_on(Client())
        assert {one.name for one in user.groups.all()} == {"審核", "培訓"}
        user.groups.remove(Group.objects.get(name="培訓"))
        del organisation.claims["groups"]
        sign_on(client)
        user.refresh_from_db()
        assert not user.groups.exists() and not user.is_staff
        assert client.get("/admin/").status_code == 302, "the desk is closed at once"

    def test_the_number_counts_and_a_name_may_change(self, client, organisation):
        sign_on(client)
        organisation.claims["preferred_username"] = "wang.new"
        sign_on(Client())
        assert User.objects.get().username == "wang"
        organisation.claims |= {"sub": "8", "preferred_username": "wang"}
        other = Client()
        assert "已經有" in other.get(sign_on(other).url).content.decode()
        assert not is_in(other), "who has the name now is not who had it"

    @pytest.mark.parametrize("is_superuser", [False, True])
    @pytest.mark.parametrize("takes", [False, True])
    def test_a_known_account_is_taken_over_where_a_setting_says_so(
        self, client, organisation, settings, takes, is_superuser
    ):
        settings.OIDC_TAKES_KNOWN_NAMES = takes
        User.objects.create_user("Wang", is_superuser=is_superuser)
        sign_on(client)
        assert is_in(client) == Identity.objects.exists() == (takes and not is_superuser)

    def test_a_closed_account_stays_closed(self, client, organisation):
        sign_on(client)
        User.objects.update(is_active=False)
        other = Client()
        sign_on(other)
        assert not is_in(other)

    def test_the_second_step_is_asked_for_as_ever(self, client, organisation, settings):
        settings.SECOND_STEP_FOR = ["編輯"]
        organisation.claims["groups"] = ["union-editors"]
        sign_on(client)
        assert client.get("/admin/").url.startswith("/admin/code/device/")

    @pytest.mark.parametrize("name", ["", "a b", "x" * 151, "<b>", "\0"])
    def test_a_name_that_no_account_can_have(self, client, organisation, name):
        organisation.claims["preferred_username"] = name
        sign_on(client)
        assert is_in(client) == (name == ""), "without a name the number is taken"
        assert [one.username for one in User.objects.all()] == (["7"] if name == "" else [])


SPOILT = {
    "for another client": {"aud": "another"},
    "of another provider": {"iss": "https://evil.example"},
    "out of date": {"exp": int(time.time()) - 3600},
    "for another question": {"nonce": "x"},
    "of nobody": {"sub": None},
    "of whom no database can hold": {"sub": "7\0"},
    "of too long a number": {"sub": "7" * 256},
}


class TestRefused:
    @pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
    def test_a_token(self, client, organisation: Provider, spoil, caplog):
        organisation.spoil = spoil
        assert sign_on(client).url == "/admin/login/"
        assert not is_in(client) and not User.objects.exists()
        assert "(provider)" in caplog.text

    def test_a_token_that_another_key_signed(self, client, organisation):
        organisation.key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        sign_on(client)
        assert not is_in(client)

    def test_the_answer_to_somebody_elses_question(self, client, organisation):
        other = Client()
        back = came_back(client)
        assert other.get(back).url == "/admin/login/"
        assert not is_in(other)

    def test_an_answer_sent_twice(self, client, organisation):
        back = came_back(client)
        client.get(back)
        client.logout()
        assert client.get(back).url == "/admin/login/" and not is_in(client)

    @pytest.mark.parametrize(
        "query", ["", "?error=access_denied", "?code=x", "?code=x&state=y", "?state=%00"]
    )
    def test_whatever_else_comes(self, client, organisation, query):
        assert client.get(f"{START}back/{query}").url == "/admin/login/"

    def test_a_provider_that_is_away(self, client, settings):
        settings.OIDC_ISSUER = "http://127.0.0.1:9"
        assert client.get(START).url == "/admin/login/"
        assert "失敗" in client.get("/admin/login/").content.decode()
