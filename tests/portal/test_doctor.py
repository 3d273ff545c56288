"""`doctor` says how a portal is, and what to do."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from articles.intake import spool
from articles.models import Article, ImportRun, Rendition, SearchRow, SearchVersion
from portal import health

from ..support.shelves import store_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_order(settings, tmp_path):
    settings.SECRET_KEY = "aKeyOfNobodyThatIsLongEnoughToSignTheCookiesOfReaders"
    settings.SEAL_KEY_FILE = tmp_path / "seal.key"
    SearchVersion.objects.update(indexed=1, number=1)


def ask() -> tuple[int, dict[str, str]]:
    """Return the exit code, and the lines by what they are about."""
    out, code = StringIO(), 0
    try:
        call_command("doctor", stdout=out, stderr=StringIO())
    except SystemExit as ended:
        code = ended.code
    lines = out.getvalue().splitlines()
    return code, {re.match(r"\w+ +([^:]+):", line)[1]: line for line in lines}


def test_where_all_is_well_it_says_so():
    store_article()
    code, lines = ask()
    assert [line for line in lines.values() if line.startswith("BAD")] == []
    assert code == 0
    assert {"database", "migrations", "disk of uploads", "cache", "broker", "mail"} <= lines.keys()
    assert {"secret key", "search index", "pages", "triggers", "uploads"} <= lines.keys()
    assert connection.vendor == "sqlite" or {"encoding", "collation", "clock"} <= lines.keys()


def test_what_is_missing_is_told_with_what_makes_it():
    article = store_article()
    SearchRow.objects.all().delete()
    Rendition.objects.filter(article=article, script="zh-Hans").delete()
    code, lines = ask()
    assert code == 1
    assert lines["search index"].startswith("BAD")
    assert lines["search index"].endswith(
        "1 articles missing, 0 cut with earlier words – run `manage.py rebuild_search`"
    )
    assert lines["pages"].endswith("run `manage.py rebuild_renditions`")


def test_uploads_and_their_files_belong_together(spool_folder):
    gone = ImportRun.objects.create(state="ready", options={"uploaded": []})
    code, lines = ask()
    assert code == 1
    assert f"the files of runs [{gone.pk}] are gone" in lines["uploads"]
    spool.folder(gone).mkdir(parents=True)
    assert "1 wait" in ask()[1]["uploads"]
    (spool_folder / "999999").mkdir()
    code, lines = ask()
    assert code == 0
    assert lines["uploads"].startswith("note")


def test_a_short_key_and_an_open_one_are_told(settings):
    settings.SECRET_KEY = "Zq9x!"
    settings.SEAL_KEY_FILE.touch(mode=0o644)
    code, lines = ask()
    assert code == 1
    assert "SECRET_KEY has 5 characters" in lines["secret key"]
    assert "chmod 600" in lines["seal key"]
    assert "Zq9x!" not in json.dumps(lines)


def test_a_broker_and_a_mail_server_that_are_away_are_told(settings):
    settings.CELERY_BROKER_URL = "redis://user:secret@127.0.0.1:1/0"
    settings.ADMINS = [("chair", "chair@example.org")]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    code, lines = ask()
    assert code == 1
    assert lines["broker"].startswith("BAD  broker: 127.0.0.1:1 does not answer")
    assert lines["mail"].startswith("BAD  mail: 127.0.0.1:1 takes none")
    assert "secret" not in "".join(lines.values()).replace("secret key", "")


def test_a_clock_that_goes_wrong_is_told(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite goes by this machine's clock")
    now = health.time.time
    monkeypatch.setattr(health.time, "time", lambda: now() + 3600)
    assert "-3600 s" in ask()[1]["clock"]


def test_a_look_that_fails_is_a_finding_and_the_others_go_on(monkeypatch):
    def broken():
        raise RuntimeError("the disk has gone home")
        yield

    monkeypatch.setattr(health, "_disk", broken)
    code, lines = ask()
    assert code == 1
    assert "the disk has gone home" in lines["broken"]
    assert "uploads" in lines


def test_a_disk_that_is_nearly_full_is_told(monkeypatch):
    monkeypatch.setattr(health, "_ROOM", 1 << 40)
    code, lines = ask()
    assert code == 1
    assert lines["disk of uploads"].endswith("make room")
    assert not Article.objects.exists()
