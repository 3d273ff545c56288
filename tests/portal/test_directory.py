"""Signing in with the passwords of a directory that really runs beside us: OpenLDAP's."""

import os
from importlib.util import find_spec

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.checks import run_checks
from django.test import Client

from articles.models import AuditEntry
from portal import directory, health
from portal.steps.models import Identity

from ..support import directories
from ..support.directories import GROUPS, PEOPLE

pytestmark = pytest.mark.django_db
DESK, READERS = "/admin/login/", "/zh-hant/account/sign-in/"
EDITORS, UNIX = f"cn=editors,{GROUPS}", f"cn=unix,{GROUPS}"
AWAY = "帳號目錄沒有回應"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    if not find_spec("ldap"):
        told = "There is no python-ldap: pip install -r requirements-ldap.txt"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    groups = {
        "editors": ("groupOfNames", f"member: uid=wang,{PEOPLE}"),
        "unix": ("posixGroup", "gidNumber: 7"),
    }
    with directories.directory(tmp_path_factory.mktemp("ldap"), ["wang", "boss"], groups) as it:
        yield it


@pytest.fixture
def organisation(runs, settings, monkeypatch):
    settings.LDAP_URL, settings.LDAP_CA_FILE = runs.with_tls, str(runs.certificate)
    settings.LDAP_BASE, settings.LDAP_BIND_DN = PEOPLE, directories.WHO
    settings.LDAP_BIND_PASSWORD = directories.PASSWORD
    settings.LDAP_ROLES = {EDITORS: "編輯", UNIX: "審核"}
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS, "portal.organisation.DirectoryBackend"
    ]  # fmt: skip
    monkeypatch.setattr(directory, "_rests_until", 0.0)
    monkeypatch.setattr(directory, "_PATIENCE", 60)
    return runs


def sign_in(client: Client, name="wang", said="", path=DESK):
    """Send a form with a name and a password: their own, if nothing else is said."""
    return client.post(path, {"username": name, "password": said or f"{name.lower()}'s own"})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_settings_by_which_nobody_could_sign_in_are_told(settings, monkeypatch):
    assert not [one for one in run_checks() if one.id == "portal.E002"]
    settings.LDAP_URL, settings.LDAP_FILTER = "ldapi:///", "(uid=wang)"
    monkeypatch.setattr(directory, "find_spec", lambda name: None)
    assert len(directory.check_directory(None)) == 4


def test_somebody_new_reads_and_has_the_roles_of_their_groups(client, organisation, settings):
    settings.LDAP_URL = organisation.address  # where TLS is begun first
    assert sign_in(client).status_code == 302
    user = User.objects.get()
    assert (user.username, user.last_name, user.email) == ("wang", "王", "wang@example.org")
    assert [one.name for one in user.groups.all()] == ["編輯"]
    assert user.is_staff and not user.is_superuser and not user.has_usable_password()
    assert client.get("/admin/articles/article/").status_code == 200
    assert "LDAP" in AuditEntry.objects.filter(user=None).values_list("user_name", flat=True)
    other = Client()
    assert sign_in(other, "boss", path=READERS).status_code == 302
    boss = User.objects.get(username="boss")
    assert not (boss.is_staff or boss.groups.exists()), "who is in no group has no right"

    user.groups.add(Group.objects.get(name="培訓"))
    organisation.change("editors", "member", f"uid=boss,{PEOPLE}")
    organisation.change("unix", "memberUid", "wang")
    sign_in(Client(), "WANG")
    assert {one.name for one in user.groups.all()} == {"審核", "培訓"}
    organisation.change("editors", "member", f"uid=wang,{PEOPLE}")
    organisation.change("unix", "memberUid", None)


@pytest.mark.parametrize(
    ("name", "said"),
    [("wang", "wrong"), ("wang", "boss's own"), ("nobody", "x"), ("*", "wang's own"),
     ("w*", "wang's own"), ("wang)(uid=*", "x"), ("wang", "\0"), ("wang\0", "wang's own"),
     ("wang", " ")],
)  # fmt: skip
def test_nobody_else_is_let_in(client, organisation, name, said):
    answer = sign_in(client, name, said, READERS)
    assert answer.status_code == 200 and not is_in(client) and not User.objects.exists()
    assert AWAY not in answer.content.decode()


def test_an_account_of_our_own_is_not_the_directorys(client, organisation, settings):
    User.objects.create_superuser("boss")
    User.objects.create_user("Wang", password="our own")
    for name in ("boss", "wang"):
        sign_in(client, name)
    assert not is_in(client) and not Identity.objects.exists()
    settings.LDAP_TAKES_KNOWN_NAMES = True
    sign_in(client, "boss", path=READERS)
    assert not is_in(client), "a superuser never is"
    sign_in(client, path=READERS)
    assert is_in(client) and Identity.objects.get().user.username == "Wang"


def test_a_closed_account_stays_closed_and_is_mailed_no_code(client, organisation, settings):
    settings.MAIL_TO_PEOPLE = True
    sign_in(client)
    client.post("/zh-hant/account/forgotten/", {"email": "wang@example.org"})
    assert mail.outbox == [], "their password is the organisation's"
    User.objects.update(is_active=False)
    other = Client()
    assert "已停用" in sign_in(other).content.decode() and not is_in(other)


def test_the_second_step_is_asked_for_as_ever(client, organisation, settings):
    settings.SECOND_STEP_FOR = ["編輯"]
    sign_in(client)
    assert client.get("/admin/").url.startswith("/admin/code/device/")


def doctor() -> health.Finding:
    [found] = health._directory()
    return found


def test_a_directory_that_is_away_is_told_and_accounts_here_work(
    client, organisation, settings, monkeypatch, caplog
):
    assert doctor().level == health.WELL
    User.objects.create_user("mei", password="our own")
    monkeypatch.setattr(directory, "_PATIENCE", 1)
    monkeypatch.setattr(directory, "_REST", 600)
    organisation.server.freeze()
    try:
        for _ in range(6):  # which are no guesses
            told = sign_in(client, path=READERS)
            assert told.status_code == 200 and AWAY in told.content.decode()
        assert "directory" in caplog.text and caplog.text.count("as it should") == 1
        assert doctor().level == health.ILL
        assert sign_in(client, "mei", "our own", READERS).status_code == 302
    finally:
        organisation.server.thaw()
    monkeypatch.setattr(directory, "_rests_until", 0.0)
    monkeypatch.setattr(directory, "_PATIENCE", 60)
    assert sign_in(Client(), path=READERS).status_code == 302


@pytest.mark.parametrize(
    "spoil",
    [{"LDAP_CA_FILE": ""}, {"LDAP_BIND_PASSWORD": "wrong"}, {"LDAP_URL": "ldap://127.0.0.1:9"},
     {"LDAP_NUMBER": "telexNumber"}],
    ids=str,
)  # fmt: skip
def test_one_that_cannot_be_trusted_or_asked_is_none(client, organisation, settings, spoil):
    for name, value in spoil.items():
        setattr(settings, name, value)
    answer = sign_in(client)
    assert AWAY in answer.content.decode() and not is_in(client) and not User.objects.exists()
