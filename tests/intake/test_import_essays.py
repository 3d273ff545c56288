"""The command, as scripts and people call it."""

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.utils import timezone

from articles.importing import batch, workers
from articles.importing.edits import Edit, apply
from articles.importing.fields.vocabulary import Vocabulary
from articles.importing.pipeline import make_draft
from articles.importing.readers import MAX_BYTES
from articles.intake.import_loop import TOGETHER
from articles.management.commands import starter
from articles.models import Article, ImportRun, Source

from ..support.places import ROOT, SEEDS
from ..support.timing import soon

READ_AHEAD = 2 * batch._AHEAD
"""Files that two workers have been given before the first of them is stored."""


def essay(number: int) -> str:
    lines = [
        f"第{number}点：工会要到第{number}个班组去，听职工说话，替他们办事。" for _ in range(3)
    ]
    return "\n".join([f"替职工办事的第{number}点", *(f"{n}{line}" for n, line in enumerate(lines))])


def run(*arguments, **options) -> tuple[int, str, str]:
    """Return the exit code and what the command wrote to its two streams."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_essays", *map(str, arguments), stdout=out, stderr=err, **options)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def report_of(tmp_path, *arguments) -> dict:
    run(*arguments, "--report", tmp_path / "r.json")
    return json.loads((tmp_path / "r.json").read_text("utf-8"))


def children(pid: int) -> list[int]:
    """Return the numbers of the processes a process has started."""
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Tell whether a process still works: one that has ended may stand there until it is asked."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


@cache
def _drafted(raw: bytes, name: str, encoding: str | None, terms: tuple):
    return make_draft(raw, name, encoding=encoding, vocabulary=Vocabulary(dict(terms)))


@pytest.fixture(autouse=True)
def drafted_once(monkeypatch):
    """Draft each of the starter essays once, though one test after the other imports them; where
    the import is a process of its own, so are its workers."""

    def draft(raw, name, *, kept_lines, **how):
        if kept_lines or len(raw) > 50_000:
            return make_draft(raw, name, kept_lines=kept_lines, **how)
        encoding, vocabulary = how["encoding"], how["vocabulary"]
        return deepcopy(_drafted(raw, name, encoding, tuple(vocabulary.terms.items())))

    class Here:
        def __init__(self, how):
            self._how = how

        def draft(self, raw, name):
            return workers._drafted(raw, name, self._how)

        def end(self):
            pass

    monkeypatch.setattr(workers, "make_draft", draft)
    monkeypatch.setattr(batch, "Worker", Here)


@pytest.mark.django_db
class TestImporting:
    def test_the_starter_essays_once_and_again(self):
        code, out, _ = run(SEEDS, "--publish")
        assert (code, "30 created" in out) == (0, True)
        assert Article.objects.published().count() == 28
        before = list(Article.objects.values_list("pk", "modified_at"))
        code, out, _ = run(SEEDS, "--publish")
        assert (code, "30 unchanged" in out, "0 created" in out) == (0, True, True)
        assert list(Article.objects.values_list("pk", "modified_at")) == before

    def test_the_report_says_what_was_done(self, tmp_path):
        report = report_of(tmp_path, SEEDS)
        assert (report["version"], report["dry_run"]) == (1, False)
        assert report["totals"] == {
            "files": 30, "created": 30, "updated": 0, "unchanged": 0, "duplicate": 0, "failed": 0,
        }  # fmt: skip
        for entry in report["files"]:
            if entry["path"].endswith(".txt"):  # of other formats the text is not the bytes
                source = (SEEDS / entry["path"]).read_bytes().decode(entry["encoding"])
                edits = [Edit(**edit) for edit in entry["edits"]]
                clean = apply(source, edits)
                assert entry["title"] in clean
                assert all(block["text"] in clean for block in entry["body"])
            assert entry["article"]["url"].startswith(f"/{entry['script'].lower()}/articles/")
            assert entry["error"] is entry["duplicate_of"] is None
        own = next(e for e in report["files"] if e["path"].startswith("02-"))
        assert own["date"] == "2021-11-05"  # the site put it up nine months later
        assert {flag["kind"] for flag in own["flags"]}.isdisjoint({"upload-date", "missing-date"})

    def test_a_report_on_standard_output_is_all_there_is_on_it(self, capsys):
        run(SEEDS / "01-where-the-union-stands.txt", "--report", "-")
        assert json.loads(capsys.readouterr().out)["totals"]["created"] == 1

    def test_a_dry_run_counts_the_same_and_keeps_nothing(self, tmp_path):
        dry = report_of(tmp_path, SEEDS, "--dry-run")
        assert Article.objects.count() == ImportRun.objects.count() == 0
        assert {entry["article"] for entry in dry["files"]} == {None}
        real = report_of(tmp_path, SEEDS)
        assert dry["totals"] == real["totals"]
        assert dry["dry_run"]

    @pytest.mark.same_on_both
    def test_two_processes_give_what_one_gives(self, tmp_path):
        one = report_of(tmp_path, SEEDS, "--dry-run")
        two = report_of(tmp_path, SEEDS, "--dry-run", "--jobs", "2")
        assert one["files"] == two["files"]

    def test_one_bad_file_among_ten_costs_the_others_nothing(self, essays):
        files = {f"{n}.txt": essay(n) for n in range(9)}
        code, out, err = run(essays(files | {"bad.txt": bytes(range(256)) * 20}))
        assert code == 3
        assert Article.objects.count() == 9
        assert "bad.txt: The file is not text" in err
        assert "9 created" in out

    @pytest.mark.parametrize(
        ("content", "word"),
        [(b"", "empty"), (os.urandom(5000), "not text"), (b"\xff\xfe\x00", "")],
        ids=["empty", "random", "cut"],
    )
    def test_files_that_are_no_essay_are_rejected_with_a_reason(self, essays, content, word):
        code, _, err = run(essays({"a.txt": content}) / "a.txt")
        assert code == 3
        assert word in err
        assert Article.objects.count() == 0

    def test_a_missing_path_imports_nothing(self, essays, tmp_path):
        code, _, err = run(essays({"a.txt": essay(1)}), tmp_path / "nowhere")
        assert code == 1
        assert "nowhere" in err
        assert Article.objects.count() == 0

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is full")
    def test_a_report_the_disk_has_no_room_for_is_given_up(self, essays, tmp_path, monkeypatch):
        def on_full_disk(prefix, dir):
            (tmp_path / f"{prefix}half").write_text("")
            return os.open("/dev/full", os.O_WRONLY), str(tmp_path / f"{prefix}half")

        folder = essays({f"{n}.txt": essay(n) for n in range(3)})
        monkeypatch.setattr("articles.intake.import_report.tempfile.mkstemp", on_full_disk)
        code, out, err = run(folder, "--report", tmp_path / "r.json")
        assert code == 3
        assert "report cannot be written: No space left" in err
        assert "3 files" in out
        assert [path.name for path in tmp_path.iterdir()] == ["essays"]
        monkeypatch.undo()
        totals = report_of(tmp_path, folder)["totals"]
        assert totals["unchanged"] == 3

    def test_a_report_that_cannot_be_written_imports_nothing(self, essays, tmp_path):
        code, _, err = run(essays({"a.txt": essay(1)}), "--report", tmp_path / "missing" / "r.json")
        assert (code, "cannot be written" in err) == (1, True)
        assert Article.objects.count() == 0

    @pytest.mark.same_on_both
    @pytest.mark.parametrize(
        "arguments", [[], ["seeds", "--jobs", "0"], ["seeds", "--on-conflict", "eat"]]
    )
    def test_wrong_usage_is_told_apart(self, arguments, capsys):
        with pytest.raises(SystemExit) as stopped:
            execute_from_command_line(["manage.py", "import_essays", *arguments])
        assert stopped.value.code == 2
        assert "usage:" in capsys.readouterr().err

    @pytest.mark.same_on_both
    def test_a_database_that_was_not_migrated_is_said_so(self, essays, tmp_path):
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", "import_essays", essays({"a.txt": essay(1)})],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "migrate" in done.stderr

    def test_twins_are_named_with_their_article(self, essays, tmp_path):
        folder = essays({"1.txt": essay(1), "2.txt": essay(1).encode("gb18030")})
        report = report_of(tmp_path, folder)
        first, second = report["files"]
        assert second["outcome"] == "duplicate"
        assert second["duplicate_of"] == first["article"]["id"]
        assert second["article"] is None

    def test_a_changed_file(self, essays):
        folder = essays({"a.txt": essay(1)})
        run(folder)
        essays({"a.txt": essay(2)})
        assert "1 unchanged" in run(folder)[1]
        code, _, err = run(folder, "--on-conflict", "fail")
        assert (code, "has changed" in err) == (3, True)
        assert "1 updated" in run(folder, "--on-conflict", "update")[1]
        assert "第2点" in Article.objects.get().title

    def test_tags_limit_and_fail_fast(self, essays):
        folder = essays({"0.txt": essay(0), "1.txt": b"", "2.txt": essay(2), "3.txt": essay(3)})
        assert run(folder, "--fail-fast")[0] == 3
        assert Article.objects.count() == 1
        run(folder, "--limit", "3", "--tag", "讀本", "--tag", "職代會")
        assert Article.objects.count() == 2
        tags = {tag.name_hant for tag in Article.objects.order_by("pk").last().tags.all()}
        assert {"讀本", "職代會"} <= tags

    def test_a_forced_encoding(self, essays):
        folder = essays({"a.txt": essay(1).encode("gb18030")})
        assert run(folder, "--encoding", "utf-8")[0] == 3
        assert run(folder, "--encoding", "gb18030")[0] == 0

    def test_a_run_is_on_record(self, essays):
        run(essays({"a.txt": essay(1)}), "--tag", "讀本")
        record = ImportRun.objects.get()
        assert record.totals["created"] == 1
        assert record.options["tag"] == ["讀本"]
        assert record.finished_at
        assert Source.objects.get().run == record

    def test_quiet_says_only_what_went_wrong(self, essays):
        assert run(essays({"a.txt": essay(1), "b.txt": b""}), verbosity=0)[1] == ""

    @pytest.mark.parametrize(
        "arguments", [["--tag", ""], ["--tag", "長" * 61], ["--encoding", "klingon"]]
    )
    def test_values_that_cannot_be_are_refused_before_anything_is_done(self, essays, arguments):
        with pytest.raises(CommandError):
            call_command("import_essays", str(essays({"a.txt": essay(1)})), *arguments)
        assert Article.objects.count() == 0

    def test_a_report_named_like_a_folder_imports_nothing(self, essays, tmp_path):
        code, _, err = run(essays({"a.txt": essay(1)}), "--report", tmp_path)
        assert (code, "is a folder" in err) == (1, True)
        assert Article.objects.count() == 0

    def test_an_overlong_unit_costs_the_others_nothing(self, essays):
        unit = "某某" * 60
        text = essay(2).replace("\n", f"\n作者：王芳\n单位：{unit}\n", 1)
        assert run(essays({"a.txt": essay(1), "b.txt": text, "c.txt": essay(3)}))[0] == 0
        assert Article.objects.count() == 3

    @pytest.mark.same_on_both
    def test_an_odd_page_does_not_hang_the_importer(self, essays):
        odd = {
            "spaces.txt": "題" + " " * 60_000 + "目",
            "brackets.txt": "字" + "![" * 30_000,
            "lines.txt": "好\n" * 8_000,
            "shifted.txt": "打?qū)嵎" * 5_000,
        }
        assert run(essays(odd))[0] in (0, 3)


@pytest.mark.same_on_both
@pytest.mark.django_db
class TestFilesTaken:
    def test_folders_are_walked_in_order_without_readmes_and_links(self, essays, tmp_path):
        folder = essays({"b.txt": essay(1), "a/c.txt": essay(2), "README.md": "# x", ".x.txt": "y"})
        (folder / "link.txt").symlink_to("/etc/passwd")
        report = report_of(tmp_path, folder)
        assert [entry["path"] for entry in report["files"]] == ["b.txt", "a/c.txt"]

    def test_formats_passed_over_are_counted(self, essays):
        folder = essays({"a.txt": essay(1), "b.doc": "x", "c/d.doc": "x", "e.odt": "x"})
        code, _, err = run(folder)
        assert (code, "want of a reader: .doc (2), .odt (1)" in err) == (0, True)

    def test_a_named_file_of_unknown_format_fails_with_its_reason(self, essays):
        code, _, err = run(essays({"a.exe": b"MZ"}) / "a.exe")
        assert (code, "No reader for .exe" in err) == (3, True)

    def test_a_huge_file_is_refused_unread(self, essays):
        folder = essays({"a.txt": essay(1)})
        with (folder / "huge.txt").open("wb") as huge:
            huge.truncate(100 * 1024 * 1024)
        code, _, err = run(folder)
        assert (code, "100 MB" in err) == (3, True)
        assert Article.objects.count() == 1

    def test_an_unreadable_file_costs_the_others_nothing(self, essays):
        folder = essays({"a.txt": essay(1), "b.txt": essay(2)})
        (folder / "b.txt").unlink()
        (folder / "b.txt").mkdir()  # a folder where a file was named
        assert run(folder)[0] == 0
        assert Article.objects.count() == 1

    def test_a_name_in_gbk_is_read(self, essays, tmp_path):
        folder = essays({"a.txt": essay(1)})
        (folder / "a.txt").rename(os.fsdecode(os.fsencode(folder) + "/走访.txt".encode("gb18030")))
        assert report_of(tmp_path, folder)["files"][0]["path"] == "走访.txt"
        assert Source.objects.get().file_name == "走访.txt"

    def test_files_without_extension_are_taken_only_when_named(self, essays):
        folder = essays({"LICENSE": essay(1)})
        assert run(folder)[0] == 0
        assert Article.objects.count() == 0
        run(folder / "LICENSE")
        assert Article.objects.count() == 1

    def test_an_archive_of_an_unknown_kind_says_so(self, tmp_path):
        path = self.zip_of(tmp_path / "a.zip", {"b.txt": essay(1)})
        raw = bytearray(path.read_bytes())
        raw[raw.index(b"PK\x01\x02") + 6] = 99  # the version needed to extract it
        path.write_bytes(bytes(raw))
        code, _, err = run(path)
        assert (code, "a.zip" in err) == (3, True)

    def zip_of(self, path, files):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path

    def test_a_zip_is_taken_like_a_folder(self, tmp_path):
        path = self.zip_of(
            tmp_path / "a.zip",
            {"工會/一.txt": essay(1), "b.txt": essay(2), "__MACOSX/._b.txt": "x", "c.jpg": b"\xff"},
        )
        report = report_of(tmp_path, path)
        assert [e["path"] for e in report["files"]] == ["a.zip!/b.txt", "a.zip!/工會/一.txt"]
        assert report_of(tmp_path, path)["totals"]["unchanged"] == 2

    def test_a_name_that_points_out_of_the_archive_writes_nothing(self, tmp_path):
        path = self.zip_of(tmp_path / "a.zip", {"../../evil.txt": essay(1)})
        assert run(path)[0] == 0
        assert Source.objects.get().file_name == "evil.txt"
        assert not list(tmp_path.parent.glob("**/evil.txt"))

    def test_a_bomb_in_a_zip_is_refused_unread(self, tmp_path):
        path = self.zip_of(tmp_path / "a.zip", {"b.txt": b"a" * (MAX_BYTES + 1), "c.txt": essay(1)})
        assert path.stat().st_size < 100_000
        code, _, err = run(path)
        assert (code, "MB" in err) == (3, True)
        assert Article.objects.count() == 1

    def test_a_broken_archive_says_so(self, tmp_path):
        path = self.zip_of(tmp_path / "a.zip", {"b.txt": essay(1)})
        path.write_bytes(path.read_bytes()[:-30])
        code, _, err = run(path)
        assert (code, "cannot be opened" in err) == (3, True)

    def test_a_broken_member_costs_the_others_nothing(self, tmp_path):
        path = self.zip_of(tmp_path / "a.zip", {"a.txt": essay(1), "b.txt": essay(2)})
        raw = bytearray(path.read_bytes())
        raw[60] ^= 0xFF
        path.write_bytes(bytes(raw))
        assert run(path)[0] == 3
        assert Article.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.same_on_both
class TestStopped:
    """Real processes on a real file, because a kill has no mercy."""

    @pytest.fixture
    def command(self, own_database):
        env = os.environ | {"DATABASE_URL": f"sqlite:///{own_database}"}

        def start(*arguments, held_at=(), **options):
            """Start it; `held_at` a model and a count, it has stopped there when this returns."""
            manage = ["-m", "tests.support.held", *held_at] if held_at else [ROOT / "manage.py"]
            process = subprocess.Popen(
                [sys.executable, *map(str, [*manage, *arguments])],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                # What a shell starts in the background ignores it, and so would its children.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                **options,
            )
            started.append(process)
            if held_at:
                assert "held\n" in iter(process.stdout.readline, ""), process.communicate()[1]
            return process

        started = []
        yield start
        for process in started:
            process.kill()
            process.communicate()

    @pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
    def test_a_stopped_import_keeps_whole_files_and_can_be_run_again(
        self, command, essays, tmp_path, sent, code
    ):
        folder = essays({f"{n:03}.txt": essay(n) for n in range(TOGETHER + 8)})
        # Of the last eight the articles are written, and of what belongs to them nothing.
        first = command("import_essays", folder, held_at=("articles.article", TOGETHER + 7))
        first.send_signal(sent)
        first.communicate()
        assert first.returncode == code
        again = command("import_essays", folder, "--report", tmp_path / "r.json")
        again.communicate()
        totals = json.loads((tmp_path / "r.json").read_text())["totals"]
        assert again.returncode == 0
        assert (totals["created"], totals["unchanged"]) == (8, TOGETHER)
        assert not list(tmp_path.glob(".r.json*"))

    def test_workers_end_with_an_import_that_was_killed(self, command, essays):
        folder = essays({f"{n:03}.txt": essay(n) for n in range(READ_AHEAD + 8)})
        jobs = ("import_essays", folder, "--jobs", "2")
        running = command(*jobs, held_at=("articles.article", 1))
        workers = children(running.pid)
        assert len(workers) >= 2
        running.kill()
        running.communicate()
        soon(lambda: not any(map(is_alive, workers)))

    def test_a_worker_that_was_killed_is_followed_by_another(self, command, essays):
        folder = essays({f"{n:03}.txt": essay(n) for n in range(READ_AHEAD + 8)})
        jobs = ("import_essays", folder, "-v2", "--jobs", "2")
        running = command(*jobs, held_at=("articles.article", 1))
        for pid in children(running.pid):
            os.kill(pid, signal.SIGKILL)
        out, err = running.communicate()
        assert (running.returncode, err) == (0, "")
        assert f"{READ_AHEAD + 8} created" in out
        assert "0 failed" in out

    def test_two_imports_at_once_make_no_twins(self, command, essays, tmp_path):
        folder = essays({f"{n:03}.txt": essay(n) for n in range(24)})
        reports = [tmp_path / "a.json", tmp_path / "b.json"]
        running = [
            command("import_essays", folder, "--report", path, held_at=("articles.importrun", 1))
            for path in reports
        ]
        for process in running:
            process.stdin.write("\n")
            process.stdin.flush()
        errors = [process.communicate()[1] for process in running]
        assert [process.returncode for process in running] == [0, 0], errors
        totals = [json.loads(path.read_text())["totals"] for path in reports]
        assert sum(total["created"] for total in totals) == 24
        assert sum(total["unchanged"] for total in totals) == 24


@pytest.mark.django_db
@pytest.mark.same_on_both
def test_the_starter_library_took_in_the_newest_text_last(make_article):
    begun = timezone.now() - timedelta(minutes=1)
    old = make_article("舊", stated_date=date(2019, 1, 2), published_at=begun)
    new = make_article("新", stated_date=date(2024, 1, 2), published_at=begun)
    before = make_article(
        "早在", stated_date=date(2020, 1, 2), published_at=begun - timedelta(days=9)
    )
    starter.Command()._as_if_collected(begun)
    moments = dict(Article.objects.values_list("pk", "published_at"))
    assert timezone.localtime(moments[old.pk]).date() == date(2019, 2, 1)
    assert timezone.localtime(moments[new.pk]).date() == date(2024, 2, 1)
    assert moments[before.pk] == before.published_at
