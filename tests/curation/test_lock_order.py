"""Locks are taken in one order by whatever changes articles: then nobody locks up anybody."""

import os

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.curation import drafts, merging, reviews, revisions, unmerging
from articles.curation.bulk import choosing, work
from articles.curation.publishing import blocking_flags, from_bin, move, to_bin
from articles.importing.pipeline import make_draft
from articles.importing.repairs.byteshift import step as byteshift
from articles.intake import decisions, library
from articles.models import Article, Author, BulkRun, Revision, Source, Tag

from ..intake.test_decisions import TEXT, lost, store
from ..support.locks import is_in_order, locked_by

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite locks the database, not rows",
    ),
]


@pytest.fixture(autouse=True)
def in_doubt(monkeypatch):
    """Leave something to decide."""
    monkeypatch.setattr(byteshift, "_CERTAIN_GUESS", float("inf"))


@pytest.fixture
def curator():
    return User.objects.create_superuser("curator")


@pytest.fixture
def article(curator):
    found = store(TEXT).article
    found.set_tags([Tag.objects.named("維權")])
    return Article.objects.get(pk=found.pk)


def fresh(article):
    return Article.objects.select_related("draft__text").get(pk=article.pk)


def keep_draft(article, user):
    state = revisions.state(article.pk)
    return drafts.keep_draft(fresh(article), state | {"title": "草稿"}, user)


def confirmed(article):
    """Return the flags somebody was shown and publishes over."""
    return {flag["seen"] for flag in blocking_flags([article.pk]).get(article.pk, ())}


def published(article, user):
    move(Article.objects.filter(pk=article.pk), "published", user, over=confirmed(article))
    keep_draft(article, user)
    return revisions.version(fresh(article))


def bulk(action, value, user):
    run = choosing.ask(action, Article.objects.all(), user)
    choosing.set_parameters(run, {"value": value})
    work.start(run, of="asked")
    return run


def merged(user):
    return merging.merge(Tag.objects.named("提案"), [Tag.objects.named("維權")], user)


def others():
    found = [Author(name_hant="王芳"), Author(name_hant="李四")]
    for one in found:
        one.save()
    return found


def form(article, user):
    client = Client()
    client.force_login(user)
    page = f"/admin/articles/article/{article.pk}/change/"
    version = client.get(page).context["adminform"].form.initial["version"]
    names = "summary note review_note published_at_0 published_at_1 expires_at_0 expires_at_1"
    empty = dict.fromkeys([*names.split(), *["stated_date", "date_precision", "genre"]], "")
    one, other = others()
    sent = {
        "title": "新題", "body": "<p>新</p>", "status": "draft", "original_script": "zh-Hant",
        "source_name": "", "source_url": "", "version": version,
        "byline": [other.pk, one.pk], "tags": [Tag.objects.named("提案").pk],
    }  # fmt: skip
    return lambda: client.post(page, empty | sent)


def updating(article, user):
    draft = make_draft((TEXT + "又加了一段話。\n").encode(), "走訪.txt")
    origin = Source.objects.get(article=article).origin
    return lambda: library.store(draft, origin, "走訪.txt", on_conflict="update")


def publishing_a_draft(article, user):
    seen = published(article, user)
    return lambda: drafts.publish_draft(article, user, seen, over=confirmed(article))


def discarding_a_draft(article, user):
    seen = published(article, user)
    return lambda: drafts.discard_draft(article, user, seen)


def restoring(article, user):
    seen = published(article, user)
    first = article.revisions.last()
    return lambda: drafts.restore(article, first, user, seen, at_once=True, over=confirmed(article))


def submitting(article, user):
    move(Article.objects.filter(pk=article.pk), "in_review", user)
    return lambda: reviews.submit(article, user, "請看第二段")


def taking_out_of_the_bin(article, user):
    to_bin(Article.objects.all(), user)
    return lambda: from_bin(Article.objects.all(), user)


def signing_many(article, user):
    keys = [one.pk for one in others()]
    return lambda: bulk(BulkRun.Action.SET_AUTHORS, keys, user)


def taking_a_merge_apart(article, user):
    record = merged(user)
    return lambda: unmerging.undo(record, user)


DEEDS = {
    "saving a form": form,
    "keeping a draft": lambda article, user: lambda: keep_draft(article, user),
    "publishing a draft": publishing_a_draft,
    "discarding a draft": discarding_a_draft,
    "restoring": restoring,
    "submitting": submitting,
    "publishing": lambda article, user: (
        lambda: move(Article.objects.all(), "published", user, over=confirmed(article))
    ),
    "putting into the bin": lambda article, user: lambda: to_bin(Article.objects.all(), user),
    "taking out of the bin": taking_out_of_the_bin,
    "deleting for good": lambda article, user: lambda: Article.objects.all().delete(),
    "accepting a reading": lambda article, user: (
        lambda: decisions.accept(article, decisions.token(lost(article)), "。縣", user)
    ),
    "leaving a flag": lambda article, user: (
        lambda: decisions.settle(article, decisions.token(lost(article)), user)
    ),
    "undoing an edit": lambda article, user: (
        lambda: decisions.undo_edit(article, decisions.token(article.source.edits[0]), user)
    ),
    "tagging many": lambda article, user: (
        lambda: bulk(BulkRun.Action.ADD_TAGS, [Tag.objects.named("提案").pk], user)
    ),
    "signing many": signing_many,
    "deleting a tag": lambda article, user: lambda: Tag.objects.named("維權").delete(),
    "deleting tags": lambda article, user: (
        lambda: Tag.objects.filter(tagged__isnull=False).delete()
    ),
    "deleting a tag on record": lambda article, user: (
        lambda: merging.delete_tags(Tag.objects.filter(name_hant="維權"), user)
    ),
    "merging tags": lambda article, user: lambda: merged(user),
    "taking a merge apart": taking_a_merge_apart,
    "importing a new file": lambda article, user: (
        lambda: store(TEXT.replace("走訪", "座談").replace("劉明", "王小明"), "/imported/b.txt")
    ),
    "importing a changed file": updating,
    "saving from a shell": lambda article, user: lambda: fresh(article).save(),
    "saving with people": lambda article, user: (
        lambda: drafts.save(fresh(article), others(), [], user, Revision.Kind.SAVED)
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_locks_are_taken_in_one_order(article, curator, deed):
    act = DEEDS[deed](article, curator)
    tables = locked_by(act)
    assert tables[0] == "articles_article"
    assert is_in_order(tables), tables
