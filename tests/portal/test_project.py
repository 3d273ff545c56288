"""The project as a whole: settings, translations, set-up, and the words it must not say."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import polib
import pytest
from django.core.management import CommandError, call_command

from portal.safekeeping.archive import KNOWN_SETTINGS

from ..support.places import ROOT

CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
OF_SCRIPTS = sorted((ROOT / "locale").glob("*/LC_MESSAGES/djangojs.po"))


def run(program, **environment):
    kept = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "DEBUG", "HTTPS")}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
    )


def settings_with(**environment):
    return run("from portal import settings; print(settings.DEBUG)", **environment)


def test_a_server_has_loaded_what_readers_ask_for():
    program = """
import gc, sys
import portal.wsgi
from articles.text.script import opencc_tables as tables
from articles.text.script import word_borders as words
print("articles.reading.views.search_page" in sys.modules, gc.get_freeze_count() > 0)
print(words.dictionary.cache_info().currsize, tables._unfolding.cache_info().currsize)
from django.template import engines
loader = engines["django"].engine.template_loaders[0]
print({"base.html", "reading/search.html", "reading/article.html"} <= set(loader.get_template_cache))
print(gc.get_threshold()[2] > 10)
"""
    assert run(program, DEBUG="on").stdout == "True True\n1 1\nTrue\nTrue\n"


def test_every_setting_is_told_of_and_named_in_a_backup():
    sources = [ROOT / name for name in ("portal/settings.py", "gunicorn.conf.py")]
    text = "".join(path.read_text("utf-8") for path in sources)
    asked = set(re.findall(r"""env(?:iron\.get|\.\w+)\(\s*"([A-Z_]+)\"""", text))
    assert asked - {"PROMETHEUS_MULTIPROC_DIR"} == set(KNOWN_SETTINGS)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in KNOWN_SETTINGS if f"`{name}`" not in readme]


@pytest.mark.parametrize("manifest", [None, {"version": "1.1", "paths": {}}], ids=["none", "old"])
def test_a_server_does_not_start_without_its_static_files(tmp_path, manifest):
    """Every page would be an error; `test_readme` starts one that has them."""
    if manifest:
        (tmp_path / "staticfiles.json").write_text(json.dumps(manifest))
    program = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
from django.conf import settings
settings.STATIC_ROOT = {str(tmp_path)!r}
import portal.wsgi
"""
    done = run(program, SECRET_KEY="x")
    assert done.returncode != 0
    assert "Run `manage.py collectstatic --noinput`." in done.stderr.splitlines()[-1]


def test_production_does_not_start_without_a_key():
    done = settings_with()
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize(
    ("environment", "debug"),
    [({}, "on"), ({"DEBUG": "off"}, "off"), ({"SECRET_KEY": "x"}, None)],
    ids=["tried out", "told otherwise", "a server"],
)
def test_the_file_of_make_run_is_not_for_servers(tmp_path, environment, debug):
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / ".env").write_text("DEBUG=on\n")
    (tmp_path / "told.py").write_text("import os; print(os.environ.get('DEBUG'))")
    done = subprocess.run(
        [sys.executable, tmp_path / "manage.py", "version"],
        env={"DJANGO_SETTINGS_MODULE": "told", "PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[:1] == [str(debug)], done.stderr


def test_production_is_the_default():
    assert settings_with(SECRET_KEY="x").stdout == "False\n"
    assert settings_with(DEBUG="on").stdout == "True\n"


@pytest.mark.parametrize("path", CATALOGUES + OF_SCRIPTS, ids=lambda path: path.parts[-3])
def test_every_word_is_translated_and_compiled(path):
    catalogue = polib.pofile(path)
    assert not catalogue.untranslated_entries()
    assert not catalogue.fuzzy_entries()
    compiled = polib.mofile(path.with_suffix(".mo"))
    assert {(e.msgid, e.msgstr, str(e.msgstr_plural)) for e in catalogue} == {
        (e.msgid, e.msgstr, str(e.msgstr_plural)) for e in compiled
    }


@pytest.mark.parametrize("paths", [CATALOGUES, OF_SCRIPTS], ids=["pages", "scripts"])
def test_both_catalogues_say_the_same_things(paths):
    first, second = ({(e.msgctxt, e.msgid) for e in polib.pofile(path)} for path in paths)
    assert first == second


def test_every_marked_string_is_in_the_catalogues():
    marked = set()
    for path in [*(ROOT / "articles").rglob("*.py"), *(ROOT / "portal").rglob("*.py")]:
        told = re.findall(r'(?<!\w)_\(\s*("[^"]+")\s*\)', path.read_text("utf-8"))
        marked |= {ast.literal_eval(one) for one in told}
    for path in (ROOT / "templates").rglob("*.html"):
        marked |= set(re.findall(r'{% translate "([^"]+)" %}', path.read_text("utf-8")))
    ours = {entry.msgid for entry in polib.pofile(CATALOGUES[0]) if not entry.msgctxt}
    hans, hant = of_django("django").values()
    assert marked <= ours | {text for context, text in hans.keys() & hant.keys() if not context}


def test_every_string_marked_with_a_context_is_in_the_catalogues():
    marked = set()
    for path in (ROOT / "articles").rglob("*.py"):
        calls = re.findall(
            r'pgettext(?:_lazy)?\(\s*"([^"]+)",\s*"([^"]+)"', path.read_text("utf-8")
        )
        marked |= set(calls)
    for path in (ROOT / "templates").rglob("*.html"):
        found = re.findall(r'{% translate "([^"]+)" context "([^"]+)" %}', path.read_text("utf-8"))
        marked |= {(context, text) for text, context in found}
    assert ("of reading", "History") in marked
    assert marked <= {(e.msgctxt, e.msgid) for e in polib.pofile(CATALOGUES[0])}


DJANGO = Path(django.__file__).parent
OF_DJANGO = [DJANGO / "conf", DJANGO / "contrib/admin", DJANGO / "contrib/auth"]
SAID_OTHERWISE = {
    *(", ", " By %(filter_title)s ", "Change password", "Filter", "Log out", "View site"),
    *("Select %s", "Select %s to change", "Select %s to view", "Add %s", "Change %s", "View %s"),
    *("Add %(name)s", "Add another %(verbose_name)s"),
    "Hold down “Control”, or “Command” on a Mac, to select more than one.",
    *("0 of %(cnt)s selected", "Model name", "Add link", "Change or view list link", "Error:"),
    *(f"Toggle theme (current theme: {theme})" for theme in ("auto", "light", "dark")),
    "%(model)s instance with %(field)s %(value)r is not a valid choice.",
    "After you’ve created a user, you’ll be able to edit more user options.",
    "Forgotten your login credentials?",
    *("In case you’ve forgotten, you are: ", "In case you’ve forgotten, you are:"),
    *("Action", "Deletion"),
    "This password is too short. It must contain at least %d character.",
    "Please enter your new password twice so we can verify you typed it in correctly.",
    "Please enter your old password, for security’s sake, and then enter your new password twice so "
    "we can verify you typed it in correctly.",
}
"""What Django says too, and we in other words of the same meaning, its own being badly put."""


def of_django(name: str) -> dict[str, dict]:
    """Return the translations in a catalogue of Django's, in both scripts."""
    said = {"zh_Hans": {}, "zh_Hant": {}}
    for script, entries in said.items():
        for app in OF_DJANGO:
            path = app / "locale" / script / "LC_MESSAGES" / f"{name}.po"
            for entry in polib.pofile(path) if path.exists() else ():
                if entry.translated() and not entry.obsolete:
                    entries[entry.msgctxt, entry.msgid] = entry.msgstr or entry.msgstr_plural
    return said


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_word_of_readers_takes_the_place_of_one_of_the_admin(path):
    """A message of ours overrides Django's: 歷史 of an article became 閱讀歷史."""
    theirs = of_django("django")[path.parts[-3]]
    ours = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in polib.pofile(path)}
    other = {text for key in ours.keys() & theirs if ours[key] != theirs[key] for text in key[1:]}
    assert other <= SAID_OTHERWISE


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_what_the_admin_says_in_one_script_it_says_in_the_other(name):
    """Where a catalogue has nothing the other script's is taken: 「選取 权限」."""
    in_use = set()
    for app in OF_DJANGO:
        path = app / "locale" / "en" / "LC_MESSAGES" / f"{name}.po"
        if path.exists():
            in_use |= {(e.msgctxt, e.msgid) for e in polib.pofile(path) if not e.obsolete}
    said = of_django(name)
    for script, entries in said.items():
        ours = polib.pofile(ROOT / "locale" / script / "LC_MESSAGES" / f"{name}.po")
        entries |= {(e.msgctxt, e.msgid): e.msgstr for e in ours}
    missing = {script: in_use - entries.keys() for script, entries in said.items()}
    assert len(in_use) > 50
    assert missing == {"zh_Hans": set(), "zh_Hant": set()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"), [("zh-hant", "選取全部%s"), ("zh-hans", "选择全部%s")]
)
def test_the_scripts_of_the_admin_speak_the_language_of_the_desk(admin_client, language, said):
    admin_client.cookies["desk_language"] = language
    catalogue = admin_client.get("/admin/jsi18n/").content.decode()
    told = json.loads(re.search(r"const newcatalog = (\{.*?\});", catalogue, re.DOTALL)[1])
    assert told["Choose all %s"] == said
    assert told["Available %s"]  # Django's own stand beside ours


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


@pytest.mark.django_db
def test_the_starter_library_is_for_trying_out_only():
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("starter")


def test_the_pipeline_knows_no_django():
    """It is plain Python: testable with a string, safe in a worker process."""
    code = "import sys, articles.importing.batch; print([m for m in sys.modules if 'django' in m])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
