"""Signing in: what is logged and limited, the second step at the desk, and where one is signed in."""

import configparser
import re
import time
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken

from articles.models import AuditEntry
from portal import accounts, own_sessions
from portal.steps.models import App, Sheet

from ..support.places import ROOT
from ..support.together import together

pytestmark = pytest.mark.django_db

PASSWORD = "把話聽完再去辦 2026"
DESK, READERS, CODE, DEVICE = (
    "/admin/login/", "/zh-hant/account/sign-in/", "/admin/code/", "/admin/code/device/",
)  # fmt: skip
FORMS = (DESK, READERS)


@pytest.fixture
def curator(db) -> User:
    user = User.objects.create_user("curator", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="審核"))
    return user


def send(client: Client, form: str, password: str = PASSWORD, name: str = "curator"):
    return client.post(form, {"username": name, "password": password})


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


class TestLimits:
    @pytest.mark.parametrize("form", FORMS)
    def test_after_five_tries_the_answer_is_429_at_either_form(self, client, curator, form):
        assert [send(client, form, "guess").status_code for _ in range(5)] == [200] * 5
        assert send(client, form).status_code == 429

    def test_one_guesser_locks_nobody_out_who_signed_in_there_before(self, curator):
        known = at("192.0.2.1")
        assert send(known, DESK).status_code == 302
        known.post("/admin/logout/")
        guesser = at("192.0.2.1")
        for number in range(accounts._ADDRESS.most):
            send(guesser, DESK, "guess", f"name {number}")
        assert send(guesser, DESK, name="curator").status_code == 429
        assert send(known, DESK).status_code == 302

    def test_an_account_is_guessed_slowly_from_however_many_addresses(self, curator):
        known = at("192.0.2.1")
        send(known, READERS)
        known.post("/admin/logout/")
        answers = [
            send(at(f"198.51.100.{number}"), DESK, "guess").status_code
            for number in range(accounts._ACCOUNT.most + 1)
        ]
        assert answers == [200] * accounts._ACCOUNT.most + [429]
        assert send(at("203.0.113.9"), DESK).status_code == 429
        assert send(known, DESK).status_code == 302

    def test_a_known_browser_guesses_no_longer_than_others(self, curator):
        known = at("192.0.2.1")
        send(known, DESK)
        known.post("/admin/logout/")
        assert [send(known, DESK, "guess").status_code for _ in range(6)] == [200] * 5 + [429]

    @pytest.mark.parametrize("value", ["", "x", "a-b", f"{'0' * 32}-{'0' * 64}", "é-é"])
    def test_what_is_no_cookie_of_ours_is_of_no_use(self, curator, value):
        client = at("192.0.2.1")
        client.cookies[accounts.KNOWN] = value
        for number in range(accounts._ADDRESS.most):
            send(client, DESK, "guess", f"name {number}")
        assert send(client, DESK).status_code == 429

    def test_the_cookie_of_one_account_is_not_that_of_another(self, curator):
        User.objects.create_user("other", password=PASSWORD)
        known = at("192.0.2.1")
        send(known, DESK)
        cookie = known.cookies[accounts.KNOWN]
        assert cookie["httponly"] and cookie["samesite"] == "Lax"
        assert "curator" not in cookie.value
        request = mock.Mock(COOKIES={accounts.KNOWN: cookie.value})
        assert accounts.known_number(request, "Curator")
        assert not accounts.known_number(request, "other")

    def test_a_shared_device_is_not_known(self, client, curator):
        client.post(READERS, {"username": "curator", "password": PASSWORD, "shared": "on"})
        assert accounts.KNOWN not in client.cookies

    @pytest.mark.parametrize("form", ["/admin/password_change/", "/zh-hant/account/password/"])
    def test_an_old_password_is_guessed_five_times(self, client, curator, form):
        client.force_login(curator)
        wrong = {"old_password": "guess", "new_password1": "x", "new_password2": "y"}
        assert [client.post(form, wrong).status_code for _ in range(5)] == [200] * 5
        assert client.post(form, wrong | {"old_password": PASSWORD}).status_code == 429

    def test_a_changed_password_is_a_changed_password(self, client, curator):
        client.force_login(curator)
        new = "另外一個很長的密碼 77"
        sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert client.post("/admin/password_change/", sent).status_code == 302
        curator.refresh_from_db()
        assert curator.check_password(new)


class TestLog:
    def test_a_failure_says_the_address_and_then_the_name(self, curator, caplog):
        send(at("203.0.113.7"), DESK, "guess", "a\nSign-in failed from 198.51.100.1 (password) as")
        [line] = [r.getMessage() for r in caplog.records if r.name == "portal.sign_in"]
        assert line.startswith("Sign-in failed from 203.0.113.7 (password) as 'a\\nSign-in")
        assert "guess" not in line

    def test_fail2ban_finds_the_address_in_it(self, caplog, curator):
        read = configparser.ConfigParser(interpolation=None)
        read.read(ROOT / "deploy" / "fail2ban" / "filter.conf")
        pattern = read["Definition"]["failregex"].replace("<HOST>", r"(?P<host>[0-9a-f.:]+)")
        for client, form in ((at("203.0.113.7"), DESK), (at("2001:db8::7"), READERS)):
            send(client, form, "guess", "x from 198.51.100.1 (code) as")
        lines = [r.getMessage() for r in caplog.records if r.name == "portal.sign_in"]
        found = [re.search(pattern, line)["host"] for line in lines]
        assert found == ["203.0.113.7", "2001:db8::7"]


def code_of(device: App, steps: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06}"


def app_of(user: User) -> App:
    app = App.begun(user)
    App.objects.filter(pk=app.pk).update(confirmed=True)
    return app


@pytest.fixture
def step(curator) -> App:
    return app_of(curator)


class TestSecondStep:
    def test_it_is_set_up_with_a_picture_a_key_and_a_sheet(self, client, curator):
        send(client, DESK)
        page = client.get(DEVICE).content.decode()
        assert "<svg" in page and "otpauth" not in page
        device = App.objects.get(user=curator)
        assert not device.confirmed
        assert client.get(DEVICE).status_code == 200
        assert App.objects.get(user=curator) == device, "the same picture again"
        assert "不對" in client.post(DEVICE, {"code": "000000"}).content.decode()
        sheet = client.post(DEVICE, {"code": code_of(device)}).content.decode()
        codes = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", sheet)
        assert len(codes) == 10
        assert client.get("/admin/").status_code == 200, "this session has just shown it"
        notes = AuditEntry.objects.filter(action="change").values_list("note", flat=True)
        assert "second step: on, app" in notes
        other = Client()
        assert send(other, DESK).status_code == 302
        assert other.get("/admin/").url == "/admin/code/?next=/admin/"
        assert other.post(CODE, {"code": codes[0].upper()}).url == "/admin/"
        assert other.get("/admin/").status_code == 200
        third = Client()
        send(third, DESK)
        assert "不對" in third.post(CODE, {"code": codes[0]}).content.decode(), "each once"

    def test_nothing_of_the_desk_opens_before_it(self, client, curator, step, make_article):
        article = make_article("秘而不宣", status="draft")
        for form in FORMS:
            client.logout()
            send(client, form)
            for path in (
                "", "articles/article/", f"articles/article/{article.pk}/change/", "sessions/",
                "password_change/", "status/", "articles/article/queue/", "code/device/",
            ):  # fmt: skip
                answer = client.get(f"/admin/{path}")
                assert (answer.status_code, answer.url[:12]) == (302, "/admin/code/"), path
                assert b"\xe7\xa7\x98" not in answer.content
            assert (
                client.post("/admin/articles/article/add/", {"title_hant": "x"}).status_code == 302
            )
        assert client.get("/zh-hant/mine/").status_code == 200, "what readers have is open"
        assert client.post("/admin/logout/").status_code in (200, 302)
        assert "_auth_user_id" not in client.session

    def test_a_code_leads_on_to_where_one_was_going_and_nowhere_else(self, client, curator, step):
        send(client, DESK)
        going = client.get("/admin/articles/article/?q=1")
        assert client.post(going.url, {"code": code_of(step)}).url == "/admin/articles/article/?q=1"
        client.logout()
        send(client, DESK)
        App.objects.update(last_t=-1)
        away = client.post(f"{CODE}?next=https://evil.example/", {"code": code_of(step)})
        assert away.url == "/admin/"

    def test_a_new_session_key_comes_with_it(self, client, curator, step):
        send(client, DESK)
        before = client.session.session_key
        client.post(CODE, {"code": code_of(step)})
        assert client.session.session_key != before

    def test_a_code_is_used_once(self, curator, step):
        first, second = Client(), Client()
        send(first, DESK)
        send(second, DESK)
        code = code_of(step)
        assert first.post(CODE, {"code": code}).status_code == 302
        assert second.post(CODE, {"code": code}).status_code == 200

    def test_codes_are_guessed_six_times(self, client, curator, step, caplog):
        send(client, DESK)
        assert [client.post(CODE, {"code": "000000"}).status_code for _ in range(6)] == [200] * 6
        assert client.post(CODE, {"code": code_of(step)}).status_code == 429
        assert "(code) as 'curator'" in caplog.text

    @pytest.mark.parametrize("asked", [["審核"], ["everybody"]])
    def test_a_role_that_must_have_it_sets_it_up_first(self, client, curator, settings, asked):
        settings.SECOND_STEP_FOR = asked
        send(client, DESK)
        assert client.get("/admin/").url == f"{DEVICE}?next=/admin/"
        assert "才能繼續" in client.get(DEVICE).content.decode()
        client.post(DEVICE, {"code": code_of(App.objects.get())})
        assert client.get("/admin/").status_code == 200
        for act in ({"off": "1"}, {"remove": "app"}):
            page = client.post(DEVICE, act, follow=True).content.decode()
            assert "您的職責必須使用它" in page
        assert App.objects.filter(confirmed=True).exists(), "a role cannot leave it out"

    def test_others_need_not(self, client, curator, settings):
        settings.SECOND_STEP_FOR = ["管理員", "superusers"]
        send(client, DESK)
        assert client.get("/admin/").status_code == 200

    def test_a_superuser_must_where_anybody_must(self, client, settings):
        settings.SECOND_STEP_FOR = ["superusers"]
        client.force_login(User.objects.create_superuser("chief"))
        assert client.get("/admin/").url.startswith(DEVICE)

    def test_a_session_from_before_owes_it_too(self, client, curator, step):
        client.force_login(curator)
        session = client.session
        del session["second_step"]
        session.save()
        assert client.get("/admin/").url.startswith(CODE)

    def test_it_can_be_given_up_with_a_code(self, client, curator, step):
        send(client, DESK)
        client.post(CODE, {"code": code_of(step, -1)})
        client.post(DEVICE, {"off": "1"})
        assert not App.objects.exists()

    def test_an_administrator_takes_it_away_when_the_telephone_is_lost(
        self, sign_in, curator, step
    ):
        Sheet.new(curator, 1)
        his = Client()
        send(his, DESK)
        done = sign_in("管理員").post(
            "/admin/auth/user/",
            {"action": "take_second_step_away", "_selected_action": [curator.pk]},
        )
        assert done.status_code == 302
        assert not App.objects.exists() and not StaticToken.objects.exists()
        assert his.get("/admin/").url.startswith("/admin/login/"), "and he is signed out"
        assert "second step: taken away" in AuditEntry.objects.values_list("note", flat=True)

    def test_nobody_looks_at_the_secrets_of_others(self, admin_client):
        for path in ("otp_totp/totpdevice/", "otp_static/staticdevice/"):
            assert admin_client.get(f"/admin/{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_one_code_at_once_one_gets_in():
    user = User.objects.create_user("two", password=PASSWORD, is_staff=True)
    device = app_of(user)
    clients = Client(), Client()
    for client in clients:
        send(client, DESK, name="two")
    code = code_of(device)
    answers = together(*(lambda c=c: c.post(CODE, {"code": code}).status_code for c in clients))
    assert sorted(answers) == [200, 302]


class TestSessions:
    def test_those_of_the_desk_end_the_same_day(self, client, curator, settings):
        settings.DESK_SESSION_HOURS = 3
        send(client, DESK)
        left = Session.objects.get().expire_date - timezone.now()
        assert timedelta(hours=2.9) < left <= timedelta(hours=3)
        reader = Client()
        User.objects.create_user("reader", password=PASSWORD)
        send(reader, READERS, name="reader")
        assert Session.objects.latest("expire_date").expire_date > timezone.now() + timedelta(
            days=13
        )

    def test_they_are_listed_and_one_or_all_others_ended(self, client, curator):
        agents = (
            "Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/130.0",
            "Mozilla/5.0 (X11; Linux) Chrome/1",
        )
        others = [Client(headers={"User-Agent": agent}) for agent in agents]
        stranger = Client()
        stranger.force_login(User.objects.create_user("stranger", is_staff=True))
        for one in (*others, client):
            send(one, DESK)
        page = client.get("/admin/sessions/").content.decode()
        assert "Firefox · Windows" in page and "Chrome · Linux" in page
        assert page.count('name="end"') == 3
        assert client.session.session_key not in page, "keys are secrets"
        number = re.search(r'name="end" value="(\w{20})"', page)[1]
        client.post("/admin/sessions/", {"end": number})
        ended = [one.get("/admin/").status_code for one in others]
        assert sorted(ended) == [200, 302]
        client.post("/admin/sessions/", {"end": "all"})
        assert [one.get("/admin/").status_code for one in others] == [302, 302]
        assert client.get("/admin/").status_code == 200
        assert stranger.get("/admin/").status_code == 200

    def test_an_administrator_signs_somebody_out_everywhere(self, sign_in, curator):
        his = Client()
        send(his, DESK)
        sign_in("管理員").post(
            "/admin/auth/user/", {"action": "end_sessions", "_selected_action": [curator.pk]}
        )
        assert his.get("/admin/").status_code == 302

    @pytest.mark.parametrize(("agent", "called"), [("", ""), ("curl/8.0", "curl"), ("x" * 300, "x" * 30), ("A Edg/1 Chrome/1 Windows", "Edge · Windows")])  # fmt: skip
    def test_a_browser_is_called_by_its_name(self, agent, called):
        assert own_sessions.browser_of(agent) == called
