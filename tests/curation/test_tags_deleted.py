"""A tag that is deleted at the desk: what its articles, and who works on them, are told of it."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.curation import drafts, revisions
from articles.curation.bulk import choosing, work
from articles.models import Article, AuditEntry, Revision, Tag
from articles.search.rebuild import differences

from ..admin.test_admin import LIST, form_of

pytestmark = pytest.mark.django_db
TAGS = "/admin/articles/tag/"


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def client(boss):
    client = Client(headers={"accept-language": "zh-TW"})
    client.force_login(boss)
    return client


@pytest.fixture(params=["one", "many"])
def delete(request, client):
    """Delete a tag on its own page, or by the action of the list."""

    def act(tag: Tag) -> None:
        sent = {"post": "yes", "action": "delete_selected", "_selected_action": [tag.pk]}
        client.post(TAGS if request.param == "many" else f"{TAGS}{tag.pk}/delete/", sent)
        assert not Tag.objects.filter(pk=tag.pk).exists()

    return act


def names(article) -> set[str]:
    return {tag.name_hant for tag in article.tags.all()}


def test_each_article_that_loses_it_says_so(delete, make_article, boss):
    writer = User.objects.create_user("writer")
    lost = [make_article(f"第{n}篇", tags=["維權", "提案"], modified_by=writer) for n in range(2)]
    other = make_article(tags=["提案"])
    before = dict(Article.objects.values_list("pk", "modified_at"))
    delete(Tag.objects.named("維權"))
    for article in Article.objects.filter(pk__in=[one.pk for one in lost]):
        newest, first = article.revisions.all()
        assert (newest.note, newest.created_by) == ("刪除：維權", boss)
        assert first.kind == Revision.Kind.BEFORE
        assert [name for _key, _name, name in first.content["tags"]] == ["維權", "提案"]
        assert revisions.same(newest.content, revisions.state(article.pk))
        assert article.modified_at == before[article.pk]
        assert article.modified_by == writer
        assert names(article) == {"提案"}
    other = Article.objects.get(pk=other.pk)
    assert (other.modified_at, other.revisions.count()) == (before[other.pk], 0)
    assert AuditEntry.objects.get().after == {}
    assert differences() == []


def test_a_draft_begun_before_does_not_bring_it_back_nor_stand_in_the_way(
    delete, make_article, boss
):
    article = make_article(tags=["維權", "提案"])
    drafts.keep_draft(article, revisions.state(article.pk) | {"title": "改過的題目"}, boss)
    delete(Tag.objects.named("維權"))
    seen = revisions.version(Article.objects.select_related("draft").get(pk=article.pk))
    assert drafts.publish_draft(article, boss, seen) == []
    article = Article.objects.get(pk=article.pk)
    assert (article.title, names(article)) == ("改過的題目", {"提案"})


def test_a_form_opened_before_loses_nothing_else(delete, client, make_article):
    article = make_article(tags=["維權", "提案"], status="draft")
    sent = form_of(article, title="打了很久的題目", body="<p>打了很久的一段話。</p>")
    delete(Tag.objects.named("維權"))
    address = f"{LIST}{article.pk}/change/"
    answer = client.post(address, sent)
    assert answer.status_code == 200
    for typed in ("打了很久的題目", "打了很久的一段話"):
        assert typed in answer.content.decode()
    form = answer.context["adminform"].form
    shown = re.search(r'<select name="tags".*?</select>', str(form["tags"]), re.DOTALL)[0]
    chosen = re.findall(r'<option value="(\d+)" selected', shown)
    assert chosen == [str(Tag.objects.named("提案").pk)]
    again = sent | {"version": form.initial["version"], "tags": chosen}
    assert client.post(address, again).status_code == 302
    article = Article.objects.get(pk=article.pk)
    assert (article.title, names(article)) == ("打了很久的題目", {"提案"})


def test_a_bulk_run_asked_for_before_goes_on(delete, make_article, boss):
    article = make_article(tags=["維權"])
    run = choosing.ask("set_genre", Article.objects.all(), boss)
    choosing.set_parameters(run, {"value": "paper"})
    delete(Tag.objects.named("維權"))
    work.start(run, of="asked")
    assert Article.objects.get(pk=article.pk).genre == "paper"
    undo = choosing.ask_to_undo(run, boss)
    work.start(undo, of="asked")
    assert [item.outcome for item in undo.items.all()] == ["changed"]
