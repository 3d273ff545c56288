"""The project as a whole: settings, translations, set-up, and the words it must not say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))


def settings_with(**environment):
    kept = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "DEBUG", "HTTPS")}
    return subprocess.run(
        [sys.executable, "-c", "from portal import settings; print(settings.DEBUG)"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
    )


def test_production_does_not_start_without_a_key():
    done = settings_with()
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_production_is_the_default():
    assert settings_with(SECRET_KEY="x").stdout == "False\n"
    assert settings_with(DEBUG="on").stdout == "True\n"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_word_is_translated_and_compiled(path):
    catalogue = polib.pofile(path)
    assert not catalogue.untranslated_entries()
    assert not catalogue.fuzzy_entries()
    compiled = polib.mofile(path.with_suffix(".mo"))
    assert {(e.msgid, e.msgstr, str(e.msgstr_plural)) for e in catalogue} == {
        (e.msgid, e.msgstr, str(e.msgstr_plural)) for e in compiled
    }


def test_both_catalogues_say_the_same_things():
    first, second = ({entry.msgid for entry in polib.pofile(path)} for path in CATALOGUES)
    assert first == second


def test_every_marked_string_is_in_the_catalogues():
    marked = set()
    for path in [*(ROOT / "articles").rglob("*.py"), *(ROOT / "portal").rglob("*.py")]:
        marked |= set(re.findall(r'(?<!\w)_\(\s*"([^"]+)"\s*\)', path.read_text("utf-8")))
    for path in (ROOT / "templates").rglob("*.html"):
        marked |= set(re.findall(r'{% translate "([^"]+)" %}', path.read_text("utf-8")))
    assert marked <= {entry.msgid for entry in polib.pofile(CATALOGUES[0])}


@pytest.mark.django_db
def test_the_demo_account_is_for_trying_out_only(settings, tmp_path, capsys):
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("demo_curator")
    settings.DEBUG, settings.BASE_DIR = True, tmp_path
    call_command("demo_curator")
    first = capsys.readouterr().out
    call_command("demo_curator")
    assert capsys.readouterr().out == first
    assert (tmp_path / ".local" / "demo-password").stat().st_mode & 0o777 == 0o600


def test_the_pipeline_knows_no_django():
    """It is plain Python: testable with a string, safe in a worker process."""
    code = "import sys, articles.importing.batch; print([m for m in sys.modules if 'django' in m])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
