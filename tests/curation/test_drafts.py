"""Drafts over what readers see, where somebody else is at work on the same article."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from articles.curation import drafts, reviews, revisions
from articles.curation.drafts import Overtaken
from articles.models import Article, AuditEntry, Author, Revision, Tag
from articles.models.article_queries import ArticleQuerySet
from portal import transactions

from ..portal.test_transactions import transient
from ..support.together import TWO_WRITERS, event, together, until_somebody_waits

BODY = "<p>甲段落。</p>\n<p>乙段落。</p>\n<p>丙段落。</p>"


@pytest.fixture
def curator(db):
    return User.objects.create_superuser("curator")


@pytest.fixture
def client(curator):
    client = Client()
    client.force_login(curator)
    return client


def fresh(article):
    return Article.objects.select_related("draft__text").get(pk=article.pk)


def page(article, name):
    return f"/admin/articles/article/{article.pk}/{name}/"


def draft_over(article, user, **changes):
    drafts.keep_draft(fresh(article), revisions.state(article.pk) | changes, user)
    return fresh(article)


def change_below(article, user, **changes):
    """Change the text readers see, as a decision on its import does."""
    one = fresh(article)
    with revisions.recorded([article.pk], user, Revision.Kind.DECIDED):
        for name, value in changes.items():
            setattr(one, name, value)
        one.save()


@pytest.mark.django_db(transaction=True)
@TWO_WRITERS
@pytest.mark.parametrize("deed", ["draft", "discard", "restore"])
def test_only_what_was_seen_is_done_also_while_a_colleague_is_saving(
    make_article, client, curator, deed
):
    live = make_article("讀者看的")
    seen = revisions.version(draft_over(live, curator, title="看過的草稿"))
    saved = event()

    def a_colleague_saves():
        with transaction.atomic():
            draft_over(live, curator, title="剛改的，沒有人看過")
            saved.set()
            until_somebody_waits()

    def the_curator_acts():
        saved.wait()
        more = {"number": "1", "at_once": "1"} if deed == "restore" else {}
        return client.post(page(live, deed), {"version": seen} | more).status_code

    assert together(a_colleague_saves, the_curator_acts) == [None, 302]
    now = fresh(live)
    assert (now.title, now.draft.content["title"]) == ("讀者看的", "剛改的，沒有人看過")


@pytest.mark.django_db
class TestSeen:
    def test_another_version_is_neither_published_nor_thrown_away(self, make_article, curator):
        live = make_article("讀者看的")
        seen = revisions.version(draft_over(live, curator, title="看過的"))
        draft_over(live, curator, title="沒看過的")
        first = live.revisions.last()
        for deed in (
            lambda: drafts.publish_draft(live, curator, seen),
            lambda: drafts.discard_draft(live, curator, seen),
            lambda: drafts.restore(live, first, curator, seen, at_once=True),
        ):
            with pytest.raises(Overtaken):
                deed()
        assert (fresh(live).title, fresh(live).draft.content["title"]) == ("讀者看的", "沒看過的")

    def test_an_article_deleted_meanwhile_is_told(self, make_article, curator):
        live = make_article()
        seen = revisions.version(draft_over(live, curator, title="草稿"))
        Article.objects.filter(pk=live.pk).delete()
        with pytest.raises(Overtaken):
            drafts.publish_draft(live, curator, seen)


@pytest.mark.django_db
class TestChangedBelow:
    def test_publishing_undoes_nothing_that_was_changed_below(self, make_article, client, curator):
        live = make_article("題目", body=BODY, tags=["維權"])
        draft_over(live, curator, title="新題目", body=BODY.replace("乙", "乙乙"))
        change_below(live, curator, body=BODY.replace("丙", "丙丙"))
        with revisions.recorded([live.pk], curator, Revision.Kind.SAVED):
            fresh(live).set_tags([*live.tags.all(), Tag.objects.named("提案")])
        shown = client.get(page(live, "draft")).content.decode()
        assert "丙丙" in shown
        assert "發布不會蓋掉任何一處" in shown
        client.post(page(live, "draft"), {"version": revisions.version(fresh(live))})
        now = fresh(live)
        assert now.draft is None
        assert now.title == "新題目"
        assert now.body == BODY.replace("乙", "乙乙").replace("丙", "丙丙")
        assert {str(tag) for tag in now.tags.all()} == {"維權", "提案"}

    def test_the_form_of_a_draft_has_what_was_changed_below(self, make_article, client, curator):
        live = make_article("題目", body=BODY)
        draft_over(live, curator, title="新題目")
        change_below(live, curator, summary="底下寫的摘要")
        form = client.get(page(live, "change")).context["adminform"].form
        assert (form["title"].value(), form["summary"].value()) == ("新題目", "底下寫的摘要")

    def test_one_place_changed_by_both_is_published_once_somebody_looked(
        self, make_article, client, curator
    ):
        live = make_article("題目", body=BODY)
        draft_over(live, curator, body=BODY.replace("乙", "我的乙"))
        change_below(live, curator, body=BODY.replace("乙", "他的乙"))
        seen = revisions.version(fresh(live))
        assert "在同一處都改過" in client.get(page(live, "draft")).content.decode()
        with pytest.raises(Overtaken):
            drafts.publish_draft(live, curator, seen)
        assert "在同一處都改過" in client.get(page(live, "change")).content.decode()
        working = drafts.working_copy(fresh(live))
        assert drafts.keep_draft(fresh(live), working, curator)  # looked at, and kept as it is
        drafts.publish_draft(live, curator, revisions.version(fresh(live)))
        assert fresh(live).body == BODY.replace("乙", "我的乙")

    def test_a_draft_sent_back_still_knows_what_it_began_from(self, make_article, curator):
        live = make_article("題目", body=BODY)
        editor = User.objects.create_user("editor")
        wanted = revisions.state(live.pk) | {"title": "新題目"}
        drafts.keep_draft(live, wanted, editor, in_review=True)
        change_below(live, curator, summary="底下寫的摘要")
        now = fresh(live)
        request = now.review_requests.open().get()
        reviews.send_back(now, curator, reviews.token(now, request), "再改一改")
        assert drafts.working_copy(fresh(live))["summary"] == "底下寫的摘要"
        assert drafts.working_copy(fresh(live))["title"] == "新題目"

    def test_authors_changed_by_both_are_told(self, make_article, curator):
        live = make_article("題目", authors=["劉明"])
        one, two = Author(name_hant="王芳"), Author(name_hant="李四")
        one.save()
        two.save()
        draft_over(live, curator, authors=[[one.pk, one.name, one.name_hant]])
        with revisions.recorded([live.pk], curator, Revision.Kind.SAVED):
            fresh(live).set_authors([two])
        assert drafts.with_changes_below(fresh(live)).both == ["authors"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["draft", "discard", "restore"])
def test_what_cannot_be_logged_is_not_done(make_article, client, curator, monkeypatch, deed):
    live = make_article("讀者看的")
    now = draft_over(live, curator, title="草稿")

    def broken(*_args, **_more):
        raise ConnectionError("the log is out of reach")

    monkeypatch.setattr(drafts, "audit", broken)
    more = {"number": "1", "at_once": "1"} if deed == "restore" else {}
    with pytest.raises(ConnectionError):
        client.post(page(live, deed), {"version": revisions.version(now)} | more)
    assert fresh(live).title == "讀者看的"
    assert fresh(live).draft.content["title"] == "草稿"
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["draft", "discard", "restore", "review", "preview", "delete"])
def test_what_is_sent_to_a_page_is_done_again_after_a_transient_error(
    client, curator, make_article, monkeypatch, name
):
    """A deadlock, or a database that somebody else held for too long, is no error of who sends."""
    monkeypatch.setattr(transactions, "_PAUSE", 0)
    article = make_article("甲", body=BODY, status="in_review" if name == "review" else "published")
    sent = {"action": "bin", "days": "7", "do": "make-link", "number": "1"}
    if name == "review":
        reviews.ReviewRequest.objects.follow([article.pk], curator)
        sent |= {"do": "reject", "reason": "再改"}
        request = article.review_requests.get()
        sent["token"] = reviews.token(fresh(article), request)
    else:
        draft_over(article, curator, title="草稿")
    sent["version"] = revisions.version(fresh(article))
    lock, failed = ArticleQuerySet.lock, []

    def failing_once(rows):
        if not failed:
            failed.append(True)
            raise transient()
        return lock(rows)

    before = AuditEntry.objects.count()
    monkeypatch.setattr(ArticleQuerySet, "lock", failing_once)
    assert client.post(page(article, name), sent).status_code == 302
    assert failed and AuditEntry.objects.count() == before + 1
