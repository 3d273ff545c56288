"""What is kept comes back: backups, and exports of everything, compared byte for byte."""

import filecmp
import io
import json
import shutil
import subprocess
import zipfile
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from articles.curation import drafts, pictures, revisions
from articles.intake import decisions
from articles.models import (
    Article,
    AuthorAlias,
    Bookmark,
    Collection,
    CollectionItem,
    ImportRun,
    Look,
    PreviewLink,
    ReadCount,
    ReaderSettings,
    Reading,
    Report,
    ReviewComment,
    ReviewRequest,
    Revision,
    RunFile,
    Similarity,
    SitePage,
    Source,
    Status,
    SuppliedWords,
    Synonym,
    Tag,
)
from articles.search.engine import engine
from portal.safekeeping import archive
from portal.steps.models import Identity
from portal.whole import giving, kinds
from training import recording, sealing
from training.demo import put_in
from training.models import (
    Assigned,
    CheckPass,
    Edition,
    Member,
    PaperEntry,
    Question,
    RecordKind,
    Seen,
    Step,
    StepDone,
)
from training.models import Look as LookAtRecords

from ..admin.test_admin import EDITOR
from ..support.elsewhere import elsewhere
from ..support.places import FILES, SEEDS
from ..support.shelves import store_article
from ..support.together import together
from .test_matrix import one_of_everything

pytestmark = pytest.mark.django_db(transaction=True)

SESSION = "0123456789abcdef"


def fill(key_file: Path) -> None:
    """Put in something of every kind there is, most of it as the portal does."""
    engine().remove_strays()  # the test before this one emptied all but these
    if not Tag.objects.exists():
        import_module("articles.migrations.0002_vocabulary").load(apps, None)
    if not Group.objects.exists():  # with a permission that the emptied database has too
        editors = Group.objects.create(name=EDITOR)
        editors.permissions.add(Permission.objects.get(codename="add_article"))
    one_of_everything(store_article)
    SitePage.objects.get_or_create(key="about", defaults={"body_hant": "<p>這是一間閱覽室。</p>"})
    if not SuppliedWords.objects.exists():
        supplied = Synonym.objects.first()
        SuppliedWords.objects.create(key="a", words=supplied.words, synonym=supplied)
    call_command("import_essays", str(SEEDS), "--publish", verbosity=0)
    call_command("import_essays", str(FILES / "lost-bytes.txt"), verbosity=0)
    user = User.objects.create_user("curator", password="correct horse", is_staff=True)
    user.groups.add(Group.objects.first())
    user.user_permissions.add(Permission.objects.get(codename="change_article"))
    Identity.objects.create(user=user, issuer="https://id.example.org", subject="7")
    first, second = Article.objects.filter(status=Status.PUBLISHED).order_by("pk")[:2]
    of_article = ContentType.objects.get_for_model(Article)
    LogEntry.objects.create(
        user=user, content_type=of_article, object_id="1", object_repr="甲", action_flag=ADDITION
    )
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((600, 400)).save(drawn, "PNG")
    pictures.keep(drawn.getvalue(), "會場.png", user, alt="會場").articles.add(first)
    AuthorAlias.objects.create(author=second.byline[0], name="別名")
    collection = Collection.objects.get()
    CollectionItem.objects.create(collection=collection, article=second, note_hant="先讀")
    torn = Source.objects.filter(flag_count__gt=0).order_by("pk").first().article
    decisions.settle_open(torn, user)
    wanted = revisions.content(second, second.byline, second.tags.all()) | {
        "summary": "「改」過\x85"
    }
    drafts.keep_draft(second, wanted, user)
    now = timezone.now()
    newest = Revision.objects.filter(article=second).first()
    asked = ReviewRequest.objects.create(article=second, revision=newest, submitted_by=user)
    ReviewComment.objects.create(request=asked, quote="工會", note="這裡？", by=user)
    PreviewLink.objects.create(
        article=second, revision=newest, created_by=user, expires_at=now + timedelta(days=1)
    )
    Look.objects.create(article=first, user=user, until=now, steps=[["a", 1]])
    Similarity.objects.get_or_create(
        article=first, other=second, defaults={"jaccard": 0.1 + 0.2, "containment": 1.0}
    )
    run = ImportRun.objects.first()
    RunFile.objects.create(run=run, position=1, path="甲.txt", outcome="created", article=first)
    Source.objects.first().earlier_runs.add(run)
    binned = store_article("回收站裡的一篇")
    binned.deleted_at = now
    binned.save()
    ReadCount.objects.create(article=first, day=timezone.localdate(), reads=3)
    Bookmark.objects.create(reader=user, article=first)
    Reading.objects.create(reader=user, article=first, percent=7, read_at=now)
    ReaderSettings.objects.create(reader=user)
    Report.objects.update(note='行\u2028分\\n"引號"\t')
    store_article("又一篇").delete()  # the highest key was given, and is not given again
    trained(key_file)


def trained(key_file: Path) -> None:
    rule = put_in(SEEDS / "training.json")
    member, edition = Member.objects.first(), Edition.objects.first()
    Member.objects.filter(pk=member.pk).update(user=User.objects.get(username="curator"))
    today = timezone.localdate()
    seen = Seen(member=member, edition=edition)
    seen.add({1, 9})
    seen.save()
    PaperEntry.objects.create(member=member, edition=edition, entered_name="甲", entered_on=today)
    question = Question.objects.first()
    CheckPass.objects.create(
        member=member, edition=edition, passage=1, question=question, version=question.version
    )
    with transaction.atomic():
        made = recording.record(member, RecordKind.STEP, {"b": 1, "a": "走訪"}, by="screen")
    task = Assigned.objects.filter(rule=rule).first()
    StepDone.objects.create(assigned=task, step=Step.objects.first(), record_uid=made.uid)
    LookAtRecords.objects.create(member_uid=member.uid, by="甲", why="desk", on=today)
    assert sealing.seal(sealing.private_key(key_file))


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


_kept: dict[str, Path] = {}


@pytest.fixture
def kept(transactional_db, tmp_path_factory, settings) -> dict[str, Path]:
    """Return a backup and an export of a library with everything in it: made once."""
    if not _kept:
        place = tmp_path_factory.mktemp("kept")
        settings.SPOOL_DIR, settings.MEDIA_ROOT = place / "spool", place / "media"
        fill(place / "seal.key")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_session VALUES (%s, '', %s)", [SESSION, timezone.now()]
            )
        waiting = settings.SPOOL_DIR / "7"
        waiting.mkdir(parents=True)
        (waiting / "0001.txt").write_bytes(b"\x00waits")
        call_command("backup", str(place / "backup"), verbosity=0)
        call_command("export_library", str(place / "export"), verbosity=0)
        _kept.update(backup=place / "backup", export=place / "export", spool=waiting)
        call_command("flush", "--no-input", verbosity=0)  # whichever test is the first
    return _kept


def differences(one: Path, other: Path) -> list[str]:
    """Return the files of two folders that are not the same, byte for byte."""
    names = {
        path.relative_to(place).as_posix()
        for place in (one, other)
        for path in place.rglob("*")
        if path.is_file()
    }
    assert len(names) > 60
    _same, other_files, missing = filecmp.cmpfiles(one, other, sorted(names), shallow=False)
    return other_files + missing


def test_a_library_with_everything_is_restored_and_exported_byte_for_byte(kept, tmp_path):
    with elsewhere(tmp_path / "there") as there:
        there.do(f"restore|{kept['backup']}", f"export_library|{tmp_path / 'again'}")
        assert differences(kept["export"], tmp_path / "again") == []
        assert (tmp_path / "there/spool/7/0001.txt").read_bytes() == b"\x00waits"
        assert len(list((tmp_path / "there/media").rglob("*.webp"))) == 2
        # Words were put in since the index was made, in the library that was kept too.
        said = there.do("rebuild_search", "rebuild_search|--check", "verify_records", "doctor")
        assert "0 differences" in said
        assert "BAD" not in said
        # What is there by now is not lost unless that is said.
        refused = there.run(f"restore|{kept['backup']}")
        assert refused.returncode
        assert "Nothing was changed: the database has articles. Say --replace" in refused.stderr
        late = tmp_path / "late.txt"
        late.write_text("後來才有的一篇\n\n工會幹部要走進班組，聽職工說。\n", "utf-8")
        there.do(f"import_essays|{late}", f"restore|{kept['backup']}|--replace")
        there.do(f"export_library|{tmp_path / 'third'}")
        assert differences(kept["export"], tmp_path / "third") == []
    assert SESSION.encode() not in b"".join(
        path.read_bytes() for path in kept["backup"].iterdir() if path.is_file()
    )


def test_an_export_fills_an_empty_library_and_is_exported_as_it_was(
    kept, django_db_setup, tmp_path
):
    with elsewhere(tmp_path / "there", django_db_setup or True) as there:
        there.do(f"import_library|{kept['export']}", f"export_library|{tmp_path / 'again'}")
        assert differences(kept["export"], tmp_path / "again") == []
        said = there.do("rebuild_search|--check", "verify_records", "doctor")
        assert "0 differences" in said
        assert "BAD" not in said
        refused = there.run(f"import_library|{kept['export']}")
        assert refused.returncode
        assert "Nothing was imported. The library is not empty" in refused.stderr


def test_an_export_holds_something_of_each_kind_and_no_password(kept):
    files = json.loads((kept["export"] / "manifest.json").read_text())["files"]
    assert [name for name, told in files.items() if not told["rows"]] == []
    assert files["articles.article.jsonl"]["last_key"] > files["articles.article.jsonl"]["rows"]
    everything = "".join(path.read_text("utf-8") for path in kept["export"].glob("*.jsonl"))
    assert "md5$" not in everything
    assert '"password"' not in everything
    [text] = [
        json.loads(line)
        for line in (kept["export"] / "articles.revisiontext.jsonl").open(encoding="utf-8")
        if "「改」過" in line
    ]
    assert text["packed"]["summary"] == "「改」過\x85"


def test_a_zip_holds_the_same_as_a_folder_and_is_the_same_each_time(tmp_path):
    store_article("一篇")
    User.objects.create_user("甲", password="correct horse")
    for name in ("one.zip", "two.zip", "folder"):
        call_command("export_library", str(tmp_path / name), "--with-passwords", verbosity=0)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archived:
        archived.extractall(tmp_path / "unpacked")
    assert differences(tmp_path / "folder", tmp_path / "unpacked") == []
    assert "md5$" in (tmp_path / "folder/auth.user.jsonl").read_text()
    with pytest.raises(CommandError, match=r"one\.zip is there already"):
        call_command("export_library", str(tmp_path / "one.zip"))


def test_every_model_and_column_is_exported_or_left_out_with_a_reason():
    told = {kind.name for kind in kinds.kinds()} | kinds.left_out().keys()
    models = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert models <= told
    assert len(told & models) == len(kinds.kinds()) + sum(
        len(part.left_out) for part in kinds.parts()
    )
    for kind in kinds.kinds():
        columns = {one.name for one in kind.model._meta.concrete_fields}
        assert {*kind.left_out, *kind.secret, *kind.plain} <= columns, kind.name


BROKEN = {
    "a changed line": (lambda to: _change(to / "articles.tag.jsonl"), "not as it was written"),
    "a file less": (lambda to: (to / "articles.tag.jsonl").unlink(), "is missing"),
    "an original less": (lambda to: shutil.rmtree(to / "originals"), "is missing"),
    "another original": (
        lambda to: _change(next((to / "originals").rglob("[0-9a-f]" * 8 + "*"))),
        "not as it was written",
    ),
    "of tomorrow": (lambda to: _told(to, version=2), "has version 2"),
    "of somebody else": (lambda to: _told(to, format="x"), "is no export of a library"),
    "no manifest": (lambda to: (to / "manifest.json").unlink(), "manifest.json is missing"),
}


def _change(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _told(folder: Path, **changed) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_export_changes_nothing(kept, tmp_path, how):
    ready()
    broken = tmp_path / "broken"
    shutil.copytree(kept["export"], broken)
    spoil, said = BROKEN[how]
    spoil(broken)
    with pytest.raises(CommandError, match=f"Nothing was imported. .*{said}"):
        call_command("import_library", str(broken))
    assert not Article.objects.exists()
    assert Tag.objects.filter(name="standing").exists()


def ready() -> None:
    """Leave only what `migrate` could have put in, and one tag to know it by."""
    call_command("flush", "--no-input", verbosity=0)
    Tag(name="standing").save()


BACKUPS = {
    "a changed byte": (lambda to: _change(database_of(to)), "not as it was written"),
    "a file less": (lambda to: database_of(to).unlink(), "missing or too many"),
    "a file too many": (lambda to: (to / "x").touch(), "x is missing or too many"),
    "no manifest": (lambda to: (to / "manifest.json").unlink(), "is no backup"),
    "half a manifest": (lambda to: (to / "manifest.json").write_text("{"), "cannot be read"),
    "of tomorrow": (lambda to: _told(to, version=9), "has version 9"),
    "of a later release": (
        lambda to: _told(to, migrations=["articles.9999_later"]),
        "later release .*9999_later",
    ),
    "of another database": (lambda to: _told(to, database="oracle"), "export_library"),
}


def database_of(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.name.startswith("database"))


@pytest.mark.parametrize("how", BACKUPS)
def test_a_broken_backup_changes_nothing(kept, tmp_path, how):
    broken = tmp_path / "broken"
    shutil.copytree(kept["backup"], broken)
    spoil, said = BACKUPS[how]
    spoil(broken)
    store_article("一篇")
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(broken), "--replace")
    assert Article.objects.get().title == "一篇"


def test_a_backup_whose_insides_are_torn_leaves_the_database_as_it_is(tmp_path):
    """Its checksums agree, as it was torn before they were made."""
    store_article("一篇")
    call_command("backup", str(tmp_path / "torn"), verbosity=0)
    database = database_of(tmp_path / "torn")
    raw = database.read_bytes()
    database.write_bytes(raw[: len(raw) * 2 // 3])
    _told(tmp_path / "torn", files={database.name: archive.sum_of(database)})
    with pytest.raises(CommandError):
        call_command("restore", str(tmp_path / "torn"), "--replace")
    assert Article.objects.get().title == "一篇"
    store_article("又一篇")


def test_a_backup_takes_no_ones_place_unless_told(tmp_path):
    target = tmp_path / "backup"
    call_command("backup", str(target), verbosity=0)
    with pytest.raises(CommandError, match="is not empty: name another place"):
        call_command("backup", str(target))
    (target / "leftover").touch()
    call_command("backup", str(target), "--replace", verbosity=0)
    assert not (target / "leftover").exists()
    call_command("restore", str(target), "--check")
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "to_my_aunt").touch()
    with pytest.raises(CommandError, match="no backup: it is not replaced"):
        call_command("backup", str(letters), "--replace")
    assert {path.name for path in tmp_path.iterdir() if path.name[0] == "."} == set()


def test_a_full_disk_leaves_no_backup_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(archive, "_to_disk", full)
    with pytest.raises(CommandError, match=r"No backup was made\. No space left on device"):
        call_command("backup", str(tmp_path / "backup"))
    assert [path for path in tmp_path.iterdir() if "backup" in path.name] == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no programs")
class TestPrograms:
    def with_program(self, tmp_path, monkeypatch, says: str):
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "pg_dump"
        program.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
        program.chmod(0o700)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def test_without_them_it_says_what_to_install(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(CommandError, match=r"There is no pg_dump .* postgresql-client"):
            call_command("backup", str(tmp_path / "backup"))

    @pytest.mark.parametrize(
        "says, told",
        [
            ("pg_dump: error: aborting because of server version mismatch", "server.s version"),
            ("pg_dump: error: could not write: No space left on device", "Make room"),
        ],
    )
    def test_what_they_say_is_told_with_what_to_do(self, tmp_path, monkeypatch, says, told):
        self.with_program(tmp_path, monkeypatch, says)
        with pytest.raises(CommandError, match=told):
            call_command("backup", str(tmp_path / "backup"))
        assert not (tmp_path / "backup").exists()

    def test_a_dump_is_one_that_postgresql_itself_reads(self, tmp_path):
        call_command("backup", str(tmp_path / "backup"), verbosity=0)
        listed = subprocess.run(
            [shutil.which("pg_restore"), "--list", tmp_path / "backup/database.dump"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "articles_article" in listed.stdout


def test_others_write_while_everything_is_exported(tmp_path, monkeypatch):
    """What is written meanwhile is either all in the export or not at all."""
    store_article("一篇")
    make = giving._rows

    def rows(place, kind, with_passwords):
        told = make(place, kind, with_passwords)
        if kind.name == "articles.author":
            together(lambda: store_article("後來的一篇", authors=["後來的人"]))
        return told

    monkeypatch.setattr(giving, "_rows", rows)
    call_command("export_library", str(tmp_path / "export"), verbosity=0)
    read = {path.name: path.read_text("utf-8") for path in (tmp_path / "export").glob("*.jsonl")}
    assert "一篇" in read["articles.article.jsonl"]
    assert "後來" not in "".join(read.values())
    assert Article.objects.count() == 2
