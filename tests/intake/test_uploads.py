"""Importing from the desk: upload, preview, confirm, watch, cancel, take up again."""

import errno
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from articles.importing.readers import MAX_BYTES
from articles.intake import before_import, spool, uploads
from articles.models import Article, ImportRun, RunFile, Similarity, Source

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER
from ..support.timing import soon
from .test_import_essays import ROOT, essay

UPLOAD = "/admin/articles/importrun/upload/"


@pytest.fixture
def started(monkeypatch):
    """Do the work when a test says so, in this process; return the runs that were started."""
    runs = []
    monkeypatch.setattr(uploads, "spawn", runs.append)
    return runs


def work(run) -> ImportRun:
    run.refresh_from_db()
    uploads.work(run)
    run.refresh_from_db()
    return run


def send(client, files, **options):
    uploaded = [
        SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
        for name, content in files.items()
    ]
    data = {"files": uploaded, "on_conflict": "new", "encoding": "", "tags": ""} | options
    return client.post(UPLOAD, data)


def act(client, run, action):
    return client.post(f"/admin/articles/importrun/{run.pk}/act/", {"action": action}, follow=True)


def page_of(client, run) -> str:
    return client.get(f"/admin/articles/importrun/{run.pk}/change/").content.decode()


def checked(client, files, **options) -> ImportRun:
    assert send(client, files, **options).status_code == 302
    return work(ImportRun.objects.first())


def imported(client, files, **options) -> ImportRun:
    run = checked(client, files, **options)
    act(client, run, "confirm")
    return work(run)


def zip_of(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("started")
class TestUploading:
    @pytest.fixture
    def client(self, sign_in):
        return sign_in(REVIEWER)

    def test_from_the_files_to_the_articles(self, client, spool_folder):
        files = {
            "a.txt": essay(1),
            "b.zip": zip_of({"c/d.txt": essay(2), "README.md": "x"}),
            "leer.txt": b"",
        }
        run = checked(client, files, tags="讀本，職代會", encoding="utf-8")
        assert Article.objects.count() == 0
        assert (run.state, run.totals["created"], run.totals["failed"]) == ("ready", 2, 1)
        preview = page_of(client, run)
        for text in ("替职工办事的第1点", "b.zip!/c/d.txt", "b.zip!/README.md", 'value="confirm"'):
            assert text in preview
        act(client, run, "confirm")
        work(run)
        assert run.state == "done"
        assert run.totals == {"files": 3, "created": 2, "updated": 0, "unchanged": 0, "duplicate": 0, "failed": 1}  # fmt: skip
        assert {source.run_id for source in Source.objects.all()} == {run.pk}
        article = Article.objects.get(source__file_name="a.txt")
        assert {"讀本", "職代會"} <= {tag.name_hant for tag in article.tags.all()}
        assert article.created_by == run.started_by
        assert article.renditions.count() == 2
        assert f"/admin/articles/article/{article.pk}/change/" in page_of(client, run)
        assert not list(spool_folder.iterdir())

    def test_the_same_files_again_change_nothing(self, client):
        files = {"a.txt": essay(1), "b.txt": essay(2)}
        imported(client, files)
        before = list(Article.objects.values_list("pk", "modified_at"))
        run = checked(client, files)
        assert run.totals["unchanged"] == 2
        assert 'value="confirm"' not in page_of(client, run)
        act(client, run, "confirm")
        work(run)
        assert list(Article.objects.values_list("pk", "modified_at")) == before

    def test_a_known_name_with_another_text(self, client):
        imported(client, {"1.txt": essay(1)})
        run = imported(client, {"1.txt": essay(2)})
        assert (run.totals["created"], Article.objects.count()) == (1, 2)
        run = checked(client, {"1.txt": essay(3)}, on_conflict="skip")
        assert (run.totals["unchanged"], run.files.get().note != "") == (1, True)
        run = checked(client, {"1.txt": essay(3)}, on_conflict="fail")
        assert run.totals["failed"] == 1
        run = imported(client, {"1.txt": essay(3)}, on_conflict="update")
        assert run.totals["updated"] == 1
        assert Article.objects.filter(title__contains="第3点").count() == 1

    def test_published_at_once_if_asked(self, client):
        imported(client, {"1.txt": essay(1)}, publish="on")
        assert Article.objects.published().count() == 1

    def test_several_files_of_one_name(self, client):
        first, second = (
            SimpleUploadedFile("a.txt", essay(1).encode()),
            SimpleUploadedFile("A.txt", essay(2).encode()),
        )
        client.post(UPLOAD, {"files": [first, second], "on_conflict": "new"})
        run = work(ImportRun.objects.get())
        assert {file.path for file in run.files.all()} == {"A.txt", "a (2).txt"}
        assert run.totals["created"] == 2

    def test_preview_and_import_agree_with_the_command(self, client, essays, tmp_path):
        files = {
            "a.txt": essay(1),
            "b.txt": essay(2),
            "c.txt": essay(1).encode("gb18030"),
            "d.txt": b"",
        }
        run = checked(client, files)
        report = tmp_path / "r.json"
        with pytest.raises(SystemExit):
            call_command(
                "import_essays",
                str(essays(files)),
                "--dry-run",
                "--report",
                str(report),
                verbosity=0,
            )
        told = json.loads(report.read_text())
        assert told["totals"] == run.totals
        assert [entry["outcome"] for entry in told["files"]] == [f.outcome for f in run.files.all()]

    def test_the_preview_shows_near_duplicates(self, client):
        text = essay(1)
        imported(client, {"a.txt": text})
        run = checked(
            client, {"b.txt": text.replace("办事的第1点", "办的另一件事") + "职工来信。\n"}
        )
        assert run.totals["created"] == 1
        assert run.files.get().flag_kinds["near-duplicate"] == 1
        assert "相似文章" in page_of(client, run)

    def test_the_page_of_an_import_shows_those_there_are_now(self, client):
        """As of two imports at once: the other's article is seen by none of its files."""
        text = essay(1)
        run = imported(client, {"a.txt": text})
        assert "相似文章" not in page_of(client, run)
        later = imported(
            client, {"b.txt": text.replace("办事的第1点", "办的另一件事") + "职工来信。\n"}
        )
        assert all('"flag">相似文章' in page_of(client, one) for one in (run, later))
        Similarity.objects.get().dismiss(None)
        assert "相似文章" not in page_of(client, later)

    def test_a_discarded_upload_leaves_nothing(self, client, spool_folder):
        run = checked(client, {"a.txt": essay(1)})
        act(client, run, "cancel")
        run.refresh_from_db()
        assert run.state == "cancelled"
        assert not list(spool_folder.iterdir())
        act(client, run, "confirm")
        run.refresh_from_db()
        assert run.state == "cancelled"
        assert Article.objects.count() == 0

    def test_nothing_but_unreadable_files_says_so(self, client):
        run = checked(client, {"a.zip": zip_of({"x.jpg": "x"})})
        assert run.state == "failed"
        assert "no essay" in run.error

    def test_text_of_files_is_never_markup(self, client):
        evil = "<img src=x onerror=alert(1)>"
        run = checked(client, {f"{evil}.txt": essay(1).replace("谈工会", evil)}, tags=f"{evil}")
        assert evil not in page_of(client, run)

    def test_queries_of_the_preview_do_not_grow(self, client, django_assert_max_num_queries):
        run = checked(client, {f"{n}.txt": essay(n) for n in range(30)})
        assert "這次匯入的文章" not in page_of(client, run)
        with django_assert_max_num_queries(15):
            page_of(client, run)
        with django_assert_max_num_queries(5):
            client.get(f"/admin/articles/importrun/{run.pk}/progress/")


@pytest.mark.django_db
@pytest.mark.usefixtures("started")
class TestWhatIsRefused:
    @pytest.fixture
    def client(self, sign_in):
        return sign_in(REVIEWER)

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd", "passwd"), ("C:\\temp\\走訪.txt", "走訪.txt"), ("a\x00b.txt", "ab.txt"),
            ("/", "file"), ("", "file"), ("長" * 300 + ".txt", "長" * 116 + ".txt"), ("\u202etxt.exe", "txt.exe"),
            (".txt", "file.txt"), ("a.txt\n", "a.txt"), ("..", "file"),
        ],
    )  # fmt: skip
    def test_names_are_only_names(self, name, shown):
        assert spool.shown_name(name) == shown

    def test_no_name_leads_out_of_the_folder(self, spool_folder, db):
        run = ImportRun.objects.create()
        names = ["../../evil.txt", "C:\\evil.txt", "x" * 5000 + ".txt", "no\x00.txt", ".."]
        files = []
        for name in names:
            file = SimpleUploadedFile("a.txt", b"x")
            file._name = name
            files.append(file)
        kept = spool.keep(run, files)
        on_disk = sorted(path.name for path in (spool_folder / str(run.pk)).iterdir())
        assert on_disk == sorted(entry["on_disk"] for entry in kept)
        assert all(name[:4].isdigit() for name in on_disk)
        assert (spool_folder / str(run.pk)).stat().st_mode & 0o777 == 0o700

    def test_a_file_too_large(self, client):
        response = send(client, {"a.txt": b"x" * (MAX_BYTES + 1)})
        assert response.status_code == 200
        assert "20 MB" in response.content.decode()
        assert not ImportRun.objects.exists()

    def test_too_much_at_once(self, client, settings):
        settings.UPLOAD_MAX_MB = 1
        response = send(client, {"a.txt": essay(1), "b.txt": b"x" * 1_100_000})
        assert response.status_code == 200
        assert "1 MB" in response.content.decode()
        assert not ImportRun.objects.exists()

    @pytest.mark.parametrize("place", ["receiving", "keeping"])
    def test_a_full_disk_is_said_to_be_full(self, client, monkeypatch, spool_folder, place):
        def full(*args, **kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

        if place == "receiving":
            monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", full)
        else:
            monkeypatch.setattr(SimpleUploadedFile, "chunks", full)
            monkeypatch.setattr("django.core.files.uploadedfile.UploadedFile.chunks", full)
        response = send(client, {"a.txt": essay(1)})
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()
        assert not ImportRun.objects.exists()
        assert not spool_folder.exists() or not list(spool_folder.iterdir())

    @pytest.mark.parametrize(
        "options",
        [{"on_conflict": "eat"}, {"encoding": "klingon"}, {"tags": "長" * 61}, {"tags": ",".join(map(str, range(30)))}],
    )  # fmt: skip
    def test_values_that_cannot_be(self, client, options):
        response = send(client, {"a.txt": essay(1)}, **options)
        assert (response.status_code, "errorlist" in response.content.decode()) == (200, True)
        assert not ImportRun.objects.exists()

    def test_no_file_at_all(self, client):
        response = client.post(UPLOAD, {"on_conflict": "new"})
        assert (response.status_code, "errorlist" in response.content.decode()) == (200, True)

    def test_an_upload_nobody_confirms_is_gone_after_a_day(self, client, spool_folder):
        run = checked(client, {"a.txt": essay(1)})
        client.get(UPLOAD)
        assert list(spool_folder.iterdir())
        ImportRun.objects.update(started_at=timezone.now() - timedelta(days=2))
        (spool_folder / "999").mkdir()
        client.get(UPLOAD)
        run.refresh_from_db()
        assert (run.state, list(spool_folder.iterdir())) == ("cancelled", [])


@pytest.mark.django_db
@pytest.mark.usefixtures("started")
class TestPermissions:
    @pytest.mark.parametrize(
        ("group", "code"), [(EDITOR, 403), (REVIEWER, 200), (ADMINISTRATOR, 200), (None, 403)]
    )
    def test_who_may_upload(self, sign_in, group, code):
        client = sign_in(group)
        assert client.get(UPLOAD).status_code == code
        if code == 403:
            assert send(client, {"a.txt": essay(1)}).status_code == 403
            assert not ImportRun.objects.exists()

    def test_who_may_confirm_and_see(self, sign_in):
        run = checked(sign_in(REVIEWER), {"a.txt": essay(1)})
        editor = sign_in(EDITOR)
        for action in ("confirm", "cancel", "resume"):
            assert act(editor, run, action).status_code == 403
        assert 'value="confirm"' not in page_of(editor, run)
        assert editor.get(f"/admin/articles/importrun/{run.pk}/progress/").status_code == 200
        assert sign_in(None).get(f"/admin/articles/importrun/{run.pk}/progress/").status_code == 403
        assert Client().get(f"/admin/articles/importrun/{run.pk}/progress/").status_code == 302

    def test_who_may_not_publish_neither_publishes_nor_updates(self, sign_in):
        client = sign_in(EDITOR)
        Group.objects.get(name=EDITOR).permissions.add(
            Permission.objects.get(codename="add_importrun")
        )
        assert 'name="publish"' not in client.get(UPLOAD).content.decode()
        run = imported(client, {"a.txt": essay(1)}, publish="on")
        assert run.state == "done"
        assert not Article.objects.published().exists()
        assert send(client, {"a.txt": essay(2)}, on_conflict="update").status_code == 200
        other = checked(sign_in(REVIEWER), {"b.txt": essay(2)}, publish="on")
        assert act(client, other, "confirm").status_code == 403

    def test_only_by_post_and_with_a_token(self, sign_in):
        client = sign_in(REVIEWER)
        run = checked(client, {"a.txt": essay(1)})
        address = f"/admin/articles/importrun/{run.pk}/act/"
        assert client.get(address, {"action": "confirm"}).status_code == 403
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        assert strict.post(address, {"action": "confirm"}).status_code == 403
        assert send(strict, {"a.txt": essay(1)}).status_code == 403
        run.refresh_from_db()
        assert run.state == "ready"

    @pytest.mark.parametrize("number", [10**12, 10**22])
    def test_runs_that_are_not_there(self, sign_in, number):
        client = sign_in(REVIEWER)
        for tail in ("progress/", "act/"):
            assert client.post(f"/admin/articles/importrun/{number}/{tail}").status_code == 404

    def test_a_run_of_the_command_cannot_be_confirmed(self, sign_in, essays):
        call_command("import_essays", str(essays({"a.txt": essay(1)})), verbosity=0)
        run = ImportRun.objects.get()
        assert act(sign_in(REVIEWER), run, "confirm").status_code == 404
        with pytest.raises(CommandError, match="no upload"):
            call_command("import_essays", run=run.pk)


@pytest.mark.django_db
class TestStopping:
    @pytest.fixture
    def client(self, sign_in):
        return sign_in(REVIEWER)

    def test_twice_confirmed_is_started_once(self, client, started):
        run = checked(client, {"a.txt": essay(1)})
        started.clear()
        act(client, run, "confirm")
        act(client, run, "confirm")
        assert len(started) == 1

    def test_cancelling_keeps_whole_files(self, client, started, monkeypatch, spool_folder):
        monkeypatch.setattr(uploads, "_BETWEEN_SIGNS", 0)
        run = checked(client, {f"{n}.txt": essay(n) for n in range(6)})
        act(client, run, "confirm")
        row = before_import.row_of

        def cancel_at_third(result, *args):
            if RunFile.objects.filter(is_imported=True).count() == 2:
                uploads.cancel(run)
            return row(result, *args)

        monkeypatch.setattr(before_import, "row_of", cancel_at_third)
        work(run)
        assert (run.state, run.totals["created"]) == ("cancelled", 3)
        assert Article.objects.count() == 3
        assert not list(spool_folder.iterdir())

    def test_an_import_that_died_shows_and_is_taken_up_again(self, client, started, monkeypatch):
        run = checked(client, {f"{n}.txt": essay(n) for n in range(6)})
        act(client, run, "confirm")
        row = before_import.row_of

        def die(result, *args):
            if RunFile.objects.filter(is_imported=True).count() == 3:
                raise KeyboardInterrupt  # as good as a kill: nothing of ours runs afterwards
            return row(result, *args)

        monkeypatch.setattr(before_import, "row_of", die)
        with pytest.raises(KeyboardInterrupt):
            work(run)
        address = f"/admin/articles/importrun/{run.pk}/progress/"
        assert client.get(address).json()["state"] == "importing"
        act(client, run, "resume")  # too early: it has promised to be alive
        assert len(started) == 2
        ImportRun.objects.update(alive_until=timezone.now() - timedelta(seconds=1))
        assert client.get(address).json()["state"] == "interrupted"
        assert 'value="resume"' in page_of(client, run)
        monkeypatch.setattr(before_import, "row_of", row)
        old = ImportRun.objects.get()
        act(client, run, "resume")
        assert len(started) == 3
        uploads.work(old)  # the process given up for dead comes back: it must keep its hands off
        run.refresh_from_db()
        assert run.state == "importing"
        work(run)
        assert (run.state, run.totals["created"], run.totals["unchanged"]) == ("done", 6, 0)
        assert Article.objects.count() == 6

    def test_a_failure_is_shown(self, client, started, monkeypatch):
        run = checked(client, {"a.txt": essay(1)})
        act(client, run, "confirm")
        monkeypatch.setattr("articles.models.tag.TagQuerySet.vocabulary", lambda tags: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(run)
        run.refresh_from_db()
        assert (run.state, "ZeroDivisionError" in run.error) == ("failed", True)
        assert "ZeroDivisionError" in page_of(client, run)

    def test_a_process_that_cannot_be_started_is_shown(self, client, monkeypatch):
        def broken(*args, **kwargs):
            raise OSError("no memory")

        monkeypatch.setattr(subprocess, "Popen", broken)
        send(client, {"a.txt": essay(1)})
        run = ImportRun.objects.get()
        assert (run.state, "no memory" in run.error) == ("failed", True)


_DESK = """
import os, sys, time, django
django.setup()
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.intake.test_import_essays import essay
user, _ = User.objects.get_or_create(username="c", is_superuser=True, is_staff=True)
client = Client(); client.force_login(user)
if sys.argv[1] == "upload":
    files = [SimpleUploadedFile(f"{n:03}.txt", essay(n).encode()) for n in range(int(sys.argv[2]))]
    answer = client.post("/admin/articles/importrun/upload/", {"files": files, "on_conflict": "new"})
    assert answer.status_code == 302, answer.content
else:
    client.post("/admin/articles/importrun/1/act/", {"action": sys.argv[1]})
os._exit(0)  # like a server's worker that is ended: whoever it started lives on
"""

_HOLD = """
import os, sys
def hold(event, told):
    if event == "open" and str(told[0]).endswith("/0055.txt") and os.path.exists({pipe!r}):
        os.mkdir({held!r})
        os.open({pipe!r}, os.O_RDONLY)  # nobody ever writes
sys.addaudithook(hold)
"""
"""Run by each Python that starts: while there is the pipe, it goes no further than the 55th
file, when two batches are stored for certain, however many are read ahead."""


@pytest.mark.same_on_both
class TestProcesses:
    """Real processes on a real database: the desk starts them and goes away."""

    @pytest.fixture
    def desk(self, own_database, tmp_path):
        (hooks := tmp_path / "hooks").mkdir()
        places = {name: str(tmp_path / name) for name in ("pipe", "held")}
        (hooks / "sitecustomize.py").write_text(_HOLD.format(**places))
        env = os.environ | {
            "PYTHONPATH": str(hooks),
            "DATABASE_URL": f"sqlite:///{own_database}",
            "SPOOL_DIR": str(tmp_path / "spool"),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "ALLOWED_HOSTS": "testserver",
            "DEBUG": "on",  # static files as they lie
        }

        def run(*arguments):
            code = [sys.executable, *map(str, arguments)]
            done = subprocess.run(code, cwd=ROOT, env=env, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            return done.stdout

        def ask(query: str) -> tuple:
            with closing(sqlite3.connect(own_database, timeout=30)) as database:
                row = database.execute(query).fetchone()
                database.commit()
                return row

        def wait(wanted) -> tuple[str, int, str]:
            """Wait until (state, articles, totals) are as wanted."""
            query = "SELECT state, (SELECT count(*) FROM articles_article), totals FROM articles_importrun"
            now = ()

            def is_so() -> bool:
                nonlocal now
                return wanted(*(now := ask(query)))

            soon(is_so)
            return now

        yield run, wait, ask
        for number in _processes(tmp_path):  # a test that failed leaves one behind
            os.kill(number, signal.SIGKILL)

    def test_the_work_goes_on_without_the_desk_and_survives_a_kill(self, desk, tmp_path):
        run, wait, ask = desk
        run("-c", _DESK, "upload", 60)
        wait(lambda state, *_: state == "ready")
        os.mkfifo(tmp_path / "pipe")
        run("-c", _DESK, "confirm")
        soon((tmp_path / "held").exists)
        for number in _processes(tmp_path):
            os.kill(number, signal.SIGKILL)
        (tmp_path / "pipe").unlink()
        state, articles, _ = wait(lambda *_: True)
        assert state == "importing" and 0 < articles < 55  # of those read ahead, none is stored
        # Whoever would have noticed is gone too: two minutes later the promise has run out.
        ask("UPDATE articles_importrun SET alive_until = '2020-01-01 00:00:00'")
        run("-c", _DESK, "resume")
        state, articles, totals = wait(lambda state, *_: state == "done")
        assert (state, articles, json.loads(totals)["created"]) == ("done", 60, 60)


def _processes(place: Path) -> list[int]:
    """Return the imports that work on the database in this folder, and no others."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().split(b"\0")
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if b"import_essays" in line and str(place / "db.sqlite3").encode() in environment:
            found.append(int(process.name))
    return found
