"""What happens to articles is said once, to whoever follows."""

import pytest
from django.db import transaction

from articles.curation import drafts, happenings, merging, revisions, unmerging
from articles.curation.happenings import What
from articles.curation.publishing import from_bin, move, to_bin
from articles.models import Article, Revision, Tag

from ..intake.test_decisions import TEXT, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(monkeypatch):
    """Return what is told in the transaction and, in a second list, after it."""
    monkeypatch.setattr(happenings, "_in_transaction", [])
    monkeypatch.setattr(happenings, "_after_commit", [])
    during, after = [], []
    happenings.follow(
        in_transaction=lambda what, keys: during.append((what, keys)),
        after_commit=lambda what, keys: after.append((what, keys)),
    )
    return during, after


def test_each_is_told_once(make_article, told):
    article = make_article(status="draft")
    one = Article.objects.filter(pk=article.pk)
    move(one, "published", None)
    now = one.get()
    now.summary = "摘要"
    drafts.save(now, [], [], None, Revision.Kind.SAVED)
    with revisions.recorded([article.pk], None, Revision.Kind.SAVED):
        pass  # nothing is new, and nothing is told
    move(one, "archived", None)
    to_bin(one, None)
    from_bin(one, None)
    one.delete()
    during, after = told
    words = ["published", "changed", "withdrawn", "binned", "restored", "purged"]
    assert during == after == [(What(word), [article.pk]) for word in words]


def test_what_is_rolled_back_is_not_told_afterwards(make_article, told):
    one = Article.objects.filter(pk=make_article(status="draft").pk)

    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        move(one, "published", None)
        raise Undone
    assert told[1] == []


def test_a_follower_in_the_transaction_can_keep_it_from_happening(make_article, told):
    one = Article.objects.filter(pk=make_article(status="draft").pk)

    def refuse(what, keys):
        raise ValueError(f"{keys} must not be {what}")

    happenings.follow(in_transaction=refuse)
    with pytest.raises(ValueError, match="must not be published"):
        move(one, "published", None)
    assert one.get().status == "draft"


def test_a_merge_is_told(make_article, told):
    survivor, gone = Tag(name_hant="甲標籤"), Tag(name_hant="乙標籤")
    survivor.save()
    gone.save()
    article = make_article(tags=["乙標籤"])
    told[0].clear()
    record = merging.merge(survivor, [gone], None)
    unmerging.undo(record, None)
    assert told[0] == [(What.MERGED, [article.pk])] * 2


def test_an_import_is_told_and_a_trial_is_not(told):
    stored = store(TEXT, trial=True)
    assert told == ([], [])
    stored = store(TEXT.replace("走訪", "座談"), "/imported/b.txt", publish=True)
    what = What.PUBLISHED if stored.article.status == "published" else What.CHANGED
    assert told[0] == told[1] == [(what, [stored.article.pk])]


def test_a_new_article_is_told(told):
    article = Article(title="新的", body="<p>甲</p>", status="published")
    drafts.save(article, [], [], None, Revision.Kind.PUBLISHED, new=True)
    assert told[0] == [(What.PUBLISHED, [article.pk])]
