"""What a storm looks for, it finds: each thing that must not be is named."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from articles.curation import drafts, revisions
from articles.curation.audit import audit
from articles.curation.bulk import choosing, work
from articles.intake import decisions
from articles.models import Article, AuditEntry, Listing, Source
from benchmarks.storm_damage import what_does_not_hold
from benchmarks.storm_people import Person, essay

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(tmp_path, django_capture_on_commit_callbacks) -> list[Article]:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(essay(number), "utf-8")
    curator = User.objects.create_superuser("curator 0")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("import_essays", str(tmp_path), verbosity=0)
        found = list(Article.objects.order_by("pk"))
        run = choosing.ask("publish", Article.objects.filter(pk=found[0].pk), curator)
        choosing.let_over(run, True)
        work.start(run, of="asked")
        flag = next(one for one in found[1].source.flags if one["end"])
        decisions.accept(found[1], decisions.token(flag), "。縣", curator)
        drafts.keep_draft(
            found[0], revisions.state(found[0].pk) | {"title": "草稿"}, curator, base=1
        )
    return found


def _text(one, two, _three):
    Article.objects.filter(pk=one.pk).update(title="無人寫過")


def _index(one, two, _three):
    Listing.objects.filter(article=one).delete()


def _status(one, two, _three):
    audit(None, "unpublish", one)


def _deed(one, two, _three):
    entry = AuditEntry.objects.exclude(bulk_runs=None).get()
    entry.ids = [two.pk]
    entry.save()


def _flag(one, two, _three):
    source = Source.objects.get(article=two)
    source.edits = [edit for edit in source.edits if edit["after"] != "。縣"]
    source.save()


DAMAGE = {
    "is not what its last revision says": _text,
    "other lists": _index,
    "and the log says draft": _status,
    "names other articles than it changed": _deed,
    "what settled a flag is not there": _flag,
}


def test_nothing_is_found_where_all_holds(library):
    assert Article.objects.get(pk=library[0].pk).draft_id  # over a text that readers see
    assert what_does_not_hold() == []


@pytest.mark.parametrize("told", DAMAGE)
def test_what_does_not_hold_is_named(library, told):
    DAMAGE[told](*library)
    assert any(told in line for line in what_does_not_hold())


def test_a_person_does_more_than_twenty_things():
    assert len({one.__name__ for one in Person.OPERATIONS}) >= 20
