"""New files written together: the same rows as one by one, and a bad one costs only itself."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.intake import import_loop, new_articles
from articles.models import (
    Article,
    Author,
    Authorship,
    Fingerprint,
    Listing,
    Rendition,
    SearchRow,
    Similarity,
    Source,
    Tag,
    TaggedArticle,
)

from ..curation.test_near_duplicates import BODY, copy_of
from ..support.places import SEEDS
from ..support.together import TWO_WRITERS, barrier, together
from .test_dry_run import files_of
from .test_import_essays import essay

pytestmark = pytest.mark.django_db


def signed(number: int, by: str) -> str:
    return essay(number).replace("\n", f"\n{by}\n", 1)


MIXED = {
    "00.txt": signed(0, "作者：王小明"),
    "01.txt": signed(1, "作者：李大山 王小明"),
    "02.txt": signed(2, "作者：王小明\n作者单位：第一机床厂工会"),
    "03.txt": "",  # refused
    "04.txt": signed(4, "作者：王小明"),
    "05.txt": signed(5, "作者：王小明\n作者单位：第二机床厂工会"),
    "06.txt": signed(4, "作者：王小明").replace("。", "。 "),  # the text of 04
    "07.txt": f"谈谈票决\n{BODY}",
    "08.txt": f"表决\n{copy_of(BODY)}",  # much like 07
    "09.txt": signed(1, "作者：李大山 王小明"),  # the bytes of 01
    "10.txt": signed(10, "作者：钱二"),
    **{path.name: path.read_bytes() for path in sorted(SEEDS.glob("0[1-4]*.txt"))},
}


def imported(files, **options) -> list[import_loop.Result]:
    chosen = import_loop.Options(tags=("培訓", "新標籤"), **options)
    vocabulary = Tag.objects.vocabulary()
    return list(import_loop.import_files(files, None, chosen, vocabulary=vocabulary))


def rows() -> dict[str, object]:
    """Return what the library says, with names in the place of numbers."""
    name = dict(Source.objects.values_list("article", "file_name"))
    own = ("title", "slug", "summary", "body", "search_text", "status", "dated", "genre")
    shown = ("script", "title", "summary", "excerpt", "body", "outline", "source_name")
    words = ("expires", "title", "pinyin", "version")
    kept = ("origin", "sha256", "text_key", "text", "edits", "flags", "flag_count", "extracted")
    return {
        "articles": {name[a.pk]: [getattr(a, n) for n in own] for a in Article.objects.all()},
        "renditions": sorted(
            (name[r.article_id], [getattr(r, n) for n in shown]) for r in Rendition.objects.all()
        ),
        "fingerprints": sorted((f.hash, name[f.article_id]) for f in Fingerprint.objects.all()),
        "alike": sorted(
            (name[s.article_id], name[s.other_id], s.jaccard, s.containment)
            for s in Similarity.objects.all()
        ),
        "tags": sorted(
            (name[t.content_object_id], t.tag.name) for t in TaggedArticle.objects.all()
        ),
        "authors": sorted(
            (name[a.article_id], a.position, a.author.name, a.author.unit)
            for a in Authorship.objects.select_related("author")
        ),
        "words": sorted(
            (
                name[r.article_id],
                r.position < 0,
                [getattr(r, n) for n in words],
                len(r.facets.split()),
            )
            for r in SearchRow.objects.all()
        ),
        "lists": sorted(
            (name[e.article_id], e.facet[:1], str(e.dated)) for e in Listing.objects.all()
        ),
        "sources": sorted(
            (s.file_name, [getattr(s, n) for n in kept], s.written["title"], s.written["body"])
            for s in Source.objects.all()
        ),
    }


def told(results) -> list[tuple]:
    """Return what became of each file, without numbers."""
    return [
        (
            result.drafted.file.path,
            result.outcome,
            result.error,
            bool(result.note),
            result.like and Source.objects.get(article=result.like).file_name,
            [flag.kind for flag in result.stored.similar] if result.stored else [],
        )
        for result in results
    ]


class TakenBack(Exception):
    pass


def test_together_they_are_written_as_one_by_one(essays, monkeypatch):
    files = files_of(essays(MIXED))
    found = []
    for together_at_most in (1, import_loop.TOGETHER):
        monkeypatch.setattr(import_loop, "TOGETHER", together_at_most)
        with pytest.raises(TakenBack), transaction.atomic():
            results = imported(files, publish=True)
            found.append((told(results), rows()))
            raise TakenBack
    (one_by_one, alone), (at_once, some) = found
    assert at_once == one_by_one
    assert {outcome for _path, outcome, *_ in one_by_one} == {
        "created",
        "duplicate",
        "unchanged",
        "failed",
    }
    assert some == alone
    assert some["alike"]
    assert some["lists"]


@pytest.mark.parametrize("on_conflict", ["skip", "update", "fail"])
def test_known_files_among_new_ones_go_their_own_way(essays, on_conflict):
    imported(files_of(essays({"1.txt": essay(1), "2.txt": essay(2)})))
    folder = essays({"2.txt": essay(2) + "\n又添了一句。", "3.txt": essay(3), "4.txt": essay(4)})
    (folder / "1.txt").rename(folder / "moved.txt")
    (folder / "moved.txt").write_text(essay(1) + "\n又添了一句，只有这里有。", "utf-8")
    outcomes = [result.outcome for result in imported(files_of(folder), on_conflict=on_conflict)]
    assert (
        outcomes
        == {
            "skip": ["unchanged", "created", "created", "created"],
            "update": ["updated", "created", "created", "updated"],
            "fail": ["failed", "created", "created", "failed"],
        }[on_conflict]
    )


def test_one_that_the_database_refuses_costs_only_itself(essays, monkeypatch):
    read = import_loop.draft_all

    def spoilt(files, **how):
        for drafted in read(files, **how):
            if drafted.file.name == "3.txt":
                drafted.draft.script = "xx"  # a constraint of the table's
            yield drafted

    monkeypatch.setattr(import_loop, "draft_all", spoilt)
    results = imported(files_of(essays({f"{n}.txt": essay(n) for n in range(6)})))
    assert [result.outcome for result in results] == ["created"] * 3 + ["failed"] + ["created"] * 2
    assert Article.objects.count() == Source.objects.count() == SearchRow.objects.count() == 5


def test_what_fails_at_the_end_leaves_nothing_of_the_others(essays, monkeypatch):
    """As a kill would: all of them are one transaction."""

    def die(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(new_articles, "tell", die)
    with pytest.raises(KeyboardInterrupt):
        imported(files_of(essays({f"{n}.txt": signed(n, "作者：王小明") for n in range(4)})))
    assert not any(model.objects.exists() for model in (Article, Source, Author, Rendition))


def test_writing_together_takes_few_queries(essays, monkeypatch):
    files = files_of(SEEDS)[:12]
    imported(files_of(essays({"known.txt": essay(99)})))  # tags are made, words read
    taken = []
    for together_at_most in (1, import_loop.TOGETHER):
        monkeypatch.setattr(import_loop, "TOGETHER", together_at_most)
        with pytest.raises(TakenBack), transaction.atomic():
            with CaptureQueriesContext(connection) as queries:
                imported(files)
            taken.append(len(queries))
            raise TakenBack
    one_by_one, at_once = taken
    assert at_once < one_by_one / 2


@TWO_WRITERS
@pytest.mark.django_db(transaction=True)
def test_two_that_write_the_same_files_at_once_make_no_twins(essays, monkeypatch):
    """Both have looked for known files before either has written one."""
    one = files_of(essays({f"{n}.txt": signed(n, "作者：王小明 李大山") for n in range(8)}))
    other = files_of(
        essays({f"{n}.txt": signed(n, "作者：李大山 王小明") for n in range(4, 12)}, "b")
    )
    both_looked, look = barrier(2), import_loop.known_names

    def look_together(files):
        found = look(files)
        both_looked.wait()
        return found

    monkeypatch.setattr(import_loop, "known_names", look_together)
    results = together(lambda: imported(one), lambda: imported(other[::-1]))
    outcomes = [result.outcome for some in results for result in some]
    assert set(outcomes) <= {"created", "duplicate", "unchanged"}
    assert Author.objects.count() == 2
    assert outcomes.count("created") == Article.objects.count() == Source.objects.count()
