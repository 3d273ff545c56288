"""Which file is which: moved, renamed, in an archive of another name, and gone."""

import shutil
import zipfile

import pytest
from django.utils import translation

from articles.admin.findings import reason
from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, ImportRun, Source
from articles.text import script

from .test_import_essays import essay, report_of, run
from .test_library import TEXT

pytestmark = pytest.mark.django_db

OLD = essay(1)
LATER = OLD.replace("听职工说话", "听完职工说的话", 1)


def outcomes(report) -> list[str]:
    return [file["outcome"] for file in report["files"]]


def archive(place, files) -> None:
    with zipfile.ZipFile(place, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)


def the_folder(place):
    (place / "old").rename(place / "new")
    return place / "new" / "a" / "1.txt"


def the_file(place):
    (place / "new").mkdir()
    shutil.move(place / "old" / "a" / "1.txt", place / "new" / "b.txt")
    return place / "new" / "b.txt"


class TestOnDisk:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "old" / "a").mkdir(parents=True)
        (tmp_path / "old" / "a" / "1.txt").write_text(OLD)
        (tmp_path / "old" / "2.txt").write_text(essay(2))
        run(tmp_path / "old")
        return tmp_path

    @pytest.mark.parametrize("move", [the_folder, the_file])
    @pytest.mark.parametrize("at_once", [True, False])
    def test_what_was_moved_is_updated_still(self, folder, tmp_path, move, at_once):
        file = move(folder)
        if not at_once:
            report = report_of(tmp_path, folder / "new")
            assert set(outcomes(report)) == {"unchanged"}
            assert "moved or renamed, it was" in report["files"][0]["note"]
        file.write_text(LATER)
        report = report_of(tmp_path, folder / "new", "--on-conflict", "update")
        (told,) = [one for one in report["files"] if one["outcome"] == "updated"]
        assert ("moved or renamed" in told["note"]) == at_once
        assert Article.objects.count() == 2
        assert "听完职工说的话" in Article.objects.get(source__origin=str(file)).body
        assert "updated" not in outcomes(report_of(tmp_path, folder / "new"))

    def test_without_the_option_it_is_no_second_article_in_silence(self, folder, tmp_path):
        article = Article.objects.get(source__origin__endswith="/a/1.txt")
        the_folder(folder).write_text(LATER)
        for more in (["--dry-run"], []):
            told = report_of(tmp_path, folder / "new", *more)["files"]
            (new,) = [one for one in told if one["outcome"] == "created"]
            assert f"perhaps the changed file of article {article.pk}" in new["note"]
            assert "near-duplicate" in {flag["kind"] for flag in new["flags"]}

    def test_told_to_fail_on_a_changed_file_it_does_where_that_was_moved(self, folder, tmp_path):
        the_folder(folder).write_text(LATER)
        report = report_of(tmp_path, folder / "new", "--on-conflict", "fail")
        assert sorted(outcomes(report)) == ["failed", "unchanged"]
        assert Article.objects.count() == 2

    def test_a_dry_run_tells_the_same(self, folder, tmp_path):
        the_folder(folder).write_text(LATER)
        report = report_of(tmp_path, folder / "new", "--on-conflict", "update", "--dry-run")
        assert sorted(outcomes(report)) == ["unchanged", "updated"]
        assert not Source.objects.filter(origin__contains="/new/").exists()

    def test_a_copy_is_an_article_of_its_own(self, folder, tmp_path):
        (folder / "copy").mkdir()
        (folder / "copy" / "1.txt").write_text(LATER)
        report = report_of(tmp_path, folder / "copy", "--on-conflict", "update")
        assert outcomes(report) == ["created"]

    def test_another_essay_of_the_same_name_is_another(self, folder, tmp_path):
        (folder / "old").rename(folder / "gone")
        (folder / "new").mkdir()
        (folder / "new" / "1.txt").write_text("夜班的灯\n" + "灯亮到天明，工友把活干完了才走。" * 9)
        report = report_of(tmp_path, folder / "new", "--on-conflict", "update")
        assert outcomes(report) == ["created"]

    def test_what_is_gone_is_told_and_stays(self, folder, tmp_path):
        file = folder / "old" / "a" / "1.txt"
        article = Article.objects.get(source__origin=str(file))
        file.unlink()
        report = report_of(tmp_path, folder / "old")
        assert report["gone"] == [{"path": str(file), "article": article.pk}]
        assert f"{file}: gone" in run(folder / "old")[1]
        assert Article.objects.filter(pk=article.pk, deleted_at=None).exists()

    def test_what_was_moved_within_a_folder_is_not_gone(self, folder, tmp_path):
        (folder / "old" / "a").rename(folder / "old" / "b")
        for more in (["--dry-run"], []):
            assert report_of(tmp_path, folder / "old", *more)["gone"] == []

    def test_an_archive_that_cannot_be_read_has_lost_nothing(self, tmp_path):
        archive(tmp_path / "a.zip", {"1.txt": OLD})
        run(tmp_path / "a.zip")
        (tmp_path / "a.zip").write_bytes(b"PK broken")
        assert report_of(tmp_path, tmp_path / "a.zip")["gone"] == []


def keep(text, origin, **options) -> library.Stored:
    return library.store(make_draft(text.encode(), "a.txt"), origin, "a.txt", **options)


class TestUploaded:
    """Of what was uploaded only its name is known."""

    @pytest.mark.parametrize("text", [OLD, TEXT], ids=["long", "short"])
    def test_a_corrected_archive_of_another_name_replaces(self, text):
        first, second = ImportRun.objects.create(), ImportRun.objects.create()
        article = keep(text, "upload:/稿.zip!/a.txt", run=first).article
        later = text.replace("听", "听完", 1)
        stored = keep(later, "upload:/改.zip!/a.txt", run=second, on_conflict="update")
        assert (stored.outcome, stored.article) == ("updated", article)
        assert "moved or renamed, it was 稿.zip!/a.txt" in stored.note
        assert Source.objects.get().origin == "upload:/改.zip!/a.txt"

    @pytest.mark.parametrize("how", [library.NEW, library.SKIP])
    def test_unless_asked_it_is_an_article_of_its_own(self, how):
        keep(OLD, "upload:/稿.zip!/a.txt", run=ImportRun.objects.create())
        stored = keep(LATER, "upload:/改.zip!/a.txt", on_conflict=how)
        assert stored.outcome == "created"

    def test_two_files_of_one_import_are_two(self):
        both = ImportRun.objects.create()
        keep(OLD, "upload:/甲.zip!/a.txt", run=both)
        stored = keep(LATER, "upload:/乙.zip!/a.txt", run=both, on_conflict="update")
        assert stored.outcome == "created"

    def test_where_it_may_be_either_of_two_it_is_neither(self):
        for name in ("甲", "乙"):
            text = OLD.replace("替他们办事", f"替他们办{name}事", 1)
            keep(text, f"upload:/{name}.zip!/a.txt", run=ImportRun.objects.create())
        assert keep(LATER, "upload:/丙.zip!/a.txt", on_conflict="update").outcome == "created"


class TestCopies:
    """The same text again, in one import or under another name."""

    def test_one_in_the_same_import_names_the_other_file(self):
        both = ImportRun.objects.create()
        keep(OLD, "upload:/稿.zip!/甲.txt", run=both)
        stored = keep(OLD, "upload:/稿.zip!/乙.txt", run=both)
        assert stored.note == "the same text as 稿.zip!/甲.txt, earlier in this import"
        again = keep(OLD, "upload:/稿.zip!/乙.txt", run=ImportRun.objects.create())
        assert again.note == ""

    def test_another_title_and_author_are_told(self):
        keep(OLD, "upload:/甲.txt")
        other = OLD.replace("替职工办事的第1点", "班组里的一天\n作者：江北、王芳")
        stored = keep(other, "upload:/乙.txt")
        assert stored.note == "called 《班组里的一天》 by 江北、王芳 in this file"
        with translation.override("zh-hant"):
            told = reason(f"the same text as 甲.txt, earlier in this import; {stored.note}")
        assert all(part in told for part in ("甲.txt", "《班组里的一天》", "作者：江北、王芳"))

    def test_the_same_names_in_the_other_script_are_not(self):
        keep(OLD.replace("1点", "1点\n作者：刘明"), "upload:/甲.txt")
        other = script.convert(OLD.replace("1点", "1点\n作者：刘明"), script.HANT)
        assert keep(other, "upload:/乙.txt").note == ""
