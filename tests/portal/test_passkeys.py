"""Passkeys as the second step, proved by a key of software; and secrets as the database has them."""

import html
import json
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import AuditEntry
from portal import second_step
from portal.health import findings
from portal.steps.models import App, Passkey, Sheet
from portal.steps.out_of_sight import Unreadable, hashed, seal, unseal

from ..support.authenticator import SecurityKey
from .test_sign_in import CODE, DESK, DEVICE, PASSWORD, app_of, code_of, curator, send

pytestmark = pytest.mark.django_db
__all__ = ["curator"]


def options_in(page) -> str:
    """Return what a page gives to the browser about passkeys."""
    return html.unescape(re.search(r'data-options="([^"]*)"', page.content.decode())[1])


def made_by(client: Client, key: SecurityKey, name: str = "手機"):
    """Set a passkey up, and return the answer."""
    sent = {"passkey": key.made(options_in(client.get(DEVICE))), "name": name}
    return client.post(DEVICE, sent)


def show(client: Client, key: SecurityKey):
    return client.post(CODE, {"passkey": key.shown(options_in(client.get(CODE)))})


@pytest.fixture
def key(client, curator) -> SecurityKey:
    """Give the curator a passkey, set up in a session that ended."""
    key = SecurityKey()
    send(client, DESK)
    assert "<li>" in made_by(client, key).content.decode(), "with the first come printed codes"
    client.post("/admin/logout/")
    return key


def test_it_is_set_up_and_asked_for_at_the_next_sign_in(client, curator, key):
    assert Passkey.objects.get().transports == ["usb"]
    send(client, DESK)
    assert client.get("/admin/").url == "/admin/code/?next=/admin/"
    before = client.session.session_key
    assert show(client, key).url == "/admin/"
    assert client.session.session_key != before
    assert client.get("/admin/").status_code == 200
    passkey = Passkey.objects.get()
    assert passkey.count == 1 and passkey.used_at
    notes = AuditEntry.objects.values_list("note", flat=True)
    assert "second step: on, passkey" in notes


def test_it_satisfies_a_role_that_must_have_a_step(client, curator, settings):
    settings.SECOND_STEP_FOR = ["審核"]
    send(client, DESK)
    assert client.get("/admin/").url.startswith(DEVICE)
    made_by(client, SecurityKey())
    assert client.get("/admin/").status_code == 200
    client.post(DEVICE, {"remove": Passkey.objects.get().pk})
    client.post(DEVICE, {"off": "1"})
    assert Passkey.objects.count() == 1, "a role cannot leave it out"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://testserver.evil.example"},
        {"host": "evil.example"},
        {"flags": 0},
    ],
    ids=["of another page", "for another host", "with nobody there"],
)
def test_what_is_shown_elsewhere_is_of_no_use(client, curator, key, wrong):
    for name, value in wrong.items():
        setattr(key, name, value)
    send(client, DESK)
    answer = show(client, key)
    assert answer.status_code == 200 and "沒有接受" in answer.content.decode()
    assert client.get("/admin/").url.startswith(CODE)


def test_the_key_of_another_or_one_signed_wrong_is_refused(client, curator, key):
    send(client, DESK)
    assert show(client, SecurityKey(name=key.name)).status_code == 200, "signed by another key"
    assert show(client, SecurityKey()).status_code == 200, "of nobody here"
    other = User.objects.create_user("other", password=PASSWORD, is_staff=True)
    theirs = SecurityKey()
    his = Client()
    send(his, DESK, name="other")
    made_by(his, theirs)
    assert Passkey.objects.filter(user=other).exists()
    assert show(client, theirs).status_code == 200, "of another account"
    assert show(client, key).status_code == 302


def test_an_answer_is_good_once_and_a_copied_key_is_found_out(client, curator, key):
    send(client, DESK)
    sent = {"passkey": key.shown(options_in(client.get(CODE)))}
    assert client.post(CODE, sent).status_code == 302
    other = Client()
    send(other, DESK)
    assert other.post(CODE, sent).status_code == 200, "it answers another question"
    key.count -= 1
    assert show(other, key).status_code == 200, "its counter went back: there are two of it"
    assert show(other, key).status_code == 302


def test_tries_are_counted_with_those_of_codes(client, curator, key, caplog):
    send(client, DESK)
    for _ in range(second_step._TRIES.most):
        assert client.post(CODE, {"passkey": "{}"}).status_code == 200
    assert show(client, key).status_code == 429
    assert "(passkey) as 'curator'" in caplog.text


def test_two_tabs_may_be_open(client, curator, key):
    send(client, DESK)
    first = options_in(client.get(CODE))
    client.get(CODE)
    assert client.post(CODE, {"passkey": key.shown(first)}).status_code == 302


def test_the_same_key_is_not_kept_twice(client, curator, key):
    other = Client()
    User.objects.create_user("other", password=PASSWORD, is_staff=True)
    send(other, DESK, name="other")
    assert made_by(other, key).status_code == 302
    assert not Passkey.objects.filter(user__username="other").exists()


def test_steps_are_changed_after_one_was_shown_anew(client, curator, key):
    send(client, DESK)
    show(client, key)
    session = client.session
    session[second_step._SHOWN] -= second_step._GOOD_FOR
    session.save()
    for answer in (client.get(DEVICE), client.post(DEVICE, {"off": "1"}), made_later(client)):
        assert answer.url == f"{CODE}?next={DEVICE}"
    assert Passkey.objects.count() == 1
    assert client.get("/admin/").status_code == 200, "the rest of the desk is open"
    answer = client.post(
        f"{CODE}?next={DEVICE}", {"passkey": key.shown(options_in(client.get(CODE)))}
    )
    assert answer.url == DEVICE
    client.post(DEVICE, {"off": "1"})
    assert not Passkey.objects.exists() and not Sheet.objects.exists()


def made_later(client: Client):
    return client.post(DEVICE, {"passkey": "{}", "name": "x"})


def test_with_the_device_lost_a_printed_code_lets_in_and_it_is_removed(client, curator):
    send(client, DESK)
    sheet = made_by(client, SecurityKey(), "舊手機").content.decode()
    printed = re.findall(r"<li>([a-z2-9-]{11})</li>", sheet)
    client.post("/admin/logout/")
    send(client, DESK)
    assert client.post(CODE, {"code": printed[0]}).status_code == 302
    made_by(client, SecurityKey(), "新手機")
    lost = Passkey.objects.get(name="舊手機")
    assert "已經移除" in client.post(DEVICE, {"remove": lost.pk}, follow=True).content.decode()
    assert [one.name for one in Passkey.objects.all()] == ["新手機"]
    assert StaticToken.objects.count() == 9


def test_nobody_removes_the_key_of_another(client, curator, key):
    other = User.objects.create_user("other", password=PASSWORD, is_staff=True)
    theirs = Passkey.objects.create(user=other, name="x", host="h", credential="c", public_key=b"")
    send(client, DESK)
    show(client, key)
    client.post(DEVICE, {"remove": theirs.pk})
    client.post(DEVICE, {"remove": "app"})
    client.post(DEVICE, {"remove": "\0"})
    assert Passkey.objects.count() == 2


def test_an_app_and_a_key_stand_beside_each_other(client, curator, key):
    app = app_of(curator)
    send(client, DESK)
    assert client.post(CODE, {"code": code_of(app)}).status_code == 302
    client.post(DEVICE, {"remove": "app"})
    assert not App.objects.filter(confirmed=True).exists()
    assert Passkey.objects.exists() and Sheet.objects.exists()


def test_an_administrator_takes_keys_away_and_sees_who_has_one(sign_in, curator, key):
    admin = sign_in("管理員")
    assert 'alt="True"' in admin.get("/admin/auth/user/?q=curator").content.decode()
    admin.post(
        "/admin/auth/user/", {"action": "take_second_step_away", "_selected_action": [curator.pk]}
    )
    assert not Passkey.objects.exists() and not StaticDevice.objects.exists()


def test_a_number_of_a_machine_has_no_passkeys(curator, key):
    client = Client(headers={"host": "127.0.0.1"})
    send(client, DESK)
    page = client.get(CODE).content.decode()
    assert "data-passkey" not in page and "另一個網址" in page


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sent=st.text(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature"]),
                inner,
            )
        ),
        max_leaves=8,
    ).map(json.dumps)
)
def test_whatever_is_sent_is_no_passkey_and_no_error(client, curator, sent):
    Passkey.objects.get_or_create(
        user=curator, name="k", host="testserver", credential="", public_key=b""
    )
    second_step._TRIES.forget(str(curator.pk))
    client.force_login(curator)
    client.get(CODE)
    assert client.post(CODE, {"passkey": sent}).status_code == 200
    assert client.get("/admin/").url.startswith(CODE)


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
def test_a_changed_byte_anywhere_makes_no_passkey_and_no_error(client, curator, part):
    send(client, DESK)
    for place in range(0, 160, 7):
        told = json.loads(SecurityKey().made(options_in(client.get(DEVICE))))
        letters = told["response"][part]
        place %= len(letters)
        told["response"][part] = letters[:place] + ("A" if letters[place] != "A" else "B")
        assert client.post(DEVICE, {"passkey": json.dumps(told), "name": "x"}).status_code == 302
    assert not Passkey.objects.exists()


class TestSecrets:
    def test_the_database_has_neither_keys_nor_codes(self, curator):
        app = app_of(curator)
        codes = Sheet.new(curator, 3)
        rows = [*TOTPDevice.objects.values_list("key"), *StaticToken.objects.values_list("token")]
        told = " ".join(value for (value,) in rows)
        assert app.bin_key.hex() not in told and not any(one in told for one in codes)
        assert len(app.bin_key) == 20

    def test_a_key_is_of_use_for_its_owner_and_this_portal_alone(self, settings):
        sealed = seal(b"secret", 7)
        assert seal(b"secret", 7) != sealed, "nobody sees that two are the same"
        assert unseal(sealed, 7) == b"secret"
        for wrong, owner in ((sealed, 8), (sealed[:-4] + "AAAA", 7), ("", 7), ("x", 7), ("é", 7)):
            with pytest.raises(Unreadable):
                unseal(wrong, owner)
        settings.SECRET_KEY = "another"
        with pytest.raises(Unreadable):
            unseal(sealed, 7)

    def test_a_new_secret_key_takes_over_as_people_sign_in(self, client, curator, settings):
        app = app_of(curator)
        code, old = code_of(app), settings.SECRET_KEY
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]
        send(client, DESK)
        assert client.post(CODE, {"code": code}).status_code == 302
        settings.SECRET_KEY_FALLBACKS = []
        assert App.objects.get(pk=app.pk).is_readable()

    def test_with_a_lost_secret_key_printed_codes_let_in(self, client, curator, settings):
        app = app_of(curator)
        code, (printed,) = code_of(app), Sheet.new(curator, 1)
        settings.SECRET_KEY = "another"
        send(client, DESK)
        assert client.post(CODE, {"code": code}).status_code == 200
        assert [one for one in findings(of_apps=False) if "SECRET_KEY" in one.said]
        assert client.post(CODE, {"code": printed}).status_code == 302
        assert client.get(DEVICE).status_code == 200

    def test_what_stood_there_as_it_was_is_put_out_of_sight(self, client, curator):
        plain = TOTPDevice.objects.create(user=curator, confirmed=True)
        known, sheet = bytes.fromhex(plain.key), StaticDevice.objects.create(user=curator)
        StaticToken.objects.create(device=sheet, token="abcdefgh")
        import_module("portal.steps.migrations.0001_initial").put_out_of_sight(apps, None)
        assert App.objects.get().bin_key == known
        assert StaticToken.objects.get().token == hashed("abcdefgh", curator.pk)
        send(client, DESK)
        assert client.post(CODE, {"code": "ABCDEFGH"}).status_code == 302
        import_module("portal.steps.migrations.0001_initial").put_back(apps, None)
        assert bytes.fromhex(TOTPDevice.objects.get().key) == known
