"""A dry run: says what an import would do, keeps nothing, and keeps nobody waiting."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from articles.importing.files import collect
from articles.intake import import_loop, library
from articles.models import Article, Author, Fingerprint, ImportRun, Source, Tag

from ..curation.test_near_duplicates import BODY, OTHER, copy_of
from ..support.damage import to_traditional
from ..support.together import barrier, event, together
from .test_import_essays import essay

ON_POSTGRES = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
)


def files_of(folder: Path) -> list:
    return list(collect([folder], lambda path, why: None))


def run_of(files, *, dry_run=True, **options):
    return import_loop.import_files(
        files,
        None,
        import_loop.Options(**options),
        vocabulary=Tag.objects.vocabulary(),
        dry_run=dry_run,
    )


def told(results) -> list[tuple]:
    """Return what a curator reads of each file, without numbers of articles."""
    return [
        (
            result.drafted.file.path,
            result.outcome,
            "" if result.note.startswith("the same text") else result.note,
            result.error.partition("article")[0],
            sorted(result.stored.article.source.flag_kinds.items())
            if result.outcome in ("created", "updated")
            else [],
            sorted(tag.name for tag in result.stored.article.tags.all()) if result.stored else [],
        )
        for result in results
    ]


def zip_of(*members: tuple[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def short(number: int) -> str:
    """Return an essay of too few letters to have near duplicates."""
    return f"短文\n工會第{number}次到班組去。"


LIKE = {
    f"{n:02}.txt": f"谈谈第{n}次票决\n{BODY}第{'一二三四五六七八九十百千万'[n]}次转载。\n"
    for n in range(13)
}


@pytest.mark.django_db
class TestTheSameAsTheImport:
    """Each case: the library before, then the files of one run, of which later ones meet earlier."""

    @pytest.mark.parametrize(
        ("before", "files", "outcomes"),
        [
            ({}, {"a.txt": essay(1), "b.txt": essay(1), "c.txt": essay(1).encode("gb18030"), "d.txt": essay(2)}, "created unchanged duplicate created"),
            ({}, {"a.txt": f"谈谈票决\n{BODY}", "b.txt": f"表决\n{copy_of(BODY)}", "c.txt": f"安全\n{OTHER}"}, "created created created"),
            ({}, LIKE, "created " * 13),
            ({"00.txt": LIKE["00.txt"], "01.txt": LIKE["01.txt"]}, LIKE, "unchanged unchanged" + " created" * 11),
            ({"a.txt": short(1), "b.txt": short(2)}, {"a.txt": short(3), "b.txt": short(1)}, "updated updated"),
            ({"a.txt": short(1), "b.txt": short(2)}, {"a.txt": short(3), "c.txt": short(1), "d.txt": short(3)}, "updated created unchanged"),
            ({"a.txt": essay(1)}, {"a.txt": f"票决\n{BODY}", "b.txt": f"表决\n{copy_of(BODY)}"}, "updated created"),
            ({"a.txt": f"票决\n{BODY}"}, {"a.txt": f"安全\n{OTHER}", "b.txt": f"表决\n{copy_of(BODY)}"}, "updated created"),
            ({"a.txt": f"票决\n{BODY}", "b.txt": f"表决\n{copy_of(BODY)}"}, {"a.txt": f"安全\n{OTHER}", "b.txt": f"表决\n{copy_of(BODY)}又。"}, "updated updated"),
            ({}, {"a.zip": zip_of(("a.txt", essay(1)), ("a.txt", essay(2)), ("b.txt", essay(1)), ("c.txt", essay(2)))}, "created failed unchanged created"),
            ({}, {"a.txt": essay(1), "b.txt": b"", "c.txt": to_traditional(essay(1))}, "created failed duplicate"),
        ],
        ids=[
            "the same text again", "near duplicates among themselves", "very many near duplicates", "near duplicates of both",
            "the place of another", "a text that was updated away", "an update that becomes a near duplicate",
            "an update that is one no more", "an update of one that is one no more", "one name twice", "a file that fails",
        ],
    )  # fmt: skip
    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_outcomes_flags_and_tags(self, essays, before, files, outcomes):
        if before:
            list(run_of(files_of(essays(before)), dry_run=False))
        folder = essays(files, "essays") if not before else self.anew(essays, files)
        standing = [model.objects.count() for model in (Article, Source, Fingerprint, Author, Tag)]
        options = {"on_conflict": "update", "tags": ("新來的標籤", "職代會")}
        foretold = told(run_of(files_of(folder), **options))
        assert standing == [
            model.objects.count() for model in (Article, Source, Fingerprint, Author, Tag)
        ]
        assert foretold == told(run_of(files_of(folder), dry_run=False, **options))
        assert [outcome for _, outcome, *_ in foretold] == outcomes.split()

    def anew(self, essays, files):
        """Write the files to where those before lay."""
        folder = essays({})
        for path in folder.iterdir():
            path.unlink()
        return essays(files)

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    @pytest.mark.parametrize("on_conflict", ["skip", "fail", library.NEW])
    def test_one_name_twice_in_one_run(self, essays, on_conflict):
        packed = zip_of(
            *((name, essay(n)) for n, name in enumerate(("a.txt", "a.txt", "a.txt", "b.txt")))
        )
        folder = essays({"a.zip": packed})
        foretold = told(run_of(files_of(folder), on_conflict=on_conflict))
        assert foretold == told(run_of(files_of(folder), dry_run=False, on_conflict=on_conflict))
        assert [outcome for _, outcome, *_ in foretold] == [
            "created",
            "failed",
            "failed",
            "created",
        ]

    def test_what_is_told_of_a_text_that_comes_twice(self, essays, tmp_path, capsys):
        """The article it would be is not there: its number would be that of another some day."""
        folder = essays({"a.txt": essay(1), "b.txt": essay(1).encode("gb18030")})
        report = tmp_path / "r.json"
        call_command("import_essays", str(folder), dry_run=True, report=str(report))
        _, second = json.loads(report.read_text())["files"]
        assert (second["duplicate_of"], second["article"]) == (None, None)
        assert "a.txt" in second["note"]
        assert "b.txt: duplicate (the same text as a.txt" in capsys.readouterr().out

    def test_a_text_that_somebody_else_brings_meanwhile(self, essays):
        folder = essays({f"{n}.txt": essay(n) for n in range(3)} | {"3.txt": essay(0)})
        results = run_of(files_of(folder))
        outcomes = [next(results).outcome]
        library_has = essays({"x.txt": essay(1), "y.txt": essay(0).encode("gb18030")}, "others")
        list(run_of(files_of(library_has), dry_run=False))
        outcomes += [result.outcome for result in results]
        assert outcomes == ["created", "unchanged", "created", "duplicate"]


@pytest.mark.django_db(transaction=True)
class TestNobodyWaits:
    def test_another_writes_between_two_files(self, essays):
        """The very rows that the dry run tries, and any other on SQLite."""
        text = essay(1).replace("\n", "\n作者：王小明\n", 1)
        folder = essays({"a.txt": text, "b.txt": essay(2)})
        between, written = event(), event()

        def check():
            outcomes = []
            for result in run_of(files_of(folder)):
                outcomes.append(result.outcome)
                between.set()
                assert not connection.in_atomic_block
                written.wait()
            return outcomes

        def write():
            between.wait()
            Author(name_hant="王小明").save()
            User.objects.create_user("reader")
            written.set()

        assert together(check, write)[0] == ["created", "created"]
        assert Author.objects.get().articles.count() == 0

    @ON_POSTGRES
    def test_two_curators_check_the_same_files_at_once(self, essays):
        """In the other order: each has tried what the other tries next."""
        files = files_of(essays({f"{n}.txt": essay(n) for n in range(4)}))
        tried = barrier(2)

        def check(some):
            def work():
                results = run_of(some)
                outcomes = [next(results).outcome]
                tried.wait()
                return outcomes + [result.outcome for result in results]

            return work

        assert together(check(files), check(files[::-1])) == [["created"] * 4] * 2
        assert not Article.objects.exists()
        assert not ImportRun.objects.exists()
